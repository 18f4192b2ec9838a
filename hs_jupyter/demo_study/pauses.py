"""Sparse ratings: a question to everyone while the film pauses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hs_jupyter.demo_study.film import FILM_ID, shared_response
from hs_jupyter.demo_study.ratings import SCALES
from hs_jupyter.demo_study.stamps import at, iso_sparing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hs_jupyter.demo_study.cast import Room

QUESTION = "How do you feel right now?"
LABELS = {"min": "Very bad", "max": "Very good"}
SHOWN_AFTER_SEC = 0.3
TIMEOUT_ONE_IN = 40
"""One answer in so many never comes."""


def records(room: Room) -> Iterator[dict[str, Any]]:
    """Write every answer of every person, with the pause it was given in."""
    low, high = SCALES["valence"]
    pauses = [stop for stop in room.film.seen if stop.kind == "pause"]
    for number, person in enumerate(room.people):
        rng = room.rng(person.id, "sparse")
        previous: float | None = None
        own = rng.normal(0, 0.1)
        for index, stop in enumerate(pauses):
            paused = float(room.film.onset(stop.film_sec))
            felt = shared_response(np.array([stop.film_sec]), room.film.length_sec)["valence"][0]
            answer: float | None = float(
                np.round(low + np.clip(felt + own + rng.normal(0, 0.05), 0, 1) * (high - low))
            )
            response_sec = min(rng.uniform(0.35, 0.95) * stop.length_sec, stop.length_sec - SHOWN_AFTER_SEC)
            if rng.integers(TIMEOUT_ONE_IN) == 0 or (
                person.away and person.away[0] <= stop.film_sec < person.away[1]
            ):
                answer, response_sec = None, stop.length_sec - SHOWN_AFTER_SEC
            shown = at(room, paused + SHOWN_AFTER_SEC)
            yield {
                "ratingId": f"sr_{room.id.removeprefix('room_')}_{number}_{index}",
                "experimentId": room.experiment,
                "roomId": room.id,
                "participantId": person.id,
                "componentId": "feeling_now",
                **shown,
                "rawOnset": shown["onset"] + person.clock_offset_ms,
                "clockOffsetApplied": person.clock_offset_ms,
                "value": None if answer is None else round(100 * (answer - low) / (high - low), 2),
                "rawValue": answer,
                "scaleMin": low,
                "scaleMax": high,
                "scale": {"min": low, "max": high},
                "labels": LABELS,
                "type": "sparse",
                "stateId": "st_film",
                "stimulusId": FILM_ID,
                "stimulusTime": round(stop.film_sec * 1000),
                "stateStartTime": iso_sparing(room.start_ms + room.film.start_sec * 1000),
                "stateDuration": round((room.film.end_onset - room.film.start_sec) * 1000),
                "responseTime": round(response_sec * 1000),
                "confidence": None,
                "ratingEndOnset": shown["onset"] + round(response_sec * 1000),
                "metadata": {
                    "question": QUESTION,
                    "dimension": "valence",
                    "componentType": "vasrating",
                    "sampleIndex": index,
                },
                "sparseRatingData": {
                    "videoId": FILM_ID,
                    "pauseIndex": index,
                    "videoRelativeTime": round(stop.film_sec * 1000),
                    "pauseTimestamp": room.start_ms + round(paused * 1000),
                    "componentType": "vasrating",
                    "componentData": {} if answer is None else {"value": answer},
                    "previousRatings": None if previous is None else {FILM_ID: previous},
                    "mediaPauseOnset": round(paused * 1000),
                    "mediaResumeOnset": round((paused + stop.length_sec) * 1000),
                    "actualPauseDuration": round(stop.length_sec * 1000),
                },
            }
            previous = previous if answer is None else answer
