"""Rows become one chart: legend, rows, selections, and a subtitle that says what is not shown."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import altair as alt

from hs_jupyter.charts import style
from hs_jupyter.charts.columns import shown
from hs_jupyter.charts.legend import NAME as LEGEND
from hs_jupyter.charts.legend import hint, legend
from hs_jupyter.charts.linking import selections
from hs_jupyter.charts.row import cells_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hs_jupyter.charts.axis import Axis
    from hs_jupyter.charts.row import Row
    from hs_jupyter.charts.sources import Sources

WORDS = {
    "ratings": "continuous ratings", "ratings_sparse": "sparse ratings", "sync": "sync metrics",
    "events": "events", "chat": "chat", "recordings": "recordings",
}  # fmt: skip
"""The tables that can be drawn, in the order of their rows, as a reader calls them."""


_OBJECT_NAMES = (
    "constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString",
    "valueOf", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__", "__proto__",
)  # fmt: skip


def notes(sources: Sources, rows: Sequence[Row], width: int) -> list[str]:
    """Say what a reader would otherwise not know: thinning, tables without data, rows without a place.

    Parameters
    ----------
    sources
        What was to be drawn.
    rows
        The rows of the chart.
    width
        Width of a plot in pixels.
    """
    total: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for row in rows:
        total[row.noun] += row.total
        kept[row.noun] += row.drawn
    thinned = [f"{kept[noun]:,} of {total[noun]:,} {noun}" for noun in total if kept[noun] < total[noun]]
    counts = [(word, *sources.counts[name]) for name, word in WORDS.items() if name in sources.counts]
    empty = [word for word, _, drawn in counts if not drawn]
    unplaced = [f"{total - drawn:,} of {word}" for word, total, drawn in counts if 0 < drawn < total]
    said = []
    if thinned:
        said.append(f"Thinned to {width} pixels: {', '.join(thinned)} drawn.")
    if empty:
        said.append(f"No data: {', '.join(empty)}.")
    if unplaced:
        said.append(f"Not drawn, without an onset or a value: {', '.join(unplaced)}.")
    return said


RENDERING = {"hs_jupyter": {"brush": "open", "ink": style.INK}}
"""What our own renderer may do: read values inside the brush, take the page's colour for text."""


def assemble(axis: Axis, rows: Sequence[Row], *, title: str, said: Sequence[str]) -> alt.VConcatChart:
    """Put rows under each other on one axis."""
    head = alt.TitleParams(
        _title(title),
        subtitle=[line for one in said for line in wrap(one, max(40, axis.width // 6))],
        anchor="start",
        frame="bounds",
        offset=10,
    )
    if not rows:
        return alt.VConcatChart(vconcat=[nothing(axis)], title=head, **_look())
    strip = hint(axis) if axis.many else legend(axis)
    views = [cells_name(position) for position, _ in enumerate(rows, 1)]
    return alt.VConcatChart(
        vconcat=[strip, *_charts(axis, rows)],
        params=selections(axis, views, None if axis.many else LEGEND),
        padding={"left": 5, "top": 5, "right": style.READOUT_WIDTH, "bottom": 5},
        title=head,
        **_look(),
    )


def _charts(axis: Axis, rows: Sequence[Row]) -> list[alt.LayerChart]:
    return [
        row.chart(replace(axis, labelled=row is rows[-1]), position) for position, row in enumerate(rows, 1)
    ]


def _look() -> dict[str, Any]:
    return {"background": "transparent", "config": style.config(), "usermeta": RENDERING}


def _title(text: str) -> str:
    """Return the title as it can be drawn: Vega 6 fails on the bare name of a JavaScript object's method."""
    return shown(text) + (" " if text in _OBJECT_NAMES else "")


def nothing(axis: Axis) -> alt.Chart:
    """Say that there is nothing to draw."""
    empty: alt.Chart = (
        alt.Chart(alt.InlineData(values=[{"text": "Nothing to draw"}]), width=axis.width, height=40)
        .mark_text(color=style.INK, align="left", x=0, fontSize=style.FONT)
        .encode(text="text:N")
    )
    return empty
