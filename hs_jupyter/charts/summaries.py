"""Rows of an experiment: a thin line per participant, the median and its quartile band over all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np

from hs_jupyter.charts import style
from hs_jupyter.charts.data import Points
from hs_jupyter.charts.lines import lines_of, samples_in
from hs_jupyter.charts.linking import nearest
from hs_jupyter.charts.params import BRUSH, CHOSEN, WHO
from hs_jupyter.charts.row import Row, unit_y
from hs_jupyter.charts.sync import BANDS_MS, FAR_MS
from hs_jupyter.timeline import band

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hs_jupyter.charts.axis import Axis
    from hs_jupyter.charts.row import Layers
    from hs_jupyter.charts.series import Series

GRID_PIXELS = 2
"""Distance of the onsets at which median and quartiles are taken: finer could not be seen."""

MIN_GRID_SEC = 0.25
"""Nor is it finer than the usual sampling, where it would only repeat samples."""


@dataclass(frozen=True)
class _Measure:
    """What a row summarizes: its name and title, its scale, how its values are written and called."""

    name: str
    title: str
    y: Callable[[], alt.Y]
    ends: tuple[float, float]
    number: str
    noun: str


def rating_summary(number: int, series: Sequence[Series], axis: Axis, target: int) -> Row:
    """Draw one scale over all rooms."""
    title = f"Rating · {series[0].scale}"
    measure = _Measure(f"ratings_{number}", title, unit_y, (0, 1), ".2f", "rating samples")
    return _row(measure, series, axis, target)


def drift_summary(series: Sequence[Series], axis: Axis, target: int) -> Row:
    """Draw the size of drift over all rooms, in ms; the series hold sizes, see :func:`drift_sizes`."""
    most = min(max(float(np.percentile(one.value, 99)) for one in series), FAR_MS)
    top = max(1.2 * BANDS_MS[-1], float(np.ceil(most / 100) * 100))

    def y() -> alt.Y:
        return alt.Y(
            "value:Q",
            scale=alt.Scale(domain=[0, top], nice=False, clamp=True),
            axis=alt.Axis(values=[0, *BANDS_MS], format="d", title=None),
        )

    title = "Size of the drift from the host in ms"
    return _row(_Measure("sync_drift", title, y, (0, top), ".0f", "sync samples"), series, axis, target)


def drift_sizes(series: Sequence[Series]) -> list[Series]:
    """Return series of drift without its sign."""
    return [replace(one, value=np.abs(one.value)) for one in series]


def _row(measure: _Measure, series: Sequence[Series], axis: Axis, target: int) -> Row:
    y, median = measure.y, f"{measure.name}_median"
    middle = _band(series, axis)

    def layers(on: Axis) -> Layers:
        first = _summarized(on, on.data(median, middle), middle)
        again = _summarized(on, alt.NamedData(median), middle)  # Vega-Lite has met its data by then
        whole = [alt.Detail("segment:N")]
        each = [alt.Detail("participant:N"), *whole]
        crowd = _line(alt.Chart(), y(), each, color=style.CROWD, strokeWidth=0.8, opacity=0.28)
        quartiles = first.mark_area(fill=style.ACCENT, opacity=0.22, aria=False)
        area = quartiles.encode(x="onset_sec:Q", y=_named(y(), "low:Q"), y2=alt.Y2("high:Q"), detail=whole)
        faint = _line(again, y(), whole, color=style.ACCENT, strokeWidth=1.2, opacity=0.45)
        strong = _line(again, y(), whole, color=style.ACCENT, strokeWidth=2.2, opacity=1)
        if on.live:
            return [crowd, area, strong], []
        chosen = _line(alt.Chart(), y(), each, color=style.PALETTE[1], strokeWidth=1.6, opacity=style.STRONG)
        return [
            crowd.transform_filter(WHO),
            area,
            faint,
            strong.transform_filter(BRUSH),
            chosen.transform_filter(BRUSH).transform_filter(CHOSEN),
        ], _readout(on, again, measure)

    lines = lines_of(series, axis, target)
    return Row(
        name=measure.name,
        kind="lines",
        title=measure.title,
        height=style.LINE_HEIGHT,
        data=lines,
        layers=layers,
        noun=measure.noun,
        drawn=len(lines),
        total=samples_in(series, axis),
        y=measure.ends,
        number=measure.number,
        reach_sec=2 * _grid_step(axis),
        more={median: middle},
    )


def _summarized(axis: Axis, data: Any, middle: Points) -> alt.Chart:
    """Return a chart over median and quartiles; a live chart's come as rows."""
    return (
        alt.Chart(data)
        if axis.live
        else alt.Chart(data, transform=[alt.FlattenTransform(flatten=middle.lists)])
    )


def _readout(axis: Axis, summary: alt.Chart, measure: _Measure) -> list[alt.Chart]:
    """Return the dot on the median at the cursor, its value, and over how many series it is taken."""
    at_cursor = nearest(summary, 2 * _grid_step(axis), each=None)
    dot = at_cursor.mark_point(filled=True, size=34, color=style.ACCENT, opacity=1, aria=False)
    value = at_cursor.mark_text(
        align="left", baseline="middle", color=style.ACCENT, fontSize=style.SMALL, aria=False, y=4
    )  # fmt: skip
    rooms = at_cursor.mark_text(
        align="left", baseline="middle", color=style.INK, fontSize=style.SMALL, aria=False,
        y=4 + style.READOUT_LINE,
    )  # fmt: skip
    return [
        dot.encode(x="onset_sec:Q", y=measure.y()),
        value.encode(x=axis.beside(), text=alt.Text("value:Q", format=measure.number)),
        rooms.transform_calculate(said="'of ' + datum.count").encode(x=axis.beside(), text="said:N"),
    ]


def _band(series: Sequence[Series], axis: Axis) -> Points:
    step = _grid_step(axis)
    grid = np.arange(axis.start_sec, axis.end_sec + step / 2, step)
    parts = [one.rows_across(axis.start_sec, axis.end_sec) for one in series]
    samples = [(one.onset_sec[part], one.value[part]) for one, part in zip(series, parts, strict=True)]
    found = band(samples, grid, [one.gap_sec for one in series])
    seen = np.flatnonzero(found.series)
    return Points(
        {
            "onset_sec": grid[seen],
            "value": found.middle[seen],
            "low": found.low[seen],
            "high": found.high[seen],
            "count": found.series[seen],
            "segment": np.cumsum(np.diff(seen, prepend=seen[:1]) > 1),
        }
    )


def _grid_step(axis: Axis) -> float:
    return max(GRID_PIXELS * axis.pixel_sec, MIN_GRID_SEC)


def _line(chart: alt.Chart, y: alt.Y, detail: list[alt.Detail], **look: Any) -> alt.Chart:
    line = chart.mark_line(interpolate="linear", strokeCap="round", strokeJoin="round", **look)
    drawn: alt.Chart = line.encode(x="onset_sec:Q", y=y, detail=detail)
    return drawn


def _named(y: alt.Y, field: str) -> alt.Y:
    named = y.copy()
    named.shorthand = field
    return named
