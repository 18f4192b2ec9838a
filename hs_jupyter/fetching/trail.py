"""The trail of a fetch: what came is kept in a journal, and the next fetch of the same goes on from there."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np

from hs_jupyter.errors import HsError
from hs_jupyter.fetching.gathering import Gathering
from hs_jupyter.tables.identity import IDENTITY, Identities
from hs_jupyter.tables.join import join_tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from hs_jupyter.api.budget import Clock
    from hs_jupyter.api.envelope import Page
    from hs_jupyter.catalog import DataType
    from hs_jupyter.fetching.journals import Journal, State
    from hs_jupyter.scope import Scope

KEEP_EVERY_SEC = 5.0
KEEP_BYTES = 2**26
"""So much may be lost with the process, and an interrupt may still have to write it within a second; what
is fetched sooner is not written twice."""

SEGMENT_BYTES = 2**23

_IDENTITIES = b"hs.identities"
_TAIL = 50
"""Records asked for once more when a fetch goes on: they must still be the last ones that were kept."""


@dataclass(frozen=True)
class Start:
    """Where a fetch goes on, and what must still be there.

    Attributes
    ----------
    offset
        A few records before the end of what was kept.
    tail
        The identities of these.
    announced
        How many records the service announced.
    page_size
        How many records it sent at once.
    """

    offset: int = 0
    tail: bytes = b""
    announced: int | None = None
    page_size: int = 0

    @property
    def overlap(self) -> int:
        """How many records come once more."""
        return len(self.tail) // IDENTITY.itemsize

    def holds(self, page: Page) -> bool:
        """Whether the first page shows that nothing changed since."""
        if not self.tail:
            return True
        again = page.shaped.identities[: self.overlap].tobytes()
        return again == self.tail and page.total == self.announced and not page.malformed

    def beyond(self, page: Page) -> Page:
        """Return what is new in the first page."""
        return replace(page, shaped=page.shaped[self.overlap :], count=page.count - self.overlap)


class _Waiting(NamedTuple):
    """A page that is not written down yet, and where the fetch stood behind it."""

    table: pa.Table
    identities: bytes
    state: Mapping[str, Any]


class Trail:
    """Writes down what comes, a few seconds of it at a time.

    Parameters
    ----------
    journal
        Where to; None for nowhere.
    clock
        Seconds.
    needed
        Whether nothing else holds the rows: then a journal that cannot be written ends the fetch.

    Attributes
    ----------
    note
        Why nothing is kept, once that is so.
    kept
        How many rows are kept.
    """

    def __init__(self, journal: Journal | None, clock: Clock, *, needed: bool = False) -> None:
        self.note = ""
        self.kept = 0
        self._journal = None if journal is None or journal.busy else journal
        self._forgotten = False
        self._clock = clock
        self._needed = needed
        self._written = clock()
        self._waiting: list[_Waiting] = []
        self._bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, problem: BaseException | None, _: object) -> None:
        if problem is not None:  # what ended the fetch is told, and not what writing may raise
            with suppress(HsError, OSError):
                self.write()
        self._waiting.clear()  # whoever still holds the trail holds no rows with it

    def begin(self, kind: DataType, scope: Scope) -> tuple[Gathering, Start]:
        """Return what was kept and where to go on, or the beginning where that cannot be used."""
        gathering = Gathering(kind, scope, hold=not self._needed)
        if self._journal is None or self._forgotten or self._journal.state is None:
            return gathering, Start()
        try:
            return gathering, self._restored(gathering, self._journal, self._journal.state)
        except (HsError, OSError, KeyError, TypeError, ValueError):
            self.forget()
            return Gathering(kind, scope, hold=not self._needed), Start()

    def _restored(self, gathering: Gathering, journal: Journal, state: State) -> Start:
        for table in journal.segments():
            identities = np.frombuffer(table.schema.metadata[_IDENTITIES], IDENTITY)
            if len(identities) != table.num_rows:
                raise ValueError(len(identities))
            gathering.take_kept(table, identities)
            self.kept += table.num_rows
        gathering.restore(state.extra, state.announced)
        tail = bytes.fromhex(state.extra["tail"])
        offset = (state.next_offset or 0) - len(tail) // IDENTITY.itemsize
        if offset < 0 or not tail:
            raise ValueError(offset)
        return Start(offset, tail, state.announced, state.page_size or 0)

    def forget(self) -> None:
        """Begin anew: what was kept is no beginning of what comes."""
        self.kept, self._forgotten = 0, True
        self._waiting.clear()
        if self._journal is not None:
            try:
                self._journal.discard()
            except (HsError, OSError) as problem:
                self._give_up(problem)

    def add(self, page: Page, held: pa.Table, identities: Identities, gathering: Gathering) -> None:
        """Take the new records of a page as they are held; ``page`` is as it came."""
        if self._journal is None:
            return
        clean = not page.malformed and page.after == page.offset + page.count
        tail = page.shaped.identities[-_TAIL:].tobytes() if clean else b""  # without it nothing goes on here
        state = {
            "next_offset": page.after,
            "announced": gathering.total,
            "page_size": page.asked,
            "extra": {**gathering.plain(), "tail": tail.hex()},
        }
        self._waiting.append(_Waiting(held, identities.tobytes(), state))
        self._bytes += held.nbytes
        if self._bytes > (SEGMENT_BYTES if self._needed else KEEP_BYTES):
            self.write()
        self.tick()

    def tick(self) -> None:
        """Write down what waits, if it waits long enough."""
        if self._waiting and self._clock() - self._written >= KEEP_EVERY_SEC:
            self.write()

    def write(self) -> None:
        """Write down what waits, in segments of moderate size.

        Raises
        ------
        HsError, OSError
            If that cannot be, and nothing else holds the rows.
        """
        waiting, self._waiting, self._bytes = deque(self._waiting), [], 0
        while waiting and self._journal is not None:
            some = [waiting.popleft()]
            size = some[0].table.nbytes
            while waiting and (size := size + waiting[0].table.nbytes) <= SEGMENT_BYTES:
                some.append(waiting.popleft())
            self._append(self._journal, some)
        self._written = self._clock()

    def _append(self, journal: Journal, some: Sequence[_Waiting]) -> None:
        table = join_tables([one.table for one in some])
        met = b"".join(one.identities for one in some)
        try:
            journal.append(table.replace_schema_metadata({_IDENTITIES: met}), **some[-1].state)
        except (HsError, OSError) as problem:
            self._give_up(problem)
        else:
            self.kept += table.num_rows

    def _give_up(self, problem: Exception) -> None:
        self._journal = None
        if self._needed:
            raise problem
        self.note = f"what came is not kept: {problem}"
