"""What is kept comes back: the same rows, columns, types and order, whatever the records hold."""

from __future__ import annotations

from datetime import timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from storage_samples import (
    EVENTS,
    EXPERIMENT,
    RATINGS,
    START,
    facts_of,
    keep,
    rating,
    ratings,
    space_in,
    table_of,
)

from hs_jupyter.catalog import DATA_TYPES, LISTS
from hs_jupyter.errors import StoreError
from hs_jupyter.scope import Scope
from hs_jupyter.storage import parts
from hs_jupyter.tables.build import NULLS
from hs_jupyter.tables.output import to_records

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NAMES = ["..", "/", "a/b", "\\", "%", "%2F", "~", "a~b", "con", "é", "é", "😀", "\x00", "a\x00", "r" * 300]
NAMES += [
    "A",
    "a",
    "room=1",
    "__HIVE_DEFAULT_PARTITION__",
    ".",
    "x.",
    "x ",
    "a\n",
    "\u202e",
    "İ",
    "-",
    "_",
    "0",
]
IDS = st.sampled_from(NAMES) | TEXT.filter(str.strip)
LEAVES = st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats(allow_nan=False) | TEXT
VALUES = LEAVES | st.lists(LEAVES, max_size=2) | st.dictionaries(TEXT, LEAVES, max_size=2)
FIELDS = st.dictionaries(
    TEXT.filter(lambda name: name not in RATINGS.column and name != NULLS), VALUES, max_size=3
)


@st.composite
def answers(draw):
    """Ratings of some rooms, with and without times, and with fields that nobody knows."""
    rooms = draw(st.lists(IDS, min_size=1, max_size=4, unique=True))
    numbers = draw(st.lists(st.integers(0, 30), max_size=12))
    records = []
    for place, number in enumerate(numbers):
        one = rating(draw(st.sampled_from(rooms)), number, ratingId=f"{draw(IDS)}{place}", **draw(FIELDS))
        one["timestamp"] = draw(st.none() | st.just(one["timestamp"]))
        one["participantId"] = draw(st.none() | IDS)
        records.append(one)
    return records, rooms


@settings(max_examples=40)
@given(answers(), st.booleans())
def test_an_experiment_comes_back_and_its_rooms_too(tmp_path_factory, answer, journalled):
    records, rooms = answer
    space = space_in(tmp_path_factory.mktemp("store"))
    pages = [records[at : at + 5] for at in range(0, len(records) + 1, 5)]
    table = table_of(*pages)
    if journalled:
        with space.journal(RATINGS, EXPERIMENT, {}) as journal:
            for number, page in enumerate(pages, 1):
                journal.append(table_of(page), next_offset=number * 5, announced=len(records))
            options = {"announced": len(records), "rooms": rooms}
            held = space.keep_journal(RATINGS, EXPERIMENT, journal, facts_of(), **options)
    else:
        held = keep(space, table, rooms=rooms)

    assert held.read().equals(table, check_metadata=True)
    assert (held.rows, set(held.rooms), held.columns) == (len(records), set(rooms), tuple(table.column_names))
    for room in rooms:
        alone = space.find(RATINGS, Scope("room", room))
        assert (alone.scope.id, alone.experiment, alone.facts.complete) == (room, EXPERIMENT.id, True)
        assert alone.read().equals(table.filter(pa.compute.equal(table["roomId"], room)), check_metadata=True)
    assert set(space.rooms(RATINGS, EXPERIMENT.id)) == set(rooms)


@given(IDS, IDS, st.sampled_from(["participant", "user", "experiment", "room"]))
def test_other_scopes_come_back(tmp_path_factory, id_, room, kind):
    space = space_in(tmp_path_factory.mktemp("store"))
    scope = {
        "participant": Scope("participant", id_, room=room),
        "user": Scope("user"),
        "experiment": Scope("experiment", id_),
        "room": Scope("room", id_),
    }[kind]
    data_type = {"user": LISTS["experiments"], "experiment": DATA_TYPES["rooms"]}.get(kind, RATINGS)
    records = [{"id": id_, "name": "x"}] if kind in {"user", "experiment"} else ratings([id_], 3)
    table = table_of(records, kind=data_type, scope=scope)
    held = keep(space, table, data_type, scope)
    assert held.scope == scope
    assert space.find(data_type, scope).read().equals(table, check_metadata=True)
    assert space.find(data_type, Scope("room", f"{id_}?")) is None


