"""The legend: a strip above the rows; a click chooses a participant everywhere, another lets go.

It is a view of its own rather than Vega-Lite's legend: that one would stand inside the first row and
feel clicks for this row's colours only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from hs_jupyter.charts import style
from hs_jupyter.charts.linking import cursor_clock
from hs_jupyter.charts.params import WHO

if TYPE_CHECKING:
    from hs_jupyter.charts.axis import Axis

NAME = "legend_0"
"""The name of the view that feels clicks; it ends with its position, see ``cells_name``."""

_LETTER, _MORE, _LIMIT = 6.4, 34, 170
"""Pixels: of a letter, of symbol and space, of the longest name."""


def legend(axis: Axis) -> alt.LayerChart:
    """Return the strip of participants in their colours, in as many lines as they need."""
    rows, left, line = [], 0.0, 0
    for name in axis.participants:
        length = min(_LIMIT, _LETTER * len(name)) + _MORE
        if left and left + length > axis.width:
            left, line = 0.0, line + 1
        rows.append(
            {
                "participant": name,
                "left": left,
                "symbol": left + 5,
                "text": left + 15,
                "right": left + length - 6,
                "middle": line * style.STRIP_LINE + style.STRIP_LINE / 2,
            }
        )
        left += length
    base = alt.Chart()
    touch = base.mark_rect(
        opacity=0, fill=style.INK, cursor="pointer", aria=False, height=style.STRIP_LINE
    ).encode(x=_pixels_x("left:Q"), x2="right:Q", y=_pixels_y("middle:Q"))
    shown = alt.condition(WHO, alt.value(1), alt.value(style.FAINT + 0.1))
    symbols = base.mark_point(filled=True, size=64, cursor="pointer").encode(
        x=_pixels_x("symbol:Q"), y=_pixels_y("middle:Q"), color=axis.color(), opacity=shown
    )
    names = base.mark_text(
        align="left", baseline="middle", color=style.INK, fontSize=style.FONT, limit=_LIMIT, cursor="pointer"
    ).encode(x=_pixels_x("text:Q"), y=_pixels_y("middle:Q"), text="participant:N", opacity=shown)
    return alt.LayerChart(
        layer=[touch.properties(name=NAME), symbols, names, cursor_clock(axis)],
        data=alt.InlineData(name="participants", values=rows),
        width=axis.width,
        height=style.STRIP_LINE * (line + 1),
    )


def hint(axis: Axis) -> alt.LayerChart:
    """Return what stands in the legend's place when participants are chosen from a list."""
    says = f"{len(axis.participants):,} participants: choose one from the list"
    text = alt.Chart(alt.InlineData(values=[{}])).mark_text(
        align="left", baseline="middle", color=style.INK, fontSize=style.FONT, x=0, y=style.STRIP_LINE / 2
    )
    return alt.LayerChart(
        layer=[text.encode(text=alt.value(says)), cursor_clock(axis)],
        width=axis.width,
        height=style.STRIP_LINE,
    )


def _pixels_x(field: str) -> alt.X:
    return alt.X(field, scale=None, axis=None)


def _pixels_y(field: str) -> alt.Y:
    return alt.Y(field, scale=None, axis=None)
