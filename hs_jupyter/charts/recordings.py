"""The row of recordings: when cameras and microphones ran."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from hs_jupyter.charts import style
from hs_jupyter.charts.columns import (
    FAR_SEC,
    PARTICIPANT,
    UNKNOWN,
    Coded,
    coded,
    floats,
    instants_sec,
    onsets_of,
    texts,
)
from hs_jupyter.charts.data import Points
from hs_jupyter.charts.marks import in_lanes, lanes_of
from hs_jupyter.charts.params import WHO, emphasis
from hs_jupyter.charts.row import Row, lane_y
from hs_jupyter.charts.tips import Tip, with_tips
from hs_jupyter.timeline import media_spans

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from hs_jupyter.charts.axis import Axis
    from hs_jupyter.charts.row import Layers
    from hs_jupyter.timeline import Spans

MAX_LANES = 24

_BRUSHED = "isValid(brush.onset_sec)"
_BEGINS_BEFORE, _ENDS_AFTER = "datum.onset_sec <= brush.onset_sec[1]", "datum.end_sec >= brush.onset_sec[0]"
_OVERLAPS = f"!{_BRUSHED} || ({_BEGINS_BEFORE} && {_ENDS_AFTER})"

_TIPS = (
    Tip("onset_sec", "begins", "tenths"),
    Tip("length_sec", "length (m:ss)", "length"),
    Tip("participant", "participant"),
    Tip("status", "status"),
    Tip("format", "format"),
)


@dataclass(frozen=True)
class Media:
    """The recordings of a table that have an onset.

    Attributes
    ----------
    table
        Where they come from.
    row
        The row of each.
    participant
        Whose each of them is.
    """

    table: pa.Table
    row: NDArray[np.int64]
    participant: Coded

    @property
    def people(self) -> set[str]:
        """Everyone who has a recording."""
        return set(self.participant.take(np.arange(len(self.row))))

    def spans(self, now_sec: float) -> Spans:
        """Return their spans; those of unknown end reach to ``now_sec``."""
        table = self.table.take(self.row)
        known = instants_sec(table, "endTime") - instants_sec(table, "startTime")
        length = floats(table, "duration") / 1000
        return media_spans(onsets_of(table), np.where(length > FAR_SEC, np.nan, length), known, now_sec)

    def where(self, kept: NDArray[np.bool_]) -> Media:
        """Keep some recordings."""
        return Media(self.table, self.row[kept], Coded(self.participant.names, self.participant.codes[kept]))


def media_of(table: pa.Table | None) -> Media | None:
    """Read the recordings of a table, None when none has an onset."""
    if table is None or not len(row := np.flatnonzero(np.isfinite(onsets_of(table)))):
        return None
    who = coded(table, PARTICIPANT, UNKNOWN)
    return Media(table, row, Coded(who.names, who.codes[row]))


def recording_rows(media: Media | None, axis: Axis, now_sec: float) -> list[Row]:
    """Draw recordings as bars in lanes by participant; those that still run reach to ``now_sec``."""
    if media is None:
        return []
    table, spans = media.table.take(media.row), media.spans(now_sec)
    person = media.participant.take(spans.row)
    counts = dict(zip(*np.unique(person.astype(str), return_counts=True), strict=True))
    lanes = tuple(lanes_of({one: int(counts[one]) for one in dict.fromkeys(person)}, MAX_LANES))
    points = Points(
        {
            "onset_sec": spans.start_sec,
            "end_sec": spans.end_sec,
            "length_sec": spans.end_sec - spans.start_sec,
            "open": spans.open,
            "participant": person,
            "lane": in_lanes(media.participant, lanes).take(spans.row),
            "status": texts(table, "status")[spans.row],
            "format": texts(table, "format")[spans.row],
            **({"recording": texts(table, "recordingId")[spans.row]} if axis.live else {}),
        }
    )

    def layers(on: Axis) -> Layers:
        bar = alt.Chart().mark_bar(height=5, cornerRadius=2).encode(y=lane_y(lanes, on), color=on.color())
        full = bar.encode(x="onset_sec:Q", x2=alt.X2("end_sec:Q"))
        strong = (  # only the part of a recording that is brushed
            bar.transform_filter(WHO)
            .transform_filter(_OVERLAPS)
            .transform_calculate(
                from_sec=f"{_BRUSHED} ? max(datum.onset_sec, brush.onset_sec[0]) : datum.onset_sec",
                until_sec=f"{_BRUSHED} ? min(datum.end_sec, brush.onset_sec[1]) : datum.end_sec",
            )
            .encode(x="from_sec:Q", x2=alt.X2("until_sec:Q"), opacity=alt.value(0.8))
        )
        starts = alt.Chart().mark_point(filled=True, size=52).encode(
            x="onset_sec:Q", y=lane_y(lanes, on), color=on.color(), opacity=emphasis(on)
        )  # fmt: skip
        bars = (
            [full.encode(opacity=emphasis(on, 0.8))]
            if on.live
            else [full.encode(opacity=alt.value(style.FAINT)), strong]
        )
        return bars, [with_tips(starts, on, _TIPS)]

    return [
        Row(
            name="recordings",
            kind="spans",
            title="Recordings",
            height=style.LANE_HEIGHT * len(lanes),
            data=points,
            layers=layers,
            noun="recordings",
            drawn=len(points),
            total=len(points),
            lanes=lanes,
            tips=_TIPS,
            whole=axis.whole,
        )
    ]
