"""An answer that came whole: its JSON, or the error that it is."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from hs_jupyter.api.envelope import raise_error_body
from hs_jupyter.errors import RateLimitError, ServerError

if TYPE_CHECKING:
    from collections.abc import Mapping

_DEFAULT_RETRY_AFTER_SEC = 60.0
_OK = range(200, 300)
_TOO_MANY = 429


class Answer(NamedTuple):
    """What came: status, headers, and the content in pieces as they were received."""

    status: int
    headers: Mapping[str, str]
    pieces: list[bytes]


def parsed(answer: Answer, content: bytes, asked: str) -> Any:
    """Return the JSON of an answer's content.

    Raises
    ------
    RateLimitError, ServerError, ApiError
        As its status says, or where the content is no JSON.
    """
    status = answer.status
    body = _json(content)
    if status == _TOO_MANY:
        _raise_limited(answer, body)
    if status not in _OK:
        raise_error_body(body, status, asked=asked)
        raise ServerError(f"{asked}: the service answered {status}, which says nothing here", status=status)
    if body is None:
        raise ServerError(
            f"{asked}: the service's answer is not JSON (it may have been cut off)", status=status
        )
    return body


def _json(content: bytes) -> Any:
    """Parse JSON; None where it is none.

    A text that the service cut in the middle of an emoji holds half a character: strict readers
    refuse the whole page for it.
    """
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        pass
    try:
        repaired = json.dumps(json.loads(content), ensure_ascii=False, allow_nan=False)
        return orjson.loads(repaired.encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None


def _raise_limited(answer: Answer, body: Any) -> None:
    wait = retry_after_sec(answer.headers.get("Retry-After"))
    try:
        raise_error_body(body, _TOO_MANY)
    except RateLimitError as problem:
        limited = RateLimitError(
            f"{problem}; try again in {wait:.0f} s",
            status=_TOO_MANY,
            code=problem.code,
            details=problem.details,
        )
        limited.retry_after_sec = wait
        raise limited from None


def retry_after_sec(header: str | None, now: datetime | None = None) -> float:
    """Read ``Retry-After``, in seconds or as an HTTP date; 60 when it is missing or unreadable.

    Examples
    --------
    >>> retry_after_sec("7"), retry_after_sec(None)
    (7.0, 60.0)
    """
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return _DEFAULT_RETRY_AFTER_SEC
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - (now or datetime.now(UTC))).total_seconds())
