"""End what is under way: threads that work for one question, and the token that stops them all."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from threading import Event, Lock
from typing import TYPE_CHECKING, Any, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

THREADS = 4
THREAD_NAME = "hs-fetch"

_TICK_SEC = 0.2
"""A wait is cut into such pieces: on Windows an interrupt is noticed only between waits."""

_Result = TypeVar("_Result")


class HaltedError(Exception):
    """The question that this work is for was given up; seen only by its own threads."""


class Halt:
    """Tells threads to stop, and ends what they wait for."""

    def __init__(self) -> None:
        self._event = Event()
        self._lock = Lock()
        self._ends: list[Callable[[], None]] = []

    def set(self) -> None:
        """Stop: every wait ends, every request under way is cut."""
        with self._lock:  # held while it cuts: what ends meanwhile is not lent to another question yet
            self._event.set()
            for end in self._ends:
                with suppress(OSError):
                    end()

    def check(self) -> None:
        """Raise `HaltedError` once stopped."""
        if self._event.is_set():
            raise HaltedError

    def sleep(self, seconds: float) -> None:
        """Wait so long, or until stopped; then raise `HaltedError`."""
        self._event.wait(seconds)
        self.check()

    @contextmanager
    def cuts(self, end: Callable[[], None]) -> Iterator[None]:
        """Let a stop call ``end`` while the block runs."""
        with self._lock:
            self.check()
            self._ends.append(end)
        try:
            yield
        finally:
            with self._lock:
                self._ends.remove(end)


class Crew:
    """Threads that work for one question; leaving the block ends them, whatever they do.

    Parameters
    ----------
    halt
        Set when the block is left.
    idle
        Called in the waiting thread, a few times a second.
    """

    def __init__(self, halt: Halt, idle: Callable[[], None] | None = None) -> None:
        self._halt = halt
        self._idle = idle
        self._threads = ThreadPoolExecutor(THREADS, THREAD_NAME)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._halt.set()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def start(self, work: Callable[..., _Result], *arguments: Any) -> Future[_Result]:
        """Queue work for the next free thread."""
        return self._threads.submit(work, *arguments)

    def result(self, work: Future[_Result]) -> _Result:
        """Wait for work; an interrupt gets through at any moment."""
        while not wait([work], _TICK_SEC).done:
            if self._idle is not None:
                self._idle()
        return work.result()
