"""The data endpoints: every type of the catalogue at every scope it has."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response  # noqa: TC002 - FastAPI reads annotations when it runs

from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.demo_study.aggregate import over_windows
from hs_jupyter.demo_study.agents import DETAIL
from hs_jupyter.demo_study.asked import DEFAULT_LIMIT, Asked
from hs_jupyter.demo_study.envelope import csv_text, metadata, pagination, success, success_texts
from hs_jupyter.demo_study.refusals import not_found
from hs_jupyter.demo_study.service import Service, no_endpoint
from hs_jupyter.demo_study.stamps import iso

if TYPE_CHECKING:
    from collections.abc import Callable

    from hs_jupyter.catalog import DataType
    from hs_jupyter.demo_study.service import Place

DECISIONS_PER_ROOM = 5000
STORE_NAME = {"chat": "textchat", "ratings": "continuousratings", "ratings_sparse": "sparseratings"}
"""Counts name the store's collections, not the endpoints."""
COUNTED = ("events", "recordings", "chat", "videochat", "ratings", "ratings_sparse", "sync", "components", "eyetracking")


def router() -> APIRouter:
    """Make a route for every data type and scope of the catalogue."""
    routes = APIRouter(prefix="/data", tags=["data"])
    special = {"variables": variables, "counts": counts, "check-access": check_access, "agent-decisions": agent_decisions, "agent-runs": agent_runs}
    for kind in DATA_TYPES.values():
        if kind.view:
            continue
        for scope in kind.scopes:
            handler = special.get(kind.name) or paged
            path = kind.path.removeprefix("data").replace("{scope}", scope)
            routes.add_api_route(
                path, _handler(handler, kind, scope), summary=kind.meaning, name=f"{kind.table}_{scope}", methods=["GET"]
            )
    routes.add_api_route("/ratings/{scope}/{id}", ratings_either, summary="ratings, the other spelling", methods=["GET"])
    routes.add_api_route(
        "/agent-decisions/room/{room}/decision/{decision}", one_decision, summary="one decision, whole", methods=["GET"]
    )
    return routes


def _handler(answer: Callable[..., Response], kind: DataType, scope: str) -> Callable[..., Response]:
    def handle(request: Request, id: str, asked: Annotated[Asked, Depends()]) -> Response:  # noqa: A002 - its name in the path
        request.state.key.require(kind.key_scope)
        return answer(request.app.state.service, kind, scope, id, asked)

    return handle


def paged(service: Service, kind: DataType, scope: str, scope_id: str, asked: Asked) -> Response:
    """Answer one page of records."""
    began = time.perf_counter()
    place = service.place(scope, scope_id, asked.roomId)
    limit = min(asked.limit or DEFAULT_LIMIT, service.parameters.page_cap)
    rows, moment = service.rows(kind, place, asked)
    window = slice(asked.offset, asked.offset + limit)
    if kind.name == "sync" and asked.aggregationWindow:
        every = [orjson.loads(one) for one in service.texts(kind, rows, moment)]
        means = [orjson.dumps(one).decode() for one in over_windows(every, asked.aggregationWindow)]
        total, texts = len(means), means[window]
    else:
        total, texts = len(rows), service.texts(kind, rows[window], moment)
    if asked.format == "csv":
        return csv_text(texts)
    about = _about(service, kind, place, began, query=asked.echo(limit))
    return success_texts(texts, about | {"pagination": pagination(total, len(texts), limit, asked.offset)})


def _about(service: Service, kind: DataType, place: Place, began: float, **more: object) -> dict[str, Any]:
    about = metadata(kind.name, place.scope, place.id, began, **more)
    if place.room and place.room["age"] == "old":
        about["processing"]["experimentStartedAt"] = iso(place.room["start_ms"])
    return about


