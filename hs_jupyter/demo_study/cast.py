"""Who took part, in which room, when, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal
from zlib import crc32

import numpy as np

from hs_jupyter.demo_study import truths
from hs_jupyter.demo_study.film import FilmClock, film_clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hs_jupyter.demo_study.parameters import Parameters

Age = Literal["old", "new"]
"""Old rooms keep the record shapes of the service's earlier documentation."""

HOUR_MS = 3_600_000
OLD_EPOCH_MS = 1_729_434_600_000
"""2024-10-20T14:30:00Z, the day of the API documentation's examples."""
NEW_EPOCH_MS = 1_772_442_000_000
"""2026-03-02T09:00:00Z"""
DISCONNECT_WAIT_SEC = 60.0
AFTER_FILM_SEC = 95.0
"""From the film's end to the session's: the questionnaire."""

NAMES = (
    "Mia", "Leo", "Aya", "Noor", "Zoë", "Søren", "Łukasz", "Ngọc", "O'Neil", "李雷", "Ana María", "Jürgen",
    "Ife", "Kai", "Rosa", "Tomáš", "Amal", "Björk", "Chidi", "Dana",
)  # fmt: skip
HOSTILE_NAMES = ("=1+1", "<b>Bo</b>", "{{x}}", "Sam 🎬", 'Quo"ta, "Jr."')
"""Names that must stay plain text in every cell, page and file."""


@dataclass(frozen=True)
class Person:
    """One participant in one room; ``away`` is the film span in which nothing came from them."""

    id: str
    name: str
    role: str
    email: str | None = None
    agent: bool = False
    clock_offset_ms: float = 0.0
    away: tuple[float, float] | None = None
    code: str = "SUCCESS"


@dataclass(frozen=True)
class Room:
    """One session: its people, its start (onset 0) as epoch milliseconds, its film clock."""

    id: str
    experiment: str
    start_ms: int
    film: FilmClock
    people: tuple[Person, ...]
    age: Age
    deployment: str | None = None
    status: str = "completed"
    seed: int = 0

    @property
    def host(self) -> Person:
        """Who drives the film."""
        return self.people[0]

    @property
    def viewers(self) -> tuple[Person, ...]:
        """Those who follow the host."""
        return self.people[1:]

    @property
    def end_sec(self) -> float:
        """Onset in seconds of the session's end."""
        return self.film.end_onset + (AFTER_FILM_SEC if self.status != "abandoned" else DISCONNECT_WAIT_SEC)

    def rng(self, *purpose: str) -> np.random.Generator:
        """Random numbers of their own for every room and purpose, whatever else is generated."""
        return rng_of(self.seed, self.id, *purpose)


def rng_of(seed: int, *names: str) -> np.random.Generator:
    """Random numbers that depend on the seed and these names alone."""
    return np.random.default_rng([seed, *(crc32(one.encode()) for one in names)])


def rooms(parameters: Parameters) -> Iterator[Room]:
    """Every room of the study, experiment by experiment."""
    yield from pair_rooms(parameters)
    yield group_room(parameters)
    yield from solo_rooms(parameters)
    yield live_room(parameters)
    yield seed_room(parameters)


def pair_rooms(parameters: Parameters) -> Iterator[Room]:
    """Make the rooms of two; three of them do not go well (``truths``)."""
    ends = {truths.ABANDONED.room: truths.ABANDONED, truths.TIMED_OUT.room: truths.TIMED_OUT}
    for k in range(1, parameters.rooms + 1):
        room = _room(parameters, f"room_pair_{k:02d}", truths.PAIRS, ["host", "viewer"], k)
        if span := ends.get(room.id):
            room = _cut_short(room, span)
        if room.id == truths.DROPPED.room:
            away = (truths.DROPPED.start_sec, truths.DROPPED.end_sec)
            room = replace(room, people=(room.host, replace(room.people[1], away=away)))
        if room.id == truths.AGENT_ROOM:
            agent = Person(truths.AGENT, "Robin", "viewer", agent=True)
            room = replace(room, people=(room.host, agent))
        yield room


