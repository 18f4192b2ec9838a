"""Rows of ratings: lines for sliders, points for answers given at moments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from hs_jupyter.charts import style
from hs_jupyter.charts.columns import natural, records, series_of
from hs_jupyter.charts.linking import MARKED, clock_expr
from hs_jupyter.charts.row import Row, lines
from hs_jupyter.timeline import gap_threshold_sec, segments, thin

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from hs_jupyter.charts.columns import Series
    from hs_jupyter.charts.linking import Axis


def line_records(series: Sequence[Series], axis: Axis, target: int) -> list[dict[str, object]]:
    """Return the rows of a line's dataset, each series thinned to ``target`` samples at most."""
    found: list[dict[str, object]] = []
    for number, one in enumerate(series):
        keep = thin(one.onset_sec, one.value, target)
        found += records(
            {
                "onset_sec": one.onset_sec[keep],
                "value": one.value[keep],
                "participant": np.full(len(keep), one.participant, object),
                "segment": number * 100_000 + segments(one.onset_sec)[keep],
                "slot": np.full(len(keep), axis.participants.index(one.participant)),
            }
        )
    return found


def rating_row(name: str, series: Sequence[Series], axis: Axis, target: int) -> Row:
    """Draw one scale: a line per participant, gaps as gaps."""
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(values=[0, 0.5, 1], format=".1f", title=None),
    )
    within = max(gap_threshold_sec(one.onset_sec) for one in series)
    below, above = lines(axis, y, within, ".2f", style.LINE_HEIGHT)
    return Row(
        name,
        f"{series[0].scale} · rating",
        style.LINE_HEIGHT,
        line_records(series, axis, target),
        below,
        above,
    )


def by_scale(series: Sequence[Series]) -> list[list[Series]]:
    """Group series by scale, scales in natural order."""
    scales = sorted({one.scale for one in series}, key=natural)
    return [[one for one in series if one.scale == scale] for scale in scales]


def sparse_row(series: Sequence[Series], axis: Axis) -> Row:
    """Draw answers given at moments as points."""
    rows = [
        row
        for one in series
        for row in records(
            {
                "onset_sec": one.onset_sec,
                "cursor_sec": one.onset_sec,
                "value": one.value,
                "participant": np.full(len(one.onset_sec), one.participant, object),
                "scale": np.full(len(one.onset_sec), one.scale, object),
            }
        )
    ]
    points = (
        alt.Chart()
        .transform_calculate(at=clock_expr("onset_sec", 1))
        .mark_point(filled=True, size=46, strokeWidth=0)
        .encode(
            x=axis.x(),
            y=alt.Y(
                "value:Q",
                scale=alt.Scale(domain=[0, 1], nice=False),
                axis=alt.Axis(values=[0, 0.5, 1], format=".1f", title=None),
            ),
            color=axis.color(),
            opacity=alt.condition(MARKED, alt.value(style.STRONG), alt.value(style.FAINT)),
            tooltip=[
                alt.Tooltip("at:N", title="time"),
                alt.Tooltip("participant:N"),
                alt.Tooltip("scale:N"),
                alt.Tooltip("value:Q", format=".2f", title="rating"),
            ],
        )
    )
    return Row("ratings_sparse", "Ratings at pauses", style.POINTS_HEIGHT, rows, above=[points])


def continuous(table: pa.Table) -> list[Series]:
    """Return the series of a table of continuous ratings."""
    return series_of(table, "value_norm")
