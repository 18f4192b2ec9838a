"""Page through a list, by the records received. Pure but for the ``get`` it is given."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from hs_jupyter.api.ahead import Ahead
from hs_jupyter.api.budget import endpoint_of
from hs_jupyter.api.envelope import Page, read_page
from hs_jupyter.api.halt import Crew, Halt
from hs_jupyter.errors import BadRequestError, ServerError

if TYPE_CHECKING:
    from concurrent.futures import Future

PAGE_SIZE = 1000
"""Records asked for at once: the default of the service, and the most it is known to accept."""

LARGE_PAGE = 5000
"""Tried where more than two pages are to come: the most that the service is known to send of anything."""

Get = Callable[[str, Mapping[str, Any]], Any]
PageSizes = MutableMapping[str, int]
"""How many records an endpoint sends at once, where that was tried."""


@dataclass(frozen=True)
class Request:
    """What is asked of the service: a path, its parameters, and how many records at once.

    ``wanted`` is how many records will do, in all; None for every one. ``offset`` is where to begin. With
    ``grows``, larger pages are tried where many records are to come.
    """

    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    page_size: int = PAGE_SIZE
    paged: bool = True
    wanted: int | None = None
    offset: int = 0
    grows: bool = True


def requests_needed(total: int, page_size: int = PAGE_SIZE) -> int:
    """Count the requests that so many records take; an empty list takes one, too.

    Examples
    --------
    >>> requests_needed(2500), requests_needed(0)
    (3, 1)
    """
    return max(1, -(-total // page_size))


def fetch_pages(
    get: Get,
    request: Request,
    *,
    sizes: PageSizes | None = None,
    halt: Halt | None = None,
    idle: Callable[[], None] | None = None,
    plan: Callable[[int], None] | None = None,
) -> Generator[Page]:
    """Yield the pages of a request in order; close the iterator to end what is under way.

    The next page begins at ``nextOffset`` if the server says a greater one, else after the records
    received (not after the limit: a server may cap pages). It ends when ``hasMore`` is false or
    absent, on an empty page, or when a page repeats the one before it and no records were added that
    would explain it; then its last page carries a warning, since the rest cannot be had. Pages are asked
    for ahead where they will most likely begin, but taken only where the page before them ends.

    Parameters
    ----------
    get
        ``get(path, params)`` returns the parsed JSON of an answer, or the `Page` that it was read into;
        called from several threads.
    request
        What to ask for.
    sizes
        Page sizes by endpoint, kept by the caller for the next request.
    halt
        Set when the iterator ends; whoever holds it can end it earlier.
    idle
        Called while this waits, a few times a second, in the thread that asks for the pages.
    plan
        Told how many further requests there will be, once that is known and before they are sent; it may
        raise.
    """
    with Crew(halt or Halt(), idle) as crew:
        if request.paged:
            yield from _Walk(get, request, {} if sizes is None else sizes, crew, plan).pages()
        else:
            yield crew.result(crew.start(lambda: _page_of(get(request.path, dict(request.params)), 0)))


class _Walk:
    """One walk through the pages of a request."""

    def __init__(
        self,
        get: Get,
        request: Request,
        sizes: PageSizes,
        crew: Crew,
        plan: Callable[[int], None] | None,
    ) -> None:
        self._get = get
        self._request = request
        self._sizes = sizes
        self._crew = crew
        self._plan = plan
        self._endpoint = endpoint_of(request.path)
        self._may_grow = request.grows and request.wanted is None and request.page_size == PAGE_SIZE
        self._size = sizes.get(self._endpoint, PAGE_SIZE) if self._may_grow else request.page_size
        self._ahead = Ahead(crew, self._start)

    def pages(self) -> Iterator[Page]:
        offset, total = self._request.offset, None
        before: Page | None = None
        while True:
            page = self._page(offset, total)
            received = _received(page)
            if received and before is not None and _repeats(page, before):
                yield replace(_emptied(page), has_more=False, warnings=(*page.warnings, _STUCK))
                return
            if self._cut_short(page, offset + received):
                page = replace(page, has_more=True)
                self._size = PAGE_SIZE
            page = before = replace(page, after=page.next_offset or offset + received)
            yield page
            if not page.has_more or not received:
                return
            self._look_ahead(page)  # only now: who got enough never comes back
            offset, total = page.after, page.total

    def _page(self, offset: int, total: int | None) -> Page:
        size = self._size
        try:
            page = self._ahead.take(offset, total) or self._crew.result(self._start(offset, size))
        except (BadRequestError, ServerError):
            if size <= PAGE_SIZE:
                raise
            self._ahead.drop()
            size = self._size = self._sizes[self._endpoint] = PAGE_SIZE
            page = self._crew.result(self._start(offset, size))
        if size > PAGE_SIZE and self._endpoint not in self._sizes:  # this was the try
            self._sizes[self._endpoint] = self._size = size if _received(page) > PAGE_SIZE else PAGE_SIZE
        return replace(page, asked=size)

    def _look_ahead(self, page: Page) -> None:
        rest = None if page.total is None else page.total - page.after
        full = _received(page) >= PAGE_SIZE
        if (
            self._may_grow
            and full
            and self._endpoint not in self._sizes
            and (rest is None or rest > PAGE_SIZE)
        ):
            self._size = LARGE_PAGE  # alone: what it brings decides where the others begin
        elif page.total is not None:
            until = page.total if self._request.wanted is None else min(page.total, self._request.wanted)
            step = page.after - page.offset if page.asked == self._size else self._size
            if self._plan is not None and until > page.after:
                self._plan(requests_needed(until - page.after, step))
                self._plan = None  # said once
            self._ahead.plan(page.after, step, self._size, until)

    def _cut_short(self, page: Page, end: int) -> bool:
        """Tell whether a large page ends a list that should go on: the server counted what it cut off."""
        if page.asked <= PAGE_SIZE or page.has_more or not 0 < _received(page) < page.asked:
            return False
        return page.total is None or end < page.total

    def _start(self, offset: int, size: int) -> Future[Page]:
        params = {**self._request.params, "limit": str(size), "offset": str(offset)}
        return self._crew.start(lambda: _page_of(self._get(self._request.path, params), offset))


def _page_of(answer: Any, offset: int) -> Page:
    return answer if isinstance(answer, Page) else read_page(answer, offset)


def _repeats(page: Page, before: Page) -> bool:
    """Tell whether a page is the one before it: not that one moved on by as many records as were written."""
    if page.records != before.records or page.shaped != before.shaped:
        return False
    return page.total is None or before.total is None or page.total - before.total < _received(page)


def _emptied(page: Page) -> Page:
    return replace(page, records=[], shaped=None if page.shaped is None else page.shaped[:0], count=0)


def _received(page: Page) -> int:
    return page.count + page.malformed


_STUCK = "the service sent the same page twice and would not go on"
