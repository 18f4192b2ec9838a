"""Write the study to disk once: one Parquet file per table, and what stands beside them."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import platformdirs
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock

from hs_jupyter.demo_study import cast, generate
from hs_jupyter.demo_study.parameters import study_version
from hs_jupyter.demo_study.stamps import epoch_ms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hs_jupyter.demo_study.cast import Room
    from hs_jupyter.demo_study.parameters import Parameters

FOLDER_VARIABLE = "HS_JUPYTER_DEMO_DIR"
"""Where the demo study keeps its files, instead of the user's cache folder."""

FORGET_AFTER_DAYS = 14

ROW_GROUP = 8192
"""Rows read at once: a page of 1000 lies in one or two groups."""

TEXT_KEYS = ("category", "stateId", "completionCode", "email", "role", "status", "joinedAt", "completedAt")
INDEX = pa.schema(
    [
        ("n", pa.int64()),
        *((name, pa.string()) for name in ("experiment", "room", "participant", "deployment")),
        ("at", pa.int64()),
        ("known", pa.int64()),
        ("onset", pa.float64()),
        ("id", pa.string()),
        ("componentType", pa.string()),
        ("completed", pa.bool_()),
        *((name, pa.string()) for name in TEXT_KEYS),
        ("record", pa.string()),
    ]
)
"""What can be filtered and sorted by, and the record as it goes over the wire.

``n`` counts a table's rows in the order of experiment, instant; ``at`` is epoch milliseconds, and so is
``known``, when all that the record says had happened."""


def folder() -> Path:
    """Return the folder of the demo study's files, in the user's cache unless told otherwise."""
    told = os.environ.get(FOLDER_VARIABLE)
    return (
        Path(told).absolute()
        if told
        else Path(platformdirs.user_cache_dir("hs-jupyter", appauthor=False)) / "demo"
    )


def ensure(parameters: Parameters, say: Callable[[str], None] = lambda _: None) -> Path:
    """Return the folder of the generated study, making it if it is not there.

    It is written beside its place and then renamed, under a lock: a half-made study is never seen, and
    two processes make it once.
    """
    home = folder()
    home.mkdir(parents=True, exist_ok=True)
    place = home / parameters.study_key
    with FileLock(home / f"{parameters.study_key}.lock"):
        if place.exists():
            return place
        half = home / f"{parameters.study_key}.half"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir()
        write(parameters, half, say)
        half.replace(place)
        _forget_old(home)
    return place


def _forget_old(home: Path) -> None:
    """Remove what other versions of this package made and nobody has used for long."""
    long_ago = time.time() - FORGET_AFTER_DAYS * 86_400
    for file in home.glob("*/study.json"):
        if not file.parent.name.startswith(study_version()) and file.stat().st_atime < long_ago:
            shutil.rmtree(file.parent, ignore_errors=True)


def write(parameters: Parameters, place: Path, say: Callable[[str], None] = lambda _: None) -> None:
    """Generate the study into an empty folder."""
    rooms = sorted(cast.rooms(parameters), key=lambda room: (room.experiment, room.start_ms))
    for table, make in generate.makers(parameters.hz).items():
        say(f"making {table}")
        with pq.ParquetWriter(place / f"{table}.parquet", INDEX, compression="zstd") as writer:
            _write_table(writer, table, rooms, make)
    (place / "study.json").write_bytes(orjson.dumps(generate.beside(rooms)))


def _write_table(
    writer: pq.ParquetWriter, table: str, rooms: list[Room], make: Callable[[Room], Iterable[dict[str, Any]]]
) -> None:
    waiting: list[dict[str, Any]] = []
    count = 0
    for room in rooms:
        rows = [_row(table, room, record, wire) for record, wire in generate.shaped(table, room, make(room))]
        # Rooms of one experiment never overlap in time, so sorting each sorts the experiment.
        rows.sort(key=lambda row: row["at"])
        for row in rows:
            row["n"] = count
            count += 1
        waiting += rows
        if len(waiting) >= ROW_GROUP:
            writer.write_table(pa.Table.from_pylist(waiting, INDEX), row_group_size=ROW_GROUP)
            waiting = []
    writer.write_table(pa.Table.from_pylist(waiting, INDEX))


def _row(table: str, room: Room, record: dict[str, Any], wire: dict[str, Any]) -> dict[str, Any]:
    instant = next(
        (
            record[key]
            for key in ("timestamp", "startTime", "joinedAt", "createdAt", "startedAt")
            if key in record
        ),
        None,
    )
    at = room.start_ms if instant is None else round(epoch_ms(instant))
    pause = record.get("sparseRatingData")
    row: dict[str, Any] = {
        "experiment": room.experiment,
        "room": room.id,
        "participant": record.get("senderId" if table == "chat" else "participantId"),
        "deployment": room.deployment,
        "at": at,
        "known": room.start_ms + pause["mediaResumeOnset"] if pause else at,
        "onset": record.get("onset"),
        "id": record.get("id"),
        "componentType": plain(record.get("componentType")),
        "completed": record.get("completed"),
        "record": orjson.dumps(wire).decode(),
    }
    return row | {key: wire.get(key, record.get(key)) for key in TEXT_KEYS if key in record}


def plain(word: str | None) -> str | None:
    """Reduce a word to letters and digits in lower case: types are spelled in many ways.

    Examples
    --------
    >>> plain("continuous_rating")
    'continuousrating'
    """
    return None if word is None else "".join(filter(str.isalnum, word)).lower()


def beside(place: Path) -> dict[str, Any]:
    """Read what stands beside the tables."""
    return dict(json.loads((place / "study.json").read_bytes()))
