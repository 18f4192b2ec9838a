"""``%hs`` in a real kernel: what a notebook's cell shows, Tab, and an interrupt."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import pytest
from jupyter_client.manager import KernelManager

import hs_jupyter

KEY = "hst_live_" + "Qw7" * 20
PATIENCE_SEC = 120


@dataclass
class Shown:
    """What a cell showed: the reply's status, streams, results, tracebacks."""

    status: str
    text: str = ""
    results: list = field(default_factory=list)
    traceback: list = field(default_factory=list)
    whole: str = ""


class Notebook:
    """A kernel and its client; ``run`` answers like a notebook's cell."""

    def __init__(self, manager, client):
        self.manager, self.client = manager, client

    def begin(self, cell):
        return self.client.execute(cell, allow_stdin=False)

    def finish(self, ident):
        shown = Shown("")
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE_SEC)
            if message["parent_header"].get("msg_id") != ident:
                continue
            kind, content = message["msg_type"], message["content"]
            shown.whole += str(content) if kind != "execute_input" else ""
            if kind == "stream":
                shown.text += content["text"]
            elif kind in {"execute_result", "display_data"}:
                shown.results.append(content["data"])
            elif kind == "error":
                shown.traceback = content["traceback"]
            elif kind == "status" and content["execution_state"] == "idle":
                break
        while True:
            reply = self.client.get_shell_msg(timeout=PATIENCE_SEC)
            if reply["parent_header"].get("msg_id") == ident:
                shown.status = reply["content"]["status"]
                shown.whole += str(reply["content"])
                return shown

    def run(self, cell):
        return self.finish(self.begin(cell))

    def tab(self, cell, at=None):
        ident = self.client.complete(cell, len(cell) if at is None else at)
        while True:
            reply = self.client.get_shell_msg(timeout=PATIENCE_SEC)
            if reply["parent_header"].get("msg_id") == ident:
                content = reply["content"]
                return cell[content["cursor_start"] : content["cursor_end"]], content["matches"]


@pytest.fixture(scope="module")
def notebook(demo, tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebook")
    package = str(Path(hs_jupyter.__file__).parents[1])
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([package, os.environ.get("PYTHONPATH", "")]),
        "IPYTHONDIR": str(folder / "ipython"),
        "HYPERSTUDY_API_KEY": "",
    }
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(env=env, cwd=str(folder))
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=PATIENCE_SEC)
    book = Notebook(manager, client)
    assert book.run("%load_ext hs_jupyter").status == "ok"
    yield book
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.fixture
def connected(notebook):
    assert notebook.run("%hs demo").status == "ok"
    return notebook


def test_before_anything_is_connected_a_line_says_what_to_do(notebook):
    shown = notebook.run("%hs demo --stop\n%hs logout\n%hs events room room_pair_01")
    assert shown.status == "error"
    assert len(shown.traceback) == 1
    assert "%hs login" in shown.traceback[0]
    assert "%hs demo" in notebook.run("%hs").text


def test_a_table_and_its_summary(connected):
    shown = connected.run("%hs events room room_pair_01 --limit 3")
    assert shown.status == "ok"
    assert shown.text.startswith("DEMO STUDY · events · room room_pair_01 · 3 rows · onset -")
    assert "text/html" in shown.results[0]


def test_a_semicolon_shows_no_table(connected):
    shown = connected.run("%hs events room room_pair_01 --limit 3;")
    assert (shown.status, shown.results) == ("ok", [])
    assert (
        connected.run("x = %hs events room room_pair_01 --limit 3;\nlen(x)").results[0]["text/plain"] == "3"
    )


@pytest.mark.parametrize(
    "cell",
    [
        "%hs evnts",
        "%hs events room nowhere",
        "%hs events room {nope}",
        "%hs events room 'room_pair_01",
        "%%hs room room_pair_01\nevnts\nsync",
        "%%hs sql room room_pair_01\nSELECT FROM",
        f"%hs events room {KEY}",
    ],
)
def test_a_mistake_is_one_line_and_stops_run_all(connected, cell):
    shown = connected.run(cell)
    assert shown.status == "error"
    assert len(shown.traceback) == 1
    assert len(shown.traceback[0].splitlines()) == 1
    assert shown.traceback[0].startswith("hs: ")
    assert KEY not in shown.whole


