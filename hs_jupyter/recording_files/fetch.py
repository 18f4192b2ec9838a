"""Fetch the files of many recordings: a few at a time, each whole or not at all."""

from __future__ import annotations

import errno
import shutil
from concurrent.futures import wait
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hs_jupyter.api.file_heads import PassingError
from hs_jupyter.api.halt import THREADS, Crew, Halt, HaltedError
from hs_jupyter.errors import HsError, InputError, ServerError
from hs_jupyter.recording_files import parts
from hs_jupyter.recording_files.index import Key, read_index, write_index
from hs_jupyter.recording_files.names import file_names, part_name
from hs_jupyter.recording_files.origins import Origin, ServiceGoneError
from hs_jupyter.recording_files.parts import Part, Stored
from hs_jupyter.recording_files.watch import OnFiles, Watching

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from hs_jupyter.recording_files.wanted import Wanted

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
_ENDING_SEC = 0.7
"""So long an interrupt waits for threads to let go of their files."""


@dataclass
class Outcome:
    """What became of each recording, by its key: a file, or the reason why there is none."""

    stored: dict[Key, Stored] = field(default_factory=dict)
    missing: dict[Key, str] = field(default_factory=dict)


def fetch_files(
    wanted: Sequence[Wanted], folder: Path, origin: Callable[[Halt], Origin], on_files: OnFiles | None = None
) -> Outcome:
    """Fetch the files of recordings into a folder; what is there and unchanged is left.

    An index says which file is whose. It is written whatever happens: after an interrupt it names the
    files that came, and parts of others lie in ``.parts`` for the next time.

    Parameters
    ----------
    wanted
        The recordings.
    folder
        Where to, made if it is not there.
    origin
        Where from: `Road` or `Mirror`.
    on_files
        Sees what comes.

    Raises
    ------
    InputError
        If the disk has no room for what is announced.
    OSError
        If the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    work = _Work(wanted, folder, origin, on_files)
    futures: list[Future[None]] = []
    try:
        with Crew(work.halt, work.show) as crew:
            futures = [crew.start(work.one, one) for one in wanted]
            for future in futures:
                crew.result(future)
                work.show()
    finally:
        wait(futures, _ENDING_SEC)
        work.origin.close()
        came = dict(work.outcome.stored)
        write_index(folder, {**work.indexed, **came})
        _tidy([one for one in wanted if one.key in came], folder)
    return work.outcome


def _tidy(done: Sequence[Wanted], folder: Path) -> None:
    """Remove the notes of files that stand in the index now."""
    for one in done:
        Part(folder, part_name(one.key), one.mark).forget()
    with suppress(OSError):  # others are under way
        (folder / parts.FOLDER).rmdir()


class _Work:
    """One round of fetching, shared by its threads."""

    def __init__(
        self,
        wanted: Sequence[Wanted],
        folder: Path,
        origin: Callable[[Halt], Origin],
        on_files: OnFiles | None,
    ) -> None:
        self.outcome = Outcome()
        self.halt = Halt()
        self.origin = origin(self.halt)
        self.indexed = read_index(folder)
        self._folder = folder
        self._watch = Watching(on_files)
        self._count = len(wanted)
        self._fruitless = 0
        self._end = ""
        # an earlier download that was killed has put files in their places, and not into the index
        notes = {one.key: Part(folder, part_name(one.key), one.mark).stored() for one in wanted}
        self._held = {**self.indexed, **{key: stored for key, stored in notes.items() if stored is not None}}
        self._ours = {stored.name for stored in self._held.values()}
        self._names = file_names(wanted, {key: stored.name for key, stored in self._held.items()})
        self._expect(wanted)

    def one(self, one: Wanted) -> None:
        """Fetch one file, or find out why it cannot be had."""
        with suppress(HaltedError):
            reason = one.not_ready or self._end or self._try(one)
            if reason:
                self.outcome.missing[one.key] = reason
            self._watch.done(one, missing=bool(reason))

    def show(self) -> None:
        """Show how far it is."""
        done = len(self.outcome.stored) + len(self.outcome.missing)
        self._watch.show(done, self._count, self.origin.waiting)

    def _expect(self, wanted: Sequence[Wanted]) -> None:
        """Take note of what will come, and see whether the disk has room."""
        fresh = [one for one in wanted if one.key not in self._held and not one.not_ready]
        needed, free = sum(one.size or 0 for one in fresh), shutil.disk_usage(self._folder).free
        if needed > free:
            raise InputError(
                f"the recordings need {needed / 1e9:.1f} GB, and {self._folder} has {free / 1e9:.1f} GB left"
            )
        self._watch.expect(fresh)

    def _try(self, one: Wanted) -> str:
        try:
            self.outcome.stored[one.key] = self._stored(one)
        except ServiceGoneError as problem:
            self.halt.check()
            self._end = f"not tried: {problem}"
            return str(problem)
        except HsError as problem:
            self.halt.check()  # a request that was cut fails like any other
            self._count_fruitless(problem)
            return str(problem)
        except OSError as problem:
            if problem.errno in _FULL:
                self._end = f"not tried: {problem.strerror}"
            return f"the file cannot be written: {problem.strerror or problem}"
        return ""

    def _stored(self, one: Wanted) -> Stored:
        name = self._names[one.key]
        earlier = self._held.get(one.key)
        if (
            earlier
            and (earlier.name, earlier.mark) == (name, one.mark)
            and earlier.is_there(self._folder, self.halt)
        ):
            return earlier
        if (self._folder / name).exists() and name not in self._ours:
            raise InputError(f"{name} is there already, and no download wrote it")
        with Part(self._folder, part_name(one.key), one.mark) as part:
            part.take_up(self.halt)
            self._watch.took_up(one, part.size)
            self.origin.bring(one, part, self._watch)
            self._fruitless = 0
            return part.finish(name)

    def _count_fruitless(self, problem: HsError) -> None:
        """Give up where as many as work at once found nobody at home, one after the other."""
        if isinstance(problem, PassingError | ServerError):
            self._fruitless += 1
            if self._fruitless >= THREADS:
                self._end = f"not tried: {problem}"
