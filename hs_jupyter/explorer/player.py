"""A recording to play: a fresh link, in the answer alone; where it lies on the onset axis."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import pyarrow.compute as pc

from hs_jupyter.api.origins import is_loopback
from hs_jupyter.errors import InputError, ServerError, did_you_mean
from hs_jupyter.explorer.answers import MediaAnswer
from hs_jupyter.explorer.desk import Reply
from hs_jupyter.explorer.host import Host, scope_from
from hs_jupyter.recording_files.wanted import wanted_of
from hs_jupyter.tables.derive import MS_PER_SEC

if TYPE_CHECKING:
    from hs_jupyter.explorer.messages import Media
    from hs_jupyter.explorer.tasks import Task

TABLE = "recordings"
_CONTAINERS = {"mp4": "mp4", "webm": "webm", "ogg": "ogg", "m4a": "mp4", "mp3": "mpeg"}


def media(request: Media, host: Host, task: Task) -> Reply:
    """Return a link to a recording's file, and where the file begins."""
    scope = scope_from(request.scope)
    table = host.shelf(scope).whole(TABLE, task).table
    row = table.filter(pc.equal(table["recordingId"], request.recording)).slice(0, 1)
    if not row.num_rows:
        near = did_you_mean(request.recording, filter(None, table["recordingId"].to_pylist()))
        raise InputError(f"recording '{request.recording}' is not in {scope}{near}")
    [wanted] = wanted_of(row)
    if wanted.not_ready:
        raise InputError(wanted.not_ready)
    url = _checked(host.doors.link(wanted, scope))
    [values] = row.to_pylist()
    length_ms = _number(values.get("duration"))
    kind: Literal["video", "audio"] = "audio" if wanted.kind == "audio" else "video"
    container = _CONTAINERS.get(wanted.format.lower(), "webm" if kind == "audio" else "mp4")
    return Reply(
        MediaAnswer(
            recording=request.recording,
            url=url,
            kind=kind,
            media_type=f"{kind}/{container}",
            start_sec=_number(values.get("onset_sec")),
            duration_sec=length_ms / MS_PER_SEC if length_ms else None,
        )
    )


def _checked(url: str) -> str:
    """Refuse a link that a player should not open: only https, or this machine."""
    try:
        scheme = urlsplit(url).scheme
    except ValueError:
        scheme = ""
    if scheme == "https" or (scheme == "http" and is_loopback(url)):
        return url
    raise ServerError("the service's link to this recording is none that may be opened", status=200)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None
