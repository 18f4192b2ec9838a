"""Rows of ratings: lines for sliders, points for answers given at moments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from hs_jupyter.charts import style
from hs_jupyter.charts.columns import natural
from hs_jupyter.charts.data import Points
from hs_jupyter.charts.lines import line_layers, lines_of, reach_sec, samples_in
from hs_jupyter.charts.params import emphasis
from hs_jupyter.charts.row import Row, unit_y
from hs_jupyter.charts.tips import Tip, with_tips
from hs_jupyter.timeline import thin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hs_jupyter.charts.axis import Axis
    from hs_jupyter.charts.row import Layers
    from hs_jupyter.charts.series import Series

_TIPS = (
    Tip("onset_sec", "time", "tenths"),
    Tip("participant", "participant"),
    Tip("scale", "scale"),
    Tip("value", "rating, 0 to 1", "unit"),
)


def rating_rows(series: Sequence[Series], axis: Axis, target: int) -> list[Row]:
    """Draw continuous ratings: a row per scale, a line per participant, gaps as gaps."""
    return [_scale_row(number, one, axis, target) for number, one in enumerate(by_scale(series), 1)]


def by_scale(series: Sequence[Series]) -> list[list[Series]]:
    """Group series by scale, scales in natural order."""
    scales = sorted({one.scale for one in series}, key=natural)
    return [[one for one in series if one.scale == scale] for scale in scales]


def _scale_row(number: int, series: list[Series], axis: Axis, target: int) -> Row:
    lines = lines_of(series, axis, target)
    reach = reach_sec(series)
    return Row(
        name=f"ratings_{number}",
        kind="lines",
        title=f"Rating · {series[0].scale}",
        height=style.LINE_HEIGHT,
        data=lines,
        layers=lambda on: line_layers(on, unit_y(), style.LINE_HEIGHT, ".2f", reach),
        noun="rating samples",
        drawn=len(lines),
        total=samples_in(series, axis),
        y=(0, 1),
        number=".2f",
        reach_sec=reach,
        whole=axis.whole,
    )


def sparse_rows(series: Sequence[Series], axis: Axis) -> list[Row]:
    """Draw ratings asked for at moments as points, all scales in one row."""
    if not series:
        return []
    parts = [one.rows_in(axis.start_sec, axis.end_sec) for one in series]
    target = axis.target([part.stop - part.start for part in parts])
    kept = [
        part.start + thin(one.onset_sec[part], one.value[part], target)
        for one, part in zip(series, parts, strict=True)
    ]
    chosen = list(zip(series, kept, strict=True))
    onset_sec = np.concatenate([one.onset_sec[keep] for one, keep in chosen])
    points = Points(
        {
            "onset_sec": onset_sec,
            "value": np.concatenate([one.value[keep] for one, keep in chosen]),
            "participant": np.repeat(
                np.array([one.participant for one in series], object), [*map(len, kept)]
            ),
            "scale": np.repeat(np.array([one.scale for one in series], object), [*map(len, kept)]),
        }
    )
    return [
        Row(
            name="ratings_sparse",
            kind="points",
            title="Ratings at moments",
            height=style.POINTS_HEIGHT,
            data=points,
            layers=_points,
            noun="sparse ratings",
            drawn=len(points),
            total=sum(part.stop - part.start for part in parts),
            y=_ends(axis),
            tips=_TIPS,
            whole=axis.whole,
        )
    ]


def _ends(axis: Axis) -> tuple[float, float]:
    """Return the ends of the scale of points: a live chart cuts what passes the edge of its row."""
    return (-0.08, 1.08) if axis.live else (0, 1)


def _points(axis: Axis) -> Layers:
    points = alt.Chart().mark_point(filled=True, size=46).encode(
        x="onset_sec:Q", y=unit_y(ends=_ends(axis)), color=axis.color(), opacity=emphasis(axis)
    )  # fmt: skip
    return [], [with_tips(points, axis, _TIPS)]
