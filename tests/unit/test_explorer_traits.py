"""The widget: its traits are all that lasts, every view agrees, and nothing in them is a record or a secret."""

from __future__ import annotations

import json
import threading
from itertools import count
from typing import Any

import comm
import ipywidgets
import msgspec
import pytest
from comm.base_comm import BaseComm
from explorer_kernel import ROOM, Variables, rating, study_routes
from fake_service import FakeService
from hypothesis import given
from hypothesis import strategies as st
from traitlets import TraitError

from hs_jupyter.api.connection import Connection
from hs_jupyter.api.keys import ApiKey
from hs_jupyter.errors import HsError, InputError
from hs_jupyter.explorer import module
from hs_jupyter.explorer.again import Run
from hs_jupyter.explorer.host import Doors
from hs_jupyter.explorer.selection import Selection, TimeWindow
from hs_jupyter.explorer.state import PlaceState
from hs_jupyter.explorer.widget import Explorer, answer_while_busy
from hs_jupyter.scope import Scope
from hs_jupyter.study import Study

KEY = "hst_live_verysecretkey0123456789"
R1 = Scope("room", "r1")
SECRETS = (KEY, "verysecret", "signature=abc", "example.org", "q00002")
"""A key, a signed link, an e-mail address, a record: none of them belongs in what is saved."""


class FakeComm(BaseComm):
    """A line to a browser that is not there; every message is kept."""

    sent: list[tuple[dict[str, Any], list[Any]]]

    def __init__(self, **options: Any) -> None:
        self.sent = []
        self._reply_subshell_for = lambda _data, _default: "the busy one"
        super().__init__(**options)

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **_keys) -> None:  # noqa: ARG002
        self.sent.append(({"msg_type": msg_type, **(data or {})}, list(buffers or [])))

    def states(self) -> list[dict[str, Any]]:
        return [data["state"] for data, _ in self.sent if data.get("method") == "update"]

    def messages(self) -> list[dict[str, Any]]:
        return [data["content"] for data, _ in self.sent if data.get("method") == "custom"]

    def says(self, state: dict[str, Any]) -> None:
        """Set traits as a browser does."""
        self._hears({"method": "update", "state": state, "buffer_paths": []})

    def asks(self, **message: Any) -> None:
        """Send a message as a browser does."""
        self._hears({"method": "custom", "content": message})

    def _hears(self, data: dict[str, Any]) -> None:
        self.handle_msg({"content": {"data": data}, "buffers": []})


