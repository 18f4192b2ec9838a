"""A fetch under way, on disk: what came so far, so that it goes on after an interrupt, in a new kernel too."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Self

import orjson

from hs_jupyter.errors import DamagedError
from hs_jupyter.storage.disk import make_folder, write_file, writing
from hs_jupyter.storage.leftovers import FOLDER, HEAD, Leftover, collect_old, lock_of
from hs_jupyter.storage.manifest import FORMAT
from hs_jupyter.storage.names import digest
from hs_jupyter.storage.sealed import seal, without_secrets
from hs_jupyter.storage.segments import (
    Contents,
    Segment,
    look_at,
    read_segment,
    segment_bytes,
    segment_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType

    import pyarrow as pa
    from filelock import FileLock

    from hs_jupyter.catalog import DataType
    from hs_jupyter.scope import Scope
    from hs_jupyter.storage.shelf import Shelf


@dataclass(frozen=True)
class JournalState:
    """Where an interrupted fetch stands.

    Attributes
    ----------
    next_offset
        Where to go on; None when everything came.
    announced
        How many records the service announced, or None.
    page_size
        Records of a page, as the service gave them, or None.
    rows
        Rows in the segments.
    extra
        What else the fetch has to know, plain JSON.
    """

    next_offset: int | None
    announced: int | None
    page_size: int | None
    rows: int
    extra: dict[str, Any] = field(default_factory=dict)


class Journal:
    """What came of one request. A context manager: while it is open, no other process uses it.

    Attributes
    ----------
    busy : bool
        Another process is fetching the same: `acquire` waits for it.
    state : JournalState or None
        What an interrupted fetch left.
    """

    def __init__(self, shelf: Shelf, data_type: DataType, scope: Scope, wire: Mapping[str, str]) -> None:
        self._shelf = shelf
        self._type = data_type
        self._scope = scope
        self._request = {
            "format": FORMAT,
            "type": data_type.name,
            "scope": asdict(scope),
            "wire": dict(wire),
        }
        asked = orjson.dumps(self._request["wire"], option=orjson.OPT_SORT_KEYS).decode()
        self._by_room = data_type.by_room and scope.kind == "experiment"
        self._parent = shelf.root / FOLDER
        self._folder = self._parent / digest(data_type.name, scope.kind, scope.id, scope.room, asked)
        self._lock: FileLock | None = None
        self._segments: list[Segment] = []
        self.busy = False
        self.state: JournalState | None = None

    def __enter__(self) -> Self:
        self._shelf.check_writable()
        with writing(self._shelf.root):
            make_folder(self._parent, private=self._shelf.private)
        collect_old(self._parent)
        self.acquire(0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lock is not None:
            self._lock.release(force=True)
            self._lock = None

    def acquire(self, timeout_sec: float) -> bool:
        """Wait so long for another process to end with this request; whether it did."""
        from filelock import Timeout

        lock = lock_of(self._folder, timeout_sec)
        try:
            lock.acquire()
        except Timeout:
            self.busy = True
            return False
        except (OSError, NotImplementedError):  # no locks here: a folder of our own, which nobody resumes
            self._folder = self._folder.with_name(f"{self._folder.name}-{time.time_ns():x}")
        with suppress(OSError):
            os.utime(lock.lock_file)  # what is used is not collected
        self._lock = lock
        self.busy = False
        self._load()
        return True

    def segments(self) -> Iterator[pa.Table]:
        """Yield what came, in order; of an experiment, each segment's rows room by room.

        Raises
        ------
        DamagedError
            If it was damaged since it was opened.
        """
        for segment in self._segments:
            yield read_segment(segment.path)

    def contents(self) -> Contents:
        """Return what came, room by room."""
        return Contents(self._segments, self._type, self._scope)

    def append(
        self,
        table: pa.Table,
        *,
        next_offset: int | None,
        announced: int | None,
        extra: Mapping[str, Any] | None = None,
        page_size: int | None = None,
    ) -> None:
        """Add what came since, in one step.

        Raises
        ------
        StoreFullError
            If the disk is full; the journal is as it was.
        StoreError
            If it cannot be written.
        """
        if self._lock is None:
            raise RuntimeError("the journal is not open")
        before = self.state.rows if self.state else 0
        state = JournalState(next_offset, announced, page_size, before + table.num_rows, dict(extra or {}))
        data = segment_bytes(table, without_secrets(asdict(state)), by_room=self._by_room)
        path = self._folder / segment_name(len(self._segments), data)
        private = self._shelf.private
        with writing(self._shelf.root):
            if not self._segments:
                write_file(self._folder / HEAD, seal(self._request), private=private, sync=False)
            # not synced: what a loss of power takes is noticed, and fetched again
            write_file(path, data, private=private, sync=False)
        self._segments.append(look_at(path))
        self.state = state

    def discard(self) -> None:
        """Remove what came: it is kept elsewhere, or of no use."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._segments = []
        self.state = None

    def _load(self) -> None:
        """Take over what is whole; what is not, and what follows it, is dropped."""
        self._segments, self.state = [], None
        left = Leftover(self._folder)
        if left.request == self._request:
            with suppress(DamagedError, TypeError):
                for segment in left.segments():
                    self.state = JournalState(**segment.state)
                    self._segments.append(segment)
        if not self._segments:
            self.discard()
            return
        kept = {HEAD, *(segment.path.name for segment in self._segments)}
        for path in self._folder.iterdir():
            if path.name not in kept:
                with suppress(OSError):
                    path.unlink()
