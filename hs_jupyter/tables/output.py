"""A table leaves for the notebook: pandas, polars, Arrow or records."""

from __future__ import annotations

from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING, Any, Literal, get_args

import orjson
import pyarrow as pa

from hs_jupyter.collector import without_collector
from hs_jupyter.errors import InputError, did_you_mean
from hs_jupyter.tables.build import NULLS
from hs_jupyter.tables.facts import KEY, facts_of
from hs_jupyter.tables.memory import give_back, lean
from hs_jupyter.tables.values import is_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd

OutputForm = Literal["pandas", "polars", "arrow", "records"]
OUTPUT_FORMS: tuple[str, ...] = get_args(OutputForm)
_DECODED_AT_ONCE = 10_000
_WORTHWHILE_BYTES = 2**24


def check_output(form: str) -> None:
    """Refuse an unknown form before anything is fetched.

    Raises
    ------
    InputError
        Also when polars is asked for and not installed.
    """
    if form not in OUTPUT_FORMS:
        raise InputError(
            f"'{form}' is no form of a table: use {', '.join(OUTPUT_FORMS)}{did_you_mean(form, OUTPUT_FORMS)}"
        )
    if form == "polars":
        from importlib.util import find_spec

        if find_spec("polars") is None:
            raise InputError('polars is not installed: pip install "hs-jupyter[polars]"')


def hand_over(table: pa.Table, form: str = "pandas") -> Any:
    """Turn a table into what the user asked for.

    Parameters
    ----------
    table
        A table of this package, with its facts.
    form
        ``pandas`` (nested values are dicts and lists, facts in ``df.attrs["hs"]``), ``polars`` or
        ``arrow`` (nested values are JSON text), ``records`` (a list of dicts in which absent and
        null stay apart).
    """
    check_output(form)
    if form == "records":
        return to_records(table)
    if form == "pandas":
        given = [table]
        del table  # given away: no column need be held beside what it became
        return to_pandas(given.pop())
    visible = _visible(table)
    if form == "arrow":
        return visible
    import polars as pl

    return pl.from_arrow(visible)


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """Return a DataFrame; JSON text becomes dicts and lists, instants are UTC-aware.

    Columns are freed as they are converted, where the caller gives the table away.
    """
    import pandas as pd

    facts = facts_of(table).plain() if KEY in (table.schema.metadata or {}) else None
    large = table.nbytes > _WORTHWHILE_BYTES
    table = _visible(table)
    names, index = table.column_names, pd.RangeIndex(table.num_rows)
    empty = [name for name in names if table[name].null_count == len(index) and _is_open(table.field(name))]
    json = {
        one.name: table[one.name].chunks for one in table.schema if is_json(one) and one.name not in empty
    }
    plain = {
        name: pa.nulls(len(index)) if name in empty else _owned(table[name])
        for name in names
        if name not in json
    }
    table = pa.table(plain)
    plain.clear()
    if large:
        give_back()
    with lean(), without_collector():
        columns = dict(table.to_pandas(split_blocks=True, self_destruct=True).items())
        del table
        if large:
            give_back()
        while json:
            name, texts = json.popitem()
            columns[name] = _as_objects(_decoded(texts), index)
    for name in empty:
        columns[name] = columns[name].astype(object)
    frame = pd.DataFrame({name: columns[name] for name in names}, index, copy=False)
    if facts is not None:
        frame.attrs["hs"] = facts
    return frame


def to_records(table: pa.Table) -> list[dict[str, Any]]:
    """Return one dict per row: values typed as in the table, absent keys absent, nulls None."""
    columns = {
        field.name: list(_decoded(table[field.name].chunks))
        if is_json(field)
        else table[field.name].to_pylist()
        for field in table.schema
        if field.name != NULLS
    }
    nulls = table[NULLS].to_pylist() if NULLS in table.column_names else [None] * table.num_rows
    records = []
    for row, marked in enumerate(nulls):
        explicit = set(marked or ())
        records.append(
            {
                name: values[row]
                for name, values in columns.items()
                if values[row] is not None or name in explicit
            }
        )
    return records


def _visible(table: pa.Table) -> pa.Table:
    return table.drop_columns([NULLS]) if NULLS in table.column_names else table


def _is_open(field: pa.Field) -> bool:
    """Whether a column may hold any object."""
    return is_json(field) or pa.types.is_null(field.type)


def _owned(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Let a column be copied as it is converted: one in a single piece would be lent, and be read-only."""
    if column.num_chunks != 1 or not pa.types.is_primitive(column.type):
        return column
    return pa.chunked_array([*column.chunks, column.chunk(0).slice(0, 0)])


def _decoded(texts: list[pa.Array]) -> Iterator[Any]:
    """Yield the values of JSON texts, each row an object of its own: a user may change it.

    The list is emptied: texts are freed as they are decoded.
    """
    texts.reverse()
    while texts:
        chunk = texts.pop()
        for start in range(
            0, len(chunk), _DECODED_AT_ONCE
        ):  # all texts at once would be held beside all values
            piece = chunk.slice(start, _DECODED_AT_ONCE)
            if piece.null_count == len(piece):
                yield from repeat(None, len(piece))
                continue
            coded = piece.dictionary_encode()
            fresh = [_copies(text) for text in coded.dictionary.to_pylist()]
            yield from (None if at is None else fresh[at]() for at in coded.indices.to_pylist())


def _copies(text: str) -> Callable[[], Any]:
    """Return what makes the value of a text, again and again: a flat one is copied, at a third of the cost."""
    value = orjson.loads(text)
    if not isinstance(value, dict | list):
        return lambda: value
    inner = value.values() if isinstance(value, dict) else value
    return partial(orjson.loads, text) if any(isinstance(one, dict | list) for one in inner) else value.copy


def _as_objects(values: Iterator[Any], index: pd.RangeIndex) -> pd.Series[Any]:
    """Make a column of Python objects; numpy would take lists apart if it got them at once."""
    import numpy as np
    import pandas as pd

    return pd.Series(np.fromiter(values, object, len(index)), index=index, dtype=object)
