"""A stored holding is read for one question: only the columns and row groups that it needs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from hs_jupyter.fetching import Fetched
from hs_jupyter.tables.build import NULLS
from hs_jupyter.tables.derive import has_onset
from hs_jupyter.times import Instant

if TYPE_CHECKING:
    from datetime import datetime

    from hs_jupyter.catalog import DataType
    from hs_jupyter.query import Query
    from hs_jupyter.storage import Holding

PARTICIPANT = "participantId"
_ALWAYS = ("roomId", "participantId", "senderId", "onset_sec", "duration", "eventType", "category", NULLS)
"""What deriving, views and windows look at, beside the columns of the question itself."""


def can_answer(holding: Holding, source: Query) -> bool:
    """Whether the filters of a question can be applied to what is stored.

    A parameter that only the service understands, or whose column some rows lack, cannot.
    """
    parameters = [source.data_type.parameter[keyword] for keyword in source.filters]
    exact = [one.column for one in parameters if not one.loose]
    if not all(exact):
        return False
    if not exact:
        return True
    held = holding.read(columns=exact)
    return all(name in held.column_names and not held[name].null_count for name in exact)


def read(holding: Holding, source: Query, query: Query) -> Fetched:
    """Read what a question needs of a holding.

    Parameters
    ----------
    source
        What is asked of the store: of a view, the type that it shows.
    query
        What is wanted in the end.

    Raises
    ------
    DamagedError
        If a part is damaged; it is then set aside.
    """
    kind, scope = source.data_type, source.scope
    onset, instants = _windows(kind, query)
    of_one = scope.kind == "participant" and holding.scope.kind == "room"
    indexed = of_one and kind.participant == PARTICIPANT
    table = holding.read(
        columns=_columns(holding, query),
        onset=onset,
        instants=instants,
        participant=scope.id if indexed else None,
    )
    if of_one and not indexed:
        table = table.filter(pc.equal(table[kind.participant], scope.id))
    asked = {"kind": scope.kind, "id": scope.id, "room": scope.room}
    return Fetched(table, replace(holding.facts, scope=asked))


def _columns(holding: Holding, query: Query) -> list[str] | None:
    """Name the columns to read; None for all, also where an error would name those there are."""
    if query.columns is None:
        return None
    kind = query.data_type
    filters = [kind.parameter[keyword].column for keyword in query.filters]
    wanted = {*query.columns, query.sort, kind.time, kind.end, *filters} - {"", None}
    if not wanted - {kind.end} <= set(holding.columns):
        return None
    return [name for name in holding.columns if name in wanted or name in _ALWAYS]


def _windows(
    kind: DataType, query: Query
) -> tuple[tuple[float, float] | None, tuple[datetime, datetime] | None]:
    """Return the window of a question as onsets and as instants, where every row is a point in time."""
    if kind.end or not kind.time:
        return None, None
    onset: list[float] = [float("-inf"), float("inf")]
    instants: list[datetime | None] = [None, None]
    for side, bound in enumerate((query.start, query.end)):
        if isinstance(bound, Instant):
            instants[side] = bound.at
        elif bound is not None and has_onset(kind):
            onset[side] = bound.sec
    return (onset[0], onset[1]) if onset != [float("-inf"), float("inf")] else None, _closed(instants)


def _closed(instants: list[datetime | None]) -> tuple[datetime, datetime] | None:
    from datetime import UTC, datetime

    if instants == [None, None]:
        return None
    start, end = instants
    return (start or datetime.min.replace(tzinfo=UTC), end or datetime.max.replace(tzinfo=UTC))
