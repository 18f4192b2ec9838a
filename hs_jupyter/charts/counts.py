"""Rows of an experiment's events: how many in each stretch of time, in all and by category."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np

from hs_jupyter.charts import style
from hs_jupyter.charts.axis import clock_expr
from hs_jupyter.charts.columns import onsets_of, records
from hs_jupyter.charts.events import event_lanes
from hs_jupyter.charts.marks import placed
from hs_jupyter.charts.params import BRUSH
from hs_jupyter.charts.row import Row, lane_y
from hs_jupyter.timeline import counts_per_bin, tick_step_sec

if TYPE_CHECKING:
    import pyarrow as pa

    from hs_jupyter.charts.axis import Axis
    from hs_jupyter.charts.row import Layers

BIN_PIXELS = 8
"""The narrowest bar that can still be told from its neighbours and hovered."""


def count_rows(table: pa.Table | None, axis: Axis) -> list[Row]:
    """Count events per bin of a round length: bars for all, shades for each category."""
    if table is None or not len(placed(table)):
        return []
    rows = placed(table)
    onset_sec = onsets_of(table)[rows]
    lane, lanes = event_lanes(table)
    length = axis.end_sec - axis.start_sec
    step = max(1.0, tick_step_sec(length, max(1, axis.width // BIN_PIXELS)))
    first = float(np.floor(axis.start_sec / step) * step)
    bins = int(np.floor((axis.end_sec - first) / step)) + 1
    every: list[dict[str, Any]] = []
    apart: list[dict[str, Any]] = []
    for name in (None, *lanes):
        chosen = onset_sec if name is None else onset_sec[lane[rows] == name]
        count = counts_per_bin(chosen, first, step, bins)
        seen = np.flatnonzero(count)
        start = first + step * seen
        data = {
            "onset_sec": np.maximum(start, axis.start_sec),
            "cursor_sec": np.clip(start + step / 2, axis.start_sec, axis.end_sec),
            "end_sec": np.minimum(start + step, axis.end_sec),
            "count": count[seen],
        }
        if name is None:
            every = records(data)
        else:
            apart += records({**data, "lane": np.full(len(seen), name, object)})
    most = max(one["count"] for one in apart)
    total = len(every)

    def bars(on: Axis) -> Layers:
        return [], [
            _bin(on, [])
            .mark_rect(fill=style.CROWD)
            .encode(
                y=alt.Y("count:Q", axis=alt.Axis(title=None, tickCount=2, format="~s")),
                y2=alt.datum(0),
                opacity=alt.condition(BRUSH, alt.value(0.6), alt.value(style.FAINT)),
            )
        ]

    def shades(on: Axis) -> Layers:
        depth = alt.Opacity(
            "count:Q", scale=alt.Scale(type="sqrt", domain=[0, most], range=[0.12, 1]), legend=None
        )
        return [], [
            _bin(on, [alt.Tooltip("lane:N", title="category")])
            .mark_rect(fill=style.ACCENT)
            .encode(y=lane_y(lanes), opacity=alt.condition(BRUSH, depth, alt.value(0.08)))
        ]

    unit = f"each {step:g} s"
    return [
        Row("event_counts", f"Events in {unit}", style.QUALITY_HEIGHT, every, bars, "bins", total, total),
        Row(
            "event_lanes",
            f"By category, darker for more ({most:,} at most)",
            style.LANE_HEIGHT * len(lanes),
            apart,
            shades,
            "bins",
            len(apart),
            len(apart),
        ),
    ]


def _bin(axis: Axis, more: list[alt.Tooltip]) -> alt.Chart:
    return (
        alt.Chart()
        .transform_calculate(at=clock_expr("onset_sec", 0), until=clock_expr("end_sec", 0))
        .encode(
            x=axis.x(),
            x2="end_sec:Q",
            tooltip=[
                alt.Tooltip("at:N", title="from"),
                alt.Tooltip("until:N", title="to"),
                *more,
                alt.Tooltip("count:Q", title="events"),
            ],
        )
    )
