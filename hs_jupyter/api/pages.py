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
    """What is asked of the service: a path, its parameters, how much.

    ``limit`` and ``offset`` count the server's records; ``limit=None`` asks for every one.
    """

    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    limit: int | None = None
    offset: int = 0
    paged: bool = True
    slow: bool = False


def fetch_pages(get: Get, request: Request) -> Iterator[Page]:
    """Yield the pages of a request one after another.

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
    offset, wanted, before = request.offset, request.limit, None
    while wanted is None or wanted > 0:
        size = PAGE_SIZE if wanted is None else min(PAGE_SIZE, wanted)
        page = read_page(
            get(request.path, {**request.params, "limit": str(size), "offset": str(offset)}), offset
        )
        received = len(page.records) + page.malformed
        if before is not None and received and page.records == before:
            yield replace(page, records=[], has_more=False, warnings=(*page.warnings, _STUCK))
            return
        if wanted is not None:
            page = replace(page, records=page.records[:wanted])
            wanted -= len(page.records)
        yield page
        if not page.has_more or not received:
            return
        before = page.records
        offset = page.next_offset or offset + received


_STUCK = "the service sent the same page twice and would not go on"
