"""Sorted runs of rows become one table, in the order of `hs_jupyter.tables.order.sort_table`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from hs_jupyter.storage.schemas import settled
from hs_jupyter.tables.order import sort_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hs_jupyter.catalog import DataType

Whole = np.ndarray[tuple[int], np.dtype[np.int64]]
_AT_ONCE = 1 << 20
"""Rows moved at once: texts of more would not fit in one array of Arrow's."""
_PLACE = "place among all rows"


@dataclass(frozen=True)
class _Run:
    table: pa.Table
    times: Whole

    @property
    def low(self) -> int:
        return int(self.times[0])

    @property
    def high(self) -> int:
        return int(self.times[-1])


def in_order(tables: Sequence[pa.Table], data_type: DataType) -> pa.Table:
    """Join tables of one schema, each sorted, so that the whole is sorted.

    Sessions one after another are only strung together. Where they overlap, whole numbers are sorted,
    their times; only rows of different tables at one instant are compared by their keys.

    Parameters
    ----------
    tables
        At least one, each with rows; texts may be numbered. Of several, each has the time; those that
        overlap, or lack times, have the columns that settle ties: the type's key and the room.

    Returns
    -------
    pyarrow.Table
        Rows by time, then by key; rows without time come last. Texts that were numbered may still be.
    """
    if len(tables) == 1:
        return tables[0]
    if not data_type.time:
        return sort_table(settled(pa.concat_tables(tables)), data_type)
    timed, untimed = [], []
    for table in tables:
        column = table[data_type.time]
        count = table.num_rows - column.null_count  # those without come last
        if count:
            timed.append(_Run(table.slice(0, count), _whole(column.slice(0, count))))
        if column.null_count:
            untimed.append(table.slice(count))
    pieces = [_merged(group, data_type) for group in _overlapping(timed)]
    if untimed:
        last = sort_table(settled(pa.concat_tables(untimed)), data_type)
        pieces = [*map(settled, pieces), last]
    return pa.concat_tables(pieces)


def _overlapping(runs: Sequence[_Run]) -> Iterator[list[_Run]]:
    """Group runs that touch in time, the earliest group first; in a group they keep their order."""
    group: list[int] = []
    reached = 0
    for number in sorted(range(len(runs)), key=lambda one: runs[one].low):
        if group and runs[number].low > reached:
            yield [runs[one] for one in sorted(group)]
            group = []
        reached = max(reached, runs[number].high) if group else runs[number].high
        group.append(number)
    if group:
        yield [runs[one] for one in sorted(group)]


def _merged(runs: Sequence[_Run], data_type: DataType) -> pa.Table:
    if len(runs) == 1:
        return runs[0].table
    table = pa.concat_tables([run.table for run in runs]).unify_dictionaries()
    times = np.concatenate([run.times for run in runs])
    of_run = np.repeat(np.arange(len(runs)), [len(run.times) for run in runs])
    order = np.argsort(times, kind="stable")  # quick on runs that are sorted
    _settle_ties(order, times, of_run, table, data_type)
    return pa.concat_tables(
        [table.take(pa.array(order[at : at + _AT_ONCE])) for at in range(0, len(order), _AT_ONCE)]
    )


def _settle_ties(order: Whole, times: Whole, of_run: Whole, table: pa.Table, data_type: DataType) -> None:
    """Put rows of several runs at one instant in their order."""
    same = np.diff(times[order]) == 0
    across = same & (np.diff(of_run[order]) != 0)
    if not across.any():
        return
    instant = np.concatenate([[0], np.cumsum(~same)])
    places = np.flatnonzero(np.isin(instant, instant[1:][across]))
    tied = pa.array(order[places])
    decide = dict.fromkeys((data_type.time, *data_type.key, "roomId"))
    rows = settled(table.select([name for name in decide if name in table.column_names]).take(tied))
    rows = sort_table(rows.append_column(_PLACE, tied), data_type)
    order[places] = rows[_PLACE].to_numpy()


def _whole(column: pa.ChunkedArray) -> Whole:
    numbers: Whole = column.cast(pa.int64()).to_numpy()
    return numbers
