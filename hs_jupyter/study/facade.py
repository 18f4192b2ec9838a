"""The facade: one question in, one table out. Magics, functions and widgets all ask here."""

from __future__ import annotations

from collections.abc import MutableMapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from hs_jupyter.api.transport import data_path
from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.errors import NotFoundError, NotStoredError, StoreError
from hs_jupyter.fetching import Fetched, Fetcher, reach, watched
from hs_jupyter.manner import current_manner
from hs_jupyter.narrowing import narrowed
from hs_jupyter.scope import Scope
from hs_jupyter.study.directory import Directory
from hs_jupyter.study.keeping import Keeper
from hs_jupyter.study.room_starts import RoomStarts
from hs_jupyter.tables.derive import fill_onset, needs_starts
from hs_jupyter.tables.facts import with_facts

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from hs_jupyter.api.asking import Policy, Sends
    from hs_jupyter.api.envelope import Page
    from hs_jupyter.fetching import OnProgress
    from hs_jupyter.query import Query
    from hs_jupyter.storage import Holding, Space

_Answer = TypeVar("_Answer")
Memo = MutableMapping[Any, Fetched]


class Study:
    """What one connection can be asked.

    Parameters
    ----------
    service
        The connection's transport.
    policy
        How often it is asked, and how long again; by default at will, and once.
    space
        Where what came is kept, and read again; None keeps nothing.
    """

    def __init__(
        self, service: Sends | None, policy: Policy | None = None, space: Space | None = None
    ) -> None:
        self.directory = Directory(self.table)
        self._starts = RoomStarts(self.table)
        self._fetcher = Fetcher(service, policy, self._starts.learn) if service is not None else None
        self._keeper = Keeper(space, self._fetcher, self.table, self._with_onset) if space else None

    @property
    def space(self) -> Space | None:
        """Where what came is kept."""
        return self._keeper.space if self._keeper else None

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
        with watched(on_progress):
            return self._answer(query, memo)

    def preview(
        self, query: Query, most: int, on_progress: OnProgress | None = None
    ) -> tuple[pa.Table, bool]:
        """Answer with everything if the service announces at most so many records, else with its first page.

        Returns
        -------
        pyarrow.Table
            As `table` gives it.
        bool
            Whether that is everything.
        """

        def ask(scope: Scope) -> tuple[pa.Table, bool]:
            asked = replace(query, scope=scope)
            fetched = self._come(asked, asked, most)
            return self._finished(fetched, asked), not fetched.cut

        with watched(on_progress):
            return self._with_help(self.resolve(query.scope), ask)

    def page(self, query: Query) -> pa.Table:
        """Answer with what the service sends from ``offset`` on, at most ``limit`` records, in its order.

        Where a table is long, this asks for the part that is looked at, with one request.
        """
        fetcher = self._service()
        if fetcher is None:
            raise NotStoredError("the service is not to be asked (--offline), or there is none")
        query = replace(query, scope=self.resolve(query.scope))
        return self._finished(fetcher.page(query), replace(query, offset=0, limit=None, sort=None))

    def holding(self, query: Query) -> Holding | None:
        """Return what the store holds of a scope, whole and as the service has it now, to be read piece by piece.

        None where it is not stored: `table` then asks the service.
        """
        if self._keeper is None or query.data_type.view is not None or current_manner().refresh:
            return None
        return self._keeper.holding(replace(query, scope=self.resolve(query.scope)))

    def keep(self, query: Query, on_progress: OnProgress | None = None) -> Holding:
        """Bring everything of a scope into the store, never all of it into memory.

        Raises
        ------
        NotStoredError
            If nothing is kept of this connection, or the service is not to be asked.
        IncompleteError
            If the service doubts its own answer: such a one is not kept.
        ApiError, NetworkError, CredentialsError
            As the service answers.
        """
        if self._keeper is None:
            raise NotStoredError("nothing is kept of this connection")
        keeper = self._keeper
        with watched(on_progress):
            return self._with_help(
                self.resolve(query.scope), lambda scope: keeper.keep(replace(query, scope=scope))
            )

    def _answer(self, query: Query, memo: Memo | None) -> pa.Table:
        query = replace(query, scope=self.resolve(query.scope))
        return self._finished(self._fetch(query, memo), query)

    def _finished(self, fetched: Fetched, query: Query) -> pa.Table:
        table, facts = self._with_onset(fetched.table, query), fetched.facts
        if needs_starts(table, query.data_type):
            facts = facts.with_warning("onset_sec is missing where a room's start is not known")
        table, facts = narrowed(table, query, facts)
        return with_facts(table, facts)

    def _with_onset(self, table: pa.Table, query: Query) -> pa.Table:
        if not needs_starts(table, query.data_type):
            return table
        return fill_onset(table, query.data_type, self._starts.of(table, query.scope))

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
        fetcher = self._service()
        if fetcher is None:
            held = self.space.get_record(f"experiment={scope.id}") if self.space else None
            if held is None:
                raise NotStoredError(f"the design of {scope} is not stored")
            return held
        record = self._with_help(scope, lambda found: fetcher.one(data_path("experiments/{id}", id=found.id)))
        if self.space is not None:
            with suppress(StoreError):
                self.space.put_record(f"experiment={record.get('id') or scope.id}", record)
        return record

    def requests_left(self) -> tuple[int, int] | None:
        """Return how many requests are left in this hour, and of how many; None where nobody counts."""
        return self._fetcher.requests_left() if self._fetcher is not None else None

    def peek(self, query: Query) -> Page:
        """Ask for one record: whether the key may read it, and how many the service announces.

        Raises
        ------
        ApiError, NetworkError, CredentialsError
            As the service answers.
        """
        fetcher = self._service()
        if fetcher is None:
            raise NotStoredError("the service is not to be asked (--offline), or there is none")
        return fetcher.peek(query)

    def _service(self) -> Fetcher | None:
        return None if current_manner().offline else self._fetcher

    def _fetch(self, query: Query, memo: Memo | None) -> Fetched:
        """Fetch what a question needs; views are answered from the type they show."""
        view = query.data_type.view
        source = replace(query, data_type=DATA_TYPES[view.of]) if view else query
        key = (source.data_type.name, source.scope, tuple(sorted(source.wire().items())), reach(query))
        if memo is not None and key in memo:
            return memo[key]
        fetched = self._with_help(source.scope, lambda scope: self._come(replace(source, scope=scope), query))
        if memo is not None:
            memo[key] = fetched
        return fetched

    def _come(self, source: Query, query: Query, most: int | None = None) -> Fetched:
        if self._keeper is not None:
            return self._keeper.answer(source, query, most)
        fetcher = self._service()
        if fetcher is None:
            raise NotStoredError("nothing is stored of this connection")
        return fetcher.fetch(source, query, most)

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
