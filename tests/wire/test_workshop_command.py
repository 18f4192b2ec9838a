"""``hs-jupyter workshop``: notebooks, demo study and JupyterLab from one line, gone again at Ctrl-C."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
import requests
from requests.adapters import HTTPAdapter, Retry

from hs_jupyter import command
from hs_jupyter.demo_study.lease import take
from hs_jupyter.demo_study.parameters import Parameters
from hs_jupyter.workshop.notebooks import shipped

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
NAMES = [path.name for path in shipped()]


class Workshop(NamedTuple):
    """A running workshop."""

    process: subprocess.Popen[str]
    address: str
    token: str

    def get(self, path: str, **headers: str) -> requests.Response:
        base = self.address.partition("/lab")[0]
        headers |= {"Authorization": f"token {self.token}"}
        with requests.Session() as session:  # the address is printed a moment before it answers
            session.mount("http://", HTTPAdapter(max_retries=Retry(connect=30, backoff_factor=0.05)))
            answer = session.get(f"{base}/{path}", headers=headers, timeout=30)
        answer.raise_for_status()
        return answer

    def end(self) -> str:
        """Press Ctrl-C, wait for the end, and return what it said last."""
        self.process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
        return self.process.communicate(timeout=60)[0]


@contextmanager
def workshop(folder: Path, home: Path, *options: str) -> Iterator[Workshop]:
    """Run the command until JupyterLab says where it is."""
    own = {f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    environment = os.environ | own | {"IPYTHONDIR": str(home / "ipython"), "PYTHONPATH": str(ROOT)}
    line = [sys.executable, "-m", "hs_jupyter.command", "workshop", str(folder), "--no-browser", *options]
    with subprocess.Popen(
        line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            said = []
            for text in process.stdout:
                said.append(text)
                if found := re.search(r"(http://127\.0\.0\.1:\d+/lab\S*)\?token=(\w+)", text):
                    yield Workshop(process, *found.groups())
                    break
            else:
                pytest.fail("".join(said))
        finally:
            if process.poll() is None:
                process.kill()


def demo_study_runs(demo_folder: Path) -> bool:
    """Tell whether the usual demo study is running."""
    state = demo_folder / f"server-{Parameters().server_key}.json"
    if not state.is_file():
        return False
    address = json.loads(state.read_text("utf-8"))
    connection = take(address["lease_port"], address["token"])
    if connection:
        connection.close()
    return connection is not None


def test_one_line_opens_the_course_and_ctrl_c_ends_it(tmp_path: Path, demo_folder: Path) -> None:
    folder = tmp_path / "my workshop"
    with workshop(folder, tmp_path) as running:
        assert running.address.endswith("/lab/tree/01_first_look.ipynb")
        assert "jupyter" in running.get("lab/tree/01_first_look.ipynb").text
        there = {one["name"] for one in running.get("api/contents").json()["content"]}
        assert there == set(NAMES)
        assert demo_study_runs(demo_folder)
        assert "The workshop has ended." in running.end()
        assert running.process.returncode == 0
    assert {one.name for one in folder.iterdir()} <= {*NAMES, ".workspaces"}


def test_nothing_asks_for_news_and_answers_are_compressed(tmp_path: Path, demo_folder: Path) -> None:
    with workshop(tmp_path / "folder", tmp_path) as running:
        page = running.get("lab")
        assert page.headers["Content-Encoding"] == "gzip"
        told = json.loads(re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page.text, re.DOTALL)[1])
        assert told["news"] == {"disabled": True}
        settings = running.get("lab/api/settings/@jupyterlab/apputils-extension:notification").json()
        chosen = {name: one["default"] for name, one in settings["schema"]["properties"].items()}
        assert (chosen["fetchNews"], chosen["checkForUpdates"]) == ("false", False)
        assert running.get("lab/api/extensions?refresh=0").json() is not None


def test_a_students_work_is_kept_and_fresh_notebooks_open_beside_it(
    tmp_path: Path, demo_folder: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / NAMES[0]).write_text("my work", "utf-8")
    with workshop(folder, tmp_path, "--fresh") as running:
        assert running.address.endswith(f"/lab/tree/fresh/{NAMES[0]}")
        there = {one["name"] for one in running.get("api/contents").json()["content"]}
        assert there == {NAMES[0], "fresh"}
        running.end()
    assert (folder / NAMES[0]).read_text("utf-8") == "my work"


def test_a_folder_that_is_none_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    assert command.main(["workshop", str(tmp_path / "file")]) == 1
    said = capsys.readouterr().err
    assert said.startswith("hs-jupyter: the notebooks cannot be laid out in")
    assert said.count("\n") == 1


def test_without_jupyterlab_it_says_what_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hs_jupyter.workshop.lab.find_spec", lambda _: None)
    assert command.main(["workshop", str(tmp_path / "folder")]) == 1
    assert "pip install 'hs-jupyter[workshop]'" in capsys.readouterr().err
    assert not (tmp_path / "folder").exists()


def test_a_hub_learns_where_the_settings_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["workshop", "--settings"]) == 0
    folder = Path(capsys.readouterr().out.strip())
    assert (folder / "jupyter_server_config.json").is_file()
    assert (folder / "labconfig" / "default_setting_overrides.json").is_file()


@pytest.mark.thorough
def test_all_of_it_works_without_a_network(tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    alone = [str(unshare), "--map-root-user", "--net", "sh", "-c"]
    if unshare is None or subprocess.run([*alone, "ip link set lo up"], check=False).returncode:
        pytest.skip("no network can be taken away here")
    tests = [__file__, str(ROOT / "tests" / "notebooks" / "test_examples.py")]
    line = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        f"--basetemp={tmp_path / 'base'}",
        *tests,
    ]
    ran = subprocess.run(
        [*alone, 'ip link set lo up && exec "$@"', "sh", *line],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-3000:]
    assert " passed" in ran.stdout
