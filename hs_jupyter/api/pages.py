"""Page through a list, by the records received. Pure but for the ``get`` it is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hs_jupyter.api.envelope import Page, read_page

PAGE_SIZE = 1000
"""Records asked for at once: the default of the service, and the most it is known to accept."""

Get = Callable[[str, Mapping[str, Any]], Any]


@dataclass(frozen=True)
class Request:
    """What is asked of the service: a path, its parameters, and how many records at once."""

    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    page_size: int = PAGE_SIZE
    paged: bool = True


def fetch_pages(get: Get, request: Request) -> Iterator[Page]:
    """Yield the pages of a request one after another; who needs no more stops asking.

    The next page begins at ``nextOffset`` if the server says a greater one, else after the records
    received (not after the limit: a server may cap pages). It ends when ``hasMore`` is false or
    absent, on an empty page, or when a page repeats the one before it; then its last page carries a
    warning, since the rest cannot be had.

    Parameters
    ----------
    get
        ``get(path, params)`` returns the parsed JSON of an answer.
    request
        What to ask for.
    """
    if not request.paged:
        yield read_page(get(request.path, dict(request.params)))
        return
    offset = 0
    before: list[dict[str, Any]] | None = None
    while True:
        params = {**request.params, "limit": str(request.page_size), "offset": str(offset)}
        page = read_page(get(request.path, params), offset)
        received = len(page.records) + page.malformed
        if received and page.records == before:
            yield replace(page, records=[], has_more=False, warnings=(*page.warnings, _STUCK))
            return
        yield page
        if not page.has_more or not received:
            return
        before = page.records
        offset = page.next_offset or offset + received


_STUCK = "the service sent the same page twice and would not go on"
