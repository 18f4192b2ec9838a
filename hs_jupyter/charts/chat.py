"""The row of chat: a point for each message, its text on hover."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from hs_jupyter.charts import style
from hs_jupyter.charts.axis import clock_expr
from hs_jupyter.charts.columns import SENDER, UNKNOWN, texts
from hs_jupyter.charts.marks import lane_of, lanes_of, mark_records, placed
from hs_jupyter.charts.params import emphasis
from hs_jupyter.charts.row import Row, lane_y

if TYPE_CHECKING:
    import pyarrow as pa

    from hs_jupyter.charts.axis import Axis
    from hs_jupyter.charts.row import Layers

MAX_LANES = 12


def chat_rows(table: pa.Table | None, axis: Axis) -> list[Row]:
    """Draw messages as points in lanes by sender."""
    if table is None or not len(placed(table)):
        return []
    sender = texts(table, SENDER, UNKNOWN)
    lanes = lanes_of(sender[placed(table)].tolist(), MAX_LANES)
    lane = lane_of(sender.tolist(), lanes)
    rows = mark_records(table, axis, person=SENDER, lane=lane, fields={"text": "content"})

    def layers(on: Axis) -> Layers:
        points = (
            alt.Chart()
            .transform_calculate(at=clock_expr("onset_sec", 1))
            .mark_point(filled=True, size=52)
            .encode(
                x=on.x(),
                y=lane_y(lanes),
                color=on.color(),
                opacity=emphasis(),
                tooltip=[
                    alt.Tooltip("at:N", title="time"),
                    alt.Tooltip("participant:N", title="sender"),
                    alt.Tooltip("text:N", title="text"),
                    alt.Tooltip("count:Q", title="messages here"),
                ],
            )
        )
        return [], [points]

    return [
        Row(
            "chat",
            "Chat",
            style.LANE_HEIGHT * len(lanes),
            rows,
            layers,
            "messages",
            len(rows),
            len(placed(table)),
        )
    ]
