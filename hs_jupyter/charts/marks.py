"""Single moments as marks in lanes: events and chat."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from hs_jupyter.charts.columns import MAX_TEXT, UNKNOWN, Coded, coded, natural, onsets_of, placed, texts
from hs_jupyter.charts.data import Points
from hs_jupyter.timeline import fit_marks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from hs_jupyter.charts.axis import Axis

OTHERS = "others"

LEAST_TEXT = 16
"""Characters that a text keeps whatever the budget."""


@dataclass(frozen=True)
class Marks:
    """The rows of a table that have an onset, sorted by it.

    Attributes
    ----------
    table
        Where they come from.
    row, onset_sec
        The row of each mark, and its onset in seconds.
    participant, lane
        Whose it is and where it stands.
    """

    table: pa.Table
    row: NDArray[np.int64]
    onset_sec: NDArray[np.float64]
    participant: Coded
    lane: Coded

    @cached_property
    def people(self) -> set[str]:
        """Everyone who has a mark."""
        return {self.participant.names[one] for one in np.unique(self.participant.codes)}

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many marks each name of a lane has, in order of appearance."""
        codes = self.lane.codes[np.argsort(self.row)]
        count = np.bincount(codes, minlength=len(self.lane.names))
        seen, first = np.unique(codes, return_index=True)
        return {self.lane.names[one]: int(count[one]) for one in seen[np.argsort(first)]}

    def lanes(self, most: int, first: Sequence[str] = ()) -> list[str]:
        """Name the lanes that are needed, from top to bottom."""
        return lanes_of(self.counts, most, first)

    def where(self, kept: NDArray[np.bool_] | slice) -> Marks:
        """Keep some marks."""
        return replace(
            self,
            row=self.row[kept],
            onset_sec=self.onset_sec[kept],
            participant=Coded(self.participant.names, self.participant.codes[kept]),
            lane=Coded(self.lane.names, self.lane.codes[kept]),
        )


def marks_of(table: pa.Table | None, person: str, lane: str) -> Marks | None:
    """Read the marks of a table, None when no row of it has an onset.

    Parameters
    ----------
    table
        Rows with ``onset_sec``.
    person, lane
        The columns that name the participant and the lane.
    """
    if table is None or not len(row := placed(table)):
        return None
    onset_sec = onsets_of(table)[row]
    who, where = coded(table, person, UNKNOWN), coded(table, lane, UNKNOWN)
    order = np.argsort(onset_sec, kind="stable")
    row = row[order]
    return Marks(
        table, row, onset_sec[order], Coded(who.names, who.codes[row]), Coded(where.names, where.codes[row])
    )


def lanes_of(counts: Mapping[str, int], most: int, first: Sequence[str] = ()) -> list[str]:
    """Name the lanes: known ones in their order, then the rest; the rarest share one when there are too many.

    Examples
    --------
    >>> lanes_of({"b": 2, "a": 1, "c": 1}, 2, first=["c"])
    ['b', 'others']
    """
    rank = {name: number for number, name in enumerate(first)}
    crowded = len(counts) > most
    by_count = sorted(counts, key=counts.__getitem__, reverse=True)
    kept = set(by_count[: most - 1]) - {OTHERS} if crowded else set(counts)
    lanes = sorted(kept, key=lambda name: (rank.get(name, len(rank)), natural(name)))
    return [*lanes, OTHERS] if crowded else lanes


def in_lanes(lane: Coded, lanes: Sequence[str]) -> Coded:
    """Put every name in its lane: its own, or the one that the rarest share."""
    number = {name: place for place, name in enumerate(lanes)}
    place = np.array([number.get(name, number.get(OTHERS, 0)) for name in lane.names], np.int32)
    return Coded(list(lanes), place[lane.codes])


def drawn_marks(
    marks: Marks, lanes: Sequence[str], axis: Axis, fields: Mapping[str, str]
) -> tuple[Points, int]:
    """Return the marks that a window shows, those that would cover each other joined into one with a count.

    Parameters
    ----------
    marks, lanes
        What to draw, and where.
    axis
        The shared axis.
    fields
        Names of further fields of ours, and the columns they come from.

    Returns
    -------
    Points
        ``onset_sec``, ``participant``, ``lane``, ``count`` and the further fields.
    int
        How many marks they stand for.
    """
    first, last = np.searchsorted(marks.onset_sec, [axis.start_sec, np.nextafter(axis.end_sec, np.inf)])
    marks = marks.where(slice(int(first), int(last)))
    lane = in_lanes(marks.lane, lanes)
    apart = marks.participant.codes.astype(np.int64) * len(lanes) + lane.codes
    most = axis.budget.marks if len(marks.row) <= axis.budget.marks else axis.budget.thinned
    kept, count = fit_marks(marks.onset_sec, apart, axis.pixel_sec, most)
    order = np.argsort(marks.row[kept])
    kept, count = kept[order], count[order]
    few = marks.table.take(marks.row[kept])
    length = max(LEAST_TEXT, min(MAX_TEXT, axis.budget.text // max(1, len(kept))))
    return (
        Points(
            {
                "onset_sec": marks.onset_sec[kept],
                "participant": marks.participant.take(kept),
                "lane": lane.take(kept),
                "count": count,
                **{name: _cut(texts(few, column), length) for name, column in fields.items()},
            }
        ),
        len(marks.row),
    )


def _cut(read: NDArray[np.object_], length: int) -> NDArray[np.object_]:
    return np.array([one if len(one) <= length else f"{one[: length - 1]}…" for one in read], object)
