"""The course of a session: its states, and what is shown in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hs_jupyter.demo_study.film import FILM_ID, FILM_URL

if TYPE_CHECKING:
    from hs_jupyter.demo_study.cast import Room


@dataclass(frozen=True)
class State:
    """One state of the experiment; ``component`` is what it shows."""

    id: str
    name: str
    component: str
    component_id: str
    config: dict[str, Any]


WELCOME = State(
    "st_welcome",
    "Introduction",
    "ShowText",
    "welcome",
    {"text": "Welcome. In a moment the film begins.", "style": {"fontSize": 18, "align": "center"}},
)
FILM = State(
    "st_film",
    "Film",
    "ShowVideo",
    "film",
    {
        "videoId": FILM_ID,
        "videoUrl": FILM_URL,
        "autoplay": True,
        "controls": False,
        "sync": {"enabled": True, "driftCorrectionMs": 600, "rates": [0.95, 1.05]},
        "pauses": {"strategy": "stratified", "bins": 5, "perBin": 1, "answerLimitMs": 30000},
    },
)
MOOD = State(
    "st_mood",
    "Mood after the film",
    "VasRating",
    "vas_mood",
    {
        "question": "How was the film?",
        "scale": {"min": 0, "max": 100, "labels": {"min": "dull", "max": "gripping"}},
    },
)
CHOICE = State(
    "st_choice",
    "Best scene",
    "MultipleChoice",
    "best_scene",
    {
        "question": "Which scene do you remember best?",
        "options": [{"value": v} for v in ("valley", "flood", "return")],
    },
)
WORDS = State(
    "st_words",
    "In your own words",
    "TextInput",
    "own_words",
    {"question": "What stayed with you?", "maxLength": 500, "required": False},
)
STATES = (WELCOME, FILM, MOOD, CHOICE, WORDS)

AFTER_EACH_SEC = 18.0
"""Seconds that each state after the film takes."""
FILM_STATE_LEAD_SEC = 4.0
"""The film's state begins so long before its first frame."""


def entered(room: Room) -> list[tuple[State, float]]:
    """Name the states that the room reached, with the onset in seconds of their beginning."""
    reached = [(WELCOME, 0.0), (FILM, room.film.start_sec - FILM_STATE_LEAD_SEC)]
    if room.status != "abandoned":
        end = room.film.end_onset
        reached += [(state, end + 2 + k * AFTER_EACH_SEC) for k, state in enumerate((MOOD, CHOICE, WORDS))]
    return reached


SLIDERS = {
    "valence": {
        "label": "How pleasant?",
        "min": -100,
        "max": 100,
        "sampleRate": 250,
        "lock": {"afterIdleMs": None},
    },
    "arousal": {
        "label": "How excited?",
        "min": 0,
        "max": 100,
        "sampleRate": 250,
        "lock": {"afterIdleMs": None},
    },
}
"""Configurations of the two continuous rating scales, shown beside the film."""
