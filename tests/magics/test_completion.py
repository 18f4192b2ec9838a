"""Tab: verbs, types, scopes, options, columns, values and real IDs, in lines and in cells."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.completer import provisionalcompleter
from test_grammar import LINES

from hs_jupyter import magics
from hs_jupyter.magics import known_ids
from hs_jupyter.magics.language import VERBS
from hs_jupyter.magics.suggest import wanted_at

FORMS = ("pandas", "polars", "arrow", "records")
EXPERIMENTS = [
    {"experimentId": "exp_old", "name": "Old one", "createdAt": "2024-01-01"},
    {"experimentId": "exp_new", "name": "Film in pairs", "createdAt": "2026-01-01"},
]
ROOMS = {
    "exp_old": [{"roomId": "room_old", "createdAt": "2024-01-02"}],
    "exp_new": [
        {"roomId": "room_b", "createdAt": "2026-01-02"},
        {"roomId": "room a", "createdAt": "2026-01-03"},
    ],
}


@pytest.fixture
def study(twins):
    twins.answers["experiments"] = EXPERIMENTS
    twins.answers["rooms"] = lambda asked: ROOMS[asked["experiment"]]
    twins.answers["participants"] = [{"participantId": "p_1", "joinedAt": "2026-01-02"}]
    twins.answers["deployments"] = [{"deploymentId": "dep_1", "createdAt": "2026-01-02"}]
    return twins


def tab(shell, text):
    """Press Tab at the ``|``; return what the frontends get: start, end, texts."""
    offset = text.index("|")
    with provisionalcompleter():
        found = list(shell.Completer.completions(text.replace("|", ""), offset))
    return [text[: one.start].replace("|", "") + one.text for one in found if one.end == offset]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("%hs ev|", ["%hs events"]),
        ("x = %hs ev|", ["x = %hs events"]),
        ("a, b = %hs ev|", ["a, b = %hs events"]),
        ("df['x'] = %hs ev|", ["df['x'] = %hs events"]),
        ("    %hs sy|", ["    %hs sync"]),
        ("%hs help dow|", ["%hs help download"]),
        ("%hs help pl|", ["%hs help plot", "%hs help plan"]),
        ("%hs events r|", ["%hs events room"]),
        ("%hs events |", ["%hs events experiment", "%hs events room", "%hs events participant"]),
        ("%hs variables |", ["%hs variables room"]),
        ("%hs ratings s|", ["%hs ratings sparse"]),
        ("%hs ratings sparse r|", ["%hs ratings sparse room"]),
        ("%hs events room r --li|", ["%hs events room r --limit"]),
        ("%hs events room r --limit 5 --li|", []),
        ("%hs events room r --as |", [f"%hs events room r --as {one}" for one in FORMS]),
        ("%hs events room r --as=a|", ["%hs events room r --as=arrow"]),
        ("%hs events room r --order d|", ["%hs events room r --order desc"]),
        ("%hs events room r --category med|", ["%hs events room r --category media"]),
        ("%hs components room r --completed t|", ["%hs components room r --completed true"]),
        ("%hs download room r --format p|", ["%hs download room r --format parquet"]),
        ("%hs participants e --completion-code TE|", ["%hs participants e --completion-code TECHNICAL"]),
        ("%hs sync room r --columns timeD|", ["%hs sync room r --columns timeDrift"]),
        ("%hs sync room r --columns onset,timeD|", ["%hs sync room r --columns onset,timeDrift"]),
        ("%hs sync room r --columns=onset,timeD|", ["%hs sync room r --columns=onset,timeDrift"]),
        ("%hs sync room r --columns timeDrift,timeD|", []),
        ("%hs sync room r --sort onset_|", ["%hs sync room r --sort onset_sec"]),
        ("%hs ratings room r --columns value_|", ["%hs ratings room r --columns value_norm"]),
        ("%hs quality room r --f|", ["%hs quality room r --from"]),
        ("%hs plot room r --types events,sy|", ["%hs plot room r --types events,sync"]),
        ("%hs events room r # --li|", []),
        ("%%hs r|", ["%%hs room"]),
        ("%%hs s|\nx", ["%%hs sql\nx"]),
        ("%%hs room r --fr|\nevents", ["%%hs room r --from"]),
        ("%%hs sql room r --a|\nSELECT 1", ["%%hs sql room r --as"]),
        ("%%hs room r\nsy|", ["%%hs room r\nsync"]),
        ("%%hs room r\nevents\nratings/s|\nsync", ["%%hs room r\nevents\nratings/sparse"]),
        ("%%hs room r\nsync --columns timeD|", ["%%hs room r\nsync --columns timeDrift"]),
        ("%%hs room r\nsync --wi|", ["%%hs room r\nsync --window"]),
        ("%%hs sql room r\nSELECT * FROM ratings_|", ["%%hs sql room r\nSELECT * FROM ratings_sparse"]),
        ("x = 1\ny = %hs sy|\nz = 2", ["x = 1\ny = %hs sync"]),
    ],
)  # fmt: skip
def test_tab(shell, study, text, expected):
    assert [one.split("\nx")[0] for one in tab(shell, text)] == [one.split("\nx")[0] for one in expected]


def test_tab_offers_every_verb(shell):
    offered = {one.removeprefix("%hs ") for one in tab(shell, "%hs |")}
    assert offered == {verb.name for verb in VERBS} | {"--help", "--debug"}


@pytest.mark.parametrize("text", ["prin|", "x = prin|", "'%hs ev' + prin|"])
def test_other_lines_are_left_alone(shell, text):
    assert any(one.endswith("print") for one in tab(shell, text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("%hs events experiment |", ["exp_new", "exp_old"]),
        ("%hs experiment exp_o|", ["exp_old"]),
        ("%hs events room |", ['"room a"', "room_b", "room_old"]),
        ("%hs events room room_|", ["room_b", "room_old"]),
        ('%hs events room "room|', ['"room a"', '"room_b"', '"room_old"']),
        ("%hs rooms |", ["experiment", "exp_new", "exp_old"]),
        ("%hs rooms 'Fi|", ["'Film in pairs'"]),
        ("%hs events participant |", ["p_1"]),
        ("%hs events participant p_1 --room room_o|", ["room_old"]),
        ("%hs events room r --deployment |", ["dep_1"]),
        ("%%hs room room_|", ["room_b", "room_old"]),
    ],
)
def test_tab_offers_real_ids_most_recent_first(shell, study, text, expected):
    start = text.rpartition(" ")[0] + " " if '"' not in text else text.partition('"')[0]
    assert tab(shell, text) == [start + one for one in expected]


def test_participants_of_a_room_are_asked_for_there(shell, study):
    tab(shell, "%hs events --room r7 participant |")
    assert study.calls == [
        ("table", {"type": "participants", "room": "r7", "as_": "records", "progress": False})
    ]


def test_ids_are_kept_briefly_and_by_connection(shell, study):
    tab(shell, "%hs events experiment |")
    tab(shell, "%hs events experiment exp|")
    assert len(study.calls) == 1
    study.link = replace(study.link, base_url="https://other.hyperstudy.io/api/v3")
    tab(shell, "%hs events experiment |")
    assert len(study.calls) == 2


def test_a_slow_study_does_not_hold_tab_up(shell, study, monkeypatch):
    answered = Event()

    def slow(asked):
        if asked["experiment"] == "exp_old":
            answered.wait()
        return ROOMS[asked["experiment"]]

    monkeypatch.setattr(known_ids, "WAIT_SEC", 0.05)
    study.answers["rooms"] = slow
    known = known_ids.KnownIds(lambda: study)
    while not (first := known.ids("room", wait_sec=0.02)):
        pass
    assert first == ["room a", "room_b"]
    answered.set()
    assert known.ids("room", wait_sec=30) == ["room a", "room_b", "room_old"]


def test_a_study_that_fails_offers_no_ids_and_is_asked_again(shell, study):
    study.answers["experiments"] = ValueError("no network")
    assert tab(shell, "%hs events experiment exp|") == []
    study.answers["experiments"] = EXPERIMENTS
    assert len(tab(shell, "%hs events experiment exp|")) == 2


def test_ids_that_no_line_can_hold_are_left_out(shell, study):
    study.answers["experiments"] = [{"experimentId": "exp\n%rm", "createdAt": ""}, *EXPERIMENTS]
    assert len(tab(shell, "%hs events experiment exp|")) == 2


def test_unloading_takes_completion_away(shell):
    magics.unload(shell)
    assert "%hs events" not in tab(shell, "%hs ev|")


@pytest.mark.filterwarnings("ignore:`Completer.complete`")
def test_the_older_way_of_asking_works_too(shell):
    text, matches = shell.complete("", "%hs events ro", 13)
    assert (text, matches) == ("ro", ["room"])


@given(LINES, st.lists(LINES, max_size=3), st.integers(0, 60), st.integers(0, 3))
def test_any_text_can_be_completed(line, below, column, row):
    text = "\n".join(["%%hs " + line, *below]).replace("\r", " ")
    for whole in (text, text.replace("%%hs", "%hs", 1)):
        lines = whole.split("\n")
        at = min(row, len(lines) - 1)
        wanted = wanted_at(whole, at, column)
        if wanted:
            assert lines[at][:column].endswith(wanted.fragment)
