"""Nobody's ID or name is left in a table, and everything else is."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from hs_jupyter.pseudonyms import SOMEBODY, Person, Pseudonymizer, Roster, sightings
from hs_jupyter.pseudonyms.roster import Sighting, is_telling
from hs_jupyter.pseudonyms.tokens import Finder
from hs_jupyter.tables.facts import Facts, facts_of, with_facts
from hs_jupyter.tables.values import JSON_MARK, arrow_field


def table(rows, **json_columns):
    made = pa.Table.from_pylist(rows)
    for name, values in json_columns.items():
        texts = pa.array(
            [None if one is None else json.dumps(one, ensure_ascii=False) for one in values], pa.string()
        )
        made = made.append_column(arrow_field(name, "json"), texts)
    return made


def hidden(tables, known=()):
    roster = Roster(known)
    roster.meet(sightings(tables))
    hide = Pseudonymizer(roster)
    return roster, {name: hide.table(name, one) for name, one in tables.items()}


PEOPLE = table(
    [
        {"participantId": "u_mia", "id": "u_mia", "name": "Mia Berg", "roomId": "room_1", "role": "host",
         "email": "mia@uni.example"},
        {"participantId": "u_leo", "id": "u_leo", "name": "Leo", "roomId": "room_1", "role": "viewer", "email": None},
        {"participantId": "prolific_5f3a9c", "id": "prolific_5f3a9c", "name": "Leo", "roomId": "room_2",
         "role": "viewer", "email": None},
        {"participantId": "agent_1", "id": "agent_1", "name": "Robin", "roomId": "room_2", "role": "viewer",
         "email": None},
    ]
)  # fmt: skip


def said(text, room="room_1"):
    chat = table(
        [{"messageId": "m1", "roomId": room, "senderId": "u_kim", "senderName": "Kim", "content": text}]
    )
    _, found = hidden({"participants": PEOPLE, "chat": chat})
    return found["chat"]["content"].to_pylist()[0]


def test_every_column_of_people_and_the_same_number_everywhere():
    chat = table(
        [{"messageId": "m1", "roomId": "room_1", "senderId": "u_leo", "senderName": "Leo", "content": "hi"}],
        recipientIds=[["u_mia", "all"]],
    )
    events = table(
        [
            {
                "id": "e1",
                "roomId": "room_1",
                "participantId": "u_mia",
                "content": "x",
                "participantRole": "host",
            }
        ]
    )
    _, found = hidden({"chat": chat, "events": events, "participants": PEOPLE})
    assert found["participants"].to_pylist()[0] == {
        "participantId": "P001", "id": "P001", "name": "P001", "roomId": "room_1", "role": "host",
    }  # fmt: skip
    assert found["participants"]["name"].to_pylist() == ["P001", "P002", "P003", "P004"]
    row = found["chat"].to_pylist()[0]
    assert (row["senderId"], row["senderName"], json.loads(row["recipientIds"])) == (
        "P002",
        "P002",
        ["P001", "all"],
    )
    assert found["events"].to_pylist()[0]["participantId"] == "P001"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("@mia, hi!", "@P001, hi!"),
        ("MIA BERG and Berg's", "P001 and P001's"),
        ("u_mia_3 wrote u_mia", "P001_3 wrote P001"),
        ("Miami, xumia, u_mia2", "Miami, xumia, u_mia2"),
        ("my Prolific ID is 5F3a9c", "my Prolific ID is P003"),
        ("mail mia.berg@uni.example or a+b@c.d.example!", "mail [e-mail] or [e-mail]!"),
        ("Leo and Robin", "P002 and P004"),
        ("P001 P002", "P001 P002"),
        ("", ""),
        ("nobody here", "nobody here"),
    ],
)
def test_people_in_texts(text, told):
    assert said(text) == told


def test_a_name_of_several_means_the_one_in_the_room():
    assert said("Leo?", room="room_1") == "P002?"
    assert said("Leo?", room="room_2") == "P003?"
    assert said("Leo?", room="room_9") == f"{SOMEBODY}?"


def test_a_sender_s_name_is_the_sender_s_whatever_the_name():
    chat = table([{"roomId": "room_2", "senderId": "u_leo", "senderName": "Leo", "content": "x"}])
    _, found = hidden({"participants": PEOPLE, "chat": chat})
    assert found["chat"]["senderName"].to_pylist() == ["P002"]


def test_nested_values_keys_and_unknown_columns():
    nested = [
        {
            "userId": "u_mia", "displayName": "Mia Berg", "email": "mia@uni.example", "ipAddress": "10.0.0.1",
            "scores": {"u_leo": 3}, "list": [["Leo", {"text": "ask u_mia"}]], "n": 5, "ok": True, "none": None,
        }
    ]  # fmt: skip
    events = table(
        [
            {
                "id": "e",
                "roomId": "room_1",
                "participantId": "u_leo",
                "note": "by Mia Berg",
                "ownerId": "boss",
                "u_leo": 1,
            }
        ],
        response=nested,
    )
    _, found = hidden({"participants": PEOPLE, "events": events})
    row = found["events"].to_pylist()[0]
    assert json.loads(row.pop("response")) == {
        "userId": "P001", "displayName": "P001", "scores": {"P002": 3}, "list": [["P002", {"text": "ask P001"}]],
        "n": 5, "ok": True, "none": None,
    }  # fmt: skip
    assert row == {"id": "e", "roomId": "room_1", "participantId": "P002", "note": "by P001", "P002": 1}
    assert found["events"].schema.field("response").metadata == JSON_MARK


def test_people_who_appear_in_nested_values_alone_are_people_too():
    events = table(
        [{"id": "e", "roomId": "room_1", "content": "Zora and u_zora"}],
        data=[
            {"participants": [{"id": "u_zora", "name": "Zora"}], "sender": "Ben", "recipientIds": ["u_kim"]}
        ],
    )
    roster, found = hidden({"events": events})
    assert {one.ids + one.names for one in roster.people} == {("u_zora", "Zora"), ("u_kim",), ("Ben",)}
    row = found["events"].to_pylist()[0]
    assert row["content"] == "P001 and P001"
    assert json.loads(row["data"]) == {
        "participants": [{"id": "P001", "name": "P001"}], "sender": "P003", "recipientIds": ["P002"],
    }  # fmt: skip


def test_words_of_the_study_stay():
    odd = table(
        [
            {"participantId": "p1", "id": "p1", "name": "Viewer", "roomId": "room_pair_1", "role": "viewer"},
            {"participantId": "p2", "id": "p2", "name": "pair", "roomId": "room_pair_1", "role": "host"},
            {"participantId": "p3", "id": "p3", "name": "A", "roomId": "room_pair_1", "role": "host"},
            {"participantId": "p4", "id": "p4", "name": "7", "roomId": "room_pair_1", "role": "host"},
        ]
    )
    events = table(
        [
            {
                "id": "e",
                "roomId": "room_pair_1",
                "eventType": "pair.enter",
                "stateName": "Viewer",
                "content": "7 or A",
            }
        ],
        variableSnapshot=[{"condition": "A"}],
    )
    _, found = hidden({"participants": odd, "events": events})
    assert found["participants"]["role"].to_pylist() == ["viewer", "host", "host", "host"]
    assert found["events"].equals(events)


def test_ids_in_the_ids_of_rooms_and_records():
    events = table([{"id": "evt_u_mia_1", "roomId": "lobby_u_mia", "participantId": "u_mia"}])
    _, found = hidden({"events": events})
    assert found["events"].to_pylist() == [
        {"id": "evt_P001_1", "roomId": "lobby_P001", "participantId": "P001"}
    ]


def test_other_ids_of_a_participant_are_theirs():
    people = table([{"participantId": "u1", "id": "u1", "prolificId": "5f3a9c11", "name": "Mia"}])
    events = table([{"id": "e", "content": "5f3a9c11 = mia"}])
    roster, found = hidden({"events": events, "participants": people})
    assert len(roster.people) == 1
    assert found["events"]["content"].to_pylist() == ["P001 = P001"]


def test_numbers_as_ids_become_text():
    events = table([{"id": "e", "userId": 17, "content": "x"}, {"id": "f", "userId": None, "content": "y"}])
    _, found = hidden({"events": events})
    assert found["events"]["userId"].to_pylist() == ["P001", None]


def test_ids_that_differ_in_case_alone_are_two_people():
    people = table([{"participantId": "uAbC"}, {"participantId": "uaBc"}])
    events = table([{"id": "e", "content": "uAbC uaBc UABC"}])
    _, found = hidden({"participants": people, "events": events})
    assert found["events"]["content"].to_pylist() == ["P001 P002 UABC"]


def test_names_in_scripts_without_spaces():
    people = table([{"participantId": "u1", "name": "李雷"}, {"participantId": "u2", "name": "Mia"}])
    events = table([{"id": "e", "content": "我是李雷你好, Mia说"}])
    _, found = hidden({"participants": people, "events": events})
    assert found["events"]["content"].to_pylist() == ["我是P001你好, P002说"]


def test_accents_may_be_written_in_two_ways():
    people = table([{"participantId": "u1", "name": "Zo\u00eb"}])
    events = table([{"id": "e", "content": "Zo\u00eb Zoe\u0308 ZO\u00cb"}])
    _, found = hidden({"participants": people, "events": events})
    assert found["events"]["content"].to_pylist() == ["P001 P001 P001"]


@pytest.mark.parametrize(
    "name", ["=1+1 Bo", "<b>Bo</b>", "{{x}} y", "Sam \U0001f3ac", 'Quo"ta, "Jr."', "O'Neil", "a\\d", "***"]
)
def test_odd_names_are_found_in_texts_and_in_json(name):
    people = table([{"participantId": "u1", "name": name}])
    events = table([{"id": "e", "content": f"I'm {name}!"}], response=[{"value": f"({name})"}])
    _, found = hidden({"participants": people, "events": events})
    row = found["events"].to_pylist()[0]
    assert row["content"] == "I'm P001!"
    assert json.loads(row["response"]) == {"value": "(P001)"}


def test_facts_travel_without_people():
    events = table([{"id": "e", "participantId": "u_mia"}])
    facts = Facts("events", {"kind": "participant", "id": "u_mia", "room": "r"}, warnings=("u_mia came late",),
                  beside={"timeline": [{"who": "u_mia"}]})  # fmt: skip
    _, found = hidden({"events": with_facts(events, facts)})
    told = facts_of(found["events"])
    assert told.scope["id"] == "P001"
    assert told.warnings == ("P001 came late",)
    assert told.beside == {"timeline": [{"who": "P001"}]}


def test_columns_without_people_are_the_same_ones_and_not_copied():
    ratings = pa.table(
        {
            "ratingId": pa.array([f"r{number}" for number in range(1000)]),
            "participantId": pa.array(["u_mia"] * 1000),
            "value": pa.array(range(1000)),
        }
    )
    _, found = hidden({"ratings": ratings})
    for name in ("ratingId", "value"):
        before, after = (one[name].chunk(0).buffers()[-1].address for one in (ratings, found["ratings"]))
        assert before == after
    assert set(found["ratings"]["participantId"].to_pylist()) == {"P001"}


def test_chunks_nulls_and_empty_tables():
    first = pa.table({"participantId": ["u_mia", None], "content": ["hi Mia", None]})
    second = pa.table({"participantId": pa.array([], pa.string()), "content": pa.array([], pa.string())})
    third = pa.table({"participantId": ["u_leo"], "content": ["u_mia!"]})
    events = pa.concat_tables([first, second, third])
    _, found = hidden({"events": events, "chat": second})
    assert found["events"]["participantId"].to_pylist() == ["P001", None, "P002"]
    assert found["events"]["content"].to_pylist() == ["hi Mia", None, "P001!"]
    assert found["chat"].num_rows == 0


def test_known_people_keep_their_numbers_and_new_ones_get_the_next():
    known = (Person("P005", ("u_leo",), ("Leo",)), Person("P002", ("gone",), ("Gone",)))
    roster, found = hidden({"participants": PEOPLE}, known)
    assert found["participants"]["participantId"].to_pylist() == ["P006", "P005", "P007", "P008"]
    assert [one.pseudonym for one in roster.people] == ["P002", "P005", "P006", "P007", "P008"]


@pytest.mark.parametrize("odd", ["", "\u674e", "x_y-z/", "prolific_"])
def test_more_people_than_one_expression_holds(odd):
    crowd = table(
        [
            {"participantId": f"{odd}u{number:05}", "name": f"Name{number} \u00c5sa{number}"}
            for number in range(900)
        ]
    )
    events = table(
        [
            {"id": f"evt_{odd}u00042_7", "eventType": "x", "roomId": "r", "content": "hi NAME7, \u00e5sa8"},
            {"id": "evt_1", "eventType": "x", "roomId": "r", "content": "hi you"},
        ],
        response=[{"value": "Name899"}, {"value": "nobody"}],
    )
    roster, found = hidden({"participants": crowd, "events": events})
    assert len(roster.people) == 900
    assert [row["id"] for row in found["events"].to_pylist()] == ["evt_P043_7", "evt_1"]
    assert found["events"]["content"].to_pylist() == ["hi P008, P009", "hi you"]
    assert [json.loads(one)["value"] for one in found["events"]["response"].to_pylist()] == ["P900", "nobody"]


def test_large_columns_are_read_piece_by_piece(monkeypatch):
    from hs_jupyter.pseudonyms import tables

    monkeypatch.setattr(tables, "_AT_ONCE", 3)
    texts = [f"u_mia {number}" if number % 4 == 0 else f"text {number}" for number in range(20)]
    whole = pa.table(
        {"participantId": ["u_mia"] * 20, "content": texts, "roomId": [f"r{number}" for number in range(20)]}
    )
    events = pa.concat_tables([whole.slice(0, 7), whole.slice(7, 1), whole.slice(8)])
    _, found = hidden({"events": events})
    assert found["events"]["content"].to_pylist() == [one.replace("u_mia", "P001") for one in texts]


LETTERS = st.characters(codec="utf-8", exclude_categories=["Cs"])
IDS = st.text(st.sampled_from("abcABC123_-.:/% é李"), min_size=1, max_size=8).filter(
    lambda one: is_telling(one.strip())
)
NAMES = st.text(LETTERS, min_size=1, max_size=10)


@settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(
    people=st.lists(st.tuples(IDS, NAMES), min_size=1, max_size=5),
    before=st.text(LETTERS, max_size=5),
    after=NAMES,
)
def test_no_id_stays_as_a_whole_word(people, before, after):
    roster = Roster()
    roster.meet(Sighting(id_, name, "room") for id_, name in people)
    finder = Finder(roster)
    id_ = people[0][0]
    assume(roster.of_id(id_))
    told = finder.replace(f"{before} {id_} {after}", "room")
    assert f" {id_} " not in told or any(f" {id_} " in f" {one.pseudonym} " for one in roster.people)
    assert "P0" in told


@settings(deadline=None)
@given(
    numbers=st.lists(st.integers(1, 10**12), min_size=1, max_size=6, unique=True),
    words=st.lists(
        st.tuples(st.integers(0, 9), st.sampled_from([" ", ", ", "_", "-", "/", "! "])), max_size=12
    ),
)
def test_exactly_the_people_are_replaced_and_all_else_stays(numbers, words):
    roster = Roster()
    roster.meet(Sighting(f"u{number}x") for number in numbers)
    known = [(f"u{number}x", one.pseudonym) for number, one in zip(numbers, roster.people, strict=True)]
    text = "".join((known[at][0] if at < len(known) else f"word{at}") + mark for at, mark in words)
    told = "".join((known[at][1] if at < len(known) else f"word{at}") + mark for at, mark in words)
    assert Finder(roster).replace(text) == told


def many_ids(people):
    """Make a finder whose expression is of what IDs are built like."""
    roster = Roster()
    roster.meet(Sighting(id_) for id_, _ in people)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hs_jupyter.pseudonyms.tokens._MOST_LITERALLY", 0)
        finder = Finder(roster, names=False)
        finder.pattern()
    return finder


@settings(deadline=None)
@given(
    people=st.lists(st.tuples(IDS, NAMES), min_size=1, max_size=4),
    texts=st.lists(st.text(LETTERS), max_size=5),
)
def test_the_expression_sees_whatever_the_finder_replaces(people, texts):
    roster = Roster()
    roster.meet(Sighting(id_, name) for id_, name in people)
    column = pa.array([*texts, *(f"x {name} {id_}" for id_, name in people)], pa.string())
    for finder in (Finder(roster), Finder(roster, names=False), many_ids(people)):
        seen = pa.compute.match_substring_regex(column, finder.pattern()).to_pylist()
        for text, match in zip(column.to_pylist(), seen, strict=True):
            assert match or finder.replace(text) == text
