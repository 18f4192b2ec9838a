"""A process that fetches is killed or interrupted; the next one goes on: every row, and fewer requests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import pytest
from fault_server import KEY, FaultServer, rows_of

COUNT = 30_500  # with pages of 2000, asked for after one of 1000: 16 requests
ROWS = rows_of(COUNT)
CHILD = """
import hashlib, sys
from pathlib import Path
from hs_jupyter.fetching import trail
from hs_jupyter.api.asking import Policy
from hs_jupyter.api.connection import Connection
from hs_jupyter.api.keys import ApiKey
from hs_jupyter.api.transport import Transport
from hs_jupyter.query import make_query
from hs_jupyter.scope import Scope
from hs_jupyter.storage import open_space
from hs_jupyter.study import Study

base_url, folder, key = sys.argv[1:]
trail.KEEP_EVERY_SEC = 0.0

def told(label, received, total):
    print(received, flush=True)

told.waiting = lambda *_: None
space = open_space(Path(folder), server="https://x.example", organization=None)
study = Study(Transport(Connection(base_url, ApiKey(key))), Policy(patience_sec=120.0), space)
try:
    table = study.table(make_query("events", Scope("room", "r")), told)
except KeyboardInterrupt:
    print("interrupted", flush=True)
else:
    ids = "".join(table["id"].to_pylist())
    print("whole", table.num_rows, hashlib.sha256(ids.encode()).hexdigest(), flush=True)
"""


def child(server, folder):
    command = [sys.executable, "-c", CHILD, server.base_url, str(folder), KEY]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def end(process, signal_):
    """End a process that has told of 9,000 records, and return what else it said."""
    for line in process.stdout:
        if int(line) >= 9000:
            break
    process.send_signal(signal_)
    said, _ = process.communicate()
    return said


def whole(rows):
    import hashlib

    ids = "".join(row["id"] for row in rows)
    return f"whole {len(rows)} {hashlib.sha256(ids.encode()).hexdigest()}"


def held_from(offset):
    """Let a server answer requests for what is before an offset, whatever their order, and hold the others."""

    def fault(number):
        asked = parse_qs(urlsplit(server.asked[number - 1]).query).get("offset", ["0"])
        return "hold" if int(asked[0]) >= offset else None

    server = FaultServer(fault, rows=ROWS)
    return server


@pytest.mark.parametrize(
    "signal_",
    [
        pytest.param(getattr(signal, "SIGKILL", signal.SIGTERM), id="kill"),
        pytest.param(
            signal.SIGINT,
            id="interrupt",
            marks=pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent to a process as on POSIX"),
        ),
    ],
)
def test_a_new_process_goes_on(tmp_path, signal_):
    with held_from(9000) as server, child(server, tmp_path) as first:
        said = end(first, signal_)
        assert said.splitlines()[-1:] == (["interrupted"] if signal_ == signal.SIGINT else [])
        assert not server.open.is_set()
    with FaultServer(rows=ROWS) as server, child(server, tmp_path) as second:
        lines, _ = second.communicate()
        asked = [path for path in server.asked if "data/events" in path]
    told = lines.split("\n")
    assert told[-2] == whole(ROWS)
    assert int(told[0]) >= 9000  # what was kept is told first
    assert len(asked) <= 12  # of 16, and the overlap
    assert not list(tmp_path.rglob("*.arrow"))


def test_a_new_process_begins_anew_where_the_room_has_changed(tmp_path):
    with held_from(9000) as server, child(server, tmp_path) as first:
        end(first, signal.SIGTERM)
    changed = [*ROWS[:5000], *ROWS[5001:], {**ROWS[0], "id": "new"}]
    with FaultServer(rows=changed) as server, child(server, tmp_path) as second:
        lines, _ = second.communicate()
    in_order = sorted(changed, key=lambda row: (row["timestamp"], row["id"]))
    assert lines.split("\n")[-2] == whole(in_order)


def test_two_processes_that_want_the_same_fetch_it_once(tmp_path):
    with held_from(3000) as server, child(server, tmp_path) as first, child(server, tmp_path) as second:
        server.held.acquire()
        server.open.set()
        said = [process.communicate()[0].split("\n")[-2] for process in (first, second)]
        asked = [path for path in server.asked if "data/events" in path and "limit=1&" not in f"{path}&"]
    assert said == [whole(ROWS)] * 2
    assert len(asked) <= 18
