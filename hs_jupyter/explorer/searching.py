"""The records in which a text stands, in any cell, piece by piece."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from hs_jupyter.explorer.sources import Source

    Rows = NDArray[np.int64]
    Check = Callable[[], None]

_NUMBER = re.compile(r"[+-]?\d{0,15}(?:\.(\d{0,9}))?")
_WHOLE = re.compile(r"[+-]?\d{1,18}")
_INSTANT = re.compile(r"(?=.*[-:T])\d[-\d:TZ. ]{2,}")


def go_on() -> None:
    """Never give up."""


def text_rows(source: Source, text: str, check: Check = go_on) -> Rows:
    """Return the numbers of the records in which a cell holds a text, in any case.

    A number is also found by its first digits, an instant by a part of its ISO 8601 form.
    """
    names = [field.name for field in source.schema if _may_hold(field.type, text)]

    def find(piece: pa.Table) -> tuple[int, Rows]:
        found = np.zeros(piece.num_rows, np.bool_)
        for column in piece.columns:
            check()
            found |= pc.fill_null(_holds(column, text), fill_value=False).to_numpy()
        return piece.num_rows, np.flatnonzero(found)

    if not names:
        return np.arange(0)
    pieces = list(source.each(names, find))
    begins = np.cumsum([0, *(rows for rows, _ in pieces)])
    return np.concatenate([begin + found for begin, (_, found) in zip(begins, pieces, strict=False)])


def _may_hold(held: pa.DataType, text: str) -> bool:
    """Whether a text may stand in cells of a type."""
    if pa.types.is_boolean(held):
        return text.lower() in {"true", "false"}
    if pa.types.is_timestamp(held):
        return _INSTANT.fullmatch(text) is not None
    if pa.types.is_integer(held):
        return _WHOLE.fullmatch(text) is not None
    if pa.types.is_floating(held):
        return _number_span(text) is not None
    return bool(pa.types.is_dictionary(held) or pa.types.is_string(held))


def _holds(column: pa.ChunkedArray, text: str) -> pa.ChunkedArray:
    """Say for each cell whether a text stands in it, of a type in which it may."""
    held = column.type
    has_case = text.lower() != text.upper()  # much slower where it matters
    if pa.types.is_dictionary(held):
        found = [pc.match_substring(one.dictionary, text, ignore_case=has_case) for one in column.chunks]
        masks = [one.take(chunk.indices) for one, chunk in zip(found, column.chunks, strict=True)]
        return pa.chunked_array(masks, pa.bool_())
    if pa.types.is_boolean(held):
        return pc.equal(column, text.lower() == "true")
    if pa.types.is_timestamp(held):
        iso = pc.strftime(column, format="%Y-%m-%dT%H:%M:%S")
        return pc.match_substring(iso, text.removesuffix("Z").partition(".")[0].replace(" ", "T"))
    if pa.types.is_integer(held):
        return pc.equal(column, pa.scalar(int(text), pa.int64()))
    if pa.types.is_floating(held) and (span := _number_span(text)):
        column = column.cast(pa.float64())
        return pc.and_(pc.greater_equal(column, span[0]), pc.less(column, span[1]))
    return pc.match_substring(column, text, ignore_case=has_case)


def _number_span(text: str) -> tuple[float, float] | None:
    """Return the numbers that begin with these digits, from and below; None for what is no number.

    Examples
    --------
    >>> _number_span("61.2"), _number_span("61")
    ((61.2, 61.3), (61.0, 62.0))
    """
    found = _NUMBER.fullmatch(text)
    if found is None or not re.search(r"\d", text):
        return None
    decimals = len(found[1] or "")
    number, step = float(text), 10.0**-decimals
    if text.startswith("-"):
        below = round(number - step, decimals)
        return math.nextafter(below, math.inf), math.nextafter(number, math.inf)
    return number, round(number + step, decimals)
