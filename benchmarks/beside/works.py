"""The works that are measured; each yields what it did, and the figures of each side."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from beside.figures import Figures
from beside.notebook import OURS_READY, Bench
from beside.others import CHART_READY, OTHERS, RESAMPLED, jupyter_chart
from beside.study import EIGHT, ONE, SHORT, SHORT_RATINGS, cell_data
from beside.zooming import IN, OUT, PLOTLY_READY, REST_MS, ours_zoom, plotly_zoom

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter import NotebookPage

STATIC = Path(__file__).parents[2] / "hs_jupyter" / "explorer" / "static"
SAVE_STATE = "@jupyter-widgets/jupyterlab-manager:saveWidgetState"
CHART_POINTS = 50_000
SAVED_SAMPLES = 1_000_000


def choose(bench: Bench, folder: Path, repeats: int, _samples: int) -> Iterator[tuple[str, list[Figures]]]:
    """Click on a stored room, right after the explorer is there; beside it, run the cell of a chart."""
    ours, theirs = Figures("explorer"), Figures("JupyterChart")
    for _ in range(min(repeats, 5)):
        bench.explorer(folder)
        ours.add("choose → painted", bench.choose(SHORT))
        bench.open(*jupyter_chart(SHORT_RATINGS))
        theirs.add("choose → painted", bench.shown(CHART_READY))
    yield f"a stored room of {SHORT_RATINGS:,} ratings", [ours, theirs]


def long(bench: Bench, folder: Path, repeats: int, samples: int) -> Iterator[tuple[str, list[Figures]]]:
    """Draw very many samples, and zoom into them."""
    chance = np.random.default_rng(0)
    for room, series in ((ONE, 1), (EIGHT, 8)):
        ours, theirs = Figures("explorer"), Figures("plotly-resampler")
        bench.explorer(folder)
        bench.choose(SHORT)  # what is imported once is imported
        ours.add("first paint", bench.choose(room))
        for turn in range(repeats):
            bench.received, bench.details = 0, 0
            way = (IN, IN, OUT, OUT)[turn % 4]
            took = ours_zoom(bench, float(chance.uniform(0.2, 0.8)), way)
            bench.page.wait_for_timeout(REST_MS)
            ours.add("zoom → detail, p95", took)
            ours.add("one zoom sends", bench.received / max(1, bench.details) / 1000)
        if bench.others:
            measure_resampler(bench, theirs, series, samples, repeats)
        yield f"{samples:,} ratings as {series} series", [ours, theirs]


def measure_resampler(bench: Bench, theirs: Figures, series: int, samples: int, repeats: int) -> None:
    chance = np.random.default_rng(0)
    bench.open(cell_data(series, samples // series), RESAMPLED, kernel=OTHERS)
    theirs.add("first paint", bench.shown(PLOTLY_READY))
    for _ in range(repeats):
        bench.received = 0
        theirs.add("zoom → detail, p95", plotly_zoom(bench, float(chance.uniform(0.1, 0.7))))
        theirs.add("one zoom sends", bench.received / 2000)  # in and out again


def brush(bench: Bench, folder: Path, repeats: int, _samples: int) -> Iterator[tuple[str, list[Figures]]]:
    """Brush a painted chart."""
    ours, theirs = Figures("explorer"), Figures("JupyterChart")
    page = bench.page
    bench.explorer(folder)
    bench.choose(SHORT)
    stage = page.locator(".hs-Stage").bounding_box()
    assert stage
    plots = {**stage, "x": stage["x"] + 104, "width": stage["width"] - 156}
    ours.took["pointer → painted, p95"] = brushed(bench, plots, 60, repeats)
    bench.open(*jupyter_chart(SHORT_RATINGS))
    bench.shown(CHART_READY)
    canvas = page.locator(".jp-OutputArea .marks").bounding_box()
    assert canvas
    plots = {**canvas, "x": canvas["x"] + 60, "width": 600}
    theirs.took["pointer → painted, p95"] = brushed(bench, plots, 60, repeats)
    yield "4 series brushed", [ours, theirs]


def brushed(bench: Bench, plots: dict[str, float], down: float, repeats: int) -> list[float]:
    """Brush some times over a chart; milliseconds that each move of the pointer took to be painted."""
    for _ in range(max(1, repeats // 10)):
        bench.drag(plots, 0.15, 0.85, down, 100)
    moves: list[float] = bench.page.evaluate("() => bench.moves.splice(0)")
    return moves


def saved(bench: Bench, folder: Path, _repeats: int, _samples: int) -> Iterator[tuple[str, list[Figures]]]:
    """Save ten plots and an explorer with widget state; beside it, one chart of what a user has today."""
    connect = f"%load_ext hs_jupyter\nimport hs_jupyter as hs\nhs.connect(folder={str(folder)!r})"
    rooms = [*(f"room_pair_{number:02}" for number in range(4, 13)), "room_group_01"]
    ours, theirs, others = Figures("explorer"), Figures("JupyterChart"), Figures("plotly-resampler")
    room = f"explorer = hs.explore(room='{SHORT}')\nexplorer"
    for kind, types in (("all rows of a room", ""), ("its ratings", " --types ratings")):
        plots = [f"%hs plot room {room_id}{types}" for room_id in rooms]
        notebook = bench.open(connect, *plots, room)
        bench.shown(OURS_READY)
        kept = save_with_state(notebook)
        ours.add(f"notebook gains, {kind}", kept.gain)
        shown = kept.outputs[1 : 1 + len(plots)]
        ours.add(f"... by a plot of {kind}", float(np.mean(shown)) / 1000)
        ours.add(f"... by the explorer, {kind}", kept.gain - sum(shown) / 1000)
    ours.add("one copy of the module", kept.module / 1000)
    texts = [json.dumps(one) for one in kept.states if "_scope" in one]
    if len(texts) != 1 or "onset" in texts[0] or "participant_" in texts[0]:
        raise AssertionError("the explorer's state is to be there, and to hold no records")
    ours.add("explorer's own state", len(texts[0]) / 1000)
    notebook = bench.open(*jupyter_chart(CHART_POINTS))
    bench.shown(CHART_READY)
    theirs.add("notebook gains, its ratings", save_with_state(notebook).gain)
    if bench.others:
        cells = (cell_data(8, SAVED_SAMPLES // 8), RESAMPLED)
        notebook = bench.open(*cells, kernel=OTHERS)
        bench.shown(PLOTLY_READY)
        others.add("notebook gains, its ratings", save_with_state(notebook).gain)
    about = (
        f"beside one JupyterChart of {CHART_POINTS:,} points, one FigureWidgetResampler of {SAVED_SAMPLES:,}"
    )
    yield f"saved with widget state: ten plots and an explorer, {about}", [ours, theirs, others]


class Saved(NamedTuple):
    """What a notebook file holds: the characters of each cell's outputs, widget states without modules, theirs."""

    outputs: list[int]
    states: list[dict[str, Any]]
    module: int

    @property
    def gain(self) -> float:
        """Return kB of outputs and widget state, without modules."""
        return (sum(self.outputs) + sum(written(one) for one in self.states)) / 1000


