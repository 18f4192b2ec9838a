"""Which requests were sent when: sliding windows, as a plain value and in a file that kernels share."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING, Any, TypeVar

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MINUTE_SEC = 60.0
HOUR_SEC = 3600.0
_LOCK_SEC = 1.0
_MOST_BYTES = 1_000_000
_OF_KEY = ""
"""The name under which the requests of all endpoints together are counted."""

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Limits:
    """Requests allowed: a minute at one endpoint, and an hour with one key."""

    per_minute: int = 97
    per_hour: int = 970

    def windows(self, endpoint: str) -> tuple[tuple[str, int, float], ...]:
        """Name the windows that a request must fit in: whose requests, how many, in how many seconds."""
        return (endpoint, self.per_minute, MINUTE_SEC), (_OF_KEY, self.per_hour, HOUR_SEC)

    def duration_sec(self, requests: int) -> float:
        """Return how long so many requests to one endpoint take, if none were sent before.

        Examples
        --------
        >>> Limits().duration_sec(97), Limits().duration_sec(300), Limits().duration_sec(971)
        (0.0, 180.0, 3600.0)
        """
        hours, rest = divmod(max(0, requests - 1), self.per_hour)
        return hours * HOUR_SEC + rest // self.per_minute * MINUTE_SEC


@dataclass
class Ledger:
    """Instants of requests by endpoint, and until when an endpoint is blocked; seconds of one clock.

    A clock that was set back leaves instants in the future: they count as now, so that they hold for
    one window at most.

    Examples
    --------
    >>> ledger, limits = Ledger(), Limits(per_minute=1)
    >>> ledger.take("events", 100.0, limits), ledger.take("events", 110.0, limits)
    (0.0, 50.0)
    """

    seen: dict[str, list[float]] = field(default_factory=dict)
    blocked: dict[str, float] = field(default_factory=dict)

    def take(self, endpoint: str, now: float, limits: Limits | None) -> float:
        """Count a request and return 0.0, or return the seconds until it may be asked for again."""
        wait = self.wait(endpoint, now, limits)
        if not wait and limits:
            for name, _, _ in limits.windows(endpoint):
                self.seen.setdefault(name, []).append(now)
        return wait

    def wait(self, endpoint: str, now: float, limits: Limits | None) -> float:
        """Return the seconds until a request may be sent."""
        self._tidy(now)
        waits = [self.blocked.get(endpoint, now) - now]
        for name, most, seconds in limits.windows(endpoint) if limits else ():
            sent = [at for at in self.seen.get(name, ()) if at > now - seconds]
            if len(sent) >= most:
                waits.append(sent[-most] + seconds - now)
        return max(0.0, *waits)

    def left(self, now: float, limits: Limits) -> int:
        """Return how many requests may still be sent in this hour.

        Examples
        --------
        >>> ledger, limits = Ledger(), Limits(per_hour=970)
        >>> ledger.take("events", 100.0, limits), ledger.left(101.0, limits)
        (0.0, 969)
        """
        self._tidy(now)
        return max(0, limits.per_hour - len(self.seen.get(_OF_KEY, ())))

    def block(self, endpoint: str, now: float, seconds: float) -> None:
        """Let nobody ask this endpoint for so long."""
        self.blocked[endpoint] = max(self.blocked.get(endpoint, now), now + seconds)

    def _tidy(self, now: float) -> None:
        for name, sent in self.seen.items():
            age = MINUTE_SEC if name != _OF_KEY else HOUR_SEC
            self.seen[name] = sorted(min(at, now) for at in sent if at > now - age)
        self.seen = {name: sent for name, sent in self.seen.items() if sent}
        self.blocked = {
            name: min(until, now + HOUR_SEC) for name, until in self.blocked.items() if until > now
        }


class LedgerFile:
    """A ledger in a private file. Where it cannot be used, nothing is counted in it, and nothing stops.

    Parameters
    ----------
    path
        Where; a damaged file begins anew.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def change(self, with_ledger: Callable[[Ledger], _Result]) -> _Result | None:
        """Read, change and write the ledger while no other process does; None if that cannot be."""
        from filelock import FileLock, Timeout

        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(f"{self._path}.lock", timeout=_LOCK_SEC, mode=0o600):
                ledger = _read(self._path)
                result = with_ledger(ledger)
                _write(self._path, ledger)
                return result
        except (OSError, Timeout, NotImplementedError):  # the last: a file system without locks
            return None


def _read(path: Path) -> Ledger:
    try:
        with path.open("rb") as file:
            held = orjson.loads(file.read(_MOST_BYTES))
        seen = {str(name): [_instant(at) for at in sent] for name, sent in held["seen"].items()}
        return Ledger(seen, {str(name): _instant(until) for name, until in held["blocked"].items()})
    except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError):
        return Ledger()


def _instant(value: Any) -> float:
    if not isinstance(value, int | float) or not isfinite(value):
        raise ValueError(value)
    return float(value)


def _write(path: Path, ledger: Ledger) -> None:
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(orjson.dumps({"seen": ledger.seen, "blocked": ledger.blocked}))
    with suppress(PermissionError):  # Windows, while a virus scanner looks into the old one
        fresh.replace(path)
