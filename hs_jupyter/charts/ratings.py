"""Rows of ratings: lines for sliders, points for answers given at moments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from hs_jupyter.charts import style
from hs_jupyter.charts.axis import clock_expr
from hs_jupyter.charts.columns import natural, records
from hs_jupyter.charts.lines import POINTS_PER_PIXEL, line_layers, line_records, reach_sec, samples_in
from hs_jupyter.charts.params import emphasis
from hs_jupyter.charts.row import Row, unit_y
from hs_jupyter.timeline import thin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hs_jupyter.charts.axis import Axis
    from hs_jupyter.charts.columns import Series
    from hs_jupyter.charts.row import Layers


def rating_rows(series: Sequence[Series], axis: Axis, target: int) -> list[Row]:
    """Draw continuous ratings: a row per scale, a line per participant, gaps as gaps."""
    return [_scale_row(number, one, axis, target) for number, one in enumerate(by_scale(series), 1)]


def by_scale(series: Sequence[Series]) -> list[list[Series]]:
    """Group series by scale, scales in natural order."""
    scales = sorted({one.scale for one in series}, key=natural)
    return [[one for one in series if one.scale == scale] for scale in scales]


def _scale_row(number: int, series: list[Series], axis: Axis, target: int) -> Row:
    rows = line_records(series, axis, target)
    return Row(
        name=f"ratings_{number}",
        title=f"Rating · {series[0].scale}",
        height=style.LINE_HEIGHT,
        rows=rows,
        layers=lambda on: line_layers(on, unit_y(), style.LINE_HEIGHT, ".2f", reach_sec(series)),
        noun="rating samples",
        drawn=samples_in(rows),
        flatten=("onset_sec", "value"),
        total=sum(len(one.onset_sec) for one in series),
    )


def sparse_rows(series: Sequence[Series], axis: Axis) -> list[Row]:
    """Draw ratings asked for at moments as points, all scales in one row."""
    if not series:
        return []
    rows = []
    for one in series:
        keep = thin(one.onset_sec, one.value, POINTS_PER_PIXEL * axis.width)
        rows += records(
            {
                "onset_sec": one.onset_sec[keep],
                "cursor_sec": one.onset_sec[keep],
                "value": one.value[keep],
                "participant": np.full(len(keep), one.participant, object),
                "scale": np.full(len(keep), one.scale, object),
            }
        )
    return [
        Row(
            name="ratings_sparse",
            title="Ratings at moments",
            height=style.POINTS_HEIGHT,
            rows=rows,
            layers=_points,
            noun="sparse ratings",
            drawn=len(rows),
            total=sum(len(one.onset_sec) for one in series),
        )
    ]


def _points(axis: Axis) -> Layers:
    points = (
        alt.Chart()
        .transform_calculate(at=clock_expr("onset_sec", 1))
        .mark_point(filled=True, size=46)
        .encode(
            x=axis.x(),
            y=unit_y(),
            color=axis.color(),
            opacity=emphasis(),
            tooltip=[
                alt.Tooltip("at:N", title="time"),
                alt.Tooltip("participant:N", title="participant"),
                alt.Tooltip("scale:N", title="scale"),
                alt.Tooltip("value:Q", format=".2f", title="rating, 0 to 1"),
            ],
        )
    )
    return [], [points]
