"""Rows become one chart: legend, rows, selections, and a subtitle that says what is not shown."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np

from hs_jupyter.charts import style
from hs_jupyter.charts.columns import shown
from hs_jupyter.charts.legend import NAME as LEGEND
from hs_jupyter.charts.legend import hint, legend
from hs_jupyter.charts.linking import selections
from hs_jupyter.charts.row import cells_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from hs_jupyter.charts.axis import Axis
    from hs_jupyter.charts.row import Row

WORDS = {
    "ratings": "continuous ratings", "ratings_sparse": "sparse ratings", "sync": "sync metrics",
    "events": "events", "chat": "chat", "recordings": "recordings",
}  # fmt: skip
"""The tables that can be drawn, in the order of their rows, as a reader calls them."""


_OBJECT_NAMES = (
    "constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString",
    "valueOf", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__", "__proto__",
)  # fmt: skip


def domain_of(onsets_sec: Iterable[NDArray[np.float64]]) -> tuple[float, float]:
    """Return the closed span of all onsets in seconds, one second at least."""
    finite = [one[np.isfinite(one)] for one in onsets_sec]
    every = np.concatenate([*finite, np.zeros(0)])
    if not len(every):
        return 0.0, 1.0
    start, end = float(np.floor(every.min() * 1000) / 1000), float(np.ceil(every.max() * 1000) / 1000)
    return (start, end) if end - start >= 1 else (start - 0.5, start + 0.5)


def notes(
    tables: Mapping[str, pa.Table], drawn: Mapping[str, int], rows: Sequence[Row], width: int
) -> list[str]:
    """Say what a reader would otherwise not know: thinning, tables without data, rows without a place.

    Parameters
    ----------
    tables
        What was to be drawn.
    drawn
        For each table, how many of its rows have a place in the chart, thinned or not.
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
    empty = [word for name, word in WORDS.items() if name in tables and not drawn.get(name)]
    lost = {
        word: tables[name].num_rows - drawn[name]
        for name, word in WORDS.items()
        if name in tables and drawn.get(name)
    }
    unplaced = [f"{count:,} of {word}" for word, count in lost.items() if count]
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
    head: dict[str, Any] = {
        "title": alt.TitleParams(
            _title(title),
            subtitle=[line for one in said for line in wrap(one, max(40, axis.width // 6))],
            anchor="start",
            frame="bounds",
            offset=10,
        ),
        "background": "transparent",
        "config": style.config(),
        "usermeta": RENDERING,
    }
    if not rows:
        return alt.VConcatChart(vconcat=[_nothing(axis)], **head)
    strip = hint(axis) if axis.many else legend(axis)
    charts = [
        row.chart(replace(axis, labelled=row is rows[-1]), position) for position, row in enumerate(rows, 1)
    ]
    views = [cells_name(position) for position, _ in enumerate(rows, 1)]
    return alt.VConcatChart(
        vconcat=[strip, *charts],
        params=selections(axis, views, None if axis.many else LEGEND),
        padding={"left": 5, "top": 5, "right": style.READOUT_WIDTH, "bottom": 5},
        **head,
    )


def _title(text: str) -> str:
    """Return the title as it can be drawn: Vega 6 fails on the bare name of a JavaScript object's method."""
    return shown(text) + (" " if text in _OBJECT_NAMES else "")


def _nothing(axis: Axis) -> alt.Chart:
    empty: alt.Chart = (
        alt.Chart(alt.InlineData(values=[{"text": "Nothing to draw"}]), width=axis.width, height=40)
        .mark_text(color=style.INK, align="left", x=0, fontSize=style.FONT)
        .encode(text="text:N")
    )
    return empty
