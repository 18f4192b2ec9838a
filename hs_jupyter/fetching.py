"""One question's pages become one table: what the service says, before anything is narrowed."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from hs_jupyter.api.asking import Asking, Policy, Sends
from hs_jupyter.api.envelope import Page, read_object
from hs_jupyter.api.halt import Crew, Halt
from hs_jupyter.api.pages import PAGE_SIZE, Request, fetch_pages
from hs_jupyter.api.transport import data_path
from hs_jupyter.narrowing import kept_rows
from hs_jupyter.tables.build import TableBuilder, sort_table
from hs_jupyter.tables.enough import Enough
from hs_jupyter.tables.facts import Facts
from hs_jupyter.tables.shapes import beside, records_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pyarrow as pa

    from hs_jupyter.catalog import DataType
    from hs_jupyter.query import Query
    from hs_jupyter.scope import Scope

MAY_BE_INCOMPLETE = "may be incomplete"


class OnProgress(Protocol):
    """Sees a fetch as it goes on."""

    def __call__(self, label: str, received: int, total: int | None) -> None:
        """Take note of what is fetched, how many records came, and how many are announced (or None)."""

    def waiting(self, reason: str, until: datetime) -> None:
        """Take note that it waits."""


_WATCHER: ContextVar[OnProgress | None] = ContextVar("watcher", default=None)
"""Who sees the question that others are asked for, so that their waits are seen too."""


@dataclass(frozen=True)
class Fetched:
    """What came for one request, before it is narrowed."""

    table: pa.Table
    facts: Facts
    cut: bool = False
    """Only the first page, since there are too many records for more."""


class Fetcher:
    """Asks one connection for whole answers, page by page.

    Parameters
    ----------
    service
        The connection's transport.
    policy
        How often it is asked, and how long again; by default at will, and once.
    learn
        Told the scope and the metadata of every page: it may hold the room's start.
    """

    def __init__(
        self,
        service: Sends,
        policy: Policy | None = None,
        learn: Callable[[Scope, Mapping[str, Any]], None] = lambda _scope, _metadata: None,
    ) -> None:
        self._service = service
        self._policy = policy or Policy()
        self._learn = learn
        self._page_sizes: dict[str, int] = {}

    def fetch(self, source: Query, query: Query, most: int | None = None) -> Fetched:
        """Fetch the pages of a question.

        Parameters
        ----------
        source
            What is asked of the service: of a view, the type that it shows.
        query
            What is wanted in the end: it may be enough before everything came.
        most
            Where the service announces more records than this, the first page is enough.
        """
        kind = source.data_type
        builder = TableBuilder(kind, source.scope)
        doubts: dict[str, None] = {}  # in order, each once
        total: int | None = None
        extra: dict[str, Any] = {}
        received = 0
        cut = False
        enough = _enough(query)
        on_progress = _WATCHER.get()
        with self._paging(_request(source, query), self._policy, slow=kind.name == "recordings") as pages:
            for page in pages:
                part = builder.add(records_of(kind, page.records))
                received += len(page.records)
                total = page.total if page.total is not None else total
                extra |= beside(kind, page.metadata)
                doubts |= dict.fromkeys(_doubts(kind, page))
                self._learn(source.scope, page.metadata)
                if on_progress is not None:
                    on_progress(query.data_type.table, received, total)
                if enough is not None and enough.reached(part, kept_rows(part, query)):
                    break
                if cut := most is not None and page.has_more and (total is None or total > most):
                    break
        facts = Facts(
            type=query.data_type.name,
            scope={"kind": source.scope.kind, "id": source.scope.id, "room": source.scope.room},
            fetched_at=datetime.now(UTC).isoformat(timespec="seconds"),
            complete=not doubts,
            rows_expected=total,
            warnings=(*doubts, *_reading_notes(builder)),
            duplicates_dropped=builder.duplicates_dropped,
            beside=extra,
        )
        return Fetched(sort_table(builder.table(), kind), facts, cut)

    def page(self, source: Query) -> Fetched:
        """Fetch the records that the service sends from ``source.offset`` on, at most ``source.limit``."""
        kind = source.data_type
        place = {"limit": str(source.limit), "offset": str(source.offset)}
        asked = replace(_request(source, source), params={**source.wire(), **place}, paged=False)
        with self._paging(asked, self._policy) as pages:
            page = next(pages)
        builder = TableBuilder(kind, source.scope)
        builder.add(records_of(kind, page.records))
        self._learn(source.scope, page.metadata)
        doubts = tuple(_doubts(kind, page))
        facts = Facts(
            type=kind.name,
            scope={"kind": source.scope.kind, "id": source.scope.id, "room": source.scope.room},
            fetched_at=datetime.now(UTC).isoformat(timespec="seconds"),
            complete=not doubts,
            rows_expected=page.total,
            warnings=(*doubts, *_reading_notes(builder)),
        )
        return Fetched(builder.table(), facts)

    def peek(self, query: Query) -> Page:
        """Ask for one record: whether the key may read it, and how many the service announces."""
        asked = replace(_request(query, query), page_size=1, wanted=1)
        with self._paging(asked, replace(self._policy, patience_sec=0.0)) as pages:
            return next(pages)

    def one(self, path: str) -> dict[str, Any]:
        """Return one object: an experiment with its configuration."""
        asked = Request(path, paged=False)
        halt = Halt()
        asking = Asking(self._service, self._policy, halt)
        with Crew(halt, _show_waits(asking)) as crew:
            return read_object(crew.result(crew.start(asking.get, asked.path, asked.params)))

    @contextmanager
    def _paging(self, request: Request, policy: Policy, *, slow: bool = False) -> Iterator[Iterator[Page]]:
        """Offer the pages of a request; leaving the block ends what is under way."""
        halt = Halt()
        asking = Asking(self._service, policy, halt, slow=slow)
        pages = fetch_pages(asking.get, request, sizes=self._page_sizes, halt=halt, idle=_show_waits(asking))
        try:
            yield pages
        finally:
            halt.set()
            pages.close()


@contextmanager
def watched(on_progress: OnProgress | None) -> Iterator[None]:
    """Let somebody see what is fetched in the block, and what that needs to ask in turn."""
    token = _WATCHER.set(on_progress or _WATCHER.get())
    try:
        yield
    finally:
        _WATCHER.reset(token)


def reach(query: Query) -> tuple[Any, ...] | None:
    """Tell questions apart that stop early."""
    if not query.server_sort:
        return None
    return (query.limit, query.offset, query.order, query.data_type.name, query.start, query.end)


def _show_waits(asking: Asking) -> Callable[[], None]:
    watcher = _WATCHER.get()

    def show() -> None:
        if watcher is not None and (wait := asking.waiting) is not None:
            watcher.waiting(wait.reason, wait.until)

    return show


def _request(source: Query, query: Query) -> Request:
    kind, scope = source.data_type, source.scope
    return Request(
        path=data_path(kind.path, scope=scope.kind, id=scope.id),
        params=source.wire(),
        page_size=min(PAGE_SIZE, query.first_page or PAGE_SIZE),
        paged=kind.paged,
        wanted=query.offset + query.limit + 1 if query.limit is not None and query.server_sort else None,
    )


def _enough(query: Query) -> Enough | None:
    if query.limit is None or not query.server_sort:
        return None
    return Enough(query.server_sort, query.order, query.offset + query.limit)


def _doubts(kind: DataType, page: Page) -> Iterator[str]:
    """Yield why a result may be incomplete."""
    for warning in page.warnings:
        yield f"{kind.name} {MAY_BE_INCOMPLETE}: {warning}"
    if page.metadata.get("truncated") is True:
        yield f"{kind.name} {MAY_BE_INCOMPLETE}: the service cut it off"
    if kind.cap and kind.paged and not page.has_more and page.total is not None and page.total >= kind.cap:
        yield f"{kind.name} {MAY_BE_INCOMPLETE}: the service returns at most {kind.cap}"
    if page.malformed:
        yield f"{kind.name} {MAY_BE_INCOMPLETE}: {page.malformed} entries of the answer were no records"


def _reading_notes(builder: TableBuilder) -> tuple[str, ...]:
    return tuple(
        f"{count} of the values of {name} could not be read: missing"
        for name, count in builder.unread.items()
    )
