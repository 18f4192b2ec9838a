"""Which file is whose: the index of a folder of recordings."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import orjson

from hs_jupyter.recording_files.names import is_safe
from hs_jupyter.recording_files.parts import Stored, write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

INDEX = "index.json"
_MOST_BYTES = 200_000_000

Key = tuple[str, str]
"""A recording's room and ID, as they appear in the folder."""


def read_index(folder: Path) -> dict[Key, Stored]:
    """Return the files of a folder by recording; none where there is no index, or another's."""
    try:
        with (folder / INDEX).open("rb") as file:
            held = orjson.loads(file.read(_MOST_BYTES))
        rows = [((row["roomId"], row["recordingId"]), Stored.read(row)) for row in held["recordings"]]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {
        key: stored
        for key, stored in rows
        if stored is not None and is_safe(stored.name) and all(isinstance(part, str) for part in key)
    }


def write_index(folder: Path, files: Mapping[Key, Stored]) -> None:
    """Write the index, whole or not at all."""
    rows = [
        {"roomId": room, "recordingId": recording, **asdict(stored)}
        for (room, recording), stored in sorted(files.items())
    ]
    write_whole(folder / INDEX, orjson.dumps({"recordings": rows}, option=orjson.OPT_INDENT_2))
