"""The code of a selection gives the same rows: run for any selection and any ID, as ``%hs`` and as Python."""

from __future__ import annotations

from typing import Any

import pytest
from explorer_kernel import HOSTILE, rating, study_routes
from fake_service import FakeService, connect
from hypothesis import given, settings
from hypothesis import strategies as st

import hs_jupyter as hs
from hs_jupyter import functions
from hs_jupyter.api.transport import data_path
from hs_jupyter.catalog import data_type
from hs_jupyter.explorer.code import code_for, reopening_line
from hs_jupyter.explorer.handle_selection import selected_bundle, selected_table
from hs_jupyter.explorer.selection import Selection
from hs_jupyter.explorer.shelf import Shelf
from hs_jupyter.explorer.tasks import Task
from hs_jupyter.magics import grammar
from hs_jupyter.scope import Scope

ROOM = Scope("room", "r1")
WINDOWS = st.none() | st.tuples(st.floats(-1, 22), st.floats(-1, 22)).map(sorted)
TYPES = st.none() | st.lists(st.sampled_from(["ratings", "events", "participants", "variables"]), min_size=1)
PEOPLE = st.none() | st.lists(st.sampled_from(["p0", "p1", 'a "b"', HOSTILE]), min_size=1)


def run(code: str) -> Any:
    """Run code as a notebook does: ``%hs`` lines by the language, the rest as Python."""
    names: dict[str, Any] = {}
    for line in code.split("\n"):
        if line.startswith("%hs "):
            command = grammar.parse(line.removeprefix("%hs "), names)
            names[command.into] = getattr(functions, command.call)(**{**command.arguments, "progress": False})
        else:
            exec(line, names)
    return names["selected"]


def shelf() -> Shelf:
    return Shelf(functions.session.current_study(), ROOM)


def records(table: Any) -> list[dict[str, Any]]:
    return [{name: str(value) for name, value in row.items()} for row in table.to_dict("records")]


@pytest.fixture(autouse=True)
def _service(monkeypatch) -> None:
    routes = study_routes()
    routes["data/ratings/continuous/room/r1"] += [
        rating(20, participantId='a "b"', onset=20_000.25), rating(21, participantId=HOSTILE, onset=20_500.0),
    ]  # fmt: skip
    connect(monkeypatch, FakeService(routes))


@pytest.mark.parametrize("kind", ["magic", "python"])
@settings(max_examples=25)
@given(WINDOWS, PEOPLE, TYPES)
def test_the_code_of_a_selection_gives_exactly_its_bundle(kind, window, people, types) -> None:
    selection = Selection(window, people, types)
    wanted = selected_bundle(shelf(), selection, Task("t", lambda _: None))
    given_back = run(code_for(ROOM, selection, kind))
    assert list(given_back) == list(wanted)
    assert given_back.failed.keys() == wanted.failed.keys()
    for name in wanted:
        assert records(given_back[name]) == records(wanted[name])
        assert list(given_back[name].columns) == list(wanted[name].columns)


@pytest.mark.parametrize("kind", ["magic", "python"])
@settings(max_examples=25)
@given(WINDOWS, PEOPLE, st.sampled_from(["ratings", "participants", "events", "variables"]))
def test_the_code_of_one_table_gives_exactly_it(kind, window, people, table) -> None:
    selection = Selection(window, people)
    wanted = selected_table(shelf(), selection, table, Task("t", lambda _: None))
    given_back = run(code_for(ROOM, selection, kind, table=data_type(table)))
    assert records(given_back) == records(wanted)


class Empty:
    """A bundle of nobody."""

    def of(self, *_: str) -> Empty:
        return self


@pytest.mark.parametrize("kind", ["magic", "python"])
@given(st.text(min_size=1, max_size=20).filter(lambda one: one.strip()))
def test_an_id_of_any_characters_is_only_an_id(kind, id_) -> None:
    asked: list[dict[str, Any]] = []
    scope = Scope("participant", id_, room=f"{id_}r")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(functions, "bundle", lambda **options: asked.append(options) or Empty())
        run(code_for(scope, Selection((1, 2), [id_], ["sync"]), kind))
    assert [(one["participant"], one["room"]) for one in asked] == [(scope.id, scope.room)]


@pytest.mark.parametrize(
    "id_", ["r1", "room-7.b", HOSTILE, "$x", "{x}", "a b", "--help", "#", "it's", "\n%hs logout"]
)
def test_the_line_that_opens_the_explorer_again_names_the_scope(id_) -> None:
    *before, line = reopening_line(Scope("room", id_)).split("\n")
    names: dict[str, Any] = {}
    exec("\n".join(before), names)
    command = grammar.parse(line.removeprefix("%hs "), names)
    assert (command.call, dict(command.arguments)) == ("explore", {"room": id_})


def test_plain_selections_are_plain_lines() -> None:
    assert code_for(ROOM, Selection()) == "%hs bundle room r1 -o selected"
    assert code_for(ROOM, Selection((60, 75.5)), name="x", table=data_type("ratings/sparse")) == (
        "%hs ratings/sparse room r1 --from 60s --to 75.5s -o x"
    )
    assert code_for(ROOM, Selection(participants=["a"]), table=data_type("sync")) == (
        '%hs bundle room r1 --types sync -o selected\nselected = selected.of("a").sync'
    )
    assert code_for(Scope("participant", "p", "r1"), Selection(types=["chat"]), "python") == (
        'import hs_jupyter as hs\n\nselected = hs.bundle(participant="p", room="r1", types=["chat"])'
    )
    assert code_for(ROOM, Selection(types=[])) == "# nothing is selected: no data type"
    assert reopening_line(None) == "%hs explore"


def test_paths_of_the_fake_service_are_those_of_the_catalogue() -> None:
    assert data_path(data_type("ratings").path, scope="room", id="r1") == "data/ratings/continuous/room/r1"
    assert hs.Selection is Selection
