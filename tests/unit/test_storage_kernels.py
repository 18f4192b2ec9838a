"""Kernels that are killed, several at once, and disks that are full or cannot be written."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from storage_samples import (
    EXPERIMENT,
    RATINGS,
    age,
    facts_of,
    files_in,
    keep,
    ratings,
    space_in,
    table_of,
)

from hs_jupyter.errors import StoreError, StoreFullError
from hs_jupyter.scope import Scope
from hs_jupyter.storage import disk, open_mirror, open_space, shelf

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
OF_ROOM = Scope("room", "room_a")
SMALL, LARGE = table_of(ratings(count=10)), table_of(ratings(count=900))


def start(script: str, *arguments: object, **options: object) -> subprocess.Popen:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])}
    command = [sys.executable, str(HERE / script), *map(str, arguments)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, **options)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="writers are forked")
@pytest.mark.parametrize("scenario", ["experiment", "room", "journal", "unplaced", "placed", "touch"])
def test_a_kill_at_any_step_leaves_the_old_answer_or_the_new_one(tmp_path, scenario):
    ran = start("storage_kills.py", tmp_path, scenario)
    seen = json.loads(ran.communicate()[0])
    assert ran.returncode == 0
    assert seen["steps"] > 10
    assert seen["new"] > 0
    assert scenario == "touch" or seen["old"] > 0
    assert "none" not in seen


def test_two_writers_and_a_reader_do_not_harm_each_other(tmp_path):
    space = space_in(tmp_path)
    tables = [table_of(ratings(["room_a", "room_b"], count)) for count in (50, 70)]
    keep(space, tables[0])
    writers = [start("storage_writer.py", tmp_path, "rows", "room_a,room_b", count, 25) for count in (50, 70)]
    rooms = {
        table.num_rows // 2: table.filter([one == "room_a" for one in table["roomId"].to_pylist()])
        for table in tables
    }
    seen = set()
    while any(writer.poll() is None for writer in writers):
        room = space.find(RATINGS, OF_ROOM).read()
        assert room.equals(rooms[room.num_rows])
        seen.add(room.num_rows)
        whole = space.find(RATINGS, EXPERIMENT).read()
        assert whole.num_rows in {100, 120, 140}  # each room as one of the two left it
    assert [writer.wait() for writer in writers] == [0, 0]
    assert seen == {50, 70}
    assert space.notes == []
    held = space.find(RATINGS, EXPERIMENT)
    assert held.read().num_rows == held.rows


def test_a_journal_is_one_kernels_until_it_ends_or_is_killed(tmp_path):
    space = space_in(tmp_path)
    other = start("storage_writer.py", tmp_path, "journal", stdin=subprocess.PIPE)
    assert other.stdout.readline() == "holding\n"
    with space.journal(RATINGS, EXPERIMENT, {}) as journal:
        assert (journal.busy, journal.state) == (True, None)
        with pytest.raises(RuntimeError, match="not open"):
            journal.append(SMALL, next_offset=1, announced=1)
        assert not journal.acquire(0)
        assert space.clear().busy == 1
    with space.journal(RATINGS, EXPERIMENT, {"category": "x"}) as another:
        assert not another.busy
    other.kill()
    other.wait()
    with space.journal(RATINGS, EXPERIMENT, {}) as journal:
        assert not journal.busy
        assert (journal.state.next_offset, journal.state.rows, journal.state.extra) == (
            5,
            5,
            {"began": "now"},
        )


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[None]:
    """A disk of its own, which only root can make."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", *options, "tmpfs", str(folder)]
    if (
        not sys.platform.startswith("linux")
        or subprocess.run(mount, capture_output=True, check=False).returncode
    ):
        pytest.skip("only root can make a disk")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture(params=["disk", "file"])
def full(request, tmp_path, monkeypatch):
    """A folder, what makes its disk full, and what ends that: really, or by files that take nothing."""
    folder = tmp_path / "store"
    if request.param == "disk":
        with mounted(folder, "-o", "size=200k"):
            yield folder, lambda: _fill(folder / "ballast"), (folder / "ballast").unlink
        return
    real_open = os.open

    def open_full(path: object, flags: int, *mode: int) -> int:
        opened = real_open(path, flags, *mode)
        if not Path(str(path)).name.startswith(disk.TEMPORARY):
            return opened
        os.close(opened)
        if not Path("/dev/full").exists():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real_open("/dev/full", os.O_WRONLY)

    yield folder, lambda: monkeypatch.setattr(os, "open", open_full), monkeypatch.undo


def _fill(ballast: Path) -> None:
    """Write until nothing more goes in."""
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1000))


