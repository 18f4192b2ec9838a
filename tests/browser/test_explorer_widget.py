"""The explorer's module in a browser, outside of Jupyter: every flow by role and name."""

from __future__ import annotations

import re
import runpy
from fractions import Fraction
from pathlib import Path

import pytest
from explorer_page import FAINT, ExplorerPage, bundle
from playwright.sync_api import Page, expect


@pytest.fixture(scope="session")
def page_script(tmp_path_factory):
    return bundle(tmp_path_factory.mktemp("explorer"))


@pytest.fixture(scope="session")
def recording(tmp_path_factory):
    """Four seconds of a picture, as a browser plays it."""
    import av
    import numpy as np

    path = tmp_path_factory.mktemp("recording") / "recording.webm"
    with av.open(path, "w") as file:
        stream = file.add_stream("libvpx", rate=10)
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        stream.codec_context.gop_size = 5
        for number in range(40):
            frame = av.VideoFrame.from_ndarray(np.full((90, 160, 3), number * 6, "uint8"), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 10)
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
    return path


@pytest.fixture(scope="session")
def prepared():
    """A room of ten minutes, for the timeline."""
    from hs_jupyter.explorer.drawing import prepare_timeline

    samples = runpy.run_path(str(Path(__file__).parents[1] / "unit" / "sample_tables.py"))
    return prepare_timeline(samples["room_tables"]())


@pytest.fixture
def explorer(watched: Page, page_script, recording, prepared):
    return ExplorerPage(watched, page_script, recording, prepared)


@pytest.fixture
def room(explorer: ExplorerPage):
    """An explorer with a room open."""
    explorer.begin()
    explorer.open_room()
    return explorer


def test_it_begins_with_the_scopes(explorer: ExplorerPage):
    explorer.begin()
    explorer.ready()
    root = explorer.root
    expect(root.get_by_role("tree", name="Scopes")).to_be_visible()
    expect(root.get_by_role("searchbox", name="Find an experiment, room or participant")).to_be_visible()
    expect(explorer.status).to_contain_text("Choose a room")
    expect(root).to_contain_text("DEMO STUDY")
    expect(root).to_contain_text("961 of 970 requests left")
    assert {one["type"] for one in explorer.kernel("k.sent")} == {"recent", "scopes", "hello"}


def test_a_room_shows_its_types_and_its_first_records(room: ExplorerPage):
    tabs = room.root.get_by_role("tablist", name="Data types").get_by_role("tab")
    expect(tabs).to_have_count(5)
    expect(tabs.first).to_have_attribute("aria-selected", "true")
    expect(tabs.first).to_have_accessible_name("ratings, 32,000 records")
    expect(room.grid).to_have_attribute("aria-rowcount", "32001")
    expect(room.cell(1, "onset_sec")).to_have_text("-1.000")
    expect(room.cell(1, "participantId")).to_have_text("p_1")
    expect(room.cell(11, "onset_sec")).to_have_text("0.000")
    expect(room.root.get_by_text("32,000 records", exact=True)).to_be_visible()
    assert len(room.asked("open")) == 1
    assert len(room.asked("page")) == 1
    # The row says all that is known of the room.
    line = room.root.get_by_role("treeitem", selected=True)
    expect(line).to_have_accessible_name(
        re.compile(r"room_0001 stored 10:00 abandoned · 2026-03-02 15:04 2 participants")
    )


def test_a_tree_of_thousands_is_drawn_in_part_and_reached_whole(explorer: ExplorerPage):
    explorer.begin()
    tree = explorer.root.get_by_role("tree", name="Scopes")
    study = explorer.root.get_by_role("treeitem", name=re.compile(r"^Emotion study 1\b"))
    tree.focus()
    explorer.page.keyboard.type("Emotion study 1")
    explorer.page.keyboard.press("ArrowRight")
    expect(study).to_have_attribute("aria-expanded", "true")
    expect(explorer.root.get_by_role("treeitem", name=re.compile("^room_0001"))).to_be_visible()
    explorer.page.keyboard.type("room_3000")
    last = explorer.root.get_by_role("treeitem", name=re.compile("^room_3000"))
    expect(last).to_be_visible()
    expect(last).to_have_attribute("aria-posinset", "3000")
    assert explorer.root.get_by_role("treeitem").count() < 60


