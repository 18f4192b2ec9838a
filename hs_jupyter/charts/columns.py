"""Arrow columns as arrays, whatever came: absent, all null, text where numbers should be."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hs_jupyter.drawable import drawable

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

FAR_SEC = 1e9
"""Thirty years: no onset lies so far from its experiment's start."""

UNKNOWN = "unknown"
"""Shown where a participant, a scale or a category has no name."""

MAX_TEXT = 300
"""Characters of one text that travel into a chart; a tooltip shows no more."""

PARTICIPANT, SENDER, SCALE, ROOM = "participantId", "senderId", "componentId", "roomId"


class Coded(NamedTuple):
    """A column of text as its different texts, in order of appearance, and the number of each row's text."""

    names: list[str]
    codes: NDArray[np.int32]

    def take(self, rows: NDArray[np.int64]) -> NDArray[np.object_]:
        """Return the texts of some rows."""
        return np.array(self.names, dtype=object)[self.codes[rows]]

    def among(self, names: frozenset[str]) -> NDArray[np.bool_]:
        """Tell for each row whether its text is one of these."""
        return np.array([one in names for one in self.names], bool)[self.codes]


def floats(table: pa.Table, name: str) -> NDArray[np.float64]:
    """Read a column as float64; missing and unreadable values and infinities are NaN."""
    if name not in table.column_names:
        return np.full(table.num_rows, np.nan)
    import pyarrow as pa

    column = table.column(name)
    if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
        read: NDArray[np.float64] = column.to_numpy().astype(np.float64, copy=False)
    else:
        read = np.fromiter((_number(one) for one in column.to_pylist()), np.float64, table.num_rows)
    return _without(read, ~np.isfinite(read))


def instants_sec(table: pa.Table, name: str) -> NDArray[np.float64]:
    """Read a column of instants as float64 seconds of the epoch; what is no instant is NaN."""
    import pyarrow as pa

    if name not in table.column_names or not pa.types.is_timestamp(table.column(name).type):
        return np.full(table.num_rows, np.nan)
    micros = table.column(name).cast(pa.timestamp("us", "UTC"), safe=False).cast(pa.int64())
    seconds: NDArray[np.float64] = micros.to_numpy().astype(np.float64) / 1e6
    return seconds


def onsets_of(table: pa.Table) -> NDArray[np.float64]:
    """Read ``onset_sec``; what lies decades from the experiment is an error of a clock, so NaN."""
    read = floats(table, "onset_sec")
    return _without(read, np.abs(read) > FAR_SEC)


def placed(table: pa.Table) -> NDArray[np.int64]:
    """Return the rows that have an onset."""
    return np.flatnonzero(np.isfinite(onsets_of(table))).astype(np.int64)


def texts(table: pa.Table, name: str, missing: str = "") -> NDArray[np.object_]:
    """Read a column as text of bounded length; null and empty become ``missing``."""
    read = coded(table, name, missing)
    return np.array(read.names, dtype=object)[read.codes]


def coded(table: pa.Table, name: str, missing: str = "") -> Coded:
    """Read a column as text of bounded length, each different text once; null and empty become ``missing``."""
    if name not in table.column_names:
        return Coded([missing], np.zeros(table.num_rows, np.int32))
    import pyarrow as pa

    column = table.column(name)
    if pa.types.is_dictionary(column.type):
        encoded = column.unify_dictionaries().combine_chunks()
    else:
        if not pa.types.is_string(column.type):
            column = pa.chunked_array(
                [pa.array([None if one is None else str(one) for one in column.to_pylist()], pa.string())]
            )
        encoded = column.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):  # what combine_chunks makes of no chunk, in older versions
        encoded = pa.concat_arrays(encoded.chunks)
    found = [missing if one in (None, "") else shown(str(one)) for one in encoded.dictionary.to_pylist()]
    codes = encoded.indices.fill_null(len(found)).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    number: dict[str, int] = {}
    places = np.array([number.setdefault(one, len(number)) for one in (*found, missing)], np.int32)
    return Coded(list(number), places[codes])


def natural(text: str) -> tuple[tuple[int, int | str], ...]:
    """Order ``p_2`` before ``p_10``."""
    parts = re.split(r"(\d+)", text)
    return tuple((0, int(one)) if one.isdecimal() else (1, one) for one in parts if one)


def shown(text: str) -> str:
    """Make a text fit to be drawn: of bounded length, without characters that no drawing can hold."""
    text = drawable(text)
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"


def _without(read: NDArray[np.float64], bad: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Make some values NaN, in a copy: what was read may be the table's own memory."""
    return np.where(bad, np.nan, read) if bad.any() else read


def _number(one: object) -> float:
    try:
        return float(one)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return math.nan
