"""The film: its clock in each room, and what it does to people."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from hs_jupyter.demo_study import truths

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FILM_ID = "vid_dam"
FILM_URL = "https://media.example.org/the-dam.mp4"
PAUSES = 5
EARLIEST_LATEST_START_SEC = (30.0, 210.0)
SHORTEST_PAUSE_SEC, LONGEST_PAUSE_SEC = 6.0, 32.0


@dataclass(frozen=True)
class Stop:
    """The film stands still: ``kind`` is ``pause`` (a question is asked) or ``buffering``."""

    kind: str
    film_sec: float
    length_sec: float


@dataclass(frozen=True)
class FilmClock:
    """When the film showed what, in one room.

    Parameters
    ----------
    start_sec
        Onset of the first frame, in seconds.
    length_sec
        Length of the film in seconds.
    stops
        Where it stood still, in film order.
    end_sec
        Film second at which the room ended, ``length_sec`` if the film was seen to its end.
    """

    start_sec: float
    length_sec: float
    stops: tuple[Stop, ...]
    end_sec: float
    _at: Floats = field(init=False, repr=False, compare=False)
    _stood: Floats = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_at", np.array([one.film_sec for one in self.stops], dtype=float))
        lengths = np.array([one.length_sec for one in self.stops], dtype=float)
        object.__setattr__(self, "_stood", np.concatenate([[0.0], np.cumsum(lengths)]))

    def onset(self, film_sec: Floats | float) -> Floats:
        """Onset in seconds at which this film second was first on screen."""
        film = np.asarray(film_sec, dtype=float)
        return self.start_sec + film + self._stood[np.searchsorted(self._at, film, side="left")]

    @property
    def end_onset(self) -> float:
        """Onset in seconds of the last frame that was seen."""
        return float(self.onset(self.end_sec))

    @property
    def seen(self) -> tuple[Stop, ...]:
        """The stops before the room ended."""
        return tuple(one for one in self.stops if one.film_sec < self.end_sec)


def film_clock(rng: np.random.Generator, length_sec: float, *, end_sec: float | None = None) -> FilmClock:
    """Draw one room's film clock: a start, five pauses (one per fifth of the film), one buffering."""
    fifth = length_sec / PAUSES
    pauses = [
        Stop("pause", float(np.round(fifth * (k + rng.uniform(0.15, 0.9)), 3)), float(np.round(length, 3)))
        for k, length in enumerate(rng.uniform(SHORTEST_PAUSE_SEC, LONGEST_PAUSE_SEC, PAUSES))
    ]
    buffering = Stop(
        "buffering",
        float(np.round(rng.uniform(0.02, 0.98) * length_sec, 3)),
        float(np.round(rng.uniform(0.8, 3.5), 3)),
    )
    start = float(np.round(rng.uniform(*EARLIEST_LATEST_START_SEC), 3))
    stops = tuple(sorted([*pauses, buffering], key=lambda one: one.film_sec))
    return FilmClock(start, length_sec, stops, length_sec if end_sec is None else min(end_sec, length_sec))


def shared_response(film_sec: Floats, length_sec: float) -> dict[str, Floats]:
    """Say what the film does to everyone: valence and arousal on 0..1, by film second."""
    t = film_sec * (truths.FILM_SEC / length_sec)

    def hill(centre: float, width: float) -> Floats:
        return np.asarray(np.exp(-0.5 * ((t - centre) / width) ** 2), dtype=float)

    dam = hill(truths.SHARED_MOMENT_SEC, truths.SHARED_WIDTH_SEC)
    valence = (
        0.55 + 0.22 * hill(60, 14) - 0.24 * hill(125, 12) + 0.2 * hill(185, 12) - 0.2 * hill(240, 10)
        + 0.24 * hill(285, 13) - 0.18 * hill(335, 9) - 0.36 * hill(truths.SHARED_MOMENT_SEC + 4, 14)
        + 0.16 * hill(460, 9) - 0.2 * hill(495, 10) + 0.32 * hill(550, 16)
    )  # fmt: skip
    arousal = (
        0.36 + 0.14 * hill(40, 10) + 0.2 * hill(125, 11) - 0.1 * hill(185, 16) + 0.16 * hill(240, 9)
        + 0.18 * hill(335, 8) + truths.SHARED_RISE * dam + 0.14 * hill(495, 10) - 0.1 * hill(570, 18)
    )  # fmt: skip
    return {"valence": valence, "arousal": arousal}