@given(st.lists(st.sampled_from(NAMES), min_size=2, max_size=len(NAMES), unique=True))
def test_no_id_is_taken_for_another(tmp_path_factory, rooms):
    space = space_in(tmp_path_factory.mktemp("store"))
    for room in rooms:
        keep(space, table_of(ratings([room], 2), scope=Scope("room", room)), scope=Scope("room", room))
    for room in rooms:
        assert set(space.find(RATINGS, Scope("room", room)).read()["roomId"].to_pylist()) == {room}
    assert set(space.rooms(RATINGS, EXPERIMENT.id)) == set(rooms)


@pytest.mark.parametrize(
    "kind", [one for one in DATA_TYPES.values() if not one.view], ids=lambda one: one.name
)
def test_every_type_is_kept_without_rows(tmp_path, kind):
    space = space_in(tmp_path)
    for scope_kind in kind.scopes:
        scope = Scope(scope_kind, "x", room="r" if scope_kind == "participant" else None)
        table = table_of([], kind=kind, scope=scope)
        held = keep(space, table, kind, scope)
        assert held.read().equals(table, check_metadata=True)
        assert (held.rows, held.bytes, held.last_record) == (0, 0, None)


def test_absent_and_null_stay_apart(tmp_path):
    records = [{"id": "e1", "roomId": "r", "content": None}, {"id": "e2", "roomId": "r"}]
    held = keep(space_in(tmp_path), table_of(records, kind=EVENTS), EVENTS)
    came = {one["id"]: "content" in one for one in to_records(held.read())}
    assert came == {"e1": True, "e2": False}


def test_a_holding_says_what_it_is(tmp_path):
    held = keep(space_in(tmp_path), table_of(ratings()), announced=90)
    assert (held.type, held.scope, held.rows, held.announced) == (RATINGS, EXPERIMENT, 80, 90)
    assert held.last_record == START + timedelta(seconds=3.9)
    assert held.fetched_at.isoformat() == held.facts.fetched_at
    assert held.bytes > 1000
    assert held.facts == facts_of()


def test_a_room_is_announced_as_it_came_only_where_everything_is_accounted_for(tmp_path):
    space = space_in(tmp_path)
    for announced, of_room in ((80, 40), (81, None)):
        keep(space, table_of(ratings()), announced=announced)
        room = space.find(RATINGS, Scope("room", "room_a"))
        assert (room.announced, room.facts.rows_expected) == (of_room, None)


def test_rows_that_name_no_room_belong_to_the_experiment_alone(tmp_path):
    space = space_in(tmp_path)
    table = table_of([*ratings(), *ratings([None, "  "], 5)])
    held = keep(space, table)
    assert held.read().equals(table)
    room = space.find(RATINGS, Scope("room", "room_a"))
    assert (room.rows, room.facts.complete) == (40, False)
    assert "10 records of its experiment name no room" in room.facts.warnings[-1]

    alone = table_of(ratings(["room_a"], 45), scope=Scope("room", "room_a"))
    keep(space, alone, scope=Scope("room", "room_a"))  # the service knows which of them are this room's
    room = space.find(RATINGS, Scope("room", "room_a"))
    assert (room.rows, room.facts.complete) == (45, True)
    assert space.find(RATINGS, EXPERIMENT).read().equals(table)
    assert space.join_rooms(RATINGS, EXPERIMENT.id, ["room_a", "room_b"], facts_of(), announced=80) is None

    keep(space, table_of(ratings()))  # they name their room now
    assert space.find(RATINGS, EXPERIMENT).rows == 80
    assert space.find(RATINGS, Scope("room", "room_b")).facts.complete


def test_a_room_may_be_known_before_its_experiment_is(tmp_path):
    space, scope = space_in(tmp_path), Scope("room", "room_a")
    keep(space, table_of([], scope=scope), scope=scope)
    assert space.find(RATINGS, scope).experiment is None
    keep(space, table_of(ratings(["room_a"]), scope=scope), scope=scope)
    assert [one.experiment for one in space.holdings()] == [EXPERIMENT.id]
    keep(space, table_of([], scope=scope), scope=scope)  # and stays known
    assert [one.experiment for one in space.holdings()] == [EXPERIMENT.id]


