"""The demo study's HTTP service, and the process that runs it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import sys
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import JSONResponse, Response

from hs_jupyter.demo_study import build, routes_data, routes_lists, routes_recordings
from hs_jupyter.demo_study.database import Database
from hs_jupyter.demo_study.describe import with_key
from hs_jupyter.demo_study.envelope import API_VERSION
from hs_jupyter.demo_study.keys import key_of
from hs_jupyter.demo_study.lease import Leases
from hs_jupyter.demo_study.parameters import Parameters
from hs_jupyter.demo_study.refusals import Refusal, bad_parameter
from hs_jupyter.demo_study.service import Service, no_endpoint

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    Next = Callable[[Request], Awaitable[Response]]

BASE = "/api/v3"
OPENAPI = (f"{BASE}/openapi.json", f"{BASE}/openapi.yaml")
PUBLIC = {f"{BASE}/health", *OPENAPI}
"""Paths that need no key."""
HOSTS = ["127.0.0.1", "localhost"]
"""The names this server answers to: a page of the internet that points its own name here is refused."""


def application(service: Service) -> FastAPI:
    """Make the service's application."""
    app = FastAPI(
        title="HyperStudy demo study",
        version=API_VERSION,
        description="The documented data API v3, answered from a generated study.",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    app.state.service = service
    app.include_router(routes_recordings.mint, prefix=BASE)
    app.include_router(routes_data.router(), prefix=BASE)
    app.include_router(routes_lists.routes, prefix=BASE)
    app.include_router(routes_recordings.storage)
    for path in OPENAPI:  # JSON is YAML, too
        app.add_api_route(path, lambda: JSONResponse(with_key(app.openapi())), include_in_schema=False)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _unknown)
    app.add_exception_handler(Exception, _fault)
    app.middleware("http")(_guard)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=HOSTS, www_redirect=False)
    return app


async def _guard(request: Request, call_next: Next) -> Response:
    """Check method, key and limits before anything is looked up."""
    service: Service = request.app.state.service
    path = request.url.path
    if service.parameters.delay_ms:
        await asyncio.sleep(service.parameters.delay_ms / 1000)
    if path.startswith(BASE) and path not in PUBLIC:
        try:
            request.state.key = key = key_of(request.headers.get("X-API-Key"))
            service.count(key.text, endpoint_of(path))
        except Refusal as refusal:
            return _refusal(refusal)
        if request.method != "GET":
            return _refusal(Refusal(403, "FORBIDDEN", "The demo study cannot be written to"))
    return await call_next(request)


def endpoint_of(path: str) -> str:
    """Name the endpoint that a path belongs to, for the limits: the data type, without scope and ID.

    Examples
    --------
    >>> endpoint_of("/api/v3/data/ratings/continuous/room/r1")
    'data/ratings/continuous'
    """
    parts = path.removeprefix(BASE).strip("/").split("/")
    if parts[0] != "data":
        return parts[0]
    return "/".join(parts[: 3 if parts[1:2] == ["ratings"] else 2])


def _refusal(refusal: Refusal) -> JSONResponse:
    return JSONResponse(refusal.body, refusal.status, refusal.headers)


async def _refused(_: Request, error: Exception) -> Response:
    return _refusal(error) if isinstance(error, Refusal) else Response(status_code=500)


async def _invalid(_: Request, error: Exception) -> Response:
    """Say a value that FastAPI refused in the service's words."""
    first: dict[str, Any] = error.errors()[0] if isinstance(error, RequestValidationError) else {}
    value = first.get("input")
    expected = str(first.get("msg")).removeprefix("Input should be ")
    name = str(first.get("loc", ["?"])[-1])
    return _refusal(bad_parameter(name, value if isinstance(value, str) else None, expected))


async def _unknown(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return _refusal(
        no_endpoint(request.url.path) if status in (404, 405) else Refusal(status, "ERROR", str(error))
    )


async def _fault(_: Request, error: Exception) -> Response:
    return _refusal(Refusal(500, "INTERNAL_SERVER_ERROR", f"The demo study failed: {type(error).__name__}"))


async def serve(parameters: Parameters, place: Path, ready: Callable[[dict[str, Any]], None]) -> None:
    """Serve until the last user has gone; ``ready`` gets the address once requests are answered."""
    import uvicorn

    app = application(Service(parameters, Database(place)))
    config = uvicorn.Config(
        app,
        "127.0.0.1",
        parameters.port,
        log_level="warning",
        access_log=False,
        lifespan="off",
        timeout_keep_alive=75,
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    token = secrets.token_urlsafe(24)

    def finish() -> None:
        server.should_exit = True

    leases = Leases(token, finish)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        if serving.done():
            await serving
            raise OSError("the server ended before it began")
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    lease_port = await leases.open()
    ready(
        {
            "base_url": f"http://127.0.0.1:{port}{BASE}",
            "lease_port": lease_port,
            "token": token,
            "pid": os.getpid(),
        }
    )
    await serving


def main() -> None:
    """Run as a process of its own: parameters come as JSON, what happens is said line by line as JSON."""
    parameters = Parameters(**json.loads(sys.argv[1]))

    def say(**said: object) -> None:
        # Who started this may have gone before hearing it; the study is for others too.
        with contextlib.suppress(OSError):
            sys.stdout.write(json.dumps(said) + "\n")
            sys.stdout.flush()

    try:
        place = build.ensure(parameters, lambda doing: say(doing=doing))
        asyncio.run(serve(parameters, place, lambda address: say(address=address)))
    except SystemExit:  # how uvicorn says that it cannot listen
        say(failed=f"port {parameters.port} is taken")
    except Exception as error:
        say(failed=f"{type(error).__name__}: {error}")
        raise


if __name__ == "__main__":
    main()
