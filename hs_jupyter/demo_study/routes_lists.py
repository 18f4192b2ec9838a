"""Experiments, deployments, personas, health: what stands above the data."""

from __future__ import annotations

import time
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response  # noqa: TC002 - FastAPI reads annotations when it runs

from hs_jupyter.demo_study import people, truths
from hs_jupyter.demo_study.envelope import API_VERSION, metadata, pagination, success
from hs_jupyter.demo_study.film import FILM_ID, FILM_URL
from hs_jupyter.demo_study.refusals import not_found
from hs_jupyter.demo_study.service import Service  # noqa: TC001 - FastAPI reads annotations when it runs
from hs_jupyter.demo_study.stamps import iso

EXPERIMENTS_LIMIT = 50
IN_LIST = (
    "id",
    "name",
    "description",
    "ownerEmail",
    "roomCount",
    "participantCount",
    "createdAt",
    "updatedAt",
)
DEPLOYMENT_IN_LIST = ("id", "experimentId", "name", "status", "ownerId", "ownerName", "createdAt")

routes = APIRouter(tags=["study"])


@routes.get("/health")
def health() -> dict[str, str]:
    """Tell that the server is well; no key is needed."""
    return {"status": "healthy", "version": API_VERSION, "timestamp": iso(time.time() * 1000)}


@routes.get("/experiments")
def experiments(
    request: Request,
    search: Annotated[str, Query(description="part of the name or description")] = "",
    limit: Annotated[int, Query(ge=1)] = EXPERIMENTS_LIMIT,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """List the experiments."""
    began = time.perf_counter()
    request.state.key.require("read:experiments")
    service: Service = request.app.state.service
    word = search.casefold()
    found = [
        {key: one[key] for key in IN_LIST}
        for one in service.database.experiments.values()
        if word in f"{one['name']}\n{one['description']}".casefold()
    ]
    size = min(limit, service.parameters.page_cap)
    page = found[offset : offset + size]
    about = metadata("experiments", "user", people.OWNER["ownerId"], began)
    return success(page, about | {"pagination": pagination(len(found), len(page), size, offset)})


def _experiment(request: Request, experiment: str) -> dict[str, Any]:
    request.state.key.require("read:experiments")
    service: Service = request.app.state.service
    if experiment not in service.database.experiments:
        raise not_found("experiment", experiment)
    return service.database.experiments[experiment]


@routes.get("/experiments/{id}")
def experiment(request: Request, id: str) -> Response:  # noqa: A002 - its name in the path
    """Answer one experiment with its states and roles, in a list of one."""
    return success([_experiment(request, id)], metadata("experiment", "experiment", id, time.perf_counter()))


@routes.get("/experiments/{id}/config")
def experiment_config(request: Request, id: str) -> Response:  # noqa: A002 - its name in the path
    """Answer one experiment's raw configuration, in a list of one."""
    config = people.config(_experiment(request, id))
    return success([config], metadata("experiment", "experiment", id, time.perf_counter()))


@routes.get("/experiments/{id}/export")
def experiment_export(request: Request, id: str) -> Response:  # noqa: A002 - its name in the path
    """Answer one experiment with its media, in a list of one."""
    media = [{"id": FILM_ID, "url": FILM_URL, "filename": "the-dam.mp4", "type": "video"}]
    export = {"experiment": people.config(_experiment(request, id)), "mediaAssets": media}
    about = metadata("experimentExport", "experiment", id, time.perf_counter())
    return success([export], about | {"filename": f"{id}.json", "mediaAssetsCount": len(media)})


@routes.get("/deployments")
def deployments(
    request: Request,
    experimentId: Annotated[str, Query(description="only of this experiment")] = "",  # noqa: N803 - its name on the wire
    status: Annotated[str, Query(description="only with this status")] = "",
) -> Response:
    """List the deployments."""
    service: Service = request.app.state.service
    found = [
        {key: one[key] for key in DEPLOYMENT_IN_LIST}
        for one in service.database.beside["deployments"]
        if experimentId in ("", one["experimentId"]) and status in ("", one["status"])
    ]
    return success(found, metadata("deployments", "user", people.OWNER["ownerId"], time.perf_counter()))


def _deployment(request: Request, deployment: str) -> dict[str, Any]:
    service: Service = request.app.state.service
    for one in service.database.beside["deployments"]:
        if one["id"] == deployment:
            found: dict[str, Any] = one
            return found
    raise not_found("deployment", deployment)


@routes.get("/deployments/{id}")
def deployment(request: Request, id: str) -> Response:  # noqa: A002 - its name in the path
    """Answer one deployment, as a bare object."""
    return success(_deployment(request, id), metadata("deployment", "deployment", id, time.perf_counter()))


@routes.get("/deployments/{id}/sessions")
def deployment_sessions(request: Request, id: str) -> Response:  # noqa: A002 - its name in the path
    """List the rooms of a deployment."""
    found = _deployment(request, id)
    service: Service = request.app.state.service
    sessions = [
        {
            "id": name,
            "experimentId": found["experimentId"],
            "deploymentId": id,
            "status": "active" if name == truths.LIVE_ROOM else room["status"],
            "participantCount": len(room["people"]),
            "createdAt": iso(room["start_ms"]),
        }
        for name, room in service.database.rooms.items()
        if room["deployment"] == id
    ]
    return success(sessions, metadata("sessions", "deployment", id, time.perf_counter()))


@routes.get("/deployments/{id}/agent-spend")
def deployment_spend(request: Request, id: str) -> Response:  # noqa: A002 - its name in the path
    """Answer what a deployment's AI participants cost, in US dollars."""
    _deployment(request, id)
    service: Service = request.app.state.service
    per_room = service.spend(id)
    return success({"total": round(sum(per_room.values()), 6), "perRoom": per_room})


@routes.get("/personas")
def personas(request: Request) -> Response:
    """List the AI personas."""
    request.state.key.require("read:personas")
    return success(request.app.state.service.database.beside["personas"], {})


@routes.get("/personas/{id}")
def persona(request: Request, id: str) -> Response:  # noqa: A002 - its name in the path
    """Answer one persona, as a bare object."""
    request.state.key.require("read:personas")
    for one in request.app.state.service.database.beside["personas"]:
        if one["id"] == id:
            return success(one, {})
    raise not_found("persona", id)


@routes.get("/agent-cognition/catalog")
def cognition(request: Request) -> Response:
    """Answer what a persona's cognition can be built of, in a list of one."""
    request.state.key.require("read:personas")
    return success([request.app.state.service.database.beside["catalog"]], {})
