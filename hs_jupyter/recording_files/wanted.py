"""The recordings of a table whose files are wanted, and why some cannot be had yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from hs_jupyter.tables.values import is_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

_RUNNING = ("start", "active", "recording", "running", "progress", "inprogress", "pending", "queued", "processing",
            "ending")  # fmt: skip
_FAILED = ("fail", "abort", "error", "cancel")
_MARKS = ("fileSize", "startTime", "endTime", "duration", "format")
_COLUMNS = ("recordingId", "roomId", "participantId", "downloadPath", "status", *_MARKS)


@dataclass(frozen=True)
class Wanted:
    """One recording.

    Attributes
    ----------
    id, room, path
        As the service is asked for it; ``path`` is "" where the record names none.
    shown_id, shown_room, shown_participant
        As it appears in names of files and in the manifest.
    kind, format
        ``video`` or ``audio``; ``mp4``, ``webm``.
    size
        Bytes as the record announces them, or None.
    status
        The service's word for how far the recording is.
    mark
        What the record says of the file: when it changes, the file is another.
    """

    id: str
    room: str
    path: str
    shown_id: str
    shown_room: str
    shown_participant: str
    kind: str = "video"
    format: str = ""
    size: int | None = None
    status: str = ""
    mark: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """What tells it apart wherever it is written down."""
        return self.shown_room, self.shown_id

    @property
    def not_ready(self) -> str:
        """Why there is no file yet, or none at all; "" if there should be one."""
        word = "".join(one for one in self.status.lower() if one.isalpha()).removeprefix("egress")
        if word.startswith(_RUNNING):
            return f"it is still running (status {self.status}): download again later"
        if word.startswith(_FAILED):
            return f"it failed (status {self.status}): there is no file"
        return "" if self.id else "its record has no ID"


def wanted_of(table: pa.Table, shown: pa.Table | None = None) -> list[Wanted]:
    """Read the recordings of a table.

    Parameters
    ----------
    table
        The recordings, as the service sent them.
    shown
        The same rows with pseudonyms; without it, names are as they came.
    """
    rows = _rows(table)
    return [
        _wanted(row, seen) for row, seen in zip(rows, rows if shown is None else _rows(shown), strict=True)
    ]


def _wanted(row: Mapping[str, Any], seen: Mapping[str, Any]) -> Wanted:
    nested = _mapping(row.get("metadata"))
    kind = nested.get("type") or nested.get("recordingType")
    known = kind if kind in ("audio", "video") else "audio" if row.get("format") == "webm" else "video"
    return Wanted(
        id=_text(row.get("recordingId")),
        room=_text(row.get("roomId") or nested.get("roomName")),
        path=_text(row.get("downloadPath")),
        shown_id=_text(seen.get("recordingId")),
        shown_room=_text(seen.get("roomId") or _mapping(seen.get("metadata")).get("roomName")),
        shown_participant=_text(seen.get("participantId")),
        kind=known,
        format=_text(row.get("format")),
        size=_size(row.get("fileSize")),
        status=_text(row.get("status")),
        mark={name: _plain(row.get(name)) for name in _MARKS},
    )


def _rows(table: pa.Table) -> list[dict[str, Any]]:
    names = [name for name in (*_COLUMNS, "metadata") if name in table.column_names]
    rows: list[dict[str, Any]] = table.select(names).to_pylist()
    if "metadata" in names and is_json(table.schema.field("metadata")):
        for row in rows:
            row["metadata"] = orjson.loads(row["metadata"]) if row["metadata"] else None
    return rows


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float) or value is None else str(value)


def _size(value: Any) -> int | None:
    if isinstance(value, float) and value.is_integer():  # a column in which some sizes are odd
        value = int(value)
    return value if isinstance(value, int) and value >= 0 else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