@pytest.fixture(autouse=True)
def _browser(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(comm, "create_comm", FakeComm)
    monkeypatch.setattr(module, "STATIC", tmp_path)
    (tmp_path / "explorer.js").write_text("export default {}", "utf-8")
    (tmp_path / "explorer.css").write_text(".hs {}", "utf-8")


def explorer(scope: Scope | None = None, variables: Variables | None = None, **routes: Any) -> Explorer:
    connection = Connection("https://api.example/api/v3", ApiKey(KEY), key_source="hs.connect")
    study = Study(FakeService(study_routes(**routes)))
    link = "https://store.example/rec?signature=abc"
    made = Explorer(
        Doors(lambda: study, lambda: connection, lambda *_: link, print, variables or Variables()), scope
    )
    made._desk._run = lambda work: work()
    return made


def doors_of_one_study() -> Doors:
    study = Study(FakeService(study_routes()))
    connection = Connection("https://api.example/api/v3", ApiKey(KEY), key_source="hs.connect")
    return Doors(lambda: study, lambda: connection, lambda *_: "", print, Variables())


def in_room(**routes: Any) -> Explorer:
    return explorer(Scope("room", "r1"), **routes)


def test_it_begins_where_it_is_told_to() -> None:
    assert in_room().scope == Scope("room", "r1")
    assert in_room()._scope == {"kind": "room", "id": "r1", "room": None}
    nowhere = explorer()
    assert nowhere.scope is None
    assert nowhere.selection == Selection()
    for use in (lambda: nowhere.data, lambda: nowhere.chart, nowhere.code, lambda: nowhere.push("x")):
        with pytest.raises(InputError, match="no scope is chosen"):
            use()


def test_a_copy_without_the_browser_s_part_says_how_to_build_it(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(module, "STATIC", tmp_path / "nowhere")
    with pytest.raises(HsError, match=r"explorer\.(js|css)\) is missing.*npm --prefix js run build"):
        explorer()


def test_the_selection_set_in_python_is_sent_once() -> None:
    shown = in_room()
    shown.comm.sent.clear()
    shown.selection = Selection(window=(1, 2.0004), participants=["p1"], types=["ratings"])
    shown.selection = Selection(window=(1, 2), participants=["p1"], types=["ratings"])
    assert shown.comm.states() == [
        {"_selection": {"window": [1.0, 2.0], "participants": ["p1"], "types": ["ratings"]}}
    ]


def test_the_selection_of_the_browser_is_the_selection_in_python() -> None:
    shown, seen = in_room(), []
    shown.observe(lambda change: seen.append(change["new"]), "selection")
    shown.comm.sent.clear()
    shown.comm.says({"_selection": {"window": [1, 2], "participants": None, "types": ["sync"]}})
    assert shown.selection == Selection(window=TimeWindow(1, 2), types=("sync",))
    assert seen == [shown.selection]
    assert [one for one in shown.comm.states() if one != {"_selection": shown._selection}] == []


def test_a_bound_between_milliseconds_is_snapped_in_every_view() -> None:
    shown = in_room()
    shown.comm.says({"_selection": {"window": [1.00049, 2.00051], "participants": None, "types": None}})
    assert shown.selection.window == TimeWindow(1.0, 2.001)
    assert shown.comm.states()[-1] == {
        "_selection": {"window": [1.0, 2.001], "participants": None, "types": None}
    }


STATES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)
NAMES = ["_selection", "_place", "_scope", "_esm", "_css", "_model_name", "selection", "scope", "nothing"]


@given(
    st.dictionaries(
        st.sampled_from(NAMES), STATES | st.fixed_dictionaries({"window": STATES, "types": STATES})
    )
)
def test_whatever_a_browser_says_the_state_stays_what_the_contract_says(state) -> None:
    shown = in_room()
    before = shown.get_state()
    shown.comm.says(state)
    after = shown.get_state()
    for name in ("_scope", "_esm", "_css", "_model_name"):
        assert after[name] == before[name]
    msgspec.convert(after["_place"], PlaceState)
    assert (
        Selection.from_wire_or_none(shown._selection)
        if False
        else shown._selection == shown.selection.to_wire()
    )
    json.dumps(after, allow_nan=False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"window": [2, 1], "participants": None, "types": None},
        {"window": None, "participants": None, "types": ["rooms"]},
        {"window": None, "participants": None, "types": ["nonsense"]},
        {"window": None, "participants": None, "types": None, "note": KEY},
        {"window": [0, 1e300]},
        "everything",
    ],
)
def test_a_selection_that_is_none_is_refused_said_and_taken_back(wrong) -> None:
    shown = in_room()
    shown.comm.says({"_selection": {"window": [1, 2], "participants": None, "types": None}})
    shown.comm.sent.clear()
    shown.comm.says({"_selection": wrong})
    assert shown.selection == Selection(window=(1, 2))
    [said] = shown.comm.messages()
    assert (said["type"], said["id"], said["reason"]) == ("error", "", "input")
    assert shown.comm.states()[-1] == {"_selection": Selection(window=(1, 2)).to_wire()}


def test_python_is_told_what_is_no_selection() -> None:
    shown = in_room()
    with pytest.raises(InputError, match="rooms does not exist for a room"):
        shown.selection = Selection(types=["rooms"])
    with pytest.raises(TraitError):
        shown.selection = "everything"
    assert shown.selection == Selection()


