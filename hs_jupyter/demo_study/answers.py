"""The data endpoints that answer otherwise than with pages: variables, counts, access, agents."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.demo_study.agents import DETAIL
from hs_jupyter.demo_study.asked import Asked
from hs_jupyter.demo_study.envelope import metadata, success
from hs_jupyter.demo_study.refusals import not_found

if TYPE_CHECKING:
    from starlette.responses import Response

    from hs_jupyter.catalog import DataType
    from hs_jupyter.demo_study.service import Place, Service

DECISIONS_PER_ROOM = 5000
COUNTED = {
    "events": "events",
    "recordings": "recordings",
    "chat": "textchat",
    "videochat": "videochat",
    "ratings/continuous": "continuousratings",
    "ratings/sparse": "sparseratings",
    "sync": "sync",
    "components": "components",
    "eyetracking": "eyetracking",
}
"""Counts name the store's collections, not the endpoints."""


@dataclass(frozen=True)
class Ask:
    """One request: of which service (at which base address), which type, where, and with what."""

    service: Service
    base: str
    kind: DataType
    scope: str
    id: str
    asked: Asked

    def place(self) -> Place:
        """Find the scope, or refuse what does not exist."""
        return self.service.place(self.scope, self.id, self.asked.roomId)


def _records(service: Service, name: str, place: Place) -> list[dict[str, Any]]:
    kind = DATA_TYPES[name]
    rows, moment = service.rows(kind, place, Asked())
    return [orjson.loads(text) for text in service.texts(kind, rows, moment)]


def variables(ask: Ask) -> Response:
    """Answer a room's shared variables; the timeline stands beside the writes."""
    began = time.perf_counter()
    place = ask.place()
    beside = place.room["variables"] if place.room else {}
    about = metadata("variables", ask.scope, ask.id, began, **beside)
    return success(_records(ask.service, "variables", place), about)


def counts(ask: Ask) -> Response:
    """Answer how many records of each kind a participant has in a room."""
    began = time.perf_counter()
    place = ask.place()
    numbers = {
        store: len(ask.service.rows(DATA_TYPES[name], place, Asked())[0]) for name, store in COUNTED.items()
    }
    record = {
        "participantId": ask.id,
        "roomId": ask.asked.roomId,
        "counts": numbers,
        "hasData": {name: number > 0 for name, number in numbers.items()},
    }
    return success([record], metadata("counts", ask.scope, ask.id, began))


def check_access(ask: Ask) -> Response:
    """Answer what this account may do with an experiment's data: all of it."""
    began = time.perf_counter()
    ask.place()
    access = {"experimentId": ask.id, "canView": True, "canExport": True}
    return success([access], metadata("check-access", ask.scope, ask.id, began))


def agent_decisions(ask: Ask) -> Response:
    """Answer the decisions of a scope's AI participants, and their runs."""
    began = time.perf_counter()
    place = ask.place()
    most = ask.asked.limit or DECISIONS_PER_ROOM
    in_room: dict[str, int] = {}
    found: list[dict[str, Any]] = []
    for record in _records(ask.service, "agent-decisions", place):
        room = record["roomId"]
        in_room[room] = in_room.get(room, 0) + 1
        if in_room[room] <= most:
            detail = record if ask.asked.detail else _without(record, DETAIL)
            found.append({"_type": "decision"} | detail)
    runs = _records(ask.service, "agent-runs", place)
    found += [{"_type": "run"} | _without(run, ("roomStatus", "orphaned")) for run in runs]
    cut = {"truncated": True} if max(in_room.values(), default=0) > most else {}
    return success(found, metadata("agentDecisions", ask.scope, ask.id, began) | cut)


def _without(record: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key not in names}


def agent_runs(ask: Ask) -> Response:
    """Answer the runs of an experiment's AI participants."""
    began = time.perf_counter()
    runs = _records(ask.service, "agent-runs", ask.place())
    return success(runs, metadata("agentRuns", ask.scope, ask.id, began))


def one_decision(service: Service, room: str, decision: str) -> Response:
    """Answer one decision with its details, as a bare object."""
    began = time.perf_counter()
    for record in _records(service, "agent-decisions", service.place("room", room, None)):
        if record["id"] == decision:
            return success(record, metadata("agentDecisions", "room", room, began))
    raise not_found("decision", decision)
