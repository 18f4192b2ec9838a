"""The workshop as Binder runs it: built by binder/postBuild, begun by binder/start, all notebooks run."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from playwright.sync_api import expect

from binder import WAIT_SEC, Machine, Memory, Session, build

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(os.name != "posix", reason="Binder's machines run Linux"),
]

MOST_MB = 2048
"""What mybinder.org gives a session; all five notebooks open at once, which is the worst case."""
NOTEBOOKS = sorted(path.name for path in (Path(__file__).parents[2] / "examples").glob("*.ipynb"))


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine on which repo2docker's steps have run."""
    home = tmp_path_factory.mktemp("binder") / "home"
    yield build(home)
    shutil.rmtree(home)


@pytest.fixture(scope="module")
def session(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A session that has begun."""
    running = Session(machine, tmp_path_factory.mktemp("session"))
    try:
        running.ready()
        yield running
    finally:
        running.end()


def test_the_environment_is_whole_and_light(machine: Machine) -> None:
    assert "No broken requirements found" in machine.run(machine.python, "-m", "pip", "check")
    frozen = set(machine.run(machine.python, "-m", "pip", "freeze").lower().replace("_", "-").split())
    pins = {
        line
        for line in (machine.home / "binder" / "requirements.txt").read_text("utf-8").split()
        if "==" in line
    }
    assert pins <= frozen
    assert not (machine.home / "js" / "node_modules").exists()
    assert not (machine.home / ".npm").exists()
    assert not list((machine.home / ".env").rglob("node"))
    where = machine.run(machine.python, "-P", "-c", "import hs_jupyter; print(hs_jupyter.__file__)")
    assert "site-packages" in where


def test_the_study_is_there_before_the_first_student(machine: Machine, session: Session) -> None:
    assert "making" not in machine.run("hs-jupyter", "demo", "--make-only")
    assert list((machine.home / ".cache" / "hs-jupyter" / "demo").glob("server-*.json"))


def test_it_opens_on_the_first_notebook_with_the_panel_ready(session: Session, watched: Page) -> None:
    watched.goto(f"{session.base}/lab/tree/examples/{NOTEBOOKS[0]}?token={session.token}")
    expect(watched.get_by_role("tab", name=NOTEBOOKS[0])).to_be_visible()
    expect(watched.get_by_role("heading", name="First look")).to_be_visible()
    panel = watched.get_by_role("region", name="HyperStudy panel")
    panel.get_by_role("button", name="Use the demo study").click()
    expect(panel.get_by_role("treeitem", name=re.compile("^Film in pairs"))).to_be_visible()


def test_all_notebooks_run_side_by_side_in_the_memory_of_a_session(
    machine: Machine, session: Session, record_testsuite_property: Any
) -> None:
    memory = Memory(machine.home)
    memory.start()
    peaks_mb = []
    for name in NOTEBOOKS:  # their kernels stay, as a student leaves them
        kernel = session.open(name)
        for cell in nbformat.read(machine.home / "examples" / name, as_version=4).cells:
            if cell.cell_type == "code":
                reply = kernel.execute_interactive(
                    cell.source, timeout=WAIT_SEC, output_hook=lambda _: None, store_history=True
                )["content"]
                assert reply["status"] == "ok", (
                    f"{name}: {reply.get('ename')}: {reply.get('evalue')}\n{cell.source}"
                )
        kernel.stop_channels()
        peaks_mb.append(round(memory.most_mb))
    memory.over.set()
    memory.join()
    assert len(session.ask("api/kernels")) >= len(NOTEBOOKS)
    record_testsuite_property("peak_mb_of_one_notebook_and_so_on_to_all_five", peaks_mb)
    assert 300 < peaks_mb[0] < peaks_mb[-1] < MOST_MB
