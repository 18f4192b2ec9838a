"""Series as lines: faint everywhere, strong where marked, gaps as gaps, values under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from hs_jupyter.charts import style
from hs_jupyter.charts.data import Lines
from hs_jupyter.charts.linking import nearest
from hs_jupyter.charts.params import BRUSH, CHOSEN, MARKED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hs_jupyter.charts.axis import Axis
    from hs_jupyter.charts.row import Layers
    from hs_jupyter.charts.series import Series


def lines_of(series: Sequence[Series], axis: Axis, target: int) -> Lines:
    """Return what a window shows of some series, each with at most ``target`` samples.

    Gaps are found before a series is thinned. The neighbours of the window are there too, so that lines run
    to its edges.
    """
    onset_sec, value, begins, count = [], [], [], []
    for one in series:
        keep = one.thinned(axis.start_sec, axis.end_sec, target)
        stretch = np.searchsorted(one.begins, keep, side="right")
        onset_sec.append(one.onset_sec[keep])
        value.append(one.value[keep])
        begins.append(np.diff(stretch, prepend=-1) > 0)
        count.append(len(keep))
    return Lines(
        np.concatenate([np.zeros(0), *onset_sec]),
        np.concatenate([np.zeros(0), *value]),
        np.concatenate([np.zeros(0, bool), *begins]),
        participant=[one.participant for one in series],
        room=[one.room for one in series],
        slot=[axis.participants.index(one.participant) for one in series],
        count=count,
    )


def samples_in(series: Sequence[Series], axis: Axis) -> int:
    """Count the samples that lie in the window, thinned or not."""
    return sum(
        part.stop - part.start for part in (one.rows_across(axis.start_sec, axis.end_sec) for one in series)
    )


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
    opacity, width = (0.55, 1) if crowd else (style.STRONG, 1.6)
    if axis.live:
        return [_line(axis, y, opacity=opacity, strokeWidth=width)], []
    below = [
        _line(axis, y, opacity=style.FAINT, strokeWidth=1),
        _line(axis, y, opacity=opacity, strokeWidth=width).transform_filter(MARKED),
    ]
    if crowd:
        chosen = _line(axis, y, opacity=style.STRONG, strokeWidth=1.8)
        below.append(
            chosen.encode(color=alt.value(style.ACCENT)).transform_filter(BRUSH).transform_filter(CHOSEN)
        )
    dots = nearest(alt.Chart(), within_sec).mark_point(filled=True, size=34, opacity=1, aria=False)
    above = [dots.encode(x="onset_sec:Q", y=y, color=axis.color())]
    if len(axis.participants) * style.READOUT_LINE <= height + style.READOUT_LINE:
        values = nearest(alt.Chart(), within_sec).mark_text(
            align="left",
            baseline="middle",
            fontSize=style.SMALL,
            aria=False,
            y=alt.ExprRef(f"datum.slot * {style.READOUT_LINE} + 4"),
        )
        above.append(
            values.encode(x=axis.beside(), text=alt.Text("value:Q", format=number), color=axis.color())
        )
    return below, above


def reach_sec(series: Sequence[Series]) -> float:
    """Return how far from the cursor a sample still counts: the longest step that is no gap."""
    return max(one.gap_sec for one in series)


def _line(axis: Axis, y: alt.Y, **look: float) -> alt.Chart:
    drawn: alt.Chart = (
        alt.Chart()
        .mark_line(interpolate="linear", strokeCap="round", strokeJoin="round", **look)  # type: ignore[arg-type]
        .encode(
            x="onset_sec:Q",
            y=y,
            color=axis.color(),
            detail=[alt.Detail("participant:N"), alt.Detail("segment:N")],
        )
    )
    return drawn
