"""What is kept answers as the service would, at once; what may have changed is checked, and fetched once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from fake_service import ROOM, FakeService, event
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_records import NEWER, SEED

from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.errors import ForbiddenError, InputError, NetworkError, NotStoredError
from hs_jupyter.manner import Manner, in_manner
from hs_jupyter.query import make_query
from hs_jupyter.scope import Scope
from hs_jupyter.storage import Space, open_space
from hs_jupyter.study import Study
from hs_jupyter.tables.build import NULLS
from hs_jupyter.tables.facts import facts_of
from hs_jupyter.tables.output import to_records

if TYPE_CHECKING:
    from pathlib import Path

EVENTS = "data/events/room/r1"
ALL_EVENTS = "data/events/experiment/x"
ROOMS = "data/rooms/experiment/x"
RECORDINGS = "data/recordings/room/r1"
X = Scope("experiment", "x")


def in_room(number: int, room: str, **fields: Any) -> dict[str, Any]:
    """An event of an experiment's room; rooms follow one another by a day."""
    day = int(room[1:])
    return event(
        number,
        **{
            "id": f"{room}-{number:03}",
            "roomId": room,
            "experimentId": "x",
            "timestamp": f"2026-03-{day:02}T15:{number // 60:02}:{number % 60:02}.000Z",
            **fields,
        },
    )


def over(room: str, status: str = "completed") -> dict[str, Any]:
    return {"id": room, "experimentId": "x", "status": status, "startedAt": f"2026-03-0{room[1:]}T15:00:00Z"}


@pytest.fixture
def space(tmp_path: Path) -> Space:
    return open_space(tmp_path / "store", server="https://api.example", organization=None)


def routes(rows: int = 30, **more: Any) -> dict[str, Any]:
    held = [in_room(number, "r1") for number in range(rows)]
    return {EVENTS: held, ROOMS: [over("r1")], RECORDINGS: [], **more}


def study(service: FakeService | None, space: Space | None) -> Study:
    """A study of a new kernel: nothing is remembered but what is stored."""
    return Study(service, space=space)


def told(service: FakeService) -> list[str]:
    paths = service.paths()
    service.asked.clear()
    return paths


def same(one: Any, other: Any, *, columns: bool = True) -> None:
    assert to_records(one) == to_records(other)
    visible = [[name for name in table.column_names if name != NULLS] for table in (one, other)]
    assert visible[0] == visible[1] or not columns


def test_a_room_that_is_over_is_fetched_once_and_then_never_asked_for(space):
    service = FakeService(routes())
    first = study(service, space).table(make_query("events", ROOM))
    assert told(service) == [EVENTS]
    again = study(service, space).table(make_query("events", ROOM))
    assert sorted(told(service)) == sorted([ROOMS, RECORDINGS])  # is it over? then for good
    same(again, first)
    third = study(service, space).table(make_query("events", ROOM))
    assert told(service) == []
    same(third, first)
    assert facts_of(third).fetched_at == facts_of(first).fetched_at


def test_without_network_what_is_stored_is_there_and_says_so(space):
    service = FakeService(routes())
    first = study(service, space).table(make_query("events", ROOM))
    gone = NetworkError("the service could not be reached")
    down = FakeService(dict.fromkeys([*service.routes, "data/sync/room/r1"], gone))
    again = study(down, space).table(make_query("events", ROOM))
    same(again, first)
    (note,) = facts_of(again).warnings
    assert "could not be reached: as fetched" in note
    with pytest.raises(NetworkError):
        study(down, space).table(make_query("sync", ROOM))


def test_offline_nothing_is_asked(space):
    service = FakeService(routes())
    first = study(service, space).table(make_query("events", ROOM))
    told(service)
    with in_manner(Manner(offline=True)):
        again = study(service, space).table(make_query("events", ROOM))
        with pytest.raises(NotStoredError, match="sync of room r1: not stored; leave --offline out"):
            study(service, space).table(make_query("sync", ROOM))
        with pytest.raises(NotStoredError):
            study(service, None).table(make_query("events", ROOM))
    assert told(service) == []
    same(again, first)


