"""The sidebar's main flows: from one click to a variable and a cell, in JupyterLab and Notebook."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sidebar import Sidebar

if TYPE_CHECKING:
    from jupyter import NotebookPage
    from playwright.sync_api import Page

MOST_CHARACTERS_AT_START = 64_000
ONLY_LAB = pytest.mark.parametrize("server", ["lab"], indirect=True)
HISTORY = (
    "const history = await k.requestHistory({hist_access_type: 'tail', n: 100, output: false, raw: true});"
)


@pytest.fixture
def sidebar(notebook: NotebookPage, demo) -> Sidebar:
    """A notebook whose kernel has run nothing, and the panel open beside it."""
    notebook.open(notebook.server.notebook("sidebar.ipynb", "x = 1", "y = 2"))
    shown = Sidebar(notebook)
    shown.open()
    return shown


def test_a_moment_becomes_a_variable_and_a_cell(sidebar: Sidebar):
    sidebar.use_demo()
    sidebar.open_room()
    sidebar.brush(0.5, 0.7)
    sidebar.push("moment")
    sidebar.python_becomes("type(moment).__name__", "Bundle")
    assert [one["number"] for one in sidebar.cells()] == [None, None]

    sidebar.root.get_by_role("button", name="Insert code").click()
    expect(sidebar.root.get_by_role("status", name="Explorer status")).to_contain_text("in the notebook")
    first, written, last = (one["source"] for one in sidebar.cells())
    assert (first, last) == ("x = 1", "y = 2")
    assert written.startswith("%load_ext hs_jupyter\n%hs demo\n%hs bundle room room_pair_01 --from ")
    sidebar.python("globals().update(pushed=moment)")
    sidebar.notebook.run_all()
    assert [one["number"] for one in sidebar.cells()] == [1, 2, 3]
    assert sidebar.python("[moment is pushed, all(moment[one].equals(pushed[one]) for one in pushed)]") == [
        False,
        True,
    ]

    sidebar.root.get_by_role("button", name="Insert code").click()
    expect(sidebar.page.locator(".jp-Notebook").get_by_text("-o moment")).to_have_count(2)
    assert sidebar.cells()[-1]["source"].startswith("%hs bundle room room_pair_01 --from ")
    sidebar.shown()


@ONLY_LAB
def test_from_the_launcher_by_clicks_alone(notebook: NotebookPage, demo, screenshots):
    page = notebook.page
    page.set_viewport_size({"width": 1280, "height": 1500})
    page.goto(f"{notebook.server.base_url}/lab?reset")
    page.get_by_role("button", name="HyperStudy Demo").or_(page.get_by_title("HyperStudy Demo")).first.click()
    sidebar = Sidebar(notebook)
    sidebar.shown()
    sidebar.belongs_to("Untitled.ipynb")
    cells = sidebar.cells()
    assert cells[0] == {"source": "%load_ext hs_jupyter\n%hs demo", "number": 1, "outputs": 1}
    assert (cells[1]["source"], cells[1]["number"]) == ("%hs plot room room_pair_01", None)

    sidebar.root.get_by_role("treeitem", name=re.compile("^Film in pairs")).locator(".hs-Line-twist").click()
    sidebar.root.get_by_role("treeitem", name=re.compile("^room_pair_")).first.click()
    sidebar.shown()
    sidebar.brush(0.5, 0.7)
    sidebar.root.get_by_role("button", name="Push to notebook").click()
    sidebar.python_becomes("'selected' in globals() and type(selected).__name__", "Bundle")
    window = sidebar.python("[selected.ratings.onset_sec.min(), selected.ratings.onset_sec.max()]")
    assert 0 < window[1] - window[0] < 400
    page.screenshot(path=screenshots / "sidebar.png")


@ONLY_LAB
def test_it_opens_while_a_cell_runs_and_leaves_no_trace(notebook: NotebookPage, demo):
    notebook.open(notebook.server.notebook("quiet.ipynb", "x = 1"))
    sidebar = Sidebar(notebook)
    notebook.save()
    names = "sorted(get_ipython().user_ns)"
    before = sidebar.python(names)
    sidebar.kernel(
        "window.seen = []; k.iopubMessage.connect((_, {header}) => window.seen.push(header.msg_type));"
        + HISTORY
        + "window.history0 = history.content.history.length;"
    )
    sidebar.begin_long_cell()
    sidebar.open()
    sidebar.use_demo()
    sidebar.open_room()
    assert notebook.page.evaluate("() => window.longCell") == "running"
    sidebar.interrupt()
    assert set(sidebar.python(names)) - set(before) == {"_go", "threading"}  # the long cell's
    shown = notebook.page.evaluate("() => window.seen")
    assert shown.count("execute_input") == 2  # the long cell's, and this test's own question
    assert "display_data" not in shown
    assert sidebar.kernel(f"{HISTORY} return history.content.history.length - window.history0;") == 0
    assert sidebar.cells() == [{"source": "x = 1", "number": None, "outputs": 0}]
    assert notebook.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.model.dirty") is False
    notebook.run_all()
    assert sidebar.cells()[0]["number"] == 1


@ONLY_LAB
def test_its_module_is_loaded_when_it_opens(notebook: NotebookPage):
    page, asked = notebook.page, []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{notebook.server.base_url}/lab?reset")
    expect(page.get_by_title("HyperStudy Demo").first).to_be_visible()
    expect(page.get_by_role("tab", name="HyperStudy Explorer")).to_be_visible()
    at_start = scripts(page, asked)
    assert any("HyperStudy Demo" in one for one in at_start)
    assert not any("No notebook is open" in one for one in at_start)
    assert sum(map(len, at_start)) < MOST_CHARACTERS_AT_START
    asked.clear()
    sidebar = Sidebar(notebook)
    sidebar.open()
    sidebar.says("No notebook is open")
    assert any("No notebook is open" in one for one in scripts(page, asked))


def scripts(page: Page, asked: list[str]) -> list[str]:
    """Read the extension's own scripts among what a page has asked for."""
    return [page.request.get(one).text() for one in asked if "extensions/hs-jupyter/" in one and ".js" in one]


