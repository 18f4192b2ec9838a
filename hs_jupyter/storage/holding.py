"""A holding: every record of one data type and scope, as it came, whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from hs_jupyter.errors import DamagedError, InputError
from hs_jupyter.storage.parts import PARTICIPANT, Wanted
from hs_jupyter.storage.union import PartError, Source, each_piece, read_union, union_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from hs_jupyter.catalog import DataType
    from hs_jupyter.scope import Scope
    from hs_jupyter.tables.facts import Facts

_TRIES = 100
_Made = TypeVar("_Made")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Holding:
    """All records of one scope that the store holds.

    Attributes
    ----------
    type
        The data type.
    scope
        Whose records.
    facts
        What is known about them. ``facts.complete`` is False for a room of an experiment some of whose
        rows name no room: they may be this one's.
    announced
        How many the service announced, or None.
    fetched_at, checked_at
        When they came; when the service last said that nothing is new.
    experiment
        The experiment, as far as it is known.
    rooms
        Of an experiment: its rooms, also those without rows; else empty.
    sources
        The folders they lie in.
    """

    type: DataType
    scope: Scope
    facts: Facts
    announced: int | None
    fetched_at: datetime
    checked_at: datetime
    experiment: str | None
    rooms: tuple[str, ...]
    sources: tuple[Source, ...] = field(repr=False)
    _again: Callable[[], Holding | None] = field(repr=False, compare=False)
    _set_aside: Callable[[PartError], None] = field(repr=False, compare=False)

    @property
    def rows(self) -> int:
        """How many records."""
        return sum(source.manifest.rows for source in self.sources)

    @property
    def bytes(self) -> int:
        """What they take on the disk."""
        return sum(source.manifest.size for source in self.sources)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns, the hidden one too."""
        return tuple(union_schema(self.sources).names)

    @property
    def last_record(self) -> datetime | None:
        """The latest time of a record; None without records, and for types without time."""
        ends = [part.time.high for source in self.sources for part in source.manifest.parts]
        known = [end for end in ends if end is not None]
        return _EPOCH + timedelta(microseconds=max(known)) if known else None

    def read(
        self,
        *,
        columns: Sequence[str] | None = None,
        onset: tuple[float, float] | None = None,
        instants: tuple[datetime, datetime] | None = None,
        moments: NDArray[np.int64] | None = None,
        participant: str | None = None,
        numbered: bool = False,
    ) -> pa.Table:
        """Read the records, or only those in a window or of a participant.

        Parameters
        ----------
        columns
            Names of the columns to read, in this order; None for all, and for the hidden one. Names
            that no record has are left out.
        onset, instants
            Closed windows: seconds of ``onset_sec``; UTC instants of the type's time. Only row groups
            that reach into them are read. Rows without that time are kept, since they may yet be
            placed; spans (recordings) are not narrowed.
        moments
            UTC instants, microseconds since 1970, rising: only rows at one of them.
        participant
            Only rows of this ``participantId``.
        numbered
            Texts that repeat may come as numbers and a dictionary: quicker, and smaller.

        Returns
        -------
        pyarrow.Table
            Rows by time, then by key, as `hs_jupyter.tables.build.sort_table` puts them.

        Raises
        ------
        DamagedError
            If a part is damaged; it has been set aside, and the holding is no more.
        InputError
            If rows of this type name no participant.
        """
        if participant is not None and PARTICIPANT not in self.type.column:
            raise InputError(f"{self.type.table} name no participantId: ask for the whole {self.scope.kind}")
        wanted = Wanted(onset, instants, participant, moments)
        return self._surely(
            lambda sources: read_union(sources, self.type, columns, wanted, numbered=numbered)
        )

    def each(self, columns: Sequence[str], work: Callable[[pa.Table], _Made]) -> list[_Made]:
        """Do something with the records piece by piece, several at once, never with all in memory.

        Parameters
        ----------
        columns
            As for `read`.
        work
            Given some records that follow each other, texts that repeat as numbers and a dictionary; what it
            returns comes in their order. It is called from several threads, and again where a part is
            replaced meanwhile.

        Raises
        ------
        DamagedError
            If a part is damaged; it has been set aside, and the holding is no more.
        """
        return self._surely(lambda sources: each_piece(sources, self.type, columns, work))

    def _surely(self, read: Callable[[Sequence[Source]], _Made]) -> _Made:
        """Read, from the parts that have taken the place of those that vanished if need be."""
        holding = self
        for _ in range(_TRIES):
            try:
                return read(holding.sources)
            except PartError as problem:
                newer = self._again() if isinstance(problem.problem, FileNotFoundError) else None
                if newer is None or newer.sources == holding.sources:
                    self._set_aside(problem)
                    raise DamagedError(self._sentence(problem)) from problem
                holding = newer  # another kernel has just replaced what was being read
        raise DamagedError(f"{self.type.table} of {self.scope} change faster than they can be read")

    def _sentence(self, problem: PartError) -> str:
        whose = problem.source.manifest.scope
        what = "gone" if isinstance(problem.problem, FileNotFoundError) else "damaged"
        return (
            f"{self.type.table} of {whose} in the store are {what}, and to be fetched again: {problem.path}"
        )