def test_a_running_room_is_checked_by_count_and_tail_and_its_end_is_fetched(space):
    rows = [in_room(number, "r1") for number in range(40)]
    service = FakeService(routes() | {EVENTS: rows[:30], ROOMS: [over("r1", "active")]})
    asked = study(service, space)
    asked.table(make_query("events", ROOM))
    told(service)
    asked.table(make_query("events", ROOM))
    checks = [params for path, params in service.asked if path == EVENTS]
    assert [(one["limit"], one["order"]) for one in checks] == [("1", "desc")]
    service.routes[EVENTS] = rows
    told(service)
    grown = asked.table(make_query("events", ROOM))
    tails = [params for path, params in service.asked if path == EVENTS and "startTime" in params]
    assert len(tails) == 1
    same(grown, study(FakeService(service.routes), None).table(make_query("events", ROOM)))
    told(service)
    asked.table(make_query("events", ROOM))
    assert [params["limit"] for path, params in service.asked if path == EVENTS] == ["1"]


def test_a_record_that_came_late_is_not_missed(space):
    rows = [in_room(number, "r1") for number in range(40)]

    class Strict(FakeService):
        """A service that does filter by time."""

        def get(self, path: str, params: Any = None, **options: Any) -> Any:
            since = (params or {}).get("startTime")
            if since and path == EVENTS:
                part = [one for one in self.routes[EVENTS] if one["timestamp"] >= since]
                return FakeService({EVENTS: part}).get(path, params, **options)
            return super().get(path, params, **options)

    service = Strict(routes() | {EVENTS: rows[1:30], ROOMS: [over("r1", "active")]})
    asked = study(service, space)
    asked.table(make_query("events", ROOM))
    service.routes[EVENTS] = rows
    whole = asked.table(make_query("events", ROOM))
    assert len(whole) == 40


def test_an_experiment_answers_for_its_rooms(space):
    rows = [in_room(number, f"r{room}") for room in (1, 2) for number in range(30)]
    service = FakeService({ALL_EVENTS: rows, ROOMS: [over("r1"), over("r2"), over("r3")]})
    service.routes |= {f"data/recordings/room/r{room}": [] for room in (1, 2, 3)}
    first = study(service, space).table(make_query("events", X))
    told(service)
    room = study(service, space).table(make_query("events", ROOM))
    assert [path for path in told(service) if "events" in path] == []
    alone = FakeService({EVENTS: rows[:30]})
    same(room, study(alone, None).table(make_query("events", ROOM)))
    again = study(service, space).table(make_query("events", X))
    assert [(params["limit"]) for path, params in service.asked if path == ALL_EVENTS] == ["1"]
    same(again, first)
    told(service)
    empty = study(service, space).table(make_query("events", Scope("room", "r3")))
    assert len(empty) == 0


def test_only_the_room_that_is_new_is_fetched(space):
    rows = [in_room(number, f"r{room}") for room in range(1, 5) for number in range(600)]
    service = FakeService({ALL_EVENTS: rows, ROOMS: [over(f"r{room}") for room in range(1, 5)]})
    service.routes |= {f"data/recordings/room/r{room}": [] for room in range(1, 6)}
    study(service, space).table(make_query("events", X))
    new = [in_room(number, "r5") for number in range(10)]
    service.routes |= {ALL_EVENTS: rows + new, ROOMS: [over(f"r{room}") for room in range(1, 6)]}
    service.routes["data/events/room/r5"] = new
    told(service)
    grown = study(service, space).table(make_query("events", X))
    asked = [path for path, params in service.asked if "events" in path and params["limit"] != "1"]
    assert asked == ["data/events/room/r5"]
    same(grown, study(FakeService(service.routes), None).table(make_query("events", X)))


def test_refresh_asks_whatever_is_stored(space):
    service = FakeService(routes())
    study(service, space).table(make_query("events", ROOM))
    service.routes[EVENTS] = service.routes[EVENTS][:7]
    told(service)
    with in_manner(Manner(refresh=True)):
        again = study(service, space).table(make_query("events", ROOM))
    assert len(again) == 7
    with in_manner(Manner(offline=True)):
        assert len(study(service, space).table(make_query("events", ROOM))) == 7


def test_a_part_is_not_kept_as_the_whole(space):
    service = FakeService(routes())
    few = study(service, space).table(make_query("events", ROOM, limit=3))
    assert len(few) == 3
    study(service, space).table(make_query("events", ROOM, category="media"))
    assert len(study(service, space).table(make_query("events", ROOM))) == 30
    told(service)
    study(service, space).table(make_query("events", ROOM))
    told(service)
    same(study(service, space).table(make_query("events", ROOM, limit=3)), few)
    assert told(service) == []