@ONLY_LAB
def test_hs_lines_are_completed_in_the_editor(notebook: NotebookPage):
    notebook.open(notebook.server.notebook("complete.ipynb", "%load_ext hs_jupyter", "x = 1"))
    notebook.run_all()
    page = notebook.page
    editor = page.locator(".jp-Notebook .jp-Cell .cm-content").nth(1)
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("%hs ra")
    page.keyboard.press("Tab")
    offered = page.locator(".jp-Completer-item")
    expect(offered.filter(has_text="ratings/sparse")).to_be_visible()
    page.keyboard.type("tings/")
    expect(offered).to_have_count(1)
    page.keyboard.press("Enter")
    expect(editor).to_have_text("%hs ratings/sparse")


@ONLY_LAB
def test_without_a_notebook_it_offers_one(notebook: NotebookPage):
    page = notebook.page
    page.goto(f"{notebook.server.base_url}/lab?reset")
    sidebar = Sidebar(notebook)
    sidebar.open()
    sidebar.says("No notebook is open")
    sidebar.press("New notebook")
    sidebar.says("No API key yet")
    sidebar.belongs_to("Untitled")


@ONLY_LAB
def test_after_a_restart_it_comes_back_by_itself(sidebar: Sidebar):
    sidebar.use_demo()
    sidebar.restart()
    sidebar.says(re.compile("restarting|Opening|Waiting|API key"))
    sidebar.use_demo()
    sidebar.open_room()


@ONLY_LAB
def test_it_belongs_to_the_notebook_that_it_names(sidebar: Sidebar):
    sidebar.use_demo()
    sidebar.open_room()
    notebook = sidebar.notebook
    other = notebook.server.notebook("other.ipynb", "z = 3")
    notebook.command("docmanager:open", {"path": other.name}, wait=False)
    sidebar.belongs_to("other.ipynb")
    sidebar.use_demo()
    sidebar.open_room("room_pair_02")
    sidebar.push("here")
    sidebar.python_becomes("type(here).__name__", "Bundle")
    notebook.page.get_by_role("tab", name="sidebar.ipynb").click()
    sidebar.belongs_to("sidebar.ipynb")
    expect(sidebar.root.get_by_role("heading", name="room_pair_01")).to_be_visible()
    assert sidebar.python("'here' in globals()") is False


def test_its_words_stand_in_the_palette(sidebar: Sidebar):
    page = sidebar.page
    page.keyboard.press("Control+Shift+C")
    found = page.locator(".lm-CommandPalette-item", has_text="HyperStudy")
    for label in ("Show the HyperStudy Explorer", "Log In to HyperStudy", "HyperStudy Demo"):
        expect(found.filter(has_text=label).first).to_be_attached()
    page.locator(".lm-CommandPalette-input").fill("Use the HyperStudy Demo")
    page.locator(".lm-CommandPalette-item", has_text="Use the HyperStudy Demo").click()
    sidebar.shown()
