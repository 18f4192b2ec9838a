"""Where the store is, whose part of it a connection uses, and which version of it this is."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hs_jupyter.errors import InputError, StoreError
from hs_jupyter.storage.disk import age_sec, make_folder, write_file, writing
from hs_jupyter.storage.manifest import FORMAT
from hs_jupyter.storage.names import digest, slug
from hs_jupyter.storage.sealed import seal, unseal, without_secrets
from hs_jupyter.storage.space import Space

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ENV_STORE = "HS_JUPYTER_STORE"
STORE_NAME = "hs-store.json"
MIRROR_NAME = "hs-mirror.json"
_SPACE_NAME = "space.json"

UPGRADES: dict[int, Callable[[Path], None]] = {}
"""What makes a space of format n one of format n + 1. A space that none can bring up to date is set aside,
and what it held is fetched again; docs/store-format.md."""
_OUTDATED = "outdated-"
_OUTDATED_SEC = 30 * 24 * 3600.0


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
    words = [slug(urlsplit(server).netloc or server), slug(organization or "", 20)]
    space = folder / "-".join([*filter(None, words), digest(server, organization)])
    for marker in (folder / STORE_NAME, space / _SPACE_NAME):
        if (held := _format_of(marker)) is not None and held > FORMAT:
            raise StoreError(_newer("the store", folder, held))
    if read_only:
        return Space(space, read_only=True)
    held = _format_of(space / _SPACE_NAME)
    if held != FORMAT or not (folder / STORE_NAME).is_file():
        about = {"format": FORMAT, "server": server, "organization": organization}
        with writing(folder):
            make_folder(folder, private=True)
            if held is not None and held < FORMAT:
                _bring_up_to_date(space, held)
            write_file(
                folder / STORE_NAME, seal({"format": FORMAT, "what": "hs_jupyter store"}), private=True
            )
            write_file(space / _SPACE_NAME, seal(without_secrets(about)), private=True)
            _collect_outdated(folder)
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
    held = _format_of(marker)
    if held is not None and held > FORMAT:
        raise InputError(_newer("the mirror", folder, held))
    if held is not None and held < FORMAT and not create:
        raise InputError(f"the mirror in {folder} is of an older hs_jupyter: %hs mirror brings it up to date")
    if not create:
        if held is None:
            raise InputError(f"{folder} is no mirrored study: it has no {MIRROR_NAME} (%hs mirror makes one)")
        return Space(folder, private=False, read_only=True)
    with writing(folder):
        if held is None:
            _check_empty(folder)
        elif held < FORMAT:
            _bring_up_to_date(folder, held)
        if held != FORMAT:
            write_file(marker, seal({"format": FORMAT, "what": "hs_jupyter mirror"}), private=False)
    return Space(folder, private=False)


def _format_of(marker: Path) -> int | None:
    """Return which version of the store a folder is of; None where nothing says so."""
    try:
        held = unseal(marker.read_bytes()).get("format")
    except (OSError, ValueError):
        return None
    return held if isinstance(held, int) else None


def _bring_up_to_date(space: Path, held: int) -> None:
    """Upgrade a space step by step; where a step is missing, set aside what was kept."""
    if all(step in UPGRADES for step in range(held, FORMAT)):
        for step in range(held, FORMAT):
            UPGRADES[step](space)
        return
    aside = space / f"{_OUTDATED}{held}"
    make_folder(aside, private=True)
    for name in ("data", "lists", "records", "partial"):
        with suppress(FileNotFoundError):
            (space / name).rename(aside / name)


def _collect_outdated(folder: Path) -> None:
    for aside in folder.glob(f"*/{_OUTDATED}*"):
        if age_sec(aside) > _OUTDATED_SEC:
            shutil.rmtree(aside, ignore_errors=True)


def _check_empty(folder: Path) -> None:
    if folder.is_dir() and any(not one.name.startswith((".", "_")) for one in folder.iterdir()):
        raise InputError(f"{folder} holds other files: name a new or an empty folder for the mirror")


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
