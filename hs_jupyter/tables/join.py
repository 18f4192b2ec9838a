"""Join the tables of pages, where they disagree about columns or types: nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from hs_jupyter.tables.values import arrow_field, is_json, json_text

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBERS = (pa.int64(), pa.float64())


def join_tables(tables: Sequence[pa.Table]) -> pa.Table:
    """Concatenate tables, in order.

    Columns keep the order in which they first appear; a column that a table lacks is missing there.
    Where types disagree: null gives way, int becomes float, anything else becomes JSON text.
    """
    fields: dict[str, pa.Field] = {}
    for table in tables:
        for field in table.schema:
            known = fields.get(field.name)
            fields[field.name] = field if known is None else _common(known, field)
    schema = pa.schema(list(fields.values()))
    return pa.concat_tables([_fit(table, schema) for table in tables])


def _common(one: pa.Field, other: pa.Field) -> pa.Field:
    if one.type == other.type and is_json(one) == is_json(other):
        return one
    if pa.types.is_null(one.type):
        return other
    if pa.types.is_null(other.type):
        return one
    if one.type in _NUMBERS and other.type in _NUMBERS:
        return pa.field(one.name, pa.float64())
    return arrow_field(one.name, "json")


def _fit(table: pa.Table, schema: pa.Schema) -> pa.Table:
    columns = []
    for field in schema:
        index = table.schema.get_field_index(field.name)
        if index < 0:
            columns.append(pa.chunked_array([pa.nulls(table.num_rows, field.type)]))
        else:
            columns.append(_as_field(table.column(index), table.schema.field(index), field))
    return pa.table(columns, schema=schema)


def _as_field(column: pa.ChunkedArray, held: pa.Field, wanted: pa.Field) -> pa.ChunkedArray:
    if is_json(wanted) and not is_json(held) and not pa.types.is_null(held.type):
        return pa.chunked_array([pa.array(map(json_text, column.to_pylist()), pa.string())])
    return column.cast(wanted.type, safe=False)  # a whole number beyond 2**53 among floats is one too
