"""The explorer's timeline in a browser: what a hand does to it, and what is seen."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from drawn import Cell, cells
from playwright.sync_api import expect
from timeline_page import bundle, serve

sys.path.append(str(Path(__file__).parents[1] / "unit"))

from sample_tables import experiment_tables, room_tables
from test_charts_text import poisoned
from test_explorer_drawing import long_ratings

from hs_jupyter.explorer.drawing import prepare_timeline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

HOSTILE = "<img src=x onerror=\"document.title='run'\">"
SCOPES = {
    "pair": lambda: prepare_timeline(room_tables(2)),
    "crowd": lambda: prepare_timeline(room_tables(13)),
    "long": lambda: prepare_timeline(long_ratings(3, 60_000)),
    "hostile": lambda: prepare_timeline(poisoned(HOSTILE)),
    "exp": lambda: prepare_timeline(experiment_tables(4, 2), overlay=True),
}


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    """The page, and a server that draws."""
    files = bundle(tmp_path_factory.mktemp("timeline"))
    with serve(files, {name: make() for name, make in SCOPES.items()}) as (url, _took):
        yield url


class Shown:
    """A timeline on the page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator(".hs-Explorer")
        self.figure = page.get_by_role("figure", name="Timeline")
        self.stage = self.figure.get_by_role("application")
        self.chart = page.locator(".hs-Stage-chart")

    def ready(self) -> None:
        expect(self.root).to_have_attribute("data-ready", "true")

    @property
    def rows(self) -> list[Cell]:
        """The plots of the rows, from top to bottom."""
        self.ready()
        return cells(self.chart)

    def looks(self) -> list[bytes]:
        return [one.look(self.page) for one in self.rows]

    def now(self, expression: str) -> Any:
        """Ask the page's state; it is ``s``, the kernel's desk ``d``."""
        script = (
            "([text]) => new Function('s', 'd', `return (${text})`)(timeline.now.state, timeline.now.desk)"
        )
        return self.page.evaluate(script, [expression])

    @property
    def window(self) -> list[float] | None:
        return self.now("s.place.value.window")

    @property
    def selection(self) -> list[float] | None:
        return self.now("s.selection.value.window")

    @property
    def asked(self) -> list[dict[str, Any]]:
        return self.now("d.sent.filter(one => one.type === 'timeline')")

    def domain(self) -> tuple[float, float]:
        return tuple(self.now("s.drawn.value.domain"))

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move((start[0] + end[0]) / 2, end[1], steps=4)
        mouse.move(*end, steps=4)
        mouse.up()

    def wheel(self, at: tuple[float, float], turns: list[int], *, key: str | None = "Control") -> None:
        self.page.mouse.move(*at)
        if key:
            self.page.keyboard.down(key)
        for one in turns:
            self.page.mouse.wheel(0, one)
        if key:
            self.page.keyboard.up(key)

    def leave(self) -> None:
        self.page.mouse.move(1, 1)

    def rests(self, expression: str) -> None:
        """Wait until an expression of the state holds, and all is drawn."""
        self.page.wait_for_function(
            "([text]) => new Function('s', 'd', `return (${text})`)(timeline.now.state, timeline.now.desk)",
            arg=[expression],
        )
        self.ready()


@pytest.fixture
def show(watched: Page, address: str) -> Callable[..., Shown]:
    """Open a scope in a page of a width."""

    def shown(name: str = "pair", width: int = 900) -> Shown:
        watched.set_viewport_size({"width": width, "height": 1000})
        watched.goto(address)
        watched.wait_for_function("() => document.body.dataset.ready")
        kind = "experiment" if name == "exp" else "room"
        watched.evaluate("scope => timeline.begin(scope)", {"kind": kind, "id": name, "room": None})
        one = Shown(watched)
        one.ready()
        expect(one.chart.locator("canvas")).to_be_visible()
        return one

    return shown


def sec_at(cell: Cell, x: float, window: tuple[float, float]) -> float:
    return window[0] + (x - cell.x) / cell.width * (window[1] - window[0])


def test_a_plain_drag_in_any_row_selects_in_all_and_escape_clears(show):
    one = show()
    rows, domain = one.rows, one.domain()
    before = one.looks()
    for row in rows:
        one.drag(row.at(0.3), row.at(0.6))
        one.leave()
        one.ready()
        start, end = one.selection
        assert start == pytest.approx(sec_at(row, row.at(0.3)[0], domain), abs=0.001)
        assert end == pytest.approx(sec_at(row, row.at(0.6)[0], domain), abs=0.001)
        assert all(abs(sec * 1000 - round(sec * 1000)) < 1e-6 for sec in (start, end))
        assert all(look != old for look, old in zip(one.looks(), before, strict=True))
        one.stage.focus()
        one.page.keyboard.press("Escape")
        assert one.selection is None
        one.stage.blur()
        assert one.looks() == before


