"""A process of its own that keeps one answer again and again, or holds a journal until it is told to end.

python storage_writer.py FOLDER rows ROOMS ROWS TIMES
python storage_writer.py FOLDER journal
"""

from __future__ import annotations

import sys
from pathlib import Path

from storage_samples import EXPERIMENT, RATINGS, keep, ratings, space_in, table_of


def rows(folder: Path, rooms: str, count: str, times: str) -> None:
    table = table_of(ratings(rooms.split(","), int(count)))
    for _ in range(int(times)):
        keep(space_in(folder), table)


def journal(folder: Path) -> None:
    with space_in(folder).journal(RATINGS, EXPERIMENT, {}) as held:
        held.append(table_of(ratings(["room_a"], 5)), next_offset=5, announced=10, extra={"began": "now"})
        sys.stdout.write("holding" + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    {"rows": rows, "journal": journal}[sys.argv[2]](Path(sys.argv[1]), *sys.argv[3:])
