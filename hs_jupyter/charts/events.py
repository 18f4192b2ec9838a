"""The row of events: ticks in lanes by category."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from hs_jupyter.charts import style
from hs_jupyter.charts.columns import PARTICIPANT, UNKNOWN, floats, records, texts
from hs_jupyter.charts.linking import MARKED, clock_expr
from hs_jupyter.charts.row import Row
from hs_jupyter.timeline import thin_marks

if TYPE_CHECKING:
    import pyarrow as pa

    from hs_jupyter.charts.linking import Axis

MAX_LANES = 14
OTHER = "other"


def event_row(table: pa.Table, axis: Axis) -> tuple[Row, int]:
    """Draw events as ticks; return the row and how many events its marks stand for."""
    onset_sec = floats(table, "onset_sec")
    rows = np.flatnonzero(np.isfinite(onset_sec))
    onset_sec = onset_sec[rows]
    category = texts(table, "category", UNKNOWN)[rows]
    lanes = lanes_of(category)
    category = np.array([one if one in lanes else OTHER for one in category], object)
    participant = texts(table, PARTICIPANT, UNKNOWN)[rows]
    _, place = np.unique(
        np.array([f"{lanes.index(c)} {p}" for c, p in zip(category, participant, strict=True)]),
        return_inverse=True,
    )
    kept, count = thin_marks(onset_sec, place, axis.pixel_sec)
    fields = {
        name: texts(table, column)[rows][kept]
        for name, column in (
            ("type", "eventType"), ("component", "componentType"), ("state", "stateName"), ("content", "content"),
        )
    }  # fmt: skip
    data = records(
        {
            "onset_sec": onset_sec[kept],
            "cursor_sec": onset_sec[kept],
            "lane": category[kept],
            "participant": participant[kept],
            "count": count,
            **fields,
        }
    )
    ticks = (
        alt.Chart()
        .transform_calculate(at=clock_expr("onset_sec", 1))
        .mark_tick(orient="vertical", size=style.LANE_HEIGHT - 5, thickness=1.6)
        .encode(
            x=axis.x(),
            y=lane_axis(lanes),
            color=axis.color(),
            opacity=alt.condition(MARKED, alt.value(style.STRONG), alt.value(style.FAINT)),
            tooltip=[
                alt.Tooltip("at:N", title="time"),
                alt.Tooltip("participant:N"),
                alt.Tooltip("lane:N", title="category"),
                *(alt.Tooltip(f"{name}:N") for name in fields),
                alt.Tooltip("count:Q", title="events here"),
            ],
        )
    )
    return Row("events", "Events", style.LANE_HEIGHT * len(lanes), data, above=[ticks]), int(count.sum())


def lane_axis(lanes: list[str]) -> alt.Y:
    """Return an axis of named lanes, in the order given."""
    return alt.Y(
        "lane:N",
        scale=alt.Scale(domain=lanes, padding=0.1),
        axis=alt.Axis(title=None, ticks=False, grid=False, labelLimit=style.LABEL_WIDTH - 8, labelPadding=6),
    )


def lanes_of(names: np.ndarray, most: int = MAX_LANES) -> list[str]:
    """Name the lanes in order of first appearance; the rarest share one when there are too many."""
    counts = Counter(names.tolist())
    if len(counts) <= most:
        return list(counts)
    common = {name for name, _ in counts.most_common(most - 1)}
    return [*(name for name in counts if name in common and name != OTHER), OTHER]