def test_where_nobody_can_be_asked_login_says_what_to_do(connected):
    shown = connected.run("%hs login")
    assert (shown.status, len(shown.traceback)) == ("error", 1)
    assert "HYPERSTUDY_API_KEY" in shown.traceback[0]


def test_other_magics_may_stand_around(connected):
    assert connected.run("%time x = %hs sync room room_pair_01 -q\nlen(x)").status == "ok"
    shown = connected.run(
        "sizes = []\nfor n in ['01', '02']:\n    t = %hs chat room room_pair_{n} -q\n    sizes.append(len(t))\nsizes"
    )
    assert shown.status == "ok"
    assert shown.results[0]["text/plain"].count(",") == 1


def test_a_plot_is_drawn(connected):
    shown = connected.run("%hs plot room room_pair_01 --types ratings")
    assert shown.status == "ok"
    assert any("vegalite" in kind for kind in shown.results[-1])


@pytest.mark.parametrize(
    ("cell", "fragment", "first"),
    [
        ("%hs eve", "eve", "events"),
        ("x = %hs events r", "r", "room"),
        ("%hs events room room_pair_", "room_pair_", "room_pair_"),
        ("%%hs room room_pair_01\nsync --columns timeD", "timeD", "timeDrift"),
        ("%%hs room room_pair_01\nratings/s", "ratings/s", "ratings/sparse"),
    ],
)
def test_tab_in_a_kernel(connected, cell, fragment, first):
    replaced, matches = connected.tab(cell)
    assert replaced == fragment
    assert matches[0].startswith(first)


def test_an_interrupt_is_one_line(connected):
    """A service that takes the question and never answers is left with one line."""
    asked, over = Event(), Event()

    def listen(server):
        peer, _ = server.accept()
        with peer:
            peer.recv(1)
            asked.set()
            over.wait()

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        Thread(target=listen, args=(server,), daemon=True).start()
        connected.run(
            "import hs_jupyter as hs\n"
            f"hs.connect(base_url='http://127.0.0.1:{port}/api/v3', api_key='hst_test_nobody')"
        )
        ident = connected.begin("%hs experiments")
        assert asked.wait(PATIENCE_SEC)
        connected.manager.interrupt_kernel()
        shown = connected.finish(ident)
        over.set()
    assert shown.status == "error"
    assert len(shown.traceback) == 1
    assert shown.traceback[0].startswith("hs: interrupted: ")
    connected.run("%hs demo")
    assert connected.run("1 + 1").results[0]["text/plain"] == "2"


def test_an_endless_query_is_interrupted(connected):
    """A thread of the kernel says when the query works, which would take hours."""
    connected.run(
        "import threading\n"
        "def watch():\n"
        "    while not any(one.name == 'hs-sql' for one in threading.enumerate()):\n"
        "        pass\n"
        "    print('begun', flush=True)\n"
        "threading.Thread(target=watch, daemon=True).start()"
    )
    ident = connected.begin(
        "%%hs sql room room_pair_01 -q\nSELECT count(*) FROM range(1000000000000) a, range(1000) b"
    )
    while connected.client.get_iopub_msg(timeout=PATIENCE_SEC)["msg_type"] != "stream":
        pass
    connected.manager.interrupt_kernel()
    shown = connected.finish(ident)
    assert shown.status == "error"
    assert shown.traceback[0].startswith("hs: interrupted: ")


def test_unloading_leaves_nothing(connected):
    assert connected.run("%unload_ext hs_jupyter").status == "ok"
    assert connected.run("%hs").status == "error"
    assert "events" not in connected.tab("%hs eve")[1]
    assert connected.run("%load_ext hs_jupyter").status == "ok"
    assert connected.tab("%hs eve")[1] == ["events"]
