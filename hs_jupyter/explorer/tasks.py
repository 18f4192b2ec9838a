"""One request under way: how far it has come, and the word that ends it."""

from __future__ import annotations

from threading import Event, Lock
from time import monotonic
from typing import TYPE_CHECKING

from hs_jupyter.errors import HsError
from hs_jupyter.explorer.messages import Progress

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hs_jupyter.explorer.messages import News

REPORT_SEC = 0.15
"""Progress is told so often at most: a person reads no faster, and the browser has other work."""


class CancelledError(HsError):
    """The browser does not want the answer any more."""


class Task:
    """Watches what a request asks for (`hs_jupyter.fetching.OnProgress`), and ends it when told to.

    Parameters
    ----------
    id
        The request's.
    send
        Takes ``progress`` and ``news``.
    clock
        Seconds that only grow.
    """

    def __init__(
        self,
        id: str,  # noqa: A002 - the message's own word
        send: Callable[[Progress | News], None],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.id = id
        self._send = send
        self._clock = clock
        self._began = self._reported = clock()
        self._cancelled = Event()
        self._lock = Lock()
        self._came: dict[str, tuple[int, int | None]] = {}
        self._before: dict[str, int] = {}

    def cancel(self) -> None:
        """End it: it notices at the next record, page or step."""
        self._cancelled.set()

    def check(self) -> None:
        """Raise `CancelledError` once it is to end."""
        if self._cancelled.is_set():
            raise CancelledError("cancelled: what had come is kept")

    def pause(self, seconds: float) -> None:
        """Wait so long, or until it is to end; then raise `CancelledError`."""
        self._cancelled.wait(seconds)
        self.check()

    def resumed(self, label: str, received: int, total: int | None) -> None:
        """Take note that so many records had come before: they say nothing about the rate."""
        self._before[label] = received
        self(label, received, total)

    def __call__(self, label: str, received: int, total: int | None) -> None:
        """Take note of records that came."""
        self.check()
        with self._lock:
            self._came[label] = (received, total)
            now = self._clock()
            if now - self._reported < REPORT_SEC and received != total:
                return
            self._reported = now
            message = self._progress(label, now)
        self._send(message)

    def waiting(self, reason: str, until: datetime) -> None:
        """Take note that no records come for a while."""
        self.check()
        now = self._clock()
        with self._lock:
            if now - self._reported < REPORT_SEC:
                return
            self._reported = now
            received, total = self._sum()
        self._send(Progress(self.id, "", received, total, waiting=f"waits until {until:%H:%M:%S}: {reason}"))

    def news(self, message: News) -> None:
        """Send news that belong to this request."""
        self.check()
        self._send(message)

    def _sum(self) -> tuple[int, int | None]:
        received = sum(count for count, _ in self._came.values())
        totals = [announced for _, announced in self._came.values()]
        return received, None if None in totals else sum(one or 0 for one in totals)

    def _progress(self, label: str, now: float) -> Progress:
        received, total = self._sum()
        seconds = now - self._began
        fresh = received - sum(self._before.values())
        per_sec = fresh / seconds if seconds > 0 and fresh > 0 else None
        left_sec = (total - received) / per_sec if per_sec and total is not None else None
        return Progress(
            self.id, label, received, total, per_sec, None if left_sec is None else max(0.0, left_sec)
        )
