"""The row of events: ticks in lanes by category."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from hs_jupyter.charts import style
from hs_jupyter.charts.axis import clock_expr
from hs_jupyter.charts.columns import PARTICIPANT, UNKNOWN, texts
from hs_jupyter.charts.marks import lane_of, lanes_of, mark_records, placed
from hs_jupyter.charts.params import emphasis
from hs_jupyter.charts.row import Row, lane_y

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from hs_jupyter.charts.axis import Axis
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


def event_rows(table: pa.Table | None, axis: Axis) -> list[Row]:
    """Draw events as ticks in lanes by category."""
    if table is None or not len(placed(table)):
        return []
    lane, lanes = event_lanes(table)
    rows = mark_records(table, axis, person=PARTICIPANT, lane=lane, fields=_FIELDS)

    apart = len(axis.participants) if len(axis.participants) <= MAX_APART else 1
    lane_height = max(style.LANE_HEIGHT, 5 * apart + 3)

    def layers(on: Axis) -> Layers:
        size = 0.8 * lane_height / apart - 1
        ticks = (
            alt.Chart()
            .transform_calculate(at=clock_expr("onset_sec", 1))
            .mark_tick(orient="vertical", size=size, thickness=1.6)
            .encode(
                x=on.x(),
                y=lane_y(lanes),
                color=on.color(),
                opacity=emphasis(),
                tooltip=[
                    alt.Tooltip("at:N", title="time"),
                    alt.Tooltip("participant:N", title="participant"),
                    alt.Tooltip("lane:N", title="category"),
                    *(alt.Tooltip(f"{name}:N", title=name) for name in _FIELDS),
                    alt.Tooltip("count:Q", title="events here"),
                ],
            )
        )
        if apart > 1:
            ticks = ticks.encode(
                yOffset=alt.YOffset("participant:N", scale=alt.Scale(domain=list(on.participants)))
            )
        return [], [ticks]

    height = lane_height * len(lanes)
    return [Row("events", "Events", height, rows, layers, "events", len(rows), len(placed(table)))]


def event_lanes(table: pa.Table) -> tuple[NDArray[np.object_], list[str]]:
    """Return the lane of every event, and the lanes from top to bottom."""
    category = texts(table, "category", UNKNOWN)
    lanes = lanes_of(category[placed(table)].tolist(), MAX_LANES, CATEGORIES)
    return lane_of(category.tolist(), lanes), lanes
