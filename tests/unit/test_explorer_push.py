"""Push: one careless press loses nothing; what no variable should be called is refused."""

from __future__ import annotations

import keyword

import pandas as pd
import pytest
from explorer_kernel import ROOM, Kernel, Variables, rating, study_routes
from hypothesis import given
from hypothesis import strategies as st

from hs_jupyter.bundles import Bundle
from hs_jupyter.errors import ForbiddenError, InputError
from hs_jupyter.explorer.pushing import Pusher
from hs_jupyter.explorer.variables import NotebookVariables, checked_name, taken

SELECTION = {"window": [2, 9], "participants": ["p0"], "types": ["ratings", "events"]}


def push(kernel: Kernel, name: str, **fields) -> dict:
    return kernel.ask("push", scope=ROOM, selection=SELECTION, name=name, **fields)


def test_the_selection_becomes_a_bundle_of_exactly_its_rows() -> None:
    kernel = Kernel()
    answer = push(kernel, "slow")
    assert answer == {
        "pushed": True,
        "name": "slow",
        "sentence": "'slow' holds a Bundle of 2 tables now.",
        "replace": None,
    }
    bundle = kernel.variables["slow"]
    assert list(bundle) == ["ratings", "events"]
    assert bundle.ratings["ratingId"].tolist() == ["q00002", "q00004", "q00006", "q00008"]
    assert bundle.events["id"].tolist() == ["e02", "e04"]


def test_one_table_alone_is_a_data_frame() -> None:
    kernel = Kernel()
    push(kernel, "slow", table="ratings")
    frame = kernel.variables["slow"]
    assert isinstance(frame, pd.DataFrame)
    assert frame["ratingId"].tolist() == ["q00002", "q00004", "q00006", "q00008"]
    assert frame.attrs["hs"]["filters"] == {"from": "2s", "to": "9s"}


def test_a_first_press_on_a_taken_name_changes_nothing_and_a_second_replaces() -> None:
    kernel = Kernel()
    mine = kernel.variables["mine"] = pd.DataFrame({"a": [1, 2]})
    first = push(kernel, "mine")
    assert not first["pushed"]
    assert first["sentence"].startswith(
        "'mine' holds a DataFrame of 2 rows x 1 column; push again to replace it"
    )
    assert kernel.variables["mine"] is mine
    assert kernel.service.asked == []
    second = push(kernel, "mine", replace=first["replace"])
    assert second["pushed"]
    assert isinstance(kernel.variables["mine"], Bundle)


def test_only_what_was_told_of_is_replaced() -> None:
    kernel = Kernel()
    kernel.variables["mine"] = [1]
    first = push(kernel, "mine")
    other = kernel.variables["mine"] = [1, 2, 3]
    second = push(kernel, "mine", replace=first["replace"])
    assert not second["pushed"]
    assert "a list of 3" in second["sentence"]
    assert kernel.variables["mine"] is other


def test_a_replacement_of_one_name_is_none_of_another() -> None:
    kernel = Kernel()
    shared = kernel.variables["a"] = kernel.variables["b"] = [1]
    token = push(kernel, "a")["replace"]
    assert not push(kernel, "b", replace=token)["pushed"]
    assert kernel.variables["b"] is shared


def test_names_that_this_explorer_pushed_are_replaced_without_asking() -> None:
    kernel = Kernel()
    push(kernel, "mine")
    before = kernel.variables["mine"]
    assert push(kernel, "mine")["pushed"]
    assert kernel.variables["mine"] is not before
    kernel.variables["mine"] = "something of the person's own"
    assert not push(kernel, "mine")["pushed"]


def test_what_comes_while_it_is_fetched_is_not_lost_either() -> None:
    names = Variables()

    def make():
        names["x"] = "meanwhile"
        return 1

    answer = Pusher(names).push("x", make)
    assert not answer.pushed
    assert names["x"] == "meanwhile"


def test_a_python_caller_pushes_again() -> None:
    names = Variables(x=5)
    pusher = Pusher(names)
    assert not pusher.push_again("x", lambda: 1).pushed
    assert pusher.push_again("x", lambda: 1).pushed
    assert names["x"] == 1


