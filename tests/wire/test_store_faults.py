"""Whatever happens to the store, a question has its exact rows, or one clear sentence."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

import hs_jupyter as hs
from hs_jupyter.api.transport import Transport
from hs_jupyter.functions import session

if TYPE_CHECKING:
    from hs_jupyter.demo_study import DemoStudy

ROOM = "room_pair_05"
EXPERIMENT = "exp_film_pairs"
ASK = """
import json, sys
from hs_jupyter.api.transport import Transport
from hs_jupyter.functions import session
import hs_jupyter as hs
asked = []
send = Transport.get
Transport.get = lambda self, path, *rest, **options: (asked.append(path), send(self, path, *rest, **options))[1]
base_url, api_key, study_key = sys.argv[1:]
session._SESSION.use_demo(base_url, api_key, study_key=study_key)
rows = hs.ratings(experiment="exp_film_pairs", progress=False, as_="arrow")
print(json.dumps({"rows": rows["ratingId"].to_pylist()[::997], "count": len(rows), "asked": len(asked)}))
"""

pytestmark = pytest.mark.usefixtures("on_demo")


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Paths asked of the service."""
    asked: list[str] = []
    send = Transport.get

    def get(self: Transport, path: str, *rest: Any, **options: Any) -> Any:
        asked.append(path)
        return send(self, path, *rest, **options)

    monkeypatch.setattr(Transport, "get", get)
    return asked


def new_kernel() -> None:
    """Forget what is in memory."""
    session._CURRENT.study = None


def parts(folder: str) -> list[Path]:
    return sorted(Path(folder).rglob("*.parquet"))


def test_two_notebooks_fetching_the_same_get_it_whole(demo: DemoStudy):
    command = [sys.executable, "-c", ASK, demo.base_url, demo.api_key, demo.parameters.study_key]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    one, other = (json.loads(process.communicate(timeout=240)[0].splitlines()[-1]) for process in both)
    assert one["rows"] == other["rows"]
    assert one["count"] == other["count"] == len(hs.ratings(experiment=EXPERIMENT, progress=False))
    third = json.loads(
        subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    )
    assert third["count"] == one["count"]
    assert third["asked"] < max(one["asked"], other["asked"])


@pytest.mark.parametrize("seed", range(3))
def test_a_damaged_part_is_noticed_and_fetched_again(seed, requests):
    first = hs.ratings(room=ROOM, progress=False)
    random = Random(seed)
    for part in parts(os.environ["HS_JUPYTER_STORE"]):
        content = bytearray(part.read_bytes())
        content[random.randrange(len(content))] ^= 1 << random.randrange(8)
        part.write_bytes(content)
    new_kernel()
    requests.clear()
    assert hs.ratings(room=ROOM, progress=False).equals(first)
    assert requests
    new_kernel()
    assert hs.ratings(room=ROOM, offline=True, progress=False).equals(first)


def test_files_that_are_gone_are_fetched_again():
    first = hs.chat(room="room_pair_01", progress=False)
    for part in parts(os.environ["HS_JUPYTER_STORE"]):
        part.unlink()
    new_kernel()
    assert hs.chat(room="room_pair_01", progress=False).equals(first)


def test_a_full_disk_costs_nothing_but_the_keeping(monkeypatch, capsys):
    expected = hs.chat(room="room_pair_01", progress=False)
    monkeypatch.setenv("HS_JUPYTER_STORE", os.environ["HS_JUPYTER_STORE"] + "-full")
    new_kernel()
    assert len(hs.store()) == 0
    write = os.fsync

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert hs.chat(room="room_pair_01").equals(expected)
    assert "not kept" in capsys.readouterr().out
    monkeypatch.setattr(os, "fsync", write)
    new_kernel()
    assert hs.chat(room="room_pair_01", progress=False).equals(expected)


def test_a_store_that_cannot_be_used_is_said_and_the_answer_comes(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("HS_JUPYTER_STORE", str(tmp_path / "file"))
    new_kernel()
    assert len(hs.chat(room="room_pair_01", progress=False)) == 8
    assert "nothing is kept" in capsys.readouterr().err
    assert (tmp_path / "file").read_text() == "no folder"


def test_what_is_stored_is_private(demo):
    hs.chat(room="room_pair_01", progress=False)
    hs.recordings(room="room_pair_01", progress=False)
    for path in Path(os.environ["HS_JUPYTER_STORE"]).rglob("*"):
        if os.name == "posix":
            assert path.stat().st_mode & 0o077 == 0, path
        if path.is_file():
            content = path.read_bytes()
            assert demo.api_key.encode() not in content
            assert b"signature=" not in content.lower()
