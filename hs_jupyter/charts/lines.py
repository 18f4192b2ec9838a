"""Series as lines: faint everywhere, strong where marked, gaps as gaps, values under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np

from hs_jupyter.charts import style
from hs_jupyter.charts.columns import plain
from hs_jupyter.charts.linking import nearest
from hs_jupyter.charts.params import BRUSH, CHOSEN, MARKED
from hs_jupyter.timeline import gap_threshold_sec, segments, thin

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hs_jupyter.charts.axis import Axis
    from hs_jupyter.charts.columns import Series
    from hs_jupyter.charts.row import Layers

POINTS_PER_PIXEL = 2
"""Samples that one series may keep for each pixel of width: more could not be seen."""

LINE_BUDGET = 20_000
"""Samples of all lines of one chart together, so that a saved notebook stays small."""


def line_records(series: Sequence[Series], axis: Axis, target: int) -> list[dict[str, Any]]:
    """Return a dataset of lines: one record per uninterrupted stretch, its samples in two lists.

    Lists keep a saved notebook small; Vega flattens them. A series keeps at most ``target`` samples, and
    its gaps are found before it is thinned. Fields: ``participant``, ``slot`` (place of the participant in
    the list of values), ``segment`` (number of the stretch), ``onset_sec`` and ``value`` (lists).
    """
    found: list[dict[str, Any]] = []
    for one in series:
        keep = thin(one.onset_sec, one.value, target)
        stretch = segments(one.onset_sec)[keep]
        for part in np.split(keep, np.flatnonzero(np.diff(stretch)) + 1):
            found.append(
                {
                    "participant": one.participant,
                    "slot": axis.participants.index(one.participant),
                    "segment": len(found),
                    "onset_sec": plain(one.onset_sec[part]),
                    "value": plain(one.value[part]),
                }
            )
    return found


def line_layers(axis: Axis, y: alt.Y, height: int, number: str, within_sec: float) -> Layers:
    """Draw a dataset of lines.

    Parameters
    ----------
    axis, y
        The encodings.
    height
        Height of the row in pixels: values are written beside it where they all fit.
    number
        Format of a value under the cursor.
    within_sec
        How far from the cursor a sample may be and still be shown.
    """
    crowd = axis.many
    below = [
        _line(axis, y, opacity=style.FAINT, strokeWidth=1),
        _line(
            axis, y, opacity=0.55 if crowd else style.STRONG, strokeWidth=1 if crowd else 1.6
        ).transform_filter(MARKED),
    ]
    if crowd:
        chosen = _line(axis, y, opacity=style.STRONG, strokeWidth=1.8)
        below.append(
            chosen.encode(color=alt.value(style.ACCENT)).transform_filter(BRUSH).transform_filter(CHOSEN)
        )
    dots = nearest(alt.Chart(), within_sec).mark_point(filled=True, size=34, opacity=1, aria=False)
    above = [dots.encode(x=axis.x(), y=y, color=axis.color())]
    if len(axis.participants) * style.READOUT_LINE <= height + style.READOUT_LINE:
        values = nearest(alt.Chart(), within_sec).mark_text(
            align="left",
            baseline="middle",
            fontSize=style.SMALL,
            aria=False,
            x=axis.width + 8,
            y=alt.ExprRef(f"datum.slot * {style.READOUT_LINE} + 4"),
        )
        above.append(values.encode(text=alt.Text("value:Q", format=number), color=axis.color()))
    return below, above


def samples_in(rows: Sequence[Mapping[str, Any]]) -> int:
    """Count the samples of a dataset of lines."""
    return sum(len(one["value"]) for one in rows)


def reach_sec(series: Sequence[Series]) -> float:
    """Return how far from the cursor a sample still counts: the longest step that is no gap."""
    return max(gap_threshold_sec(one.onset_sec) for one in series)


def _line(axis: Axis, y: alt.Y, **look: float) -> alt.Chart:
    drawn: alt.Chart = (
        alt.Chart()
        .mark_line(interpolate="linear", strokeCap="round", strokeJoin="round", **look)  # type: ignore[arg-type]
        .encode(x=axis.x(), y=y, color=axis.color(), detail=["participant:N", "segment:N"])
    )
    return drawn
