"""What ties the rows together: the brush, the cursor, the participant chosen.

Expressions here are written by us and hold numbers and our own field names only; text from a study
never becomes part of one. The selections are declared once for the whole chart, each with the views
it listens in: a layered row would otherwise get every signal twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from hs_jupyter.charts import style
from hs_jupyter.charts.axis import clock_expr
from hs_jupyter.charts.params import WHO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hs_jupyter.charts.axis import Axis

CELL_PIXELS = 3
"""Width of one cell of the grid that the cursor snaps to."""

_HOVERED = "isValid(hover.cursor_sec) && isValid(hover.cursor_sec[0])"


def cells(axis: Axis, name: str) -> alt.Chart:
    """Return the invisible cells of one row: they feel the pointer, for the brush and the cursor."""
    count = max(1, axis.width // CELL_PIXELS)
    step = (axis.end_sec - axis.start_sec) / count
    grid = alt.sequence(0, count, 1, as_="cell")
    start = f"{axis.start_sec!r} + datum.cell * {step!r}"
    felt: alt.Chart = (
        alt.Chart(grid, name=name)
        .transform_calculate(
            onset_sec=start, end_sec=f"{start} + {step!r}", cursor_sec=f"{start} + {step / 2!r}"
        )
        .mark_rect(opacity=0, fill=style.INK, cursor="crosshair", aria=False)
        .encode(x="onset_sec:Q", x2=alt.X2("end_sec:Q"))
    )
    return felt


def brushed() -> alt.Chart:
    """Return the band that shows the brush in a row, whichever row it was drawn in."""
    band: alt.Chart = (
        alt.Chart(_one())
        .transform_filter("isValid(brush.onset_sec)")
        .transform_calculate(onset_sec="brush.onset_sec[0]", end_sec="brush.onset_sec[1]")
        .mark_rect(fill=style.INK, opacity=0.13, aria=False)
        .encode(x="onset_sec:Q", x2=alt.X2("end_sec:Q"))
    )
    return band


def cursor() -> alt.Chart:
    """Return the cursor's rule."""
    rule: alt.Chart = (
        alt.Chart(_one())
        .transform_filter(_HOVERED)
        .transform_calculate(onset_sec="hover.cursor_sec[0]")
        .mark_rule(color=style.INK, opacity=0.8, strokeWidth=1, aria=False)
        .encode(x="onset_sec:Q")
    )
    return rule


def cursor_clock(axis: Axis) -> alt.Chart:
    """Return the cursor's onset, written right of the strip above the rows, where it moves nothing."""
    text: alt.Chart = (
        alt.Chart(_one())
        .transform_filter(_HOVERED)
        .transform_calculate(onset_sec="hover.cursor_sec[0]")
        .transform_calculate(at=clock_expr("onset_sec", 1))
        .mark_text(
            align="left",
            baseline="middle",
            color=style.INK,
            fontSize=style.FONT,
            fontWeight=600,
            x=axis.width + 8,
            y=style.STRIP_LINE / 2,
            aria=False,
        )
        .encode(text="at:N")
    )
    return text


def nearest(chart: alt.Chart, within_sec: float, each: str | None = "participant") -> alt.Chart:
    """Keep the one sample (of each participant chosen) nearest to the cursor, none when all are too far."""
    near = chart.transform_filter(_HOVERED)
    if each:
        near = near.transform_filter(WHO)
    return (
        # the tiny shift breaks ties between two samples equally far
        near.transform_calculate(distance_sec="abs(datum.onset_sec - hover.cursor_sec[0] + 0.000001)")
        .transform_filter(f"datum.distance_sec <= {within_sec!r}")
        .transform_joinaggregate(nearest_sec="min(distance_sec)", groupby=[each] if each else [])
        .transform_filter("datum.distance_sec <= datum.nearest_sec")
    )


def start_line(axis: Axis) -> list[alt.Chart]:
    """Return the rule at the experiment's start, where the axis begins before it."""
    if not axis.start_sec < 0 < axis.end_sec:
        return []
    rule = (
        alt.Chart(alt.InlineData(values=[{"onset_sec": 0}]))
        .mark_rule(color=style.INK, opacity=0.6, strokeDash=[3, 3], aria=False)
        .encode(x="onset_sec:Q")
    )
    return [rule]


def selections(axis: Axis, views: Sequence[str], legend: str | None) -> list[alt.TopLevelSelectionParameter]:
    """Declare the selections of a whole chart.

    Parameters
    ----------
    axis
        The shared axis.
    views
        The names of the cells of every row.
    legend
        The name of the legend's view; None when participants are chosen from a list.
    """
    brush = alt.IntervalSelectionConfig(
        type="interval",
        encodings=["x"],
        zoom=False,  # the wheel belongs to the page
        mark=alt.BrushConfig(fillOpacity=0, strokeOpacity=0),  # every row draws its own, see ``brushed``
    )
    hover = alt.PointSelectionConfig(
        type="point", fields=["cursor_sec"], on="pointermove", clear="pointerout", toggle=False
    )
    who = alt.PointSelectionConfig(type="point", fields=["participant"], toggle="true" if legend else False)
    choice: Any = alt.Undefined
    if not legend:
        choice = alt.BindRadioSelect(
            input="select",
            options=[None, *axis.participants],
            labels=["everyone", *axis.participants],
            name="Participant ",
        )
    return [
        alt.TopLevelSelectionParameter(name="brush", select=brush, views=list(views)),
        alt.TopLevelSelectionParameter(name="hover", select=hover, views=list(views)),
        alt.TopLevelSelectionParameter(name="who", select=who, views=[legend or views[0]], bind=choice),
    ]


def _one() -> alt.InlineData:
    return alt.InlineData(values=[{}])
