"""Single moments as marks in lanes: events and chat."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from hs_jupyter.charts.columns import UNKNOWN, natural, onsets_of, records, texts
from hs_jupyter.timeline import fit_marks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from hs_jupyter.charts.axis import Axis

MARK_BUDGET = 6_000
"""Marks of one row; more are joined with their neighbours on the same lane."""

OTHERS = "others"


def placed(table: pa.Table) -> NDArray[np.int64]:
    """Return the rows that have an onset."""
    return np.flatnonzero(np.isfinite(onsets_of(table))).astype(np.int64)


def lanes_of(names: Sequence[str], most: int, first: Sequence[str] = ()) -> list[str]:
    """Name the lanes: known ones in their order, then the rest; the rarest share one when there are too many.

    Examples
    --------
    >>> lanes_of(["b", "a", "b", "c"], 2, first=["c"])
    ['b', 'others']
    """
    counts = Counter(names)
    rank = {name: number for number, name in enumerate(first)}
    crowded = len(counts) > most
    kept = {name for name, _ in counts.most_common(most - 1)} - {OTHERS} if crowded else set(counts)
    lanes = sorted(kept, key=lambda name: (rank.get(name, len(rank)), natural(name)))
    return [*lanes, OTHERS] if crowded else lanes


def lane_of(names: Sequence[str], lanes: Sequence[str]) -> NDArray[np.object_]:
    """Return the lane of each name: its own, or the one that the rarest share."""
    return np.array([name if name in lanes else OTHERS for name in names], object)


def mark_records(
    table: pa.Table, axis: Axis, *, person: str, lane: NDArray[np.object_], fields: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return a dataset of marks, those that would cover each other joined into one with a count.

    Parameters
    ----------
    table
        Rows with ``onset_sec``; those without one are left out.
    axis
        The shared axis.
    person
        The column that names the participant.
    lane
        The lane of every row of the table.
    fields
        Names of further fields of ours, and the columns they come from.
    """
    rows = placed(table)
    onset_sec = onsets_of(table)[rows]
    who, lanes = texts(table, person, UNKNOWN)[rows], lane[rows]
    apart = np.unique(who.astype(str), return_inverse=True)[1] * (len(rows) + 1)
    apart = apart + np.unique(lanes.astype(str), return_inverse=True)[1]
    kept, count = fit_marks(onset_sec, apart, axis.pixel_sec, MARK_BUDGET)
    return records(
        {
            "onset_sec": onset_sec[kept],
            "cursor_sec": onset_sec[kept],
            "participant": who[kept],
            "lane": lanes[kept],
            "count": count,
            **{name: texts(table, column)[rows][kept] for name, column in fields.items()},
        }
    )
