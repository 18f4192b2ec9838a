"""Each request on a small study: what it answers, what it asks of the service, what it says when it cannot."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from explorer_kernel import HOSTILE, ROOM, Kernel, rating, stamp, study_routes
from fake_service import event

from hs_jupyter.api.connection import Connection
from hs_jupyter.api.keys import ApiKey
from hs_jupyter.errors import CredentialsError, ForbiddenError
from hs_jupyter.explorer.buffers import TABLES
from hs_jupyter.explorer.selection import Selection
from hs_jupyter.scope import Scope

EXPERIMENT = {"kind": "experiment", "id": "e1"}
RATINGS = "data/ratings/continuous/room/r1"


def test_hello_says_who_is_there_and_asks_nothing() -> None:
    kernel = Kernel()
    kernel.connection = Connection(
        "https://x.example/api/v3", ApiKey("hst_test_abcdefghij0123"), key_source="here"
    )
    found = kernel.ask("hello")
    assert found["connected"]
    assert found["connection"] == "https://x.example/api/v3"  # and nothing of the key
    assert (found["demo"], found["requests_left"], found["requests_per_hour"]) == (False, None, None)
    assert kernel.service.asked == []


def test_hello_without_a_key_says_how_to_get_one() -> None:
    kernel = Kernel()
    found = kernel.ask("hello")
    assert not found["connected"]
    assert "%hs login" in found["connection"]
    assert "%hs demo" in found["connection"]


def test_hello_says_what_keeps_a_key_from_being_sent() -> None:
    kernel = Kernel()

    def refuse():
        raise CredentialsError("the key from X is not sent to https://elsewhere.example")

    kernel.host.doors = replace(kernel.host.doors, connection=refuse)
    found = kernel.ask("hello")
    assert not found["connected"]
    assert "is not sent to https://elsewhere.example" in found["connection"]


def test_hello_says_how_many_requests_are_left() -> None:
    from hs_jupyter.api.asking import Policy
    from hs_jupyter.api.budget import Budget
    from hs_jupyter.api.ledger import Limits
    from hs_jupyter.study import Study

    kernel = Kernel()
    kernel.connection = Connection("http://127.0.0.1:1/api/v3", ApiKey("hst_test_abcdefghij0123"))
    kernel.study = Study(kernel.service, Policy(Budget(Limits(per_hour=970))))
    kernel.ask("page", scope=ROOM, table="ratings")
    found = kernel.ask("hello")
    assert (found["requests_left"], found["requests_per_hour"]) == (969, 970)


def test_the_tree_is_asked_for_once_and_again_when_told_to() -> None:
    kernel = Kernel()
    for _ in range(2):
        rows = kernel.table("scopes", "experiments")
    assert rows == [
        {"id": "e1", "name": "Films", "rooms": 2, "participants": None, "created_ms": 1772463600000.0,
         "stored": False, "opened_ms": None}
    ]  # fmt: skip
    assert kernel.service.paths() == ["experiments"]
    kernel.table("scopes", "experiments", refresh=True)
    assert kernel.service.paths() == ["experiments"] * 2


def test_rooms_come_newest_first_with_their_status_and_length() -> None:
    rooms = Kernel().table("scopes", "rooms", parent=EXPERIMENT)
    assert [one["id"] for one in rooms] == ["r2", "r1"]
    assert [one["running"] for one in rooms] == [True, False]
    assert (rooms[1]["duration_sec"], rooms[1]["participants"], rooms[1]["status"]) == (60.0, 2, "completed")


def test_people_come_without_their_e_mail_addresses() -> None:
    kernel = Kernel()
    people = kernel.table("scopes", "participants", parent=ROOM)
    assert [(one["id"], one["name"], one["role"]) for one in people] == [
        ("p0", "Name 0", "viewer"), ("p1", "Name 1", "viewer"),
    ]  # fmt: skip
    assert b"example.org" not in b"".join(b"".join(one) for one in kernel.buffers.values())


def test_every_list_has_the_columns_of_the_contract() -> None:
    kernel = Kernel()
    for name, parent in (("experiments", None), ("rooms", EXPERIMENT), ("participants", ROOM)):
        assert list(kernel.table("scopes", name, parent=parent)[0]) == list(TABLES[name])
    kernel.ask("open", scope=ROOM)
    assert list(kernel.table("recent", "found")[0]) == list(TABLES["found"])


def test_thousands_of_rooms_and_numbers_beyond_all_bounds_are_a_list() -> None:
    many = [{"roomId": f"r{n:05}", "status": "completed", "participantCount": 10**15} for n in range(4000)]
    kernel = Kernel(study_routes(**{"data/rooms/experiment/e1": many}), cap=5000)
    rooms = kernel.table("scopes", "rooms", parent=EXPERIMENT)
    assert len(rooms) == 4000
    assert rooms[0]["participants"] is None


def test_opening_a_scope_costs_nothing_and_chooses_it() -> None:
    kernel = Kernel()
    kernel.selection = Selection(window=(1, 2))
    found = kernel.ask("open", scope=ROOM)
    assert kernel.chosen == [Scope("room", "r1")]
    assert kernel.service.asked == []
    assert found["title"] == "room r1"
    assert found["selection"] == {"window": (1.0, 2.0), "participants": None, "types": None}
    assert {one["table"] for one in found["tables"]} >= {"ratings", "events", "variables"}
    assert kernel.table("recent", "found")[0]["id"] == "r1"


def test_an_experiment_may_be_opened_by_its_name() -> None:
    kernel = Kernel(study_routes(experiments=[{"id": "e1", "name": "Two films", "createdAt": stamp(0)}]))
    kernel.table("scopes", "experiments")
    found = kernel.ask("open", scope={"kind": "experiment", "id": "Two films"})
    assert (found["scope"]["id"], found["title"]) == ("e1", "Two films")


def test_a_participant_needs_a_room() -> None:
    answer = Kernel().answer("open", scope={"kind": "participant", "id": "p0"})
    assert (answer["reason"], answer["place"]) == ("input", "scopes")
    assert "choose the room first" in answer["sentence"]


def test_what_is_known_is_found_without_a_request() -> None:
    kernel = Kernel()
    kernel.table("scopes", "experiments")
    kernel.table("scopes", "rooms", parent=EXPERIMENT)
    kernel.table("scopes", "participants", parent=ROOM)
    kernel.service.asked.clear()
    found = kernel.table("find", "found", text="r2", ask=True)
    assert [(one["kind"], one["id"], one["experiment"], one["status"]) for one in found] == [
        ("room", "r2", "e1", "active")
    ]
    assert [one["id"] for one in kernel.table("find", "found", text="FILM")] == ["e1"]
    assert [(one["id"], one["room"]) for one in kernel.table("find", "found", text="p")] == [
        ("p0", "r1"),
        ("p1", "r1"),
    ]
    assert kernel.service.asked == []


def test_a_pasted_id_is_asked_for_when_told_to() -> None:
    kernel = Kernel()
    answer = kernel.ask("find", text="r1")
    assert not answer["asked"]
    assert "Press Enter" in answer["sentence"]
    assert kernel.service.asked == []
    found = kernel.table("find", "found", text="r1", ask=True)
    assert [(one["kind"], one["id"]) for one in found] == [("room", "r1")]
    assert len(kernel.service.asked) == 1
    found = kernel.table("find", "found", text="e1", ask=True)
    assert [(one["kind"], one["id"]) for one in found] == [("experiment", "e1")]


def test_a_pasted_participant_is_found_in_their_rooms() -> None:
    people = [{"participantId": "p7", "roomId": room, "email": "x@example.org"} for room in ("r1", "r2")]
    kernel = Kernel(study_routes(**{"data/participants/experiment/e1": people}))
    found = kernel.table("find", "found", text=" p7 ", ask=True)
    assert [(one["kind"], one["id"], one["room"]) for one in found] == [
        ("participant", "p7", "r1"), ("participant", "p7", "r2"),
    ]  # fmt: skip


def test_an_id_that_is_nobodys_is_said_to_be() -> None:
    kernel = Kernel()
    answer = kernel.ask("find", text="nobody", ask=True)
    assert answer["asked"]
    assert "No room, experiment or participant has the ID 'nobody'" in answer["sentence"]
    assert [one["id"] for one in kernel.table("find", "found", text="fil", ask=True)] == ["e1"]


def test_what_is_not_there_is_not_remembered_as_looked_at() -> None:
    kernel = Kernel()
    nope = {"kind": "room", "id": "nope"}
    for scope in (ROOM, nope):
        kernel.ask("open", scope=scope)
    assert [one["id"] for one in kernel.table("recent", "found")] == ["nope", "r1"]
    kernel.ask("page", scope=ROOM, table="events")
    assert kernel.answer("page", scope=nope, table="events")["reason"] == "not found"
    assert [one["id"] for one in kernel.table("recent", "found")] == ["r1"]
    assert kernel.table("find", "found", text="nope") == []


def test_a_table_that_is_not_there_makes_no_room_unknown() -> None:
    routes = study_routes()
    del routes["data/chat/room/r1"]
    kernel = Kernel(routes)
    kernel.ask("open", scope=ROOM)
    kernel.ask("page", scope=ROOM, table="events")
    assert kernel.answer("page", scope=ROOM, table="chat")["reason"] == "not found"
    assert [one["id"] for one in kernel.table("recent", "found")] == ["r1"]


def test_a_page_has_its_columns_their_units_and_numbers() -> None:
    kernel = Kernel(study_routes(ratings=2500))
    result = kernel.ask(
        "page", scope=ROOM, table="ratings", offset=10, count=3, columns=["onset_sec", "timestamp"]
    )
    assert (result["offset"], result["returned"], result["total"]) == (10, 3, 2500)
    assert [(one["name"], one["kind"], one["unit"]) for one in result["columns"]] == [
        ("onset_sec", "number", "s"), ("timestamp", "instant", "UTC"),
    ]  # fmt: skip
    assert "value_norm" in result["others"]
    assert "__nulls__" not in result["others"]
    assert result["note"] is None
    assert (result["state"]["loaded"], result["state"]["whole"]) == (1000, False)
    [first, *_] = kernel.table(
        "page", "rows", scope=ROOM, table="ratings", offset=10, count=3, columns=["timestamp"]
    )
    assert first == {"timestamp": 1772463610000.0, "__row__": 10}


def test_a_sort_of_a_part_says_so() -> None:
    kernel = Kernel(study_routes(ratings=2500))
    sort = {"column": "onset_sec", "order": "desc"}
    result = kernel.ask("page", scope=ROOM, table="ratings", sort=sort)
    assert result["total"] == 1000
    assert "among the 1,000 of 2,500 records loaded" in result["note"]
    kernel.ask("fetch", scope=ROOM, tables=["ratings"])
    result = kernel.ask("page", scope=ROOM, table="ratings", sort=sort)
    assert (result["total"], result["note"]) == (2500, None)
    assert kernel.table("page", "rows", scope=ROOM, table="ratings", sort=sort, count=1)[0]["__row__"] == 2499


def test_a_page_follows_the_selection_and_the_text() -> None:
    kernel = Kernel(study_routes(ratings=50))
    selection = {"window": [10, 19], "participants": ["p1"]}
    rows = kernel.table("page", "rows", scope=ROOM, table="ratings", selection=selection)
    assert [one["__row__"] for one in rows] == [11, 13, 15, 17, 19]
    rows = kernel.table("page", "rows", scope=ROOM, table="ratings", selection=selection, filter="Q00013")
    assert [one["ratingId"] for one in rows] == ["q00013"]


def test_a_cell_comes_whole() -> None:
    long = "x" * 5000
    response = {"value": [1, {"a": HOSTILE}]}
    kernel = Kernel(study_routes(**{"data/events/room/r1": [event(1, content=long, response=response)]}))
    [row] = kernel.table("page", "rows", scope=ROOM, table="events")
    assert row["content"] == "x" * 300 + "…"
    assert kernel.ask("cell", scope=ROOM, table="events", row=0, column="content")["text"] == long
    nested = kernel.ask("cell", scope=ROOM, table="events", row=0, column="response")
    assert (nested["kind"], json.loads(nested["text"])) == ("nested", response)
    assert kernel.ask("cell", scope=ROOM, table="events", row=0, column="timestamp")["text"].startswith(
        "2026-03-02T15"
    )
    assert kernel.ask("cell", scope=ROOM, table="events", row=0, column="deploymentId")["text"] is None
    for row_number, column in ((7, "content"), (0, "nothing")):
        answer = kernel.answer("cell", scope=ROOM, table="events", row=row_number, column=column)
        assert (answer["reason"], answer["place"]) == ("input", "records")


def test_everything_is_fetched_with_progress_and_news() -> None:
    kernel = Kernel(study_routes(ratings=2500))
    result = kernel.ask("fetch", id="f", scope=ROOM, tables=["ratings", "events"])
    assert [(one["table"], one["loaded"], one["whole"]) for one in result["tables"]] == [
        ("ratings", 2500, True), ("events", 5, True),
    ]  # fmt: skip
    told = [one for one in kernel.sent if one["type"] == "progress" and one["id"] == "f"]
    assert told[-1]["received"] == 2505


def test_one_table_that_fails_says_so_and_the_others_come() -> None:
    refused = ForbiddenError("not you", status=403, details={"required": ["read:ratings"]})
    kernel = Kernel(study_routes(**{RATINGS: refused}))
    result = kernel.ask("fetch", scope=ROOM, tables=[])
    states = {one["table"]: one for one in result["tables"]}
    assert (states["ratings"]["readable"], states["ratings"]["key_scope"]) == (False, "read:ratings")
    assert states["events"]["whole"]
    alone = kernel.answer("fetch", scope=ROOM, tables=["ratings"])
    assert (alone["reason"], alone["key_scope"], alone["place"]) == ("key", "read:ratings", "records")


def test_a_plan_of_many_requests_is_asked_about() -> None:
    kernel = Kernel(study_routes(ratings=2500), cap=10)
    answer = kernel.answer("fetch", scope=ROOM, tables=["ratings"])
    assert answer["reason"] == "plan", answer
    assert kernel.ask("fetch", scope=ROOM, tables=["ratings"], yes=True)["tables"][0]["whole"]


def test_counts_are_of_what_is_held() -> None:
    kernel = Kernel(study_routes(ratings=1500))
    kernel.ask("page", scope=ROOM, table="ratings")
    kernel.ask("page", scope=ROOM, table="events")
    found = kernel.ask("counts", scope=ROOM, selection={"window": [2, 11], "participants": ["p0"]})
    assert (found["counts"]["ratings"], found["counts"]["events"]) == (5, 2)
    assert found["partial"] == ("ratings",)
    only = kernel.ask("counts", scope=ROOM, selection={"types": ["events"]})
    assert only["counts"] == {"events": 5}


@pytest.mark.parametrize(
    ("text", "onset_sec", "spelled"),
    [("1:30", 90.0, "90s"), (" 2m ", 120.0, "120s"), ("61.2504s", 61.25, "61.25s"), (stamp(75), 75.0, "75s")],
)
def test_a_bound_is_read_as_the_language_reads_it(text, onset_sec, spelled) -> None:
    kernel = Kernel()
    kernel.ask("page", scope=ROOM, table="events")
    found = kernel.ask("bound", scope=ROOM, text=text, edge="from")
    assert (found["onset_sec"], found["text"]) == (onset_sec, spelled)


@pytest.mark.parametrize(
    ("scope", "text", "said"),
    [
        (ROOM, "90", "has no unit: write To 90s"),
        (ROOM, "soon", "To cannot be 'soon'"),
        (ROOM, stamp(75), "is not known yet"),
        (EXPERIMENT, stamp(75), "another onset in every room"),
    ],
)
def test_a_bound_that_is_none_says_what_is(scope, text, said) -> None:
    answer = Kernel().answer("bound", scope=scope, text=text, edge="to")
    assert (answer["reason"], answer["place"]) == ("input", "timeline")
    assert said in answer["sentence"]


def test_the_timeline_draws_what_is_small_and_names_what_is_not() -> None:
    kernel = Kernel(study_routes(ratings=25_000), cap=5000)
    result = kernel.ask("timeline", scope=ROOM, width_px=600)
    [missing] = result["missing"]
    assert (missing["table"], missing["announced"]) == ("ratings", 25_000)
    assert "'Fetch all'" in missing["reason"]
    assert result["domain"] == (0.0, 4.0)
    kernel.ask("fetch", scope=ROOM, tables=["ratings"])
    again = kernel.ask("timeline", scope=ROOM, width_px=600, window=[0, 100])
    assert not again["missing"]
    assert again["window"] == (0.0, 100.0)
    assert again["domain"][1] > 20_000
    known = kernel.ask(
        "timeline",
        scope=ROOM,
        width_px=600,
        window=[0, 100],
        known=[again["spec_id"], *again["ids"].values()],
    )
    assert known["spec"] is None
    drawn_whole = {name for name, one in again["ids"].items() if known["ids"][name] == one}
    assert any(name.startswith("events") for name in drawn_whole)
    assert not drawn_whole & set(kernel.sent[-1]["tables"])


def test_a_recording_to_play_has_a_fresh_link_in_the_answer_alone() -> None:
    recording = {"recordingId": "rec1", "roomId": "r1", "videoOffset": 2400, "duration": 60_000,
                 "startTime": stamp(2), "format": "webm", "status": "complete",
                 "metadata": {"type": "audio"}}  # fmt: skip
    kernel = Kernel(study_routes(**{"data/recordings/room/r1": [recording]}))
    found = kernel.ask("media", scope=ROOM, recording="rec1")
    assert found == {
        "recording": "rec1", "url": "https://store.example/rec1?signature=abc", "kind": "audio",
        "media_type": "audio/webm", "start_sec": 2.4, "duration_sec": 60.0,
    }  # fmt: skip
    answer = kernel.answer("media", scope=ROOM, recording="rec2")
    assert "did you mean 'rec1'" in answer["sentence"]
    assert answer["place"] == "player"
    kernel.service.routes["data/recordings/room/r1"] = [{**recording, "status": "active"}]
    kernel.ask("fetch", scope=ROOM, tables=["recordings"])


@pytest.mark.parametrize(
    "url", ["http://store.example/x", "javascript:alert(1)", "file:///etc/passwd", "//x", "http://[", ""]
)
def test_a_link_that_no_player_should_open_is_refused(url) -> None:
    recording = {"recordingId": "rec1", "roomId": "r1", "startTime": stamp(2), "status": "complete"}
    kernel = Kernel(study_routes(**{"data/recordings/room/r1": [recording]}))
    kernel.host.doors = replace(kernel.host.doors, link=lambda *_: url)
    answer = kernel.answer("media", scope=ROOM, recording="rec1")
    assert answer["reason"] == "service"
    assert url not in answer["sentence"] or not url


def test_a_recording_that_still_runs_has_no_file() -> None:
    recording = {"recordingId": "rec1", "roomId": "r1", "startTime": stamp(2), "status": "active"}
    kernel = Kernel(study_routes(**{"data/recordings/room/r1": [recording]}))
    assert "still running" in kernel.answer("media", scope=ROOM, recording="rec1")["sentence"]


def test_text_of_participants_is_text_in_every_answer() -> None:
    hostile = [
        rating(
            1, ratingId=HOSTILE, participantId=HOSTILE, componentId=HOSTILE, roomId="r1", extra={"a": HOSTILE}
        )
    ]
    kernel = Kernel(study_routes(**{RATINGS: hostile}))
    [row] = kernel.table("page", "rows", scope=ROOM, table="ratings", filter=HOSTILE)
    assert row["ratingId"] == row["participantId"] == HOSTILE
    result = kernel.ask("timeline", scope=ROOM, width_px=600)
    spec = json.dumps(result["spec"])
    assert "expr" in spec
    for expression in _expressions(result["spec"]):
        assert "onerror" not in expression


def _expressions(value):
    if isinstance(value, dict):
        for name, one in value.items():
            if name in ("expr", "calculate", "labelExpr", "filter", "test", "update") and isinstance(
                one, str
            ):
                yield one
            yield from _expressions(one)
    elif isinstance(value, list):
        for one in value:
            yield from _expressions(one)


def test_what_is_stored_is_marked_in_the_tree_and_listed_as_recent(tmp_path) -> None:
    from hs_jupyter.query import make_query
    from hs_jupyter.storage import open_space
    from hs_jupyter.study import Study

    kernel = Kernel()
    space = open_space(tmp_path, server="https://api.example/api/v3", organization=None)
    kernel.study = Study(kernel.service, None, space)
    kernel.study.table(make_query("ratings", Scope("room", "r1")))
    rooms = kernel.table("scopes", "rooms", parent=EXPERIMENT)
    assert {one["id"]: one["stored"] for one in rooms} == {"r1": True, "r2": False}
    assert [one["stored"] for one in kernel.table("scopes", "experiments")] == [True]
    assert {(one["kind"], one["id"]) for one in kernel.table("recent", "found")} == {
        ("room", "r1"),
        ("experiment", "e1"),
    }
    states = {one["table"]: one for one in kernel.ask("types", scope=ROOM)["tables"]}
    assert (states["ratings"]["stored"], states["ratings"]["announced"], states["ratings"]["loaded"]) == (
        True,
        20,
        0,
    )
    kernel.service.asked.clear()
    assert kernel.ask("page", scope=ROOM, table="ratings")["total"] == 20


def test_tables_of_the_timeline_are_asked_for_together_and_one_that_fails_stops_no_other() -> None:
    refused = ForbiddenError("not you", status=403, details={"required": ["read:sync"]})
    kernel = Kernel(study_routes(**{"data/sync/room/r1": refused}))
    result = kernel.ask("timeline", scope=ROOM, width_px=600)
    assert [(one["table"], one["reason"]) for one in result["missing"]] == [("sync", "not you")]
    assert len(kernel.service.paths()) == 6
