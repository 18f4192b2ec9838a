"""A question is checked and frozen before anything travels."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.errors import InputError
from hs_jupyter.query import make_query
from hs_jupyter.scope import Scope, scope_of

ROOM = Scope("room", "room_1")


def said(ask, *arguments, **options) -> str:
    with pytest.raises(InputError) as refused:
        ask(*arguments, **options)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_scope_from_keywords():
    assert scope_of(room="r") == Scope("room", "r")
    assert scope_of(experiment="e") == Scope("experiment", "e")
    assert scope_of(participant="p", room="r") == Scope("participant", "p", "r")
    assert scope_of(participant="p").room is None
    assert (Scope("room", "r").room_id, Scope("participant", "p", "r").room_id) == ("r", "r")
    assert Scope("experiment", "e").room_id is None
    with pytest.raises(FrozenInstanceError):
        ROOM.id = "other"


@pytest.mark.parametrize(
    "keywords",
    [{}, {"experiment": "e", "room": "r"}, {"experiment": "e", "participant": "p"},
     {"experiment": "e", "participant": "p", "room": "r"}],
)  # fmt: skip
def test_exactly_one_scope(keywords):
    assert "experiment=" in said(scope_of, **keywords)


@pytest.mark.parametrize(
    ("kind", "id_", "room", "word"),
    [
        ("rooom", "r", None, "did you mean 'room'"), ("room", "", None, "missing"), ("room", "  ", None, "missing"),
        ("participant", "p", " ", "room's ID is missing"), ("room", 7, None, "text, not 7"),
        ("participant", "p", 7, "text, not 7"), ("room", "r", "r2", "--room belongs to a participant"),
    ],
)  # fmt: skip
def test_bad_scopes_are_one_sentence(kind, id_, room, word):
    assert word in said(Scope, kind, id_, room)


@pytest.mark.parametrize(
    ("type_", "scope", "options", "word"),
    [
        ("evnts", ROOM, {}, "did you mean 'events'"),
        ("rooms", ROOM, {}, "rooms does not exist for a room: ask for experiment"),
        ("events", Scope("participant", "p"), {}, "--room"),
        ("events", ROOM, {"from_": "10s", "to": "5s"}, "--from lies after --to"),
        ("events", ROOM, {"limit": -1}, "--limit is a whole number"),
        ("events", ROOM, {"limit": True}, "--limit"),
        ("events", ROOM, {"limit": 1.5}, "--limit"),
        ("events", ROOM, {"limit": "ten"}, "--limit"),
        ("events", ROOM, {"offset": 10**30}, "--offset"),
        ("events", ROOM, {"order": "up"}, "asc or desc"),
        ("events", ROOM, {"order": ["asc"]}, "asc or desc"),
        ("events", ROOM, {"sort": "timestmp"}, "did you mean 'timestamp'"),
        ("events", ROOM, {"columns": "participantID"}, "did you mean 'participantId'"),
        ("events", ROOM, {"columns": " , "}, "names no column"),
        ("events", ROOM, {"catgory": "media"}, "did you mean '--category'"),
        ("chat", ROOM, {"category": "media"}, "chat has no --category"),
        ("events", ROOM, {"category": " "}, "--category is empty"),
        ("sync", ROOM, {"window": 0}, "milliseconds above 0"),
        ("sync", ROOM, {"window": "1s"}, "--window"),
        ("components", ROOM, {"completed": "maybe"}, "true or false"),
        ("variables", ROOM, {"order": "desc"}, "--sort FIELD"),
    ],
)  # fmt: skip
def test_bad_questions_are_one_sentence(type_, scope, options, word):
    assert word in said(make_query, type_, scope, **options)


def test_defaults_ask_for_everything():
    query = make_query("events", ROOM)
    assert (query.limit, query.offset, query.sort, query.order) == (None, 0, None, "asc")
    assert query.wire() == {}
    assert query.plain() == {}


def test_the_room_of_a_participant_always_travels():
    assert make_query("chat", Scope("participant", "p", "r")).wire() == {"roomId": "r"}


def test_filters_travel_in_the_spelling_of_the_service():
    query = make_query(
        "components", ROOM, component_type="Show Video", completed=False, state="s", deployment=None
    )
    assert query.wire() == {"completed": "false", "stateId": "s"}
    assert query.plain()["component_type"] == "Show Video"
    assert make_query("sync", ROOM, window=np.int64(500)).wire() == {"aggregationWindow": "500"}


def test_instants_travel_a_little_wider_and_onsets_do_not_travel():
    query = make_query("events", ROOM, from_="2026-03-02T15:04:00Z", to="2026-03-02T15:05:00Z")
    assert query.wire() == {"startTime": "2026-03-02T15:03:59.999Z", "endTime": "2026-03-02T15:05:00.002Z"}
    assert make_query("events", ROOM, from_="10s", to=20).wire() == {}
    assert make_query("recordings", ROOM, from_="2026-03-02T15:04:00Z").wire() == {}


def test_an_onset_and_an_instant_may_stand_together():
    assert make_query("events", ROOM, from_="0s", to="2026-03-02T15:05:00Z").wire().keys() == {"endTime"}


@pytest.mark.parametrize(
    ("type_", "scope", "options", "sort", "size"),
    [
        ("events", ROOM, {}, "timestamp", 11),
        ("events", ROOM, {"sort": "onset", "order": "desc"}, "onset", 11),
        ("events", ROOM, {"order": "desc", "offset": 5}, "timestamp", 16),
        ("events", ROOM, {"category": "media"}, "timestamp", None),
        ("events", ROOM, {"from_": "1s"}, "timestamp", None),
        ("questionnaire", ROOM, {}, "timestamp", None),
        ("events", ROOM, {"sort": "participantId"}, "", None),
        ("participants", ROOM, {"sort": "role"}, "", None),
        ("participants", ROOM, {}, "joinedAt", 11),
        ("rooms", Scope("experiment", "e"), {}, "", None),
    ],
)
def test_with_a_limit_the_service_sorts_where_it_sorts_as_we_do(type_, scope, options, sort, size):
    query = make_query(type_, scope, limit=10, **options)
    assert (query.server_sort, query.first_page) == (sort, size)
    assert query.wire().get("sort", "") == sort
    assert not make_query(type_, scope, **options).server_sort


def test_what_narrows_is_plain_json():
    query = make_query("events", ROOM, from_="-5s", to="2026-03-02T15:05:00Z", limit="7", order="desc",
                       columns=["id", "onset_sec", "id"], category="media")  # fmt: skip
    assert query.plain() == {
        "category": "media", "from": "-5s", "to": "2026-03-02T15:05:00+00:00", "limit": 7, "sort": "timestamp",
        "order": "desc", "columns": ["id", "onset_sec"],
    }  # fmt: skip


anything = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.lists(st.text())
)
options = st.sampled_from(
    ["from_", "to", "limit", "offset", "sort", "order", "columns", "category", "window", "pii"]
)


@given(
    st.sampled_from([*DATA_TYPES, "events "]) | st.text(max_size=9),
    st.dictionaries(options, anything, max_size=4),
)
def test_any_question_is_frozen_or_refused(type_, given_options):
    try:
        query = make_query(type_, Scope("room", "r"), **given_options)
    except InputError:
        return
    assert all(isinstance(value, str) for value in query.wire().values())


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_any_id_is_an_address_or_refused(id_, room):
    try:
        scope = Scope("participant", id_, room)
    except InputError:
        assert not id_.strip() or not room.strip()
        return
    assert (scope.id, scope.room_id) == (id_, room)
