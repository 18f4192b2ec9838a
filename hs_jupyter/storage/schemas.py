"""The columns of what is stored, in the catalogue's words for types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from hs_jupyter.catalog import DERIVED
from hs_jupyter.tables.values import ARROW_TYPES, INSTANT, JSON_MARK, arrow_field, is_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hs_jupyter.catalog import DataType

Columns = tuple[tuple[str, str], ...]
"""Names and types; the types are the catalogue's, ``any`` for a column without values, and ``texts``."""

_TEXTS = pa.list_(pa.string())
_WORDS = {type_: word for word, type_ in ARROW_TYPES.items() if word != "json"} | {_TEXTS: "texts"}
_HELD_AS = {"int": {"int", "float", "any"}, "any": {*ARROW_TYPES, "texts"}}
"""Types that a column of the catalogue may be stored as, beside its own and none at all."""


def columns_of(schema: pa.Schema) -> Columns:
    """Spell a schema.

    Raises
    ------
    KeyError
        If it has other types than `settled` leaves.
    """
    return tuple((field.name, _word(field)) for field in schema)


def _word(field: pa.Field) -> str:
    if is_json(field):
        return "json"
    # Parquet calls a list's values `element`, Arrow `item`: equal types of different hash
    return "texts" if field.type == _TEXTS else _WORDS[field.type]


def schema_of(columns: Iterable[Sequence[str]]) -> pa.Schema:
    """Return the schema that was spelled so.

    Raises
    ------
    ValueError
        For an unknown word.
    """
    return pa.schema([_field(name, word) for name, word in columns])


def fits(columns: Columns, data_type: DataType) -> bool:
    """Whether columns have the types that the catalogue and this package give them."""
    known = {one.name: one.type for one in data_type.columns}
    known |= {one.name: one.type for one in DERIVED if one.name not in known}
    return all(
        word in _HELD_AS.get(known.get(name, "any"), {known.get(name), "any"}) for name, word in columns
    )


def settled(table: pa.Table) -> pa.Table:
    """Bring other forms of the same values (dictionaries, large texts) to the types that are stored."""
    fields = [_settled(field) for field in table.schema]
    schema = pa.schema(fields)
    if schema.types == table.schema.types and not any(map(pa.types.is_nested, schema.types)):
        return table.replace_schema_metadata(None)
    columns = [column.cast(field.type) for column, field in zip(table.columns, fields, strict=True)]
    return pa.table(columns, schema=schema)


def _settled(field: pa.Field) -> pa.Field:
    held = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    if held in _WORDS:
        wanted = held
    elif pa.types.is_timestamp(held):
        wanted = INSTANT
    elif pa.types.is_integer(held):
        wanted = pa.int64()
    elif pa.types.is_floating(held):
        wanted = pa.float64()
    else:
        wanted = _TEXTS if pa.types.is_nested(held) else pa.string()
    return pa.field(field.name, wanted, metadata=JSON_MARK if is_json(field) else None)


def _field(name: str, word: str) -> pa.Field:
    if word == "texts":
        return pa.field(name, _TEXTS)
    if word not in ARROW_TYPES:
        raise ValueError(f"no type: {word}")
    return arrow_field(name, word)
