"""The facade: one question in, one table out. Magics, functions and widgets all ask here."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from hs_jupyter.api.transport import data_path
from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.directory import Directory
from hs_jupyter.errors import NotFoundError
from hs_jupyter.fetching import Fetched, Fetcher, reach, watched
from hs_jupyter.narrowing import narrowed
from hs_jupyter.room_starts import RoomStarts
from hs_jupyter.scope import Scope
from hs_jupyter.tables.derive import fill_onset, needs_starts
from hs_jupyter.tables.facts import with_facts

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from hs_jupyter.api.asking import Policy, Sends
    from hs_jupyter.api.envelope import Page
    from hs_jupyter.fetching import OnProgress
    from hs_jupyter.query import Query

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
    """

    def __init__(self, service: Sends, policy: Policy | None = None) -> None:
        self.directory = Directory(self.table)
        self._starts = RoomStarts(self.table)
        self._fetcher = Fetcher(service, policy, self._starts.learn)

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

    def _answer(self, query: Query, memo: Memo | None) -> pa.Table:
        scope = self.resolve(query.scope)
        query = replace(query, scope=scope)
        fetched = self._fetch(query, memo)
        table, facts = fetched.table, fetched.facts
        if needs_starts(table, query.data_type):
            table = fill_onset(table, query.data_type, self._starts.of(table, scope))
            if needs_starts(table, query.data_type):
                facts = facts.with_warning("onset_sec is missing where a room's start is not known")
        table, facts = narrowed(table, query, facts)
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
        return self._with_help(
            scope, lambda found: self._fetcher.one(data_path("experiments/{id}", id=found.id))
        )

    def peek(self, query: Query) -> Page:
        """Ask for one record: whether the key may read it, and how many the service announces.

        Raises
        ------
        ApiError, NetworkError, CredentialsError
            As the service answers.
        """
        return self._fetcher.peek(query)

    def _fetch(self, query: Query, memo: Memo | None) -> Fetched:
        """Fetch what a question needs; views are answered from the type they show."""
        view = query.data_type.view
        source = replace(query, data_type=DATA_TYPES[view.of]) if view else query
        key = (source.data_type.name, source.scope, tuple(sorted(source.wire().items())), reach(query))
        if memo is not None and key in memo:
            return memo[key]
        fetched = self._with_help(
            source.scope, lambda scope: self._fetcher.fetch(replace(source, scope=scope), query)
        )
        if memo is not None:
            memo[key] = fetched
        return fetched

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