def test_a_selection_begins_anew_inside_itself_and_is_taken_by_its_edges(show):
    one = show()
    row = one.rows[0]
    one.drag(row.at(0.3), row.at(0.7))
    start, end = one.selection
    one.drag(row.at(0.7), row.at(0.8))
    assert one.selection[0] == start
    assert one.selection[1] > end
    one.drag(row.at(0.4), row.at(0.5))
    assert start < one.selection[0] < one.selection[1] < end


def test_escape_gives_up_a_drag(show):
    one = show()
    row = one.rows[0]
    one.drag(row.at(0.1), row.at(0.2))
    before = one.selection
    one.stage.focus()
    one.page.mouse.move(*row.at(0.4))
    one.page.mouse.down()
    one.page.mouse.move(*row.at(0.9), steps=5)
    one.page.keyboard.press("Escape")
    one.page.mouse.up()
    assert one.selection == before


def test_the_wheel_with_control_zooms_at_the_pointer_in_all_rows(show):
    one = show("long")
    row, domain = one.rows[0], one.domain()
    before = one.looks()
    at = row.at(0.25)
    one.wheel(at, [-100] * 6)
    one.rests("s.place.value.window")
    start, end = one.window
    assert end - start < (domain[1] - domain[0]) / 4
    assert sec_at(row, at[0], (start, end)) == pytest.approx(sec_at(row, at[0], domain), rel=1e-3)
    one.leave()
    assert all(look != old for look, old in zip(one.looks(), before, strict=True))
    assert one.asked[-1]["window"] == one.window
    one.wheel(at, [100] * 20)
    one.rests("s.place.value.window === null")
    one.leave()
    assert one.looks() == before


def test_a_plain_wheel_scrolls_the_page(show):
    one = show()
    row = one.rows[0]
    one.page.evaluate("() => { document.body.style.height = '4000px'; }")
    one.wheel(row.at(0.5), [200], key=None)
    one.page.wait_for_function("() => window.scrollY > 100")
    assert one.window is None
    one.ready()


def test_a_drag_with_shift_pans_and_selects_nothing(show):
    one = show("long")
    row = one.rows[0]
    one.wheel(row.at(0.5), [-100] * 5)
    one.rests("s.place.value.window")
    start, end = one.window
    one.page.keyboard.down("Shift")
    one.drag(row.at(0.5), row.at(0.2))
    one.page.keyboard.up("Shift")
    one.rests(f"s.place.value.window[0] > {start}")
    assert one.window[1] - one.window[0] == pytest.approx(end - start, abs=0.002)
    assert one.window[0] - start == pytest.approx(0.3 * (end - start), rel=0.01)
    assert one.selection is None


def test_what_is_drawn_moves_at_once_and_the_kernels_detail_comes_after_it(show):
    one = show("long")
    row = one.rows[0]
    before = row.look(one.page)
    one.page.evaluate("() => { timeline.now.desk.held = new Promise(done => { window.release = done; }); }")
    one.wheel(row.at(0.5), [-100] * 6)
    one.page.wait_for_function("() => timeline.now.state.place.value.window")
    one.page.wait_for_function("() => timeline.now.state.drawing.value === 0")
    one.leave()
    moved = row.look(one.page)
    assert moved != before
    expect(one.root).to_have_attribute("data-ready", "false")
    one.page.evaluate("() => { timeline.now.desk.held = null; release(); }")
    one.ready()
    assert row.look(one.page) != moved


def test_a_moving_window_asks_for_the_latest_alone(show):
    one = show("long")
    row = one.rows[0]
    first = len(one.asked)
    one.page.evaluate("() => { timeline.now.desk.held = new Promise(done => { window.release = done; }); }")
    one.wheel(row.at(0.5), [-40] * 12)
    one.page.wait_for_function("() => timeline.now.state.place.value.window")
    one.page.evaluate("() => { timeline.now.desk.held = null; release(); }")
    one.ready()
    asked = one.asked[first:]
    assert 1 < len(asked) <= 4
    assert asked[-1]["window"] == one.window
    ended = {request["cancels"] for request in one.now("d.sent.filter(one => one.type === 'cancel')")}
    assert asked[-1]["id"] not in ended
    assert ended <= {request["id"] for request in asked[:-1]}


