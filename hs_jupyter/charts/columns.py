"""Arrow columns as arrays, whatever came: absent, all null, text where numbers should be."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hs_jupyter.drawable import drawable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa
    from numpy.typing import NDArray

DECIMALS = 4
"""Onsets to a tenth of a millisecond, ratings to a ten-thousandth of the scale."""

FAR_SEC = 1e9
"""Thirty years: no onset lies so far from its experiment's start."""

UNKNOWN = "unknown"
"""Shown where a participant, a scale or a category has no name."""

MAX_TEXT = 300
"""Characters of one text that travel into a chart; a tooltip shows no more."""

PARTICIPANT, SENDER, SCALE, ROOM = "participantId", "senderId", "componentId", "roomId"


@dataclass(frozen=True)
class Series:
    """Samples of one participant on one scale in one room, sorted by onset, all finite."""

    participant: str
    scale: str
    room: str
    onset_sec: NDArray[np.float64]
    value: NDArray[np.float64]


def floats(table: pa.Table, name: str) -> NDArray[np.float64]:
    """Read a column as float64; missing and unreadable values and infinities are NaN."""
    if name not in table.column_names:
        return np.full(table.num_rows, np.nan)
    import pyarrow as pa

    column = table.column(name)
    if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
        read: NDArray[np.float64] = column.to_numpy().astype(np.float64)
    else:
        read = np.fromiter((_number(one) for one in column.to_pylist()), np.float64, table.num_rows)
    read[~np.isfinite(read)] = np.nan
    return read


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
    read[np.abs(read) > FAR_SEC] = np.nan
    return read


def texts(table: pa.Table, name: str, missing: str = "") -> NDArray[np.object_]:
    """Read a column as text of bounded length; null and empty become ``missing``."""
    names, codes = _coded(table, name, missing)
    return np.array(names, dtype=object)[codes]


def series_of(table: pa.Table, value: str) -> list[Series]:
    """Split a table of samples into series; rows without a finite onset and value are left out."""
    onset_sec, values = onsets_of(table), floats(table, value)
    rows = np.flatnonzero(np.isfinite(onset_sec) & np.isfinite(values))
    if not len(rows):
        return []
    coded = [_coded(table, name, UNKNOWN) for name in (PARTICIPANT, SCALE, ROOM)]
    codes = [code[rows] for _, code in coded]
    order = np.lexsort((onset_sec[rows], *codes))
    changed = np.any([np.diff(code[order]) != 0 for code in codes], axis=0)
    who, scale, room = (
        [names[one] for one in code.tolist()] for (names, _), code in zip(coded, codes, strict=True)
    )
    return [
        Series(who[part[0]], scale[part[0]], room[part[0]], onset_sec[rows[part]], values[rows[part]])
        for part in np.split(order, np.flatnonzero(changed) + 1)
    ]


def records(columns: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Make the rows of a chart's dataset from equally long columns; numbers are rounded, never NaN."""
    plain = [list(_plain(column)) for column in columns.values()]
    return [dict(zip(columns, row, strict=True)) for row in zip(*plain, strict=True)]


def plain(column: NDArray[np.float64]) -> list[float]:
    """Return finite numbers rounded to what a picture and its tooltips can show."""
    return [round(one, DECIMALS) for one in column.tolist()]


def natural(text: str) -> tuple[tuple[int, int | str], ...]:
    """Order ``p_2`` before ``p_10``."""
    parts = re.split(r"(\d+)", text)
    return tuple((0, int(one)) if one.isdecimal() else (1, one) for one in parts if one)


def _coded(table: pa.Table, name: str, missing: str) -> tuple[list[str], NDArray[np.int64]]:
    """Read a column as different texts and the number of the text in every row."""
    if name not in table.column_names:
        return [missing], np.zeros(table.num_rows, np.int64)
    import pyarrow as pa

    column = table.column(name)
    if not pa.types.is_string(column.type):
        column = pa.chunked_array(
            [pa.array([None if one is None else str(one) for one in column.to_pylist()], pa.string())]
        )
    encoded = column.combine_chunks().dictionary_encode(null_encoding="encode")
    names = [shown(one) if one else missing for one in encoded.dictionary.to_pylist()]
    return names, encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)


def shown(text: str) -> str:
    """Make a text fit to be drawn: of bounded length, without characters that no drawing can hold."""
    text = drawable(text)
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"


def _number(one: object) -> float:
    try:
        return float(one)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return math.nan


def _plain(column: Any) -> Iterator[Any]:
    array = np.asarray(column)
    if array.dtype.kind == "f":
        for one in array.tolist():
            yield round(one, DECIMALS) if math.isfinite(one) else None
    else:
        yield from array.tolist()
