"""The grammar: what a line asks for, and the one sentence for everything else."""

from __future__ import annotations

import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_tokens import one_line

from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.errors import InputError
from hs_jupyter.magics.grammar import Command, parse
from hs_jupyter.magics.language import DATA, SPELLED, VERBS


def arguments(line, names=None):
    command = parse(line, names or {})
    return command.call, dict(command.arguments)


@pytest.mark.parametrize(
    ("line", "call", "given"),
    [
        ("events room r1", "table", {"type": "events", "room": "r1"}),
        ("ratings room r1", "table", {"type": "ratings/continuous", "room": "r1"}),
        ("ratings/continuous room r1", "table", {"type": "ratings/continuous", "room": "r1"}),
        ("ratings_continuous room r1", "table", {"type": "ratings/continuous", "room": "r1"}),
        ("ratings sparse room r1", "table", {"type": "ratings/sparse", "room": "r1"}),
        ("ratings continuous room r1", "table", {"type": "ratings/continuous", "room": "r1"}),
        ("ratings/sparse room r1", "table", {"type": "ratings/sparse", "room": "r1"}),
        ("ratings_sparse room r1", "table", {"type": "ratings/sparse", "room": "r1"}),
        ("agent_decisions room r1", "table", {"type": "agent-decisions", "room": "r1"}),
        ("sync participant p --room r", "table", {"type": "sync", "participant": "p", "room": "r"}),
        ("sync participant p --room=r", "table", {"type": "sync", "participant": "p", "room": "r"}),
        ("sync --room r participant p", "table", {"type": "sync", "participant": "p", "room": "r"}),
        ("rooms e1", "table", {"type": "rooms", "experiment": "e1"}),
        ('rooms "Film in pairs"', "table", {"type": "rooms", "experiment": "Film in pairs"}),
        ("rooms experiment e1", "table", {"type": "rooms", "experiment": "e1"}),
        ("participants e1", "table", {"type": "participants", "experiment": "e1"}),
        ("participants room r1", "table", {"type": "participants", "room": "r1"}),
        ("experiments", "experiments", {}),
        ("experiments --search 'a b'", "experiments", {"search": "a b"}),
        ("deployments", "deployments", {}),
        ("deployments e1 --as records", "deployments", {"experiment": "e1", "as_": "records"}),
        ("bundle room r1 --types a,b", "bundle", {"room": "r1", "types": ("a", "b")}),
        ("all experiment e1", "bundle", {"experiment": "e1"}),
        ("quality participant p1 --room r1 --from -5s", "quality",
         {"participant": "p1", "room": "r1", "from_": "-5s"}),
        ("plot room r1 --from 0s --to -1:30", "plot", {"room": "r1", "from_": "0s", "to": "-1:30"}),
        (
            r"download room r1 --to C:\data --format parquet --types events",
            "download",
            {"room": "r1", "to": r"C:\data", "format": "parquet", "types": ("events",)},
        ),
        (
            "download room r1 --to d --recordings --pseudonyms",
            "download",
            {"room": "r1", "to": "d", "recordings": True, "pseudonyms": True},
        ),
        (
            "events room r1 --from -5s --to=-500ms --limit 5 --offset=2 --sort onset_sec --order desc",
            "table",
            {
                "type": "events", "room": "r1", "from_": "-5s", "to": "-500ms",
                "limit": 5, "offset": 2, "sort": "onset_sec", "order": "desc",
            },
        ),
        (
            "events room r1 --category media --columns a,b --as arrow --pii --deployment d",
            "table",
            {
                "type": "events", "room": "r1", "category": "media", "columns": ("a", "b"),
                "as_": "arrow", "pii": True, "deployment": "d",
            },
        ),
        (
            "components room r1 --completed --state s --component-type VasRating",
            "table",
            {"type": "components", "room": "r1", "completed": True, "state": "s", "component_type": "VasRating"},
        ),
        ("components room r1 --completed false", "table", {"type": "components", "room": "r1", "completed": False}),
        ("components --completed room r1", "table", {"type": "components", "room": "r1", "completed": True}),
        ("sync room r1 --window 500", "table", {"type": "sync", "room": "r1", "window": 500}),
        ("participants e1 --completion-code SUCCESS", "table",
         {"type": "participants", "experiment": "e1", "completion_code": "SUCCESS"}),
        ("events room r1 # --limit 5", "table", {"type": "events", "room": "r1"}),
        ("events room '--limit'", "table", {"type": "events", "room": "--limit"}),
        ("events room r1 --category=--x", "table", {"type": "events", "room": "r1", "category": "--x"}),
    ],
)  # fmt: skip
def test_what_a_line_asks_for(line, call, given):
    assert arguments(line) == (call, given | {"progress": True})


