"""Rows of an experiment: a thin line per participant, the median and its quartile band over all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np

from hs_jupyter.charts import style
from hs_jupyter.charts.columns import records
from hs_jupyter.charts.lines import line_records, samples_in
from hs_jupyter.charts.linking import nearest
from hs_jupyter.charts.params import BRUSH, CHOSEN, WHO
from hs_jupyter.charts.row import Row, unit_y
from hs_jupyter.charts.sync import BANDS_MS, FAR_MS
from hs_jupyter.timeline import band

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hs_jupyter.charts.axis import Axis
    from hs_jupyter.charts.columns import Series
    from hs_jupyter.charts.row import Layers

GRID_PIXELS = 2
"""Distance of the onsets at which median and quartiles are taken: finer could not be seen."""

MIN_GRID_SEC = 0.25
"""Nor is it finer than the usual sampling, where it would only repeat samples."""


def rating_summary(number: int, series: Sequence[Series], axis: Axis, target: int) -> Row:
    """Draw one scale over all rooms."""
    return _row(
        f"ratings_{number}",
        f"Rating · {series[0].scale}",
        series,
        axis,
        target,
        y=unit_y,
        number=".2f",
        noun="rating samples",
    )


def drift_summary(series: Sequence[Series], axis: Axis, target: int) -> Row:
    """Draw the size of drift over all rooms, in ms."""
    sizes = [replace(one, value=np.abs(one.value)) for one in series]
    most = min(max(float(np.percentile(one.value, 99)) for one in sizes), FAR_MS)
    top = max(1.2 * BANDS_MS[-1], float(np.ceil(most / 100) * 100))

    def y() -> alt.Y:
        return alt.Y(
            "value:Q",
            scale=alt.Scale(domain=[0, top], nice=False, clamp=True),
            axis=alt.Axis(values=[0, *BANDS_MS], format="d", title=None),
        )

    title = "Size of the drift from the host in ms"
    return _row("sync_drift", title, sizes, axis, target, y=y, number=".0f", noun="sync samples")


def _row(
    name: str,
    title: str,
    series: Sequence[Series],
    axis: Axis,
    target: int,
    *,
    y: Callable[[], alt.Y],
    number: str,
    noun: str,
) -> Row:
    middle = _band_records(series, axis)

    def layers(on: Axis) -> Layers:
        data = alt.InlineData(name=f"{name}_median", values=middle)
        each, whole = ["participant:N", "segment:N"], ["segment:N"]
        crowd = _line(on, y(), each, color=style.CROWD, strokeWidth=0.8, opacity=0.28).transform_filter(WHO)
        quartiles = alt.Chart(data).mark_area(fill=style.ACCENT, opacity=0.22, aria=False)
        area = quartiles.encode(x=on.x(), y=_named(y(), "low:Q"), y2="high:Q", detail=whole)
        faint = _line(on, y(), whole, data, color=style.ACCENT, strokeWidth=1.2, opacity=0.45)
        strong = _line(on, y(), whole, data, color=style.ACCENT, strokeWidth=2.2, opacity=1)
        chosen = _line(on, y(), each, color=style.PALETTE[1], strokeWidth=1.6, opacity=style.STRONG)
        reach = 2 * _grid_step(axis)
        at_cursor = nearest(alt.Chart(data), reach, each=None)
        dot = at_cursor.mark_point(filled=True, size=34, color=style.ACCENT, opacity=1, aria=False)
        value = at_cursor.mark_text(
            align="left",
            baseline="middle",
            color=style.ACCENT,
            fontSize=style.SMALL,
            aria=False,
            x=on.width + 8,
            y=4,
        )
        rooms = at_cursor.mark_text(
            align="left", baseline="middle", color=style.INK, fontSize=style.SMALL, aria=False, x=on.width + 8,
            y=4 + style.READOUT_LINE,
        )  # fmt: skip
        above = [
            dot.encode(x=on.x(), y=y()),
            value.encode(text=alt.Text("value:Q", format=number)),
            rooms.transform_calculate(said="'of ' + datum.count").encode(text="said:N"),
        ]
        return [
            crowd,
            area,
            faint,
            strong.transform_filter(BRUSH),
            chosen.transform_filter(BRUSH).transform_filter(CHOSEN),
        ], above

    total = sum(len(one.onset_sec) for one in series)
    rows = line_records(series, axis, target)
    return Row(
        name,
        title,
        style.LINE_HEIGHT,
        rows,
        layers,
        noun,
        samples_in(rows),
        total,
        flatten=("onset_sec", "value"),
    )


def _band_records(series: Sequence[Series], axis: Axis) -> list[dict[str, Any]]:
    step = _grid_step(axis)
    grid = np.arange(axis.start_sec, axis.end_sec + step / 2, step)
    found = band([(one.onset_sec, one.value) for one in series], grid)
    seen = np.flatnonzero(found.series)
    return records(
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


def _line(axis: Axis, y: alt.Y, detail: list[str], data: Any = alt.Undefined, **look: Any) -> alt.Chart:
    drawn: alt.Chart = (
        alt.Chart(data)
        .mark_line(interpolate="linear", strokeCap="round", strokeJoin="round", **look)
        .encode(x=axis.x(), y=y, detail=detail)
    )
    return drawn


def _named(y: alt.Y, field: str) -> alt.Y:
    named = y.copy()
    named.shorthand = field
    return named
