"""Rows of an experiment's events: how many in each stretch of time, in all and by category."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np

from hs_jupyter.charts import style
from hs_jupyter.charts.data import Points
from hs_jupyter.charts.events import event_lanes
from hs_jupyter.charts.marks import in_lanes
from hs_jupyter.charts.params import BRUSH
from hs_jupyter.charts.row import Row, lane_y
from hs_jupyter.charts.tips import Tip, with_tips
from hs_jupyter.timeline import counts_per_bin, tick_step_sec

if TYPE_CHECKING:
    from hs_jupyter.charts.axis import Axis
    from hs_jupyter.charts.marks import Marks
    from hs_jupyter.charts.row import Layers

BIN_PIXELS = 8
"""The narrowest bar that can still be told from its neighbours and hovered."""

_SPAN = (Tip("onset_sec", "from", "seconds"), Tip("end_sec", "to", "seconds"))
_COUNT = Tip("count", "events", "count")
_ALL = (*_SPAN, _COUNT)
_APART = (*_SPAN, Tip("lane", "category"), _COUNT)

_MIDDLE = "(datum.onset_sec + datum.end_sec) / 2"


def count_rows(marks: Marks | None, axis: Axis) -> list[Row]:
    """Count events per bin of a round length: bars for all, shades for each category."""
    if marks is None:
        return []
    lanes = event_lanes(marks)
    lane = in_lanes(marks.lane, lanes).codes
    length = axis.end_sec - axis.start_sec
    step = max(1.0, tick_step_sec(length, max(1, axis.width // BIN_PIXELS)))
    first = float(np.floor(axis.start_sec / step) * step)
    bins = int(np.floor((axis.end_sec - first) / step)) + 1
    every = _counted(marks.onset_sec, first, step, bins, axis)
    by_lane = [_counted(marks.onset_sec[lane == one], first, step, bins, axis) for one in range(len(lanes))]
    apart = {name: np.concatenate([one[name] for one in by_lane]) for name in every}
    apart["lane"] = np.repeat(np.array(lanes, object), [len(one["count"]) for one in by_lane])
    most = int(apart["count"].max(initial=0))

    def bars(on: Axis) -> Layers:
        drawn = (
            alt.Chart()
            .mark_rect(fill=style.CROWD)
            .encode(
                x="onset_sec:Q",
                x2=alt.X2("end_sec:Q"),
                y=alt.Y("count:Q", axis=alt.Axis(title=None, tickCount=2, format="~s")),
                y2=alt.Y2Datum(0),
                opacity=alt.OpacityValue(0.6)
                if on.live
                else alt.condition(BRUSH, alt.value(0.6), alt.value(style.FAINT)),
            )
        )
        return [], [with_tips(drawn, on, _ALL)]

    def shades(on: Axis) -> Layers:
        # a live chart's scale ends at the most that its window holds, as Vega finds it in the data
        ends = {"zero": True} if on.live else {"domain": [0, most]}
        depth = alt.Opacity("count:Q", scale=alt.Scale(type="sqrt", range=[0.12, 1], **ends), legend=None)
        drawn = (
            alt.Chart()
            .mark_rect(fill=style.ACCENT)
            .encode(
                x="onset_sec:Q",
                x2=alt.X2("end_sec:Q"),
                y=lane_y(lanes, on),
                opacity=depth if on.live else alt.condition(BRUSH, depth, alt.value(0.08)),
            )
        )
        return [], [with_tips(drawn, on, _APART)]

    total, shaded = len(every["count"]), len(apart["count"])
    return [
        Row(
            name="event_counts",
            kind="bars",
            title="Events in each bar" if axis.live else f"Events in each {step:g} s",
            height=style.QUALITY_HEIGHT,
            data=Points(every),
            snaps=_MIDDLE,
            layers=bars,
            noun="bins",
            drawn=total,
            total=total,
            tips=_ALL,
        ),
        Row(
            name="event_lanes",
            kind="bars",
            title="By category, stronger for more" + ("" if axis.live else f" ({most:,} at most)"),
            height=style.LANE_HEIGHT * len(lanes),
            data=Points(apart),
            snaps=_MIDDLE,
            layers=shades,
            noun="bins",
            drawn=shaded,
            total=shaded,
            lanes=lanes,
            tips=_APART,
        ),
    ]


def _counted(onset_sec: Any, first: float, step: float, bins: int, axis: Axis) -> dict[str, Any]:
    count = counts_per_bin(onset_sec, first, step, bins)
    seen = np.flatnonzero(count)
    start = first + step * seen
    return {
        "onset_sec": np.maximum(start, axis.start_sec),
        "end_sec": np.minimum(start + step, axis.end_sec),
        "count": count[seen],
    }
