"""Rows under each other for a view that sets their window, and draws all that moves by itself.

The parts are Altair's; they are put together here as plain JSON, since Altair's own way of joining charts
copies and checks all of them again, and a reader waits for it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import altair as alt

from hs_jupyter.charts import style
from hs_jupyter.charts.assemble import RENDERING, nothing
from hs_jupyter.charts.axis import END, LABELS, START, TICK_STEP, TICKS
from hs_jupyter.charts.linking import start_line
from hs_jupyter.charts.params import CHOSEN_PEOPLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hs_jupyter.charts.axis import Axis
    from hs_jupyter.charts.row import Row


def live_spec(axis: Axis, rows: Sequence[Row]) -> dict[str, Any]:
    """Return the Vega-Lite specification of a live chart: named data without values, and parameters.

    Title, legend and notes stand around it. Parameters: ``window_start_sec`` and ``window_end_sec``,
    ``ticks_sec`` (a list) and ``tick_step_sec``, ``label_width_px`` left of every plot,
    ``chosen_participants`` (a list, null is everyone).

    Parameters
    ----------
    axis
        A live axis over everything.
    rows
        What it shows; their data stay outside.
    """
    datasets: dict[str, Any] = {}
    moved: dict[str, Any] = {
        START: axis.start_sec, END: axis.end_sec, TICKS: [], TICK_STEP: 1, LABELS: style.LABEL_WIDTH,
        CHOSEN_PEOPLE: None,
    }  # fmt: skip
    return {
        "$schema": alt.SCHEMA_URL,
        "background": "transparent",
        "config": _config().to_dict(),
        "params": [{"name": name, "value": value} for name, value in moved.items()],
        "usermeta": RENDERING,
        "vconcat": [_row(row, replace(axis, labelled=row is rows[-1]), datasets) for row in rows]
        or [_plain(nothing(axis), datasets)],
        "datasets": {name: values for name, values in datasets.items() if name != "empty"},
    }


def _row(row: Row, axis: Axis, datasets: dict[str, Any]) -> dict[str, Any]:
    below, above = row.layers(axis)
    layers = [_plain(one, datasets) for one in (*start_line(axis), *below, *above)]
    for one in layers:
        one["mark"]["clip"] = True  # the window is narrower than its data
    return {
        "data": {"name": row.name},
        "encoding": {name: one.to_dict(validate=False) for name, one in axis.shared().items()},
        "title": {"text": row.title, "anchor": "start", "frame": "group"},
        "width": axis.width,
        "height": row.height,
        "layer": layers,
    }


def _plain(chart: alt.Chart, datasets: dict[str, Any]) -> dict[str, Any]:
    """Write a part as JSON; what data it holds goes to the datasets."""
    context = {"top_level": False, "datasets": datasets}
    spec: dict[str, Any] = chart.to_dict(validate=False, context=context)
    if chart.data is alt.Undefined:  # it draws its row's
        spec.pop("data", None)
    return spec


def _config() -> alt.Config:
    config = style.config()
    # no text for every mark: the view says in words what is drawn; and numbers come without NaN
    config.mark = alt.MarkConfig(aria=False, invalid=None)
    config.axisY.minExtent = config.axisY.maxExtent = alt.ExprRef(LABELS)
    config.axisY.labelLimit = alt.ExprRef(f"{LABELS} - 12")
    config.title.limit = alt.ExprRef("width")
    return config
