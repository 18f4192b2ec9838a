"""The row of recordings: when cameras and microphones ran."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from hs_jupyter.charts import style
from hs_jupyter.charts.axis import clock_expr
from hs_jupyter.charts.columns import (
    FAR_SEC,
    PARTICIPANT,
    UNKNOWN,
    floats,
    instants_sec,
    onsets_of,
    records,
    texts,
)
from hs_jupyter.charts.marks import lane_of, lanes_of
from hs_jupyter.charts.params import WHO, emphasis
from hs_jupyter.charts.row import Row, lane_y
from hs_jupyter.timeline import media_spans

if TYPE_CHECKING:
    import pyarrow as pa

    from hs_jupyter.charts.axis import Axis
    from hs_jupyter.charts.row import Layers
    from hs_jupyter.timeline import Spans

MAX_LANES = 24

_BRUSHED = "isValid(brush.onset_sec)"
_BEGINS_BEFORE, _ENDS_AFTER = "datum.onset_sec <= brush.onset_sec[1]", "datum.end_sec >= brush.onset_sec[0]"
_OVERLAPS = f"!{_BRUSHED} || ({_BEGINS_BEFORE} && {_ENDS_AFTER})"


def spans_of(table: pa.Table, now_sec: float = 0.0) -> Spans:
    """Return the spans of a table of recordings; those of unknown end reach to ``now_sec``."""
    known = instants_sec(table, "endTime") - instants_sec(table, "startTime")
    length = floats(table, "duration") / 1000
    length[length > FAR_SEC] = np.nan
    return media_spans(onsets_of(table), length, known, now_sec)


def recording_rows(table: pa.Table | None, axis: Axis) -> list[Row]:
    """Draw recordings as bars in lanes by participant."""
    if table is None or not len((spans := spans_of(table, axis.end_sec)).row):
        return []
    person = texts(table, PARTICIPANT, UNKNOWN)[spans.row]
    lanes = lanes_of(person.tolist(), MAX_LANES)
    rows = records(
        {
            "onset_sec": spans.start_sec,
            "cursor_sec": spans.start_sec,
            "end_sec": spans.end_sec,
            "length_sec": spans.end_sec - spans.start_sec,
            "open": spans.open,
            "participant": person,
            "lane": lane_of(person.tolist(), lanes),
            "status": texts(table, "status")[spans.row],
            "format": texts(table, "format")[spans.row],
        }
    )

    def layers(on: Axis) -> Layers:
        bar = alt.Chart().mark_bar(height=5, cornerRadius=2).encode(y=lane_y(lanes), color=on.color())
        faint = bar.encode(x=on.x(), x2="end_sec:Q", opacity=alt.value(style.FAINT))
        strong = (  # only the part of a recording that is brushed
            bar.transform_filter(WHO)
            .transform_filter(_OVERLAPS)
            .transform_calculate(
                from_sec=f"{_BRUSHED} ? max(datum.onset_sec, brush.onset_sec[0]) : datum.onset_sec",
                until_sec=f"{_BRUSHED} ? min(datum.end_sec, brush.onset_sec[1]) : datum.end_sec",
            )
            .encode(x=on.x("from_sec"), x2="until_sec:Q", opacity=alt.value(0.8))
        )
        starts = (
            alt.Chart()
            .transform_calculate(
                at=clock_expr("onset_sec", 1),
                length="datum.open ? 'not known' : " + clock_expr("length_sec", 0),
            )
            .mark_point(filled=True, size=52)
            .encode(
                x=on.x(),
                y=lane_y(lanes),
                color=on.color(),
                opacity=emphasis(),
                tooltip=[
                    alt.Tooltip("at:N", title="begins"),
                    alt.Tooltip("length:N", title="length (m:ss)"),
                    alt.Tooltip("participant:N", title="participant"),
                    alt.Tooltip("status:N", title="status"),
                    alt.Tooltip("format:N", title="format"),
                ],
            )
        )
        return [faint, strong], [starts]

    height = style.LANE_HEIGHT * len(lanes)
    return [Row("recordings", "Recordings", height, rows, layers, "recordings", len(rows), len(rows))]
