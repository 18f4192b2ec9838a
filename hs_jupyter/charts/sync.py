"""Rows of synchronization: drift within its bands, quality."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from hs_jupyter.charts import style
from hs_jupyter.charts.ratings import line_records
from hs_jupyter.charts.row import Row, lines
from hs_jupyter.timeline import gap_threshold_sec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hs_jupyter.charts.columns import Series
    from hs_jupyter.charts.linking import Axis

BANDS_MS = (100, 500)
"""Within 100 ms a viewer is in step; beyond 500 ms the film is about to jump."""


def bands(scale: alt.Scale, axis: alt.Axis) -> list[alt.Chart]:
    """Return the shaded bands of drift, widest first."""
    return [
        alt.Chart(alt.InlineData(values=[{"low": -width, "high": width}]))
        .mark_rect(fill=style.INK, opacity=0.09, aria=False)
        .encode(y=alt.Y("low:Q", scale=scale, axis=axis), y2="high:Q")
        for width in reversed(BANDS_MS)
    ]


def drift_row(series: Sequence[Series], axis: Axis, target: int) -> Row:
    """Draw the drift of each viewer in ms."""
    most = max(float(np.abs(one.value).max()) for one in series)
    top = max(600.0, np.ceil(most / 100) * 100)
    scale = alt.Scale(domain=[-top, top], nice=False)
    ticks = alt.Axis(values=[-500, -100, 100, 500], format="+d", title=None)
    y = alt.Y("value:Q", scale=scale, axis=ticks)
    within = max(gap_threshold_sec(one.onset_sec) for one in series)
    below, above = lines(axis, y, within, "+.0f", style.DRIFT_HEIGHT)
    return Row(
        "sync_drift",
        "Drift from the host, ms",
        style.DRIFT_HEIGHT,
        line_records(series, axis, target),
        [*bands(scale, ticks), *below],
        above,
    )


def quality_row(series: Sequence[Series], axis: Axis, target: int) -> Row:
    """Draw the quality of synchronization, 0 bad to 1 perfect."""
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(values=[0, 1], format=".0f", title=None),
    )
    within = max(gap_threshold_sec(one.onset_sec) for one in series)
    below, above = lines(axis, y, within, ".2f", style.QUALITY_HEIGHT)
    return Row(
        "sync_quality",
        "Sync quality",
        style.QUALITY_HEIGHT,
        line_records(series, axis, target),
        below,
        above,
    )
