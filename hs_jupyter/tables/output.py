"""A table leaves for the notebook: pandas, polars, Arrow or records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

import orjson
import pyarrow as pa

from hs_jupyter.errors import InputError, did_you_mean
from hs_jupyter.tables.build import NULLS
from hs_jupyter.tables.facts import KEY, facts_of
from hs_jupyter.tables.values import is_json

if TYPE_CHECKING:
    import pandas as pd

OutputForm = Literal["pandas", "polars", "arrow", "records"]
OUTPUT_FORMS: tuple[str, ...] = get_args(OutputForm)
_DECODED_AT_ONCE = 10_000


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
    visible = table.drop_columns([NULLS]) if NULLS in table.column_names else table
    if form == "arrow":
        return visible
    if form == "polars":
        import polars as pl

        return pl.from_arrow(visible)
    return to_pandas(visible)


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """Return a DataFrame; JSON text becomes dicts and lists, instants are UTC-aware."""
    frame: pd.DataFrame = table.replace_schema_metadata(None).to_pandas()
    for field in table.schema:
        if is_json(field):
            frame[field.name] = _as_objects(_decoded(table[field.name]), frame)
        elif pa.types.is_null(field.type):
            frame[field.name] = frame[field.name].astype(object)
    if table.schema.metadata and KEY in table.schema.metadata:
        frame.attrs["hs"] = facts_of(table).plain()
    return frame


def to_records(table: pa.Table) -> list[dict[str, Any]]:
    """Return one dict per row: values typed as in the table, absent keys absent, nulls None."""
    columns = {
        field.name: _decoded(table[field.name]) if is_json(field) else table[field.name].to_pylist()
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


def _decoded(column: pa.ChunkedArray) -> list[Any]:
    values: list[Any] = []
    for start in range(0, len(column), _DECODED_AT_ONCE):  # all texts at once would be held beside all values
        texts = column.slice(start, _DECODED_AT_ONCE).to_pylist()
        values += [None if text is None else orjson.loads(text) for text in texts]
    return values


def _as_objects(values: list[Any], frame: pd.DataFrame) -> pd.Series[Any]:
    """Make a column of Python objects; numpy would take lists apart if it got them at once."""
    import numpy as np
    import pandas as pd

    objects = np.empty(len(values), dtype=object)
    for row, value in enumerate(values):
        objects[row] = value
    return pd.Series(objects, index=frame.index, dtype=object)
