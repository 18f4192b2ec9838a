"""From opening JupyterLab to the first chart, as in the workshop: our own part is small."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import nbformat
import pytest
from jupyter import JupyterServer, NotebookPage
from jupyterlab_server.workspaces_handler import WorkspacesManager
from wire_bytes import WireBytes

from hs_jupyter.workshop.lab import PANEL_OPEN, SETTINGS
from hs_jupyter.workshop.notebooks import shipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

MOST_BYTES = 600_000
LEAST_BYTES = 300_000
"""Vega alone has nearly as many: whoever counts fewer has missed something."""
FIRST = shipped()[0]
CHART = "%hs plot "


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory, demo_folder) -> Iterator[JupyterServer]:
    """JupyterLab with the settings of the workshop."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_CONFIG_PATH", str(SETTINGS))
        with JupyterServer("lab", tmp_path_factory.mktemp("workshop") / "jupyter") as running:
            yield running


@pytest.fixture
def notebook(watched: Page, workshop: JupyterServer, demo) -> Iterator[NotebookPage]:
    """The course's first notebook up to its first chart, in a lab that is opened for the first time."""
    workspaces = WorkspacesManager(str(workshop.folder / "lab_workspaces_dir"))
    workspaces.save("default", PANEL_OPEN.read_text("utf-8"))
    cells = nbformat.read(FIRST, as_version=4).cells
    first_chart = next(at for at, cell in enumerate(cells) if cell.source.startswith(CHART))
    workshop.notebook(FIRST.name, *cells[: first_chart + 1])
    yield NotebookPage(watched, workshop)
    watched.goto("about:blank")
    workshop.end_kernels()


def opened(notebook: NotebookPage) -> Locator:
    """Open the notebook as the workshop does, and return the panel beside it once it is ready."""
    address = f"{notebook.server.base_url}/lab/tree/{FIRST.name}"
    notebook.page.goto(address, wait_until="domcontentloaded")
    panel = notebook.page.get_by_role("region", name="HyperStudy panel")
    panel.get_by_role("button", name="Use the demo study").wait_for()
    return panel


def test_to_the_first_chart_of_the_first_notebook(notebook: NotebookPage, record_testsuite_property) -> None:
    """Cell after cell, with the explorer in the panel, which finds the study that a cell has started."""
    counted = WireBytes(notebook.page)
    panel = opened(notebook)
    notebook.run_all()
    panel.get_by_role("tree", name="Scopes").wait_for()
    notebook.plots.first.wait_for()
    record_testsuite_property("bytes_to_the_first_chart", json.dumps(counted.parts()))
    assert LEAST_BYTES < counted.ours < MOST_BYTES, counted.parts()


@pytest.mark.thorough
def test_to_the_first_timeline_in_the_panel(notebook: NotebookPage, record_testsuite_property) -> None:
    """Without running a cell."""
    counted = WireBytes(notebook.page)
    panel = opened(notebook)
    panel.get_by_role("button", name="Use the demo study").click()
    box = panel.get_by_role("searchbox", name=re.compile("^Find an experiment"))
    box.fill("room_pair_01")
    box.press("Enter")
    panel.get_by_role("figure", name="Timeline").locator("canvas").first.wait_for()
    record_testsuite_property("bytes_to_the_first_timeline", json.dumps(counted.parts()))
    assert LEAST_BYTES < counted.ours < MOST_BYTES, counted.parts()