def test_the_browser_s_place_lasts() -> None:
    shown = in_room()
    place = {
        "table": "sync", "window": [1, 2],
        "hidden": {"rows": [], "participants": ["p1"], "scales": [], "categories": []},
        "sorts": {"sync": {"column": "value", "order": "desc"}}, "columns": {"sync": ["value"]},
    }  # fmt: skip
    shown.comm.says({"_place": place})
    assert shown.get_state()["_place"] == {**place, "window": [1.0, 2.0]}
    shown._choose(Scope("room", "r2"))
    assert shown._place["window"] is None
    assert shown._place["hidden"]["participants"] == []
    assert shown._place["sorts"] == place["sorts"]
    assert shown._place["table"] == "sync"


def test_another_scope_begins_without_a_selection_and_the_same_keeps_it() -> None:
    shown = in_room()
    shown.selection = Selection(window=(1, 2))
    shown.comm.asks(type="open", id="a", scope=ROOM)
    assert shown.selection == Selection(window=(1, 2))
    shown.comm.sent.clear()
    shown.comm.asks(type="open", id="b", scope={"kind": "room", "id": "r2"})
    assert (shown.scope, shown.selection) == (Scope("room", "r2"), Selection())
    [state] = shown.comm.states()  # in one message: no view sees the one without the other
    assert state["_scope"] == {"kind": "room", "id": "r2", "room": None}
    assert state["_selection"] == Selection().to_wire()
    assert shown.comm.messages()[-1]["result"]["selection"] == {
        "window": None,
        "participants": None,
        "types": None,
    }


@pytest.fixture
def run_cell(monkeypatch):
    """Say which cell runs, in a run of its own."""
    numbers = count()

    def run(cell: str) -> None:
        now = Run(cell, f"m{next(numbers)}")
        monkeypatch.setattr("hs_jupyter.explorer.widget.run_of_cell", lambda: now)

    return run


@pytest.mark.parametrize("scope", [R1, None])
def test_a_cell_that_is_run_again_shows_the_same_place(run_cell, scope) -> None:
    doors = doors_of_one_study()
    run_cell("cell 1")
    first = Explorer(doors, scope)
    first._choose(R1)
    first.selection = Selection(window=(1, 2))
    first._place = {**first._place, "table": "events", "window": [0, 5]}
    run_cell("cell 1")
    again = Explorer(doors, scope)
    assert (again.scope, again.selection, again._place) == (R1, first.selection, first._place)
    twin = Explorer(doors, scope)  # of the same run: a view beside it
    run_cell("cell 2")
    for other in (twin, Explorer(doors, scope)):
        assert (other.scope, other.selection) == (scope, Selection())


def test_of_another_study_nothing_is_taken_over(run_cell) -> None:
    run_cell("cell 3")
    Explorer(doors_of_one_study(), R1).selection = Selection(window=(1, 2))
    run_cell("cell 3")
    assert Explorer(doors_of_one_study(), R1).selection == Selection()


def test_a_message_is_answered_over_the_comm_with_its_tables() -> None:
    shown = in_room()
    shown.comm.asks(type="page", id="a", scope=ROOM, table="ratings", count=5)
    [(answer, buffers)] = [
        (data["content"], buffers)
        for data, buffers in shown.comm.sent
        if data.get("method") == "custom" and data["content"]["type"] == "answer"
    ]
    assert (answer["type"], answer["tables"]) == ("answer", ("rows",))
    assert len(buffers) == 1


def test_a_table_that_changed_is_news_for_every_view() -> None:
    shown = in_room()
    shown.comm.asks(type="page", id="a", scope=ROOM, table="ratings", count=5)
    [news] = [one for one in shown.comm.messages() if one["type"] == "news"]
    assert (news["id"], news["tables"][0]["table"], news["tables"][0]["loaded"]) == ("", "ratings", 20)


