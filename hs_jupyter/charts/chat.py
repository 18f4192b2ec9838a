"""The row of chat: a point for each message, its text on hover."""

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

MAX_LANES = 12

_TIPS = (
    Tip("onset_sec", "time", "tenths"),
    Tip("participant", "sender"),
    Tip("text", "text"),
    Tip("count", "messages here", "count"),
)


def chat_rows(marks: Marks | None, axis: Axis) -> list[Row]:
    """Draw messages as points in lanes by sender."""
    if marks is None:
        return []
    lanes = tuple(marks.lanes(MAX_LANES))
    points, total = drawn_marks(marks, lanes, axis, {"text": "content"})

    def layers(on: Axis) -> Layers:
        drawn = alt.Chart().mark_point(filled=True, size=52).encode(
            x="onset_sec:Q", y=lane_y(lanes, on), color=on.color(), opacity=emphasis(on)
        )  # fmt: skip
        return [], [with_tips(drawn, on, _TIPS)]

    return [
        Row(
            name="chat",
            kind="points",
            title="Chat",
            height=style.LANE_HEIGHT * len(lanes),
            data=points,
            layers=layers,
            noun="messages",
            drawn=len(points),
            total=total,
            lanes=lanes,
            tips=_TIPS,
            whole=axis.whole,
        )
    ]
