"""The canonical order: by time, then by ID. What is in order is not copied, the rest piece by piece."""

from __future__ import annotations

from collections import deque
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hs_jupyter.catalog import DataType

PIECE_ROWS = 2**16
"""Rows that are sorted at once: between two pieces an interrupt gets through."""

_SAMPLED = 2**10
_LAST = np.iinfo(np.int64).max - 1
Times = np.ndarray[tuple[int], np.dtype[np.int64]]
Run = list[pa.RecordBatch]


def sort_table(table: pa.Table, data_type: DataType) -> pa.Table:
    """Put rows in the canonical order: by time, then by ID; rows without time come last.

    Without an ID, rows of one moment come room by room, in a room as they came. The same rows so come in
    the same order whether from one page or many, server or store. Rows that are in order are not copied; of
    others no second copy of all exists at any moment, if the caller gave the table away.
    """
    ranks = dict.fromkeys((data_type.time, *data_type.key, "roomId"))
    keys = [name for name in ranks if name in table.column_names]
    if not keys or table.num_rows < 2:  # noqa: PLR2004 - nothing to sort
        return table
    schema, pieces = table.schema, [one for one in table.to_batches(PIECE_ROWS) if one.num_rows]
    del table
    for number, piece in enumerate(pieces):
        pieces[number] = _sorted(piece, keys)
    runs = _runs(pieces, keys)
    if len(runs) > 1:
        pieces.clear()
        pieces = list(_merged(runs, keys)) if keys[0] == data_type.time else [_sorted(_joined(*runs), keys)]
    return pa.Table.from_batches(pieces, schema)


def _sorted(piece: pa.RecordBatch, keys: Sequence[str]) -> pa.RecordBatch:
    columns = {str(rank): piece[key] for rank, key in enumerate(keys)}
    if _in_order(list(columns.values())):
        return piece
    columns["row"] = pa.array(np.arange(piece.num_rows))
    order = pc.sort_indices(pa.table(columns), sort_keys=[(name, "ascending") for name in columns])
    return pc.take(piece, order)


def _in_order(columns: Sequence[pa.Array]) -> bool:
    """Tell at little cost whether no row is greater than the next; rows that lack something are not told."""
    if any(column.null_count for column in columns):
        return False
    pairs = [(column.slice(0, len(column) - 1), column.slice(1)) for column in columns]
    while pairs:
        (one, other), *pairs = pairs
        if pc.any(pc.greater(one, other)).as_py():
            return False
        equal = pc.equal(one, other)
        if not pc.any(equal).as_py():
            break
        pairs = [(left.filter(equal), right.filter(equal)) for left, right in pairs]
    return True


def _runs(pieces: Sequence[pa.RecordBatch], keys: Sequence[str]) -> list[Run]:
    """Join pieces as long as each begins where the one before it ends, or later."""
    runs = [[pieces[0]]]
    for before, piece in pairwise(pieces):
        if _key(before, -1, keys) <= _key(piece, 0, keys):
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return runs


def _key(piece: pa.RecordBatch, row: int, keys: Sequence[str]) -> tuple[tuple[bool, Any], ...]:
    values = [piece[name][row].as_py() for name in keys]
    return tuple((value is None, value) for value in values)


def _merged(runs: list[Run], keys: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Merge runs a span of time after the other, and forget what was merged."""
    waiting = [deque((_times(piece, keys[0]), piece) for piece in run) for run in runs]
    runs.clear()
    for cut in _cuts([times for run in waiting for times, _ in run]):
        taken = [part for run in waiting if (part := list(_before(cut, run)))]
        if len(taken) == 1:
            yield from taken[0]
        elif taken:
            yield _sorted(_joined(*taken), keys)


def _before(cut: int | None, run: deque[tuple[Times, pa.RecordBatch]]) -> Iterator[pa.RecordBatch]:
    """Take the rows before an instant out of a run."""
    while run:
        times, piece = run.popleft()
        count = len(times) if cut is None else int(np.searchsorted(times, cut))
        if count:
            yield piece.slice(0, count)
        if count < len(times):
            run.appendleft((times[count:], piece.slice(count)))
            return


def _cuts(times: Sequence[Times]) -> list[int | None]:
    """Part time into spans of about as many rows, and where pieces begin to overlap, or cease to."""
    samples = np.sort(np.concatenate([one[::_SAMPLED] for one in times]))
    begins, ends = np.sort([one[0] for one in times]), np.sort([one[-1] + 1 for one in times])
    edges = np.unique([begins, ends])
    pieces = np.searchsorted(begins, edges, "right") - np.searchsorted(ends, edges, "right")
    turns = edges[np.diff(pieces > 1, prepend=False)]
    return [*np.unique([*samples[:: PIECE_ROWS // _SAMPLED], *turns]).tolist(), None]


def _times(piece: pa.RecordBatch, time: str) -> Times:
    times: Times = piece[time].cast(pa.int64()).fill_null(_LAST).to_numpy(zero_copy_only=False)
    return times


def _joined(*runs: Run) -> pa.RecordBatch:
    pieces = [piece for run in runs for piece in run]
    (joined,) = pa.Table.from_batches(pieces).combine_chunks().to_batches()
    return joined
