"""The catalogue of data types: the one source of paths, scopes, columns, units and meaning.

Client, grammar, completion, demo server, charts and the docs' tables read it; adding a data type is
adding an entry to ``sessions.py``, ``measures.py`` or ``people.py``.
"""

from __future__ import annotations

from hs_jupyter.catalog import measures, people, sessions
from hs_jupyter.catalog.model import Column, ColumnType, DataType, Parameter, View
from hs_jupyter.catalog.shared import DERIVED
from hs_jupyter.errors import InputError, did_you_mean

DATA_TYPES: dict[str, DataType] = {one.name: one for one in (*sessions.TYPES, *measures.TYPES, *people.TYPES)}
"""Every data type of the main verb, by name."""

LISTS: dict[str, DataType] = {one.name: one for one in people.LISTS}
"""The lists above rooms: experiments, deployments."""

_BY_ANY_NAME: dict[str, DataType] = {
    spelling: one
    for one in (*DATA_TYPES.values(), *LISTS.values())
    for spelling in (one.name, one.table, *one.aliases)
}


def data_type(name: str) -> DataType:
    """Look a data type up by its name, its table's name or an alias.

    Raises
    ------
    InputError
        For an unknown name; the message lists the valid ones and the nearest.

    Examples
    --------
    >>> data_type("ratings").name
    'ratings/continuous'
    """
    found = _BY_ANY_NAME.get(str(name).strip().lower())
    if found is None:
        raise InputError(
            f"unknown data type '{name}'{did_you_mean(name, _BY_ANY_NAME)} (valid: {', '.join(DATA_TYPES)})"
        )
    return found


__all__ = [
    "DATA_TYPES",
    "DERIVED",
    "LISTS",
    "Column",
    "ColumnType",
    "DataType",
    "Parameter",
    "View",
    "data_type",
]
