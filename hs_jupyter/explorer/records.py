"""The records of one table that the kernel holds: all of them, or the parts that somebody looked at."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from hs_jupyter.explorer.rows import Order
from hs_jupyter.explorer.sources import InMemory
from hs_jupyter.tables.facts import facts_of, with_facts
from hs_jupyter.tables.join import join_tables
from hs_jupyter.tables.narrow import keep_view

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hs_jupyter.catalog import DataType
    from hs_jupyter.explorer.sources import Source


@dataclass(frozen=True)
class Records:
    """What is held of a table at one moment.

    Attributes
    ----------
    kind
        Its data type.
    source
        The records held.
    places
        The number of each of them in the whole table; None where the table is whole.
    announced
        How many there are in all, as far as known.
    order
        Finds and sorts them, and remembers.
    shown
        What a view is a view of.
    version
        Higher than that of everything held before.
    """

    kind: DataType
    source: Source
    places: NDArray[np.int64] | None
    announced: int | None
    order: Order = field(compare=False)
    shown: Records | None = field(default=None, compare=False)
    version: int = field(default_factory=count(1).__next__, compare=False)

    @property
    def table(self) -> pa.Table:
        """All records held, in memory."""
        return self.source.whole()

    @property
    def rows(self) -> int:
        """How many records are held."""
        return self.source.rows

    @property
    def names(self) -> list[str]:
        """The columns."""
        return list(self.source.schema.names)

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
            return number if number < self.rows else None
        row = int(np.searchsorted(self.places, number))
        return row if row < len(self.places) and self.places[row] == number else None


def whole_records(kind: DataType, source: Source) -> Records:
    """Hold a table that is whole."""
    return Records(kind, source, None, source.rows, Order(source, kind))


def part_records(kind: DataType, parts: list[tuple[int, pa.Table]], announced: int | None) -> Records:
    """Hold pages of a longer table, each with its place."""
    ordered = sorted(parts, key=lambda one: one[0])
    source = InMemory(join_tables([part for _, part in ordered]))
    spans = [np.arange(offset, offset + part.num_rows) for offset, part in ordered]
    return Records(kind, source, np.concatenate(spans), announced, Order(source, kind))


def view_records(kind: DataType, shown: Records) -> Records:
    """Show a view of the records held of the type that it shows: of a part, the part of the view."""
    assert kind.view is not None  # noqa: S101 - tells mypy what the caller knows
    columns = shown.source.select(["eventType", "category"])
    numbered = columns.append_column("row", pa.array(np.arange(shown.rows)))
    rows = keep_view(numbered, kind.view)["row"].to_numpy()
    table = shown.table.take(rows)
    if shown.whole:
        table = with_facts(table, replace(facts_of(shown.table), type=kind.name))
    source = InMemory(table)
    places = None if shown.whole else np.arange(len(rows))
    return Records(kind, source, places, len(rows) if shown.whole else None, Order(source, kind), shown)


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
