"""What the service has comes into the store: fetched whole, through a journal that outlives an interrupt."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from hs_jupyter.errors import IncompleteError, StoreError
from hs_jupyter.fetching import Fetched, tell_waiting
from hs_jupyter.study.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from hs_jupyter.fetching import Fetcher
    from hs_jupyter.query import Query
    from hs_jupyter.storage import Holding, Journal, Space
    from hs_jupyter.study.rooms_over import RoomsOver

_BUSY_SEC = 5.0


class Filler:
    """Fills a store with what is fetched.

    Parameters
    ----------
    space
        The connection's part of the store.
    rooms
        The rooms of an experiment.
    fill
        Fills what rows lack of ``onset_sec``, so that it is the same when they are read again.
    held
        Finds what holds every record of a question: another notebook may have brought it meanwhile.
    """

    def __init__(
        self,
        space: Space,
        rooms: RoomsOver,
        fill: Callable[[pa.Table, Query], pa.Table],
        held: Callable[[Query], Holding | None],
    ) -> None:
        self._space = space
        self._rooms = rooms
        self._fill = fill
        self._held = held

    def fetch(self, fetcher: Fetcher, source: Query, query: Query, most: int | None = None) -> Fetched:
        """Fetch everything of a scope and keep it; where it cannot be kept it is handed on all the same."""
        with ExitStack() as open_:
            try:
                journal, waited = self._journal(open_, source)
            except StoreError as problem:
                return _not_kept(fetcher.fetch(source, query, most), problem)
            if waited and (held := self._held(source)):
                return read(held, source, query)
            fetched = fetcher.fetch(source, query, most, journal=journal)
            if fetched.cut:
                return fetched  # the journal stays: whoever wants everything goes on from there
            if fetched.facts.complete:
                fetched = replace(fetched, table=self._fill(fetched.table, source))
                try:
                    self._keep(source, fetched)
                except StoreError as problem:
                    return _not_kept(fetched, problem)
            journal.discard()
        return fetched

    def bring(self, fetcher: Fetcher, source: Query) -> Holding:
        """Fetch everything of a scope into the store, through the journal."""
        with ExitStack() as open_:
            journal, waited = self._journal(open_, source)
            if waited and (held := self._held(source)):
                return held
            paged = source.data_type.paged
            fetched = fetcher.fetch(source, source, journal=journal, keep_only=paged)
            if not fetched.facts.complete:
                journal.discard()
                raise IncompleteError("; ".join(fetched.facts.warnings))
            held = self._keep(source, fetched, journal if paged else None)
            journal.discard()
        return held

    def _journal(self, open_: ExitStack, source: Query) -> tuple[Journal, bool]:
        """Open the journal of a question; whether another notebook, fetching the same, was waited for."""
        journal = open_.enter_context(self._space.journal(source.data_type, source.scope, source.wire()))
        waited = journal.busy
        while journal.busy:
            tell_waiting("another notebook is fetching the same", _BUSY_SEC)
            journal.acquire(_BUSY_SEC)
        return journal, waited

    def _keep(self, source: Query, fetched: Fetched, journal: Journal | None = None) -> Holding:
        kind, scope, facts = source.data_type, source.scope, fetched.facts
        split = scope.kind == "experiment" and kind.by_room
        place: dict[str, Any] = {
            "announced": facts.rows_expected,
            "experiment": self._experiment_of(source, fetched.table),
            "rooms": self._rooms.rooms(scope.id) if split else (),
        }
        if journal is not None:
            return self._space.keep_journal(kind, scope, journal, facts, **place)
        return self._space.keep(kind, scope, fetched.table, facts, **place)

    def _experiment_of(self, source: Query, table: pa.Table) -> str | None:
        """Return the experiment that a question or its rows name."""
        scope = source.scope
        if scope.kind == "experiment":
            return scope.id
        if "experimentId" in table.column_names:
            named = pc.unique(table["experimentId"]).drop_null().to_pylist()
            if len(named) == 1:
                return str(named[0])
        return self._rooms.experiment_of(scope.room_id) if scope.room_id else None


def _not_kept(fetched: Fetched, problem: StoreError) -> Fetched:
    return replace(fetched, facts=fetched.facts.with_warning(f"not kept: {problem}"))
