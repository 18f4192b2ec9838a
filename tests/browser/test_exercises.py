"""The course as a learner meets it: solutions are folded away, a click opens them, all cells run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from jupyter import NotebookPage

EXAMPLES = Path(__file__).parents[2] / "examples"


OFTEN = {"03_who_is_usable.ipynb", "05_from_explorer_to_paper.ipynb"}
COURSE = [
    pytest.param(path.name, marks=() if path.name in OFTEN else pytest.mark.thorough)
    for path in sorted(EXAMPLES.glob("*.ipynb"))
]


@pytest.mark.parametrize("name", COURSE)
def test_a_solution_is_folded_until_it_is_asked_for(notebook: NotebookPage, demo, screenshots, name):
    stored = nbformat.read(EXAMPLES / name, as_version=4)
    notebook.page.set_viewport_size({"width": 1280, "height": 2000})
    notebook.open(notebook.server.notebook(name, *stored.cells))
    page = notebook.page
    dots = page.locator(".jp-CodeCell .jp-Placeholder")
    expect(dots).to_have_count(5)
    first = next(cell.source for cell in stored.cells if "solution" in cell.metadata.get("tags", []))
    line = page.get_by_text(first.splitlines()[-1].removeprefix("assert "))
    expect(line).to_have_count(0)
    expect(page.get_by_role("heading", name="Exercise 1")).to_be_visible()
    dots.first.click()
    expect(dots).to_have_count(4)
    expect(line.first).to_be_visible()
    notebook.run_all()
    page.screenshot(path=screenshots / f"{notebook.server.app}_{name}.png")
