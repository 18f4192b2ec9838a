"""Ask until the service answers: within the budget, again after what passes, and no longer than it helps."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from threading import get_ident
from typing import TYPE_CHECKING, Any, Protocol

from hs_jupyter.api.budget import Budget, Clock, budget_of, endpoint_of
from hs_jupyter.errors import HsError, InputError, NetworkError, PauseError, RateLimitError, ServerError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hs_jupyter.api.connection import Connection
    from hs_jupyter.api.halt import Halt

ENV_PATIENCE = "HS_JUPYTER_PATIENCE"
PATIENCE_SEC = 120.0
LONGEST_WAIT_SEC = 300.0
"""Whoever must wait longer is told until when, and is not kept waiting."""

_FIRST_PAUSE_SEC = 0.5
_LONGEST_PAUSE_SEC = 30.0
_SERVER_FAULT = 500
_REDIRECT = 300


Read = Callable[[Any], Any]
"""Makes something of parsed JSON, at once: of several answers one at a time is held as Python objects."""


class Sends(Protocol):
    """What can send one request: a `Transport`."""

    def get(
        self,
        path: str,
        params: Mapping[str, Any] | None,
        *,
        slow: bool = ...,
        halt: Halt | None = ...,
        read: Read | None = ...,
    ) -> Any:
        """Return the parsed JSON of the answer, or what ``read`` makes of it."""


@dataclass(frozen=True)
class Policy:
    """How a connection is asked.

    Attributes
    ----------
    budget
        How often.
    patience_sec
        How long a request that fails is tried again, beyond what ``Retry-After`` asks.
    random
        For pauses of different length: many that failed together must not come back together.
    page_size
        Records that one request asks for, never more; None: as many as suits the service.
    """

    budget: Budget = field(default_factory=Budget)
    patience_sec: float = 0.0
    random: Random = field(default_factory=Random)
    clock: Clock = time.monotonic
    page_size: int | None = None


def policy_of(connection: Connection, environ: Mapping[str, str] | None = None) -> Policy:
    """Return the policy of a connection, as the environment says.

    Raises
    ------
    InputError
        If a variable of the environment is no number.
    """
    held = os.environ if environ is None else environ
    text = held.get(ENV_PATIENCE, "").strip()
    try:
        patience = float(text) if text else PATIENCE_SEC
    except ValueError:
        patience = -1.0
    if not 0.0 <= patience < float("inf"):
        raise InputError(f"{ENV_PATIENCE}='{text}' is no number of seconds")
    return Policy(budget_of(connection, environ=held), patience, page_size=connection.page_size)


@dataclass(frozen=True)
class Waiting:
    """Why a request waits, and until when."""

    reason: str
    until: datetime


class Asking:
    """The requests of one question, from any of its threads.

    Parameters
    ----------
    service
        Sends one request.
    policy
        How often, and how long it is tried again.
    halt
        Ends waits and requests.
    slow
        Whether answers may take minutes.
    longest_wait_sec
        Who would have to wait longer is told so.
    """

    def __init__(
        self,
        service: Sends,
        policy: Policy,
        halt: Halt,
        *,
        slow: bool = False,
        longest_wait_sec: float = LONGEST_WAIT_SEC,
    ) -> None:
        self._service = service
        self._policy = policy
        self._halt = halt
        self._slow = slow
        self._longest_wait_sec = longest_wait_sec
        self._waits: dict[int, Waiting] = {}

    @property
    def waiting(self) -> Waiting | None:
        """The longest wait of now."""
        return max(self._waits.copy().values(), key=lambda one: one.until, default=None)

    def get(self, path: str, params: Mapping[str, Any], read: Read | None = None) -> Any:
        """Return the parsed JSON of an answer, or what ``read`` makes of it.

        Raises
        ------
        PauseError
            If the service wants a wait of over 5 minutes.
        ApiError, NetworkError, CredentialsError
            At once where asking again does not help; else when patience ends.
        """
        endpoint, policy = endpoint_of(path), self._policy
        spent, pause_sec = 0.0, _FIRST_PAUSE_SEC
        while True:
            self._take_turn(endpoint)
            began = policy.clock()
            try:
                return self._service.get(path, params, slow=self._slow, halt=self._halt, read=read)
            except (RateLimitError, ServerError, NetworkError) as problem:
                self._halt.check()  # a request cut by the halt fails like any other
                if not policy.patience_sec or not _passes(problem):
                    raise
                asked = problem.retry_after_sec if isinstance(problem, RateLimitError) else 0.0
                if asked:
                    policy.budget.block(endpoint, asked)
                    self._end_if_long(asked, f"{path}: the service asks for a pause")
                pause = policy.random.uniform(0.0, pause_sec)
                spent += policy.clock() - began + pause
                if spent > policy.patience_sec:
                    raise
                if not asked:
                    self._wait(_reason(problem), pause)
                else:
                    self._wait("the service asks for a pause", asked + pause)
                pause_sec = min(_LONGEST_PAUSE_SEC, pause_sec * 2)

    def _take_turn(self, endpoint: str) -> None:
        self._halt.check()
        while (seconds := self._policy.budget.take(endpoint)) > 0.0:
            reason = "the service allows only so many requests"
            self._end_if_long(seconds, f"{endpoint}: {reason}")
            self._wait(reason, seconds)

    def _end_if_long(self, seconds: float, reason: str) -> None:
        if seconds > self._longest_wait_sec:
            raise PauseError(reason, _after(seconds), seconds)

    def _wait(self, reason: str, seconds: float) -> None:
        self._waits[get_ident()] = Waiting(reason, _after(seconds))
        try:
            self._halt.sleep(seconds)
        finally:
            del self._waits[get_ident()]


def _after(seconds: float) -> datetime:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).astimezone()


def _passes(problem: HsError) -> bool:
    """Tell whether asking again may help."""
    if isinstance(problem, ServerError):  # below 300: cut, or not JSON
        return problem.status >= _SERVER_FAULT or problem.status < _REDIRECT
    return problem.transient if isinstance(problem, NetworkError) else True


def _reason(problem: HsError) -> str:
    if isinstance(problem, ServerError) and problem.status >= _SERVER_FAULT:
        return f"the service answered {problem.status}"
    return "an answer broke off" if isinstance(problem, ServerError) else str(problem).partition(";")[0]
