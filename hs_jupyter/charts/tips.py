"""What is told of a mark under the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import altair as alt

from hs_jupyter.charts.axis import clock_expr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hs_jupyter.charts.axis import Axis


class Tip(NamedTuple):
    """One line of a tooltip: a field of ours, what it is called, and how it is written.

    ``seconds`` and ``tenths`` are times as ``m:ss`` and ``m:ss.s``, ``length`` a time that may not be known,
    ``unit`` a number with two decimals.
    """

    field: str
    title: str
    kind: Literal["text", "count", "unit", "seconds", "tenths", "length"] = "text"


def with_tips(chart: alt.Chart, axis: Axis, tips: Sequence[Tip]) -> alt.Chart:
    """Give a chart its tooltips; the view of a live chart shows them by itself."""
    if axis.live:
        return chart
    times = {f"{one.field}_text": _clock(one) for one in tips if one.kind in ("seconds", "tenths", "length")}
    if times:
        chart = chart.transform_calculate(**times)
    return chart.encode(tooltip=[_tooltip(one) for one in tips])


def _clock(tip: Tip) -> str:
    text = clock_expr(tip.field, 1 if tip.kind == "tenths" else 0)
    return f"datum.open ? 'not known' : {text}" if tip.kind == "length" else text


def _tooltip(tip: Tip) -> alt.Tooltip:
    if tip.kind == "count":
        return alt.Tooltip(f"{tip.field}:Q", title=tip.title)
    if tip.kind == "unit":
        return alt.Tooltip(f"{tip.field}:Q", title=tip.title, format=".2f")
    field = tip.field if tip.kind == "text" else f"{tip.field}_text"
    return alt.Tooltip(f"{field}:N", title=tip.title)
