"""The explorer in JupyterLab and Notebook, with a real kernel and the demo study: the main flows."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from jupyter import NotebookPage
    from playwright.sync_api import Locator

SETUP = "import hs_jupyter as hs\nstudy = hs.demo()"
POLL_MS = 200
ROWS = ".hs-Row[role=row]"
SAVE_STATE = "@jupyter-widgets/jupyterlab-manager:saveWidgetState"
WINDOW = "[explorer.selection.window.start_sec, explorer.selection.window.end_sec]"


class LabExplorer:
    """An explorer in a notebook's output, and the kernel behind it."""

    def __init__(self, notebook: NotebookPage) -> None:
        self.notebook = notebook
        self.page = notebook.page

    @property
    def root(self) -> Locator:
        return self.page.get_by_role("region", name="HyperStudy explorer").first

    @property
    def timeline(self) -> Locator:
        return self.root.get_by_role("figure", name="Timeline")

    def ready(self) -> None:
        expect(self.root).to_have_attribute("data-ready", "true", timeout=60_000)

    def open_room(self, room: str = "room_pair_01") -> None:
        """Open a room by its ID."""
        box = self.root.get_by_role("searchbox", name="Find an experiment, room or participant")
        box.fill(room)
        box.press("Enter")
        expect(self.root.get_by_role("heading", name=room)).to_be_visible()
        self.ready()

    def brush(self, start: float, end: float) -> None:
        """Drag across these fractions of the timeline."""
        self.timeline.scroll_into_view_if_needed()
        box = self.timeline.get_by_role("application").bounding_box()
        assert box is not None
        left, width, y = box["x"] + 110, box["width"] - 170, box["y"] + 70
        self.page.mouse.move(left + start * width, y)
        self.page.mouse.down()
        self.page.mouse.move(left + end * width, y, steps=6)
        self.page.mouse.up()
        self.ready()

    def python(self, expression: str) -> Any:
        """Evaluate an expression in the kernel, without a cell; its value travels as JSON."""
        code = f"import json\nprint(json.dumps({expression}))"
        text = self.page.evaluate(
            """async code => {
                const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
                const asked = kernel.requestExecute({code, store_history: false, stop_on_error: false});
                let text = '';
                asked.onIOPub = ({header, content}) => {
                    if (header.msg_type === 'stream' && content.name === 'stdout') text += content.text;
                    if (header.msg_type === 'error') text = `${content.ename}: ${content.evalue}`;
                };
                if ((await asked.done).content.status !== 'ok') throw new Error(text);
                return text;
            }""",
            code,
        )
        return json.loads(text.splitlines()[-1])

    def python_becomes(self, expression: str, value: Any) -> None:
        """Wait until an expression has a value: what a view sets arrives a moment later."""
        for _ in range(100):
            if self.python(expression) == value:
                return
            self.page.wait_for_timeout(POLL_MS)
        assert self.python(expression) == value


@pytest.fixture
def explorer(notebook: NotebookPage, demo) -> LabExplorer:
    """A notebook with an explorer in which nothing is chosen."""
    notebook.page.set_viewport_size({"width": 1400, "height": 1500})
    cell = "explorer = hs.explore()\nexplorer"
    notebook.open(notebook.server.notebook("explorer.ipynb", SETUP, cell))
    notebook.run_all()
    shown = LabExplorer(notebook)
    shown.ready()
    return shown


