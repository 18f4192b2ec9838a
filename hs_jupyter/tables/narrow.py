"""Leave rows and columns of a table out: views, filters, time windows, sort, limit, personal data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from hs_jupyter.errors import InputError, did_you_mean
from hs_jupyter.tables.build import NULLS
from hs_jupyter.tables.derive import MS_PER_SEC, has_onset
from hs_jupyter.times import Bound, Instant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hs_jupyter.catalog import DataType, Parameter, View

_EMAIL_NAME = re.compile(r"e-?mail", re.IGNORECASE)
_NOT_ALNUM = r"[^0-9a-z]"


def keep_view(table: pa.Table, view: View) -> pa.Table:
    """Keep the rows of a view: event type begins so, or category is one of its own."""
    kept = pc.fill_null(pc.starts_with(table["eventType"], view.prefix), fill_value=False)
    if view.categories:
        kept = pc.or_(kept, pc.is_in(table["category"], pa.array(view.categories)))
    return table.filter(kept)


def keep_matching(table: pa.Table, parameter: Parameter, value: str) -> pa.Table:
    """Filter again what the service was asked to filter, and believe it about rows that do not say.

    A parameter without a column of its own is left to the service; a loose one is filtered here alone.
    """
    if not parameter.column or parameter.column not in table.column_names:
        return table
    held = table[parameter.column]
    if not pa.types.is_string(held.type):
        return table
    if parameter.loose:
        held = pc.replace_substring_regex(pc.utf8_lower(held), _NOT_ALNUM, "")
        value = re.sub(_NOT_ALNUM, "", value.lower())
    return table.filter(pc.fill_null(pc.equal(held, value), fill_value=not parameter.loose))


def keep_window(table: pa.Table, data_type: DataType, start: Bound | None, end: Bound | None) -> pa.Table:
    """Keep rows in a closed window: points that lie in it, spans that overlap it.

    Types without such a time come whole. Rows whose own time is missing are left out.
    """
    kept = None
    for bound, is_start in ((start, True), (end, False)):
        if bound is None or not has_time(data_type, bound):
            continue
        held = _edge(table, data_type, bound, last=is_start)
        limit = pa.scalar(bound.at, held.type) if isinstance(bound, Instant) else pa.scalar(bound.sec)
        side = pc.greater_equal(held, limit) if is_start else pc.less_equal(held, limit)
        kept = side if kept is None else pc.and_(kept, side)
    return table if kept is None else table.filter(kept)


def has_time(data_type: DataType, bound: Bound) -> bool:
    """Whether rows of this type have the time that a bound speaks of."""
    return bool(data_type.time) if isinstance(bound, Instant) else has_onset(data_type)


def keep_participants(table: pa.Table, data_type: DataType, participants: Iterable[str]) -> pa.Table:
    """Keep the records of these participants; a type whose records are nobody's comes whole."""
    if data_type.participant not in data_type.column or data_type.participant not in table.column_names:
        return table
    held = table[data_type.participant]
    if pa.types.is_dictionary(held.type):
        held = held.cast(pa.string())
    return table.filter(pc.is_in(held, value_set=pa.array(list(participants), pa.string())))


def _edge(table: pa.Table, data_type: DataType, bound: Bound, *, last: bool) -> pa.ChunkedArray:
    """Return the time of each row to hold against a bound: a span's end against the window's start."""
    span = bool(data_type.end) and last
    if isinstance(bound, Instant):
        begun = table[data_type.time]
        if not span:
            return begun
        running = pc.if_else(pc.is_valid(begun), pa.scalar(bound.at, begun.type), pa.scalar(None, begun.type))
        return pc.coalesce(table[data_type.end], running)
    begun = table["onset_sec"]
    if not span:
        return begun
    return pc.add(begun, pc.fill_null(pc.divide(table["duration"], MS_PER_SEC), float("inf")))


def sort_by(table: pa.Table, column: str, order: str) -> pa.Table:
    """Sort stably by one column; missing values come last.

    Raises
    ------
    InputError
        If there is no such column.
    """
    _need(table, column, "--sort")
    numbered = pa.table({"key": table[column], "row": pa.array(range(table.num_rows), pa.int64())})
    way = "descending" if order == "desc" else "ascending"
    return table.take(pc.sort_indices(numbered, sort_keys=[("key", way), ("row", "ascending")]))


def keep_columns(table: pa.Table, columns: tuple[str, ...]) -> pa.Table:
    """Keep these columns, in this order.

    Raises
    ------
    InputError
        If one is missing; the message names those there are.
    """
    for name in columns:
        _need(table, name, "--columns")
    hidden = [NULLS] if NULLS in table.column_names else []
    return table.select([*columns, *hidden])


def without_emails(table: pa.Table, data_type: DataType) -> tuple[pa.Table, tuple[str, ...]]:
    """Leave out the columns that hold e-mail addresses; return their names if they held any."""
    names = email_columns(table.column_names, data_type)
    held = tuple(name for name in names if table[name].null_count < table.num_rows)
    return table.drop_columns(names), held


def email_columns(names: Iterable[str], data_type: DataType) -> list[str]:
    """Name those of some columns that hold e-mail addresses."""
    marked = data_type.personal("email")
    return [name for name in names if name in marked or is_email_name(name)]


def is_email_name(name: str) -> bool:
    """Whether something of this name holds e-mail addresses."""
    return bool(_EMAIL_NAME.search(name))


def _need(table: pa.Table, name: str, option: str) -> None:
    visible = [one for one in table.column_names if one != NULLS]
    if name not in visible:
        raise InputError(
            f"{option}: no column '{name}'{did_you_mean(name, visible)} (there are: {', '.join(visible)})"
        )
