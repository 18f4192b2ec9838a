"""A process of its own that forks writers, and kills each before another of its steps on the disk.

    python storage_kills.py FOLDER SCENARIO

It prints one JSON object: how many steps were seen, and how many answers were old, new, or none.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from storage_samples import EXPERIMENT, RATINGS, age, facts_of, files_in, keep, ratings, space_in, table_of

from hs_jupyter.scope import Scope
from hs_jupyter.storage import shelf

ROOMS = ("room_a", "room_b")
OLD, NEW = (ratings(ROOMS, count) for count in (30, 45))
UNPLACED = [*NEW, *ratings([None], 7)]
STEPS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"}


def write_experiment(space, records):
    keep(space, table_of(records))


def write_room(space, records):
    scope = Scope("room", "room_a")
    keep(space, table_of([one for one in records if one["roomId"] == "room_a"], scope=scope), scope=scope)


def write_journal(space, records):
    with space.journal(RATINGS, EXPERIMENT, {}) as journal:
        done = journal.state.next_offset if journal.state else 0
        for at in range(done, len(records), 20):
            journal.append(table_of(records[at : at + 20]), next_offset=at + 20, announced=len(records))
        space.keep_journal(RATINGS, EXPERIMENT, journal, facts_of(), announced=len(records))
        journal.discard()


def touch(space, records):
    held = space.find(RATINGS, EXPERIMENT)
    space.touch(held, checked_at=datetime.now(UTC), announced=held.rows)


SCENARIOS = {
    "experiment": (write_experiment, OLD, NEW),
    "room": (write_room, OLD, NEW),
    "journal": (write_journal, OLD, NEW),
    "unplaced": (write_experiment, OLD, UNPLACED),
    "placed": (write_experiment, UNPLACED, OLD),
    "touch": (touch, OLD, OLD),
}


def killed(folder: Path, work, limit: int) -> bool:
    """Fork a writer that is killed before its step of that number; whether it was."""
    child = os.fork()
    if child == 0:
        count = 0

        def step(event, args):
            nonlocal count
            if event in STEPS and str(args[0]).startswith(str(folder)):
                count += 1
                if count == limit:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(step)
        try:
            work()
        except BaseException:  # noqa: BLE001 - the parent sees it
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the writer failed"
    return os.WIFSIGNALED(status)


def ids(records, room=...):
    return sorted(one["ratingId"] for one in records if room is ... or one["roomId"] == room)


def judged(folder: Path, old, new) -> Counter:
    """Look at what a killed writer left: every answer is the old or the new one, or there is none."""
    shelf._seen.clear()
    space, seen = space_in(folder), Counter()
    for room in ROOMS:
        held = space.find(RATINGS, Scope("room", room))
        came = None if held is None else sorted(held.read()["ratingId"].to_pylist())
        assert came in (None, ids(old, room), ids(new, room)), room
        seen["none" if came is None else "new" if came == ids(new, room) else "old"] += 1
    held = space.find(RATINGS, EXPERIMENT)
    if held is not None:
        table = held.read().to_pylist()
        by_room = {room: ids(table, room) for room in (*ROOMS, None)}
        if any(one["roomId"] is None for one in (*old, *new)):  # then rooms of two answers are none
            assert ids(table) in (ids(old), ids(new))
        assert all(came in (ids(old, room), ids(new, room)) for room, came in by_room.items())
    seen["whole" if held else "not whole"] += 1
    assert space.notes == []
    return seen


def repaired(folder: Path, write, records) -> None:
    """The next writer finds its way, and collects what was left once it is old."""
    space = space_in(folder)
    write(space, records)
    for path in files_in(folder):
        age(path, shelf.LEFTOVER_SEC + 1)
    write(space, records)
    held = space.find(RATINGS, EXPERIMENT)
    if held is not None:
        named = {part.name for source in held.sources for part in source.manifest.parts}
        assert {path.name for path in files_in(folder, "part-")} == named
    assert files_in(folder, "_tmp") == []


def main(folder: Path, scenario: str) -> None:
    write, old, new = SCENARIOS[scenario]
    base, copy = folder / "base", folder / "copy"
    write_experiment(space_in(base), old)
    seen, step = Counter(), 0
    dying = True
    while dying:
        step += 1
        shutil.copytree(base, copy)
        dying = killed(copy, lambda: write(space_in(copy), new), step)
        seen += judged(copy, old, new)
        if step % 5 == 0:
            repaired(copy, write, new)
        shutil.rmtree(copy)
    sys.stdout.write(json.dumps({"steps": step, **seen}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