def test_the_selection_links_to_other_widgets() -> None:
    shown = in_room()
    who = ipywidgets.Dropdown(options=["p0", "p1"])
    ipywidgets.dlink((who, "value"), (shown, "selection"), lambda one: Selection(participants=[one]))
    who.value = "p1"
    assert shown.selection.participants == ("p1",)
    box = ipywidgets.HBox([who, shown])
    assert box.children[1] is shown


def test_data_is_exactly_the_selection() -> None:
    shown = in_room()
    shown.selection = Selection(window=(2, 5), participants=["p1"], types=["ratings", "events"])
    assert list(shown.data) == ["ratings", "events"]
    assert shown.data.ratings["ratingId"].tolist() == ["q00003", "q00005"]
    assert shown.data.events["id"].tolist() == ["e03"]


def test_data_that_may_be_incomplete_says_so_always(capsys) -> None:
    answer = {"status": "success", "data": [], "metadata": {"_warnings": ["MISSING_INDEX: x"]}}
    names = Variables()
    shown = explorer(Scope("room", "r1"), names, **{"data/sync/room/r1": answer})
    shown.selection = Selection(types=["sync"])
    assert len(shown.data.sync) == 0
    assert capsys.readouterr().out == "sync may be incomplete: MISSING_INDEX: x\n"
    shown.comm.asks(type="push", id="a", scope=ROOM, selection={"types": ["sync"]}, name="x")
    assert shown.comm.messages()[-1]["result"]["sentence"].endswith(
        "; sync may be incomplete: MISSING_INDEX: x"
    )


def test_a_fault_is_kept_for_a_report(monkeypatch) -> None:
    shown = in_room()
    assert shown.fault == ""

    def break_off(*_: Any) -> None:
        raise RuntimeError(f"oh no {KEY}")

    monkeypatch.setattr("hs_jupyter.explorer.shelf.Shelf.page", break_off)
    shown.comm.asks(type="page", id="a", scope=ROOM, table="ratings")
    assert shown.comm.messages()[-1]["reason"] == "fault"
    assert "in break_off" in shown.fault
    assert "verysecret" not in shown.fault


def test_the_chart_is_altair_s_and_shows_what_the_explorer_shows() -> None:
    shown = in_room()
    shown.comm.says({"_place": {"window": [5, 9]}})
    chart = shown.chart
    assert type(chart).__name__ == "VConcatChart"
    drawn = json.dumps(chart.to_dict())
    assert "room r1" in drawn
    assert '"datasets"' in drawn


def test_code_is_for_the_selection() -> None:
    shown = in_room()
    shown.selection = Selection(window=(2, 5.5), types=["ratings"])
    assert shown.code() == "%hs bundle room r1 --types ratings --from 2s --to 5.5s -o selected"
    assert shown.code(table="sync", name="x") == "%hs sync room r1 --from 2s --to 5.5s -o x"
    assert shown.code("python").endswith('hs.bundle(room="r1", types=["ratings"], from_="2s", to="5.5s")')
    with pytest.raises(InputError, match="'magic' or 'python'"):
        shown.code("r")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="rooms does not exist"):
        shown.code(table="rooms")


def test_push_says_what_it_did(capsys) -> None:
    names = Variables(mine=5)
    shown = explorer(Scope("room", "r1"), names)
    shown.selection = Selection(types=["ratings"])
    shown.push("mine")
    assert names["mine"] == 5
    shown.push("mine")
    shown.push("frame", table="ratings")
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "hs: 'mine' holds an int; push again to replace it, or take another name.",
        "hs: 'mine' holds a Bundle of 1 table now.",
        "hs: 'frame' holds a DataFrame of 20 rows x 16 columns now.",
    ]


