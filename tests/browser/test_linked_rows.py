"""The timeline in a browser: brush, cursor and choice of participants reach every row."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from drawn import cells, drag, signal

sys.path.append(str(Path(__file__).parents[1] / "unit"))

from sample_tables import experiment_tables, room_tables

from hs_jupyter.chart_files import save
from hs_jupyter.charts import overlay_chart, timeline_chart

if TYPE_CHECKING:
    from collections.abc import Callable

    import altair as alt
    from playwright.sync_api import Locator, Page

SHOW = "vegaEmbed('#vis', spec, embedOpt).catch"
KEEP = "vegaEmbed('#vis', spec, embedOpt).then(drawn => { document.querySelector('#vis').__view__ = drawn.view }).catch"

DRAWN = """host => {
    const counts = {};
    const walk = mark => (mark.items ?? []).forEach(item => {
        if (mark.name) counts[mark.name] = (counts[mark.name] ?? 0) + 1;
        (item.items ?? []).forEach(walk);
    });
    return host.__view__.runAsync().then(view => (walk(view.scenegraph().root), counts));
}"""
"""How many items each mark has: what is let go is drawn whole again, if in another order."""


@pytest.fixture
def show(watched: Page, tmp_path: Path) -> Callable[[alt.VConcatChart], Locator]:
    """Open a chart in a page of its own, with all its scripts inside."""

    def opened(chart: alt.VConcatChart) -> Locator:
        html = chart.to_html(inline=True, embed_options={"actions": False, "renderer": "canvas"})
        assert SHOW in html
        page = tmp_path / "chart.html"
        page.write_text(html.replace(SHOW, KEEP), encoding="utf-8")
        watched.set_viewport_size({"width": 1000, "height": 1500})
        watched.goto(page.as_uri())
        watched.wait_for_function("document.querySelector('#vis').__view__")
        return watched.locator("#vis")

    return opened


@pytest.fixture(params=["pair", "crowd", "overlay"])
def plot(request, show) -> Locator:
    """A room of two, a room of thirteen, an experiment."""
    made = {
        "pair": lambda: timeline_chart(room_tables(2)),
        "crowd": lambda: timeline_chart(room_tables(13)),
        "overlay": lambda: overlay_chart(experiment_tables(7, 2)),
    }
    return show(made[request.param]())


def test_a_brush_in_any_row_marks_every_row(plot, watched):
    _, *rows = cells(plot)
    assert len(rows) >= 5
    signal(plot, "brush")
    before, drawn = [row.look(watched) for row in rows], plot.evaluate(DRAWN)
    found = []
    for row in rows:
        drag(watched, row, 0.3, 0.6)
        found.append(signal(plot, "brush")["onset_sec"])
        assert all(one.look(watched) != old for one, old in zip(rows, before, strict=True))
        watched.mouse.dblclick(*row.at(0.9))
        watched.mouse.move(1, 1)
        assert signal(plot, "brush") == {}
    assert all(one == pytest.approx(found[0]) for one in found)
    assert plot.evaluate(DRAWN) == drawn


def test_one_cursor_runs_through_every_row_and_moves_nothing(plot, watched):
    places = cells(plot)
    _, *rows = places
    signal(plot, "hover")
    before, drawn = [row.look(watched) for row in rows], plot.evaluate(DRAWN)
    for row in rows:
        watched.mouse.move(*row.at(0.503, 0.98))
        assert len(signal(plot, "hover")["cursor_sec"]) == 1
        assert all(one.look(watched) != old for one, old in zip(rows, before, strict=True))
        assert cells(plot) == places
    watched.mouse.move(1, 1)
    assert signal(plot, "hover") == {}
    assert plot.evaluate(DRAWN) == drawn


def test_values_are_read_inside_the_brush_too(watched, tmp_path):
    page = save(timeline_chart(room_tables(2)), tmp_path / "chart.html")
    watched.set_viewport_size({"width": 1000, "height": 1500})
    watched.goto(page.as_uri())
    watched.wait_for_function("document.querySelector('#chart').__view__")
    plot = watched.locator("#chart")
    _, row, *_ = cells(plot)
    drag(watched, row, 0.3, 0.6)
    marked = signal(plot, "brush")["onset_sec"]
    watched.mouse.move(*row.at(0.45))
    (cursor_sec,) = signal(plot, "hover")["cursor_sec"]
    assert marked[0] < cursor_sec < marked[1]
    assert signal(plot, "brush")["onset_sec"] == marked


def test_the_legend_chooses_a_participant_in_every_row(show, watched):
    plot = show(timeline_chart(room_tables(4)))
    legend, *rows = cells(plot)
    signal(plot, "who")
    before, drawn = [row.look(watched) for row in rows], plot.evaluate(DRAWN)
    watched.mouse.click(legend.x + 20, legend.y + legend.height / 2)
    watched.mouse.move(1, 1)
    assert signal(plot, "who")["participant"] == ["p_01_a"]
    assert all(one.look(watched) != old for one, old in zip(rows, before, strict=True))
    watched.mouse.click(legend.x + 20, legend.y + legend.height / 2)
    watched.mouse.move(1, 1)
    assert signal(plot, "who") == {}
    assert plot.evaluate(DRAWN) == drawn


def test_a_list_chooses_among_many_in_every_row(show, watched):
    plot = show(timeline_chart(room_tables(13)))
    _, *rows = cells(plot)
    signal(plot, "who")
    before, drawn = [row.look(watched) for row in rows], plot.evaluate(DRAWN)
    watched.get_by_role("combobox").select_option(label="p_01_c")
    assert signal(plot, "who")["participant"] == ["p_01_c"]
    assert all(one.look(watched) != old for one, old in zip(rows, before, strict=True))
    watched.get_by_role("combobox").select_option(label="everyone")
    assert signal(plot, "who") == {}
    assert plot.evaluate(DRAWN) == drawn
