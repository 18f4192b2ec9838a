"""Rows of synchronization: drift within its bands, and quality."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from hs_jupyter.charts import style
from hs_jupyter.charts.lines import line_layers, lines_of, reach_sec, samples_in
from hs_jupyter.charts.row import Row, unit_y

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hs_jupyter.charts.axis import Axis
    from hs_jupyter.charts.row import Layers
    from hs_jupyter.charts.series import Series

BANDS_MS = (100, 500)
"""Within 100 ms viewers are in step; beyond 500 ms they see different films."""

FAR_MS = 1e7
"""Hours: the axis of drift ends here, whatever was measured."""

LEAST_DRIFT_MS = 600
"""The axis of drift reaches at least so far, so that both bands are always seen whole."""


def drift_rows(series: Sequence[Series], axis: Axis, target: int) -> list[Row]:
    """Draw how far each viewer is from the host, in ms; negative is behind."""
    if not series:
        return []
    most = min(max(one.most for one in series), FAR_MS)
    top = max(float(LEAST_DRIFT_MS), float(np.ceil(most / 100) * 100))
    lines, reach = lines_of(series, axis, target), reach_sec(series)

    def layers(on: Axis) -> Layers:
        y, bands = drift_y(top)
        below, above = line_layers(on, y, style.DRIFT_HEIGHT, "+.0f", reach)
        return [*bands, *below], above

    return [
        Row(
            name="sync_drift",
            kind="lines",
            title="Drift from the host in ms, with its bands of 100 and 500",
            height=style.DRIFT_HEIGHT,
            data=lines,
            layers=layers,
            noun="sync samples",
            drawn=len(lines),
            total=samples_in(series, axis),
            y=(-top, top),
            number="+.0f",
            reach_sec=reach,
            whole=axis.whole,
        )
    ]


def quality_rows(series: Sequence[Series], axis: Axis, target: int) -> list[Row]:
    """Draw the quality of synchronization, 0 bad to 1 perfect."""
    if not series:
        return []
    lines, reach = lines_of(series, axis, target), reach_sec(series)
    return [
        Row(
            name="sync_quality",
            kind="lines",
            title="Sync quality",
            height=style.QUALITY_HEIGHT,
            data=lines,
            layers=lambda on: line_layers(on, unit_y((0, 1)), style.QUALITY_HEIGHT, ".2f", reach),
            noun="sync samples",
            drawn=len(lines),
            total=samples_in(series, axis),
            y=(0, 1),
            number=".2f",
            reach_sec=reach,
            whole=axis.whole,
        )
    ]


def drift_y(reach: float) -> tuple[alt.Y, list[alt.Chart]]:
    """Return the axis of drift up to so many ms either way, and its shaded bands, the wider first."""
    scale = alt.Scale(domain=[-reach, reach], nice=False, clamp=True)
    marks = [one for one in BANDS_MS if one * style.DRIFT_HEIGHT / reach >= style.READOUT_LINE]
    values: list[float] = sorted([*(-one for one in marks), *marks]) or [-reach, 0, reach]
    ticks = alt.Axis(values=values, format="d", title=None)
    bands = [
        alt.Chart(alt.InlineData(values=[{"low": -width, "high": width}]))
        .mark_rect(fill=style.INK, opacity=0.09, aria=False)
        .encode(x=alt.value(0), x2=alt.value("width"), y=alt.Y("low:Q", scale=scale, axis=ticks), y2="high:Q")
        for width in reversed(BANDS_MS)
    ]
    return alt.Y("value:Q", scale=scale, axis=ticks), bands
