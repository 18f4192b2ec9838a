"""The explorer's kernel side over real HTTP against the demo study: what a person does, request by request."""

from __future__ import annotations

import io
from threading import Event
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
import requests

import hs_jupyter as hs
from hs_jupyter import functions
from hs_jupyter.api.connection import Session
from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.demo_study import keys, truths
from hs_jupyter.explorer import following
from hs_jupyter.functions import session
from hs_jupyter.magics import grammar

if TYPE_CHECKING:
    from hs_jupyter.demo_study import DemoStudy

ROOM = {"kind": "room", "id": "room_pair_01"}
EXPERIMENT = "exp_film_pairs"
MOMENT = (160.0, 175.5)
VIEWER = "p_pair_01_viewer"
PATIENCE_SEC = 60


class Browser:
    """What a browser would do with an explorer: ask, and wait for the one answer."""

    def __init__(self, explorer: hs.Explorer) -> None:
        self.explorer = explorer
        self.told: list[dict[str, Any]] = []
        self.waiting: dict[str, tuple[Event, list[Any]]] = {}
        explorer._send_message = self._hear
        explorer._desk._send = self._hear

    def _hear(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        self.told.append(content)
        if content["type"] in ("answer", "error") and content["id"] in self.waiting:
            came, box = self.waiting[content["id"]]
            box += [content, buffers]
            came.set()

    def begin(self, type_: str, **fields: Any) -> str:
        id_ = f"{type_}-{len(self.waiting)}"
        self.waiting[id_] = Event(), []
        self.explorer._receive(self.explorer, {"type": type_, "id": id_, **fields}, [])
        return id_

    def finish(self, id_: str) -> dict[str, Any]:
        came, box = self.waiting[id_]
        assert came.wait(PATIENCE_SEC), f"{id_} was not answered"
        answer = dict(box[0])
        for name, buffer in zip(answer.get("tables", ()), box[1], strict=True):
            with pa.ipc.open_stream(buffer) as reader:
                answer[name] = reader.read_all()
        return answer

    def ask(self, type_: str, **fields: Any) -> dict[str, Any]:
        answer = self.finish(self.begin(type_, **fields))
        assert answer["type"] == "answer", answer
        return answer


def run(code: str) -> Any:
    """Run a selection's code as a notebook does."""
    names: dict[str, Any] = {}
    for line in code.split("\n"):
        if line.startswith("%hs "):
            command = grammar.parse(line.removeprefix("%hs "), names)
            names[command.into] = getattr(functions, command.call)(**command.arguments)
        else:
            exec(line, names)
    return names["selected"]


@pytest.fixture
def connected(demo: DemoStudy, monkeypatch: pytest.MonkeyPatch) -> Session:
    fresh = Session({})
    monkeypatch.setattr(session, "_SESSION", fresh)
    fresh.use_demo(demo.base_url, demo.api_key, study_key=demo.parameters.study_key)
    return fresh


@pytest.fixture
def view(connected: Session) -> Browser:
    return Browser(hs.explore())


def test_a_person_finds_a_room_and_sees_its_records(view: Browser) -> None:
    hello = view.ask("hello")["result"]
    assert hello["demo"]
    assert hello["connection"].startswith("DEMO STUDY at ")
    experiments = view.ask("scopes")["experiments"].to_pylist()
    assert {one["id"] for one in experiments} >= {truths.PAIRS, truths.SOLO}
    rooms = view.ask("scopes", parent={"kind": "experiment", "id": truths.PAIRS})["rooms"].to_pylist()
    assert len(rooms) == len(hs.rooms(experiment=truths.PAIRS, progress=False))
    people = view.ask("scopes", parent=ROOM)["participants"].to_pylist()
    assert VIEWER in {one["id"] for one in people}
    opened = view.ask("open", scope=ROOM)["result"]
    assert view.explorer.scope == hs.explore(room="room_pair_01").scope
    assert {one["table"] for one in opened["tables"]} == {
        one.table for one in DATA_TYPES.values() if "room" in one.scopes
    }
    page = view.ask("page", scope=ROOM, table="ratings", count=50)
    assert page["result"]["total"] == len(hs.ratings(room="room_pair_01", progress=False))
    wanted = hs.ratings(room="room_pair_01", limit=50, progress=False)
    assert page["rows"]["ratingId"].to_pylist() == wanted["ratingId"].tolist()
    assert page["rows"]["onset_sec"].to_pylist() == wanted["onset_sec"].tolist()


def test_everything_of_a_room_is_loaded_with_progress_and_counts(view: Browser) -> None:
    view.ask("open", scope=ROOM)
    states = {one["table"]: one for one in view.ask("fetch", scope=ROOM, tables=[])["result"]["tables"]}
    bundle = hs.bundle(room="room_pair_01", progress=False)
    assert {name: one["loaded"] for name, one in states.items()} == {
        name: len(one) for name, one in bundle.items()
    }
    selection = {"window": list(MOMENT), "participants": [VIEWER]}
    counts = view.ask("counts", scope=ROOM, selection=selection)["result"]["counts"]
    chosen = hs.bundle(room="room_pair_01", from_=MOMENT[0], to=MOMENT[1], progress=False).of(VIEWER)
    assert counts == {name: len(one) for name, one in chosen.items()}
    assert counts["ratings"] > 50


def test_the_selection_its_code_and_what_is_pushed_are_the_same_rows(view: Browser) -> None:
    explorer = view.explorer
    view.ask("open", scope=ROOM)
    explorer.selection = hs.Selection(
        window=MOMENT, participants=[VIEWER], types=["ratings", "sync", "events", "chat"]
    )
    data = explorer.data
    for kind in ("magic", "python"):
        given_back = run(explorer.code(kind))
        assert list(given_back) == list(data) == ["ratings", "sync", "events", "chat"]
        for name, table in data.items():
            assert table.equals(given_back[name])
            assert table.attrs["hs"]["filters"] == given_back[name].attrs["hs"]["filters"]
    assert data.sync["participantId"].unique().tolist() == [VIEWER]
    assert data.ratings["onset_sec"].between(*MOMENT).all()


@pytest.mark.parametrize("kind", ["magic", "python"])
@pytest.mark.parametrize(
    "selection",
    [
        hs.Selection(types=["ratings", "events", "chat"]),
        hs.Selection(window=MOMENT, types=["ratings", "sync"]),
        hs.Selection(window=MOMENT, participants=[VIEWER], types=["sync", "events"]),
    ],
    ids=["types", "window", "all three"],
)
@pytest.mark.parametrize("scope", [{"experiment": EXPERIMENT}, {"participant": VIEWER, "room": ROOM["id"]}])
@pytest.mark.usefixtures("connected")
def test_the_code_gives_the_same_rows_at_other_scopes(scope, selection, kind) -> None:
    explorer = hs.explore(**scope)
    explorer.selection = selection
    data = explorer.data
    given_back = run(explorer.code(kind))
    assert list(given_back) == list(data)
    assert sum(map(len, data.values()))
    for name, table in data.items():
        assert table.equals(given_back[name])


def test_the_timeline_is_drawn_and_its_window_refined(view: Browser) -> None:
    whole = view.ask("timeline", scope=ROOM, width_px=700)["result"]
    assert whole["window"] == whole["domain"]
    assert set(whole["choices"]["participants"]) >= {VIEWER}
    assert not whole["missing"]
    near = view.ask("timeline", scope=ROOM, width_px=700, window=list(MOMENT), known=[whole["spec_id"]])
    assert near["result"]["spec"] is None
    assert near["result"]["window"] == MOMENT
    assert sum(len(one) for one in view.waiting["timeline-1"][1][1]) < 300_000


def test_an_experiment_is_an_overlay_of_its_rooms(view: Browser) -> None:
    scope = {"kind": "experiment", "id": truths.SOLO}
    view.ask("scopes")
    view.ask("fetch", scope=scope, tables=["ratings", "sync", "events"])
    drawn = view.ask("timeline", scope=scope, width_px=700)["result"]
    assert len(drawn["choices"]["participants"]) > 10
    view.explorer.selection = hs.Selection()
    assert view.ask("open", scope=scope)["result"]["title"] == "Film alone"
    view.explorer.selection = hs.Selection(window=(0, 30), types=["ratings"])
    wanted = hs.ratings(experiment=truths.SOLO, from_=0, to=30, progress=False)
    assert view.explorer.data.ratings.equals(wanted)


def test_a_recording_plays_through_a_link_that_needs_no_key(view: Browser) -> None:
    recording = hs.recordings(room="room_pair_01", progress=False).iloc[0]
    found = view.ask("media", scope=ROOM, recording=recording["recordingId"])["result"]
    assert found["start_sec"] == pytest.approx(recording["videoOffset"] / 1000)
    answer = requests.get(found["url"], headers={"Range": "bytes=0-99"}, timeout=PATIENCE_SEC)
    assert answer.status_code == 206
    assert b"ftyp" in io.BytesIO(answer.content).read(100)
    assert found["url"] not in str(view.explorer.get_state())
    assert not [one for one in view.told if "signature" in str(one) and one.get("to") != "media"]


def test_a_key_that_may_not_read_ratings_sees_everything_else(
    view: Browser, connected: Session, demo: DemoStudy
) -> None:
    connected.connect(base_url=demo.base_url, api_key=keys.NO_RATINGS.text)
    refused = view.finish(view.begin("page", scope=ROOM, table="ratings"))
    assert (refused["reason"], refused["key_scope"], refused["place"]) == ("key", "read:ratings", "records")
    states = {one["table"]: one for one in view.ask("types", scope=ROOM)["result"]["tables"]}
    assert not states["ratings"]["readable"]
    drawn = view.ask("timeline", scope=ROOM, width_px=700)["result"]
    assert {one["table"] for one in drawn["missing"]} == {"ratings", "ratings_sparse"}
    assert view.ask("page", scope=ROOM, table="events")["result"]["total"] > 100


def test_an_unknown_room_is_said_with_the_nearest(view: Browser) -> None:
    answer = view.finish(view.begin("page", scope={"kind": "room", "id": "room_pair_1"}, table="events"))
    assert (answer["reason"], answer["place"]) == ("not found", "records")
    assert "did you mean 'room_pair_01'?" in answer["sentence"]


def test_a_running_room_grows_while_it_is_followed(view: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "PAUSE_SEC", 0.2)
    scope = {"kind": "room", "id": truths.LIVE_ROOM}
    view.ask("scopes", parent={"kind": "experiment", "id": truths.LIVE})
    assert view.ask("open", scope=scope)["result"]["running"]
    view.ask("fetch", scope=scope, tables=["events", "ratings", "sync"])
    grew = Event()
    hear = view._hear

    def listen(content: dict[str, Any], buffers: list[bytes]) -> None:
        if content["type"] == "news" and content["added"]:
            grew.set()
        hear(content, buffers)

    view.explorer._desk._send = listen
    followed = view.begin("live", scope=scope)
    assert grew.wait(PATIENCE_SEC)
    assert view.ask("cancel", cancels=followed)["result"]["cancelled"]
    assert view.finish(followed)["reason"] == "cancelled"


def test_looking_at_a_room_costs_a_request_for_each_table_that_is_looked_at(
    view: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    study = session.current_study()
    get = study._fetcher._service.get
    monkeypatch.setattr(
        study._fetcher._service, "get", lambda path, *a, **k: asked.append(path) or get(path, *a, **k)
    )
    view.ask("open", scope=ROOM)
    assert asked == []
    view.ask("page", scope=ROOM, table="events")
    assert len(asked) == 1
    view.ask("timeline", scope=ROOM, width_px=700)
    assert len([one for one in asked if "events" in one]) == 1
    before = len(asked)
    view.ask("timeline", scope=ROOM, width_px=700, window=list(MOMENT))
    view.ask("page", scope=ROOM, table="ratings", offset=5000, selection={"window": list(MOMENT)})
    assert len(asked) == before
