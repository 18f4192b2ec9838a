"""One question's pages become one table: what the service says, before anything is narrowed."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

from hs_jupyter.api.asking import LONGEST_WAIT_SEC, Asking, Policy, Sends
from hs_jupyter.api.budget import endpoint_of
from hs_jupyter.api.envelope import Page, read_object, read_page
from hs_jupyter.api.halt import Crew, Halt
from hs_jupyter.api.pages import LARGE_PAGE, PAGE_SIZE, Request, fetch_pages
from hs_jupyter.api.transport import data_path
from hs_jupyter.errors import BadRequestError, PauseError, StoreError
from hs_jupyter.fetching.gathering import Gathering
from hs_jupyter.fetching.plan import MOST_REQUESTS, too_many
from hs_jupyter.fetching.trail import Start, Trail
from hs_jupyter.fetching.watching import tell, tell_resumed, tell_wait
from hs_jupyter.manner import current_manner
from hs_jupyter.narrowing import kept_rows
from hs_jupyter.tables.build import part_of
from hs_jupyter.tables.enough import Enough
from hs_jupyter.tables.memory import lean
from hs_jupyter.tables.shapes import records_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pyarrow as pa

    from hs_jupyter.catalog import DataType
    from hs_jupyter.fetching.journals import Journal
    from hs_jupyter.query import Query
    from hs_jupyter.scope import Scope
    from hs_jupyter.tables.facts import Facts


@dataclass(frozen=True)
class Fetched:
    """What came for one request, before it is narrowed."""

    table: pa.Table
    facts: Facts
    cut: bool = False
    """Only the first page, since there are too many records for more."""


class _Asked(NamedTuple):
    source: Query
    query: Query
    most: int | None


class _ChangedError(Exception):
    """What was kept is no beginning of what the service has now."""


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

    def fetch(
        self,
        source: Query,
        query: Query,
        most: int | None = None,
        *,
        journal: Journal | None = None,
        keep_only: bool = False,
    ) -> Fetched:
        """Fetch the pages of a question.

        Parameters
        ----------
        source
            What is asked of the service: of a view, the type that it shows.
        query
            What is wanted in the end: it may be enough before everything came.
        most
            Where the service announces more records than this, the first page is enough.
        journal
            Keeps what came: a fetch of the same goes on where an earlier one was interrupted, if nothing
            changed since. Whoever gave it discards it in the end.
        keep_only
            Rows are kept in the journal alone, all of them; the table that is returned has none. A type
            that comes in one page is held all the same.

        Raises
        ------
        PlanError
            If it takes more than 200 further requests, and nobody said yes to that.
        PauseError
            If the service wants a wait of over 5 minutes, and nobody said to wait.
        ApiError, NetworkError, CredentialsError
            As the service answers.
        StoreError
            If rows are kept in the journal alone, and it cannot be written or another process uses it.
        """
        kind, asked = source.data_type, _Asked(source, query, most)
        keep_only = keep_only and kind.paged
        if keep_only and (journal is None or journal.busy):
            raise StoreError(
                f"{kind.name} of {source.scope}: another notebook is fetching the same; ask again then"
            )
        trail = Trail(journal if kind.paged else None, self._policy.clock, needed=keep_only)
        with lean():
            while True:
                gathering, start = trail.begin(kind, source.scope)
                try:
                    cut = self._gather(asked, gathering, trail, start)
                    break
                except (_ChangedError, BadRequestError):
                    if not start.tail:
                        raise
                    trail.forget()
                except PauseError as problem:
                    raise _with_kept(problem, gathering, trail) from None
            facts = gathering.facts(query.data_type.name)
            return Fetched(gathering.table(), facts.with_warning(trail.note) if trail.note else facts, cut)

    def _gather(self, asked: _Asked, gathering: Gathering, trail: Trail, start: Start) -> bool:
        """Gather pages until no more come, or enough came; tell whether the first page was enough."""
        source, query, most = asked
        enough, label = _enough(query), query.data_type.table
        request = replace(self._request(source, query), offset=start.offset)
        if start.page_size == LARGE_PAGE:
            self._page_sizes.setdefault(endpoint_of(request.path), LARGE_PAGE)
        with trail, self._paging(request, source, trail.tick) as pages:
            for page in pages:
                if not start.holds(page):
                    raise _ChangedError
                if start.tail:
                    tell_resumed(label, gathering.received, gathering.total)
                fresh = gathering.take(start.beyond(page))
                start = Start()
                trail.add(page, gathering.hold(fresh.table), fresh.identities, gathering)
                self._learn(source.scope, page.metadata)
                tell(label, gathering.received, gathering.total)
                if enough is not None and enough.reached(fresh.table, kept_rows(fresh.table, query)):
                    return False
                if most is not None and page.has_more and (gathering.total is None or gathering.total > most):
                    trail.write()  # whoever wants everything goes on from here
                    return True
            if not gathering.holds:
                trail.write()
        return False

    def page(self, source: Query) -> Fetched:
        """Fetch the records that the service sends from ``source.offset`` on, at most ``source.limit``."""
        most = self._policy.page_size
        limit = source.limit if most is None or source.limit is None else min(source.limit, most)
        place = {"limit": str(limit), "offset": str(source.offset)}
        asked = replace(self._request(source, source), params={**source.wire(), **place}, paged=False)
        gathering = Gathering(source.data_type, source.scope, sort=False)
        with self._paging(asked, source) as pages:
            page = next(pages)
        gathering.hold(gathering.take(page).table)
        self._learn(source.scope, page.metadata)
        return Fetched(gathering.table(), gathering.facts(source.data_type.name))

    def page_size(self, kind: DataType) -> int:
        """Return how many records of a type one request brings, as far as is known."""
        return self._page_sizes.get(
            endpoint_of(data_path(kind.path, scope="room", id="")), self._policy.page_size or PAGE_SIZE
        )

    def check_plan(self, kind: DataType, requests: int) -> None:
        """Refuse to send very many requests, unless somebody said yes.

        Raises
        ------
        PlanError
            If there are more than 200.
        """
        if requests <= MOST_REQUESTS or current_manner().yes:
            return
        limits = self._policy.budget.limits
        raise too_many(kind.name, requests, limits.duration_sec(requests) if limits else 0.0)

    def requests_left(self) -> tuple[int, int] | None:
        """Return how many requests are left in this hour, and of how many; None without limits."""
        return self._policy.budget.left()

    def peek(self, query: Query) -> Page:
        """Ask for one record: whether the key may read it, and how many the service announces."""
        asked = replace(self._request(query, query), page_size=1, wanted=1)
        halt = Halt()
        asking = Asking(self._service, replace(self._policy, patience_sec=0.0), halt)
        with closing(
            fetch_pages(asking.get, asked, halt=halt, idle=lambda: tell_wait(asking.waiting))
        ) as pages:
            return next(pages)

    def one(self, path: str) -> dict[str, Any]:
        """Return one object: an experiment with its configuration."""
        asked = Request(path, paged=False)
        halt = Halt()
        asking = Asking(self._service, self._policy, halt)
        with Crew(halt, lambda: tell_wait(asking.waiting)) as crew:
            return read_object(crew.result(crew.start(asking.get, asked.path, asked.params)))

    def _request(self, source: Query, query: Query) -> Request:
        kind, scope, most = source.data_type, source.scope, self._policy.page_size
        return Request(
            path=data_path(kind.path, scope=scope.kind, id=scope.id),
            params=source.wire(),
            page_size=min(PAGE_SIZE, query.first_page or PAGE_SIZE, most or PAGE_SIZE),
            paged=kind.paged,
            wanted=query.offset + query.limit + 1 if query.limit is not None and query.server_sort else None,
            grows=most is None,
        )

    @contextmanager
    def _paging(
        self, request: Request, source: Query, tick: Callable[[], None] = lambda: None
    ) -> Iterator[Iterator[Page]]:
        """Offer the pages of a request, each as a table; leaving the block ends what is under way."""
        kind, scope, halt = source.data_type, source.scope, Halt()
        longest_sec = inf if current_manner().wait else LONGEST_WAIT_SEC
        slow = kind.name == "recordings"
        asking = Asking(self._service, self._policy, halt, slow=slow, longest_wait_sec=longest_sec)

        def get(path: str, params: Mapping[str, Any]) -> Any:
            offset = int(params.get("offset", 0))
            return asking.get(path, params, lambda body: _shaped(read_page(body, offset), kind, scope))

        def idle() -> None:
            tell_wait(asking.waiting)
            tick()

        pages = fetch_pages(
            get, request, sizes=self._page_sizes, halt=halt, idle=idle, plan=partial(self.check_plan, kind)
        )
        try:
            yield pages
        finally:
            halt.set()
            pages.close()


def reach(query: Query) -> tuple[Any, ...] | None:
    """Tell questions apart that stop early."""
    if not query.server_sort:
        return None
    return (query.limit, query.offset, query.order, query.data_type.name, query.start, query.end)


def _enough(query: Query) -> Enough | None:
    if query.limit is None or not query.server_sort:
        return None
    return Enough(query.server_sort, query.order, query.offset + query.limit)


def _shaped(page: Page, kind: DataType, scope: Scope) -> Page:
    """Make a table of a page's records."""
    return replace(page, records=[], shaped=part_of(records_of(kind, page.records), kind, scope))


def _with_kept(problem: PauseError, gathering: Gathering, trail: Trail) -> PauseError:
    """Say what is kept until it can go on."""
    if not trail.kept:
        return problem
    total = "" if gathering.total is None else f" of {gathering.total:,}"
    kept = f"{gathering.received:,}{total} records are kept"
    return PauseError(problem.reason, problem.until, problem.retry_after_sec, kept)
