"""The row of events: ticks in lanes by category."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from hs_jupyter.charts import style
from hs_jupyter.charts.marks import drawn_marks
from hs_jupyter.charts.params import emphasis
from hs_jupyter.charts.row import Row, lane_y
from hs_jupyter.charts.tips import Tip, with_tips

if TYPE_CHECKING:
    from hs_jupyter.charts.axis import Axis
    from hs_jupyter.charts.marks import Marks
    from hs_jupyter.charts.row import Layers

MAX_LANES = 14

MAX_APART = 4
"""So many participants have a line of their own within a lane: they often log at the same moment."""

CATEGORIES = (
    "pre_experiment", "state", "media", "component", "sparse_rating", "communication", "scanner", "sync",
    "system", "questionnaire", "post_experiment",
)  # fmt: skip
"""Order of the lanes: as a session runs."""

_FIELDS = {
    "type": "eventType", "component": "componentType", "state": "stateName", "content": "content",
}  # fmt: skip

_TIPS = (
    Tip("onset_sec", "time", "tenths"),
    Tip("participant", "participant"),
    Tip("lane", "category"),
    *(Tip(name, name) for name in _FIELDS),
    Tip("count", "events here", "count"),
)


def event_rows(marks: Marks | None, axis: Axis) -> list[Row]:
    """Draw events as ticks in lanes by category."""
    if marks is None:
        return []
    lanes = event_lanes(marks)
    points, total = drawn_marks(marks, lanes, axis, _FIELDS)
    apart = len(axis.participants) if len(axis.participants) <= MAX_APART else 1
    lane_height = max(style.LANE_HEIGHT, 5 * apart + 3)

    def layers(on: Axis) -> Layers:
        size = 0.8 * lane_height / apart - 1
        ticks = alt.Chart().mark_tick(orient="vertical", size=size, thickness=1.6).encode(
            x="onset_sec:Q", y=lane_y(lanes, on), color=on.color(), opacity=emphasis(on)
        )  # fmt: skip
        if apart > 1:
            ticks = ticks.encode(
                yOffset=alt.YOffset("participant:N", scale=alt.Scale(domain=list(on.participants)))
            )
        return [], [with_tips(ticks, on, _TIPS)]

    return [
        Row(
            name="events",
            kind="points",
            title="Events",
            height=lane_height * len(lanes),
            data=points,
            layers=layers,
            noun="events",
            drawn=len(points),
            total=total,
            lanes=lanes,
            apart=apart > 1,
            tips=_TIPS,
            whole=axis.whole,
        )
    ]


def event_lanes(marks: Marks) -> tuple[str, ...]:
    """Return the lanes of events, from top to bottom."""
    return tuple(marks.lanes(MAX_LANES, CATEGORIES))