def _cut_short(room: Room, span: truths.Span) -> Room:
    code = "ABANDONED" if span is truths.ABANDONED else "DISCONNECT_TIMEOUT"
    return replace(
        room,
        status="abandoned",
        film=replace(room.film, end_sec=min(span.start_sec, room.film.length_sec)),
        people=(replace(room.host, code="TECHNICAL"), replace(room.people[1], code=code)),
    )


def group_room(parameters: Parameters) -> Room:
    """Make the one room of four."""
    roles = ["host", "viewer", "viewer", "observer"]
    return _room(parameters, "room_group_01", truths.PAIRS, roles, parameters.rooms + 1)


def solo_rooms(parameters: Parameters) -> Iterator[Room]:
    """Make the rooms of one: everybody drives their own film."""
    for k in range(1, 2 * parameters.rooms + 1):
        room = _room(parameters, f"room_solo_{k:02d}", truths.SOLO, ["viewer"], k)
        known = {"room_solo_02": truths.TWICE, truths.TRICKY[0]: truths.TRICKY[1]}
        if k in truths.FROM_PROLIFIC:
            known[room.id] = f"prolific_{rng_of(parameters.seed, room.id, 'prolific').bytes(12).hex()}"
        yield replace(room, people=(replace(room.host, id=known.get(room.id, room.host.id)),))


def live_room(parameters: Parameters) -> Room:
    """Make the room that is always running, stored as one session that is replayed."""
    return _room(parameters, truths.LIVE_ROOM, truths.LIVE, ["host", "viewer"], parameters.rooms + 20)


def seed_room(parameters: Parameters) -> Room:
    """Make the room of the API documentation's examples."""
    room = _room(parameters, truths.SEED_ROOM, truths.SEED, ["participant_a", "participant_b", "observer"], 1)
    ids = (truths.SEED_PARTICIPANT, "user_aaa", "user_bbb")
    names = ("Participant A", "Participant B", "Participant C")
    people = tuple(
        replace(one, id=id_, name=name) for one, id_, name in zip(room.people, ids, names, strict=True)
    )
    return replace(room, people=people, age="old", start_ms=OLD_EPOCH_MS, deployment=None)


def _room(parameters: Parameters, room_id: str, experiment: str, roles: list[str], k: int) -> Room:
    rng = rng_of(parameters.seed, room_id, "room")
    old = experiment in (truths.PAIRS, truths.SOLO) and 3 * k <= parameters.rooms
    gap_ms = (parameters.minutes * 60_000 + HOUR_MS) if experiment == truths.SOLO else 2 * HOUR_MS
    epoch = (OLD_EPOCH_MS + 24 * HOUR_MS) if old else NEW_EPOCH_MS
    start_ms = epoch + int(k * max(gap_ms, parameters.minutes * 120_000)) + int(rng.integers(0, 600_000))
    return Room(
        id=room_id,
        experiment=experiment,
        start_ms=start_ms,
        film=film_clock(rng, parameters.minutes * 60.0),
        people=tuple(_people(rng, room_id, roles)),
        age="old" if old else "new",
        deployment=None
        if old
        else f"dep_{experiment.removeprefix('exp_')}_{'spring' if k % 3 else 'summer'}",
        seed=parameters.seed,
    )


def _people(rng: np.random.Generator, room_id: str, roles: list[str]) -> Iterator[Person]:
    stem = room_id.removeprefix("room_")
    for k, role in enumerate(roles):
        twin = f"{role}{roles[:k].count(role) + 1}" if roles.count(role) > 1 else role
        own_id = f"p_{stem}" if len(roles) == 1 else f"p_{stem}_{twin}"
        pool = HOSTILE_NAMES if rng.random() < 0.12 else NAMES  # noqa: PLR2004 - about one in eight
        yield Person(
            id=own_id,
            name=str(rng.choice(np.array(pool, dtype=object))),
            role=role,
            email=f"{own_id}@example.org" if rng.random() < 0.6 else None,  # noqa: PLR2004 - not everybody gave one
            clock_offset_ms=float(np.round(rng.normal(0, 35))),
        )