def test_the_buttons_zoom_and_say_when_there_is_nothing_more(show):
    one = show("long")
    closer, wider, whole = (
        one.figure.get_by_role("button", name=name) for name in ("Zoom in", "Zoom out", "Reset zoom")
    )
    expect(wider).to_be_disabled()
    expect(whole).to_be_disabled()
    closer.click()
    one.rests("s.place.value.window")
    first = one.window
    closer.click()
    one.rests(f"s.place.value.window[0] > {first[0]}")
    wider.click()
    one.rests(f"Math.abs(s.place.value.window[0] - {first[0]}) < 0.01")
    whole.click()
    one.rests("s.place.value.window === null")
    expect(whole).to_be_disabled()


def test_the_cursor_runs_through_all_rows_and_goes(show):
    one = show()
    before = one.looks()
    for row in one.rows:
        one.page.mouse.move(*row.at(0.503, 0.98))
        assert all(look != old for look, old in zip(one.looks(), before, strict=True))
        one.leave()
        assert one.looks() == before


def test_a_mark_under_the_pointer_tells_what_it_is_as_text(show):
    one = show("hostile")
    row = one.rows[-2]
    tip = one.page.get_by_role("tooltip")
    point = one.page.evaluate(
        """() => {
            const view = document.querySelector('.hs-Stage-chart').__view__;
            const {onset_sec} = view.data('chat')[0];
            const [start, end] = timeline.now.state.drawn.value.domain;
            return (onset_sec - start) / (end - start);
        }"""
    )
    for down in (0.05, 0.25, 0.5, 0.75, 0.95):
        one.page.mouse.move(*row.at(point, down))
        if tip.is_visible():
            break
    expect(tip).to_contain_text(HOSTILE)
    assert one.figure.locator("img").count() == 0
    assert one.page.title() != "run"


def test_a_participant_is_hidden_and_shown_by_the_legend(show):
    one = show()
    before = one.looks()
    legend = one.figure.get_by_role("list", name="Participants")
    button = legend.get_by_role("button", name="p_01_a")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    one.rests("s.place.value.hidden.participants.length === 1")
    expect(button).to_have_attribute("aria-pressed", "false")
    one.leave()
    after = one.looks()
    assert after[0] != before[0]
    assert one.asked[-1]["hidden"]["participants"] == ["p_01_a"]
    button.click()
    one.rests("s.place.value.hidden.participants.length === 0")
    button.blur()
    one.leave()
    assert one.looks() == before


def test_rows_scales_and_categories_are_hidden_by_the_list(show):
    one = show()
    count = len(one.rows)
    one.figure.get_by_role("button", name="Show").click()
    panel = one.page.get_by_role("dialog", name="Show")
    for left, name in enumerate(("Chat", "Drift", "arousal"), 1):
        panel.get_by_role("checkbox", name=name, exact=True).uncheck()
        one.rests(f"Object.values(s.place.value.hidden).flat().length === {left}")
        assert len(one.rows) == count - left
    panel.get_by_role("checkbox", name="state", exact=True).uncheck()
    one.rests("s.place.value.hidden.categories.includes('state')")
    hidden = one.now("s.place.value.hidden")
    assert hidden == {
        "rows": ["sync_drift", "chat"],
        "participants": [],
        "scales": ["arousal"],
        "categories": ["state"],
    }
    one.page.keyboard.press("Escape")
    expect(one.figure.get_by_role("button", name="Show: 4 hidden")).to_be_visible()


def test_all_of_it_by_keyboard(show):
    one = show("long")
    one.stage.focus()
    press = one.page.keyboard.press
    press("Home")
    press("End")
    for _ in range(10):
        press("ArrowLeft")
    start, end = one.domain()
    step = (end - start) / 100
    assert one.now("s.cursor.value.onset_sec") == pytest.approx(end - 10 * step)
    for _ in range(5):
        press("Shift+ArrowLeft")
    assert one.selection == [
        pytest.approx(end - 15 * step, abs=0.001),
        pytest.approx(end - 10 * step, abs=0.001),
    ]
    expect(one.page.locator("[aria-live]")).to_contain_text("Rating · valence p_0 ")
    press("+")
    one.rests("s.place.value.window")
    inside = one.window
    assert inside[0] <= one.selection[0] < one.selection[1] <= inside[1]
    press("PageUp")
    one.rests(f"s.place.value.window[0] < {inside[0]}")
    press("0")
    one.rests("s.place.value.window === null")
    press("Escape")
    assert one.selection is None


def test_the_cursor_moved_out_of_the_window_takes_it_along(show):
    one = show("long")
    one.figure.get_by_role("button", name="Zoom in").click()
    one.rests("s.place.value.window")
    before = one.window
    one.stage.focus()
    one.page.keyboard.press("End")
    one.page.keyboard.press("Control+ArrowRight")
    one.rests(f"s.place.value.window[1] > {before[1]}")
    assert one.now("s.cursor.value.onset_sec") <= one.window[1] + 0.001