def test_a_full_disk_is_said_and_harms_nothing(full):
    folder, fill, clean = full
    space = space_in(folder)
    keep(space, SMALL)
    with space.journal(RATINGS, EXPERIMENT, {}) as journal:
        journal.append(SMALL, next_offset=20, announced=1800)
        before = files_in(folder)
        fill()
        for _ in range(2):
            with pytest.raises(StoreFullError, match="is full: make room"):
                journal.append(LARGE, next_offset=1800, announced=1800)
            with pytest.raises(StoreFullError):
                space.keep(RATINGS, EXPERIMENT, LARGE, facts_of(), announced=1800)
            with pytest.raises(StoreFullError):
                space.keep_journal(RATINGS, EXPERIMENT, journal, facts_of(), announced=1800)
            with pytest.raises(StoreFullError):
                space.put_record("experiment=x", {"text": os.urandom(200_000).hex()})
    clean()
    assert [path for path in files_in(folder) if path.name != "ballast"] == before
    assert space.find(RATINGS, EXPERIMENT).read().equals(SMALL)
    with space.journal(RATINGS, EXPERIMENT, {}) as journal:
        assert journal.state.next_offset == 20
    assert keep(space, LARGE).read().equals(LARGE)


@pytest.fixture
def sealed_off(tmp_path):
    """A folder, and what forbids to write in it, also to root."""
    folder = tmp_path / "shared"
    if os.name == "posix" and os.geteuid() == 0:
        with mounted(folder):
            yield folder, lambda: subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        return
    folder.mkdir()
    folders = []

    def seal() -> None:
        folders.extend([folder, *(one for one in folder.rglob("*") if one.is_dir())])
        for path in folders:
            path.chmod(0o500)

    yield folder, seal
    for path in folders:
        path.chmod(0o700)


@pytest.mark.skipif(os.name != "posix", reason="folders are forbidden otherwise")
def test_a_folder_that_cannot_be_written_is_read(sealed_off):
    folder, seal = sealed_off
    space = space_in(folder)
    held = keep(space, SMALL)
    mirror = open_mirror(folder / "mirror", create=True)
    keep(mirror, SMALL)
    seal()
    space = space_in(folder)
    assert space.find(RATINGS, EXPERIMENT).read().equals(SMALL)
    assert open_mirror(folder / "mirror").find(RATINGS, EXPERIMENT).read().equals(SMALL)
    for refused in (
        lambda: keep(space, LARGE),
        lambda: space.put_record("x=1", {}),
        lambda: space.journal(RATINGS, EXPERIMENT, {}).__enter__(),
        lambda: space.touch(held, checked_at=held.checked_at, announced=1),
        lambda: open_space(folder, server="https://elsewhere.example", organization=None),
        lambda: open_mirror(folder / "new", create=True),
    ):
        with pytest.raises(StoreError, match="cannot be written"):
            refused()
    assert (space.clear().holdings, space.clear().left) == (0, 3)
    assert space.find(RATINGS, EXPERIMENT).read().equals(SMALL)


def test_without_locks_everything_works_but_going_on(tmp_path, monkeypatch):
    """Some network drives lock nothing."""

    def refuse(*_: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr("filelock.FileLock._acquire", refuse)
    space = space_in(tmp_path)
    with space.journal(RATINGS, EXPERIMENT, {}) as journal:
        assert not journal.busy
        journal.append(SMALL, next_offset=20, announced=20)
        with space.journal(RATINGS, EXPERIMENT, {}) as other:
            assert (other.busy, other.state) == (False, None)
            other.append(LARGE, next_offset=1800, announced=1800)
        assert [table.num_rows for table in journal.segments()] == [20]
        held = space.keep_journal(RATINGS, EXPERIMENT, journal, facts_of(), announced=20)
    assert held.read().equals(SMALL)
    assert space.clear().journals == 2


def test_what_a_killed_writer_left_is_collected_when_it_is_old(tmp_path):
    space = space_in(tmp_path)
    keep(space, SMALL)
    (room,) = (held for held in space.holdings() if held.scope == OF_ROOM)
    left = [
        room.sources[0].folder / name for name in ("_tmp-0123456789abcdef", "part-0123456789abcdef.parquet")
    ]
    left.append(room.sources[0].folder.parent / "room=gone" / "part-0123456789abcdef.parquet")
    left[-1].parent.mkdir()
    for path in left:
        path.write_bytes(b"left")
    assert len(list(space.holdings())) == 3
    assert all(path.exists() for path in left)
    for path in left:
        age(path, shelf.LEFTOVER_SEC + 1)
    assert len(list(space_in(tmp_path, read_only=True).holdings())) == 3
    assert all(path.exists() for path in left)
    assert len(list(space.holdings())) == 3
    assert not any(path.exists() for path in left)
    assert not left[-1].parent.exists()
