"""A row of the timeline: its layers, stacked in the one order in which brush and cursor work."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import altair as alt

from hs_jupyter.charts import style
from hs_jupyter.charts.linking import brushed, cells, cursor, start_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hs_jupyter.charts.axis import Axis
    from hs_jupyter.charts.data import Data
    from hs_jupyter.charts.tips import Tip

Layers = tuple[list[alt.Chart], list[alt.Chart]]
"""Layers below and above the cells that feel the pointer; what has a tooltip lies above."""

Kind = Literal["lines", "points", "spans", "bars"]
"""What stands in a row: samples joined to lines, single moments, spans with a beginning and an end, counts."""


@dataclass(frozen=True)
class Row:
    """What one row shows.

    Parameters
    ----------
    name
        A word of ours: the name of its dataset.
    kind
        What stands in it.
    title
        Shown above the row.
    height
        Pixels.
    data
        The dataset: plain rows with fixed field names.
    layers
        Makes its layers on an axis.
    noun
        What its marks stand for, for the subtitle: ``samples of valence``.
    drawn, total
        How many of them are drawn, of how many.
    y
        The ends of its scale; None where it has lanes.
    lanes
        Its lanes, from top to bottom.
    apart
        Whether each participant has a line of their own within a lane.
    number
        Format of a value under the cursor.
    reach_sec
        How far from the cursor a sample may be and still be shown.
    snaps
        Where the cursor of a chart stands when the pointer is on a mark, as a Vega expression.
    tips
        What is told of a mark under the pointer.
    more
        Further datasets that its layers name.
    whole
        Whether its data are the same for every window.
    """

    name: str
    kind: Kind
    title: str
    height: int
    data: Data
    layers: Callable[[Axis], Layers]
    noun: str
    drawn: int
    total: int
    y: tuple[float, float] | None = None
    lanes: tuple[str, ...] = ()
    apart: bool = False
    number: str = ""
    reach_sec: float = 0.0
    snaps: str = "datum.onset_sec"
    tips: tuple[Tip, ...] = ()
    more: Mapping[str, Data] = field(default_factory=dict)
    whole: bool = False

    def chart(self, axis: Axis, position: int) -> alt.LayerChart:
        """Return the row as an Altair chart over its named dataset, at a position of the column."""
        below, above = self.layers(axis)
        felt = cells(axis, cells_name(position))
        return alt.LayerChart(
            layer=[brushed(), *start_line(axis), *below, felt, *above, cursor()],
            data=axis.data(self.name, self.data),
            transform=[
                alt.FlattenTransform(flatten=self.data.lists),
                alt.CalculateTransform(calculate=self.snaps, **{"as": "cursor_sec"}),
            ],
            encoding=axis.shared(),
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


def unit_y(values: tuple[float, ...] = (0, 0.5, 1), ends: tuple[float, float] = (0, 1)) -> alt.Y:
    """Return the axis of a value between 0 and 1."""
    return alt.Y(
        "value:Q",
        scale=alt.Scale(domain=list(ends), nice=False),
        axis=alt.Axis(values=list(values), format="~g", title=None),
    )


def lane_y(lanes: tuple[str, ...], axis: Axis) -> alt.Y:
    """Return an axis of named lanes, in the order given."""
    limit: Any = alt.Undefined if axis.live else style.LABEL_WIDTH
    return alt.Y(
        "lane:N",
        scale=alt.Scale(type="band", domain=list(lanes), paddingInner=0.2, paddingOuter=0.1),
        axis=alt.Axis(title=None, grid=False, labelLimit=limit),
    )
