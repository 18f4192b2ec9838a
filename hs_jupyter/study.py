"""The facade: one question in, one table out. Magics, functions and widgets all ask here."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from hs_jupyter.api.asking import Asking, Policy, Sends
from hs_jupyter.api.envelope import Page, read_object
from hs_jupyter.api.halt import Crew, Halt
from hs_jupyter.api.pages import PAGE_SIZE, Request, fetch_pages
from hs_jupyter.api.transport import data_path
from hs_jupyter.catalog import DATA_TYPES, DataType
from hs_jupyter.directory import Directory
from hs_jupyter.errors import NotFoundError
from hs_jupyter.room_starts import RoomStarts
from hs_jupyter.scope import Scope
from hs_jupyter.tables import narrow
from hs_jupyter.tables.build import TableBuilder, sort_table
from hs_jupyter.tables.derive import fill_onset, needs_starts
from hs_jupyter.tables.enough import Enough
from hs_jupyter.tables.facts import Facts, with_facts
from hs_jupyter.tables.shapes import beside, records_of
from hs_jupyter.times import Instant

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from hs_jupyter.query import Query

MAY_BE_INCOMPLETE = "may be incomplete"


class OnProgress(Protocol):
    """Sees a fetch as it goes on."""

    def __call__(self, label: str, received: int, total: int | None) -> None:
        """Take note of what is fetched, how many records came, and how many are announced (or None)."""

    def waiting(self, reason: str, until: datetime) -> None:
        """Take note that it waits."""


_WATCHER: ContextVar[OnProgress | None] = ContextVar("watcher", default=None)
"""Who sees the question that others are asked for, so that their waits are seen too."""

_Answer = TypeVar("_Answer")
Memo = MutableMapping[Any, "_Fetched"]


@dataclass(frozen=True)
class _Fetched:
    """What came for one request, before it is narrowed."""

    table: pa.Table
    facts: Facts


class Study:
    """What one connection can be asked.

    Parameters
    ----------
    service
        The connection's transport.
    policy
        How often it is asked, and how long again; by default at will, and once.
    """

    def __init__(self, service: Sends, policy: Policy | None = None) -> None:
        self._service = service
        self._policy = policy or Policy()
        self._page_sizes: dict[str, int] = {}
        self.directory = Directory(self.table)
        self._starts = RoomStarts(self.table)

    def table(
        self, query: Query, on_progress: OnProgress | None = None, memo: Memo | None = None
    ) -> pa.Table:
        """Answer a question with one table.

        Parameters
        ----------
        query
            From `hs_jupyter.query.make_query`.
        on_progress
            Sees every page, and every wait.
        memo
            Shared by questions asked together: a type and its views are fetched once.

        Returns
        -------
        pyarrow.Table
            Columns of the catalogue and what the service sent beside them, ``onset_sec`` (s),
            ``value_norm`` (0..1); rows by time, or as ``sort`` asks; facts in the schema's metadata.

        Raises
        ------
        ApiError, NetworkError, CredentialsError
            As the service answers.
        InputError
            If a column asked for is not there.
        """
        with _watched(on_progress):
            return self._answer(query, on_progress, memo)

    def _answer(self, query: Query, on_progress: OnProgress | None, memo: Memo | None) -> pa.Table:
        scope = self.resolve(query.scope)
        query = replace(query, scope=scope)
        fetched = self._fetch(query, on_progress, memo)
        table, facts = fetched.table, fetched.facts
        if needs_starts(table, query.data_type):
            table = fill_onset(table, query.data_type, self._starts.of(table, scope))
            if needs_starts(table, query.data_type):
                facts = facts.with_warning("onset_sec is missing where a room's start is not known")
        table, facts = _narrowed(table, query, facts)
        return with_facts(table, facts)

    def resolve(self, scope: Scope) -> Scope:
        """Turn an experiment's exact, unique name into its ID; other scopes stay as they are.

        Raises
        ------
        InputError
            If several experiments bear the name.
        """
        if scope.kind != "experiment":
            return scope
        spaced = any(mark.isspace() for mark in scope.id)  # then it is hardly an ID: spare a request
        found = self.directory.experiment_id(scope.id, known_only=not spaced)
        return replace(scope, id=found) if found else scope

    def experiment(self, experiment: str) -> dict[str, Any]:
        """Return one experiment's record with its configuration: states, roles, components.

        Raises
        ------
        NotFoundError
            If there is none of this ID or name.
        """
        scope = self.resolve(Scope("experiment", experiment))
        return self._with_help(scope, self._experiment)

    def peek(self, query: Query) -> Page:
        """Ask for one record: whether the key may read it, and how many the service announces.

        Raises
        ------
        ApiError, NetworkError, CredentialsError
            As the service answers.
        """
        asked = replace(_request(query, query), page_size=1, wanted=1)
        with self._paging(asked, replace(self._policy, patience_sec=0.0)) as pages:
            return next(pages)

    def _experiment(self, scope: Scope) -> dict[str, Any]:
        asked = Request(_experiment_path(scope.id), paged=False)
        halt = Halt()
        asking = Asking(self._service, self._policy, halt)
        with Crew(halt, _show_waits(asking)) as crew:
            return read_object(crew.result(crew.start(asking.get, asked.path, asked.params)))

    def _fetch(self, query: Query, on_progress: OnProgress | None, memo: Memo | None) -> _Fetched:
        """Fetch what a question needs; views are answered from the type they show."""
        view = query.data_type.view
        source = replace(query, data_type=DATA_TYPES[view.of]) if view else query
        key = (source.data_type.name, source.scope, tuple(sorted(source.wire().items())), _reach(query))
        if memo is not None and key in memo:
            return memo[key]
        fetched = self._with_help(
            source.scope, lambda scope: self._pages(replace(source, scope=scope), query, on_progress)
        )
        if memo is not None:
            memo[key] = fetched
        return fetched

    def _pages(self, source: Query, query: Query, on_progress: OnProgress | None) -> _Fetched:
        kind = source.data_type
        builder = TableBuilder(kind, source.scope)
        doubts: dict[str, None] = {}  # in order, each once
        total: int | None = None
        extra: dict[str, Any] = {}
        received = 0
        enough = _enough(query)
        with self._paging(_request(source, query), self._policy, slow=kind.name == "recordings") as pages:
            for page in pages:
                part = builder.add(records_of(kind, page.records))
                received += len(page.records)
                total = page.total if page.total is not None else total
                extra |= beside(kind, page.metadata)
                doubts |= dict.fromkeys(_doubts(kind, page))
                self._starts.learn(source.scope, page.metadata)
                if on_progress is not None:
                    on_progress(query.data_type.table, received, total)
                if enough is not None and enough.reached(part, _kept_rows(part, query)):
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
        return _Fetched(sort_table(builder.table(), kind), facts)

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

    def _with_help(self, scope: Scope, ask: Callable[[Scope], _Answer]) -> _Answer:
        """Ask; where the scope is not found, try an experiment's name, then say the nearest ID."""
        try:
            return ask(scope)
        except NotFoundError as problem:
            if scope.kind == "user":
                raise
            found = self.directory.experiment_id(scope.id) if scope.kind == "experiment" else None
            if found and found != scope.id:
                return ask(replace(scope, id=found))
            raise self.directory.not_found(scope, problem) from None