def test_a_pasted_id_is_asked_for_and_opened(explorer: ExplorerPage):
    explorer.begin()
    box = explorer.root.get_by_role("searchbox", name="Find an experiment, room or participant")
    box.fill("room_pasted")
    expect(explorer.root).to_contain_text("Not known here. Enter asks the service.")
    box.press("Enter")
    expect(explorer.root.get_by_role("heading", name="room room_pasted")).to_be_visible()
    box.fill("room_nowhere")
    box.press("Enter")
    expect(explorer.root).to_contain_text("The service knows no scope 'room_nowhere'.")
    box.press("Escape")
    expect(explorer.root.get_by_role("treeitem", name=re.compile("^Emotion study 2"))).to_be_visible()


def test_a_search_finds_what_is_known_without_asking_the_service(explorer: ExplorerPage):
    explorer.begin()
    box = explorer.root.get_by_role("searchbox", name="Find an experiment, room or participant")
    box.fill("room_00")
    found = explorer.root.get_by_role("treeitem", name=re.compile("^room_0007"))
    expect(found).to_be_visible()
    box.press("ArrowDown")
    explorer.page.keyboard.press("Enter")
    expect(explorer.root.get_by_role("heading", name="room room_0007")).to_be_visible()
    assert not any(one["ask"] for one in explorer.asked("find"))


def test_what_the_key_may_not_read_says_so(room: ExplorerPage):
    room.root.get_by_role("tab", name="chat, not readable: needs read:chat").click()
    expect(room.root.get_by_role("tabpanel")).to_contain_text("chat is not readable: needs read:chat.")
    assert all(one["table"] != "chat" for one in room.asked("page"))


def test_sort_filter_and_columns(room: ExplorerPage):
    head = room.grid.get_by_role("columnheader", name="onset_sec")
    head.click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    head.click()
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(room.cell(1, "onset_sec")).to_have_text("3198.900")
    assert room.kernel("k.get('_place').sorts") == {"ratings": {"column": "onset_sec", "order": "desc"}}
    head.click()
    expect(head).to_have_attribute("aria-sort", "none")

    room.root.get_by_role("searchbox", name="Filter records").fill("p_1")
    expect(room.root).to_contain_text("16,000 shown, 32,000 in all")
    assert room.asked("page")[-1]["filter"] == "p_1"

    room.root.get_by_role("button", name="Columns").click()
    room.root.get_by_role("dialog", name="Columns").get_by_label("timestamp").uncheck()
    expect(room.grid.get_by_role("columnheader", name="timestamp")).to_have_count(0)
    expect(room.root.get_by_role("button", name="Columns: 6 of 7")).to_be_visible()
    assert "timestamp" not in room.asked("page")[-1]["columns"]


def test_hostile_text_is_text(explorer: ExplorerPage):
    explorer.begin()
    expect(explorer.root.get_by_role("treeitem", name=re.compile("^<img src=x"))).to_be_visible()
    explorer.open_room()
    room = explorer
    room.tab("events")
    assert room.cell(1, "text").inner_text() == '<img src=x onerror="window.hacked=1">'
    room.cell(1, "data").dblclick()
    value = room.root.get_by_role("region", name="Value of data")
    expect(value).to_contain_text('note: "<img src=x onerror=\\"window.hacked=1\\">"')
    value.get_by_text("2: {1}").click()
    expect(value).to_contain_text('deep: "<img src=x')
    assert room.root.locator("img, script, iframe, a").count() == 0
    assert room.page.evaluate("() => window.hacked") is None
    room.page.keyboard.press("Escape")
    expect(value).to_have_count(0)


