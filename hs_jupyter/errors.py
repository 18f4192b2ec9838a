"""Typed errors for Python callers, and the one-line error of the magics.

Every message is one sentence that says what was asked, what was wrong and what to do; keys and
signed URLs in it are masked when it is made.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from hs_jupyter.masking import mask_secrets, mask_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime


class HsError(Exception):
    """Base of every error this package raises on purpose."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(mask_secrets(message).split()))


class InputError(HsError, ValueError):
    """What was asked is not in the language: an unknown verb, a bad time, a missing room."""


class PlanError(InputError):
    """What was asked needs more requests than anybody should send unasked.

    Attributes
    ----------
    requests : int
        How many are still to be sent.
    """

    requests: int = 0


class CredentialsError(HsError):
    """No key, or a key that must not be sent to the base URL asked for."""


class NetworkError(HsError):
    """The service could not be reached, or the answer broke off; ``transient`` if that may pass."""

    transient: bool = False


class ApiError(HsError):
    """The service answered with an error.

    Attributes
    ----------
    status : int
        HTTP status (200 when an error came under HTTP 200).
    code : str
        The server's own code, informative only.
    details : dict
        The server's details, for example ``{"required": [...], "provided": [...]}``.
    """

    def __init__(
        self, message: str, *, status: int = 0, code: str = "", details: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.details: dict[str, Any] = mask_values(dict(details or {}))


class BadRequestError(ApiError):
    """HTTP 400: a parameter the service does not accept."""


class AuthenticationError(ApiError):
    """HTTP 401: the key is missing, wrong, expired or revoked."""


class ForbiddenError(ApiError):
    """HTTP 403: the key lacks a scope, or the account has no right to the data."""


class NotFoundError(ApiError):
    """HTTP 404: no such experiment, room or participant."""


class RateLimitError(ApiError):
    """HTTP 429; ``retry_after_sec`` says how long the service asks to wait."""

    retry_after_sec: float = 60.0


class PauseError(RateLimitError):
    """The service wants a wait that nobody sits through unasked.

    Attributes
    ----------
    reason : str
        Why.
    until : datetime or None
        When it may be asked again.
    """

    def __init__(
        self, reason: str, until: datetime | None = None, seconds: float = 60.0, kept: str = ""
    ) -> None:
        ready = f"; {kept}" if kept else ""
        when = f" until {until:%Y-%m-%d %H:%M:%S}{ready}; ask again then, or --wait" if until else ""
        super().__init__(f"{reason}{when}", status=429)
        self.reason = mask_secrets(reason)
        self.until = until
        self.retry_after_sec = seconds


class ServerError(ApiError):
    """HTTP 5xx, or an answer that is not what the service documents."""


class IncompleteError(HsError):
    """The service doubts its own answer, so that it cannot stand for the whole."""


class NotStoredError(HsError):
    """What is asked for is not in the store, and the service is not to be asked."""


class StoreError(HsError):
    """The store's folder cannot be used as asked: read-only, unreadable, of a newer format."""


class DamagedError(StoreError):
    """Something stored is damaged; it has been set aside, and can be fetched again."""


class StoreFullError(StoreError):
    """There is no room on the disk; what was stored before is whole."""


class MagicError(HsError):
    """An error at the magic boundary: shown as one line, without a traceback.

    IPython 8, 9 and ipykernel ask an exception for ``_render_traceback_``; a list of one line is all
    they print.
    """

    def _render_traceback_(self) -> list[str]:
        return [f"hs: {self}"]


def did_you_mean(word: str, valid: Iterable[str], *, likeness: float = 0.6) -> str:
    """Return ``"; did you mean 'x'?"`` for the nearest valid word, or nothing below a likeness of 0..1.

    Words that differ only in case or in the zeros before a number come first.

    Examples
    --------
    >>> did_you_mean("evnts", ["events", "sync"])
    "; did you mean 'events'?"
    >>> did_you_mean("room_1", ["room_12", "room_01"])
    "; did you mean 'room_01'?"
    """
    known = {str(one): _plainly(str(one)) for one in valid}
    wanted = _plainly(str(word))
    same = [one for one, plain in known.items() if plain == wanted and one != word]
    near = same or get_close_matches(wanted, known.values(), n=1, cutoff=likeness)
    names = [one for one, plain in known.items() if one in near or plain in near]
    return f"; did you mean '{names[0]}'?" if names else ""


def _plainly(word: str) -> str:
    return re.sub(r"0+(?=\d)", "", word.lower())
