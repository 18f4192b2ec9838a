"""The tables that travel in binary buffers: Arrow IPC streams, one for each buffer.

Columns are float64, int32, bool or dictionary-encoded text; an instant is float64 milliseconds since 1970
(UTC) and its name ends in ``_ms``; seconds end in ``_sec``. Missing is null.
"""

from __future__ import annotations

from typing import Literal

WireType = Literal["float64", "int32", "bool", "text"]

EXPERIMENTS: dict[str, WireType] = {
    "id": "text",
    "name": "text",
    "rooms": "int32",
    "participants": "int32",
    "created_ms": "float64",
    "stored": "bool",
    "opened_ms": "float64",
}
"""``scopes`` without a parent. ``stored``: some of it is kept on this machine; ``opened_ms``: when it was last
looked at here."""

ROOMS: dict[str, WireType] = {
    "id": "text",
    "status": "text",
    "started_ms": "float64",
    "duration_sec": "float64",
    "participants": "int32",
    "deployment": "text",
    "running": "bool",
    "stored": "bool",
    "opened_ms": "float64",
}
"""``scopes`` of an experiment: its rooms, newest first. ``running``: it can be followed live."""

PARTICIPANTS: dict[str, WireType] = {
    "id": "text",
    "name": "text",
    "role": "text",
    "status": "text",
    "completion_code": "text",
    "joined_ms": "float64",
    "stored": "bool",
    "opened_ms": "float64",
}
"""``scopes`` of a room: who took part."""

FOUND: dict[str, WireType] = {
    "kind": "text",
    "id": "text",
    "name": "text",
    "room": "text",
    "experiment": "text",
    "status": "text",
    "stored": "bool",
    "opened_ms": "float64",
}
"""``find`` and ``recent``: scopes of any kind, best first. ``room`` of a participant; ``experiment`` where known."""

ROW = "__row__"
"""A column of every page: int32, the record's number in its table, for ``cell``."""

TABLES: dict[str, dict[str, WireType]] = {
    "experiments": EXPERIMENTS,
    "rooms": ROOMS,
    "participants": PARTICIPANTS,
    "found": FOUND,
}
"""The tables whose columns are fixed. ``rows`` of a page and the timeline's datasets have columns of their own."""
