"""Clearing: a scope's holdings, lists, records and journals; a participant wherever their ID appears."""

from __future__ import annotations

import pytest
from storage_samples import (
    EVENTS,
    EXPERIMENT,
    RATINGS,
    age,
    facts_of,
    files_in,
    keep,
    rating,
    ratings,
    space_in,
    table_of,
)

from hs_jupyter.catalog import DATA_TYPES, LISTS
from hs_jupyter.scope import Scope
from hs_jupyter.storage import open_mirror

OTHER = Scope("experiment", "exp_other")
ROOM_A, ROOM_B, PERSON = (
    Scope("room", "room_a"),
    Scope("room", "room_b"),
    Scope("participant", "p_room_a_1", room="room_a"),
)
CHAT, COUNTS, ROOMS = DATA_TYPES["chat"], DATA_TYPES["counts"], DATA_TYPES["rooms"]


@pytest.fixture
def space(tmp_path):
    """Two experiments, lists, a person's own answer, records and journals."""
    space = space_in(tmp_path)
    keep(space, table_of(ratings()))
    keep(
        space,
        table_of([{"messageId": "m", "roomId": "room_b", "recipientIds": ["p_room_a_1"]}], kind=CHAT),
        CHAT,
    )
    others = [rating("room_z", number, experimentId=OTHER.id) for number in range(5)]
    keep(space, table_of(others, scope=OTHER), scope=OTHER)
    keep(space, table_of([{"id": "room_a"}], kind=ROOMS), ROOMS)
    keep(
        space,
        table_of([{"id": "exp_film"}], kind=LISTS["experiments"], scope=Scope("user")),
        LISTS["experiments"],
        Scope("user"),
    )
    keep(space, table_of([{"counts": {"chat": 1}}], kind=COUNTS, scope=PERSON), COUNTS, PERSON)
    space.put_record("experiment=exp_film", {"roles": {"host": "p_room_a_1"}})
    space.put_record("experiment=exp_other", {"name": "Other"})
    for kind, scope, records in (
        (RATINGS, EXPERIMENT, ratings(["room_b"], 3)),
        (EVENTS, ROOM_A, []),
        (EVENTS, OTHER, others),
        (EVENTS, PERSON, []),
    ):
        with space.journal(kind, scope, {}) as journal:
            journal.append(table_of(records, kind=kind, scope=scope), next_offset=1, announced=9)
    return space


def held(space):
    return sorted(f"{one.type.table} {one.scope}".strip() for one in space.holdings())


def under_way(space):
    found = []
    for kind, scope in ((RATINGS, EXPERIMENT), (EVENTS, ROOM_A), (EVENTS, OTHER), (EVENTS, PERSON)):
        with space.journal(kind, scope, {}) as journal:
            found += [f"{kind.table} {scope}"] if journal.state else []
    return found


def records(space):
    return [path.stem for path in files_in(space.folder / "records")]


EVERYTHING = [
    "chat experiment exp_film",
    "chat room room_b",
    "counts participant p_room_a_1 --room room_a",
    "experiments user",
    "ratings experiment exp_film",
    "ratings experiment exp_other",
    "ratings room room_a",
    "ratings room room_b",
    "ratings room room_z",
    "rooms experiment exp_film",
]
JOURNALS = [
    "ratings experiment exp_film",
    "events room room_a",
    "events experiment exp_other",
    "events participant p_room_a_1 --room room_a",
]


def test_everything_is_there_before(space):
    assert (held(space), under_way(space)) == (EVERYTHING, JOURNALS)
    assert len(records(space)) == 2


def test_everything(space):
    size = sum(
        path.stat().st_size for path in files_in(space.folder) if path.name not in {"_lock", "space.json"}
    )
    cleared = space.clear()
    assert (held(space), under_way(space), records(space)) == ([], [], [])
    assert (cleared.holdings, cleared.journals, cleared.records, cleared.bytes) == (10, 4, 2, size)
    assert [path.name for path in files_in(space.folder) if path.suffix != ".lock"] == ["_lock", "space.json"]
    assert keep(space, table_of(ratings())).rows == 80


def test_an_experiment(space):
    cleared = space.clear(OTHER)
    assert held(space) == [one for one in EVERYTHING if "exp_other" not in one and "room_z" not in one]
    assert (under_way(space), records(space)) == (
        [JOURNALS[0], JOURNALS[1], JOURNALS[3]],
        ["experiment=exp_film"],
    )
    assert (cleared.holdings, cleared.journals, cleared.records) == (2, 1, 1)


def test_a_room(space):
    space.clear(ROOM_A)
    left = [one for one in EVERYTHING if "room_a" not in one and one != "ratings experiment exp_film"]
    assert held(space) == left
    assert under_way(space) == [JOURNALS[0], JOURNALS[2]]
    assert len(records(space)) == 2


def test_a_person_wherever_they_appear(space):
    """As author, as receiver inside JSON, in a record, in what was asked for."""
    space.clear(Scope("participant", "p_room_a_1"))
    assert held(space) == [
        "experiments user",
        "ratings experiment exp_other",
        "ratings room room_b",
        "ratings room room_z",
        "rooms experiment exp_film",
    ]
    assert under_way(space) == JOURNALS[:3]
    assert records(space) == ["experiment=exp_other"]
    text = b"".join(path.read_bytes() for path in files_in(space.folder))
    assert b"p_room_a_1" not in text


def test_a_person_in_a_journal(space):
    space.clear(Scope("participant", "p_room_b_1"))
    assert under_way(space) == JOURNALS[1:]
    assert "ratings room room_a" in held(space)
    assert "ratings room room_b" not in held(space)


@pytest.mark.parametrize("id_", ['a"b', "é", "a\\b", "x\ny", "😀"])
def test_ids_that_json_spells_differently(tmp_path, id_):
    space = space_in(tmp_path)
    keep(space, table_of([{"id": "e", "roomId": "r", "response": {"by": [id_]}}], kind=EVENTS), EVENTS)
    keep(space, table_of([], kind=RATINGS), facts=facts_of(beside={"who": {id_: 1}}))
    space.put_record("experiment=x", {"a": [{id_: None}]})
    space.clear(Scope("participant", f"{id_}?"))
    assert len(held(space)) == 3
    cleared = space.clear(Scope("participant", id_))
    assert (held(space), cleared.records) == ([], 1)


def test_what_cannot_be_read_may_hold_them(space):
    part = files_in(space.folder, "part")[0]
    part.write_bytes(b"?" * part.stat().st_size)
    left = part.with_name("_tmp-0123456789abcdef")
    left.write_bytes(b"p_x")
    age(left, 3600)
    aside = part.with_name("_damaged-0123456789abcdef")
    aside.write_bytes(b"p_x")
    files_in(space.folder / "records")[0].write_bytes(b"?")
    space.clear(Scope("participant", "p_x"))
    assert not any(path.exists() for path in (part, left, aside))
    assert records(space) == ["experiment=exp_other"]
    assert "ratings experiment exp_other" in held(space)


def test_a_list_of_everything(space):
    space.clear(Scope("user"))
    assert held(space) == [one for one in EVERYTHING if one != "experiments user"]


def test_a_mirror_is_cleared_as_well(tmp_path):
    mirror = open_mirror(tmp_path, create=True)
    keep(mirror, table_of(ratings()))
    mirror.clear(EXPERIMENT)
    assert list(open_mirror(tmp_path).holdings()) == []
