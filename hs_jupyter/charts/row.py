"""A row of the timeline: its layers, stacked in the one order in which brush and cursor work."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import altair as alt

from hs_jupyter.charts import style
from hs_jupyter.charts.linking import MARKED, brushed, cells, cursor, nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from hs_jupyter.charts.linking import Axis

Draw = "Callable[[Axis], Row]"
LANE_FONT = 10


@dataclass(frozen=True)
class Row:
    """What one row shows.

    Parameters
    ----------
    name
        A word of ours, the start of every name in the specification.
    title
        Shown above the row.
    height
        Pixels.
    rows
        The dataset: plain rows with fixed field names.
    below, above
        Layers under and over the cells that feel the pointer: what has a tooltip lies above.
    """

    name: str
    title: str
    height: int
    rows: list[dict[str, Any]]
    below: list[alt.Chart] = field(default_factory=list)
    above: list[alt.Chart] = field(default_factory=list)

    def chart(self, axis: Axis, position: int, *more: alt.Chart) -> alt.LayerChart:
        """Return the row as an Altair chart over its named dataset, at a position of the column."""
        return alt.layer(
            brushed(axis),
            *self.below,
            cells(axis, cells_name(position)),
            *self.above,
            cursor(axis),
            *more,
            data=alt.InlineData(name=self.name, values=self.rows),
            title=alt.TitleParams(self.title, anchor="start", frame="group"),
            width=axis.width,
            height=self.height,
        )


def cells_name(position: int) -> str:
    """Name the view that feels the pointer.

    Altair 6.3 ends the names of layers in a concatenation with their position, without changing the
    ``views`` of selections: a name that ends so already stays as it is.
    """
    return f"cells_{position}"


def lines(
    axis: Axis, y: alt.Y, within_sec: float, number: str, height: int
) -> tuple[list[alt.Chart], list[alt.Chart]]:
    """Draw series with their gaps: faint everywhere, strong where marked, values under the cursor.

    Returns the layers below and above the cells; the dataset has ``onset_sec``, ``value``,
    ``participant``, ``segment`` (one per uninterrupted stretch), ``slot`` (order of participants).
    """

    def line(opacity: float, width: float) -> alt.Chart:
        return (
            alt.Chart()
            .mark_line(
                interpolate="linear",
                strokeWidth=width,
                opacity=opacity,
                strokeCap="round",
                strokeJoin="round",
                clip=True,
            )
            .encode(x=axis.x(), y=y, color=axis.color(), detail=["participant:N", "segment:N"])
        )

    crowd = axis.many
    faint = line(style.FAINT, 1.0)
    strong = line(0.5 if crowd else style.STRONG, 1.0 if crowd else 1.6).transform_filter(MARKED)
    dots = (
        nearest(alt.Chart(), within_sec)
        .mark_point(filled=True, size=34, opacity=1, aria=False)
        .encode(x=axis.x(), y=y, color=axis.color())
    )
    above = [dots]
    if len(axis.participants) * 12 <= height + 8:
        above.append(
            nearest(alt.Chart(), within_sec)
            .mark_text(
                align="left",
                baseline="top",
                fontSize=LANE_FONT,
                opacity=1,
                aria=False,
                x=axis.width + 8,
                y=alt.ExprRef("datum.slot * 12"),
            )
            .encode(text=alt.Text("value:Q", format=number), color=axis.color())
        )
    return [faint, strong], above
