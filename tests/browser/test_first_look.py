"""The first look: the extension, the demo study, and the linked chart of a room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from drawn import cells, drag, items
from playwright.sync_api import expect

if TYPE_CHECKING:
    from pathlib import Path

    from drawn import Cell
    from jupyter import NotebookPage
    from playwright.sync_api import Locator

SETUP = "%load_ext hs_jupyter\nstudy = %hs demo"
PLOT = "%hs plot room room_pair_01"
TALL = {"width": 1280, "height": 1500}


@pytest.fixture
def first_look(notebook: NotebookPage, demo) -> NotebookPage:
    """A notebook that draws a room of the demo study."""
    notebook.page.set_viewport_size(TALL)
    notebook.open(notebook.server.notebook("first_look.ipynb", SETUP, PLOT))
    notebook.run_all()
    expect(notebook.plots).to_have_count(1)
    return notebook


def rows(plot: Locator) -> list[Cell]:
    """Return the rows of data (the lowest cell, above them, is the legend's)."""
    return [cell for cell in cells(plot) if cell.height > 20]


def test_a_brush_in_one_row_marks_all_rows(first_look: NotebookPage):
    page, plot = first_look.page, first_look.plots.first
    assert len(rows(plot)) == 8
    before = [row.look(page) for row in rows(plot)]
    drag(page, rows(plot)[0], 0.3, 0.6)
    after = [row.look(page) for row in rows(plot)]
    assert [one != other for one, other in zip(before, after, strict=True)] == [True] * 8


def test_the_cursor_stands_in_all_rows_and_goes(first_look: NotebookPage):
    page, plot = first_look.page, first_look.plots.first
    before = [row.look(page) for row in rows(plot)]
    page.mouse.move(*rows(plot)[1].at(0.49))
    page.mouse.move(*rows(plot)[1].at(0.5))
    during = [row.look(page) for row in rows(plot)]
    assert [one != other for one, other in zip(before, during, strict=True)] == [True] * 8
    page.mouse.move(1, 1)
    assert [row.look(page) for row in rows(plot)] == before


def test_the_legend_selects_a_participant_everywhere(first_look: NotebookPage):
    page, plot = first_look.page, first_look.plots.first
    before = [row.look(page) for row in rows(plot)]
    page.mouse.click(*items(plot, "symbol")[0])
    page.mouse.move(1, 1)
    after = [row.look(page) for row in rows(plot)]
    assert after[0] != before[0]
    assert after[-2:] != before[-2:]


def test_saved_and_opened_without_a_kernel_the_room_is_there(first_look: NotebookPage):
    saved = first_look.save()
    symbols = len(items(first_look.plots.first, "symbol"))
    path = first_look.server.notebook("received.ipynb", *saved.cells, kernel="nowhere")
    first_look.page.goto("about:blank")
    first_look.open(path, kernel=False)
    expect(first_look.plots).to_have_count(1)
    assert len(items(first_look.plots.first, "symbol")) == symbols > 0


def test_pictures_for_the_documentation(first_look: NotebookPage, screenshots: Path):
    page, plot = first_look.page, first_look.plots.first
    name = first_look.server.app
    if name == "lab":  # the notebook alone, as large as it can be read in a README
        page.set_viewport_size({"width": 1060, "height": 1290})
        page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
        page.wait_for_function("() => window.jupyterapp.shell.leftCollapsed")
    drag(page, rows(plot)[1], 0.45, 0.68)
    for across in (0.8, 0.81):
        page.mouse.move(*rows(plot)[1].at(across))
    page.screenshot(
        path=screenshots / ("first_look.png" if name == "lab" else f"{name}.png"), animations="disabled"
    )
    first_look.theme("JupyterLab Dark")
    page.screenshot(path=screenshots / f"{name}_dark.png", animations="disabled")
    first_look.theme("JupyterLab Light")
    assert len(list(screenshots.iterdir())) >= 2
