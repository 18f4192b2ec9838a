"""Small, realistic tables for tests of charts: rooms of a seeded study, in the catalogue's columns."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

FILM_SEC = 600.0
CATEGORIES = ("pre_experiment", "state", "media", "component", "communication", "sparse_rating", "system")


def room_tables(people: int = 2, *, seed: int = 1, room: str = "room_pair_01") -> dict[str, pa.Table]:
    """Return every table of one room in which so many participants watch a film of ten minutes."""
    rng = np.random.default_rng([seed, people])
    names = [f"p_{room[-2:]}_{chr(97 + number)}" for number in range(people)]
    start = 20 + rng.uniform(0, 15)
    return {
        "ratings": _ratings(rng, names, room, start),
        "ratings_sparse": _sparse(rng, names, room, start),
        "sync": _sync(rng, names[1:], room, start),
        "events": _events(rng, names, room, start),
        "chat": _chat(rng, names, room, start),
        "recordings": _recordings(rng, names, room),
    }


def experiment_tables(rooms: int = 12, people: int = 2, *, seed: int = 1) -> dict[str, pa.Table]:
    """Return the tables of an experiment with so many rooms."""
    every = [room_tables(people, seed=seed + n, room=f"room_pair_{n:02d}") for n in range(1, rooms + 1)]
    return {name: pa.concat_tables([one[name] for one in every]) for name in every[0]}


def _shared(film_sec: np.ndarray) -> np.ndarray:
    return 0.5 + 0.16 * np.sin(film_sec / 47) + 0.22 * np.exp(-(((film_sec - 372) / 22) ** 2))


def _ratings(rng: np.random.Generator, names: list[str], room: str, start: float) -> pa.Table:
    rows: list[dict[str, object]] = []
    for name in names:
        for scale, sign in (("valence", 1.0), ("arousal", -0.6)):
            film = np.arange(0, FILM_SEC, 0.25) + rng.uniform(-0.03, 0.03, int(FILM_SEC * 4))
            own = np.cumsum(rng.normal(0, 0.006, len(film)))
            value = np.clip(0.5 + sign * (_shared(film) - 0.5) + own - own.mean(), 0, 1)
            gap = rng.uniform(60, 500)
            for at, one in zip(film, value, strict=True):
                if not gap < at < gap + 18:
                    rows.append(
                        {"ratingId": f"cr_{room}_{len(rows)}", "roomId": room, "participantId": name,
                         "componentId": scale, "onset_sec": start + at, "value_norm": one, "value": one}
                    )  # fmt: skip
    return pa.Table.from_pylist(rows)


def _sparse(rng: np.random.Generator, names: list[str], room: str, start: float) -> pa.Table:
    pauses = start + np.sort(rng.uniform(30, FILM_SEC, 5))
    return pa.Table.from_pylist(
        [
            {"ratingId": f"sr_{name}_{at:.0f}", "roomId": room, "participantId": name, "componentId": "mood",
             "onset_sec": at, "value_norm": float(np.clip(rng.normal(0.55, 0.18), 0, 1))}
            for name in names for at in pauses
        ]
    )  # fmt: skip


def _sync(rng: np.random.Generator, names: list[str], room: str, start: float) -> pa.Table:
    rows: list[dict[str, object]] = []
    for name in names:
        drift = rng.normal(0, 25, int(FILM_SEC)) + np.cumsum(rng.normal(0, 1.5, int(FILM_SEC)))
        drift[240:300] -= 400
        rows += [
            {"metricId": f"sm_{name}_{second}", "roomId": room, "participantId": name,
             "onset_sec": start + second, "timeDrift": one, "syncQuality": max(0.0, 1 - abs(one) / 700)}
            for second, one in enumerate(drift)
        ]  # fmt: skip
    schema = pa.schema(
        [("metricId", pa.string()), ("roomId", pa.string()), ("participantId", pa.string()),
         ("onset_sec", pa.float64()), ("timeDrift", pa.float64()), ("syncQuality", pa.float64())]
    )  # fmt: skip
    return pa.Table.from_pylist(rows, schema=schema)


def _events(rng: np.random.Generator, names: list[str], room: str, start: float) -> pa.Table:
    rows = []
    for name in names:
        for number in range(70):
            category = CATEGORIES[int(rng.integers(len(CATEGORIES)))]
            onset = -rng.uniform(5, 90) if category == "pre_experiment" else rng.uniform(0, start + FILM_SEC)
            rows.append(
                {"id": f"e_{name}_{number}", "roomId": room, "participantId": name, "category": category,
                 "eventType": f"{category}.shown", "componentType": None, "stateName": "Film",
                 "content": f"event {number}", "onset_sec": float(onset)}
            )  # fmt: skip
    return pa.Table.from_pylist(rows)


def _chat(rng: np.random.Generator, names: list[str], room: str, start: float) -> pa.Table:
    said = ("hello", "that cut was odd", "did you see the dog?", "ha!", "I liked the ending")
    return pa.Table.from_pylist(
        [
            {"messageId": f"m_{number}", "roomId": room, "senderId": names[number % len(names)],
             "senderName": f"P{number % len(names)}", "content": said[number % len(said)],
             "onset_sec": float(rng.uniform(0, start + FILM_SEC))}
            for number in range(14)
        ]
    )  # fmt: skip


def _recordings(rng: np.random.Generator, names: list[str], room: str) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {"recordingId": f"EG_{name}", "roomId": room, "participantId": name,
             "onset_sec": float(rng.uniform(-3, 6)), "duration": float(rng.uniform(560e3, 620e3)),
             "status": "complete", "format": "mp4"}
            for name in names
        ]
    )  # fmt: skip
