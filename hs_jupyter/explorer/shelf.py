"""What the kernel holds of one scope: asked for once, page by page or whole, by any number of threads."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock, RLock
from typing import TYPE_CHECKING, Any, TypeVar

from hs_jupyter.catalog import DATA_TYPES, DataType, data_type
from hs_jupyter.errors import ForbiddenError, HsError, InputError, NotFoundError
from hs_jupyter.explorer.answers import TableState
from hs_jupyter.explorer.explain import missing_key_scope
from hs_jupyter.explorer.records import Records, gap, part_records, view_records, whole_records
from hs_jupyter.explorer.sources import InMemory, stored_source
from hs_jupyter.manner import Manner, in_manner
from hs_jupyter.query import make_query
from hs_jupyter.tables.derive import has_onset
from hs_jupyter.tables.facts import facts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pyarrow as pa

    from hs_jupyter.explorer.tasks import Task
    from hs_jupyter.fetching import OnProgress
    from hs_jupyter.scope import Scope
    from hs_jupyter.study import Study

SERVER_PAGE = 1000
"""Records asked for where a page of a long table is looked at: what one request brings at least."""

SMALL = 20_000
"""A table that the timeline needs is fetched without asking up to so many records: twenty requests at most."""

_LOCK_SEC = 0.1
_ON_PURPOSE = "left out: "
"""E-mail addresses that nobody asked for are no doubt about a table."""
_Ready = TypeVar("_Ready")


@dataclass
class _Held:
    """What is held of one data type; changed under its lock, read without."""

    kind: DataType
    lock: RLock = field(default_factory=RLock)
    records: Records | None = None
    parts: list[tuple[int, pa.Table]] = field(default_factory=list)
    problem: HsError | None = None
    warnings: tuple[str, ...] = ()


class Shelf:
    """The tables of one scope.

    Parameters
    ----------
    study
        Where they are asked for.
    scope
        The scope.
    changed
        Told the table that changed.
    missing
        Told that there is no such scope.
    """

    def __init__(
        self,
        study: Study,
        scope: Scope,
        changed: Callable[[Shelf, str], None] = lambda *_: None,
        missing: Callable[[Scope], None] = lambda _: None,
    ) -> None:
        self.study = study
        self.scope = scope
        self._changed = changed
        self._missing = missing
        self._preparing = Lock()
        self._ready: Any = None
        self._held = {kind.table: _Held(kind) for kind in DATA_TYPES.values() if scope.kind in kind.scopes}

    @property
    def kinds(self) -> dict[str, DataType]:
        """The data types of the scope, by table."""
        return {name: held.kind for name, held in self._held.items()}

    def kind(self, table: str) -> DataType:
        """Return a data type by its table.

        Raises
        ------
        InputError
            If the scope has no such table.
        """
        kind = data_type(table)
        if kind.table not in self._held:
            raise InputError(f"{kind.name} does not exist for a {self.scope.kind}")
        return kind

    def records(self, table: str) -> Records | None:
        """Return what is held of a table now; nothing is asked for."""
        held = self._held[self.kind(table).table]
        if not (shown := _shown(held.kind)):
            return held.records
        source = self.records(shown)
        return None if source is None else self._of_view(held, source)

    def page(self, table: str, offset: int, count: int, task: Task) -> Records:
        """Hold at least the records of a span, and return what is held; asks for no more than is needed.

        Raises
        ------
        ApiError, NetworkError, CredentialsError
            As the service answers.
        """
        known = self.small(table, task, most=SERVER_PAGE)
        held = self._held[known.kind.table]
        if _shown(held.kind) or gap(known, offset, count) is None:
            return known
        with self._locked(held, task):
            while (at := gap(held.records or known, offset, count)) is not None:
                task.check()
                if not self._add_page(held, at):
                    break
        return held.records or known

    def small(self, table: str, task: OnProgress, most: int = SMALL) -> Records:
        """Hold a table whole if it has at most so many records, else at least its first page."""
        held = self._held[self.kind(table).table]
        if shown := _shown(held.kind):
            return self._of_view(held, self.small(shown, task, most))
        with self._locked(held, task):
            known = held.records
            if known is not None and (known.whole or (known.announced or most + 1) > most):
                return known
            if known is not None or not held.kind.paged:
                return self._fetch_whole(held, task, Manner())
            with self._problems(held):
                if (stored := stored_source(self.study, held.kind, self.scope)) is not None:
                    return self._keep(held, whole_records(held.kind, stored), ())
                answer, whole = self.study.preview(make_query(held.kind, self.scope), most, task)
            facts = facts_of(answer)
            if whole:
                return self._keep(held, whole_records(held.kind, InMemory(answer)), facts.warnings)
            held.parts = [(0, answer)]
            return self._keep(held, part_records(held.kind, held.parts, facts.rows_expected), facts.warnings)

    def whole(self, table: str, task: OnProgress, *, yes: bool = False, refresh: bool = False) -> Records:
        """Hold all records of a table.

        Parameters
        ----------
        yes
            A plan of many requests is carried out; else it ends in a `PlanError`.
        refresh
            They are asked for again.
        """
        held = self._held[self.kind(table).table]
        if shown := _shown(held.kind):
            return self._of_view(held, self.whole(shown, task, yes=yes, refresh=refresh))
        with self._locked(held, task):
            if held.records is not None and held.records.whole and not refresh:
                return held.records
            if refresh:
                held.problem = None
            return self._fetch_whole(held, task, Manner(yes=yes, refresh=refresh))

    def replace(self, table: str, records: pa.Table) -> None:
        """Hold other records of a table that is whole: a running room's."""
        held = self._held[table]
        with held.lock:
            self._keep(held, whole_records(held.kind, InMemory(records)), facts_of(records).warnings)

    def note(self, table: str, problem: HsError) -> None:
        """Remember why a table could not be read, for whoever looks at its tab."""
        self._held[table].problem = problem

    def prepared(self, held: Mapping[str, Records], prepare: Callable[[], _Ready]) -> _Ready:
        """Return what was prepared of exactly these records, or prepare it now."""
        key = tuple((name, one.version) for name, one in held.items())
        with self._preparing:
            if self._ready is None or self._ready[0] != key:
                self._ready = (key, prepare())
            ready: _Ready = self._ready[1]
            return ready

    def ready(self) -> Any:
        """Return what was prepared last; None if nothing was."""
        return None if self._ready is None else self._ready[1]

    def state(self, table: str) -> TableState:
        """Say what is known of a table; nothing is asked for."""
        held = self._held[table]
        records = self.records(table)
        problem = held.problem
        kind = held.kind
        stored = self._stored_rows(kind)
        announced = stored if records is None else records.announced
        return TableState(
            table=kind.table,
            type=kind.name,
            meaning=kind.meaning,
            timed=has_onset(kind),
            drawn=bool(kind.drawn),
            announced=announced,
            loaded=0 if records is None else records.rows,
            whole=records is not None and records.whole,
            readable=not isinstance(problem, ForbiddenError),
            key_scope=missing_key_scope(problem) or kind.key_scope or None,
            problem=None if problem is None else str(problem),
            warnings=held.warnings,
            stored=stored is not None,
            version=0 if records is None else records.version,
        )

    def states(self) -> tuple[TableState, ...]:
        """Say what is known of every table."""
        return tuple(self.state(table) for table in self._held)

    def _of_view(self, held: _Held, source: Records) -> Records:
        """Show a view, searched once for each state of what it shows."""
        with held.lock:
            if held.records is None or held.records.shown is not source:
                held.records = view_records(held.kind, source)
            return held.records

    def _fetch_whole(self, held: _Held, task: OnProgress, manner: Manner) -> Records:
        with self._problems(held), in_manner(manner):
            if (stored := stored_source(self.study, held.kind, self.scope)) is not None:
                return self._keep(held, whole_records(held.kind, stored), ())
            answer = self.study.table(make_query(held.kind, self.scope), task)
        return self._keep(held, whole_records(held.kind, InMemory(answer)), facts_of(answer).warnings)

    def _add_page(self, held: _Held, at: int) -> bool:
        """Ask for the page from a record on; whether it brought anything."""
        asked = make_query(held.kind, self.scope, offset=at, limit=SERVER_PAGE)
        with self._problems(held):
            answer = self.study.page(asked)
        facts = facts_of(answer)
        announced = facts.rows_expected
        if answer.num_rows:
            held.parts = [*held.parts, (at, answer)]
        else:
            announced = at if announced is None else min(announced, at)
        self._keep(held, part_records(held.kind, held.parts, announced), facts.warnings)
        return bool(answer.num_rows)

    def _keep(self, held: _Held, records: Records, warnings: tuple[str, ...]) -> Records:
        held.records, held.problem = records, None
        if records.whole:
            held.parts = []
        told = (*(() if records.whole else held.warnings), *warnings)
        held.warnings = tuple(one for one in dict.fromkeys(told) if not one.startswith(_ON_PURPOSE))
        self._changed(self, held.kind.table)
        return records

    def _stored_rows(self, kind: DataType) -> int | None:
        """Return how many records of a type are stored whole on this machine; None if they are not."""
        space = self.study.space
        holding = None if space is None or kind.view is not None else space.find(kind, self.scope)
        return None if holding is None else holding.rows

    @contextmanager
    def _problems(self, held: _Held) -> Iterator[None]:
        """Remember why a type cannot be read: what the key may not is not asked for again and again."""
        if isinstance(held.problem, ForbiddenError):
            raise held.problem
        try:
            yield
        except HsError as problem:
            if isinstance(problem, ForbiddenError):
                held.problem = problem
                self._changed(self, held.kind.table)
            if isinstance(problem, NotFoundError) and not any(one.records for one in self._held.values()):
                self._missing(self.scope)
            raise

    @contextmanager
    def _locked(self, held: _Held, task: OnProgress) -> Iterator[None]:
        """Let one thread at a time ask for a table; who waits can still be told to end."""
        check = getattr(task, "check", lambda: None)
        while not held.lock.acquire(timeout=_LOCK_SEC):
            check()
        try:
            yield
        finally:
            held.lock.release()


def _shown(kind: DataType) -> str:
    """Name the table that a view shows; empty for what is no view."""
    return DATA_TYPES[kind.view.of].table if kind.view is not None else ""
