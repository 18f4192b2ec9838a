"""The records of one table, read as far as somebody looks at them: from memory, or from the store."""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np
import pyarrow as pa

from hs_jupyter.errors import DamagedError
from hs_jupyter.query import make_query
from hs_jupyter.tables.build import NULLS
from hs_jupyter.tables.narrow import email_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from hs_jupyter.catalog import DataType
    from hs_jupyter.scope import Scope
    from hs_jupyter.storage import Holding
    from hs_jupyter.study import Study

_Made = TypeVar("_Made")

LARGE = 200_000
"""From so many records on, a stored table is read piece by piece."""

AROUND = 10_000
"""Records read on both sides of those asked for: whoever scrolls wants them next."""

SPAN_MOST = 500_000
"""Records that lie within so many of each other are read in one piece; for others, whole columns are."""


class Source(Protocol):
    """The records of a table, in their canonical order.

    Attributes
    ----------
    rows
        How many.
    schema
        Its columns; the hidden one is none of them.
    """

    rows: int
    schema: pa.Schema

    def select(self, names: Sequence[str]) -> pa.Table:
        """Return some columns of all records; texts may be numbered."""

    def take(self, rows: NDArray[np.int64], names: Sequence[str]) -> pa.Table:
        """Return some columns of some records, in the order of their numbers."""

    def whole(self) -> pa.Table:
        """Return everything, with the facts about it."""


class InMemory:
    """Records that are all in memory.

    Parameters
    ----------
    table
        As `Study.table` gives it.
    """

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self.rows = table.num_rows
        self.schema = pa.schema([field for field in table.schema if field.name != NULLS])

    def select(self, names: Sequence[str]) -> pa.Table:
        """Return some columns of all records."""
        return self._table.select(list(names))

    def take(self, rows: NDArray[np.int64], names: Sequence[str]) -> pa.Table:
        """Return some columns of some records."""
        chosen = self._table.select(list(names))
        if len(rows) and rows[-1] - rows[0] + 1 == len(rows) and (np.diff(rows) == 1).all():
            return chosen.slice(int(rows[0]), len(rows))
        return chosen.take(pa.array(rows))

    def whole(self) -> pa.Table:
        """Return everything."""
        return self._table


class Stored:
    """Records of a long table in the store: a column, or a stretch of time, is read when it is needed.

    Parameters
    ----------
    study
        Gives the whole table.
    holding
        Holds it: a type whose records are points in time, of this very scope.
    """

    def __init__(self, study: Study, holding: Holding) -> None:
        self._study = study
        self._holding = holding
        self._lock = RLock()
        self._columns: dict[str, tuple[pa.Field, pa.ChunkedArray]] = {}
        self._instants: NDArray[np.int64] | None = None
        self._stretch: tuple[int, pa.Table] | None = None
        self._whole: pa.Table | None = None
        first = holding.read(instants=_NO_TIME)
        kept = set(first.column_names) - {NULLS} - set(email_columns(first.column_names, holding.type))
        self.rows = holding.rows
        self.schema = pa.schema([field for field in first.schema if field.name in kept])

    @property
    def is_read(self) -> bool:
        """Whether everything is in memory by now."""
        return self._whole is not None

    def select(self, names: Sequence[str]) -> pa.Table:
        """Return some columns of all records; they stay in memory."""
        with self._lock:
            if self._whole is not None:
                return self._whole.select(list(names))
            if missing := [name for name in names if name not in self._columns]:
                try:
                    read = self._holding.read(columns=missing, numbered=True)
                except DamagedError:  # or cleared meanwhile: the study asks for it again
                    return self.whole().select(list(names))
                self._columns |= {name: (read.schema.field(name), read[name]) for name in missing}
            held = [self._columns[name] for name in names]
            return pa.table([column for _, column in held], schema=pa.schema([field for field, _ in held]))

    def take(self, rows: NDArray[np.int64], names: Sequence[str]) -> pa.Table:
        """Return some columns of some records: of those around them, or of all where they lie far apart."""
        with self._lock:
            if self._whole is None and len(rows):
                low, high = int(rows.min()), int(rows.max()) + 1
                stretch = self._around(low, high) if high - low <= SPAN_MOST else None
                if stretch is not None:
                    first, table = stretch
                    return table.select(list(names)).take(pa.array(rows - first))
        return self.select(names).take(pa.array(rows))

    def pieces(self, names: Sequence[str]) -> StoredPieces:
        """Return some columns to be worked on piece by piece; nothing of them stays in memory."""
        return StoredPieces(self, self._holding, names)

    def whole(self) -> pa.Table:
        """Return everything."""
        with self._lock:
            if self._whole is None:
                self._whole = self._study.table(make_query(self._holding.type, self._holding.scope))
                self.rows = self._whole.num_rows
                self._columns.clear()
                self._stretch = None
            return self._whole

    def _around(self, low: int, high: int) -> tuple[int, pa.Table] | None:
        """Read a stretch of records by their instants; None where one of them has none."""
        held = self._stretch
        if held is not None and held[0] <= low and high <= held[0] + held[1].num_rows:
            return held
        instants = self._times()
        if high > len(instants):
            return None
        low, high = max(0, low - AROUND), min(len(instants), high + AROUND)
        ends = instants[low], instants[high - 1]
        first = int(np.searchsorted(instants, ends[0], side="left"))
        last = int(np.searchsorted(instants, ends[1], side="right"))
        start, end = (pa.scalar(int(one), pa.timestamp("us", "UTC")).as_py() for one in ends)
        try:
            read = self._holding.read(columns=self.schema.names, instants=(start, end)).slice(0, last - first)
        except DamagedError:
            return None
        if read.num_rows < last - first:
            return None
        self._stretch = first, read
        return self._stretch

    def _times(self) -> NDArray[np.int64]:
        """Return the instants of the records that have one, in microseconds: they come first, and rise."""
        if self._instants is None:
            column = self.select([self._holding.type.time])[0].drop_null()
            self._instants = column.cast(pa.int64()).to_numpy()
        return self._instants


class StoredPieces:
    """Some columns of a stored table; see `hs_jupyter.charts.series.Pieces`."""

    def __init__(self, source: Stored, holding: Holding, names: Sequence[str]) -> None:
        self.num_rows = source.rows
        self._source = source
        self._holding = holding
        self._names = names

    def each(self, work: Callable[[pa.Table], _Made]) -> Iterable[_Made]:
        """Do something with every piece, with several at once; what came of it is in their order."""
        try:
            return self._holding.each(self._names, work)
        except DamagedError:  # or cleared meanwhile: the study asks for it again
            return [work(self._source.whole())]


_NO_TIME = (
    pa.scalar(-1, pa.timestamp("us", "UTC")).as_py(),
    pa.scalar(-1, pa.timestamp("us", "UTC")).as_py(),
)


def stored_source(study: Study, kind: DataType, scope: Scope) -> Stored | None:
    """Return a long table that is stored; None for what is short, or not stored, or no points in time."""
    if not kind.time or kind.end or study.space is None:
        return None
    held = study.space.find(kind, scope)
    if held is None or held.rows < LARGE:  # before anybody asks the service whether it is up to date
        return None
    holding = study.holding(make_query(kind, scope))
    return Stored(study, holding) if holding is not None and holding.scope == scope else None
