"""The film's playback: media events, sync metrics, and when the film stood still."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hs_jupyter.demo_study import truths
from hs_jupyter.demo_study.film import FILM_ID, FilmClock
from hs_jupyter.demo_study.stamps import isos

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hs_jupyter.demo_study.cast import Person, Room

STOP_EVENTS = {
    "pause": ("media.pause", "media.play"),
    "buffering": ("media.buffering_start", "media.buffering_end"),
}
"""What is logged when the film stops, and when it goes on."""


def media_events(room: Room, person: Person) -> Iterator[tuple[str, float, float]]:
    """Yield (event type, onset in s, film position in s): with these, film time can be reconstructed."""
    film = room.film
    yield "media.play", film.start_sec, 0.0
    for stop in film.seen:
        if person.away and person.away[0] <= stop.film_sec < person.away[1]:
            continue
        stopped = float(film.onset(stop.film_sec))
        begins, ends = STOP_EVENTS[stop.kind]
        yield begins, stopped, stop.film_sec
        yield ends, stopped + stop.length_sec, stop.film_sec
    last = "media.ended" if film.end_sec >= film.length_sec else "media.pause"
    yield last, film.end_onset, film.end_sec


def media_payload(position_sec: float, film: FilmClock) -> dict[str, Any]:
    """Write a media event's payload; both times are seconds."""
    return {
        "mediaId": FILM_ID,
        "mediaType": "video",
        "currentTime": round(position_sec, 3),
        "duration": film.length_sec,
    }


def sync_records(room: Room) -> Iterator[dict[str, Any]]:
    """Write one metric per second and viewer while the film plays; the host has none."""
    for number, person in enumerate(room.viewers, 1):
        rng = room.rng(person.id, "sync")
        film = np.arange(1.0, room.film.end_sec, 1.0)
        if person.away:
            film = film[(film < person.away[0]) | (film > person.away[1])]
        drift = rng.normal(-18, 22, film.size) + 14 * np.sin(film / rng.uniform(20, 60))
        late = truths.LATE_VIEWER
        if (room.id, person.id) == (late.room, late.participant):
            drift[(film >= late.start_sec) & (film <= late.end_sec)] -= truths.LATE_BY_MS - 18
        if person.away:
            back = (film > person.away[1]) & (film < person.away[1] + 6)
            drift[back] -= 900 * np.exp(-(film[back] - person.away[1]) / 2)
        onsets = np.round(np.asarray(room.film.onset(film)) * 1000 + rng.integers(0, 120, film.size)).astype(
            np.int64
        )
        quality = np.clip(1 - np.abs(drift) / 1000 - rng.exponential(0.01, film.size), 0, 1)
        latency = np.round(rng.gamma(9, 6, film.size) + 18)
        buffer = np.clip(rng.normal(0.94, 0.05, film.size), 0.05, 1)
        stamps = isos(onsets + room.start_ms)
        for k in range(film.size):
            yield {
                "metricId": f"sy_{room.id.removeprefix('room_')}_{number}_{k}",
                "experimentId": room.experiment,
                "roomId": room.id,
                "participantId": person.id,
                "timestamp": stamps[k],
                "onset": int(onsets[k]),
                "timeDrift": round(float(drift[k])),
                "playbackRate": round(float(np.clip(1 - drift[k] / 10_000, 0.95, 1.05)), 3),
                "syncQuality": round(float(quality[k]), 3),
                "latency": int(latency[k]),
                "bufferHealth": round(float(buffer[k]), 3),
            }


def heartbeat_events(room: Room, person: Person) -> Iterator[tuple[float, dict[str, Any]]]:
    """Yield (onset in s, payload) of the ``sync.metrics`` event that viewers log once a minute."""
    rng = room.rng(person.id, "heartbeat")
    for film_sec in np.arange(60.0, room.film.end_sec, 60.0):
        offset = int(rng.normal(-18, 22))
        payload = {
            "offset": offset,
            "latency": int(rng.gamma(9, 6) + 18),
            "qualityScore": round(1 - abs(offset) / 1000, 3),
        }
        yield float(room.film.onset(film_sec)), payload