def test_all_records_come_with_progress_and_can_be_cancelled(room: ExplorerPage):
    room.tab("events")
    expect(room.root).to_contain_text("loaded 2,000 of 255,896")
    room.root.get_by_role("button", name="Fetch all").click()
    expect(room.root.get_by_role("progressbar", name="Fetching")).to_have_attribute("value", "120000")
    expect(room.root).to_contain_text("120,000 of 255,896, 15 s left")
    room.root.get_by_role("button", name="Cancel").click()
    expect(room.root.get_by_role("button", name="Fetch all")).to_be_visible()
    assert room.asked("cancel")[-1]["cancels"] == room.asked("fetch")[-1]["id"]

    room.root.get_by_role("button", name="Fetch all").click()
    room.tab("ratings")  # it goes on
    room.kernel("k.finish()")
    expect(room.status).to_have_text("events is loaded whole.")
    room.tab("events")
    expect(room.root.get_by_text("255,896 records", exact=True)).to_be_visible()


def test_a_plan_of_many_requests_is_asked_about(room: ExplorerPage):
    room.tab("events")
    room.kernel("k.refusals.set('fetch', ['This takes 256 requests of the 961 left.', 'records', 'plan'])")
    room.root.get_by_role("button", name="Fetch all").click()
    expect(room.alert).to_contain_text("This takes 256 requests of the 961 left.")
    room.alert.get_by_role("button", name="Go ahead").click()
    expect(room.root.get_by_role("progressbar", name="Fetching")).to_be_visible()
    assert room.asked("fetch")[-1]["yes"] is True
    expect(room.alert).to_have_count(0)


@pytest.fixture
def long_room(explorer: ExplorerPage):
    """An explorer with a room of ten million ratings open, at the last one."""
    explorer.begin({"ratings": 10_000_000})
    explorer.open_room()
    explorer.grid.focus()
    explorer.page.keyboard.press("Control+End")
    expect(explorer.cell(10_000_000, "onset_sec")).to_have_text("999998.900")
    return explorer


def test_ten_million_rows_scroll(long_room: ExplorerPage):
    long_room.page.keyboard.press("Control+Home")
    expect(long_room.cell(1, "onset_sec")).to_have_text("-1.000")

    long_room.grid.evaluate("grid => { grid.scrollTop = grid.scrollHeight / 2; }")
    numbers = long_room.grid.locator(".hs-Row").first
    expect(numbers).to_have_attribute("aria-rowindex", re.compile(r"^(4999|5000)\d{3}$"))
    before = int(numbers.get_attribute("aria-rowindex") or 0)
    long_room.grid.hover()
    long_room.page.mouse.wheel(0, 270)
    expect(numbers).to_have_attribute("aria-rowindex", str(before + 10))  # ten rows, not thousands
    expect(long_room.cell(before + 20, "participantId")).to_have_text(re.compile("p_"))
    assert long_room.grid.locator(".hs-Row").count() < 40
    assert len(long_room.asked("page")) < 10


def test_another_order_is_asked_for_from_its_top_alone(long_room: ExplorerPage):
    long_room.grid.get_by_role("columnheader", name="onset_sec").click()
    expect(long_room.cell(1, "onset_sec")).to_have_text("-1.000")
    long_room.ready()
    assert {one["offset"] for one in long_room.asked("page") if one["sort"]} == {0}


def test_the_selection_has_one_window_for_all(room: ExplorerPage):
    start = room.root.get_by_role("textbox", name="From")
    end = room.root.get_by_role("textbox", name="To")
    start.fill("12")
    start.press("Enter")
    expect(room.alert).to_have_text("From 12 has no unit: write 12s for seconds of onset.")
    expect(start).to_have_attribute("aria-invalid", "true")
    start.fill("10s")
    end.fill("60.25s")
    end.press("Enter")
    expect(end).to_have_value("1:00.25")
    expect(room.alert).to_have_count(0)
    assert room.kernel("k.get('_selection').window") == [10, 60.25]
    expect(room.root.get_by_role("tab", name=re.compile("ratings"))).to_have_accessible_name(
        "ratings, 32,000 records, 503 selected"
    )
    expect(room.root.get_by_role("region", name="Selection")).to_contain_text("503 ratings")
    assert room.asked("page")[-1]["selection"]["window"] == [10, 60.25]

    room.root.get_by_role("button", name="Types: all").click()
    room.root.get_by_role("dialog", name="Types").get_by_label("events").uncheck()
    assert room.kernel("k.get('_selection').types") == ["ratings", "recordings", "eyetracking"]
    room.page.keyboard.press("Escape")
    room.root.get_by_role("button", name="Clear selection").click()
    expect(start).to_have_value("")
    assert room.kernel("k.get('_selection')") == {"window": None, "participants": None, "types": None}