@pytest.mark.parametrize(
    ("line", "call", "given"),
    [
        ("login --url http://127.0.0.1:1/api/v3 --org o --save", "login",
         {"url": "http://127.0.0.1:1/api/v3", "org": "o", "save": True}),
        ("logout", "logout", {}),
        ("demo", "demo", {}),
        ("demo --stop", "demo", {"stop": True}),
        ("experiment e1", "experiment", {"experiment": "e1"}),
    ],
)  # fmt: skip
def test_verbs_without_progress(line, call, given):
    assert arguments(line) == (call, given)


def test_quiet_and_out():
    command = parse("events room r1 -q -o ev")
    assert (command.quiet, command.into, command.arguments["progress"]) == (True, "ev", False)


def test_a_list_of_the_notebook_names_columns():
    assert arguments("events room r --columns {names}", {"names": ["a b", "c"]})[1]["columns"] == ("a b", "c")
    assert arguments("events room r --columns={names}", {"names": ["a,b"]})[1]["columns"] == ("a,b",)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("evnts room r", "unknown verb 'evnts'; did you mean 'events'? (valid: help, login, logout, demo, "),
        ("--limit 5", "a verb comes before --limit, for example: %hs events room ID"),
        ("events", "a scope and its ID are missing: %hs events experiment|room|participant ID"),
        ("events room", "the room's ID is missing: %hs events room ID"),
        ("events rom r", "unknown scope 'rom'; did you mean 'room'? (valid: experiment, room, participant)"),
        (
            "events room_abc123",
            (
                "the scope is missing before 'room_abc123' (valid: experiment, room, participant); "
                "did you mean '%hs events room room_abc123'?"
            ),
        ),
        (
            "events exp_1",
            (
                "the scope is missing before 'exp_1' (valid: experiment, room, participant); "
                "did you mean '%hs events experiment exp_1'?"
            ),
        ),
        (
            "variables experiment e",
            "%hs variables has no scope 'experiment' (valid: room), for example: %hs variables room ID",
        ),
        (
            "rooms Film in pairs",
            "unexpected 'in'; a name with spaces needs quotes: %hs rooms \"Film in pairs\"",
        ),
        (
            "events experiment Film in pairs",
            "unexpected 'in'; a name with spaces needs quotes: %hs events experiment \"Film in pairs\"",
        ),
        ("participants room", "the room's ID is missing: %hs participants room ID"),
        ("counts participant p", "a participant needs a room: %hs counts participant p --room ROOM"),
        ("events room r --room q", "--room belongs to a participant, not to room 'r'"),
        ("events room r --lim 5", "unknown option --lim of events; did you mean '--limit'? (valid: --room, "),
        (
            "events room r --limi=5",
            "unknown option --limi of events; did you mean '--limit'? (valid: --room, ",
        ),
        ("events room r --window 5", "events has no option --window, which belongs to sync (valid: --room, "),
        ("plot room r --limit 5", "plot has no option --limit, which belongs to "),
        ("events room r --limit 5 --limit 6", "--limit is given twice"),
        ("events room r -5s", "'-5s' stands alone; did you mean '--from -5s'? (valid: "),
        ("events room r --from", "--from needs a value: --from T"),
        ("events room r --from --to 5s", "--from needs a value: --from T"),
        ("events room r --from -q", "--from needs a value: --from T"),
        ("events room r --from=", "--from needs a value: --from T"),
        ("events room r --limit -1", "--limit '-1' is not a number of records: --limit 100"),
        ("events room r --limit 1e3", "--limit '1e3' is not a number of records: --limit 100"),
        ("events room r --limit ²", "--limit '²' is not a number of records: --limit 100"),
        ("sync room r --window 0", "--window '0' is not a number of milliseconds: --window 100"),
        ("events room r --order up", "--order 'up' is not known (valid: asc, desc)"),
        ("events room r --as panda", "--as 'panda' is not known; did you mean 'pandas'? (valid: pandas, "),
        ("events room r --pii=yes", "--pii takes no value"),
        ("events room r --columns a,,b", "--columns takes names with commas and no spaces between"),
        ("events room r -o for", "'for' is a word of Python; use letters, digits and _, for example: -o ev"),
        ("events room r -o a-b", "'a-b' is no name for a variable; use letters, digits and _"),
        ("events room r -o Out", "'Out' belongs to IPython or Python; take another name"),
        ("download room r", "the folder is missing: %hs download room r --to DIR"),
        (
            "download room r --to d --format cvs",
            "--format 'cvs' is not known; did you mean 'csv'? (valid: csv, ",
        ),
        ("experiment", "which experiment? %hs experiment EXP [options]"),
        ("logout now", "logout takes no 'now': %hs logout"),
        ("logout --save", "logout has no option --save, which belongs to login (it has no options)"),
        ("help evnts", "unknown verb 'evnts'; did you mean 'events'?"),
        ("events room ''", "the room's ID is missing"),
        ("events room r x", "unexpected 'x'; a name with spaces needs quotes: %hs events room \"r x\""),
        (
            r"download room r --to C:\my data",
            "unexpected 'data' behind --to; a value with spaces needs quotes: --to \"C:\\my data\"",
        ),
        (
            "experiments --search Film in pairs",
            "unexpected 'in' behind --search; a value with spaces needs quotes: --search \"Film in\"",
        ),
        ("events room r —from 0s", "'—from' begins with a long dash; write --from"),
        (
            "rooms “Film in pairs”",
            "unexpected 'in'; a name with spaces needs quotes: %hs rooms \"Film in pairs\"",
        ),
        ("--debug x", "--debug stands alone: %hs --debug"),
    ],
)
def test_what_is_wrong_is_one_helpful_sentence(line, sentence):
    with pytest.raises(InputError) as caught:
        parse(line)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    ("line", "keywords"),
    [
        ("explore", {}),
        ("explore experiment e", {"experiment": "e"}),
        ("explore room r -o x", {"room": "r"}),
        ("explore participant p --room r", {"participant": "p", "room": "r"}),
    ],
)
def test_the_explorer_opens_with_and_without_a_scope(line, keywords):
    assert arguments(line) == ("explore", keywords)


