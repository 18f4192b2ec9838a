"""The data endpoints: every type of the catalogue at every scope it has."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import orjson
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response  # noqa: TC002 - FastAPI reads annotations when it runs

from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.demo_study import answers
from hs_jupyter.demo_study.aggregate import over_windows
from hs_jupyter.demo_study.answers import Ask
from hs_jupyter.demo_study.asked import DEFAULT_LIMIT, Asked
from hs_jupyter.demo_study.describe import described
from hs_jupyter.demo_study.envelope import csv_text, metadata, pagination, success_texts
from hs_jupyter.demo_study.routes_recordings import with_links
from hs_jupyter.demo_study.service import no_endpoint
from hs_jupyter.demo_study.stamps import iso

if TYPE_CHECKING:
    from collections.abc import Callable

    from hs_jupyter.catalog import DataType


ANY_ID = "{id:path}"
"""An ID may hold a slash, which arrives decoded."""


def router() -> APIRouter:
    """Make a route for every data type and scope of the catalogue."""
    unpaged = {
        "variables": answers.variables,
        "counts": answers.counts,
        "check-access": answers.check_access,
        "agent-decisions": answers.agent_decisions,
        "agent-runs": answers.agent_runs,
    }
    routes = APIRouter(prefix="/data", tags=["data"])
    path = "/agent-decisions/room/{room}/decision/{decision}"
    routes.add_api_route(path, one_decision, summary="one decision with its details")
    for kind in DATA_TYPES.values():
        for scope in () if kind.view else kind.scopes:
            path = kind.path.removeprefix("data").replace("{scope}", scope).replace("{id}", ANY_ID)
            handler = _handler(unpaged.get(kind.name, paged), kind, scope)
            name = f"{kind.table}_{scope}"
            routes.add_api_route(path, handler, summary=kind.meaning, name=name, responses=described(kind))
    routes.add_api_route(
        f"/ratings/{{scope}}/{ANY_ID}", either_ratings, summary="ratings, the older spelling"
    )
    return routes


def _handler(answer: Callable[[Ask], Response], kind: DataType, scope: str) -> Callable[..., Response]:
    def handle(request: Request, id: str, asked: Annotated[Asked, Depends()]) -> Response:  # noqa: A002 - its name in the path
        request.state.key.require(kind.key_scope)
        return answer(Ask(request.app.state.service, str(request.base_url), kind, scope, id, asked))

    return handle


def either_ratings(request: Request, scope: str, id: str, asked: Annotated[Asked, Depends()]) -> Response:  # noqa: A002 - its name in the path
    """Answer the older spelling ``data/ratings/room/{id}?ratingType=sparse``."""
    kind = DATA_TYPES[f"ratings/{asked.ratingType}"]
    if scope not in kind.scopes:
        raise no_endpoint(request.url.path)
    return _handler(paged, kind, scope)(request, id, asked)


def one_decision(request: Request, room: str, decision: str) -> Response:
    """Answer one decision of an AI participant with its details."""
    request.state.key.require(DATA_TYPES["agent-decisions"].key_scope)
    return answers.one_decision(request.app.state.service, room, decision)


def paged(ask: Ask) -> Response:
    """Answer one page of records."""
    began = time.perf_counter()
    kind, service, asked = ask.kind, ask.service, ask.asked
    place = ask.place()
    limit = min(asked.limit or DEFAULT_LIMIT, service.parameters.page_cap)
    page = slice(asked.offset, asked.offset + limit)
    rows, moment = service.rows(kind, place, asked)
    if kind.name == "sync" and asked.aggregationWindow:
        every = [orjson.loads(one) for one in service.texts(kind, rows, moment)]
        means = over_windows(every, asked.aggregationWindow)
        total, texts = len(means), [orjson.dumps(one).decode() for one in means[page]]
    else:
        total, texts = len(rows), service.texts(kind, rows[page], moment)
    if kind.name == "recordings":
        texts = with_links(service, ask.base, texts)
    if asked.format == "csv":
        return csv_text(texts)
    about = metadata(kind.name, place.scope, place.id, began, query=asked.echo(limit))
    about["pagination"] = pagination(total, len(texts), limit, asked.offset)
    if place.room and place.room["age"] == "old":
        about["processing"]["experimentStartedAt"] = iso(place.room["start_ms"])
    return success_texts(texts, about)
