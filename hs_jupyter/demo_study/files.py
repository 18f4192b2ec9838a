"""The recordings of a room: when they began, how long they are, where the file is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hs_jupyter.demo_study import truths
from hs_jupyter.demo_study.stamps import iso

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hs_jupyter.demo_study.cast import Person, Room

CLIP_SEC = 60.0
"""Length of every clip: short, because somebody waits for it."""
WIDTH, HEIGHT = 192, 108
BYTES_PER_SEC = {"mp4": 8_000, "webm": 8_000}
"""Every file is padded to exactly this size, so that a list can name it before the file is made."""
AUDIO_ROOM = "room_group_01"
"""Here everybody's voice is recorded as well."""


def records(room: Room) -> Iterator[dict[str, Any]]:
    """Write every recording of a room; who came back after a lost connection has two."""
    if not room.viewers:
        yield _record(room, room.host, "video", 0, room.film.start_sec - 2.0)
        return
    for number, person in enumerate(room.people):
        if person.agent:
            continue
        offset = float(room.rng(person.id, "offset").uniform(-6.0, 4.0)) + room.film.start_sec
        yield _record(room, person, "video", number, offset)
        if person.away:
            yield _record(room, person, "video", number + 10, float(room.film.onset(person.away[1])) + 1.5)
        if room.id == AUDIO_ROOM:
            yield _record(room, person, "audio", number + 20, offset + 0.4)


def _record(room: Room, person: Person, kind: str, number: int, offset_sec: float) -> dict[str, Any]:
    name = f"{room.id.removeprefix('room_')}_{number}"
    recording = f"rec_{name}" if room.age == "old" else f"EG_{name}"
    extension = "mp4" if kind == "video" else "webm"
    offset_ms = round(offset_sec * 1000)
    running = room.id == truths.LIVE_ROOM
    return {
        "recordingId": recording,
        "egressId": recording,
        "participantId": person.id,
        "participantName": person.name,
        "experimentId": room.experiment,
        "roomId": room.id,
        "startTime": iso(room.start_ms + offset_ms),
        "endTime": iso(room.start_ms + offset_ms + CLIP_SEC * 1000),
        "duration": round(CLIP_SEC * 1000),
        "videoOffset": offset_ms,
        "downloadPath": f"/data/recordings/download/{room.id}/{recording}",
        "fileSize": None if running else round(BYTES_PER_SEC[extension] * CLIP_SEC),
        "status": "complete",
        "format": extension,
        **({"resolution": f"{WIDTH}x{HEIGHT}"} if kind == "video" else {}),
        "metadata": {
            "type": kind,
            "recordingType": "individual" if kind == "video" else "audio",
            "roomName": room.id,
            "experimentId": room.experiment,
        },
    }