def test_a_doubtful_answer_is_not_kept(space):
    service = FakeService(routes(), metadata={"_warnings": ["some records could not be read"]})
    doubtful = study(service, space).table(make_query("events", ROOM))
    assert not facts_of(doubtful).complete
    with in_manner(Manner(offline=True)), pytest.raises(NotStoredError):
        study(service, space).table(make_query("events", ROOM))


def test_a_filter_that_rows_do_not_answer_is_left_to_the_service(space):
    service = FakeService(routes())
    asked = study(service, space)
    asked.table(make_query("events", ROOM))
    told(service)
    asked.table(make_query("events", ROOM, category="media"))
    assert EVENTS not in told(service)
    asked.table(make_query("events", ROOM, deployment="d1"))  # no row names its deployment
    assert EVENTS in told(service)


def test_a_participant_is_read_from_the_room(space):
    rows = [
        {**NEWER["ratings/continuous"], "ratingId": f"c{number}", "participantId": f"u{number % 3}",
         "roomId": "r1", "timestamp": f"2026-03-02T15:05:{number:02}.000Z"} for number in range(30)
    ]  # fmt: skip
    service = FakeService({"data/ratings/continuous/room/r1": rows, ROOMS: [over("r1")], RECORDINGS: []})
    one = Scope("participant", "u1", room="r1")
    study(service, space).table(make_query("ratings", ROOM))
    with in_manner(Manner(offline=True)):
        stored = study(service, space).table(make_query("ratings", one))
    alone = FakeService({"data/ratings/continuous/participant/u1": rows[1::3]})
    same(stored, study(alone, None).table(make_query("ratings", one)))
    assert facts_of(stored).scope == {"kind": "participant", "id": "u1", "room": "r1"}


def test_a_key_that_may_not_see_recordings_still_keeps(space):
    service = FakeService(routes() | {RECORDINGS: ForbiddenError("403", status=403)})
    for _ in range(2):
        study(service, space).table(make_query("events", ROOM))
    assert [path for path in told(service) if path == EVENTS] == [EVENTS]


SAMPLES = {
    kind: [{**SEED.get(kind, {}), "roomId": "r1"}, {**NEWER.get(kind, {}), "roomId": "r1"}]
    for kind in ("events", "chat", "ratings/continuous", "ratings/sparse", "videochat", "sync", "eyetracking")
}
OPTIONS = {
    "from_": st.sampled_from(["10s", "-5s", "2026-03-02T15:00:20Z", "2026-03-02T15:00:20"]),
    "to": st.sampled_from(["40s", "1:00:00", "2026-03-02T15:00:45Z"]),
    "limit": st.integers(0, 20),
    "offset": st.integers(0, 20),
    "sort": st.sampled_from(["onset_sec", "participantId", "timestamp"]),
    "order": st.sampled_from(["asc", "desc"]),
    "columns": st.sampled_from(["participantId", "onset_sec,timestamp", "roomId,onset_sec"]),
}


@pytest.mark.parametrize("kind", SAMPLES)
@settings(max_examples=25)
@given(
    options=st.fixed_dictionaries({}, optional=OPTIONS),
    bare=st.sets(st.integers(0, 29)),
    nulls=st.sets(st.integers(0, 29)),
)
def test_the_store_answers_every_question_as_the_service_does(kind, options, bare, nulls, tmp_path_factory):
    entry = DATA_TYPES[kind]
    start = "2026-03-02T15:{:02}:{:02}.500Z"
    rows = []
    for number in range(30):
        row = dict(SAMPLES[kind][number % 2])
        row |= {name: f"{name}-{number:02}" for name in entry.key}
        row |= {"timestamp": start.format(number // 60, number % 60), "onset": number * 1000 + 250}
        row |= {"note": None} if number in nulls else {}
        if number in bare:
            del row["onset"]
        rows.append(row)
    path = f"data/{kind}/room/r1"
    service = FakeService({path: rows})
    try:
        query = make_query(kind, ROOM, **options)
        expected = study(service, None).table(query)
    except InputError:
        return
    space = open_space(tmp_path_factory.mktemp("s"), server="https://api.example", organization=None)
    study(service, space).table(make_query(kind, ROOM))
    with in_manner(Manner(offline=True)):
        stored = study(service, space).table(query)
    # a limited answer of the service shows only the unknown fields of the records that came
    same(stored, expected, columns="limit" not in options)


def test_the_last_record_decides_when_a_room_is_settled(space):
    service = FakeService(routes())
    study(service, space).table(make_query("events", ROOM))
    held = space.find(DATA_TYPES["events"], ROOM)
    assert held is not None
    assert held.checked_at - held.last_record > timedelta(days=1)
