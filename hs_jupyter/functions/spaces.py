"""Which part of the store belongs to a connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hs_jupyter.api.origins import is_loopback
from hs_jupyter.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hs_jupyter.api.connection import Connection
    from hs_jupyter.storage import Space


def space_of(connection: Connection) -> Space | None:
    """Open what a connection keeps its records in.

    Returns
    -------
    Space or None
        None for another server of this machine than the demo study: tomorrow something else may answer
        at its port. The demo study is known by what it is.

    Raises
    ------
    StoreError
        If the folder cannot be used.
    InputError
        If the folder of a mirrored study is none.
    """
    from hs_jupyter.storage import open_mirror, open_space, store_folder

    if connection.folder is not None:
        return open_mirror(connection.folder)
    if connection.study_key:
        return open_space(store_folder(), server=f"demo {connection.study_key}", organization=None)
    if is_loopback(connection.base_url):
        return None
    return open_space(store_folder(), server=connection.base_url, organization=connection.organization)


def usable_space(connection: Connection, tell: Callable[[str], None]) -> Space | None:
    """Open it, or say why nothing is kept; a mirrored study must be there."""
    try:
        return space_of(connection)
    except StoreError as problem:
        if connection.folder is not None:
            raise
        tell(f"nothing is kept: {problem}")
        return None
