"""Make the whole study from a seed: every table's records, and what stands beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hs_jupyter.demo_study import (
    agents,
    components,
    events,
    files,
    gaze,
    pauses,
    people,
    playback,
    ratings,
    talk,
)
from hs_jupyter.demo_study.shapes import shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hs_jupyter.demo_study.cast import Room

    Records = Iterable[dict[str, Any]]


def makers(hz: float) -> dict[str, Callable[[Room], Records]]:
    """Name, for every table of the catalogue that has rows, what makes them for one room."""
    return {
        "events": lambda room: events.records(room, hz),
        "recordings": files.records,
        "videochat": talk.videochat_records,
        "chat": talk.chat_records,
        "ratings": lambda room: ratings.records(room, hz),
        "ratings_sparse": pauses.records,
        "sync": playback.sync_records,
        "components": components.records,
        "participants": people.participant_records,
        "rooms": lambda room: [people.room_record(room)],
        "eyetracking": gaze.records,
        "variables": lambda room: components.variable_writes(room)[0],
        "agent_decisions": agents.decision_records,
        "agent_runs": agents.run_records,
    }


def shaped(table: str, room: Room, records: Records) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Pair every whole record with its shape on the wire."""
    for record in records:
        yield record, shape(table, record, room.age)


def beside(rooms: list[Room]) -> dict[str, Any]:
    """Write what is no table: experiments, deployments, and each room's place, start and variables."""
    return {
        "experiments": people.experiments(rooms),
        "deployments": people.deployments(rooms),
        "personas": [agents.PERSONA],
        "catalog": agents.CATALOG,
        "rooms": {
            room.id: {
                "experiment": room.experiment,
                "deployment": room.deployment,
                "start_ms": room.start_ms,
                "film_ms": round(room.film.start_sec * 1000),
                "length_ms": round(room.end_sec * 1000),
                "age": room.age,
                "status": room.status,
                "people": [one.id for one in room.people],
                "variables": components.variable_writes(room)[1],
            }
            for room in rooms
        },
    }
