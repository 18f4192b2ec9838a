"""The panel and its kernel, whatever becomes of it: dead, exchanged, busy, without the package, not Python."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from jupyter import JupyterServer, NotebookPage
from kernels import OTHER_LANGUAGE, WITHOUT_PACKAGE, WITHOUT_SUBSHELLS, add_kernel
from playwright.sync_api import expect
from sidebar import Sidebar

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = [pytest.mark.thorough, pytest.mark.parametrize("server", ["lab"], indirect=True)]

EXPLORERS = """sum(
    type(one).__name__ == 'Explorer' for one in __import__('ipywidgets').Widget.widgets.values()
)"""
SUBSHELLS = "return (await k.requestListSubshell({}).done).content.subshell_id.length;"
SUBSHELLS_AT_MOST = f"""async most => {{
    const k = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    return await (async () => {{ {SUBSHELLS} }})() <= most;
}}"""
WATCH_SUBSHELLS = """window.subshells = [];
    k.anyMessage.connect((_, {msg}) => {
        const said = /^(create|delete)_subshell_reply$/.exec(msg.header.msg_type);
        if (said) window.subshells.push(said[1]);
    });"""


@pytest.fixture
def sidebar(notebook: NotebookPage, demo) -> Sidebar:
    """The panel, open beside a notebook that has run nothing."""
    return opened(notebook, "kernels.ipynb")


def opened(notebook: NotebookPage, name: str, kernel: str = "python3") -> Sidebar:
    notebook.open(notebook.server.notebook(name, "x = 1", kernel=kernel))
    sidebar = Sidebar(notebook)
    sidebar.open()
    return sidebar


def test_a_kernel_that_crashes_is_asked_again(sidebar: Sidebar):
    sidebar.use_demo()
    sidebar.kernel(
        "k.requestExecute({code: 'import os; os._exit(1)', store_history: false}).done.catch(() => 0);"
    )
    sidebar.page.get_by_role("dialog", name="Kernel Restarting").get_by_role("button", name="Ok").click()
    sidebar.use_demo()
    sidebar.open_room()


def test_a_kernel_that_is_shut_down_is_missed_and_can_be_chosen(sidebar: Sidebar):
    sidebar.use_demo()
    sidebar.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    sidebar.says("This notebook has no kernel")
    sidebar.press("Choose a kernel")
    sidebar.page.get_by_role("dialog").get_by_role("button", name="Select").click()
    sidebar.use_demo()


def test_another_kernel_is_another_explorer(sidebar: Sidebar):
    sidebar.use_demo()
    sidebar.open_room()
    change = """async () => {
        await window.jupyterapp.shell.currentWidget.sessionContext.changeKernel({name: 'python3'});
    }"""
    for _ in range(3):  # the answers of those before come when nobody wants them
        sidebar.page.evaluate(change)
    sidebar.use_demo()
    expect(sidebar.root.get_by_role("heading", name="room_pair_01")).to_have_count(0)


def test_a_kernel_without_the_package_says_what_to_install(notebook: NotebookPage, demo):
    add_kernel(notebook.server, "bare", WITHOUT_PACKAGE)
    sidebar = opened(notebook, "bare.ipynb", "bare")
    sidebar.says("hs_jupyter is not installed in this kernel")
    expect(sidebar.page.locator(".hs-Panel-code")).to_have_text("%pip install hs-jupyter")
    sidebar.press("Insert it in the notebook")
    assert [one["source"] for one in sidebar.cells()] == ["x = 1", "%pip install hs-jupyter"]
    assert sidebar.cells()[1]["number"] is None
    set_source(sidebar, 1, "import sys; sys.meta_path.pop(0)")  # there is no registry to install it from
    notebook.run_all()
    sidebar.use_demo()


def test_a_kernel_of_another_language_says_so(notebook: NotebookPage):
    add_kernel(notebook.server, "other", OTHER_LANGUAGE)
    sidebar = opened(notebook, "other.ipynb", "other")
    sidebar.says("This kernel speaks julia")


def test_without_subshells_it_waits_for_the_cell(notebook: NotebookPage, demo):
    add_kernel(notebook.server, "old", WITHOUT_SUBSHELLS)
    notebook.open(notebook.server.notebook("old.ipynb", "x = 1", kernel="old"))
    sidebar = Sidebar(notebook)
    assert sidebar.kernel("await k.info; return k.supportsSubshells;") is False
    sidebar.begin_long_cell()
    sidebar.open()
    sidebar.says(re.compile("^The kernel is busy with a cell"))
    sidebar.interrupt()
    sidebar.use_demo()
    sidebar.open_room()
    notebook.run_all()
    assert sidebar.cells()[0]["number"] == 1


def test_nothing_stays_in_the_kernel(sidebar: Sidebar):
    sidebar.use_demo()
    sidebar.open_room()
    assert sidebar.python(EXPLORERS) == 1
    for _ in range(3):  # closed and opened: the same explorer, at the same place
        sidebar.page.get_by_role("tab", name="HyperStudy Explorer").click()
        expect(sidebar.page.locator(".hs-Panel")).to_be_hidden()
        sidebar.open()
    expect(sidebar.root.get_by_role("heading", name="room_pair_01")).to_be_visible()
    sidebar.kernel(WATCH_SUBSHELLS)
    sidebar.notebook.run_all()  # after which the panel looks again
    sidebar.page.wait_for_function("() => window.subshells.join() === 'create,delete'")
    before = sidebar.kernel(SUBSHELLS)
    for _ in range(2):
        sidebar.page.reload()
        sidebar.page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.context?.isReady")
        sidebar.shown()
        expect(sidebar.root.get_by_role("heading", name="room_pair_01")).to_be_visible()
    assert sidebar.page.locator(".hs-Explorer").count() == 1
    assert sidebar.python(EXPLORERS) == 1
    # JupyterLab itself opens one with every page, for the messages of widgets, and leaves it there.
    # The panel's own goes a moment after the question above, which it takes for a cell.
    sidebar.page.wait_for_function(SUBSHELLS_AT_MOST, arg=before + 2)


def test_an_explorer_that_code_closes_is_made_again(sidebar: Sidebar):
    sidebar.use_demo()
    sidebar.open_room()
    sidebar.python("__import__('ipywidgets').Widget.close_all()")
    expect(sidebar.root.get_by_role("heading", name="room_pair_01")).to_have_count(0)
    sidebar.shown()
    assert sidebar.python(EXPLORERS) == 1


def test_a_console_has_its_explorer_too(notebook: NotebookPage, demo):
    page = notebook.page
    page.goto(f"{notebook.server.base_url}/lab?reset")
    page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget")
    notebook.command("console:create", {"kernelPreference": {"name": "python3"}}, wait=False)
    sidebar = Sidebar(notebook)
    sidebar.open()
    sidebar.belongs_to("Console 1")
    sidebar.use_demo()
    sidebar.open_room()
    sidebar.push("moment")
    sidebar.root.get_by_role("button", name="Insert code").click()
    prompt = page.locator(".jp-CodeConsole-promptCell .cm-content")
    expect(prompt).to_contain_text("%hs bundle room room_pair_01 -o moment")


def test_a_closed_notebook_hands_over_to_the_one_before(sidebar: Sidebar):
    notebook = sidebar.notebook
    sidebar.use_demo()
    for name in ("second.ipynb", "third.ipynb"):
        path = notebook.server.notebook(name, "x = 1")
        notebook.command("docmanager:open", {"path": path.name}, wait=False)
        sidebar.belongs_to(name)
        rests(notebook, name)
        notebook.save()
    notebook.page.get_by_role("tab", name="kernels.ipynb").click()
    sidebar.belongs_to("kernels.ipynb")
    sidebar.shown()
    notebook.save()
    notebook.command("application:close", wait=False)
    sidebar.belongs_to("third.ipynb")
    sidebar.says("No API key yet")
    notebook.command("application:close-all", wait=False)
    sidebar.says("No notebook is open")


def test_hidden_it_asks_no_kernel(notebook: NotebookPage, demo):
    notebook.open(notebook.server.notebook("hidden.ipynb", "x = 1"))
    sidebar = Sidebar(notebook)
    sidebar.open()
    sidebar.use_demo()
    notebook.page.get_by_role("tab", name="HyperStudy Explorer").click()
    path = notebook.server.notebook("unseen.ipynb", "x = 1")
    notebook.command("docmanager:open", {"path": path.name}, wait=False)
    rests(notebook, "unseen.ipynb")
    notebook.run_all()
    assert sidebar.python("'hs_jupyter.panel' in __import__('sys').modules") is False
    sidebar.open()
    sidebar.belongs_to("unseen.ipynb")
    sidebar.says("No API key yet")


@pytest.fixture
def crippled(request, tmp_path: Path, page: Page, server) -> Any:
    """A server in which an extension is missing."""
    lacking = JupyterServer("lab", tmp_path / "jupyter")
    settings = lacking.folder / "config" / "labconfig" / "page_config.json"
    settings.write_text(json.dumps({"disabledExtensions": {request.param: True}}), "utf-8")
    with lacking as running:
        yield NotebookPage(page, running)
        page.goto("about:blank")


@pytest.mark.parametrize("crippled", ["@jupyter-widgets/jupyterlab-manager", "anywidget"], indirect=True)
def test_a_server_without_widgets_says_what_it_needs(crippled: NotebookPage, demo):
    sidebar = opened(crippled, "crippled.ipynb")
    sidebar.says("No API key yet")
    sidebar.press("Use the demo study")
    sidebar.says("This server shows no widgets")
    expect(sidebar.page.locator(".hs-Panel-code")).to_have_text("pip install jupyterlab_widgets anywidget")


def rests(notebook: NotebookPage, name: str) -> None:
    """Wait until a notebook is in front and read, and its kernel idle."""
    notebook.page.wait_for_function(
        """name => { const {context, sessionContext} = window.jupyterapp.shell.currentWidget;
            return context?.path === name && context.isReady
                && sessionContext.session?.kernel?.status === 'idle'; }""",
        arg=name,
    )


def set_source(sidebar: Sidebar, cell: int, source: str) -> None:
    """Write something in a cell."""
    sidebar.page.evaluate(
        """([cell, source]) => window.jupyterapp.shell.currentWidget.content.widgets[cell]
            .model.sharedModel.setSource(source)""",
        [cell, source],
    )