def test_a_moment_is_found_selected_and_pushed(explorer: LabExplorer, screenshots):
    root = explorer.root
    root.get_by_role("treeitem", name=re.compile("^Film in pairs")).locator(".hs-Line-twist").click()
    expect(root.get_by_role("treeitem", name=re.compile("^room_pair_")).first).to_be_visible()
    root.get_by_role("tree", name="Scopes").focus()
    explorer.page.keyboard.type("room_pair_01")
    explorer.page.keyboard.press("Enter")
    expect(root.get_by_role("heading", name="room_pair_01")).to_be_visible()
    explorer.ready()
    assert explorer.python("str(explorer.scope)") == "room room_pair_01"

    root.get_by_role("tab", name=re.compile("^ratings,")).click()
    explorer.ready()
    total = explorer.python("len(hs.ratings(room='room_pair_01', progress=False))")
    expect(root.get_by_role("grid", name="Records")).to_have_attribute("aria-rowcount", str(total + 1))

    explorer.brush(0.5, 0.6)
    start = root.get_by_role("textbox", name="From")
    expect(start).not_to_have_value("")
    window = explorer.python(WINDOW)
    assert window[1] - window[0] == pytest.approx(118, rel=0.1)
    assert all(round(one, 3) == one for one in window)

    root.get_by_role("textbox", name="Variable name").fill("moment")
    root.get_by_role("button", name="Push to notebook").click()
    expect(root.get_by_role("status", name="Explorer status")).to_contain_text("moment")
    explorer.python_becomes("type(moment).__name__", "Bundle")
    onsets = explorer.python("[moment.ratings.onset_sec.min(), moment.ratings.onset_sec.max()]")
    assert window[0] <= onsets[0] <= onsets[1] <= window[1]
    selected = explorer.python("len(moment.ratings)")
    tab = root.get_by_role("tab", name=re.compile("^ratings,"))
    expect(tab).to_have_accessible_name(f"ratings, {total:,} records, {selected:,} selected")

    code = explorer.python("explorer.code(name='again')")
    same = f"(get_ipython().run_line_magic('load_ext', 'hs_jupyter'), get_ipython().run_cell({code!r}), "
    assert explorer.python(f"{same}again.ratings.equals(moment.ratings))[-1]") is True
    root.screenshot(path=screenshots / f"explorer_{explorer.notebook.server.app}.png")


@pytest.mark.thorough
def test_one_table_replaces_what_is_there_only_when_asked_twice(explorer: LabExplorer):
    root = explorer.root
    explorer.python("globals().update(mine=[1, 2, 3])")
    explorer.open_room()
    root.get_by_role("tab", name=re.compile("^sync,")).click()
    root.get_by_role("checkbox", name="This table only").check()
    root.get_by_role("textbox", name="Variable name").fill("mine")
    push = root.get_by_role("button", name="Push to notebook")
    push.click()
    expect(root.get_by_role("alert")).to_contain_text("mine")
    assert explorer.python("mine") == [1, 2, 3]
    push.click()
    explorer.python_becomes("type(mine).__name__", "DataFrame")
    assert explorer.python("'timeDrift' in mine.columns") is True
    root.get_by_role("textbox", name="Variable name").fill("class")
    push.click()
    expect(root.get_by_role("alert")).to_contain_text("class")


@pytest.mark.thorough
def test_python_and_the_views_hold_the_same(explorer: LabExplorer):
    root = explorer.root
    explorer.open_room()
    selection = "hs.Selection(window=(160, 175.5), participants=['p_pair_01_viewer'])"
    explorer.python(f"setattr(explorer, 'selection', {selection})")
    expect(root.get_by_role("textbox", name="To")).to_have_value("2:55.5")
    expect(root.get_by_role("button", name="Participants: p_pair_01_viewer")).to_be_visible()
    root.get_by_role("textbox", name="From").fill("2:30")
    root.get_by_role("textbox", name="From").press("Enter")
    explorer.python_becomes(WINDOW, [150, 175.5])
    root.get_by_role("button", name="Clear selection").click()
    explorer.python_becomes("repr(explorer.selection == hs.Selection())", "True")


@pytest.mark.thorough
def test_a_cell_that_is_run_again_shows_the_same_place(explorer: LabExplorer):
    explorer.open_room()
    explorer.brush(0.4, 0.5)
    explorer.root.get_by_role("tab", name=re.compile("^sync,")).click()
    explorer.ready()
    window = explorer.python(WINDOW)
    explorer.root.evaluate("root => { root.dataset.before = 'true'; }")
    explorer.page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1; }")
    explorer.notebook.command("notebook:run-cell", wait=False)
    expect(explorer.page.locator("[data-before]")).to_have_count(0)
    expect(explorer.root.get_by_role("heading", name="room_pair_01")).to_be_visible()
    explorer.ready()
    assert explorer.python(WINDOW) == window
    tab = explorer.root.get_by_role("tab", name=re.compile("^sync,"))
    expect(tab).to_have_attribute("aria-selected", "true")
    expect(explorer.root.get_by_role("textbox", name="From")).not_to_have_value("")


