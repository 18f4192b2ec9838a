"""Everything the platform logs about a room, person by person."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from hs_jupyter.demo_study import pauses, playback, ratings, talk, truths
from hs_jupyter.demo_study.film import FILM_URL
from hs_jupyter.demo_study.session import FILM, entered
from hs_jupyter.demo_study.stamps import at
from hs_jupyter.demo_study.surveys import Event, answer_to, before, questionnaire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hs_jupyter.demo_study.cast import Person, Room

SCANNER_ROOM = "room_solo_24"
"""Seen in a scanner: pulses every two seconds."""
PULSE_EVERY_SEC = 2.0


def records(room: Room, hz: float) -> Iterator[dict[str, Any]]:
    """Write every event of a room."""
    messages = list(talk.chat_records(room))
    answers = list(pauses.records(room))
    for number, person in enumerate(room.people):
        said = [one for one in messages if one["senderId"] == person.id]
        rated = [one for one in answers if one["participantId"] == person.id]
        lines = chain(
            before(room, person), _states(room, person), _film(room, person), _answers(room, person),
            questionnaire(room, person), _system(room, person), _said(said), _rated(rated),
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