@contextmanager
def _watched(on_progress: OnProgress | None) -> Iterator[None]:
    token = _WATCHER.set(on_progress or _WATCHER.get())
    try:
        yield
    finally:
        _WATCHER.reset(token)


def _show_waits(asking: Asking) -> Callable[[], None]:
    watcher = _WATCHER.get()

    def show() -> None:
        if watcher is not None and (wait := asking.waiting) is not None:
            watcher.waiting(wait.reason, wait.until)

    return show


def _experiment_path(experiment: str) -> str:
    return data_path("experiments/{id}", id=experiment)


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


def _reach(query: Query) -> tuple[Any, ...] | None:
    """Tell questions apart that stop early."""
    if not query.server_sort:
        return None
    return (query.limit, query.offset, query.order, query.data_type.name, query.start, query.end)


def _kept_rows(table: pa.Table, query: Query) -> pa.Table:
    """Apply view, filters and window."""
    if query.data_type.view:
        table = narrow.keep_view(table, query.data_type.view)
    for keyword, value in query.filters.items():
        table = narrow.keep_matching(table, query.data_type.parameter[keyword], value)
    return narrow.keep_window(table, query.data_type, query.start, query.end)


def _narrowed(table: pa.Table, query: Query, facts: Facts) -> tuple[pa.Table, Facts]:
    table = _kept_rows(table, query)
    if query.sort is not None:
        table = narrow.sort_by(table, query.sort, query.order)
    table = table.slice(query.offset, query.limit)
    if not query.pii:
        table, left_out = narrow.without_emails(table, query.data_type)
        if left_out and not query.columns:
            facts = facts.with_warning(f"left out: {', '.join(left_out)} (--pii keeps e-mail addresses)")
    if query.columns is not None:
        table = narrow.keep_columns(table, query.columns)
    bounds = {option: bound for option, bound in (("--from", query.start), ("--to", query.end)) if bound}
    for option, bound in bounds.items():
        if not narrow.has_time(query.data_type, bound):
            facts = facts.with_warning(f"{query.data_type.name} has no such time as {option}: it comes whole")
        if isinstance(bound, Instant) and bound.assumed_utc:
            facts = facts.with_warning(f"{option} names no time zone: read as UTC")
    return table, replace(facts, type=query.data_type.name, filters=query.plain())


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
