"""Everything the platform logs about a room, person by person."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from hs_jupyter.demo_study import pauses, playback, ratings, talk, truths
from hs_jupyter.demo_study.film import FILM_URL
from hs_jupyter.demo_study.session import FILM, entered
from hs_jupyter.demo_study.stamps import at
from hs_jupyter.demo_study.words import OPINIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hs_jupyter.demo_study.cast import Person, Room

SCANNER_ROOM = "room_solo_24"
"""Seen in a scanner: pulses every two seconds."""
PULSE_EVERY_SEC = 2.0
QUESTIONS = (
    ("q_age", "How old are you?", "text-short"),
    ("q_seen", "Had you seen the film before?", "multiple-choice"),
    ("q_engaged", "I was absorbed by the film.", "likert"),
    ("q_words", "Anything you want to tell us?", "text-long"),
)


@dataclass(frozen=True)
class Event:
    """One log line: onset in seconds, type, category, and what else belongs to it."""

    onset_sec: float
    type: str
    category: str
    content: str = ""
    more: dict[str, Any] = field(default_factory=dict)


def records(room: Room, hz: float) -> Iterator[dict[str, Any]]:
    """Write every event of a room."""
    messages = list(talk.chat_records(room))
    answers = list(pauses.records(room))
    for number, person in enumerate(room.people):
        said = [one for one in messages if one["senderId"] == person.id]
        rated = [one for one in answers if one["participantId"] == person.id]
        lines = chain(
            _before(room, person), _states(room, person), _film(room, person), _answers(room, person),
            _questionnaire(room, person), _system(room, person), _said(said), _rated(rated),
            _slider_updates(room, person, hz), _scanner(room),
        )  # fmt: skip
        for k, line in enumerate(sorted(lines, key=lambda one: one.onset_sec)):
            yield _record(room, person, f"evt_{room.id.removeprefix('room_')}_{number}_{k}", line)


def _record(room: Room, person: Person, event_id: str, line: Event) -> dict[str, Any]:
    state = next((state for state, onset in reversed(entered(room)) if onset <= line.onset_sec), None)
    return {
        "id": event_id,
        **at(room, line.onset_sec),
        "experimentId": room.experiment,
        "roomId": room.id,
        **({"deploymentId": room.deployment} if room.deployment else {}),
        "participantId": person.id,
        "eventType": line.type,
        "category": line.category,
        "componentType": None,
        "content": line.content or line.type.replace(".", " ").replace("_", " "),
        **({"stateId": state.id, "stateName": state.name} if state else {}),
        "participantRole": person.role,
        **line.more,
    }


def _before(room: Room, person: Person) -> Iterator[Event]:
    """Consent, instructions with a quiz, waiting: all of it before onset 0."""
    if person.agent:
        return
    rng = room.rng(person.id, "before")
    came = -rng.uniform(170, 300)
    yes = "consent.agreed" if room.age == "old" else "consent.accepted"
    failed_first = bool(rng.random() < 0.2)  # noqa: PLR2004 - one in five
    steps: list[tuple[float, str, dict[str, Any]]] = [(0, "consent.shown", {}), (rng.uniform(8, 30), yes, {})]
    steps += [
        (rng.uniform(6, 20), "instructions.page_view", {"pageIndex": page, "pageTitle": f"Page {page + 1}"})
        for page in range(3)
    ]
    for attempt in range(1, 3 if failed_first else 2):
        passed = attempt == (2 if failed_first else 1)
        quiz = {
            "pageIndex": 2, "attemptNumber": attempt, "answers": {"q1": "a", "q2": "b" if passed else "c"},
            "score": 100 if passed else 50, "passed": passed, "correctCount": 2 if passed else 1, "totalQuestions": 2,
        }  # fmt: skip
        steps.append((rng.uniform(8, 25), "instructions.comprehension_attempt", quiz))
    outcome = {"final_score": 100, "total_attempts": 2 if failed_first else 1}
    steps += [
        (0.4, "instructions.comprehension_passed", outcome),
        (rng.uniform(1, 3), "instructions.completed", {}),
    ]
    onset = came
    for after, kind, payload in steps:
        onset = min(onset + after, -1.0)
        yield Event(onset, kind, "pre_experiment", more={"data": payload} if payload else {})


def _states(room: Room, person: Person) -> Iterator[Event]:
    if person is room.host:
        yield Event(0.0, "experiment.start", "system")
        yield Event(room.end_sec, "experiment.end", "system", content=room.status)
    before = None
    for state, onset in entered(room):
        yield Event(onset + 0.01, "state.enter", "state", content=state.name)
        if before:
            move = {
                "fromState": before.id,
                "toState": state.id,
                "transitionType": "SYNCHRONIZED",
                "trigger": "all_ready",
            }
            yield Event(onset, "state.transition", "state", content="state_transition", more={"data": move})
        before = state


def _film(room: Room, person: Person) -> Iterator[Event]:
    lag = 0.0 if person is room.host else float(room.rng(person.id, "lag").uniform(0.02, 0.12))
    film = {"componentType": FILM.component, "componentId": FILM.component_id}
    for kind, onset, position in playback.media_events(room, person):
        payload = {"data": playback.media_payload(position, room.film)}
        yield Event(
            onset + lag, kind, "media", content=f"Video: {FILM_URL.rsplit('/', 1)[-1]}", more=film | payload
        )
    if person is not room.host:
        for onset, payload in playback.heartbeat_events(room, person):
            yield Event(onset, "sync.metrics", "sync", more={"data": payload})


def _answers(room: Room, person: Person) -> Iterator[Event]:
    """Log what was completed in each state, with the answer."""
    rng = room.rng(person.id, "answers")
    states = entered(room)
    ends = [onset for _, onset in states[1:]] + [room.end_sec]
    for (state, onset), end in zip(states, ends, strict=True):
        took = (end - onset) * rng.uniform(0.5, 0.9) if state is not FILM else end - onset - 1
        answer = answer_to(state.id, rng)
        shown = {"VasRating": f"VAS: {answer}", "ShowVideo": "Video: the-dam.mp4"}.get(
            state.component, str(answer or state.name)
        )
        more: dict[str, Any] = {
            "componentType": state.component,
            "componentId": state.component_id,
            "duration": round(took * 1000),
        }
        if answer is not None:
            more["response"] = {"value": answer, "responseTime": round(took * 950)}
        yield Event(onset + took, "component.complete", "component", content=shown, more=more)


def answer_to(state_id: str, rng: np.random.Generator) -> int | str | None:
    """Draw an answer: a number, a choice, a text, or nothing where nothing is asked."""
    if state_id == "st_mood":
        return int(np.clip(rng.normal(68, 16), 0, 100))
    if state_id == "st_choice":
        return str(rng.choice(["valley", "flood", "flood", "return"]))
    if state_id == "st_words":
        return OPINIONS[int(rng.integers(len(OPINIONS)))]
    return None


def _questionnaire(room: Room, person: Person) -> Iterator[Event]:
    if room.status == "abandoned" or person.agent:
        return
    rng = room.rng(person.id, "questionnaire")
    category = "post_experiment" if room.age == "old" else "questionnaire"
    onset = room.film.end_onset + 58
    for page, (question, text, kind) in enumerate(QUESTIONS):
        took = float(rng.uniform(3, 8))
        onset += took
        answer: Any = {
            "q_age": str(int(rng.integers(18, 68))),
            "q_seen": str(rng.choice(["yes", "no", "no", "not sure"])),
            "q_engaged": int(rng.integers(3, 8)),
            "q_words": OPINIONS[int(rng.integers(len(OPINIONS)))],
        }[question]
        payload = {
            "questionId": question, "questionText": text, "questionType": kind, "answer": answer,
            "pageIndex": page // 2, "pageTitle": f"Page {page // 2 + 1}", "responseTime": round(took * 1000),
        }  # fmt: skip
        more = {"data": payload, "response": {"value": answer, "responseTime": round(took * 1000)}}
        yield Event(onset, "questionnaire.response", category, content=str(answer), more=more)
    done = {"totalPages": 2, "totalQuestions": len(QUESTIONS), "totalResponseTime": round(onset * 1000)}
    yield Event(onset + 0.2, "questionnaire.completed", category, more={"data": done})


def _system(room: Room, person: Person) -> Iterator[Event]:
    if not person.agent and room.viewers:
        yield Event(
            float(room.rng(person.id, "recording").uniform(-9, -2)), "video.recording.started", "system"
        )
    if person.away:
        lost, back = (float(room.film.onset(one)) for one in person.away)
        yield Event(lost, "connection.lost", "system")
        yield Event(back, "connection.restored", "system")
    if person.code == "DISCONNECT_TIMEOUT":
        yield Event(room.film.end_onset, "connection.lost", "system")


def _said(messages: list[dict[str, Any]]) -> Iterator[Event]:
    for one in messages:
        payload = {"messageType": "text", "content": one["content"], "recipient": "all"}
        yield Event(
            one["onset"] / 1000,
            "communication.message",
            "communication",
            content=one["content"],
            more={"data": payload},
        )


def _rated(answers: list[dict[str, Any]]) -> Iterator[Event]:
    for one in answers:
        pause = one["sparseRatingData"]
        keep = (
            "videoId",
            "componentType",
            "componentData",
            "pauseIndex",
            "videoRelativeTime",
            "pauseTimestamp",
        )
        payload = {key: pause[key] for key in keep} | {
            "stateId": FILM.id,
            "responseTime": one["responseTime"],
        }
        more = {
            "componentType": "SparseRating", "componentId": one["componentId"], "data": payload,
            "response": {"value": one["rawValue"], "responseTime": one["responseTime"]},
        }  # fmt: skip
        onset = one["ratingEndOnset"] / 1000
        yield Event(onset, "sparse_rating_response", "sparse_rating", content=str(one["rawValue"]), more=more)


def _slider_updates(room: Room, person: Person, hz: float) -> Iterator[Event]:
    """In the documentation's room the sliders appear among the events too, as the service may do."""
    if room.id != truths.SEED_ROOM:
        return
    one = ratings.series(room, person, "valence", min(hz, 1.5))
    for film_sec, onset, position in zip(one.film_sec, one.onset_sec, one.position, strict=True):
        payload = {"value": round(float(position) * 100), "videoTime": round(float(film_sec), 3)}
        more = {"componentType": "continuous_rating", "componentId": "valence", "data": payload}
        yield Event(float(onset), "component.update", "component", content=str(payload["value"]), more=more)


def _scanner(room: Room) -> Iterator[Event]:
    if room.id != SCANNER_ROOM:
        return
    for k, onset in enumerate(np.arange(room.film.start_sec - 10, room.film.end_onset, PULSE_EVERY_SEC)):
        since = round(k * PULSE_EVERY_SEC * 1000)
        payload = {
            "key": "5", "pulseNumber": k + 1, "experimentPhase": "post_trigger", "timeSinceFirstPulse": since,
            "timeSinceTrigger": since, "preTriggerPulseCount": 0, "stateIndex": 1,
        }  # fmt: skip
        yield Event(
            float(onset),
            "scanner_pulse",
            "scanner",
            more={"data": payload, "componentId": "scanner-pulse-recorder"},
        )