def test_a_page_that_is_reloaded_shows_the_same_place(explorer: LabExplorer):
    explorer.open_room()
    explorer.brush(0.4, 0.5)
    start, window = explorer.root.get_by_role("textbox", name="From").input_value(), explorer.python(WINDOW)
    explorer.notebook.save()
    explorer.page.reload(wait_until="domcontentloaded")
    expect(explorer.root.get_by_role("heading", name="room_pair_01")).to_be_visible(timeout=60_000)
    explorer.ready()
    expect(explorer.root.get_by_role("textbox", name="From")).to_have_value(start)
    explorer.brush(0.6, 0.7)  # its kernel is the one that it had
    expect(explorer.root.get_by_role("textbox", name="From")).not_to_have_value(start)
    explorer.python_becomes(f"{WINDOW} != {window}", value=True)
    expect(explorer.page.locator(".hs-Still-saved:visible")).to_have_count(0)


@pytest.mark.thorough
def test_a_change_of_theme_leaves_the_selection_drawn(explorer: LabExplorer):
    explorer.open_room()
    explorer.brush(0.2, 0.4)
    explorer.ready()
    size = "[...document.querySelectorAll('.hs-Stage canvas')].map(one => [one.width, one.height])"
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        explorer.notebook.theme(theme)
        explorer.ready()
        chart, overlay = explorer.page.evaluate(f"() => {size}")
        assert overlay == chart
        assert chart[0] > 300


def test_letters_typed_in_it_are_no_commands_of_the_notebook(explorer: LabExplorer):
    cells = "() => window.jupyterapp.shell.currentWidget.content.widgets.length"
    before = explorer.page.evaluate(cells)
    explorer.root.get_by_role("tree", name="Scopes").focus()
    for key in ("a", "b", "d", "d", "Escape", "m", "ArrowDown"):
        explorer.page.keyboard.press(key)
    explorer.root.get_by_role("searchbox", name=re.compile("Find an experiment")).press_sequentially("add")
    assert explorer.page.evaluate(cells) == before


def test_it_answers_while_a_cell_runs(explorer: LabExplorer):
    explorer.open_room()
    explorer.page.evaluate(
        """() => {
            const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
            window.longCell = 'running';
            kernel.requestExecute({code: 'import time; time.sleep(20)'}).done.then(() => {
                window.longCell = 'done';
            });
        }"""
    )
    explorer.root.get_by_role("tab", name=re.compile("^chat,")).click()
    rows = explorer.root.get_by_role("grid", name="Records").locator(ROWS)
    expect(rows.first).to_contain_text("room_pair_01")
    assert explorer.page.evaluate("() => window.longCell") == "running"


def test_a_saved_notebook_holds_no_records_and_no_secrets(explorer: LabExplorer):
    explorer.open_room()
    explorer.brush(0.4, 0.6)
    toggled = f"() => window.jupyterapp.commands.isToggled('{SAVE_STATE}')"
    if not explorer.page.evaluate(toggled):
        explorer.notebook.command(SAVE_STATE, wait=False)
    explorer.page.wait_for_function(toggled)
    notebook = explorer.notebook.save()
    [state] = [one for one in _states(notebook) if "_scope" in one]
    assert state["_scope"]["id"] == "room_pair_01"
    assert state["_selection"]["window"] is not None
    assert len(json.dumps(state)) < 3_000
    saved = json.dumps(notebook)
    key = explorer.python("study.api_key")
    assert key not in saved
    assert "signature" not in saved.lower()
    assert "evt_pair_01" not in saved
    assert "@" not in re.sub(r"@jupyter-widgets|@lumino", "", json.dumps(_states(notebook)))


@pytest.mark.thorough
def test_a_running_room_is_followed_until_its_view_is_closed(explorer: LabExplorer):
    threads = "[one.name for one in __import__('threading').enumerate() if one.name == 'hs-explorer']"
    explorer.open_room("room_live_01")
    follow = explorer.root.get_by_role("button", name=re.compile("Follow"))
    follow.click()
    status = explorer.root.get_by_role("status", name="Explorer status")
    expect(status).to_contain_text(re.compile(r"Following: [\d,]+ new record"), timeout=30_000)
    follow.click()
    expect(status).to_have_text("Ready.")
    explorer.python_becomes(threads, [])
    follow.click()
    expect(status).to_contain_text("Following")
    explorer.page.evaluate(
        "() => { window.jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.setOutputs([]); }"
    )
    expect(explorer.root).to_have_count(0)
    explorer.python_becomes(threads, [])


