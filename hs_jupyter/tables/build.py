"""Pages of records become one table, page by page; no list of all records is ever held."""

from __future__ import annotations

from hashlib import blake2b
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from hs_jupyter.tables.derive import add_derived
from hs_jupyter.tables.join import join_tables
from hs_jupyter.tables.values import arrow_field, typed_column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hs_jupyter.catalog import Column, DataType
    from hs_jupyter.scope import Scope

NULLS = "__nulls__"
"""Hidden column: the keys that a record held as an explicit null, so that ``records`` can tell null
from absent."""

_ID_TYPES = (str, int)
_NULLS_FIELD = pa.field(NULLS, pa.list_(pa.string()))


class TableBuilder:
    """Collects pages of one data type and scope.

    Attributes
    ----------
    unread : dict
        Column to the number of values that could not be read, and are missing.
    duplicates_dropped : int
        Records that came more than once: by their ID, or equal in everything where they have none.
    """

    def __init__(self, data_type: DataType, scope: Scope) -> None:
        self.data_type = data_type
        self.scope = scope
        self.unread: dict[str, int] = {}
        self.duplicates_dropped = 0
        self._seen: set[Any] = set()
        self._parts: list[pa.Table] = []

    def add(self, records: Sequence[dict[str, Any]]) -> pa.Table:
        """Add a page; return the table of its records that are new."""
        part = page_table(self._unseen(records), self.data_type, self.unread)
        part = add_derived(part, self.data_type, self.scope)
        self._parts.append(part)
        return part

    def table(self) -> pa.Table:
        """Return everything so far as one table with at least the catalogue's columns."""
        return join_tables([empty_table(self.data_type, self.scope), *self._parts])

    def _unseen(self, records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        fresh = []
        for record, identity in zip(records, self._identities(records), strict=True):
            if identity is not None:
                if identity in self._seen:
                    self.duplicates_dropped += 1
                    continue
                self._seen.add(identity)
            fresh.append(record)
        return fresh

    def _identities(self, records: Sequence[dict[str, Any]]) -> list[Any]:
        """Return what makes each record one record.

        Where it lacks a part of its ID, that is all it holds; but a type that is not paged sends no
        record twice, and may well hold equal ones (writes of a variable).
        """
        columns = [_values(records, self.data_type.column[name], name) for name in self.data_type.key]
        for name, values in zip(self.data_type.key, columns, strict=True):
            if name == "roomId":
                values[:] = [value or self.scope.room_id for value in values]
        if len(columns) == 1 and {type(one) for one in columns[0]} == {str} and all(columns[0]):
            return columns[0]
        keys = zip(*columns, strict=True) if columns else repeat((), len(records))
        return [self._identity(key, record) for key, record in zip(keys, records, strict=True)]

    def _identity(self, key: tuple[Any, ...], record: dict[str, Any]) -> Any:
        if key and all(one and isinstance(one, _ID_TYPES) for one in key):
            # as small as can be: there may be millions
            return key[0] if len(key) == 1 else blake2b(orjson.dumps(key), digest_size=16).digest()
        if not self.data_type.paged:
            return None
        return blake2b(orjson.dumps(record, option=orjson.OPT_SORT_KEYS), digest_size=16).digest()


def empty_table(data_type: DataType, scope: Scope) -> pa.Table:
    """Return a table without rows that has the columns of its type."""
    schema = pa.schema([arrow_field(column.name, column.type) for column in data_type.columns])
    return add_derived(schema.empty_table(), data_type, scope)


def page_table(records: Sequence[dict[str, Any]], data_type: DataType, unread: dict[str, int]) -> pa.Table:
    """Make the table of one page: the catalogue's columns that appear, and every unknown field."""
    present = dict.fromkeys(chain.from_iterable(records))
    present.pop(NULLS, None)
    columns = {name: column for name, column in data_type.column.items() if _appears(column, present)}
    names = [*columns, *(key for key in present if key not in columns)]
    fields, arrays = [], []
    nulls: list[list[str]] = [[] for _ in records]
    for name in names:
        values = _values(records, columns.get(name), name)
        column = columns.get(name)
        field, array, bad = typed_column(name, values, column.type if column else "any")
        if bad:
            unread[name] = unread.get(name, 0) + bad
        if array.null_count and name in present:
            for row, record in enumerate(records):
                if values[row] is None and name in record:
                    nulls[row].append(name)
        fields.append(field)
        arrays.append(array)
    fields.append(_NULLS_FIELD)
    arrays.append(pa.array(nulls, _NULLS_FIELD.type))
    return pa.table(arrays, schema=pa.schema(fields))


def sort_table(table: pa.Table, data_type: DataType) -> pa.Table:
    """Put rows in the canonical order: by time, then by ID; rows without time come last.

    The same rows so come in the same order whether from one page or many, server or store.
    """
    keys = [name for name in (data_type.time, *data_type.key) if name in table.column_names]
    if not keys or table.num_rows < 2:  # noqa: PLR2004 - nothing to sort
        return table
    columns = {str(rank): table[key] for rank, key in enumerate(keys)}
    columns["row"] = pa.array(np.arange(table.num_rows))
    order = pc.sort_indices(pa.table(columns), sort_keys=[(name, "ascending") for name in columns])
    moved = pc.any(pc.not_equal(order.cast(pa.int64()), columns["row"])).as_py()
    return table.take(order) if moved else table  # a copy of everything only where it is needed


def _appears(column: Column, present: dict[str, None]) -> bool:
    return any(name in present for name in (column.name, *column.fallback))


def _values(records: Sequence[dict[str, Any]], column: Column | None, name: str) -> list[Any]:
    values = [record.get(name) for record in records]
    if column is None or not column.fallback or None not in values:
        return values
    return [_filled(record, column) for record in records]


def _filled(record: dict[str, Any], column: Column) -> Any:
    """Return a column's value, or that of the first older spelling that has one."""
    names = (column.name, *column.fallback)
    return next((value for name in names if (value := record.get(name)) is not None), None)
