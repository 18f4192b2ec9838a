"""Requests about records: pages, cells, fetching everything, drawing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from hs_jupyter.catalog import DERIVED, DataType
from hs_jupyter.errors import (
    AuthenticationError,
    HsError,
    InputError,
    NetworkError,
    PlanError,
    RateLimitError,
)
from hs_jupyter.explorer.answers import (
    CellAnswer,
    FetchAnswer,
    Missing,
    PageAnswer,
    PageColumn,
    TimelineAnswer,
)
from hs_jupyter.explorer.buffers import ROW
from hs_jupyter.explorer.desk import Reply
from hs_jupyter.explorer.following import runs
from hs_jupyter.explorer.host import Host, scope_from
from hs_jupyter.explorer.selection import Selection
from hs_jupyter.explorer.sources import AROUND, Stored
from hs_jupyter.explorer.tasks import CancelledError
from hs_jupyter.explorer.wire import cell_kind, row_numbers, wire_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from hs_jupyter.explorer.drawing import Prepared
    from hs_jupyter.explorer.messages import Cell, Fetch, Page, Timeline
    from hs_jupyter.explorer.records import Records
    from hs_jupyter.explorer.shelf import Shelf
    from hs_jupyter.explorer.tasks import Task
    from hs_jupyter.fetching import OnProgress

CELL_MOST = 1_000_000
"""Characters of one cell that are shown or copied."""

_AT_ONCE = 4
"""Tables asked for at once: each is another endpoint of the service."""

_HOPELESS = (AuthenticationError, NetworkError, RateLimitError, PlanError, CancelledError)
"""What would fail every further table in the same way, or is a question to the person."""


def page(request: Page, host: Host, task: Task) -> Reply:
    """Return records of one table from a place on."""
    shelf = host.shelf(scope_from(request.scope))
    records = shelf.page(request.table, request.offset, request.count, task)
    selection = None if request.selection is None else Selection.from_wire(request.selection)
    begin, end = request.offset, request.offset + request.count
    order, check = records.order, task.check
    rows = order.rows(selection, request.filter, request.sort, most=end + AROUND, check=check)
    chosen, near = _span(records, rows, begin, end)
    total = records.announced if rows is None else order.count(selection, request.filter, check)
    held = records.source.take(chosen, _names(records.names, request.columns), near)
    shown = wire_table(held).append_column(ROW, row_numbers(records.numbers(chosen)))
    answer = PageAnswer(
        table=records.kind.table,
        offset=request.offset,
        returned=held.num_rows,
        total=total,
        state=shelf.state(records.kind.table),
        columns=tuple(_column(field, records.kind) for field in held.schema),
        others=tuple(records.names),
        note=_note(records, rows),
    )
    return Reply(answer, {"rows": shown})


def cell(request: Cell, host: Host, task: Task) -> Reply:
    """Return one cell whole."""
    shelf = host.shelf(scope_from(request.scope))
    records = shelf.page(request.table, request.row, 1, task)
    row = records.row_of(request.row)
    if row is None or request.column not in records.names:
        raise InputError(
            f"record {request.row + 1:,} of {request.table} has no such cell any more: look again"
        )
    held = records.source.take(np.array([row]), [request.column])
    kind = cell_kind(held.schema.field(0))
    text = _cell_text(held[0][0].as_py())
    cut = text is not None and len(text) > CELL_MOST
    return Reply(CellAnswer(None if text is None else text[:CELL_MOST], kind, cut))


def fetch(request: Fetch, host: Host, task: Task) -> Reply:
    """Fetch tables whole; one that fails says so, and the others still come."""
    shelf = host.shelf(scope_from(request.scope))
    tables = [shelf.kind(one).table for one in request.tables] or list(shelf.kinds)
    for table in tables:
        try:
            shelf.whole(table, task, yes=request.yes)
        except _HOPELESS:
            raise
        except HsError as problem:
            if len(tables) == 1:
                raise
            shelf.note(table, problem)
    return Reply(FetchAnswer(tuple(shelf.state(one) for one in tables)))


def timeline(request: Timeline, host: Host, task: Task) -> Reply:
    """Draw what a window shows."""
    from hs_jupyter.explorer.drawing import draw_timeline

    shelf = host.shelf(scope_from(request.scope))
    prepared, missing, versions = drawable_tables(shelf, task)
    task.check()
    drawing = draw_timeline(prepared, request.window, width_px=request.width_px, hidden=request.hidden)
    spec, datasets = drawing.unknown(request.known)
    answer = TimelineAnswer(
        spec_id=drawing.spec_id,
        spec=spec,
        ids=drawing.ids,
        window=drawing.window,
        domain=drawing.domain,
        choices=drawing.choices,
        notes=drawing.notes,
        missing=missing,
        drawn=versions,
        running=runs(host, shelf.scope),
        about=dict(drawing.about),
    )
    return Reply(answer, datasets)


def drawable_tables(shelf: Shelf, task: OnProgress) -> tuple[Prepared, tuple[Missing, ...], dict[str, int]]:
    """Make the tables ready that the timeline draws; say which are left out, and why, and the others' versions.

    A table that is not loaded whole is not drawn: the end of what came would look like the end of the session.
    """
    from hs_jupyter.explorer.drawing import prepare_timeline

    held: dict[str, Records] = {}
    missing = []
    for table, found in _together(shelf, [name for name, kind in shelf.kinds.items() if kind.drawn], task):
        if isinstance(found, HsError):
            missing.append(Missing(table, str(found)))
        elif found.whole:
            held[table] = found
        else:
            missing.append(Missing(table, _too_long(found), found.announced))
    overlay = shelf.scope.kind == "experiment"

    def prepare() -> Prepared:
        long = {
            table: one.source.pieces(columns)
            for table, one in held.items()
            if (columns := _LINES.get(one.kind.drawn)) and isinstance(one.source, Stored) and not overlay
        }
        tables = {table: _drawn(one, overlay=overlay) for table, one in held.items() if table not in long}
        return prepare_timeline(tables, long, overlay=overlay)

    versions = {table: one.version for table, one in held.items()}
    return shelf.prepared(held, prepare), tuple(missing), versions


def _together(
    shelf: Shelf, tables: Sequence[str], task: OnProgress
) -> Iterator[tuple[str, Records | HsError]]:
    """Hold tables that are short, a few at a time; what fails does not stop the others."""
    crew = ThreadPoolExecutor(_AT_ONCE, "hs-explorer-tables")
    try:
        asked = {one: crew.submit(copy_context().run, shelf.small, one, task) for one in tables}
        for table, future in asked.items():
            try:
                yield table, future.result()
            except _HOPELESS:
                raise
            except HsError as problem:
                yield table, problem
    finally:
        crew.shutdown(wait=False, cancel_futures=True)


def _drawn(records: Records, *, overlay: bool) -> pa.Table:
    """Return what is drawn of a table: of samples, the columns that place and name them."""
    columns = _LINES.get(records.kind.drawn)
    if columns is None:
        return records.table
    wanted = (*columns, "roomId") if overlay else columns
    return records.source.select([name for name in wanted if name in records.names])


_LINES = {
    "line": ("participantId", "componentId", "onset_sec", "value_norm"),
    "drift": ("participantId", "onset_sec", "timeDrift", "syncQuality"),
}


def _too_long(records: Records) -> str:
    count = "many" if records.announced is None else f"{records.announced:,}"
    return f"{count} records are not loaded; 'Fetch all' draws them"


def _span(
    records: Records, rows: NDArray[np.int64] | None, begin: int, end: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows held of a span, in order, and those around it."""
    if rows is None and records.places is not None:
        first, last = np.searchsorted(records.places, [begin, end])
        return np.arange(first, last), np.arange(0)
    low = max(0, begin - AROUND)
    near = rows[low : end + AROUND] if rows is not None else np.arange(low, min(end + AROUND, records.rows))
    return near[begin - low : end - low], near


def _names(there: Sequence[str], wanted: Sequence[str] | None) -> list[str]:
    """Return the columns that are wanted and there; all where none is."""
    return [name for name in dict.fromkeys(wanted or ()) if name in there] or list(there)


_DERIVED = {one.name: one for one in DERIVED}


def _column(field: pa.Field, kind: DataType) -> PageColumn:
    known = kind.column.get(field.name) or _DERIVED.get(field.name)
    if known is None:
        return PageColumn(field.name, cell_kind(field))
    return PageColumn(field.name, cell_kind(field), known.unit, known.meaning)


def _note(records: Records, rows: Any) -> str | None:
    if records.whole or rows is None:
        return None
    of = "" if records.announced is None else f" of {records.announced:,}"
    return f"sorted and filtered among the {records.rows:,}{of} records loaded: 'Fetch all' for all"


def _cell_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if isinstance(value, list | dict):
        return orjson.dumps(value).decode()
    return str(value).lower() if isinstance(value, bool) else str(value)
