"""Arrow tables as they travel: float64, int32, bool and dictionary-encoded text, one stream per table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hs_jupyter.tables.values import is_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hs_jupyter.explorer.answers import CellKind
    from hs_jupyter.explorer.buffers import WireType

TEXT_MOST = 300
"""Characters of a cell that travel with a page; ``cell`` brings the rest."""

_EXACT_MOST = 2**53
"""JavaScript's numbers hold whole numbers up to here exactly."""

_TEXT = pa.dictionary(pa.int32(), pa.string())
_TYPES: dict[str, pa.DataType] = {
    "float64": pa.float64(),
    "int32": pa.int32(),
    "bool": pa.bool_(),
    "text": _TEXT,
}


def fixed_table(columns: Mapping[str, WireType], values: Mapping[str, Sequence[Any]]) -> pa.Table:
    """Make a table whose columns the contract names; missing columns are null.

    Examples
    --------
    >>> fixed_table({"id": "text", "rooms": "int32"}, {"id": ["e1"]}).to_pylist()
    [{'id': 'e1', 'rooms': None}]
    """
    length = max((len(one) for one in values.values()), default=0)
    arrays = []
    for name, kind in columns.items():
        held = values.get(name, [None] * length)
        plain = pa.string() if kind == "text" else _TYPES[kind]
        arrays.append(pa.array(held, plain).cast(_TYPES[kind]))
    return pa.table(arrays, names=list(columns))


def wire_table(table: pa.Table, *, text_most: int | None = TEXT_MOST) -> pa.Table:
    """Return a table in the types that travel.

    Parameters
    ----------
    table
        Any table of this package.
    text_most
        Longer texts are cut, and end in ``…``; None for whole texts.
    """
    columns = [_wire_column(table.column(index), text_most) for index in range(table.num_columns)]
    return pa.table(columns, names=table.column_names)


def cell_kind(field: pa.Field) -> CellKind:
    """Say what the cells of a column are, for the browser."""
    held = field.type
    if is_json(field) or pa.types.is_nested(held):
        return "nested"
    if pa.types.is_timestamp(held):
        return "instant"
    if pa.types.is_boolean(held):
        return "truth"
    if pa.types.is_integer(held):
        return "whole"
    return "number" if pa.types.is_floating(held) or pa.types.is_decimal(held) else "text"


def stream(table: pa.Table) -> bytes:
    """Write one table as an Arrow IPC stream of one batch.

    Raises
    ------
    TypeError
        For a column of a type that does not travel: what JavaScript would read wrongly is never sent.
    """
    for field in table.schema:
        if field.type not in _TYPES.values():
            raise TypeError(f"{field.name} is {field.type}, which does not travel")
    plain = table.replace_schema_metadata(None).unify_dictionaries().combine_chunks()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, plain.schema) as writer:
        writer.write_table(plain)
    return bytes(sink.getvalue())


def _wire_column(column: pa.ChunkedArray, text_most: int | None) -> pa.ChunkedArray:
    held = column.type
    if held in (pa.float64(), pa.int32(), pa.bool_()):
        return column
    if pa.types.is_timestamp(held):
        return _epoch_ms(column)
    if pa.types.is_floating(held) or pa.types.is_decimal(held) or pa.types.is_null(held):
        return column.cast(_TEXT if pa.types.is_null(held) else pa.float64())
    if pa.types.is_integer(held) and _is_exact(column):
        return column.cast(pa.float64())
    return _text(column, text_most)


def _text(column: pa.ChunkedArray, text_most: int | None) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_nested(column.type) or pa.types.is_binary(column.type):
        column = pa.chunked_array(
            [[None if one is None else str(one) for one in column.to_pylist()]], pa.string()
        )
    texts = column.cast(pa.string())
    if text_most is not None and (pc.max(pc.utf8_length(texts)).as_py() or 0) > text_most:
        cut = pc.binary_join_element_wise(pc.utf8_slice_codeunits(texts, 0, text_most), "…", "")
        texts = pc.if_else(pc.greater(pc.utf8_length(texts), text_most), cut, texts)
    return texts.dictionary_encode().cast(_TEXT)


def _epoch_ms(column: pa.ChunkedArray) -> pa.ChunkedArray:
    micros = column.cast(pa.timestamp("us", column.type.tz)).cast(pa.int64())
    return pc.divide(micros.cast(pa.float64(), safe=False), 1000.0)


def _is_exact(column: pa.ChunkedArray) -> bool:
    ends = pc.min_max(column).as_py()
    return all(one is None or abs(one) <= _EXACT_MOST for one in ends.values())


def row_numbers(rows: np.ndarray[Any, np.dtype[np.int64]]) -> pa.Array:
    """Return record numbers as they travel."""
    return pa.array(rows.astype(np.int32))
