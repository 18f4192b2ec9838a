"""One part: a sorted table becomes a Parquet file, and comes back as far as it is wanted."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hs_jupyter.storage.blocks import CheckedFile, FlippedError, block_sums
from hs_jupyter.storage.disk import write_file
from hs_jupyter.storage.manifest import Part, Reach
from hs_jupyter.tables.values import is_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from numpy.typing import NDArray

    from hs_jupyter.catalog import DataType

MOST_ROWS = 1 << 19
"""Rows of one part: so many are sorted and written in memory at once."""
ROW_GROUP_ROWS = 1 << 16
SMALL_BYTES = 1 << 22
"""A part up to this size is read at once, and by one thread: more would wait for each other."""
_SAMPLED_ROWS = 4096
ONSET = "onset_sec"
PARTICIPANT = "participantId"


@dataclass(frozen=True)
class Wanted:
    """Which rows: closed windows (s; UTC instants), single instants, and a participant; None for all.

    Rows that lack the time of a window are kept: whoever knows when their room began can place them.

    Attributes
    ----------
    moments
        Microseconds since 1970, rising: only rows at one of these instants.
    """

    onset: tuple[float, float] | None = None
    instants: tuple[datetime, datetime] | None = None
    participant: str | None = None
    moments: NDArray[np.int64] | None = field(default=None, compare=False)

    def bounds(self, data_type: DataType) -> Iterator[tuple[str, pa.Scalar, pa.Scalar]]:
        """Yield the windows: the column, and its lowest and highest value.

        Spans are not looked at: one that began before a window may reach into it.
        """
        if data_type.end:
            return
        if self.onset is not None:
            yield ONSET, *(pa.scalar(float(one)) for one in self.onset)
        if self.instants is not None and data_type.time:
            instant = pa.timestamp("us", tz="UTC")
            yield data_type.time, *(pa.scalar(one, instant) for one in self.instants)

    def columns(self, data_type: DataType) -> set[str]:
        """Name the columns that decide."""
        named = {PARTICIPANT} if self.participant is not None else set()
        if self.moments is not None:
            named.add(data_type.time)
        return named | {name for name, _, _ in self.bounds(data_type)}

    def of(self, table: pa.Table, data_type: DataType) -> pa.Table:
        """Return just these rows of a table."""
        kept = None
        for name, low, high in self.bounds(data_type):
            if name in table.column_names:
                held = table[name]
                inside = pc.and_(pc.greater_equal(held, low), pc.less_equal(held, high))
                kept = _both(kept, pc.fill_null(inside, fill_value=True))
        if self.participant is not None:
            kept = _both(kept, pc.equal(table[PARTICIPANT], self.participant))
        if self.moments is not None:
            instants = pa.array(self.moments, pa.timestamp("us", tz="UTC"))
            kept = _both(kept, pc.is_in(table[data_type.time], value_set=instants))
        return table if kept is None else table.filter(kept)

    def may_hold(self, part: Part, data_type: DataType) -> bool:
        """Whether a part can hold such rows, by what its manifest says."""
        for name, low, high in self.bounds(data_type):
            reach = part.onset if name == ONSET else part.time
            if reach.missing:
                continue
            if reach.low is None or reach.high is None:
                return False
            if reach.low > _number(high) or reach.high < _number(low):
                return False
        return self._has_moment(part.time.low, part.time.high)

    def may_hold_group(self, group: pq.RowGroupMetaData, data_type: DataType) -> bool:
        """Whether a row group of a part can hold rows at the instants, by what is written of it."""
        if self.moments is None:
            return True
        for column in map(group.column, range(group.num_columns)):
            seen = column.statistics if column.path_in_schema == data_type.time else None
            if seen is not None and seen.has_min_max:
                return self._has_moment(seen.min_raw, seen.max_raw)
        return True

    def _has_moment(self, low: float | None, high: float | None) -> bool:
        if self.moments is None:
            return True
        if low is None or high is None:
            return False
        first, end = np.searchsorted(self.moments, low), np.searchsorted(self.moments, high, side="right")
        return bool(first < end)


def write_part(folder: Path, table: pa.Table, data_type: DataType, *, private: bool) -> Part:
    """Write a sorted table as one part.

    Parameters
    ----------
    table
        Rows sorted by time; columns as `hs_jupyter.storage.schemas.settled` leaves them.

    Raises
    ------
    OSError
        If it cannot be written; nothing is left of it.
    """
    sink = pa.BufferOutputStream()
    repeated = [name for name in table.column_names if _repeats(table[name])]
    pq.write_table(
        table,
        sink,
        compression="zstd",
        row_group_size=ROW_GROUP_ROWS,
        use_dictionary=repeated,
        write_statistics=[field.name for field in table.schema if not is_json(field)],
    )
    data = memoryview(sink.getvalue())
    part = Part(
        name=f"part-{token_hex(8)}.parquet",
        rows=table.num_rows,
        bytes=len(data),
        blocks=block_sums(data),
        time=_reach(table, data_type.time),
        onset=_reach(table, ONSET),
        repeated=tuple(name for name in repeated if pa.types.is_string(table.schema.field(name).type)),
    )
    write_file(folder / part.name, data, private=private)
    return part


def read_part(
    path: Path,
    part: Part,
    data_type: DataType,
    columns: Sequence[str],
    wanted: Wanted,
    *,
    coded: Sequence[str] = (),
) -> pa.Table:
    """Read the rows that are wanted, of the row groups that can hold them.

    Parameters
    ----------
    columns
        Columns of the part; those that decide which rows are wanted are among them.
    coded
        Texts to leave numbered: quicker to read, to choose from and to move.

    Raises
    ------
    FlippedError
        If what is read is not what was written.
    OSError
        If the file cannot be opened or read.
    """
    small = part.bytes <= SMALL_BYTES
    with CheckedFile(path, part) as file:
        try:
            source = pa.BufferReader(file.read()) if small else pa.PythonFile(file, mode="r")
            parquet = pq.ParquetFile(source, read_dictionary=list(coded))
            meta = parquet.metadata
            groups = [
                number
                for number in range(meta.num_row_groups)
                if _group_may_hold(meta.row_group(number), data_type, wanted)
                and wanted.may_hold_group(meta.row_group(number), data_type)
            ]
            table = parquet.read_row_groups(groups, columns=list(columns), use_threads=not small)
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, KeyError) as problem:
            raise FlippedError(part.name) from problem
    return wanted.of(table.select(list(columns)), data_type)


def _group_may_hold(group: pq.RowGroupMetaData, data_type: DataType, wanted: Wanted) -> bool:
    limits = {name: (low.as_py(), high.as_py()) for name, low, high in wanted.bounds(data_type)}
    keep_missing = set(limits)
    if wanted.participant is not None:
        limits[PARTICIPANT] = (wanted.participant, wanted.participant)
    if not limits:
        return True
    for number in range(group.num_columns):
        column = group.column(number)
        if column.path_in_schema in limits and column.statistics is not None:
            low, high = limits[column.path_in_schema]
            if not _may_hold(
                column.statistics, low, high, keep_missing=column.path_in_schema in keep_missing
            ):
                return False
    return True


def _may_hold(seen: pq.Statistics, low: Any, high: Any, *, keep_missing: bool) -> bool:
    if keep_missing and (not seen.has_null_count or seen.null_count):
        return True
    if not seen.has_min_max:
        return bool(seen.num_values)
    return bool(seen.min <= high and seen.max >= low)


def _number(value: pa.Scalar) -> float:
    """Return a bound in the unit of `Reach`."""
    number: float = value.value if pa.types.is_timestamp(value.type) else value.as_py()
    return number


def _reach(table: pa.Table, name: str) -> Reach:
    if not name or name not in table.column_names:
        return Reach(None, None, table.num_rows)
    column = table[name]
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    elif not pa.types.is_floating(column.type):
        return Reach(None, None, table.num_rows)
    ends = pc.min_max(column).as_py()
    if not all(one is None or isfinite(one) for one in ends.values()):
        return Reach(None, None, table.num_rows)
    return Reach(ends["min"], ends["max"], column.null_count)


def _repeats(column: pa.ChunkedArray) -> bool:
    """Whether a column's values come again and again, judged by the first of them."""
    if pa.types.is_nested(column.type) or pa.types.is_null(column.type):
        return False
    first = column.slice(0, _SAMPLED_ROWS)
    return bool(pc.count_distinct(first, mode="all").as_py() * 2 <= len(first))


def _both(one: Any, other: Any) -> Any:
    return other if one is None else pc.and_(one, other)
