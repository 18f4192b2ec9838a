"""A little eye tracking: two rooms, one minute of the film, slowly sampled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hs_jupyter.demo_study.stamps import isos

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hs_jupyter.demo_study.cast import Room

ROOMS = ("room_solo_01", "room_solo_03", "room_abc123")
HZ = 10.0
SECONDS = 60.0


def records(room: Room) -> Iterator[dict[str, Any]]:
    """Write gaze samples; the field names are those of the platform's live stream."""
    if room.id not in ROOMS:
        return
    rng = room.rng("gaze")
    start = room.film.start_sec
    onsets = np.round((start + np.arange(0, SECONDS, 1 / HZ)) * 1000).astype(np.int64)
    where = np.clip(0.5 + np.cumsum(rng.normal(0, 0.02, (onsets.size, 2)), axis=0), 0, 1)
    pupil = np.clip(3.6 + np.cumsum(rng.normal(0, 0.02, onsets.size)), 2, 8)
    for k, (onset, stamp) in enumerate(zip(onsets.tolist(), isos(onsets + room.start_ms), strict=True)):
        yield {
            "experimentId": room.experiment,
            "roomId": room.id,
            "participantId": room.host.id,
            "timestamp": stamp,
            "onset": onset,
            "gazeX": round(float(where[k, 0]), 4),
            "gazeY": round(float(where[k, 1]), 4),
            "pupilDiameter": round(float(pupil[k]), 3),
            "confidence": round(float(rng.uniform(0.8, 1)), 3),
        }
