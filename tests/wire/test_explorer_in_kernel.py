"""The explorer in a real kernel: what its cell shows, and messages over its comm, also while a cell runs."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ipykernel
import pytest
from jupyter_client.manager import KernelManager

import hs_jupyter

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOM = {"kind": "room", "id": "room_pair_01"}
PATIENCE_SEC = 90
VIEW = "application/vnd.jupyter.widget-view+json"
BUSY = "import threading\ngo = threading.Event()\nassert go.wait(60)"
NUMBERS = count()


class Notebook:
    """A kernel as a notebook sees it: cells, and the comm of one widget."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.subshell: str | None = None

    def send(self, type_: str, content: dict[str, Any], channel: str = "shell", **header: Any) -> str:
        message = self.client.session.msg(type_, content)
        message["header"].update(header)
        getattr(self.client, f"{channel}_channel").send(message)
        return str(message["header"]["msg_id"])

    def run(self, code: str, **header: Any) -> list[dict[str, Any]]:
        """Run a cell, and return what it shows."""
        asked = self.begin(code, **header)
        shown = []
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE_SEC)
            if message["parent_header"].get("msg_id") != asked:
                continue
            content = message["content"]
            assert message["msg_type"] != "error", content["traceback"]
            if message["msg_type"] in ("display_data", "execute_result"):
                shown.append(content["data"])
            if message["msg_type"] == "stream":
                shown.append({"stream": content["text"]})
            if message["msg_type"] == "status" and content["execution_state"] == "idle":
                return shown

    def begin(self, code: str, **header: Any) -> str:
        options = {"silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}
        return self.send("execute_request", {"code": code, **options}, **header)

    def ask(self, comm: str, type_: str, **fields: Any) -> dict[str, Any]:
        """Ask over a comm, as a browser does: in the subshell that it opened for it, if the kernel has such."""
        id_ = f"k-{next(NUMBERS)}"
        data = {"method": "custom", "content": {"type": type_, "id": id_, **fields}}
        self.send("comm_msg", {"comm_id": comm, "data": data}, subshell_id=self.subshell)
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE_SEC)
            if message["msg_type"] != "comm_msg":
                continue
            content = message["content"]["data"].get("content", {})
            if content.get("id") == id_ and content["type"] in ("answer", "error"):
                assert content["type"] == "answer", content
                return {**content["result"], "buffers": message["buffers"]}

    def open_subshell(self) -> None:
        """Open a subshell: work beside the running cell."""
        self.send("create_subshell_request", {}, "control")
        reply = self.client.get_control_msg(timeout=PATIENCE_SEC)
        self.subshell = reply["content"]["subshell_id"]


@pytest.fixture(scope="module")
def notebook(demo: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notebook]:
    folder = tmp_path_factory.mktemp("notebook")
    package = str(Path(hs_jupyter.__file__).parents[1])
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([package, os.environ.get("PYTHONPATH", "")]),
        "IPYTHONDIR": str(folder / "ipython"),
        "HS_JUPYTER_STORE": str(folder / "store"),
        "HYPERSTUDY_API_KEY": "",
    }
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(env=env, cwd=str(folder))
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=PATIENCE_SEC)
    book = Notebook(client)
    book.run("%load_ext hs_jupyter\n%hs demo")
    yield book
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def comm(notebook: Notebook) -> str:
    shown = notebook.run("x = %hs explore room room_pair_01\nx")
    model: str = next(one[VIEW]["model_id"] for one in shown if VIEW in one)
    return model


def test_the_cell_shows_the_widget_and_how_to_open_it_again(notebook: Notebook) -> None:
    shown = notebook.run("%hs explore room room_pair_01")
    assert shown[0] == {"stream": "DEMO STUDY · explore · room room_pair_01\n"}
    [view] = [one for one in shown if VIEW in one]
    assert view["text/plain"].endswith("%hs explore room room_pair_01")
    assert "hst_" not in str(view)


def test_a_page_comes_over_the_comm_as_arrow(notebook: Notebook, comm: str) -> None:
    answer = notebook.ask(comm, "page", scope=ROOM, table="ratings", count=10)
    assert answer["returned"] == 10
    assert len(answer["buffers"]) == 1


def test_push_puts_the_selection_in_the_notebook(notebook: Notebook, comm: str) -> None:
    selection = {"window": [160, 175.5], "participants": None, "types": ["sync"]}
    notebook.run("slow = 5")
    first = notebook.ask(comm, "push", scope=ROOM, selection=selection, name="slow")
    assert not first["pushed"]
    assert notebook.run("slow")[0]["text/plain"] == "5"
    second = notebook.ask(
        comm, "push", scope=ROOM, selection=selection, name="slow", replace=first["replace"]
    )
    assert second["pushed"]
    assert notebook.run("len(slow.sync)")[0]["text/plain"] == "16"


def test_the_selection_of_the_browser_is_the_one_in_python(notebook: Notebook, comm: str) -> None:
    state = {"_selection": {"window": [1, 2], "participants": None, "types": None}}
    data = {"method": "update", "state": state, "buffer_paths": []}
    notebook.send("comm_msg", {"comm_id": comm, "data": data})
    assert notebook.run("x.selection.window")[0]["text/plain"] == "TimeWindow(start_sec=1.0, end_sec=2.0)"


@pytest.mark.skipif(ipykernel.version_info < (7,), reason="ipykernel 6 answers after the cell")
def test_the_explorer_answers_while_a_cell_runs(notebook: Notebook, comm: str) -> None:
    notebook.open_subshell()
    try:
        cell = notebook.begin(BUSY)
        page = notebook.ask(comm, "page", scope=ROOM, table="events", count=5)
        assert page["returned"] == 5
        pushed = notebook.ask(comm, "push", scope=ROOM, selection={"types": ["chat"]}, name="while_busy")
        assert pushed["pushed"]
        notebook.run("go.set()", subshell_id=notebook.subshell)
        reply = notebook.client.get_shell_msg(timeout=PATIENCE_SEC)
        while reply["parent_header"]["msg_id"] != cell:
            reply = notebook.client.get_shell_msg(timeout=PATIENCE_SEC)
        assert reply["content"]["status"] == "ok"
    finally:
        notebook.subshell = None
    assert notebook.run("len(while_busy.chat)")[0]["text/plain"] == "8"
