"""How often the service may be asked: shared by all threads, and by the kernels of one user."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from hs_jupyter.api.ledger import Ledger, LedgerFile, Limits
from hs_jupyter.api.origins import origin_of
from hs_jupyter.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hs_jupyter.api.connection import Connection

ENV_RATE = "HS_JUPYTER_RATE"
Clock = Callable[[], float]
_BEFORE_IDS = {"experiment", "room", "participant", "user", "deployment", "download"}


class Budget:
    """Counts requests in sliding windows.

    Each process keeps count by a clock that only grows, and in a file by the clock that processes
    share: a clock that jumps forward makes nobody ask faster than the limits alone.

    Parameters
    ----------
    limits
        None: only ``Retry-After`` is obeyed.
    file
        Shared with other processes.
    clock, wall
        Seconds that only grow; seconds of the day's clock.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        file: LedgerFile | None = None,
        *,
        clock: Clock = time.monotonic,
        wall: Clock = time.time,
    ) -> None:
        self.limits = limits
        self._file = file
        self._clock = clock
        self._wall = wall
        self._ledger = Ledger()
        self._lock = Lock()

    def take(self, endpoint: str) -> float:
        """Count a request and return 0.0, or return the seconds until it may be asked for again."""
        with self._lock:
            now = self._clock()
            wait = self._ledger.wait(endpoint, now, self.limits)
            if not wait and self._file is not None:
                wait = self._file.change(lambda one: one.take(endpoint, self._wall(), self.limits)) or 0.0
            return wait or self._ledger.take(endpoint, now, self.limits)

    def left(self) -> tuple[int, int] | None:
        """Return how many requests may still be sent in this hour, and of how many; None without limits."""
        if (limits := self.limits) is None:
            return None
        with self._lock:
            left = self._ledger.left(self._clock(), limits)
            if self._file is not None:
                shared = self._file.change(lambda one: one.left(self._wall(), limits))
                left = left if shared is None else min(left, shared)
            return left, limits.per_hour

    def block(self, endpoint: str, seconds: float) -> None:
        """Let nobody ask this endpoint for so long: the service said so."""
        with self._lock:
            self._ledger.block(endpoint, self._clock(), seconds)
            if self._file is not None:
                self._file.change(lambda one: one.block(endpoint, self._wall(), seconds))


def budget_of(
    connection: Connection, folder: Path | None = None, environ: Mapping[str, str] | None = None
) -> Budget:
    """Return the budget of a connection: its own, and shared by whoever uses the same key there.

    Raises
    ------
    InputError
        If ``HS_JUPYTER_RATE`` is no number.
    """
    text = (os.environ if environ is None else environ).get(ENV_RATE, "").strip()
    if text and not (text.isascii() and text.isdigit()):
        raise InputError(f"{ENV_RATE}='{text}' is no number of requests a minute: 97, say, or 0 for no limit")
    if (text and not int(text)) or (not text and not connection.limited):
        return Budget()
    limits = Limits(per_minute=int(text)) if text else Limits()
    if connection.api_key is None:
        return Budget(limits)
    if folder is None:
        import platformdirs

        folder = Path(platformdirs.user_cache_dir("hs-jupyter", appauthor=False)) / "budgets"
    named = blake2b(digest_size=16)
    named.update(f"{origin_of(connection.base_url)}\n{connection.api_key.reveal()}".encode())
    return Budget(limits, LedgerFile(folder / f"{named.hexdigest()}.json"))


def endpoint_of(path: str) -> str:
    """Name the endpoint of a path, for the limits: the data type, without scope and ID.

    Examples
    --------
    >>> endpoint_of("data/ratings/continuous/room/r1"), endpoint_of("experiments/e1")
    ('data/ratings/continuous', 'experiments')
    >>> endpoint_of("data/recordings/download/room_1/EG_1")
    'data/recordings'
    """
    first, *rest = path.strip("/").split("/")
    kept = [first]
    for part in rest if first == "data" else ():
        if part in _BEFORE_IDS:
            break
        kept.append(part)
    return "/".join(kept)
