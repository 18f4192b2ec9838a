"""Read the envelope of an answer, in every variant the service is known to send. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hs_jupyter.errors import (
    ApiError,
    AuthenticationError,
    BadRequestError,
    ForbiddenError,
    NotFoundError,
    RateLimitError,
    ServerError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_BY_STATUS: dict[int, type[ApiError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: ForbiddenError,
    404: NotFoundError,
    429: RateLimitError,
}
_SERVER_FAULT = 500


@dataclass(frozen=True)
class Page:
    """One answer, unwrapped.

    Attributes
    ----------
    records
        The records, in the server's order.
    metadata
        The answer's metadata as it came (never null).
    total
        How many records the server announces in all, or None; known to be wrong at times.
    has_more
        Whether the server announces further records.
    next_offset
        Where they begin, if the server says; otherwise count the records received.
    warnings
        The server's doubts about this result; with any, it may be incomplete.
    malformed
        How many entries were no records at all.
    count
        How many records came.
    shaped
        What the records became, where whoever asked made something of them: equal if the records are,
        and it can be sliced. ``records`` is empty then.
    offset, asked, after
        Where the page begins, how many records were asked for, and where the next page begins.
    """

    records: list[dict[str, Any]]
    metadata: Mapping[str, Any] = field(default_factory=dict)
    total: int | None = None
    has_more: bool = False
    next_offset: int | None = None
    warnings: tuple[str, ...] = ()
    malformed: int = 0
    count: int = 0
    shaped: Any = None
    offset: int = 0
    asked: int = 0
    after: int = 0


def read_page(body: Any, offset: int = 0) -> Page:
    """Unwrap a list answer.

    Parameters
    ----------
    body
        The parsed JSON: an envelope with ``data`` as list or object, a bare list, or a bare object.
    offset
        The offset that was asked for; the flat form of metadata is read against it.

    Raises
    ------
    ApiError
        For an error under HTTP 200.
    """
    raise_error_body(body, 200)
    data, metadata = _unwrap(body)
    entries = data if isinstance(data, list) else [data]
    records = [one for one in entries if isinstance(one, dict)]
    pagination = _mapping(metadata.get("pagination"))
    total = _count(pagination.get("total", metadata.get("total")))
    if pagination:
        has_more = pagination.get("hasMore") is True
    else:  # the flat form: total beside the data, no hasMore
        has_more = total is not None and bool(entries) and offset + len(entries) < total
    next_offset = _count(pagination.get("nextOffset"))
    return Page(
        records=records,
        metadata=metadata,
        total=total,
        has_more=has_more,
        next_offset=next_offset if next_offset is not None and next_offset > offset else None,
        warnings=_texts(metadata.get("_warnings")),
        malformed=len(entries) - len(records),
        count=len(records),
        offset=offset,
    )


def read_object(body: Any) -> dict[str, Any]:
    """Unwrap a single object, whether bare, in ``data``, or as a list of one.

    Raises
    ------
    ApiError
        For an error under HTTP 200.
    ServerError
        If there is no object.
    """
    raise_error_body(body, 200)
    data, _ = _unwrap(body)
    if isinstance(data, list) and len(data) == 1:
        data = data[0]
    if not isinstance(data, dict):
        raise ServerError("the service answered with something that is no record", status=200)
    return data


def raise_error_body(body: Any, status: int, *, asked: str = "") -> None:
    """Raise the typed error that a body or a status describes; return if it is none.

    The status decides which error it is; ``code`` is informative text only.
    """
    failed = status >= min(_BY_STATUS)
    envelope = _mapping(body)
    error = envelope.get("error")
    if not failed and not (
        envelope.get("status") == "error" or ("error" in envelope and "data" not in envelope)
    ):
        return
    detail = _mapping(error)
    message = detail.get("message") or (error if isinstance(error, str) else "") or envelope.get("message")
    details = _mapping(detail.get("details"))
    kind = _BY_STATUS.get(status) or (ServerError if status >= _SERVER_FAULT else ApiError)
    what = f"{asked}: " if asked else ""
    said = str(message)[:500] if message else "no message came with it"
    raise kind(
        f"{what}the service answered {_spoken(status)}: {said}{_missing_scope(details)}",
        status=status,
        code=str(detail.get("code") or ""),
        details=details,
    )


def _missing_scope(details: Mapping[str, Any]) -> str:
    required = _texts(details.get("required"))
    return f" (the key lacks the scope {', '.join(required)})" if required else ""


def _spoken(status: int) -> str:
    return "with an error" if status == 200 else str(status)  # noqa: PLR2004


def _unwrap(body: Any) -> tuple[Any, Mapping[str, Any]]:
    if not isinstance(body, dict):
        return body, {}
    bare = {key: value for key, value in body.items() if key not in {"status", "metadata"}} or None
    data = body.get("data") if "data" in body else bare
    return ([] if data is None else data), _mapping(body.get("metadata"))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


def _count(value: Any) -> int | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