def test_a_type_that_the_scope_does_not_have_is_refused() -> None:
    kernel = Kernel()
    answer = kernel.answer("push", scope=ROOM, selection={"types": ["rooms"]}, name="x")
    assert (answer["reason"], answer["place"]) == ("input", "push")
    assert "x" not in kernel.variables


def test_a_name_that_failed_stays_as_it_was() -> None:
    refused = ForbiddenError("not you", status=403)
    kernel = Kernel(study_routes(**{"data/ratings/continuous/room/r1": refused}))
    answer = kernel.answer("push", scope=ROOM, selection={"types": ["ratings"]}, name="x")
    assert (answer["reason"], answer["place"]) == ("key", "push")
    assert "x" not in kernel.variables


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Give the variable a name"),
        ("class", "a word of Python"),
        ("None", "a word of Python"),
        ("print", "of Python itself"),
        ("list", "of Python itself"),
        ("In", "belongs to IPython"),
        ("_", "belongs to IPython"),
        ("_12", "belongs to IPython"),
        ("__mine__", "belongs to IPython"),
        ("get_ipython", "belongs to IPython"),
        ("my data", "no variable's name"),
        ("2nd", "no variable's name"),
        ("a.b", "no variable's name"),
        ("a;import os", "no variable's name"),
        ("ｃｌａｓｓ", "a word of Python"),  # noqa: RUF001 - Python reads it as class
    ],
)
def test_names_that_no_variable_should_have_are_refused(name, said, monkeypatch) -> None:
    monkeypatch.setattr("builtins._", 1, raising=False)  # Python's own prompt leaves its last value there
    answer = Kernel().answer("push", scope=ROOM, selection={}, name=name)
    assert (answer["reason"], answer["place"]) == ("input", "push")
    assert said in answer["sentence"]


@given(st.text(max_size=12))
def test_a_name_is_refused_or_a_python_name(text) -> None:
    try:
        name = checked_name(text)
    except InputError:
        return
    namespace: dict[str, object] = {}
    exec(f"{name} = 1", namespace)
    assert namespace[name] == 1
    assert not keyword.iskeyword(name)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (pd.DataFrame({"a": [1], "b": [2]}), "'x' holds a DataFrame of 1 row x 2 columns"),
        (pd.Series([1, 2, 3]), "'x' holds a Series of 3"),
        ({"a": 1}, "'x' holds a dict of 1"),
        (5, "'x' holds an int"),
        (None, "'x' holds a NoneType"),
        (len, "'x' holds a builtin_function_or_method 'len'"),
        (pd, "'x' holds a module"),
        ("secret text", "'x' holds a str of 11"),
    ],
)
def test_what_is_there_is_said_without_its_content(value, said) -> None:
    assert taken("x", value).sentence == said


def test_an_object_that_fails_at_everything_is_said_to_be_there() -> None:
    class Odd:
        def __len__(self) -> int:
            raise ValueError

    assert taken("x", Odd()).sentence == "'x' holds an Odd of unknown length"


def test_without_ipython_there_is_nothing_to_push_to() -> None:
    with pytest.raises(InputError, match="outside of IPython"):
        NotebookVariables().put("x", 1)


def test_e_mail_addresses_are_not_pushed() -> None:
    people = [{"participantId": "p0", "roomId": "r1", "email": "p0@example.org"}]
    kernel = Kernel(study_routes(**{"data/participants/room/r1": people}))
    kernel.ask("push", scope=ROOM, selection={"types": ["participants"]}, name="who")
    assert "email" not in kernel.variables["who"].participants.columns


def test_a_participant_s_text_in_a_table_stays_text() -> None:
    hostile = "__import__('os').system('true')"
    kernel = Kernel(study_routes(**{"data/ratings/continuous/room/r1": [rating(2, participantId=hostile)]}))
    kernel.ask("push", scope=ROOM, selection={"participants": [hostile]}, name="x", table="ratings")
    assert kernel.variables["x"]["participantId"].tolist() == [hostile]
