"""What came is narrowed to what was asked: view, filters, window, sort, limit, columns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hs_jupyter.tables import narrow
from hs_jupyter.times import Instant

if TYPE_CHECKING:
    import pyarrow as pa

    from hs_jupyter.query import Query
    from hs_jupyter.tables.facts import Facts


def kept_rows(table: pa.Table, query: Query) -> pa.Table:
    """Apply view, filters and window."""
    if query.data_type.view:
        table = narrow.keep_view(table, query.data_type.view)
    for keyword, value in query.filters.items():
        table = narrow.keep_matching(table, query.data_type.parameter[keyword], value)
    return narrow.keep_window(table, query.data_type, query.start, query.end)


def narrowed(table: pa.Table, query: Query, facts: Facts) -> tuple[pa.Table, Facts]:
    """Apply everything a question says, in the order that magics.md promises.

    Raises
    ------
    InputError
        If a column asked for is not there.
    """
    table = kept_rows(table, query)
    if query.sort is not None:
        table = narrow.sort_by(table, query.sort, query.order)
    table = table.slice(query.offset, query.limit)
    if not query.pii:
        table, left_out = narrow.without_emails(table, query.data_type)
        if left_out and not query.columns:
            facts = facts.with_warning(f"left out: {', '.join(left_out)} (--pii keeps e-mail addresses)")
    if query.columns is not None:
        table = narrow.keep_columns(table, query.columns)
    bounds = {option: bound for option, bound in (("--from", query.start), ("--to", query.end)) if bound}
    for option, bound in bounds.items():
        if not narrow.has_time(query.data_type, bound):
            facts = facts.with_warning(f"{query.data_type.name} has no such time as {option}: it comes whole")
        if isinstance(bound, Instant) and bound.assumed_utc:
            facts = facts.with_warning(f"{option} names no time zone: read as UTC")
    return table, replace(facts, type=query.data_type.name, filters=query.plain())