def written(held: Any) -> int:
    """Count characters as a notebook file has them: every number of a list stands on a line of its own."""
    return len(json.dumps(held, indent=1))


def save_with_state(notebook: NotebookPage) -> Saved:
    """Save the notebook with the state of its widgets."""
    toggled = f"() => window.jupyterapp.commands.isToggled('{SAVE_STATE}')"
    if not notebook.page.evaluate(toggled):
        notebook.command(SAVE_STATE, wait=False)
    notebook.page.wait_for_function(toggled)
    notebook.page.wait_for_timeout(10 * REST_MS)  # a picture of the chart follows it
    file = notebook.save()
    outputs = [written(cell.get("outputs", [])) for cell in file.cells]
    widgets = file.metadata.get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {})
    states = [dict(one["state"]) for one in widgets.get("state", {}).values()]
    modules = {one.pop(name) for one in states for name in ("_esm", "_css") if one.get(name)}
    return Saved(outputs, states, sum(written(one) for one in modules))


def module(_bench: Bench, _folder: Path, _repeats: int, _samples: int) -> Iterator[tuple[str, list[Figures]]]:
    """Say what the module weighs, with the part that draws."""
    ours = Figures("explorer")
    sizes = [len(gzip.compress(file.read_bytes(), 9)) for file in STATIC.glob("*.[jc]s*")]
    ours.add("gzipped", sum(sizes) / 1000)
    yield "the module, with Vega and its style", [ours]
