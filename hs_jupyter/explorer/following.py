"""A running room is followed: its tables grow by what came since, as often as the budget allows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from hs_jupyter.errors import AuthenticationError, CredentialsError, HsError, InputError
from hs_jupyter.explorer.answers import LiveAnswer
from hs_jupyter.explorer.desk import Reply
from hs_jupyter.explorer.host import Host, scope_from, scope_to
from hs_jupyter.explorer.messages import News
from hs_jupyter.explorer.tasks import CancelledError
from hs_jupyter.manner import Manner, in_manner
from hs_jupyter.query import make_query
from hs_jupyter.scope import Scope
from hs_jupyter.study.freshness import only_grows
from hs_jupyter.tables.facts import facts_of, with_facts
from hs_jupyter.tables.join import join_tables
from hs_jupyter.tables.order import sort_table

if TYPE_CHECKING:
    from hs_jupyter.catalog import DataType
    from hs_jupyter.explorer.messages import Live
    from hs_jupyter.explorer.shelf import Shelf
    from hs_jupyter.explorer.tasks import Task

FOLLOWED_SEC = 60.0
"""One request follows for so long: a browser that is gone asks for no further minute."""

PAUSE_SEC = 2.0
"""Between two looks, where nobody counts requests."""

SHARE = 0.7
"""Of the requests left in this hour, following takes no more than this; the rest is for the person."""

OVERLAP = timedelta(seconds=10)
"""The end of what is held is asked for again: records of one moment come one after another."""

LATELY = timedelta(minutes=10)
"""A room whose list of rooms is not known is taken to run while its last event is no older."""

_HOUR_SEC = 3600.0
_SLOWEST_SEC = 60.0
_GREW = 4.0
_CHANGES = 0.25


@dataclass
class _Followed:
    """A table that is followed: when it was looked at last, and how much that is worth again."""

    kind: DataType
    looked: float
    weight: float


def live(request: Live, host: Host, task: Task) -> Reply:
    """Follow a room for a minute: news after every look; a look that fails says so, and it goes on."""
    scope = scope_from(request.scope)
    if scope.kind != "room":
        raise InputError("a running room can be followed: choose a room")
    shelf = host.shelf(scope)
    end = monotonic() + FOLLOWED_SEC
    followed = _followed(shelf, monotonic())
    if not followed:
        raise InputError("nothing of this room is loaded that could be followed: open its timeline first")
    while monotonic() < end:
        pause = _pause(host.study().requests_left())
        task.pause(min(pause, max(0.0, end - monotonic())))
        if monotonic() >= end:
            break
        chosen = max(followed, key=lambda one: (monotonic() - one.looked) * one.weight)
        for one in followed if host.study().requests_left() is None else [chosen]:
            task.news(_look(shelf, one, task, pause))
            one.looked = monotonic()
    return Reply(LiveAnswer(_still_running(host, scope, task)))


def runs(host: Host, scope: Scope) -> bool:
    """Whether a room runs: as its experiment's list says, else as its events tell; nothing is asked for it."""
    if scope.kind != "room":
        return False
    if host.listing().experiment_of(scope.id) is not None:
        return host.listing().is_running(scope.id)
    shelf = host.shelf(scope)
    events = shelf.records("events")
    if events is None or not events.rows:
        return False
    last = pc.max(events.table[shelf.kinds["events"].time]).as_py()
    return last is not None and abs(datetime.now(UTC) - last) < LATELY


def _followed(shelf: Shelf, now: float) -> list[_Followed]:
    """List what can be followed: what the person has before them, held whole."""
    found = []
    for table, kind in shelf.kinds.items():
        records = shelf.records(table)
        if kind.view is None and kind.paged and records is not None and records.whole:
            found.append(_Followed(kind, now - PAUSE_SEC, 1.0 if only_grows(kind) else _CHANGES))
    return found


def _pause(left: tuple[int, int] | None) -> float:
    """Return the seconds between two looks that make the rest of the budget last for an hour."""
    if left is None:
        return PAUSE_SEC
    return min(_SLOWEST_SEC, max(PAUSE_SEC, _HOUR_SEC / max(1.0, SHARE * left[0])))


def _look(shelf: Shelf, one: _Followed, task: Task, pause: float) -> News:
    table, sentence, added = one.kind.table, None, 0
    try:
        before = shelf.records(table)
        rows = 0 if before is None else before.rows
        if only_grows(one.kind) and one.kind.timed and before is not None and rows:
            if (grown := _grown(shelf, one.kind, before.table)) is not None:
                shelf.replace(table, grown)
        else:
            shelf.whole(table, task, refresh=True)
        after = shelf.records(table)
        added = 0 if after is None else after.rows - rows
        one.weight = (_GREW if added else 1.0) * (1.0 if only_grows(one.kind) else _CHANGES)
    except (CancelledError, AuthenticationError, CredentialsError):
        raise
    except HsError as problem:
        sentence = f"this look failed, the next one follows: {problem}"
    return News(task.id, scope_to(shelf.scope), (shelf.state(table),), max(0, added), pause, sentence)


def _grown(shelf: Shelf, kind: DataType, held: pa.Table) -> pa.Table | None:
    """Ask for the end of a table that only grows; return it with what is new, None if nothing is."""
    last = pc.max(held[kind.time]).as_py()
    with in_manner(Manner(refresh=True)):
        tail = shelf.study.table(
            make_query(kind, shelf.scope, from_=None if last is None else last - OVERLAP)
        )
    [key] = kind.key
    known = pc.is_in(tail[key].cast(pa.string()), value_set=held[key].cast(pa.string()).combine_chunks())
    new = tail.filter(pc.invert(known))
    if not new.num_rows:
        return None
    grown = sort_table(join_tables([held, new]), kind)
    facts = replace(facts_of(held), fetched_at=facts_of(tail).fetched_at, rows_expected=grown.num_rows)
    return with_facts(grown, facts)


def _still_running(host: Host, scope: Scope, task: Task) -> bool:
    """Ask whether the room still runs, where its experiment is known; else go by its events."""
    experiment = host.listing().experiment_of(scope.id)
    if experiment is None:
        return runs(host, scope)
    try:
        host.listing().below(Scope("experiment", experiment), task, refresh=True)
    except CancelledError:
        raise
    except HsError:
        return True
    return host.listing().is_running(scope.id)
