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
"""Records on both sides of those asked for, in the order that is looked at: whoever scrolls wants them next."""


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

    def take(
        self, rows: NDArray[np.int64], names: Sequence[str], near: NDArray[np.int64] | None = None
    ) -> pa.Table:
        """Return some columns of some records, in the order of their numbers; those near may be wanted next."""

    def each(self, names: Sequence[str], work: Callable[[pa.Table], _Made]) -> Iterable[_Made]:
        """Do something with some columns of all records, piece by piece, in their order.

        Several threads may do it at once; texts may be numbered.
        """

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

    def take(
        self, rows: NDArray[np.int64], names: Sequence[str], near: NDArray[np.int64] | None = None
    ) -> pa.Table:
        """Return some columns of some records."""
        del near  # everything is at hand
        chosen = self._table.select(list(names))
        if len(rows) and rows[-1] - rows[0] + 1 == len(rows) and (np.diff(rows) == 1).all():
            return chosen.slice(int(rows[0]), len(rows))
        return chosen.take(pa.array(rows))

    def each(self, names: Sequence[str], work: Callable[[pa.Table], _Made]) -> Iterable[_Made]:
        """Do something with some columns of all records."""
        return [work(self.select(names))]

    def whole(self) -> pa.Table:
        """Return everything."""
        return self._table


class Stored:
    """Records of a long table in the store: a column, or some records, are read when they are needed.

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
        self._near: tuple[NDArray[np.int64], pa.Table] | None = None
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

    def take(
        self, rows: NDArray[np.int64], names: Sequence[str], near: NDArray[np.int64] | None = None
    ) -> pa.Table:
        """Return some columns of some records; those near are read along with them, and kept."""
        if not len(rows):
            return self.schema.empty_table().select(list(names))
        with self._lock:
            if self._whole is None:
                read = self._read(rows, names, rows if near is None else near)
                if read is not None:
                    numbers, table = read
                    return table.select(list(names)).take(pa.array(np.searchsorted(numbers, rows)))
        return self.select(names).take(pa.array(rows))

    def each(self, names: Sequence[str], work: Callable[[pa.Table], _Made]) -> Iterable[_Made]:
        """Do something with some columns of all records, piece by piece, in their order."""
        whole = self._whole
        return self.pieces(names).each(work) if whole is None else [work(whole.select(list(names)))]

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
                self._near = self._instants = None
            return self._whole

    def _read(
        self, rows: NDArray[np.int64], names: Sequence[str], near: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], pa.Table] | None:
        """Return records that hold those asked for, with their numbers, which rise; None if some have no instant."""
        if self._near is not None and _holds(*self._near, rows, names):
            return self._near
        instants = self._times()
        if rows.max() >= len(instants):
            return None
        wanted = np.union1d(rows, near[near < len(instants)])
        moments = np.unique(instants[wanted])
        first = np.searchsorted(instants, moments, side="left")
        last = np.searchsorted(instants, moments, side="right")
        numbers = _ranges(first, last)
        try:
            read = self._holding.read(columns=list(names), moments=moments)
        except DamagedError:
            return None
        if read.num_rows != len(numbers):
            return None
        self._near = numbers, read
        return self._near

    def _times(self) -> NDArray[np.int64]:
        """Return the instants of the records that have one, in microseconds: they come first, and rise."""
        if self._instants is None:
            time = self._holding.type.time
            try:
                column = self._holding.read(columns=[time])[time]
            except DamagedError:
                column = self.whole()[time]
            self._instants = column.drop_null().cast(pa.int64()).to_numpy()
        return self._instants


def _holds(
    numbers: NDArray[np.int64], table: pa.Table, rows: NDArray[np.int64], names: Sequence[str]
) -> bool:
    at = np.minimum(np.searchsorted(numbers, rows), max(len(numbers) - 1, 0))
    return bool(len(numbers)) and bool((numbers[at] == rows).all()) and set(names) <= set(table.column_names)


def _ranges(first: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers of several ranges, one after another.

    Examples
    --------
    >>> _ranges(np.array([3, 9]), np.array([5, 10])).tolist()
    [3, 4, 9]
    """
    counts = last - first
    begun = np.cumsum(counts) - counts
    numbers: NDArray[np.int64] = np.arange(counts.sum()) + np.repeat(first - begun, counts)
    return numbers


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