def test_a_recording_is_opened_where_it_is_clicked_and_at_its_start_by_key(show):
    one = show()
    button = one.figure.get_by_role("button", name="Play the recording of p_01_b")
    box = button.bounding_box()
    button.click(position={"x": box["width"] / 2, "y": 7})
    assert one.now("s.recording.value") == "EG_p_01_b"
    row = one.rows[-1]
    middle = sec_at(row, box["x"] + box["width"] / 2, one.domain())
    assert one.now("s.cursor.value") == {"onset_sec": pytest.approx(middle, abs=1), "from": "timeline"}
    other = one.figure.get_by_role("button", name="Play the recording of p_01_a")
    other.focus()
    one.page.keyboard.press("Enter")
    assert one.now("s.recording.value") == "EG_p_01_a"
    assert one.now("s.cursor.value.onset_sec") < 10


def test_a_drag_over_a_recording_selects_and_plays_nothing(show):
    one = show()
    row = one.rows[-1]
    one.drag(row.at(0.3), row.at(0.5))
    assert one.selection is not None
    assert one.now("s.recording.value") is None


def test_the_player_moves_the_playhead_and_the_pointer_leaves_it_alone(show):
    one = show()
    before = one.looks()
    one.page.evaluate(
        """() => {
            const {state} = timeline.now;
            state.recording.value = 'EG_p_01_a';
            state.playing.value = true;
            state.cursor.value = {onset_sec: 200, from: 'player'};
        }"""
    )
    one.ready()
    assert all(look != old for look, old in zip(one.looks(), before, strict=True))
    row = one.rows[0]
    one.page.mouse.move(*row.at(0.9))
    assert one.now("s.cursor.value") == {"onset_sec": 200, "from": "player"}
    one.page.mouse.click(*row.at(0.9))
    assert one.now("s.cursor.value.from") == "timeline"


def test_a_click_on_a_line_of_an_experiment_opens_its_room(show):
    one = show("exp")
    row = one.rows[0]
    tip = one.page.get_by_role("tooltip")
    found = None
    for down in range(5, 95, 2):
        one.page.mouse.move(*row.at(0.5, down / 100))
        if tip.is_visible():
            found = tip.inner_text()
            one.page.mouse.click(*row.at(0.5, down / 100))
            break
    assert found is not None
    opening = one.now("s.opening.value")
    assert opening["kind"] == "room"
    assert f"{opening['id']}: click to open" in found


def test_a_line_of_an_experiment_is_named_and_opened_by_keyboard(show):
    one = show("exp")
    press = one.page.keyboard.press
    tip, said = one.page.get_by_role("tooltip"), one.figure.locator("[aria-live]")
    one.stage.focus()
    press("ArrowDown")
    expect(said).to_contain_text("Enter opens its room.")
    first = tip.text_content()
    press("ArrowDown")
    expect(tip).not_to_have_text(first)
    press("ArrowUp")
    expect(tip).to_have_text(first)
    press("Enter")
    opening = one.now("s.opening.value")
    assert opening["kind"] == "room"
    assert f"{opening['id']}: click to open" in first
    expect(tip).to_be_hidden()


def test_where_a_legend_names_the_lines_their_keys_are_the_page_s(show):
    one = show("pair")
    one.stage.focus()
    one.page.evaluate(
        "() => document.addEventListener('keydown', event => { window.passed = !event.defaultPrevented; })"
    )
    for key in ("ArrowDown", "Enter"):
        one.page.keyboard.press(key)
        assert one.page.evaluate("() => window.passed") is True
    assert one.now("s.opening.value") is None


def test_among_many_one_is_named_and_read_in_all_rows(show):
    one = show("crowd")
    rows = one.rows
    tip = one.page.get_by_role("tooltip")
    before = one.looks()
    for down in range(5, 95, 2):
        one.page.mouse.move(*rows[0].at(0.5, down / 100))
        if tip.is_visible():
            break
    expect(tip).to_contain_text("p_01_")
    assert rows[1].look(one.page) != before[1]


