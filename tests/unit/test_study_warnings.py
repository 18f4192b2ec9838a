"""A result that may be incomplete says so, whatever else is quiet."""

from __future__ import annotations

import pytest
from fake_service import FakeService, connect, event

import hs_jupyter as hs
from hs_jupyter.catalog import DATA_TYPES

EVENTS = "data/events/room/r1"
ROWS = [event(0), event(1)]


@pytest.fixture
def service(monkeypatch):
    return connect(monkeypatch, FakeService({EVENTS: ROWS}))


def test_a_server_s_warning_gives_the_rows_and_one_line_even_when_quiet(service, capsys):
    service.metadata = {"_warnings": ["MISSING_INDEX: results limited"]}
    frame = hs.events(room="r1", progress=False)
    assert len(frame) == 2
    assert frame.attrs["hs"]["complete"] is False
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "hs: events may be incomplete: MISSING_INDEX: results limited\n"


def test_a_warning_on_every_page_is_said_once(service, capsys):
    service.metadata, service.cap = {"_warnings": ["one", "one"]}, 1
    hs.events(room="r1", progress=False)
    assert capsys.readouterr().err.count("may be incomplete") == 1


def test_an_empty_result_with_a_warning_is_not_no_data(service, capsys):
    service.routes[EVENTS], service.metadata = [], {"_warnings": ["MISSING_INDEX: x"]}
    assert not hs.events(room="r1", progress=False).attrs["hs"]["complete"]
    assert "may be incomplete" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"data": [ROWS[0], None, "x"]}, "2 entries of the answer were no records"),
        ({"data": ROWS, "metadata": {"pagination": {"hasMore": True}}}, "the same page twice"),
        ({"data": ROWS, "metadata": {"truncated": True}}, "the service cut it off"),
    ],
)
def test_other_reasons_for_doubt(body, words, service, capsys):
    service.routes[EVENTS] = body
    assert not hs.events(room="r1", progress=False).attrs["hs"]["complete"]
    said = capsys.readouterr().err
    assert "events may be incomplete: " in said
    assert words in said


def test_agent_decisions_that_were_cut_off(service, capsys):
    service.routes["data/agent-decisions/room/r1"] = {
        "data": [{"id": "a", "seq": 1}],
        "metadata": {"truncated": True},
    }
    frame = hs.agent_decisions(room="r1", progress=False)
    assert len(frame) == 1
    assert "agent-decisions may be incomplete" in capsys.readouterr().err


def test_rooms_at_the_service_s_cap(service, capsys):
    cap = DATA_TYPES["rooms"].cap
    service.routes["data/rooms/experiment/e"] = {
        "data": [{"id": "r"}],
        "metadata": {"pagination": {"total": cap}},
    }
    hs.rooms(experiment="e", progress=False)
    assert f"returns at most {cap}" in capsys.readouterr().err


def test_other_notes_are_said_unless_quiet(service, capsys):
    options = {"room": "r1", "from_": "2026-03-02T15:00:00"}
    hs.events(**options, progress=False)
    assert capsys.readouterr() == ("", "")
    hs.events(**options)
    assert "--from names no time zone: read as UTC" in capsys.readouterr().out


def test_a_whole_result_says_nothing(service, capsys):
    assert hs.events(room="r1").attrs["hs"]["complete"] is True
    assert capsys.readouterr() == ("", "")
