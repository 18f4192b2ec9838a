"""The catalogue says what the service's facts say."""

from __future__ import annotations

import inspect
import re

import pytest

import hs_jupyter as hs
from hs_jupyter.catalog import DATA_TYPES, LISTS, data_type
from hs_jupyter.errors import InputError

ALL = ("experiment", "room", "participant")
# Endpoint x scope matrix of the service's facts: path segment, scopes, key scope (None: not known).
MATRIX = {
    "events": ("events", ALL, "read:events"),
    "questionnaire": ("events", ALL, "read:events"),
    "consent": ("events", ALL, "read:events"),
    "instructions": ("events", ALL, "read:events"),
    "recordings": ("recordings", ALL, "read:recordings"),
    "videochat": ("videochat", ALL, "read:videochat"),
    "chat": ("chat", ALL, "read:chat"),
    "ratings/continuous": ("ratings/continuous", ALL, "read:ratings"),
    "ratings/sparse": ("ratings/sparse", ALL, "read:ratings"),
    "sync": ("sync", ALL, "read:sync"),
    "components": ("components", ALL, "read:components"),
    "participants": ("participants", ("experiment", "room"), "read:events"),
    "rooms": ("rooms", ("experiment",), "read:events"),
    "eyetracking": ("eyetracking", ALL, None),
    "variables": ("variables", ("room",), None),
    "counts": ("counts", ("participant",), None),
    "check-access": ("check-access", ("experiment",), ""),
    "agent-decisions": ("agent-decisions", ("experiment", "room"), "read:events"),
    "agent-runs": ("agent-runs", ("experiment",), "read:events"),
}
EVERY = [*DATA_TYPES.values(), *LISTS.values()]


def test_every_data_type_is_there():
    assert DATA_TYPES.keys() == MATRIX.keys()
    assert {name: one.path for name, one in LISTS.items()} == {
        "experiments": "experiments",
        "deployments": "deployments",
    }


@pytest.mark.parametrize("name", MATRIX)
def test_path_scopes_and_key_scope(name):
    segment, scopes, key_scope = MATRIX[name]
    one = DATA_TYPES[name]
    assert one.path == f"data/{segment}/{{scope}}/{{id}}"
    assert one.scopes == scopes
    assert one.key_scope == key_scope


def test_names_are_unique():
    spellings = [word for one in EVERY for word in {one.name, one.table, *one.aliases}]
    assert len(spellings) == len(set(spellings))
    assert all(re.fullmatch(r"[a-z_]+", one.table) for one in EVERY)


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.name)
def test_an_entry_is_whole(one):
    names = [column.name for column in one.columns]
    assert len(names) == len(set(names))
    spelled = [*names, *(older for column in one.columns for older in column.fallback if older not in names)]
    assert len(spelled) == len(set(spelled))
    assert set(one.key) <= set(names)
    assert {one.time, one.end} - {""} <= set(names)
    assert not one.time or one.column[one.time].type == "instant"
    assert {parameter.column for parameter in one.parameters} - {""} <= set(names)
    assert set(one.sorts) <= set(names)
    assert one.meaning
    assert all(column.meaning for column in one.columns)
    assert all(parameter.option == "--" + parameter.keyword.replace("_", "-") for parameter in one.parameters)


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.name)
def test_times_say_their_unit(one):
    for column in one.columns:
        if column.type == "instant":
            assert column.unit == "UTC", column.name
        if (
            re.search(r"(onset|offset|duration|Ms|Time|latency|Drift)$", column.name)
            and column.type == "float"
        ):
            assert column.unit == "ms", column.name


def test_views_show_events():
    for name in ("questionnaire", "consent", "instructions"):
        view = DATA_TYPES[name]
        assert view.view.of == "events"
        assert view.columns == DATA_TYPES["events"].columns
    assert DATA_TYPES["questionnaire"].view.categories == ("questionnaire", "post_experiment")


def test_what_the_timeline_draws():
    drawn = {one.table for one in EVERY if one.drawn}
    assert drawn == {"ratings", "ratings_sparse", "events", "sync", "chat", "recordings"}


def test_e_mail_is_marked():
    assert DATA_TYPES["participants"].personal("email") == ("email",)
    assert LISTS["experiments"].personal("email") == ("ownerEmail",)


@pytest.mark.parametrize(
    ("word", "name"),
    [("ratings", "ratings/continuous"), ("ratings_continuous", "ratings/continuous"),
     ("ratings_sparse", "ratings/sparse"), (" Events ", "events"),
     ("agent_decisions", "agent-decisions"), ("check_access", "check-access")],
)  # fmt: skip
def test_look_up_by_any_spelling(word, name):
    assert data_type(word).name == name


def test_an_unknown_type_is_helped():
    with pytest.raises(
        InputError, match=r"unknown data type 'evnts'; did you mean 'events'\? \(valid: events,"
    ):
        data_type("evnts")


@pytest.mark.parametrize("name", [name for name in DATA_TYPES if not name.startswith("ratings/")])
def test_the_docstring_of_a_twin_shows_its_columns(name):
    kind = DATA_TYPES[name]
    shown = inspect.getdoc(getattr(hs, kind.table))
    for column in kind.columns:
        assert f"``{column.name}``" in shown
        assert column.meaning in shown
