"""A page of records becomes one table."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from hs_jupyter.tables.derive import add_derived
from hs_jupyter.tables.identity import Identities, identities
from hs_jupyter.tables.order import sort_table
from hs_jupyter.tables.values import arrow_field, typed_column

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hs_jupyter.catalog import Column, DataType
    from hs_jupyter.scope import Scope
    from hs_jupyter.tables.shapes import Records

__all__ = ["NULLS", "Part", "empty_table", "part_of", "sort_table"]

NULLS = "__nulls__"
"""Hidden column: the keys that a record held as an explicit null, so that ``records`` can tell null
from absent."""

_NULLS_FIELD = pa.field(NULLS, pa.list_(pa.string()))


@dataclass(frozen=True, eq=False)
class Part:
    """The table of one page.

    Attributes
    ----------
    table
        The catalogue's columns that appear, every unknown field, and what is derived from them.
    identities
        What makes each row one record.
    unread
        Column to the rows whose value could not be read, and is missing.
    """

    table: pa.Table
    identities: Identities
    unread: Mapping[str, Sequence[int]]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Part) and bool(self.table.equals(other.table))

    def __getitem__(self, rows: slice) -> Part:
        """Return some of its rows, that follow each other."""
        first, end, _ = rows.indices(self.table.num_rows)
        unread = {
            name: [at - first for at in held if first <= at < end] for name, held in self.unread.items()
        }
        return Part(self.table.slice(first, end - first), self.identities[first:end], unread)

    __hash__ = None  # type: ignore[assignment]


def part_of(records: Records, data_type: DataType, scope: Scope) -> Part:
    """Make the table of a page."""
    page = _Columns(records)
    table, unread = _page_table(records, page, data_type)
    keys = [page.values(data_type.column[name], name) for name in data_type.key]
    for number, name in enumerate(data_type.key):
        if name == "roomId":
            keys[number] = [value or scope.room_id for value in keys[number]]
    return Part(add_derived(table, data_type, scope), identities(records, keys, data_type), unread)


def empty_table(data_type: DataType, scope: Scope) -> pa.Table:
    """Return a table without rows that has the columns of its type."""
    schema = pa.schema([arrow_field(column.name, column.type) for column in data_type.columns])
    return add_derived(schema.empty_table(), data_type, scope)


def _page_table(
    records: Records, page: _Columns, data_type: DataType
) -> tuple[pa.Table, dict[str, list[int]]]:
    present = {name: None for name in page.present if name != NULLS}
    columns = {name: column for name, column in data_type.column.items() if _appears(column, present)}
    fields, arrays = [], []
    unread: dict[str, list[int]] = {}
    nulls: dict[int, list[str]] = {}
    for name in [*columns, *(key for key in present if key not in columns)]:
        column = columns.get(name)
        values = page.values(column, name)
        field, array, bad = typed_column(name, values, column.type if column else "any")
        if bad:
            held = array.is_valid().to_pylist()
            unread[name] = [row for row, one in enumerate(values) if one is not None and not held[row]]
        if array.null_count and name in present:
            for row, record in enumerate(records):
                if values[row] is None and name in record:
                    nulls.setdefault(row, []).append(name)
        fields.append(field)
        arrays.append(array)
    fields.append(_NULLS_FIELD)
    arrays.append(_lists(nulls, len(records)))
    return pa.table(arrays, schema=pa.schema(fields)), unread


def _lists(nulls: Mapping[int, list[str]], rows: int) -> pa.Array:
    if nulls:
        marked = [nulls.get(row, []) for row in range(rows)]
        return pa.array(marked, _NULLS_FIELD.type)
    return pa.ListArray.from_arrays(pa.array(np.zeros(rows + 1, np.int32)), pa.array([], pa.string()))


class _Columns:
    """The records of a page by their fields."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._alike: dict[str, Sequence[Any]] = {}
        named = list(chain.from_iterable(records))
        self.present = dict.fromkeys(named)
        """The fields that appear, in order."""
        if records and named == list(records[0]) * len(records):  # then values are taken as they stand
            values = list(chain.from_iterable(map(dict.values, records)))
            self._alike = {name: values[at :: len(records[0])] for at, name in enumerate(records[0])}

    def values(self, column: Column | None, name: str) -> Sequence[Any]:
        """Return a value for every record: of a column, or of an older spelling of it."""
        values = self._alike.get(name)
        if values is None:
            values = [record.get(name) for record in self._records]
        if column is None or not column.fallback or None not in values:
            return values
        return [_filled(record, column) for record in self._records]


def _appears(column: Column, present: Mapping[str, None]) -> bool:
    return any(name in present for name in (column.name, *column.fallback))


def _filled(record: dict[str, Any], column: Column) -> Any:
    """Return a column's value, or that of the first older spelling that has one."""
    names = (column.name, *column.fallback)
    return next((value for name in names if (value := record.get(name)) is not None), None)