def test_rooms_that_are_gone_are_dropped_and_newer_ones_stay(tmp_path):
    space = space_in(tmp_path)
    keep(space, table_of(ratings(["room_a", "room_b"])))
    scope = Scope("room", "room_c")
    later = {"facts": facts_of(scope=scope), "announced": 40}
    later["facts"] = type(later["facts"])(
        **{**later["facts"].__dict__, "fetched_at": "2026-04-01T00:00:00+00:00"}
    )
    keep(space, table_of(ratings(["room_c"]), scope=scope), scope=scope, **later)
    keep(space, table_of(ratings(["room_b"])))
    assert set(space.rooms(RATINGS, EXPERIMENT.id)) == {"room_b", "room_c"}
    assert space.find(RATINGS, EXPERIMENT).rows == 40


def test_rooms_held_one_by_one_are_joined_when_nothing_is_missing(tmp_path):
    space = space_in(tmp_path)
    for room in ("room_a", "room_b"):
        scope = Scope("room", room)
        keep(space, table_of(ratings([room]), scope=scope), scope=scope)
    assert space.find(RATINGS, EXPERIMENT) is None
    join = {"kind": RATINGS, "experiment": EXPERIMENT.id, "facts": facts_of()}
    assert space.join_rooms(rooms=["room_a", "room_b", "room_c"], announced=80, **join) is None
    assert space.join_rooms(rooms=["room_a", "room_b"], announced=81, **join) is None
    assert space.find(RATINGS, EXPERIMENT) is None
    joined = space.join_rooms(rooms=["room_b", "room_a"], announced=80, **join)
    assert joined.read().equals(table_of(ratings()))
    assert space.find(RATINGS, EXPERIMENT).rooms == ("room_a", "room_b")
    assert space.join_rooms(rooms=["room_a"], announced=80, rows=40, **join).rows == 40


def test_a_check_that_found_nothing_new_is_noted(tmp_path):
    space = space_in(tmp_path)
    held = keep(space, table_of(ratings()))
    later = held.fetched_at + timedelta(hours=2)
    for scope in (EXPERIMENT, Scope("room", "room_a")):
        touched = space.touch(space.find(RATINGS, scope), checked_at=later, announced=7)
        found = space.find(RATINGS, scope)
        assert (found.checked_at, found.announced, found.fetched_at) == (later, 7, held.fetched_at)
        assert touched.checked_at == later
    assert space.find(RATINGS, EXPERIMENT).read().equals(table_of(ratings()))


def test_what_is_not_whole_is_not_kept(tmp_path):
    space = space_in(tmp_path)
    with pytest.raises(StoreError, match="may be incomplete"):
        keep(space, table_of(ratings()), facts=facts_of(complete=False))
    assert list(space.holdings()) == []


def test_very_many_rows_of_a_room_are_several_parts(tmp_path, monkeypatch):
    for module in ("parts", "splitting", "segments"):
        monkeypatch.setattr(f"hs_jupyter.storage.{module}.MOST_ROWS", 16)
    assert parts.MOST_ROWS == 16
    space = space_in(tmp_path)
    records = ratings(["room_a"], 100)
    shuffled = records[::3] + records[1::3] + records[2::3]  # parts that overlap in time
    with space.journal(RATINGS, EXPERIMENT, {}) as journal:
        for at in range(0, 100, 7):
            journal.append(table_of(shuffled[at : at + 7]), next_offset=at + 7, announced=100)
        held = space.keep_journal(RATINGS, EXPERIMENT, journal, facts_of(), announced=100)
    (room,) = space.rooms(RATINGS, EXPERIMENT.id).values()
    assert len(room.sources[0].manifest.parts) == 7
    assert held.read().equals(table_of(records))
    window = held.read(columns=["value"], onset=(2.0, 5.0))
    assert window["value"].to_pylist() == [one["value"] for one in records[20:51]]
    assert keep(space, table_of(records)).read().equals(table_of(records))
