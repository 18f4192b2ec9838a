"""What was shown to whom, with nested configuration, and the shared variables of a room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hs_jupyter.demo_study.people import condition
from hs_jupyter.demo_study.session import FILM, SLIDERS, entered
from hs_jupyter.demo_study.stamps import at
from hs_jupyter.demo_study.surveys import answer_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hs_jupyter.demo_study.cast import Room


def records(room: Room) -> Iterator[dict[str, Any]]:
    """Write every component shown to every person."""
    states = entered(room)
    for person in room.people:
        rng = room.rng(person.id, "answers")
        snapshot = {"participant_name": person.name, "condition": condition(room), "trial": 1}
        for number, (state, onset) in enumerate(states):
            rng.random()  # the time taken, which the events draw first
            answer = answer_to(state.id, rng)
            shown: list[tuple[str, str, dict[str, Any]]] = [
                (state.component_id, state.component, state.config)
            ]
            if state is FILM:
                shown += [(scale, "ContinuousRating", config) for scale, config in SLIDERS.items()]
            for component_id, kind, config in shown:
                yield {
                    "componentId": component_id,
                    "componentType": kind,
                    "experimentId": room.experiment,
                    "roomId": room.id,
                    "participantId": person.id,
                    "stateId": state.id,
                    "config": config,
                    **at(room, onset),
                    "variableSnapshot": snapshot | {"stateIndex": number},
                    "completed": state is not FILM or room.status == "completed",
                    **(
                        {"response": {"value": answer}}
                        if answer is not None and kind == state.component
                        else {}
                    ),
                }


def variable_writes(room: Room) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Write the log of the room's shared variables, and what the service says beside it."""
    writes: list[dict[str, Any]] = [
        {"variable": "condition", "value": condition(room), "source": "seed", "persisted": True},
        {"variable": "trial", "value": 1, "source": "seed", "persisted": True},
    ]
    timeline = []
    values: dict[str, Any] = {"condition": condition(room), "trial": 1}
    rng = room.rng(room.host.id, "answers")
    for state, _ in entered(room):
        rng.random()
        answer = answer_to(state.id, rng)
        if answer is not None:
            name = f"{state.component_id}_answer"
            values[name] = answer
            writes.append({"variable": name, "value": answer, "source": "human", "persisted": True})
        timeline.append({"stateId": state.id, **values})
    beside = {
        "timeline": timeline,
        "variableNames": list(values),
        "matrixColumns": ["stateId", *values],
        "droppedWrites": [],
        "mode": "replay",
    }
    return writes, beside
