"""Room starts, in the documented order: an answer's metadata, the room's record, its events, else unknown."""

from __future__ import annotations

import pytest
from fake_service import ROOM, FakeService, ask, event

from hs_jupyter.errors import ForbiddenError, RateLimitError
from hs_jupyter.query import make_query
from hs_jupyter.scope import Scope
from hs_jupyter.study import Study
from hs_jupyter.study.room_starts import MOST_ROOMS_ASKED
from hs_jupyter.tables.facts import facts_of

CHAT, ROOMS, EVENTS = "data/chat/room/r1", "data/rooms/experiment/exp", "data/events/room/r1"
AT = "2026-03-02T15:00:10.500Z"
MESSAGE = {"messageId": "m", "roomId": "r1", "experimentId": "exp", "timestamp": AT}
EXPERIMENT = Scope("experiment", "exp")


def onsets(service, scope=ROOM, type_="chat"):
    return ask(service, type_, scope)["onset_sec"].to_pylist()


def started(at="2026-03-02T15:00:00Z"):
    return {"processing": {"experimentStartedAt": at}}


def test_no_start_is_looked_for_where_every_row_has_its_onset():
    service = FakeService({CHAT: [MESSAGE | {"onset": 3000}]})
    assert onsets(service) == [3.0]
    assert service.paths() == [CHAT]


def test_first_the_answer_s_own_metadata():
    service = FakeService({CHAT: [MESSAGE]}, metadata=started())
    assert onsets(service) == [10.5]
    assert service.paths() == [CHAT]


@pytest.mark.parametrize("at", [None, 7, "soon", "", {"at": 1}])
def test_a_start_that_cannot_be_read_is_not_there(at):
    assert onsets(FakeService({CHAT: [MESSAGE], EVENTS: []}, metadata=started(at))) == [None]


def test_then_the_room_s_record():
    rooms = [{"id": "r1", "startedAt": "2026-03-02T15:00:05Z"}, {"id": "r2", "createdAt": AT}]
    service = FakeService({CHAT: [MESSAGE], ROOMS: rooms})
    assert onsets(service) == [5.5]
    assert service.paths() == [CHAT, ROOMS]


def test_then_the_median_of_its_events_without_those_outside_the_experiment():
    events = [
        event(0, timestamp="2026-03-02T14:00:00Z", onset=0, category="pre_experiment"),
        event(1, timestamp="2026-03-02T15:00:03.000Z", onset=1000),
        event(2, timestamp="2026-03-02T15:00:04.100Z", onset=2000),
        event(3, timestamp="2026-03-02T15:00:59Z", onset=3000),
        event(4, onset=None),
    ]
    service = FakeService({CHAT: [MESSAGE], ROOMS: [{"id": "r1"}], EVENTS: events})
    assert onsets(service) == [pytest.approx(8.4)]


def test_at_experiment_scope_each_room_has_its_own_start():
    rows = [
        MESSAGE,
        MESSAGE | {"messageId": "n", "roomId": "r2"},
        MESSAGE | {"messageId": "o", "roomId": None},
    ]
    rooms = [
        {"id": "r1", "startedAt": "2026-03-02T15:00:05Z"},
        {"id": "r2", "startedAt": "2026-03-02T15:00:10Z"},
    ]
    service = FakeService({"data/chat/experiment/exp": rows, ROOMS: rooms}, metadata=started())
    found = ask(service, "chat", EXPERIMENT)
    by_id = dict(zip(found["messageId"].to_pylist(), found["onset_sec"].to_pylist(), strict=True))
    assert by_id == {"m": 5.5, "n": 0.5, "o": None}


def test_else_it_stays_missing_and_the_result_says_so():
    for missing in (
        [],
        [event(1, onset=None)],
        [event(1, timestamp=None)],
        ForbiddenError("no"),
        RateLimitError("wait"),
    ):
        service = FakeService({CHAT: [MESSAGE], ROOMS: ForbiddenError("no"), EVENTS: missing})
        found = ask(service, "chat")
        assert found["onset_sec"].to_pylist() == [None]
        assert "onset_sec is missing where a room's start is not known" in facts_of(found).warnings


def test_events_that_lack_onsets_do_not_ask_for_themselves_forever():
    service = FakeService(
        {EVENTS: [event(1, onset=None, experimentId="exp"), event(2, onset=None)], ROOMS: []}
    )
    assert onsets(service, type_="events") == [None, None]
    assert len(service.asked) < 6
    mixed = [event(1), event(2, onset=None), event(3)]
    assert onsets(FakeService({EVENTS: mixed}), type_="events") == [1.0, 2.0, 3.0]


def test_starts_are_remembered():
    service = FakeService({CHAT: [MESSAGE], EVENTS: [event(1)]})
    study = Study(service)
    for _ in range(2):
        assert study.table(make_query("chat", ROOM))["onset_sec"].to_pylist() == [10.5]
    assert service.paths().count(EVENTS) == 1


def test_the_events_of_very_many_rooms_are_not_read():
    rows = [MESSAGE | {"messageId": str(n), "roomId": f"r{n}"} for n in range(MOST_ROOMS_ASKED + 5)]
    service = FakeService({"data/chat/experiment/exp": rows, ROOMS: []})
    found = ask(service, "chat", EXPERIMENT)
    assert found.num_rows == MOST_ROOMS_ASKED + 5
    asked = {path for path in service.paths() if path.startswith("data/events/room/")}
    assert len(asked) == MOST_ROOMS_ASKED


def test_windows_of_onset_see_the_filled_onsets():
    service = FakeService({CHAT: [MESSAGE]}, metadata=started())
    assert ask(service, "chat", from_="10s", to="11s").num_rows == 1
    assert ask(service, "chat", from_="11s").num_rows == 0