def ratings_either(request: Request, scope: str, id: str, asked: Annotated[Asked, Depends()]) -> Response:  # noqa: A002 - its name in the path
    """Answer the older spelling ``data/ratings/room/{id}?ratingType=sparse``."""
    kind = DATA_TYPES[f"ratings/{asked.ratingType}"]
    if scope not in kind.scopes:
        raise no_endpoint(request.url.path)
    request.state.key.require(kind.key_scope)
    return paged(request.app.state.service, kind, scope, id, asked)


def variables(service: Service, kind: DataType, scope: str, scope_id: str, asked: Asked) -> Response:
    """Answer a room's shared variables; the timeline stands beside the writes."""
    began = time.perf_counter()
    place = service.place(scope, scope_id, None)
    rows, _ = service.rows(kind, place, asked)
    texts = service.database.records(kind.table, rows)
    beside = place.room["variables"] if place.room else {}
    return success_texts(texts, metadata(kind.name, scope, scope_id, began, **beside))


def counts(service: Service, kind: DataType, scope: str, scope_id: str, asked: Asked) -> Response:
    """Answer how many records of each kind a participant has in a room."""
    began = time.perf_counter()
    place = service.place(scope, scope_id, asked.roomId)
    tables = {one.table: one for one in DATA_TYPES.values()}
    numbers = {STORE_NAME.get(name, name): len(service.rows(tables[name], place, Asked())[0]) for name in COUNTED}
    record = {
        "participantId": scope_id,
        "roomId": asked.roomId,
        "counts": numbers,
        "hasData": {name: number > 0 for name, number in numbers.items()},
    }
    return success([record], metadata(kind.name, scope, scope_id, began))


def check_access(service: Service, kind: DataType, scope: str, scope_id: str, asked: Asked) -> Response:
    """Answer what this account may do with an experiment's data: all of it."""
    began = time.perf_counter()
    service.place(scope, scope_id, asked.roomId)
    access = {"experimentId": scope_id, "canView": True, "canExport": True}
    return success([access], metadata(kind.name, scope, scope_id, began))


def agent_decisions(service: Service, kind: DataType, scope: str, scope_id: str, asked: Asked) -> Response:
    """Answer the decisions of a scope's AI participants, and their runs."""
    began = time.perf_counter()
    place = service.place(scope, scope_id, None)
    most = asked.limit or DECISIONS_PER_ROOM
    seen: dict[str, int] = {}
    found, truncated = [], False
    for text in service.database.records(kind.table, service.rows(kind, place, Asked())[0]):
        record = orjson.loads(text)
        seen[record["roomId"]] = seen.get(record["roomId"], 0) + 1
        if seen[record["roomId"]] > most:
            truncated = True
            continue
        found.append({"_type": "decision"} | (record if asked.detail else _brief(record)))
    runs = DATA_TYPES["agent-runs"]
    for text in service.database.records(runs.table, service.rows(runs, place, Asked())[0]):
        run = orjson.loads(text)
        found.append({"_type": "run"} | {key: run[key] for key in run if key not in ("roomStatus", "orphaned")})
    about = metadata("agentDecisions", scope, scope_id, began)
    return success(found, about | ({"truncated": True} if truncated else {}))


def _brief(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key not in DETAIL}


def one_decision(request: Request, room: str, decision: str) -> Response:
    """Answer one decision with its details, as a bare object."""
    kind = DATA_TYPES["agent-decisions"]
    request.state.key.require(kind.key_scope)
    service: Service = request.app.state.service
    began = time.perf_counter()
    place = service.place("room", room, None)
    for text in service.database.records(kind.table, service.rows(kind, place, Asked())[0]):
        record = orjson.loads(text)
        if record["id"] == decision:
            return success(record, metadata("agentDecisions", "room", room, began))
    raise not_found("decision", decision)


def agent_runs(service: Service, kind: DataType, scope: str, scope_id: str, asked: Asked) -> Response:
    """Answer the runs of an experiment's AI participants."""
    began = time.perf_counter()
    place = service.place(scope, scope_id, asked.roomId)
    texts = service.database.records(kind.table, service.rows(kind, place, Asked())[0])
    return success_texts(texts, metadata("agentRuns", scope, scope_id, began))