def test_the_explorer_of_a_scope_needs_its_id():
    with pytest.raises(InputError, match="the room's ID is missing"):
        parse("explore room")


def test_every_type_of_the_catalogue_is_a_verb():
    assert {verb.type.name for verb in DATA} == set(DATA_TYPES)
    for one in DATA_TYPES.values():
        for spelling in (one.name, one.table, *one.aliases):
            assert SPELLED[spelling].type is one


def test_every_example_is_in_the_language():
    for verb in VERBS:
        command = parse(verb.example.removeprefix("%hs "))
        assert command.verb == verb.name


NAMES = {"name": "a value", "number": 3, "items": ["a", "b"], "nothing": None, "frame": {}}
PIECES = st.sampled_from(
    [
        *SPELLED,
        *{one.spelling for verb in VERBS for one in verb.options},
        *(
            "experiment",
            "room",
            "participant",
            "room_1",
            "--room r",
            "-5s",
            "0s",
            "a,b",
            "#",
            "'",
            '"',
            "=",
            ";",
        ),
        *(
            "$name",
            "{name}",
            "{items}",
            "{nothing}",
            "{frame[0]}",
            "->",
            "--help",
            "--",
            "-",
            "\\",
            "a b",
            "\x00",
        ),
        *keyword.kwlist[:3],
    ]
)
LINES = st.one_of(
    st.text(),
    st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=9).map(" ".join),
)


@given(LINES)
def test_any_line_is_a_command_or_one_sentence(line):
    try:
        command = parse(line, NAMES)
    except InputError as error:
        one_line(error)
    else:
        assert isinstance(command, Command)
        assert command.call or command.verb in {"overview", "help", "debug"}
