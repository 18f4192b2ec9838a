"""Tables of samples as series: one for each participant, scale and room."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from hs_jupyter.charts.columns import PARTICIPANT, ROOM, SCALE, UNKNOWN, coded, floats, onsets_of
from hs_jupyter.timeline import gap_threshold_sec

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray


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
        return np.flatnonzero(np.diff(self.onset_sec) > self.gap_sec) + 1

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


def series_of(table: pa.Table, value: str) -> list[Series]:
    """Split a table of samples into series; rows without a finite onset and value are left out.

    Sorted by room, scale and participant, each in order of appearance.
    """
    onset_sec, values = onsets_of(table), floats(table, value)
    usable = np.isfinite(onset_sec) & np.isfinite(values)
    rooms, scales, people = (coded(table, name, UNKNOWN) for name in (ROOM, SCALE, PARTICIPANT))
    group = (rooms.codes.astype(np.int64) * len(scales.names) + scales.codes) * len(
        people.names
    ) + people.codes
    if not usable.all():
        onset_sec, values, group = onset_sec[usable], values[usable], group[usable]
    found = []
    for key, rows in sorted(_parts(group).items()):
        place, person = divmod(key, len(people.names))
        room, scale = divmod(place, len(scales.names))
        names = people.names[person], scales.names[scale], rooms.names[room]
        found.append(Series(*names, *_sorted(onset_sec[rows], values[rows])))
    return found


def _parts(group: NDArray[np.int64]) -> dict[int, slice | NDArray[np.int64]]:
    """Return the rows of each group, in their order; one group is everything, without a copy."""
    import pyarrow as pa

    encoded = pa.array(group).dictionary_encode()  # by hash: much faster than by sorting
    keys = encoded.dictionary.to_pylist()
    if len(keys) <= 1:
        return {key: slice(None) for key in keys}
    numbers = encoded.indices.to_numpy()
    if len(keys) < np.iinfo(np.int16).max:
        numbers = numbers.astype(np.int16)  # which numpy sorts in one pass over the digits
    order = np.argsort(numbers, kind="stable")
    ends = np.cumsum(np.bincount(numbers, minlength=len(keys)))
    return dict(zip(keys, np.split(order, ends[:-1]), strict=True))


def _sorted(
    onset_sec: NDArray[np.float64], value: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Put samples in order of onset; those of one onset keep their order."""
    if (onset_sec[1:] >= onset_sec[:-1]).all():
        return onset_sec, value
    order = np.argsort(onset_sec, kind="stable")
    return onset_sec[order], value[order]
