"""Who sees what is fetched: whoever shows it says so once, and whatever is asked in turn is seen, too."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hs_jupyter.api.asking import Waiting


class OnProgress(Protocol):
    """Sees a fetch as it goes on.

    Where it has a method ``resumed``, like the call itself, that is told how many records an earlier fetch
    had kept: they are no part of the rate.
    """

    def __call__(self, label: str, received: int, total: int | None) -> None:
        """Take note of what is fetched, how many records came, and how many are announced (or None)."""

    def waiting(self, reason: str, until: datetime) -> None:
        """Take note that it waits."""


_WATCHER: ContextVar[OnProgress | None] = ContextVar("watcher", default=None)


@contextmanager
def watched(on_progress: OnProgress | None) -> Iterator[None]:
    """Let somebody see what is fetched in the block, and what that needs to ask in turn."""
    token = _WATCHER.set(on_progress or _WATCHER.get())
    try:
        yield
    finally:
        _WATCHER.reset(token)


def tell(label: str, received: int, total: int | None) -> None:
    """Say how many records came, and how many are announced."""
    if (watcher := _WATCHER.get()) is not None:
        watcher(label, received, total)


def tell_resumed(label: str, received: int, total: int | None) -> None:
    """Say how many records had come before."""
    if (watcher := _WATCHER.get()) is not None:
        getattr(watcher, "resumed", watcher)(label, received, total)


def tell_waiting(reason: str, seconds: float) -> None:
    """Say that nothing is asked for a while, and why."""
    if (watcher := _WATCHER.get()) is not None:
        watcher.waiting(reason, (datetime.now(UTC) + timedelta(seconds=seconds)).astimezone())


def tell_wait(wait: Waiting | None) -> None:
    """Say that a request waits, if it does."""
    if wait is not None and (watcher := _WATCHER.get()) is not None:
        watcher.waiting(wait.reason, wait.until)
