"""Requests about the selection: counts, code, push, bounds; and the same for Python callers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from msgspec import structs

from hs_jupyter.bundles import Bundle
from hs_jupyter.catalog import data_type
from hs_jupyter.errors import AuthenticationError, HsError, InputError, NetworkError, PlanError
from hs_jupyter.explorer.addresses import ADDRESSES
from hs_jupyter.explorer.answers import BoundAnswer, CodeAnswer, CountsAnswer
from hs_jupyter.explorer.code import NAME, code_for, spelled
from hs_jupyter.explorer.desk import Reply
from hs_jupyter.explorer.host import Host, scope_from
from hs_jupyter.explorer.selection import Selection, TimeWindow
from hs_jupyter.explorer.sources import Stored
from hs_jupyter.explorer.tasks import CancelledError
from hs_jupyter.explorer.variables import checked_name
from hs_jupyter.fetching import MAY_BE_INCOMPLETE
from hs_jupyter.narrowing import narrowed
from hs_jupyter.query import make_query
from hs_jupyter.tables.facts import facts_of, with_facts
from hs_jupyter.tables.narrow import keep_participants
from hs_jupyter.tables.output import hand_over
from hs_jupyter.times import Instant, parse_bound

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hs_jupyter.explorer.messages import Bound, Code, Counts, Push
    from hs_jupyter.explorer.shelf import Shelf
    from hs_jupyter.explorer.tasks import Task
    from hs_jupyter.fetching import OnProgress


_SEEN = 1000
"""Records by which a room's start is known: each of them tells it."""


def counts(request: Counts, host: Host, task: Task) -> Reply:
    """Count the records of a selection, among those held."""
    shelf = host.shelf(scope_from(request.scope))
    selection = Selection.from_wire(request.selection)
    found: dict[str, int] = {}
    partial = []
    for table in shelf.kinds:
        if selection.types is not None and table not in selection.types:
            continue
        records = shelf.records(table)
        if records is None:
            continue
        rows = records.order.selected(selection, task.check)
        found[table] = records.rows if rows is None else len(rows)
        if not records.whole:
            partial.append(table)
    return Reply(CountsAnswer(found, tuple(partial)))


def code(request: Code, host: Host, _task: Task) -> Reply:
    """Write the code that gives the same rows."""
    scope = host.study().resolve(scope_from(request.scope))
    name = checked_name(request.name) if request.name.strip() else NAME
    table = None if request.table is None else data_type(request.table)
    selection = Selection.from_wire(request.selection)
    text = code_for(scope, selection, request.kind, name=name, table=table)
    if ADDRESSES.hide(text) != text:
        raise InputError(
            "this code would hold an e-mail address, which stays in the kernel: print(explorer.code()) in a cell"
        )
    return Reply(CodeAnswer(text))


def push(request: Push, host: Host, task: Task) -> Reply:
    """Put the selection in a variable."""
    shelf = host.shelf(scope_from(request.scope))
    selection = Selection.from_wire(request.selection)

    doubts: list[str] = []

    def make() -> Any:
        if request.table is None:
            bundle = selected_bundle(shelf, selection, task, yes=request.yes)
            doubts.extend(doubts_of(bundle.arrow().values()))
            return bundle
        table = _selected(shelf, selection, shelf.kind(request.table).table, task, yes=request.yes)
        doubts.extend(doubts_of([table]))
        return hand_over(table)

    answer = host.pusher.push(request.name, make, request.replace)
    return Reply(structs.replace(answer, sentence="; ".join([answer.sentence, *doubts])))


def doubts_of(tables: Iterable[pa.Table]) -> list[str]:
    """Return the warnings that some tables may be incomplete."""
    found = [warning for table in tables for warning in facts_of(table).warnings]
    return [one for one in dict.fromkeys(found) if MAY_BE_INCOMPLETE in one]


def bound(request: Bound, host: Host, _task: Task) -> Reply:
    """Read a bound as a person typed it."""
    found = parse_bound(request.text.strip(), "From" if request.edge == "from" else "To")
    if isinstance(found, Instant):
        start = _room_start(host.shelf(scope_from(request.scope)))
        onset_sec = found.at.timestamp() - start
    else:
        onset_sec = found.sec
    snapped = TimeWindow(onset_sec, onset_sec).start_sec
    return Reply(BoundAnswer(snapped, spelled(snapped)))


def selected_bundle(shelf: Shelf, selection: Selection, task: OnProgress, *, yes: bool = False) -> Bundle:
    """Return exactly the selection, as ``hs.bundle`` would; what fails does not stop the others.

    Raises
    ------
    ApiError, NetworkError, CredentialsError
        If nothing came at all.
    """
    kinds = [shelf.kind(one) for one in (shelf.kinds if selection.types is None else selection.types)]
    tables: dict[str, pa.Table] = {}
    failed: dict[str, HsError] = {}
    for kind in kinds:
        try:
            tables[kind.table] = _selected(shelf, selection, kind.table, task, yes=yes)
        except (CancelledError, PlanError, AuthenticationError, NetworkError):
            raise
        except HsError as problem:
            failed[kind.table] = problem
    if failed and not tables:
        raise next(iter(failed.values()))
    return Bundle(tables, {name: str(problem) for name, problem in failed.items()})


def selected_table(
    shelf: Shelf, selection: Selection, table: str, task: OnProgress, *, yes: bool = False
) -> Any:
    """Return one table of the selection, as pandas."""
    return hand_over(_selected(shelf, selection, shelf.kind(table).table, task, yes=yes))


def _selected(shelf: Shelf, selection: Selection, table: str, task: OnProgress, *, yes: bool) -> pa.Table:
    records = shelf.whole(table, task, yes=yes)
    window = selection.window
    query = make_query(
        records.kind,
        shelf.scope,
        from_=None if window is None else window.start_sec,
        to=None if window is None else window.end_sec,
    )
    if window is not None and isinstance(records.source, Stored) and not records.source.is_read:
        kept = shelf.study.table(query)  # reads no more than the window
    else:
        kept, facts = narrowed(records.table, query, facts_of(records.table))
        kept = with_facts(kept, facts)
    if selection.participants is None:
        return kept
    return keep_participants(kept, records.kind, selection.participants)


def _room_start(shelf: Shelf) -> float:
    """Return onset 0 of the one room in epoch seconds, by the records held: instants minus onsets."""
    if shelf.scope.room_id is None:
        raise InputError("an instant is another onset in every room: give an onset such as 90s or 1:30")
    for table, kind in shelf.kinds.items():
        records = shelf.records(table)
        if records is None or kind.time != "timestamp" or "onset_sec" not in records.names:
            continue
        first = records.source.take(np.arange(min(records.rows, _SEEN)), ["timestamp", "onset_sec"])
        micros = first["timestamp"].cast(pa.int64()).to_numpy().astype(float)
        begun = micros / 1e6 - first["onset_sec"].to_numpy()
        if np.isfinite(begun).any():
            return float(np.nanmedian(begun))
    raise InputError("when the room started is not known yet: give an onset such as 90s or 1:30")
