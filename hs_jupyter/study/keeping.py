"""Between the question and the service: answer from the store, and ask for what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from hs_jupyter.errors import DamagedError, NetworkError, NotStoredError
from hs_jupyter.fetching import Fetched
from hs_jupyter.fetching.plan import rooms_to_ask
from hs_jupyter.manner import current_manner
from hs_jupyter.query import Query
from hs_jupyter.scope import Scope
from hs_jupyter.study.filling import Filler
from hs_jupyter.study.freshness import is_settled, is_unchanged, is_whole, only_grows, over_since
from hs_jupyter.study.reading import can_answer, read
from hs_jupyter.study.rooms_over import RoomsOver
from hs_jupyter.tables.build import sort_table
from hs_jupyter.tables.facts import Facts
from hs_jupyter.tables.join import join_tables
from hs_jupyter.times import Instant

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from hs_jupyter.fetching import Fetcher
    from hs_jupyter.storage import Holding, Space

_OVERLAP = timedelta(seconds=10)
"""The end of what is stored is asked for again: records of one moment may come one after another."""

_MOST_CHASES = 3
"""So often the end of a running room is asked for, until count and rows agree."""


class Keeper:
    """Answers questions from a store as far as it can, and fills it.

    Parameters
    ----------
    space
        The connection's part of the store.
    fetcher
        Asks the service; None where there is none: a mirrored study on disk.
    ask
        Answers a `Query` with a table: for the rooms of an experiment, and whether they are over.
    fill
        Fills what rows lack of ``onset_sec``, so that it is the same when they are read again.
    """

    def __init__(
        self,
        space: Space,
        fetcher: Fetcher | None,
        ask: Callable[[Query], pa.Table],
        fill: Callable[[pa.Table, Query], pa.Table],
    ) -> None:
        self.space = space
        self._fetcher = fetcher
        self._fill = fill
        self._rooms = RoomsOver(space, ask)
        self._filler = Filler(space, self._rooms, fill, self._held)

    def answer(self, source: Query, query: Query, most: int | None = None) -> Fetched:
        """Answer a question, from the store or from the service.

        Parameters
        ----------
        source
            What is asked for: of a view, the type that it shows.
        query
            What is wanted in the end.
        most
            Where the service announces more records than this, its first page is enough.

        Raises
        ------
        NotStoredError
            If it is not stored, and the service is not to be asked.
        ApiError, NetworkError, CredentialsError
            As the service answers.
        """
        fetcher = None if self._offline else self._fetcher
        held = None if fetcher and current_manner().refresh else self._held(source)
        if fetcher is None:
            if held is None:
                raise NotStoredError(_not_stored(source, mirror=self._fetcher is None))
            return read(held, source, query)
        try:
            if held is not None and (current := self._current(fetcher, held)):
                return read(current, source, query)
        except DamagedError:
            pass  # it is set aside, and fetched again
        except NetworkError as problem:
            if held is None:
                raise
            return _as_stored(read(held, source, query), problem)
        if not is_whole(source, query):
            return fetcher.fetch(source, query)
        if held is None and most is None and (joined := self._joined(fetcher, source)):
            return read(joined, source, query)
        return self._filler.fetch(fetcher, source, query, most)

    def holding(self, source: Query) -> Holding | None:
        """Return what holds every record of a scope, as the service has them now; None if nothing does."""
        held = self._held(source)
        if held is None or self._fetcher is None or self._offline:
            return held
        try:
            return self._current(self._fetcher, held)
        except DamagedError:
            return None
        except NetworkError:
            return held

    def keep(self, source: Query) -> Holding:
        """Bring everything of a scope into the store, never all of it into memory.

        Raises
        ------
        IncompleteError
            If the service doubts its answer.
        StoreError
            If it cannot be kept.
        """
        fetcher = None if self._offline else self._fetcher
        held = self._held(source)
        if fetcher is None:
            if held is None:
                raise NotStoredError(_not_stored(source, mirror=self._fetcher is None))
            return held
        if not current_manner().refresh:
            current = self._current(fetcher, held) if held is not None else self._joined(fetcher, source)
            if current is not None:
                return current
        return self._filler.bring(fetcher, source)

    @property
    def _offline(self) -> bool:
        return self._fetcher is None or current_manner().offline

    def _held(self, source: Query) -> Holding | None:
        """Find what holds every record of a question."""
        kind, scope = source.data_type, source.scope
        held = self.space.find(kind, scope)
        if held is None and scope.room and (kind.by_participant or self._offline):  # else the service knows
            held = self.space.find(kind, Scope("room", scope.room))
        if held is None or not (held.facts.complete or self._offline) or not can_answer(held, source):
            return None
        return held

    def _current(self, fetcher: Fetcher, held: Holding) -> Holding | None:
        """Return a holding as the service has it now, brought up to date if need be; None to fetch it anew."""
        if self._is_final(held):
            return held
        kind = held.type
        if not only_grows(kind):
            return None
        whole = Query(kind, held.scope)
        for _ in range(_MOST_CHASES):
            tail = fetcher.peek(replace(whole, limit=1, sort=kind.time, order="desc"))
            if is_unchanged(held, tail, kind):
                return self.space.touch(held, checked_at=datetime.now(UTC), announced=tail.total)
            if held.scope.kind == "experiment":
                return self._joined(fetcher, whole)
            if (grown := self._grown(fetcher, held, tail.total)) is None:
                return None
            held = grown
        return None

    def _joined(self, fetcher: Fetcher, source: Query) -> Holding | None:
        """Complete an experiment room by room, where that takes fewer requests than asking for it whole."""
        kind, experiment = source.data_type, source.scope.id
        if source.scope.kind != "experiment" or not kind.by_room or not is_whole(source, source):
            return None
        held = self.space.rooms(kind, experiment)
        final = {room: one for room, one in held.items() if self._is_final(one)}
        if not final:
            return None
        rooms = self._rooms.rooms(experiment)
        announced = fetcher.peek(Query(kind, source.scope)).total
        plan = rooms_to_ask(
            [room for room in rooms if room not in final],
            announced=announced,
            held=sum(one.announced or 0 for one in final.values()),
            page_size=fetcher.page_size(kind),
        )
        if plan is None:
            return None
        fetcher.check_plan(kind, len(plan))
        for room in plan:
            asked = Query(kind, Scope("room", room))
            self.answer(asked, asked)
        facts = Facts(
            type=kind.name,
            scope={"kind": "experiment", "id": experiment, "room": None},
            fetched_at=min(one.facts.fetched_at for one in self.space.rooms(kind, experiment).values()),
            rows_expected=announced,
        )
        joined = self.space.join_rooms(kind, experiment, rooms, facts, announced=announced)
        return joined if joined is not None and joined.rows == announced else None

    def _grown(self, fetcher: Fetcher, held: Holding, announced: int | None) -> Holding | None:
        """Add what came since to a room that only grows; None where the rows would not add up."""
        kind = held.type
        more = announced is not None and held.announced is not None and announced > held.announced
        if not more or not kind.timed or held.last_record is None:
            return None
        since = Query(kind, held.scope, start=Instant(held.last_record - _OVERLAP))
        fetched = fetcher.fetch(since, since)
        table, key = held.read(), kind.key[0]
        new = fetched.table.filter(pc.invert(pc.is_in(fetched.table[key], table[key].combine_chunks())))
        if not fetched.facts.complete or not new.num_rows or new[key].null_count:
            return None
        grown = sort_table(join_tables([table, self._fill(new, since)]), kind)
        count = held.announced + new.num_rows
        facts = replace(held.facts, fetched_at=fetched.facts.fetched_at, rows_expected=count)
        return self.space.keep(kind, held.scope, grown, facts, announced=count, experiment=held.experiment)

    def _is_final(self, held: Holding) -> bool:
        """Whether nothing can have been added or changed since: see design.md, decision 4."""
        room = held.scope.room_id
        if room is None or (held.last_record is not None and not is_settled(held)):
            return False
        if held.type.name == "recordings":
            experiment = held.experiment or self._rooms.experiment_of(room)
            record = self._rooms.rooms(experiment).get(room, {}) if experiment else {}
            since = over_since(record, held.read().to_pylist())
        else:
            since = self._rooms.over_since(room, held.experiment)
        return since is not None and is_settled(held, since)


def _as_stored(fetched: Fetched, problem: NetworkError) -> Fetched:
    note = f"{problem}: as fetched {fetched.facts.fetched_at}, which may have grown since"
    return Fetched(fetched.table, fetched.facts.with_warning(note))


def _not_stored(source: Query, *, mirror: bool) -> str:
    what = f"{source.data_type.name} of {source.scope}"
    if mirror:
        return f"{what}: not in this mirrored study"
    return f"{what}: not stored; leave --offline out (offline=True in Python) to ask the service"
