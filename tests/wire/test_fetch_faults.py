"""Over real HTTP, against a server that fails as told: exactly the rows, or one sentence."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from random import Random

import pytest
from fault_server import ERROR, FAULTS, KEY, Clock, FaultServer, Instantly, ended, rows_of

from hs_jupyter import errors
from hs_jupyter.api import transport
from hs_jupyter.api.asking import Policy
from hs_jupyter.api.budget import Budget
from hs_jupyter.api.connection import Connection
from hs_jupyter.api.keys import ApiKey
from hs_jupyter.api.transport import Transport
from hs_jupyter.query import make_query
from hs_jupyter.scope import Scope
from hs_jupyter.study import Study
from hs_jupyter.tables.facts import facts_of

COUNT = 23_500
ROWS = rows_of(COUNT)
EXPECTED = [row["id"] for row in ROWS]


@pytest.fixture
def slept(monkeypatch):
    waits = []
    monkeypatch.setattr("hs_jupyter.fetching.fetcher.Halt", lambda: Instantly(waits))
    return waits


def study(server, slept, **changes):
    clock = Clock(slept)
    policy = replace(Policy(Budget(clock=clock), 120.0, Random(1), clock), **changes)
    return Study(server.transport, policy)


def fetch(one):
    return one.table(make_query("events", Scope("room", "r")))["id"].to_pylist()


@pytest.mark.parametrize("name", FAULTS)
def test_faults_end_in_exactly_the_rows(name, slept):
    chance = Random(name)
    with FaultServer(rows=ROWS, faults=lambda _: FAULTS[name] if chance.random() < 0.4 else None) as server:
        assert fetch(study(server, slept)) == EXPECTED
    assert slept
    if name == "429 in seconds":
        assert max(slept) >= 7


def test_all_faults_together(slept):
    chance, kinds = Random(3), list(FAULTS.values())
    with FaultServer(
        rows=ROWS, faults=lambda _: chance.choice(kinds) if chance.random() < 0.5 else None
    ) as server:
        assert fetch(study(server, slept)) == EXPECTED


def test_an_error_under_200_is_asked_once(slept):
    with (
        FaultServer(rows=ROWS, faults=lambda number: ERROR if number == 4 else None) as server,
        pytest.raises(errors.ApiError, match="answered with an error: no"),
    ):
        fetch(study(server, slept))
    assert slept == []


def test_a_server_that_never_recovers_is_one_sentence(slept):
    with (
        FaultServer(rows=ROWS, faults=lambda number: 503 if number > 3 else None) as server,
        pytest.raises(errors.ServerError, match="the service answered 503") as caught,
    ):
        fetch(study(server, slept))
    assert KEY not in str(caught.value)


def test_a_server_that_dies_in_mid_fetch_and_returns(monkeypatch):
    slept, back, lock = [], [], threading.Lock()
    deaths = []

    def dies(number):
        if number == 5:
            deaths.append(threading.Thread(target=first.stop))
            deaths[0].start()
        return "reset" if number >= 5 else None

    def returns():
        with lock:
            if not back:
                deaths[0].join()
                back.append(FaultServer(rows=ROWS, port=first.port))

    monkeypatch.setattr("hs_jupyter.fetching.fetcher.Halt", lambda: Instantly(slept, returns))
    first = FaultServer(rows=ROWS, faults=dies)
    try:
        assert fetch(study(first, slept)) == EXPECTED
    finally:
        for one in back:
            one.stop()
    assert back
    assert len(back[0].asked) < 15


@pytest.mark.parametrize("fault", ["hold", "stall"])
def test_answers_that_do_not_come_in_time_are_asked_for_again(slept, monkeypatch, fault):
    monkeypatch.setattr(transport, "READ_TIMEOUT_SEC", 0.5)
    with FaultServer(rows=ROWS, faults=lambda number: fault if number in {1, 4, 5} else None) as server:
        assert fetch(study(server, slept)) == EXPECTED
    assert len(slept) >= 3


@pytest.mark.parametrize("fault", ["hold", "stall"])
def test_a_server_that_never_answers_in_time_is_one_sentence(slept, monkeypatch, fault):
    monkeypatch.setattr(transport, "READ_TIMEOUT_SEC", 0.1)
    with (
        FaultServer(rows=ROWS, faults=lambda _: fault) as server,
        pytest.raises(errors.NetworkError, match="did not answer in time"),
    ):
        fetch(study(server, slept, patience_sec=0.0))


def test_a_doubt_with_an_empty_list_is_said_and_nobody_calls_that_whole(slept):
    doubt = {"data": [], "metadata": {"pagination": {"total": 0}, "_warnings": ["MISSING_INDEX: no index"]}}
    with FaultServer(faults=lambda _: doubt) as server:
        table = study(server, slept).table(make_query("events", Scope("room", "r")))
    assert table.num_rows == 0
    assert not facts_of(table).complete
    assert facts_of(table).warnings == ("events may be incomplete: MISSING_INDEX: no index",)


def test_a_redirect_to_another_host_in_mid_fetch_is_not_followed(slept):
    with FaultServer(rows=ROWS) as other:
        moved = (302, {"Location": f"http://localhost:{other.port}/api/v3/data/events/room/r"})
        server = FaultServer(rows=ROWS, faults=lambda number: moved if number == 6 else None)
        with server, pytest.raises(errors.NetworkError, match="redirected to another host"):
            fetch(study(server, slept))
        assert other.asked == []


def test_a_demo_study_that_ended_is_said_at_once(slept):
    server = FaultServer(rows=ROWS, faults=lambda _: None)
    server.stop()
    demo = Transport(Connection(server.base_url, ApiKey(KEY), demo=True))
    with pytest.raises(errors.NetworkError, match="%hs demo"):
        fetch(Study(demo, Policy(Budget(), 120.0)))
    assert slept == []


class Watcher:
    """Sees pages and waits; interrupts when told."""

    def __init__(self, on_wait=lambda: None):
        self.waits, self._on_wait = [], on_wait

    def __call__(self, label, received, total):
        """Records came."""

    def waiting(self, reason, until):
        self.waits.append((reason, until))
        self._on_wait()


def test_an_interrupt_in_mid_fetch_cuts_the_requests_under_way(monkeypatch):
    def interrupt(_):
        if server.held.acquire(blocking=False):
            raise KeyboardInterrupt

    monkeypatch.setattr("hs_jupyter.fetching.fetcher.tell_wait", interrupt)
    with FaultServer(lambda number: "hold" if number > 3 else None, rows=ROWS) as server:
        with pytest.raises(KeyboardInterrupt):
            fetch(study(server, []))
        assert ended()  # though the server still holds its answers
        assert not server.open.is_set()


def test_a_wait_is_shown_and_can_be_interrupted():
    server = FaultServer(rows=ROWS, faults=lambda _: (429, {"Retry-After": "200"}))

    def interrupt():
        raise KeyboardInterrupt

    watcher = Watcher(interrupt)
    try:
        one = Study(server.transport, Policy(Budget(), 120.0))
        with pytest.raises(KeyboardInterrupt):
            one.table(make_query("events", Scope("room", "r")), watcher)
        assert ended()
    finally:
        server.stop()
    assert [reason for reason, _ in watcher.waits] == ["the service asks for a pause"]


CHILD = """
import sys
from hs_jupyter.api.connection import Connection
from hs_jupyter.api.keys import ApiKey
from hs_jupyter.api.asking import Policy
from hs_jupyter.api.transport import Transport
from hs_jupyter.query import make_query
from hs_jupyter.scope import Scope
from hs_jupyter.study import Study
try:
    Study(Transport(Connection(sys.argv[1], ApiKey("k"))), Policy(patience_sec=120.0)).table(
        make_query("events", Scope("room", "r")))
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="the signal of Ctrl-C is sent to a process as on POSIX")
@pytest.mark.parametrize("from_request", [1, 3, 5])
def test_ctrl_c_ends_a_process_that_waits_for_a_silent_server(from_request):
    with FaultServer(rows=ROWS, faults=lambda number: "hold" if number >= from_request else None) as server:
        command = [sys.executable, "-c", CHILD, server.base_url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            server.held.acquire()
            child.send_signal(signal.SIGINT)
            said, _ = child.communicate()
        assert (said, child.returncode) == ("interrupted\n", 0)
        assert not server.open.is_set()
