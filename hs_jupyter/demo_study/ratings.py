"""Continuous ratings: what the film does to everyone, what is one's own, and the slider's habits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hs_jupyter.demo_study import truths
from hs_jupyter.demo_study.film import shared_response
from hs_jupyter.demo_study.stamps import isos

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hs_jupyter.demo_study.cast import Person, Room
    from hs_jupyter.demo_study.film import Floats

SCALES: dict[str, tuple[float, float]] = {"valence": (-100.0, 100.0), "arousal": (0.0, 100.0)}
"""The two sliders and their ends."""

JITTER_SEC = 0.02
LOST = 0.004
"""Part of the samples that never arrived."""
OWN_SPREAD = 0.11
"""Spread of the personal response, on 0..1; it wanders with a memory of half a minute."""
OWN_MEMORY_SEC = 30.0
NOISE = 0.012
LAG_SEC = (0.6, 2.4)
"""Nobody answers at once: from the film to the hand."""
GRID_SEC = 0.25
"""The personal response is drawn on this grid, so that ``hz`` changes samples and not people."""


@dataclass(frozen=True)
class Series:
    """One slider of one person: film seconds, onsets in seconds, position on 0..1."""

    film_sec: Floats
    onset_sec: Floats
    position: Floats


def records(room: Room, hz: float) -> Iterator[dict[str, Any]]:
    """Every sample of every slider in a room."""
    for number, person in enumerate(room.people):
        for scale, (low, high) in SCALES.items():
            one = series(room, person, scale, hz)
            raw = np.round(low + one.position * (high - low))
            onsets = np.round(one.onset_sec * 1000).astype(np.int64)
            stamps = isos(onsets + room.start_ms)
            stem = f"cr_{room.id.removeprefix('room_')}_{number}_{scale[0]}_"
            normal = ((raw - low) / (high - low)).tolist()
            columns = zip(onsets.tolist(), stamps, raw.astype(int).tolist(), normal, strict=True)
            for k, (onset, stamp, slider, norm) in enumerate(columns):
                yield {
                    "ratingId": f"{stem}{k}",
                    "experimentId": room.experiment,
                    "roomId": room.id,
                    "participantId": person.id,
                    "componentId": scale,
                    "timestamp": stamp,
                    "onset": onset,
                    "value": norm,
                    "normalizedValue": norm,
                    "rawValue": slider,
                    "scaleMin": int(low),
                    "scaleMax": int(high),
                }


def series(room: Room, person: Person, scale: str, hz: float) -> Series:
    """Draw one slider: sampled while the film plays, with jitter, losses, a rest, and gaps at pauses."""
    rng = room.rng(person.id, scale, "samples")
    film = np.arange(0.4, room.film.end_sec, 1 / hz)
    film = film + rng.normal(0, JITTER_SEC * 4 / max(hz, 4), film.size)
    rest = rng.uniform(0.1, 0.85) * room.film.length_sec
    keep = (rng.random(film.size) > LOST) & ~((film > rest) & (film < rest + rng.uniform(3, 14)))
    if person.away:
        keep &= (film < person.away[0]) | (film > person.away[1])
    film = np.sort(film[keep & (film > 0)])
    position = _held(_felt(room, person, scale, film))
    stuck = truths.STUCK_SLIDER
    if (room.id, person.id, scale) == (stuck.room, stuck.participant, truths.STUCK_SCALE):
        during = (film >= stuck.start_sec) & (film <= stuck.end_sec)
        if during.any():
            position[during] = position[during][0]
    return Series(film, np.asarray(room.film.onset(film)), position)


def _felt(room: Room, person: Person, scale: str, film: Floats) -> Floats:
    """Say what the person feels at each film second: the shared response, later and in one's own measure."""
    rng = room.rng(person.id, scale, "person")
    lag, gain = rng.uniform(*LAG_SEC), rng.uniform(0.75, 1.25)
    own = _wander(room, person, scale)
    if (room.id, person.id) == (truths.CLOSE_PAIR[0], truths.CLOSE_PAIR[2]) and scale == "valence":
        leader = room.host
        lead = room.rng(leader.id, scale, "person")
        lag, gain = lead.uniform(*LAG_SEC) + 0.1, lead.uniform(0.75, 1.25)
        own = 0.97 * _wander(room, leader, scale) + 0.12 * own
    grid = np.arange(own.size) * GRID_SEC
    shared = shared_response(np.maximum(film - lag, 0), room.film.length_sec)[scale]
    noise = room.rng(person.id, scale, "noise").normal(0, NOISE, film.size)
    return np.clip(0.5 + gain * (shared - 0.5) + np.interp(film, grid, own) + noise, 0, 1)


def _wander(room: Room, person: Person, scale: str) -> Floats:
    """Draw the personal response: a walk that is pulled back to its middle (Ornstein-Uhlenbeck)."""
    rng = room.rng(person.id, scale, "own")
    steps = int(room.film.length_sec / GRID_SEC) + 2
    keep = np.exp(-GRID_SEC / OWN_MEMORY_SEC)
    kicks = rng.normal(0, OWN_SPREAD * np.sqrt(1 - keep**2), steps)
    walk = np.empty(steps)
    value = rng.normal(0, OWN_SPREAD)
    for k, kick in enumerate(kicks):
        value = keep * value + kick
        walk[k] = value
    return walk


def _held(felt: Floats) -> Floats:
    """Move the slider as a hand does: only when the feeling is some way from where it stands."""
    held = np.empty_like(felt)
    stands = 0.5
    for k, value in enumerate(felt):
        if abs(value - stands) > 0.02:  # noqa: PLR2004 - two hundredths of the scale
            stands = value
        held[k] = stands
    return held
