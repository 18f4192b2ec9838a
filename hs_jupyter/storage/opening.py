"""Where the store is, whose part of it a connection uses, and which version of it this is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hs_jupyter.errors import InputError, StoreError
from hs_jupyter.storage.disk import make_folder, write_file, writing
from hs_jupyter.storage.manifest import FORMAT
from hs_jupyter.storage.names import digest, slug
from hs_jupyter.storage.sealed import seal, unseal, without_secrets
from hs_jupyter.storage.space import Space

if TYPE_CHECKING:
    from collections.abc import Mapping

ENV_STORE = "HS_JUPYTER_STORE"
STORE_NAME = "hs-store.json"
MIRROR_NAME = "hs-mirror.json"
_SPACE_NAME = "space.json"
_OUTDATED = "outdated-"


def store_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Return the folder of the store: ``HS_JUPYTER_STORE``, else in the user's cache folder.

    Examples
    --------
    >>> store_folder({"HS_JUPYTER_STORE": "kept"}).name
    'kept'
    """
    text = (os.environ if environ is None else environ).get(ENV_STORE, "").strip()
    if text:
        return Path(text).expanduser().absolute()
    import platformdirs

    return Path(platformdirs.user_cache_dir("hs-jupyter", appauthor=False)) / "store"


def open_space(folder: Path, *, server: str, organization: str | None, read_only: bool = False) -> Space:
    """Open the part of the store that is one server's and organization's.

    Parameters
    ----------
    folder
        The store's; made if it is not there.
    server
        The base URL, or what says which demo study it is. Never a key: what looks like one is masked.
    organization
        The organization of the connection, or None.

    Raises
    ------
    StoreError
        If a newer version of this package made it (nothing is touched), or it cannot be written.
    """
    server = _without_login(server)
    names = [slug(urlsplit(server).netloc or server), slug(organization or "", 20)]
    space = folder / "-".join(filter(None, [*names, digest(server, organization)]))
    for marker in (folder / STORE_NAME, space / _SPACE_NAME):
        if (held := _format(marker)) is not None and held > FORMAT:
            raise StoreError(_newer("the store", folder, held))
    if read_only:
        return Space(space, read_only=True)
    if not space.is_dir() or not (folder / STORE_NAME).is_file():
        about = {"format": FORMAT, "server": server, "organization": organization}
        with writing(folder):
            make_folder(space, private=True)
            write_file(
                folder / STORE_NAME, seal({"format": FORMAT, "what": "hs_jupyter store"}), private=True
            )
            write_file(space / _SPACE_NAME, seal(without_secrets(about)), private=True)
    return Space(space)


def open_mirror(folder: Path, *, create: bool = False) -> Space:
    """Open a mirrored study.

    Parameters
    ----------
    create
        Make one if it is not there, to be written; else it is for reading only.

    Raises
    ------
    InputError
        If it is no mirror, or of another version of this package.
    StoreError
        If it cannot be written.
    """
    marker = folder / MIRROR_NAME
    held = _format(marker)
    if held is not None and held > FORMAT:
        raise InputError(_newer("the mirror", folder, held))
    if not create:
        if held is None:
            raise InputError(
                f"{folder} is no mirrored study: there is no {MIRROR_NAME} in it (make one: %hs mirror)"
            )
        return Space(folder, private=False, read_only=True)
    if held is None:
        if folder.is_dir() and any(not one.name.startswith(".") for one in folder.iterdir()):
            raise InputError(f"{folder} holds other files: name a new or an empty folder for the mirror")
        with writing(folder):
            make_folder(folder, private=False)
            write_file(marker, seal({"format": FORMAT, "what": "hs_jupyter mirror"}), private=False)
    return Space(folder, private=False)


def _format(marker: Path) -> int | None:
    try:
        held = unseal(marker.read_bytes()).get("format")
    except (OSError, ValueError):
        return None
    return held if isinstance(held, int) else None


def _newer(what: str, folder: Path, held: int) -> str:
    return (
        f"{what} in {folder} was made by a newer hs_jupyter (format {held}, this one knows {FORMAT}): "
        "update hs_jupyter, or use another folder"
    )


def _without_login(server: str) -> str:
    """Leave user, password and query out of an address."""
    parts = urlsplit(server)
    if not parts.netloc:
        return server
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
