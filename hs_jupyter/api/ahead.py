"""Pages asked for before it is their turn."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from hs_jupyter.api.halt import THREADS

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from hs_jupyter.api.envelope import Page
    from hs_jupyter.api.halt import Crew

_MOST_MISSES = 3


class Ahead:
    """Pages asked for before it is their turn.

    They are what a walk page by page would have got, as long as nothing changed meanwhile: a page is
    believed only if it begins where the one before it ended, and announces the same total. Where that
    fails again and again (a live room that grows, pages of changing size), nothing is asked ahead.
    """

    def __init__(self, crew: Crew, start: Callable[[int, int], Future[Page]]) -> None:
        self._crew = crew
        self._start = start
        self._pages: deque[tuple[int, Future[Page]]] = deque()
        self._misses = 0

    def plan(self, offset: int, step: int, size: int, until: int) -> None:
        """Ask for the pages from an offset on, a few at a time."""
        if self._misses >= _MOST_MISSES:
            return
        at = self._pages[-1][0] + step if self._pages else offset
        while len(self._pages) < THREADS and at < until:
            self._pages.append((at, self._start(at, size)))
            at += step

    def take(self, offset: int, total: int | None) -> Page | None:
        """Return the page at an offset, if it was asked for and can be believed."""
        if not self._pages:
            return None
        at, asked = self._pages.popleft()
        page = self._crew.result(asked) if at == offset else None
        if page is not None and page.total == total:
            return page
        self._misses += 1
        asked.cancel()
        self.drop()
        return None

    def drop(self) -> None:
        """Forget what was asked for."""
        for _, asked in self._pages:
            asked.cancel()
        self._pages.clear()
