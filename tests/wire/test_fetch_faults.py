"""Over real HTTP, against a server that fails as told: exactly the rows, or one sentence."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from urllib.parse import parse_qs, urlsplit

import pytest

from hs_jupyter import errors
from hs_jupyter.api.asking import Policy
from hs_jupyter.api.budget import Budget
from hs_jupyter.api.connection import Connection
from hs_jupyter.api.halt import THREAD_NAME, Halt
from hs_jupyter.api.keys import ApiKey
from hs_jupyter.api.transport import Transport
from hs_jupyter.query import make_query
from hs_jupyter.scope import Scope
from hs_jupyter.study import Study

KEY = "hst_live_ab12cd34ef56gh78"
COUNT = 23_500
ROWS = [
    {"id": f"e{number:05}", "roomId": "r", "onset": number,
     "timestamp": f"2026-03-02T15:{number // 60_000:02}:{number // 1000 % 60:02}.{number % 1000:03}Z"}
    for number in range(COUNT)
]  # fmt: skip
HTML = b"<html><body><h1>502 Bad Gateway</h1></body></html>"


class FaultServer:
    """Serves the rows; ``faults`` says, by the number of a request, how it goes wrong."""

    def __init__(self, faults, port=0):
        self.asked, self.held, self.open = 0, threading.Semaphore(0), threading.Event()
        self.lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                with server.lock:
                    server.asked += 1
                    fault = faults(server.asked)
                server.answer(self, fault)

            def log_message(self, *_):
                """Keep the output quiet."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                """A client that hung up is what some tests are about."""

        self._http = Server(("127.0.0.1", port), Handler)
        self.base_url = f"http://127.0.0.1:{self._http.server_port}/api/v3"
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()

    def answer(self, handler, fault):
        asked = {name: values[0] for name, values in parse_qs(urlsplit(handler.path).query).items()}
        offset, limit = int(asked.get("offset", 0)), min(int(asked.get("limit", 1000)), 2000)
        page = ROWS[offset : offset + limit]
        about = {"total": COUNT, "hasMore": offset + len(page) < COUNT}
        content = json.dumps({"status": "success", "data": page, "metadata": {"pagination": about}}).encode()
        status, headers, cut = 200, {}, None
        if fault == "hold":
            self.held.release()
            self.open.wait()
        elif fault == "error under 200":
            content = json.dumps({"status": "error", "error": {"code": "X", "message": "no"}}).encode()
        elif fault == "half":
            content = content[: len(content) // 2]
        elif fault in ("reset", "truncate"):
            cut = fault
        elif isinstance(fault, tuple):
            status, headers = fault
            content = HTML
        elif fault is not None:
            status, content = fault, HTML
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content[: len(content) // 3] if cut else content)
        if cut:
            handler.wfile.flush()
            if cut == "reset":
                handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                handler.connection.close()
            handler.close_connection = True

    def stop(self):
        self.open.set()
        self._http.shutdown()
        self._http.server_close()


class Instantly(Halt):
    """Waits pass at once; each is taken down."""

    def __init__(self, slept, then=lambda: None):
        super().__init__()
        self._slept, self._then = slept, then

    def sleep(self, seconds):
        self._slept.append(seconds)
        self._then()
        self.check()


class Clock:
    """Goes as far as was waited."""

    def __init__(self, slept):
        self._slept = slept

    def __call__(self):
        return sum(self._slept)


@pytest.fixture
def slept(monkeypatch):
    waits = []
    monkeypatch.setattr("hs_jupyter.fetching.Halt", lambda: Instantly(waits))
    return waits


def study(server, slept, **changes):
    clock = Clock(slept)
    policy = replace(Policy(Budget(clock=clock), 120.0, Random(1), clock), **changes)
    return Study(Transport(Connection(server.base_url, ApiKey(KEY))), policy)


def fetch(one):
    return one.table(make_query("events", Scope("room", "r")))["id"].to_pylist()


EXPECTED = [row["id"] for row in ROWS]
FAULTS = {
    "429 in seconds": (429, {"Retry-After": "7"}), "429 in a burst": (429, {}), "500": 500, "502": 502,
    "503 with Retry-After": (503, {"Retry-After": "5"}), "504": 504, "reset in mid-body": "reset",
    "truncated in mid-body": "truncate", "half a body": "half",
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_faults_end_in_exactly_the_rows(name, slept):
    chance = Random(name)
    server = FaultServer(lambda _: FAULTS[name] if chance.random() < 0.4 else None)
    try:
        assert fetch(study(server, slept)) == EXPECTED
    finally:
        server.stop()
    assert slept
    if name == "429 in seconds":
        assert max(slept) >= 7


def test_all_faults_together(slept):
    chance, kinds = Random(3), list(FAULTS.values())
    server = FaultServer(lambda _: chance.choice(kinds) if chance.random() < 0.5 else None)
    try:
        assert fetch(study(server, slept)) == EXPECTED
    finally:
        server.stop()


def test_an_error_under_200_is_asked_once(slept):
    server = FaultServer(lambda number: "error under 200" if number == 4 else None)
    try:
        with pytest.raises(errors.ApiError, match="answered with an error: no"):
            fetch(study(server, slept))
    finally:
        server.stop()
    assert slept == []


def test_a_server_that_never_recovers_is_one_sentence(slept):
    server = FaultServer(lambda number: 503 if number > 3 else None)
    try:
        with pytest.raises(errors.ServerError, match="the service answered 503") as caught:
            fetch(study(server, slept))
    finally:
        server.stop()
    assert KEY not in str(caught.value)


def test_a_server_that_dies_and_returns(monkeypatch):
    server = FaultServer(lambda _: None)
    first, port, slept, back = server, int(urlsplit(server.base_url).port), [], []
    lock = threading.Lock()

    def returns():
        with lock:
            if not back:
                back.append(FaultServer(lambda _: None, port))

    monkeypatch.setattr("hs_jupyter.fetching.Halt", lambda: Instantly(slept, returns))
    one = study(first, slept)
    fetch_first = one.peek(make_query("events", Scope("room", "r")))
    assert fetch_first.total == COUNT
    first.stop()
    try:
        assert fetch(one) == EXPECTED
    finally:
        for each in back:
            each.stop()
    assert back
    assert slept


def test_a_demo_study_that_ended_is_said_at_once(slept):
    server = FaultServer(lambda _: None)
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


def ended():
    for one in threading.enumerate():
        if one.name.startswith(THREAD_NAME):
            one.join()
    return True


def test_an_interrupt_in_mid_fetch_cuts_the_requests_under_way(monkeypatch):
    server = FaultServer(lambda number: "hold" if number > 3 else None)
    from hs_jupyter import fetching as module

    def interrupting(asking):
        def idle():
            if server.held.acquire(blocking=False):
                raise KeyboardInterrupt

        return idle

    monkeypatch.setattr(module, "_show_waits", interrupting)
    try:
        with pytest.raises(KeyboardInterrupt):
            fetch(study(server, []))
        assert ended()  # though the server still holds its answers
        assert not server.open.is_set()
    finally:
        server.stop()


def test_a_wait_is_shown_and_can_be_interrupted():
    server = FaultServer(lambda _: (429, {"Retry-After": "200"}))

    def interrupt():
        raise KeyboardInterrupt

    watcher = Watcher(interrupt)
    try:
        one = Study(Transport(Connection(server.base_url, ApiKey(KEY))), Policy(Budget(), 120.0))
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
    server = FaultServer(lambda number: "hold" if number >= from_request else None)
    try:
        command = [sys.executable, "-c", CHILD, server.base_url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            server.held.acquire()
            child.send_signal(signal.SIGINT)
            said, _ = child.communicate()
        assert (said, child.returncode) == ("interrupted\n", 0)
        assert not server.open.is_set()
    finally:
        server.stop()