def test_what_is_saved_holds_no_record_no_key_no_link_and_no_address() -> None:
    recording = {
        "recordingId": "rec1",
        "roomId": "r1",
        "startTime": "2026-03-02T15:00:00.000Z",
        "status": "complete",
    }
    shown = in_room(**{"data/recordings/room/r1": [recording]})
    shown.selection = Selection(window=(1, 5), participants=["p1"], types=["ratings"])
    for number, message in enumerate(
        [
            {"type": "hello"},
            {"type": "scopes", "parent": ROOM},
            {"type": "page", "scope": ROOM, "table": "ratings"},
            {"type": "page", "scope": ROOM, "table": "participants"},
            {"type": "timeline", "scope": ROOM, "width_px": 600},
            {"type": "media", "scope": ROOM, "recording": "rec1"},
            {"type": "fetch", "scope": ROOM, "tables": []},
        ]
    ):
        shown.comm.asks(**message, id=str(number))
    answers = [one for one in shown.comm.messages() if one["type"] == "answer"]
    assert len(answers) == 7
    assert "signature=abc" in json.dumps(answers[5])
    others = json.dumps([one for one in shown.comm.messages() if one.get("to") != "media"])
    assert not [one for one in (KEY, "verysecret", "signature=abc", "example.org") if one in others]
    saved = json.dumps([shown.get_state(), shown._repr_mimebundle_()])
    assert not [one for one in SECRETS if one in saved]
    own = {name: one for name, one in shown.get_state().items() if name not in ("_esm", "_css")}
    assert len(json.dumps(own)) < 2000


def test_an_output_without_a_kernel_says_how_to_open_it_again() -> None:
    data, _ = in_room()._repr_mimebundle_()
    assert data["text/plain"].endswith("%hs explore room r1")
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"]
    assert data["application/vnd.hyperstudy.explorer+json"]["line"] == "%hs explore room r1"
    assert "image/png" not in data


def test_a_view_that_is_kept_gets_its_picture(monkeypatch) -> None:
    shown, updates = in_room(), []
    monkeypatch.setattr("hs_jupyter.explorer.still.Outputs.renew_soon", lambda self: self.renew())

    class Handle:
        def display(self, data, **_):
            assert "image/png" not in data

        def update(self, data, **_):
            updates.append(data)

    monkeypatch.setattr("IPython.display.DisplayHandle", Handle)
    shown._outputs.show()
    shown.comm.asks(type="hello", id="a")
    shown.comm.asks(type="timeline", id="b", scope=ROOM, width_px=600)
    assert updates == []
    shown.comm.asks(type="hello", id="c", keeps=True)
    shown.comm.asks(type="timeline", id="d", scope=ROOM, width_px=600)
    [data] = updates
    assert data["image/png"].startswith("iVBORw0KGgo")
    assert len(data["image/png"]) < 110_000
    assert data["text/plain"].endswith("%hs explore room r1")
    shown.comm.asks(type="timeline", id="e", scope=ROOM, width_px=600)
    assert updates == [data], "the same picture would only make the notebook unsaved"
    shown._place = {**shown._place, "window": [2.0, 4.0]}
    shown.comm.asks(type="timeline", id="f", scope=ROOM, width_px=600)
    assert len(updates) == 2


def test_the_browser_s_messages_go_where_it_sent_them() -> None:
    shown = in_room()
    assert shown.comm._reply_subshell_for({}, "the browser's own") == "the browser's own"
    answer_while_busy(object())  # an ipykernel that has no such thing


def test_closing_ends_what_is_under_way() -> None:
    shown = in_room()
    later: list[Any] = []
    shown._desk._run = later.append
    shown.comm.asks(type="fetch", id="a", scope=ROOM, tables=[])
    line = shown.comm
    shown.close()
    later[0]()
    assert [one for one in line.messages() if one["type"] == "answer"] == []


def test_threads_send_one_at_a_time() -> None:
    shown, inside, most = in_room(), [0], [0]

    def send(*_: Any) -> None:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        inside[0] -= 1

    shown.send = send  # type: ignore[method-assign]
    threads = [
        threading.Thread(target=lambda: [shown._send_message({"type": "news"}, []) for _ in range(200)])
        for _ in range(4)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join(10)
    assert most[0] == 1


def test_ratings_of_the_small_study_are_as_the_tests_say() -> None:
    assert rating(3)["participantId"] == "p1"
