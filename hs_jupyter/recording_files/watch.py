"""How far the files are: threads tell, and the thread that waits for them shows it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hs_jupyter.api.asking import Waiting
    from hs_jupyter.recording_files.index import Key
    from hs_jupyter.recording_files.wanted import Wanted


class OnFiles(Protocol):
    """Sees files come."""

    def files(self, done: int, all_: int, came: int, whole: int | None, before: int) -> None:
        """Take note of files done of all, and of bytes that came of those announced (or None).

        ``before`` of them came with an earlier download.
        """

    def waiting(self, reason: str, until: datetime) -> None:
        """Take note that it waits."""


class Watching:
    """Keeps count of bytes, file by file.

    Parameters
    ----------
    on_files
        Shown to, or nobody.
    """

    def __init__(self, on_files: OnFiles | None) -> None:
        self._on_files = on_files
        self._whole: dict[Key, int | None] = {}
        self._came: dict[Key, int] = {}
        self._before: dict[Key, int] = {}
        self._wait: tuple[str, datetime] | None = None
        self._shown: tuple[int, int] | None = None

    def expect(self, wanted: Sequence[Wanted]) -> None:
        """Take note of files that will come."""
        self._whole |= {one.key: one.size for one in wanted}

    def took_up(self, one: Wanted, size: int) -> None:
        """Take note of what an earlier download left of a file."""
        self._before[one.key] = self._came[one.key] = size

    def came(self, one: Wanted, size: int, whole: int | None) -> None:
        """Take note of how many bytes there are, of how many."""
        self._came[one.key], self._whole[one.key] = size, whole
        self._before[one.key] = min(self._before.get(one.key, 0), size)  # less when it was begun anew
        self._wait = None

    def waiting(self, reason: str, seconds: float) -> None:
        """Take note that a file waits for its host."""
        self._wait = reason, (datetime.now(UTC) + timedelta(seconds=seconds)).astimezone()

    def done(self, one: Wanted, *, missing: bool = False) -> None:
        """Take note that nothing more comes of a file; what was there before is not counted."""
        if missing or one.key not in self._came:
            self._whole[one.key] = self._came.get(one.key, 0)

    def show(self, done: int, all_: int, waiting: Waiting | None) -> None:
        """Show it, in the thread that may: what comes, or why nothing does."""
        if self._on_files is None:
            return
        came = sum(self._came.copy().values())
        stands, self._shown = self._shown == (done, came), (done, came)
        wait = (waiting.reason, waiting.until) if waiting else self._wait
        if stands and wait and wait[1] > datetime.now(UTC):
            self._on_files.waiting(*wait)
            return
        whole = list(self._whole.copy().values())
        announced = None if None in whole else sum(one or 0 for one in whole)
        self._on_files.files(done, all_, came, announced, sum(self._before.copy().values()))