@pytest.mark.thorough
def test_a_kernel_that_is_restarted_leaves_a_sentence(explorer: LabExplorer):
    explorer.open_room()
    explorer.page.evaluate(
        """() => {
            const {kernel} = window.jupyterapp.shell.currentWidget.sessionContext.session;
            kernel.restart().then(() => kernel.info).then(() => { window.restarted = true; });
        }"""
    )
    expect(explorer.root.get_by_role("alert")).to_contain_text("Run the notebook's cells again.")
    explorer.root.get_by_role("tab", name=re.compile("^sync,")).click()
    explorer.ready()
    explorer.page.wait_for_function("() => window.restarted")  # a server cannot end what is still starting


@pytest.mark.thorough
def test_a_line_of_an_experiment_opens_its_room_by_keyboard(explorer: LabExplorer):
    box = explorer.root.get_by_role("searchbox", name="Find an experiment, room or participant")
    box.fill("exp_film_pairs")
    box.press("Enter")
    stage = explorer.timeline.get_by_role("application")
    expect(stage).to_have_attribute("data-empty", "false")
    explorer.ready()
    stage.focus()
    for key in ("ArrowDown", "ArrowDown"):
        explorer.page.keyboard.press(key)
    tip = explorer.timeline.get_by_role("tooltip")
    expect(tip).to_contain_text("click to open")
    room = re.search(r"room_\w+", tip.inner_text())[0]
    explorer.page.keyboard.press("Enter")
    expect(explorer.root.get_by_role("heading", name=room)).to_be_visible()
    explorer.python_becomes("str(explorer.scope)", f"room {room}")


def test_it_stands_beside_other_widgets(notebook: NotebookPage, demo, screenshots):
    notebook.page.set_viewport_size({"width": 1280, "height": 1100})
    cell = """
import ipywidgets as widgets
explorer = hs.explore(room="room_pair_01")
who = widgets.Dropdown(options=["p_pair_01_host", "p_pair_01_viewer"], description="Participant")
widgets.dlink((who, "value"), (explorer, "selection"), lambda one: hs.Selection(participants=[one]))
widgets.HBox([who, explorer])"""
    notebook.open(notebook.server.notebook("beside.ipynb", SETUP, cell))
    notebook.run_all()
    shown = LabExplorer(notebook)
    shown.ready()
    box = shown.root.bounding_box()
    assert box is not None
    assert box["width"] > 450
    notebook.page.get_by_label("Participant").first.select_option("p_pair_01_viewer")
    people = shown.root.get_by_role("button", name=re.compile("^Participants"))
    expect(people).to_contain_text("p_pair_01_viewer")
    shown.ready()
    notebook.page.screenshot(path=screenshots / f"beside_{notebook.server.app}.png")


@pytest.fixture
def opened(notebook: NotebookPage, demo) -> LabExplorer:
    """An explorer that begins with a room."""
    cell = "explorer = hs.explore(room='room_pair_01')\nexplorer"
    notebook.open(notebook.server.notebook("opened.ipynb", SETUP, cell))
    notebook.run_all()
    shown = LabExplorer(notebook)
    shown.ready()
    return shown


def test_without_a_kernel_a_picture_and_the_line_are_left(opened: LabExplorer, watched):
    explorer = opened
    explorer.root.evaluate("root => { root.dataset.before = 'true'; }")
    # The picture comes a moment after the timeline was drawn; the view is not drawn anew for it.
    explorer.page.wait_for_function(
        """() => window.jupyterapp.shell.currentWidget.content.widgets
            .some(cell => JSON.stringify(cell.model.toJSON().outputs ?? []).includes('image/png'))"""
    )
    expect(explorer.root).to_have_attribute("data-before", "true")
    saved = explorer.notebook.save()
    path = explorer.notebook.server.notebook("received.ipynb", saved.cells[1], kernel="nowhere")
    watched.goto("about:blank")
    explorer.notebook.open(path, kernel=False)
    still = watched.locator(".hs-Still")
    expect(still.get_by_role("img", name="Picture of the timeline, saved with the notebook")).to_be_visible()
    expect(still).to_contain_text("Run this cell to open it again: %hs explore room room_pair_01")
    expect(watched.get_by_text("Error displaying widget")).to_have_count(0)


def _states(saved: Any) -> list[Any]:
    """The state of the widgets, without the module itself."""
    widgets = saved.metadata.get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {})
    states = [dict(one["state"]) for one in widgets.get("state", {}).values()]
    for state in states:
        state.pop("_esm", None)
        state.pop("_css", None)
    return states
