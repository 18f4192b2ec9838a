"""One server per user and parameters: found again, and gone when its last user is, however that ended."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import requests

from hs_jupyter.demo_study import build, start
from hs_jupyter.errors import HsError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hs_jupyter.demo_study import DemoStudy

SMALL = {"rooms": 2, "hz": 1, "minutes": 1}
USER = """
import sys
from hs_jupyter.demo_study import start
study = start(rooms=2, hz=1, minutes=1, delay_ms=float(sys.argv[1]))
print(study.base_url, study.pid, flush=True)
sys.stdin.read()
"""


@contextmanager
def another_user(delay_ms: float) -> Iterator[tuple[subprocess.Popen[str], str, int]]:
    """Another process that uses the study, until it is told to end."""
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", USER, str(delay_ms)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env
    ) as process:
        try:
            url, pid = process.stdout.readline().split()
            yield process, url, int(pid)
        finally:
            process.kill()


def ends(base_url: str, held: socket.socket) -> bool:
    """Wait until the server closes an idle connection: it does so when it ends."""
    held.settimeout(30)
    try:
        rest = held.recv(1)
    except ConnectionError:
        rest = b""
    if rest:
        return False
    try:
        requests.get(f"{base_url}/health", timeout=5)
    except requests.ConnectionError:
        return True
    return False


def idle_connection(base_url: str) -> socket.socket:
    """A connection that has had its answer and stays open."""
    parts = urlsplit(base_url)
    held = socket.create_connection((parts.hostname, parts.port), timeout=30)
    held.sendall(f"GET /api/v3/health HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
    answer = b""
    while b"healthy" not in answer or not answer.endswith(b"}"):
        answer += held.recv(4096)
    return held


def test_this_process_gets_the_same_study(demo: DemoStudy) -> None:
    assert start() is start()


def test_another_process_finds_the_running_study(demo_folder: Path) -> None:
    with start(**SMALL, delay_ms=1) as study, another_user(1) as (_, url, pid):
        assert (url, pid) == (study.base_url, study.pid)


def test_other_parameters_are_another_server(demo_folder: Path) -> None:
    with start(**SMALL, delay_ms=1) as one, start(**SMALL, delay_ms=2) as other:
        assert one.base_url != other.base_url


def test_many_starting_at_once_share_one(demo_folder: Path) -> None:
    def user(_: int) -> int:
        with another_user(3) as (_process, _url, pid):
            return pid

    with start(**SMALL, delay_ms=3) as study, ThreadPoolExecutor(3) as pool:
        assert set(pool.map(user, range(3))) == {study.pid}


def test_the_server_outlives_one_of_two_users_and_ends_with_the_last_killed(demo_folder: Path) -> None:
    with another_user(4) as (first, url, pid):
        study = start(**SMALL, delay_ms=4)
        assert study.pid == pid, "started by the other process"
        first.kill()
        first.wait()
        assert requests.get(f"{url}/health", timeout=30).ok
        with another_user(4) as (last, _, again):
            assert again == pid
            study.stop()
            assert not study.running
            with idle_connection(url) as held:
                last.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
                last.wait()
                assert ends(url, held)


def test_a_study_that_died_is_started_again(demo_folder: Path) -> None:
    study = start(**SMALL, delay_ms=5)
    with idle_connection(study.base_url) as held:
        os.kill(study.pid, signal.SIGTERM)
        assert ends(study.base_url, held)
    assert not study.wait(30)
    with start(**SMALL, delay_ms=5) as again:
        assert again is not study
        assert requests.get(f"{again.base_url}/health", timeout=30).ok


@pytest.mark.skipif(not hasattr(os, "getpgid"), reason="process groups are POSIX")
def test_an_interrupt_of_the_notebook_does_not_reach_the_server(demo: DemoStudy) -> None:
    assert os.getpgid(demo.pid) != os.getpgid(0)


def test_the_address_is_for_this_user_only(demo: DemoStudy, demo_folder: Path) -> None:
    state = demo_folder / f"server-{demo.parameters.server_key}.json"
    assert json.loads(state.read_text())["base_url"] == demo.base_url
    if os.name == "posix":
        assert state.stat().st_mode & 0o077 == 0


def test_a_stranger_is_no_user(demo: DemoStudy, demo_folder: Path) -> None:
    from hs_jupyter.demo_study import lease

    address = json.loads((demo_folder / f"server-{demo.parameters.server_key}.json").read_text())
    assert lease.take(address["lease_port"], "guessed") is None
    assert lease.take(address["lease_port"], address["token"] + "é") is None


def test_a_broken_address_is_passed_over(demo_folder: Path) -> None:
    with start(**SMALL, delay_ms=6) as study:
        state = demo_folder / f"server-{study.parameters.server_key}.json"
    state.write_text("{cut off")
    with start(**SMALL, delay_ms=6) as again:
        assert requests.get(f"{again.base_url}/health", timeout=30).ok


def test_a_taken_port_is_named(demo_folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(HsError, match=f"port {port}"):
            start(**SMALL, port=port)


def test_a_missing_extra_is_one_sentence(monkeypatch: pytest.MonkeyPatch, demo_folder: Path) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "fastapi" else object())
    with pytest.raises(HsError, match=r"needs fastapi.*pip install 'hs-jupyter\[demo\]'"):
        start(**SMALL, delay_ms=7)


def test_wrong_parameters_start_nothing(demo_folder: Path) -> None:
    with pytest.raises(InputError, match="did you mean 'rooms'"):
        start(room=3)


def test_files_stay_in_the_folder_they_were_told(demo: DemoStudy, demo_folder: Path) -> None:
    assert build.folder() == demo_folder
    assert (demo_folder / demo.parameters.study_key / "study.json").exists()
