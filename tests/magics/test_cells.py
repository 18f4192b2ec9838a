"""``%%hs`` cells: plans and SQL."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_grammar import LINES, NAMES
from test_tokens import one_line

from hs_jupyter.errors import AuthenticationError, InputError, MagicError, NotFoundError
from hs_jupyter.magics.cells import Plan, SqlCell, parse_cell
from hs_jupyter.magics.grammar import Command
from hs_jupyter.progress import Progress

PLAN = """%%hs room room_1 --from 0s
events -> ev

# a comment
ratings --columns participantId,onset_sec,value -> cont  # another
ratings/sparse -> sparse
sync
"""


def test_a_plan_fills_its_variables(shell, twins, capsys):
    assert shell.run(PLAN) is None
    shared = twins.calls[0][1]["progress"]
    assert isinstance(shared, Progress)
    wanted = {"room": "room_1", "from_": "0s", "progress": shared}
    assert twins.calls == [
        ("table", {"type": "events", **wanted}),
        (
            "table",
            {"type": "ratings/continuous", "columns": ("participantId", "onset_sec", "value"), **wanted},
        ),
        ("table", {"type": "ratings/sparse", **wanted}),
        ("table", {"type": "sync", **wanted}),
    ]
    assert {"ev", "cont", "sparse", "sync"} <= set(shell.user_ns)
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "events · room room_1 · 2 rows · onset -1:02 to 11:40 -> ev"
    assert len(said) == 4


def test_the_default_name_is_the_tables(shell):
    shell.run("%%hs room room_1 -q\nratings\nratings sparse\n")
    assert {"ratings", "ratings_sparse"} <= set(shell.user_ns)


def test_a_line_overrides_a_default_and_a_type_without_it_comes_whole(twins, shell):
    shell.run("%%hs room room_1 --from 0s --window 50 -q\nevents --from 5s\nvariables\nsync\n")
    given = [{k: v for k, v in call[1].items() if k in {"from_", "window"}} for call in twins.calls]
    assert given == [{"from_": "5s"}, {}, {"from_": "0s", "window": 50}]


def test_a_plan_of_a_participant_is_asked_for_in_its_room(shell, twins):
    shell.run("%%hs participant p --room r -q\nevents\n")
    name, arguments = twins.calls[0]
    assert not arguments.pop("progress")
    assert (name, arguments) == ("table", {"type": "events", "participant": "p", "room": "r"})


@pytest.mark.parametrize(
    ("failing", "sentence"),
    [
        ("ratings", "line 3 (ratings): no such room"),
        ("evnts", "line 3 (evnts): unknown data type 'evnts'; did you mean 'events'? (valid: events, "),
        ("ratings --limit x", "line 3 (ratings --limit x): --limit 'x' is not a number of records"),
        ("ratings $nope", "line 3 (ratings $nope): 'nope' is not defined in this notebook ($nope)"),
        ("counts", "line 3 (counts): counts has no scope 'room' (valid: participant)"),
        ("ratings room r", "line 3 (ratings room r): unexpected 'room'"),
        ("ratings -o x", "line 3 (ratings -o x): in a plan -> NAME names a line's variable: events -> ev"),
        ("ratings -q", "line 3 (ratings -q): -q stands on the first line: %%hs SCOPE ID -q"),
        ("ratings --room x", "line 3 (ratings --room x): --room stands on the first line"),
        ("plot", "line 3 (plot): 'plot' is no data type"),
        ("-> x", "line 3 (-> x): a data type is missing before ->"),
    ],
)
def test_if_one_line_fails_the_others_still_arrive(shell, twins, failing, sentence):
    twins.answers["ratings/continuous"] = NotFoundError("no such room")
    with pytest.raises(MagicError) as caught:
        shell.run(f"%%hs room room_1\nevents -> ev\n{failing}\nsync\n")
    assert {"ev", "sync"} <= set(shell.user_ns)
    assert str(caught.value).startswith("1 of 3 lines failed, ev, sync arrived: " + sentence)


def test_a_refused_key_stops_a_plan(shell, twins):
    twins.answers["events"] = AuthenticationError("the key is refused")
    with pytest.raises(
        MagicError, match=r"2 of 2 lines failed, nothing arrived: .*; line 3 \(sync\): not tried"
    ):
        shell.run("%%hs room room_1\nevents\nsync\n")
    assert len(twins.calls) == 1


def test_lines_that_fail_alike_are_said_together(shell, twins):
    twins.answers["table"] = NotFoundError("room 'nowhere' not found")
    with pytest.raises(MagicError) as caught:
        shell.run("%%hs room nowhere\nevents\nsync\n")
    assert str(caught.value) == (
        "2 of 2 lines failed, nothing arrived: lines 2 (events), 3 (sync): room 'nowhere' not found"
    )


def test_an_interrupted_plan_keeps_what_came(shell, twins, capsys):
    twins.answers["sync"] = KeyboardInterrupt()
    with pytest.raises(MagicError, match="interrupted"):
        shell.run("%%hs room room_1\nevents\nsync\n")
    assert "events" in shell.user_ns
    assert "-> events" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("%%hs room r\nevents -> class\nsync", "line 2: 'class' is a word of Python"),
        ("%%hs room r\nsync\nevents -> a b", "line 3: one variable's name stands behind ->, at the end"),
        ("%%hs room r\nsync\nevents -> a -> b", "line 3: one variable's name stands behind ->"),
        ("%%hs room r\nsync\nevents ->", "line 3: one variable's name stands behind ->"),
        ("%%hs room r\nsync\nevents -> sync", "lines 2 and 3 both fill 'sync'; name one of them: "),
        ("%%hs room r\nevents\nevents", "lines 2 and 3 both fill 'events'"),
        ("%%hs room r --window 5\nevents", "no line takes --window, which belongs to sync"),
        ("%%hs room r\n# nothing\n", "the plan has no lines; write one of these on each: events, "),
        ("%%hs\nevents", "a scope and its ID are missing: %%hs experiment|room|participant ID"),
        ("%%hs room\nevents", "the room's ID is missing: %%hs room ID"),
        ("%%hs rom r\nevents", "unknown scope 'rom'; did you mean 'room'?"),
        ("%%hs room r -o x\nevents", "%%hs has no option -o, which belongs to "),
        ("%%hs participant p\nevents", "a participant needs a room: %%hs participant p --room ROOM"),
        ("%%hs events room r\nx", "'events' goes in a line: %hs events room r; a %%hs cell begins with "),
        ("%%hs sql room r\n  \n", "the SQL is missing below %%hs sql"),
        ("%%hs sql room r --limit 3\nSELECT 1", "%%hs sql has no option --limit"),
        ("%%hs sql room r -o for\nSELECT 1", "'for' is a word of Python"),
    ],
)
def test_what_is_refused_before_anything_is_fetched(shell, twins, cell, sentence):
    with pytest.raises(MagicError) as caught:
        shell.run(cell + "\n")
    assert str(caught.value).startswith(sentence)
    assert twins.calls == []


def test_sql_binds_values_and_hands_frames_over(shell, twins):
    frame, other = pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [2]})
    arrow = pa.table({"a": [3]})
    shell.user_ns.update(slow=frame, unused=other, Big=arrow, limit=120.5, text="SELECT", room="r 1")
    query = (
        "SELECT * FROM sync CROSS JOIN SLOW CROSS JOIN big WHERE x > $limit AND y = '$text {text}' -- $gone\n"
    )
    shell.run("%%hs sql room $room -o out --as arrow\n" + query)
    name, text, arguments = twins.calls[0]
    assert (name, text) == ("sql", query)
    assert arguments["params"] == {"limit": 120.5}
    assert arguments["frames"] == {"slow": frame, "Big": arrow}
    assert {key: arguments[key] for key in ("room", "as_", "progress")} == {
        "room": "r 1", "as_": "arrow", "progress": True,
    }  # fmt: skip
    assert "out" in shell.user_ns


def test_an_undefined_parameter_of_sql_is_named(shell, twins):
    shell.user_ns["limit"] = 1
    with pytest.raises(MagicError) as caught:
        shell.run("%%hs sql room r\nSELECT $limt\n")
    assert str(caught.value) == "'limt' is not defined in this notebook ($limt); did you mean 'limit'?"
    assert twins.calls == []


def test_help_answers_in_a_cell(shell, capsys):
    shell.run("%%hs sql --help\nSELECT 1\n")
    assert "%%hs sql SCOPE ID" in capsys.readouterr().out
    shell.run("%%hs --help\nx\n")
    assert "TYPE [options] -> NAME" in capsys.readouterr().out


@given(LINES, st.lists(LINES, max_size=4).map("\n".join))
def test_any_cell_is_read_or_one_sentence(line, cell):
    try:
        asked = parse_cell(line, cell, NAMES)
    except InputError as error:
        one_line(error)
    else:
        assert isinstance(asked, (Plan, SqlCell, Command))


@given(st.lists(LINES, max_size=6).map("\n".join))
def test_any_plan_is_rows_or_one_sentence(cell):
    try:
        plan = parse_cell("room r", cell, NAMES)
    except InputError as error:
        one_line(error)
    else:
        assert all((row.command is None) == bool(row.fault) for row in plan.rows)
