"""Text chat and the video call of a room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hs_jupyter.demo_study.stamps import at
from hs_jupyter.demo_study.words import CHAT, HOSTILE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hs_jupyter.demo_study.cast import Room

DELETED_ONE_IN = 25
HOSTILE_ONE_IN = 6


def chat_records(room: Room) -> Iterator[dict[str, Any]]:
    """Write what people wrote to each other; who is alone writes nothing."""
    if not room.viewers:
        return
    rng = room.rng("chat")
    moments = np.sort(rng.uniform(4.0, room.film.end_onset, int(rng.integers(8, 22))))
    for k, onset in enumerate(moments):
        sender = room.people[int(rng.integers(len(room.people)))]
        texts = HOSTILE if rng.integers(HOSTILE_ONE_IN) == 0 else CHAT
        yield {
            "messageId": f"m_{room.id.removeprefix('room_')}_{k}",
            "experimentId": room.experiment,
            "roomId": room.id,
            "senderId": sender.id,
            "senderName": sender.name,
            "content": texts[int(rng.integers(len(texts)))],
            **at(room, onset),
            "recipientIds": [one.id for one in room.people if one.id != sender.id],
            "messageType": "text",
            "deleted": bool(rng.integers(DELETED_ONE_IN) == 0),
        }


def videochat_records(room: Room) -> Iterator[dict[str, Any]]:
    """Write the call's connections and quality; the field names are this demo study's own."""
    if not room.viewers:
        return
    for number, person in enumerate(room.people):
        if person.agent:
            continue
        rng = room.rng(person.id, "videochat")
        course: list[tuple[float, str, dict[str, Any]]] = [
            (-20 + rng.uniform(0, 5), "participant_connected", {}),
            (-14 + rng.uniform(0, 2), "track_published", {"kind": "video", "width": 640, "height": 360}),
            (-13 + rng.uniform(0, 2), "track_published", {"kind": "audio"}),
        ]
        for minute in np.arange(30.0, room.film.end_onset, 60.0):
            quality = {
                "bitrateKbps": int(rng.normal(900, 120)),
                "packetLoss": round(float(rng.exponential(0.004)), 4),
            }
            course.append((minute, "connection_quality", quality))
        if person.away:
            lost, back = (float(room.film.onset(one)) for one in person.away)
            course += [
                (lost, "participant_disconnected", {"reason": "CONNECTION_LOST"}),
                (back, "participant_connected", {}),
            ]
        course.append((room.end_sec - 2, "participant_disconnected", {"reason": "CLIENT_INITIATED"}))
        for k, (onset, kind, quality) in enumerate(sorted(course, key=lambda one: one[0])):
            yield {
                "id": f"vc_{room.id.removeprefix('room_')}_{number}_{k}",
                "experimentId": room.experiment,
                "roomId": room.id,
                "participantId": person.id,
                **at(room, onset),
                "eventType": kind,
                **quality,
            }
