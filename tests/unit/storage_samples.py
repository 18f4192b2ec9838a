"""Answers to keep: ratings of a small experiment, as the service sends them, in tables as the road makes them."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from hs_jupyter.catalog import DATA_TYPES, DataType
from hs_jupyter.scope import Scope
from hs_jupyter.storage import Space, open_space
from hs_jupyter.tables.build import sort_table
from hs_jupyter.tables.collect import TableBuilder
from hs_jupyter.tables.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import pyarrow as pa

RATINGS, EVENTS, RECORDINGS = (DATA_TYPES[one] for one in ("ratings/continuous", "events", "recordings"))
EXPERIMENT = Scope("experiment", "exp_film")
START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def instant(seconds: float) -> str:
    """Spell an instant so many seconds after `START`."""
    return (START + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")


def rating(room: str | None, number: int, **fields: Any) -> dict[str, Any]:
    """One rating in a room, ten a second, two people taking turns."""
    return {
        "ratingId": f"cr_{room}_{number:05d}",
        "experimentId": EXPERIMENT.id,
        "roomId": room,
        "participantId": f"p_{room}_{number % 2}",
        "componentId": "valence",
        "timestamp": instant(number / 10),
        "onset": number * 100,
        "value": (number * 7 % 100) / 100,
        "scale": {"min": 0, "max": 1},
        **fields,
    }


def ratings(rooms: Sequence[str | None] = ("room_a", "room_b"), count: int = 40, **fields: Any) -> list[dict]:
    """Ratings of rooms that run at the same time."""
    return [rating(room, number, **fields) for room in rooms for number in range(count)]


def table_of(*pages: Iterable[dict], kind: DataType = RATINGS, scope: Scope = EXPERIMENT) -> pa.Table:
    """The table of an answer of so many pages, sorted, without facts."""
    builder = TableBuilder(kind, scope)
    for records in pages:
        builder.add(list(records))
    return sort_table(builder.table(), kind).combine_chunks()


def facts_of(kind: DataType = RATINGS, scope: Scope = EXPERIMENT, **known: Any) -> Facts:
    asked = {"kind": scope.kind, "id": scope.id, "room": scope.room}
    return Facts(type=kind.name, scope=asked, fetched_at="2026-03-05T10:00:00+00:00", **known)


def space_in(folder: Path, **options: Any) -> Space:
    return open_space(folder, server="https://api.hyperstudy.io/api/v3", organization=None, **options)


def keep(
    space: Space, table: pa.Table, kind: DataType = RATINGS, scope: Scope = EXPERIMENT, **options: Any
) -> Any:
    """Keep a whole answer of as many records as its table has rows."""
    options = {"announced": table.num_rows, "facts": facts_of(kind, scope), **options}
    return space.keep(kind, scope, table, **options)


def files_in(folder: Path, beginning: str = "") -> list[Path]:
    """All files below a folder whose names begin so."""
    return sorted(path for path in folder.rglob(f"{beginning}*") if path.is_file())


def age(path: Path, seconds: float) -> None:
    """Make a file or folder look as old as that."""
    then = path.stat().st_mtime - seconds
    os.utime(path, (then, then))
