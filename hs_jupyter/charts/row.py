"""A row of the timeline: its layers, stacked in the one order in which brush and cursor work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt

from hs_jupyter.charts import style
from hs_jupyter.charts.linking import brushed, cells, cursor, start_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from hs_jupyter.charts.axis import Axis

Layers = tuple[list[alt.Chart], list[alt.Chart]]
"""Layers below and above the cells that feel the pointer; what has a tooltip lies above."""


@dataclass(frozen=True)
class Row:
    """What one row shows.

    Parameters
    ----------
    name
        A word of ours: the name of its dataset.
    title
        Shown above the row.
    height
        Pixels.
    rows
        The dataset: plain rows with fixed field names.
    layers
        Makes its layers on an axis.
    noun
        What its marks stand for, for the subtitle: ``samples of valence``.
    drawn, total
        How many of them are drawn, of how many.
    flatten
        Fields of the dataset that hold lists, one element for each sample.
    """

    name: str
    title: str
    height: int
    rows: list[dict[str, Any]]
    layers: Callable[[Axis], Layers]
    noun: str
    drawn: int
    total: int
    flatten: tuple[str, ...] = ()

    def chart(self, axis: Axis, position: int) -> alt.LayerChart:
        """Return the row as an Altair chart over its named dataset, at a position of the column."""
        below, above = self.layers(axis)
        layered = alt.LayerChart(
            layer=[
                brushed(axis),
                *start_line(axis),
                *below,
                cells(axis, cells_name(position)),
                *above,
                cursor(axis),
            ],
            data=alt.InlineData(name=self.name, values=self.rows),
            title=alt.TitleParams(self.title, anchor="start", frame="group"),
            width=axis.width,
            height=self.height,
        )
        if self.flatten:
            layered.transform = [alt.FlattenTransform(flatten=list(self.flatten))]
        return layered


def cells_name(position: int) -> str:
    """Name the view that feels the pointer.

    Altair 6.3 ends the names of layers in a concatenation with their position, without changing the
    ``views`` of selections: a name that ends so already stays as it is.
    """
    return f"cells_{position}"


def unit_y(values: tuple[float, ...] = (0, 0.5, 1)) -> alt.Y:
    """Return the axis of a value between 0 and 1."""
    return alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[0, 1], nice=False),
        axis=alt.Axis(values=list(values), format="~g", title=None),
    )


def lane_y(lanes: list[str]) -> alt.Y:
    """Return an axis of named lanes, in the order given."""
    return alt.Y(
        "lane:N",
        scale=alt.Scale(type="band", domain=lanes, paddingInner=0.2, paddingOuter=0.1),
        axis=alt.Axis(title=None, grid=False, labelLimit=style.LABEL_WIDTH),
    )
