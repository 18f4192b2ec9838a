"""Why a request could not be answered: a sentence with what to do, where it belongs, what kind of thing it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hs_jupyter.errors import (
    ApiError,
    AuthenticationError,
    CredentialsError,
    ForbiddenError,
    HsError,
    InputError,
    NetworkError,
    NotFoundError,
    PlanError,
    RateLimitError,
)
from hs_jupyter.explorer.messages import Failure
from hs_jupyter.explorer.tasks import CancelledError
from hs_jupyter.masking import mask_secrets

if TYPE_CHECKING:
    from hs_jupyter.explorer.messages import Place, Reason

_PLACES: dict[str, Place] = {
    "hello": "connection",
    "scopes": "scopes",
    "recent": "scopes",
    "find": "scopes",
    "open": "scopes",
    "types": "types",
    "page": "records",
    "cell": "records",
    "fetch": "records",
    "timeline": "timeline",
    "bound": "timeline",
    "vega": "timeline",
    "counts": "selection",
    "code": "selection",
    "push": "push",
    "media": "player",
    "live": "live",
}
_REASONS: tuple[tuple[type[BaseException], Reason], ...] = (
    (CancelledError, "cancelled"),
    (PlanError, "plan"),
    (InputError, "input"),
    (NotFoundError, "not found"),
    (ForbiddenError, "key"),
    (AuthenticationError, "key"),
    (CredentialsError, "key"),
    (RateLimitError, "wait"),
    (NetworkError, "network"),
    (ApiError, "service"),
    (HsError, "service"),
)
_MOST_CHARACTERS = 600
_MOST_OF_FAULT = 300
_ID_MOST = 100
_WORD = re.compile(r"[a-z]+[ ,:]")
"""A message that begins with a word begins a sentence; an ID stays as it is."""


def failure_of(problem: BaseException, request: Any) -> Failure:
    """Explain an exception as the answer to a request.

    Parameters
    ----------
    problem
        What was raised.
    request
        The request, one of `hs_jupyter.explorer.messages.AnyRequest`.
    """
    kind = request.__struct_config__.tag
    reasons: list[Reason] = [one for raised, one in _REASONS if isinstance(problem, raised)]
    return Failure(
        id=request.id,
        to=kind,
        sentence=_sentence(problem, known=isinstance(problem, HsError)),
        place=_PLACES.get(kind, "connection"),
        reason=reasons[0] if reasons else "fault",
        key_scope=missing_key_scope(problem),
    )


def unread(content: Any, problem: Exception) -> Failure:
    """Explain a message that is none; its ID is answered where it has one."""
    held = content if isinstance(content, dict) else {}
    id_, kind = held.get("id"), held.get("type")
    return Failure(
        id=id_ if isinstance(id_, str) and len(id_) <= _ID_MOST else "",
        to=kind if isinstance(kind, str) and kind in _PLACES else "",
        sentence=_sentence(problem, known=True, start="a message of the explorer could not be read: "),
        place=_PLACES.get(kind, "connection") if isinstance(kind, str) else "connection",
        reason="input",
    )


def missing_key_scope(problem: BaseException | None) -> str | None:
    """Return the key scope that an error says is missing."""
    required = problem.details.get("required") if isinstance(problem, ForbiddenError) else None
    return str(required[0]) if isinstance(required, list) and required else None


def _sentence(problem: BaseException, *, known: bool, start: str = "") -> str:
    text = " ".join(mask_secrets(str(problem)).split())
    if not known:
        what = text if len(text) <= _MOST_OF_FAULT else text[:_MOST_OF_FAULT] + "…"
        text = (
            f"unexpected {type(problem).__name__}: {what} (a fault of hs_jupyter, not yours: please report it "
            "with what the explorer's .fault shows)"
        )
    text = start + text
    if len(text) > _MOST_CHARACTERS:
        return text[:_MOST_CHARACTERS] + "…"
    if _WORD.match(text):
        text = text[0].upper() + text[1:]
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."
