"""The records of one table that the kernel holds: all of them, or the parts that somebody looked at."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from hs_jupyter.explorer.rows import Order
from hs_jupyter.tables.facts import facts_of, with_facts
from hs_jupyter.tables.join import join_tables
from hs_jupyter.tables.narrow import keep_view

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hs_jupyter.catalog import DataType


@dataclass(frozen=True)
class Records:
    """What is held of a table at one moment.

    Attributes
    ----------
    kind
        Its data type.
    table
        The records held.
    places
        The number of each of them in the whole table; None where the table is whole.
    announced
        How many there are in all, as far as known.
    order
        Finds and sorts them, and remembers.
    """

    kind: DataType
    table: pa.Table
    places: NDArray[np.int64] | None
    announced: int | None
    order: Order = field(compare=False)
    source: Records | None = field(default=None, compare=False)
    """What a view is a view of."""

    @property
    def whole(self) -> bool:
        """Whether these are all."""
        return self.places is None

    def numbers(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the numbers in the whole table of rows held."""
        return rows if self.places is None else self.places[rows]

    def row_of(self, number: int) -> int | None:
        """Return where a record is held, by its number in the whole table; None if it is not."""
        if self.places is None:
            return number if number < self.table.num_rows else None
        row = int(np.searchsorted(self.places, number))
        return row if row < len(self.places) and self.places[row] == number else None


def whole_records(kind: DataType, table: pa.Table) -> Records:
    """Hold a table that is whole."""
    return Records(kind, table, None, table.num_rows, Order(table, kind))


def part_records(kind: DataType, parts: list[tuple[int, pa.Table]], announced: int | None) -> Records:
    """Hold pages of a longer table, each with its place."""
    ordered = sorted(parts, key=lambda one: one[0])
    table = join_tables([part for _, part in ordered])
    spans = [np.arange(offset, offset + part.num_rows) for offset, part in ordered]
    return Records(kind, table, np.concatenate(spans), announced, Order(table, kind))


def view_records(kind: DataType, source: Records) -> Records:
    """Show a view of the records held of the type that it shows: of a part, the part of the view."""
    assert kind.view is not None  # noqa: S101 - tells mypy what the caller knows
    columns = source.table.select(["eventType", "category"])
    numbered = columns.append_column("row", pa.array(np.arange(source.table.num_rows)))
    rows = keep_view(numbered, kind.view)["row"].to_numpy()
    table = source.table.take(rows)
    if source.whole:
        table = with_facts(table, replace(facts_of(source.table), type=kind.name))
    places = None if source.whole else np.arange(len(rows))
    return Records(kind, table, places, len(rows) if source.whole else None, Order(table, kind), source)


def gap(records: Records, offset: int, count: int) -> int | None:
    """Return the number of the first record in a span that is not held; None if there is none.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from hs_jupyter.catalog import data_type
    >>> page = pa.table({"onset_sec": [0.0, 1.0]})
    >>> gap(part_records(data_type("sync"), [(0, page), (4, page)], 10), 0, 10)
    2
    """
    if records.places is None:
        return None
    end = offset + count if records.announced is None else min(offset + count, records.announced)
    first, last = np.searchsorted(records.places, [offset, end])
    held = records.places[first:last]
    missing = np.flatnonzero(held != np.arange(offset, offset + len(held)))
    at = offset + (int(missing[0]) if len(missing) else len(held))
    return at if at < end else None
