"""Participants, rooms, deployments and experiments as the service lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hs_jupyter.demo_study import truths
from hs_jupyter.demo_study.cast import rng_of
from hs_jupyter.demo_study.session import SLIDERS, STATES
from hs_jupyter.demo_study.stamps import iso, iso_sparing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hs_jupyter.demo_study.cast import Room

OWNER = {"ownerId": "u_teacher", "ownerEmail": "teacher@example.org"}

EXPERIMENTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    truths.PAIRS: (
        "Film in pairs",
        "Two people (once four) watch a film together and rate it as they watch.",
        {"host": {"name": "Host", "participantCount": 1, "mode": "human"},
         "viewer": {"name": "Viewer", "participantCount": 1, "mode": "human"}},
    ),
    truths.SOLO: (
        "Film alone",
        "One person watches the same film and rates it.",
        {"viewer": {"name": "Viewer", "participantCount": 1, "mode": "human"}},
    ),
    truths.LIVE: (
        "Film now running",
        "One room that is always running: new rows come while you look.",
        {"host": {"name": "Host", "participantCount": 1, "mode": "human"},
         "viewer": {"name": "Viewer", "participantCount": 1, "mode": "human"}},
    ),
    truths.SEED: (
        "Documentation example",
        "The experiment, room and participant of the API documentation's examples.",
        {"participant_a": {"name": "A", "participantCount": 1, "mode": "human"},
         "participant_b": {"name": "B", "participantCount": 1, "mode": "human"},
         "observer": {"name": "Observer", "participantCount": 1, "mode": "human"}},
    ),
}  # fmt: skip
"""Name, description and roles of each experiment."""


def participant_records(room: Room) -> Iterator[dict[str, Any]]:
    """Write who took part in a room and how it ended for them."""
    for person in room.people:
        rng = room.rng(person.id, "participant")
        done = person.code == "SUCCESS"
        yield {
            "id": person.id,
            "participantId": person.id,
            "name": person.name,
            **({"email": person.email} if person.email else {}),
            "role": person.role,
            "status": "completed" if done else "abandoned" if person.code == "ABANDONED" else "disconnected",
            "joinedAt": iso_sparing(room.start_ms - int(rng.integers(170, 300)) * 1000),
            "completedAt": iso_sparing(room.start_ms + round(room.end_sec) * 1000) if done else None,
            "completionCode": person.code,
            "experimentId": room.experiment,
            "roomId": room.id,
            "deploymentId": room.deployment,
        }


def room_record(room: Room) -> dict[str, Any]:
    """Write a room; older ones spell the start another way."""
    start = "firstStateStartedAt" if room.age == "old" else "startedAt"
    return {
        "id": room.id,
        "experimentId": room.experiment,
        "deploymentId": room.deployment,
        **({"deploymentName": deployment_name(room.deployment)} if room.deployment else {}),
        "status": room.status,
        "participantCount": len(room.people),
        "createdAt": iso(room.start_ms - 330_000),
        start: iso(room.start_ms),
        "duration": round(room.end_sec * 1000),
        "completionReason": "finished" if room.status == "completed" else "participant_left",
    }


def deployment_name(deployment: str) -> str:
    """Name a deployment as its owner did.

    Examples
    --------
    >>> deployment_name("dep_film_pairs_spring")
    'Film pairs, spring'
    """
    *words, season = deployment.removeprefix("dep_").split("_")
    return f"{' '.join(words).capitalize()}, {season}"


def deployments(rooms: Iterable[Room]) -> list[dict[str, Any]]:
    """Write every deployment with what its single record adds."""
    found: dict[str, list[Room]] = {}
    for room in rooms:
        if room.deployment:
            found.setdefault(room.deployment, []).append(room)
    return [
        {
            "id": name,
            "experimentId": members[0].experiment,
            "name": deployment_name(name),
            "status": "active"
            if members[0].id == truths.LIVE_ROOM or name.endswith("summer")
            else "completed",
            "ownerId": OWNER["ownerId"],
            "ownerName": "T. Eacher",
            "createdAt": iso(min(one.start_ms for one in members) - 86_400_000),
            "participantCount": sum(len(one.people) for one in members),
            "maxParticipants": 200,
            "updatedAt": iso(max(one.start_ms for one in members)),
        }
        for name, members in sorted(found.items())
    ]


def experiments(rooms: Iterable[Room]) -> list[dict[str, Any]]:
    """Write every experiment as its single record is, states and roles included."""
    found: dict[str, list[Room]] = {}
    for room in rooms:
        found.setdefault(room.experiment, []).append(room)
    return [
        {
            "id": experiment,
            "name": name,
            "description": text,
            **OWNER,
            "roomCount": len(found[experiment]),
            "participantCount": sum(len(one.people) for one in found[experiment]),
            "createdAt": iso(min(one.start_ms for one in found[experiment]) - 172_800_000),
            "updatedAt": iso(max(one.start_ms for one in found[experiment])),
            "requiredParticipants": len(roles),
            "roles": roles,
            "states": states(),
        }
        for experiment, (name, text, roles) in EXPERIMENTS.items()
    ]


def states() -> list[dict[str, Any]]:
    """Write the states as an experiment's configuration does."""
    return [
        {
            "id": state.id,
            "name": state.name,
            "order": order,
            "focusComponent": {
                "type": state.component.lower(),
                "id": state.component_id,
                "config": state.config,
            },
            "transitionRules": {"type": "SYNCHRONIZED"},
            "globalComponentsVisibility": {"continuousrating": state.id == "st_film", "textchat": True},
        }
        for order, state in enumerate(STATES)
    ]


def config(experiment: dict[str, Any]) -> dict[str, Any]:
    """Write an experiment's raw configuration."""
    together = experiment["requiredParticipants"] > 1
    return {
        "name": experiment["name"],
        "states": experiment["states"],
        "roles": experiment["roles"],
        "requiredParticipants": experiment["requiredParticipants"],
        "globalComponents": {"continuousrating": {"scales": SLIDERS}}
        | ({"textchat": {}, "videochat": {}} if together else {}),
        "variables": {"condition": {"type": "text", "default": "A"}},
        "waitingRoomConfig": {"maxWaitTimeMs": 600_000, "countdownTimeMs": 10_000},
        "disconnectTimeout": {"enabled": True, "durationMs": 60_000, "autoReconnectDelay": 2_000},
        "randomizeStates": False,
        "runtime": "v2",
        "consentFormEnabled": True,
        "instructionsEnabled": True,
        "postExperimentQuestionnaire": {"enabled": True, "questions": []},
    }


def condition(room: Room) -> str:
    """Draw the room's condition."""
    return str(rng_of(room.seed, room.id, "condition").choice(["A", "B"]))