@pytest.mark.parametrize(("width", "height"), [(1280, 690), (300, 690)])
def test_selection_and_push_are_in_sight_with_all_rows(explorer: ExplorerPage, width, height):
    """What a laptop leaves of its screen, and a narrow panel."""
    explorer.page.set_viewport_size({"width": width, "height": height})
    explorer.begin(traits={"_scope": {"kind": "room", "id": "room_0001", "room": None}})
    explorer.ready()
    explorer.page.mouse.wheel(0, 0)
    for name in ("Clear selection", "Push to notebook", "Copy code"):
        expect(explorer.root.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
    expect(explorer.root.get_by_role("textbox", name="From")).to_be_in_viewport(ratio=1)
    stage = explorer.root.get_by_role("application")
    assert stage.bounding_box()["y"] < height * 2 / 3


def test_a_bound_before_the_other_is_refused(room: ExplorerPage):
    room.root.get_by_role("textbox", name="From").fill("60s")
    room.root.get_by_role("textbox", name="To").fill("10s")
    room.root.get_by_role("textbox", name="To").press("Enter")
    expect(room.alert).to_have_text("To 0:10 lies before From 1:00.")
    assert room.kernel("k.get('_selection').window") is None


def test_what_python_selects_is_shown(room: ExplorerPage):
    selection = '{"window": [1, 2.5], "participants": ["p_1"], "types": null}'
    room.kernel(f"k.set('_selection', {selection})")
    expect(room.root.get_by_role("textbox", name="To")).to_have_value("0:02.5")
    expect(room.root.get_by_role("button", name="Participants: p_1")).to_be_visible()
    assert room.kernel("k.saved") == []  # nothing is sent back


def test_push_asks_before_it_replaces(room: ExplorerPage):
    name = room.root.get_by_role("textbox", name="Variable name")
    push = room.root.get_by_role("button", name="Push to notebook")
    name.fill("taken")
    push.click()
    expect(room.alert).to_have_text("taken is there already: an int, 3. Push again to replace it.")
    assert room.kernel("k.variables.get('taken')") == 3
    name.fill("other")
    expect(room.alert).to_have_count(0)  # what was refused is no longer what is asked
    name.fill("taken")
    push.click()
    push.click()
    expect(room.status).to_have_text("taken holds the selection.")
    assert room.kernel("k.variables.get('taken').table") is None

    room.root.get_by_role("checkbox", name="This table only").check()
    name.fill("just_ratings")
    name.press("Enter")
    expect(room.status).to_have_text("just_ratings holds the selection.")
    near = room.root.get_by_label("Push", exact=True).get_by_text("just_ratings holds the selection.")
    expect(near).to_be_visible()  # the status may be out of view, far below
    room.tab("events")
    expect(near).to_have_count(0)
    assert room.kernel("k.variables.get('just_ratings').table") == "ratings"


def test_a_push_that_is_refused_says_why(room: ExplorerPage):
    room.kernel("k.refusals.set('push', [\"'class' is a keyword of Python.\", 'push', 'input'])")
    room.root.get_by_role("button", name="Push to notebook").click()
    expect(room.alert).to_contain_text("'class' is a keyword of Python.")
    expect(room.alert.get_by_role("button")).to_have_count(1)  # asking again would change nothing
    room.alert.get_by_role("button", name="Dismiss").click()
    expect(room.alert).to_have_count(0)


def test_code_and_cells_are_copied(room: ExplorerPage):
    room.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    room.root.get_by_role("button", name="Copy code").click()
    expect(room.status).to_contain_text("The code is copied")
    clipboard = "() => navigator.clipboard.readText()"
    assert room.page.evaluate(clipboard) == "%%hs room room_0001\nmagic -> selected"
    room.cell(3, "value_norm").click()
    room.page.keyboard.press("Control+c")
    expect(room.status).to_have_text("value_norm of row 3 is copied.")
    assert room.page.evaluate(clipboard) == "0.30000000000000004"


def test_a_busy_kernel_is_shown_and_recovers(explorer: ExplorerPage):
    explorer.begin()
    explorer.ready()
    explorer.kernel("k.settings.busy = true")
    explorer.root.get_by_role("treeitem", name=re.compile("^room_0002")).first.click()
    expect(explorer.status).to_contain_text("The kernel is busy with a cell")
    expect(explorer.root).to_have_attribute("data-ready", "false")
    explorer.kernel("k.free()")
    expect(explorer.root.get_by_role("heading", name="room room_0002")).to_be_visible()
    explorer.ready()
    expect(explorer.status).to_have_text("Ready.")


def test_a_kernel_that_is_gone_is_said_at_once_and_nothing_is_waited_for(room: ExplorerPage):
    room.kernel("[k.settings.dead = true, k.emit('comm_live_update')].length")
    expect(room.alert).to_contain_text("was restarted or ended")
    expect(room.status).to_contain_text("No kernel answers any more")
    room.root.get_by_role("tab", name=re.compile("^events")).click()
    room.root.get_by_role("treeitem", name=re.compile("^room_0003")).click()
    room.root.get_by_role("button", name="Push to notebook").click()
    room.ready()
    expect(room.alert).to_have_count(1)
    expect(room.root.locator("[aria-busy=true]")).to_have_count(0)


def test_an_error_stands_where_it_happened(room: ExplorerPage):
    room.kernel("k.refusals.set('open', ['The service does not answer.', 'scopes', 'network'])")
    room.root.get_by_role("treeitem", name=re.compile("^room_0003")).click()
    alert = room.root.get_by_role("complementary", name="Scope").get_by_role("alert")
    expect(alert).to_contain_text("The service does not answer.")
    alert.get_by_role("button", name="Try again").click()
    expect(room.root.get_by_role("heading", name="room room_0003")).to_be_visible()
    expect(room.alert).to_have_count(0)


def test_a_running_room_is_followed(explorer: ExplorerPage):
    explorer.begin({"running": True})
    explorer.open_room()
    explorer.root.get_by_role("button", name="Follow").click()
    expect(explorer.status).to_have_text("Following the room …")
    explorer.kernel("k.news(12)")
    expect(explorer.status).to_have_text("Following: 12 new records. Looks again in 5 s.")
    explorer.kernel("k.news(3)")
    expect(explorer.status).to_have_text("Following: 15 new records. Looks again in 5 s.")
    explorer.ready()  # following is no work to wait for
    explorer.kernel("k.end()")
    expect(explorer.root.get_by_role("button", name="Follow")).to_have_count(0)
    expect(explorer.status).to_have_text("Ready.")


def test_a_recording_plays_and_leaves_no_link(room: ExplorerPage):
    room.tab("recordings")
    room.root.get_by_role("button", name="Play the recording of row 1").click()
    player = room.root.get_by_role("region", name="Player")
    video = player.locator("video")
    expect(video).to_have_js_property("readyState", 4)
    room.page.wait_for_function("() => document.querySelector('video').ended")  # it plays by itself
    expect(player).to_contain_text("begins at 0:10, 0:04 long")
    video.evaluate("video => { video.currentTime = 2; }")
    expect(video).to_have_js_property("currentTime", 2)
    assert "signature" in room.root.evaluate("root => root.outerHTML")
    player.get_by_role("button", name="Close player").click()
    expect(player).to_have_count(0)
    assert "signature" not in room.page.evaluate("() => document.documentElement.outerHTML")
    traits = room.kernel("JSON.stringify(['_scope', '_selection', '_place'].map(one => k.get(one)))")
    assert "signature" not in traits
    assert "signature" not in str(room.kernel("k.saved"))


def test_two_views_agree(room: ExplorerPage):
    room.page.evaluate("() => explorer.mount()")
    other = room.page.get_by_role("region", name="HyperStudy explorer").nth(1)
    expect(other.get_by_role("heading", name="room room_0001")).to_be_visible()
    room.root.get_by_role("tab", name=re.compile("^events")).click()
    expect(other.get_by_role("tab", name=re.compile("^events"))).to_have_attribute("aria-selected", "true")
    other.get_by_role("treeitem", name=re.compile("^room_0002")).first.click()
    expect(room.root.get_by_role("heading", name="room room_0002")).to_be_visible()


def test_a_view_opened_again_shows_the_same_place(room: ExplorerPage):
    room.tab("events")
    room.page.evaluate("() => { explorer.unmount(); explorer.mount(); }")
    expect(room.root.get_by_role("tab", name=re.compile("^events"))).to_have_attribute(
        "aria-selected", "true"
    )
    expect(room.cell(1, "eventType")).to_have_text("click")
    assert len(room.asked("open")) == 1  # it was open already


def test_an_unmounted_view_is_silent(room: ExplorerPage):
    room.page.evaluate("() => explorer.unmount()")
    assert room.page.evaluate("() => document.querySelector('#host').innerText") == ""
    assert room.kernel("k.standing") == 0
    sent = len(room.kernel("k.sent"))
    room.kernel(
        "[k.set('_scope', null), k.set('_selection', {window: [1, 2], participants: null, types: null}),"
        " k.say({type: 'news', id: '', scope: {}, tables: []})].length"
    )
    room.page.evaluate("() => window.dispatchEvent(new Event('resize'))")
    room.page.wait_for_function("() => new Promise(done => setTimeout(() => done(true), 600))")
    assert len(room.kernel("k.sent")) == sent


def test_unmounted_views_do_not_pile_up(room: ExplorerPage):
    devtools = room.page.context.new_cdp_session(room.page)

    def held() -> dict[str, int]:
        """What Chromium holds after collecting garbage: what a listener, an observer or a timer still reaches
        is none. (Chromium itself reaches the view it showed last.)"""
        devtools.send("HeapProfiler.collectGarbage")
        counted = devtools.send("Memory.getDOMCounters")
        return {name: counted[name] for name in ("nodes", "jsEventListeners")}

    def look_around() -> None:
        room.page.evaluate(
            "() => { explorer.unmount(); document.querySelector('#host').replaceChildren(); explorer.mount(); }"
        )
        room.ready()
        room.root.get_by_role("figure", name="Timeline").hover()
        room.tab("events")
        room.tab("ratings")

    one = held()
    for _ in range(8):
        look_around()
    after = held()
    assert all(0 < after[name] < 4 * one[name] for name in one), (one, after)


def test_everything_goes_by_keyboard(explorer: ExplorerPage):
    explorer.begin()
    explorer.ready()
    keys = explorer.page.keyboard
    focused = (
        "() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent"
    )

    def tab_to(name: str) -> None:
        for _ in range(40):
            keys.press("Tab")
            if (explorer.page.evaluate(focused) or "").startswith(name):
                return
        raise AssertionError(f"Tab never came to {name}")

    tab_to("Find an experiment, room or participant")
    keys.press("ArrowDown")
    keys.type("Emotion study 1")
    keys.press("ArrowRight")
    expect(explorer.root.get_by_role("treeitem", name=re.compile("^room_0001"))).to_be_visible()
    keys.press("ArrowRight")
    keys.press("Enter")
    expect(explorer.root.get_by_role("heading", name="room room_0001")).to_be_visible()
    explorer.ready()
    tab_to("ratings, 32,000 records")
    keys.press("ArrowRight")
    expect(explorer.root.get_by_role("tab", name=re.compile("^events"))).to_be_focused()
    explorer.ready()
    tab_to("Records")
    for key in ("ArrowUp", "End", "Home", "Enter"):  # to the head, there and back, sort
        keys.press(key)
    expect(explorer.grid.get_by_role("columnheader", name="onset_sec")).to_have_attribute(
        "aria-sort", "ascending"
    )
    explorer.ready()
    keys.press("ArrowDown")
    for _ in range(5):
        keys.press("ArrowRight")
    keys.press("Enter")
    expect(explorer.root.get_by_role("region", name="Value of data")).to_contain_text("x: 0")
    tab_to("Push to notebook")
    keys.press("Enter")
    expect(explorer.status).to_have_text("selected holds the selection.")


def test_axe_finds_nothing(explorer: ExplorerPage):
    explorer.begin({"running": True})
    explorer.ready()
    assert explorer.violations() == []
    explorer.open_room()
    explorer.tab("events")
    explorer.root.get_by_role("button", name="Fetch all").click()
    explorer.cell(1, "data").dblclick()
    expect(explorer.root.get_by_role("region", name="Value of data")).to_contain_text("x: 0")
    explorer.root.get_by_role("textbox", name="Variable name").fill("taken")
    explorer.root.get_by_role("button", name="Push to notebook").click()
    explorer.root.get_by_role("textbox", name="From").fill("12")
    explorer.root.get_by_role("textbox", name="From").press("Enter")
    expect(explorer.alert).to_have_count(2)
    assert explorer.violations() == []
    explorer.root.get_by_role("button", name="Columns").click()
    explorer.tab("chat, not readable")
    assert explorer.violations() == []


def test_focus_is_never_lost(explorer: ExplorerPage):
    explorer.page.set_viewport_size({"width": 352, "height": 900})
    explorer.begin()
    explorer.ready()
    box = explorer.root.get_by_role("searchbox", name="Find an experiment, room or participant")
    box.fill("room_0007")
    box.press("Enter")
    scopes = explorer.root.get_by_role("button", name="Scopes")
    expect(scopes).to_be_focused()
    explorer.ready()
    scopes.press("Enter")
    expect(box).to_be_visible()
    scopes.press("Enter")
    explorer.grid.focus()
    explorer.page.keyboard.press("Enter")
    value = explorer.root.get_by_role("region", name="Value of onset_sec")
    expect(value).to_contain_text("-1")
    value.get_by_role("button", name="Close value").press("Enter")
    expect(explorer.grid).to_be_focused()
    explorer.page.keyboard.press("Enter")
    expect(value).to_be_visible()
    explorer.page.keyboard.press("Escape")
    expect(value).to_have_count(0)


def test_without_a_connection_it_says_what_to_do(explorer: ExplorerPage):
    explorer.begin({"connected": False})
    expect(explorer.root.locator(".hs-Empty")).to_contain_text("Run %hs login, or %hs demo")


def test_motion_is_reduced_for_who_asks(explorer: ExplorerPage):
    explorer.page.emulate_media(reduced_motion="reduce")
    explorer.begin()
    explorer.ready()
    explorer.kernel("k.settings.busy = true")
    explorer.root.get_by_role("treeitem", name=re.compile("^room_0002")).first.click()
    expect(explorer.status).to_contain_text("Loading")
    assert explorer.page.evaluate("() => document.getAnimations().length") == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 900, 1600])
def test_it_is_readable_at_every_width(explorer: ExplorerPage, screenshots, theme, width):
    explorer.page.set_viewport_size({"width": width + 32, "height": 1100})
    with explorer.theme(theme):
        explorer.begin()
        explorer.ready()
        assert explorer.root.evaluate(FAINT) == []
        explorer.open_room()
        explorer.root.get_by_role("textbox", name="From").fill("12")
        explorer.root.get_by_role("textbox", name="From").press("Enter")
        expect(explorer.alert).to_be_visible()
        explorer.tab("events")
        assert explorer.root.evaluate(FAINT) == []
        sideways = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert explorer.page.evaluate(sideways) <= 0
        explorer.root.screenshot(path=screenshots / f"explorer_{theme}_{width}.png")
