"""Tables of samples as series: one for each participant, scale and room."""

from __future__ import annotations

import os
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from hs_jupyter.charts.columns import PARTICIPANT, ROOM, SCALE, UNKNOWN, coded, floats, onsets_of
from hs_jupyter.timeline import BLOCK, after_gaps, gap_threshold_sec, outline, thin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pyarrow as pa
    from numpy.typing import NDArray

    _Names = tuple[str, str, str]
    _Samples = tuple[NDArray[np.float64], NDArray[np.float64]]

_Made = TypeVar("_Made")

CROWDED = 2 * BLOCK
"""Samples of a window for each that is kept: from so many on, their outline is thinned in their place."""

PIECE = 1 << 19
"""Rows that are split at once: their arrays are small enough to be used again and again."""


@dataclass(frozen=True)
class Series:
    """Samples of one participant on one scale in one room, sorted by onset, all finite."""

    participant: str
    scale: str
    room: str
    onset_sec: NDArray[np.float64]
    value: NDArray[np.float64]

    @cached_property
    def gap_sec(self) -> float:
        """The longest step, in seconds, that still joins two samples."""
        return gap_threshold_sec(self.onset_sec)

    @cached_property
    def begins(self) -> NDArray[np.int64]:
        """The samples that come after a gap."""
        return after_gaps(self.onset_sec, self.gap_sec)

    @cached_property
    def most(self) -> float:
        """The largest value, whatever its sign."""
        return float(max(self.value.max(), -self.value.min()))

    def rows_in(self, start_sec: float, end_sec: float) -> slice:
        """Return the samples inside a closed window."""
        first, last = np.searchsorted(self.onset_sec, [start_sec, np.nextafter(end_sec, np.inf)])
        return slice(int(first), int(last))

    def rows_across(self, start_sec: float, end_sec: float) -> slice:
        """Return the samples inside a closed window with their neighbours, to which its lines run."""
        inside = self.rows_in(start_sec, end_sec)
        return slice(max(inside.start - 1, 0), min(inside.stop + 1, len(self.onset_sec)))

    @cached_property
    def outline(self) -> NDArray[np.int64]:
        """The samples that stand for all of them where many share a pixel."""
        return outline(self.value, np.concatenate([self.begins - 1, self.begins]))

    def thinned(self, start_sec: float, end_sec: float, target: int) -> NDArray[np.int64]:
        """Return the samples to draw in a closed window, at most so many, with its neighbours."""
        part = self.rows_across(start_sec, end_sec)
        if part.stop - part.start <= CROWDED * target:
            near: NDArray[np.int64] = part.start + thin(self.onset_sec[part], self.value[part], target)
            return near
        first, last = -(-part.start // BLOCK) * BLOCK, part.stop // BLOCK * BLOCK
        inner = slice(*np.searchsorted(self.outline, [first, last]))
        edges = np.arange(part.start, first), np.arange(last, part.stop)  # of blocks that the window cuts
        rows = np.concatenate([edges[0], self.outline[inner], edges[1]])
        kept: NDArray[np.int64] = rows[thin(self.onset_sec[rows], self.value[rows], target)]
        return kept


class Pieces(Protocol):
    """A long table of samples that is never in memory as a whole.

    Attributes
    ----------
    num_rows
        How many.
    """

    num_rows: int

    def each(self, work: Callable[[pa.Table], _Made]) -> Iterable[_Made]:
        """Do something with every piece, with several at once; what came of it is in their order."""


def series_of(table: pa.Table | Pieces, value: str) -> list[Series]:
    """Split a table of samples into series; rows without a finite onset and value are left out.

    Sorted by room, scale and participant, each in order of appearance.
    """
    pieces = _Slices(table) if hasattr(table, "slice") else table
    found: dict[_Names, list[_Samples]] = defaultdict(list)
    for parts in pieces.each(lambda piece: _split(piece, value)):
        for names, samples in parts:
            found[names].append(samples)
    ranks: tuple[dict[str, int], ...] = ({}, {}, {})
    place = {
        names: [rank.setdefault(one, len(rank)) for rank, one in zip(ranks, names, strict=True)]
        for names in found
    }
    return [
        Series(person, scale, room, *_sorted(*_joined(found.pop((room, scale, person)))))
        for room, scale, person in sorted(found, key=place.__getitem__)
    ]


class _Slices:
    """The pieces of a table that is in memory."""

    def __init__(self, table: pa.Table) -> None:
        self.num_rows = table.num_rows
        self._slices = [table.slice(at, PIECE) for at in range(0, table.num_rows, PIECE)]

    def each(self, work: Callable[[pa.Table], _Made]) -> Iterable[_Made]:
        """Do it to every piece; to several at once, for numpy lets other threads work."""
        if len(self._slices) <= 1:
            return map(work, self._slices)
        with ThreadPoolExecutor(os.cpu_count(), "hs-series") as crew:
            return crew.map(work, self._slices)


def _split(table: pa.Table, value: str) -> list[tuple[_Names, _Samples]]:
    """Return the series of some rows, in order of appearance, each by its room, scale and participant."""
    onset_sec, values = onsets_of(table), floats(table, value)
    names = [coded(table, name, UNKNOWN) for name in (ROOM, SCALE, PARTICIPANT)]
    shape = [len(one.names) for one in names]
    group = np.ravel_multi_index(tuple(one.codes for one in names), shape)
    usable = np.isfinite(onset_sec) & np.isfinite(values)
    if not usable.all():
        onset_sec, values, group = onset_sec[usable], values[usable], group[usable]
    found = []
    for key, rows in _rows_of(group).items():
        room, scale, person = (
            one.names[at] for one, at in zip(names, np.unravel_index(key, shape), strict=True)
        )
        found.append(((room, scale, person), (onset_sec[rows], values[rows])))
    return found


def _rows_of(group: NDArray[np.int64]) -> dict[int, slice | NDArray[np.int64]]:
    """Return the rows of each group, in order of appearance; one group is everything, without a copy."""
    import pyarrow as pa

    encoded = pa.array(group).dictionary_encode()  # by hash: much faster than by sorting
    keys = encoded.dictionary.to_pylist()
    if len(keys) <= 1:
        return dict.fromkeys(keys, slice(None))
    numbers = encoded.indices.to_numpy()
    if len(keys) < np.iinfo(np.int16).max:
        numbers = numbers.astype(np.int16)  # which numpy sorts in one pass over the digits
    order = np.argsort(numbers, kind="stable")
    ends = np.cumsum(np.bincount(numbers, minlength=len(keys)))
    return dict(zip(keys, np.split(order, ends[:-1]), strict=True))


def _joined(samples: list[_Samples]) -> _Samples:
    if len(samples) == 1:
        return samples[0]
    onset_sec, values = zip(*samples, strict=True)
    return np.concatenate(onset_sec), np.concatenate(values)


def _sorted(
    onset_sec: NDArray[np.float64], value: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Put samples in order of onset; those of one onset keep their order."""
    if (onset_sec[1:] >= onset_sec[:-1]).all():
        return onset_sec, value
    order = np.argsort(onset_sec, kind="stable")
    return onset_sec[order], value[order]