def test_a_problem_is_told_and_what_is_drawn_stays(show):
    one = show("long")
    one.page.evaluate("() => { timeline.now.desk.refusal = 'The service did not answer.'; }")
    one.figure.get_by_role("button", name="Zoom in").click()
    one.page.wait_for_function("() => timeline.now.troubles.at.value.timeline")
    sentence = one.page.evaluate("() => timeline.now.troubles.at.value.timeline.problem.sentence")
    assert sentence == "The service did not answer."
    assert len(one.rows) == 1
    asked = len(one.asked)
    one.page.evaluate("() => timeline.now.troubles.at.value.timeline.again(false)")
    one.rests(f"d.sent.filter(one => one.type === 'timeline').length > {asked}")
    assert one.asked[-1]["window"] == one.window


def test_another_view_moves_this_one(show):
    one = show("long")
    before = one.looks()
    one.page.evaluate(
        """() => timeline.now.desk.set('_place', {...timeline.now.state.place.value, window: [100, 200]})"""
    )
    one.ready()
    assert one.looks() != before
    assert one.asked[-1]["window"] == [100, 200]
    one.page.evaluate(
        "() => timeline.now.desk.set('_selection', {window: [110, 120], participants: null, types: null})"
    )
    one.ready()
    expect(one.figure).to_contain_text("Selected is 1:50.0 to 2:00.0, 10 s.")


def test_two_fingers_zoom_and_one_does_not(show):
    one = show("long")
    row = one.rows[0]
    touch = one.page.context.new_cdp_session(one.page)

    def fingers(kind: str, *shares: float) -> None:
        points = [
            {"x": row.at(share)[0], "y": row.at(share)[1], "id": number}
            for number, share in enumerate(shares)
        ]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    domain = one.domain()
    fingers("touchStart", 0.4)
    fingers("touchStart", 0.4, 0.6)
    for far in (0.05, 0.1, 0.15, 0.2):
        fingers("touchMove", 0.4 - far, 0.6 + far)
    fingers("touchEnd")
    one.rests("s.place.value.window")
    start, end = one.window
    assert end - start == pytest.approx((domain[1] - domain[0]) / 3, rel=0.05)
    assert one.selection is None


@pytest.mark.parametrize("width", [320, 700, 1400])
def test_it_fits_its_place_and_follows_it(show, width):
    one = show("pair", width)
    one.page.set_viewport_size({"width": width, "height": 1000})
    assert one.page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    row = one.rows[0]
    assert row.width > width * 0.45
    one.page.set_viewport_size({"width": width + 200, "height": 1000})
    one.page.wait_for_function(
        "([wide]) => Math.abs(timeline.now.desk.sent.at(-1).width_px - wide) < 60", arg=[row.width + 200]
    )
    assert one.rows[0].width > row.width + 150


def test_light_and_dark(show, screenshots):
    one = show("pair", 1000)
    row = one.rows[0]
    one.drag(row.at(0.3), row.at(0.6))
    one.page.mouse.move(*row.at(0.4))
    one.ready()
    light = one.looks()
    one.page.screenshot(path=screenshots / "timeline_light.png")
    one.page.evaluate("() => { document.body.dataset.jpThemeLight = 'false'; }")
    one.page.wait_for_function("() => timeline.now.state.drawing.value === 0")
    one.ready()
    one.page.screenshot(path=screenshots / "timeline_dark.png")
    assert all(look != old for look, old in zip(one.looks(), light, strict=True))
    assert one.selection is not None


def test_it_is_said_in_words(show):
    one = show()
    expect(one.figure).to_contain_text("All is shown, -1:22 to 10:26.")
    expect(one.figure).to_contain_text("Rating · valence: 2 lines, 0.")
    described = one.stage.get_attribute("aria-describedby").split()
    texts = [one.page.locator(f'[id="{name}"]').inner_text() for name in described]
    assert "Arrow keys move the cursor" in texts[1]


def test_it_goes_without_a_trace(show):
    one = show()
    one.page.evaluate("() => { window.desk = timeline.now.desk; timeline.end(); }")
    assert one.page.locator("main").inner_html() == ""
    assert one.page.evaluate("() => desk.standing") == 0
    sent = one.page.evaluate("() => desk.sent.length")
    one.page.set_viewport_size({"width": 600, "height": 700})
    one.page.mouse.move(300, 200)
    one.page.evaluate("() => { document.body.dataset.jpThemeLight = 'false'; }")
    assert (
        one.page.evaluate("() => new Promise(done => requestAnimationFrame(() => done(desk.sent.length)))")
        == sent
    )


def test_who_is_not_selected_is_drawn_faintly(show):
    one = show()
    before = one.looks()
    one.page.evaluate("() => timeline.now.state.select({participants: ['p_01_a']})")
    one.ready()
    after = one.looks()
    assert all(look != old for look, old in zip(after, before, strict=True))
    one.page.evaluate("() => timeline.now.state.select({participants: null})")
    one.ready()
    assert one.looks() == before
