"""What ties the rows together: the brush, the cursor, the participant chosen; and the onset axis.

Expressions here are written by us and hold numbers and our own field names only; text from a study
never becomes part of one. The selections are declared once for the whole chart, each with the views
it listens in: a layered row would otherwise get every signal twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt

from hs_jupyter.charts import style
from hs_jupyter.timeline import tick_step_sec, ticks_sec

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_LEGEND = 12
"""More participants than this are chosen from a list: a legend of them could not be read."""

CELL_PIXELS = 3
"""Width of one cell of the grid that the cursor snaps to."""

BRUSH, HOVER, WHO = alt.param(name="brush"), alt.param(name="hover", empty=False), alt.param(name="who")
MARKED = BRUSH & WHO
"""What is brushed and belongs to the participants chosen (everything, while nothing is)."""

_HOVERED = "isValid(hover.cursor_sec) && isValid(hover.cursor_sec[0])"


@dataclass(frozen=True)
class Axis:
    """The onset axis that all rows of one chart share.

    Parameters
    ----------
    start_sec, end_sec
        Its domain, in seconds of onset.
    participants
        Everyone drawn, in order.
    width
        Width of every plot in pixels.
    """

    start_sec: float
    end_sec: float
    participants: tuple[str, ...]
    width: int

    @property
    def many(self) -> bool:
        """Whether there are too many participants for colours and a legend."""
        return len(self.participants) > MAX_LEGEND

    @property
    def pixel_sec(self) -> float:
        """How many seconds one pixel stands for."""
        return (self.end_sec - self.start_sec) / self.width

    def x(self) -> alt.X:
        """Return the encoding of ``onset_sec``, without labels: only the lowest row shows them."""
        return alt.X("onset_sec:Q", scale=self._scale(), axis=self._axis(labels=False))

    def labelled(self) -> alt.X:
        """Return the encoding of ``onset_sec`` with the axis' labels."""
        return alt.X("onset_sec:Q", scale=self._scale(), axis=self._axis(labels=True))

    def _scale(self) -> alt.Scale:
        return alt.Scale(domain=[self.start_sec, self.end_sec], nice=False, zero=False)

    def _axis(self, *, labels: bool) -> alt.Axis:
        at_most = max(2, self.width // 68)
        step = tick_step_sec(self.end_sec - self.start_sec, at_most)
        return alt.Axis(
            values=ticks_sec(self.start_sec, self.end_sec, at_most),
            labelExpr=clock_expr("value", 0 if step >= 1 else 1 if step >= 0.1 else 3),  # noqa: PLR2004
            labels=labels,
            ticks=labels,
            title="time from the experiment's start (m:ss)" if labels else None,
        )

    def color(self) -> Any:
        """Return the colour of a participant, the same in every row."""
        if self.many:
            return alt.value(style.CROWD)
        return alt.Color(
            "participant:N",
            scale=alt.Scale(domain=list(self.participants), range=list(style.PALETTE)),
            legend=None,
        )


def clock_expr(field: str, decimals: int) -> str:
    """Return the Vega expression that writes one of our fields, in seconds, as ``m:ss``."""
    half = f"{0.5 * 10**-decimals:.{decimals + 1}f}"  # rounds half up once, so 59.96 becomes 1:00.0
    floor = f"floor((abs(datum.{field}) + {half}) * {10**decimals}) / {10**decimals}"
    digits = f"0{3 + decimals}.{decimals}f" if decimals else "02.0f"
    return f"(datum.{field} <= -{half} ? '-' : '') + floor({floor} / 60) + ':' + format({floor} % 60, '{digits}')"


def cells(axis: Axis, name: str) -> alt.Chart:
    """Return the invisible cells of one row: they feel the pointer, for the brush and the cursor."""
    count = max(1, axis.width // CELL_PIXELS)
    step = (axis.end_sec - axis.start_sec) / count
    grid = alt.sequence(0, count, 1, as_="cell")
    start = f"{axis.start_sec!r} + datum.cell * {step!r}"
    return (
        alt.Chart(grid, name=name)
        .transform_calculate(
            onset_sec=start, end_sec=f"{start} + {step!r}", cursor_sec=f"{start} + {step / 2!r}"
        )
        .mark_rect(opacity=0, fill=style.INK, aria=False)
        .encode(x=axis.x(), x2="end_sec:Q")
    )


def brushed(axis: Axis) -> alt.Chart:
    """Return the band that shows the brush in a row, whichever row it was drawn in."""
    return (
        alt.Chart(_one())
        .transform_filter("isValid(brush.onset_sec)")
        .transform_calculate(onset_sec="brush.onset_sec[0]", end_sec="brush.onset_sec[1]")
        .mark_rect(fill=style.INK, opacity=0.13, aria=False)
        .encode(x=axis.x(), x2="end_sec:Q")
    )


def cursor(axis: Axis) -> alt.Chart:
    """Return the cursor's rule."""
    return (
        alt.Chart(_one())
        .transform_filter(_HOVERED)
        .transform_calculate(onset_sec="hover.cursor_sec[0]")
        .mark_rule(color=style.INK, opacity=0.8, strokeWidth=1, aria=False)
        .encode(x=axis.x())
    )


def cursor_clock(axis: Axis) -> alt.Chart:
    """Return the cursor's onset, written above the right margin of the first row."""
    return (
        alt.Chart(_one())
        .transform_filter(_HOVERED)
        .transform_calculate(onset_sec="hover.cursor_sec[0]")
        .transform_calculate(at=clock_expr("onset_sec", 1))
        .mark_text(
            align="left",
            baseline="bottom",
            color=style.INK,
            fontSize=11,
            fontWeight="bold",
            x=axis.width + 8,
            y=-4,
            aria=False,
        )
        .encode(text="at:N")
    )


def nearest(chart: alt.Chart, within_sec: float) -> alt.Chart:
    """Keep of each participant the one sample nearest to the cursor, none when all are too far."""
    return (
        chart.transform_filter(_HOVERED)
        .transform_filter(WHO)
        # the tiny shift breaks ties between two samples equally far
        .transform_calculate(distance_sec="abs(datum.onset_sec - hover.cursor_sec[0] + 0.000001)")
        .transform_filter(f"datum.distance_sec <= {within_sec!r}")
        .transform_joinaggregate(nearest_sec="min(distance_sec)", groupby=["participant"])
        .transform_filter("datum.distance_sec <= datum.nearest_sec")
    )


def selections(axis: Axis, views: Sequence[str], legend: str | None) -> list[Any]:
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
        mark=alt.BrushConfig(fill=style.INK, fillOpacity=0, stroke=style.INK, strokeOpacity=0.6),
    )
    hover = alt.PointSelectionConfig(
        type="point", fields=["cursor_sec"], on="pointermove", clear="pointerout", toggle=False
    )
    who = alt.PointSelectionConfig(type="point", fields=["participant"], toggle="true" if legend else False)
    everyone = alt.BindRadioSelect(
        input="select",
        options=[None, *axis.participants],
        labels=["everyone", *axis.participants],
        name="Participant ",
    )
    found: list[Any] = [
        alt.TopLevelSelectionParameter(name="brush", select=brush, views=list(views)),
        alt.TopLevelSelectionParameter(name="hover", select=hover, views=list(views)),
    ]
    if legend:
        found.append(alt.TopLevelSelectionParameter(name="who", select=who, views=[legend]))
    else:
        found.append(alt.TopLevelSelectionParameter(name="who", select=who, views=[views[0]], bind=everyone))
    return found


def _one() -> alt.InlineData:
    return alt.InlineData(values=[{}])
