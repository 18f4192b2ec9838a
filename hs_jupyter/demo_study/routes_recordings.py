"""Recording files: a key mints a link that works for a while, the link gives the bytes."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Query, Request
from starlette.responses import FileResponse, Response

from hs_jupyter.demo_study import build
from hs_jupyter.demo_study.clips import clip
from hs_jupyter.demo_study.envelope import success
from hs_jupyter.demo_study.refusals import not_found
from hs_jupyter.demo_study.service import Service  # noqa: TC001 - FastAPI reads annotations when it runs

MEDIA_TYPE = {"mp4": "video/mp4", "webm": "audio/webm"}

LISTED_LINK_SECONDS = 7 * 86_400
"""Older recordings come with their link in the list, and it works for a week."""

mint = APIRouter(prefix="/data/recordings/download", tags=["recordings"])
storage = APIRouter(prefix="/storage", tags=["recordings"])


@mint.get("/{room}/{recording}")
def mint_link(request: Request, room: str, recording: str) -> Response:
    """Answer a signed link to a recording's file; it works without a key, for a while."""
    request.state.key.require("read:recordings")
    service: Service = request.app.state.service
    record = service.recording(room, recording)
    seconds = service.parameters.link_seconds
    return success({"url": link(service, str(request.base_url), room, record["recordingId"], seconds)})


def link(service: Service, base: str, room: str, recording: str, seconds: float) -> str:
    """Sign a link to a recording's file, valid for so many seconds."""
    path = f"{quote(room, safe='')}/{quote(recording, safe='')}"
    return f"{base}storage/{path}?{service.signer.query(path, seconds)}"


def with_links(service: Service, base: str, texts: list[str]) -> list[str]:
    """Give the recordings that cannot be asked for one by one their link in the list."""
    records = [orjson.loads(text) for text in texts]
    for one in records:
        if "downloadPath" not in one:
            one["downloadUrl"] = link(service, base, one["roomId"], one["recordingId"], LISTED_LINK_SECONDS)
    return [orjson.dumps(one).decode() for one in records]


@storage.get("/{room}/{recording}")
def stored_file(
    request: Request,
    room: str,
    recording: str,
    expires: Annotated[int, Query()],
    signature: Annotated[str, Query()],
) -> Response:
    """Send a recording's file, whole or the ``Range`` asked for; it is made at first request."""
    service: Service = request.app.state.service
    service.signer.check(f"{quote(room, safe='')}/{quote(recording, safe='')}", expires, signature)
    record = service.recording(room, recording)
    try:
        file = clip(record, build.folder() / service.parameters.study_key / "clips")
    except ModuleNotFoundError as missing:
        raise not_found(
            "recording (PyAV is not installed: pip install 'hs-jupyter[demo]')", recording
        ) from missing
    return FileResponse(file, media_type=MEDIA_TYPE[record["format"]])
