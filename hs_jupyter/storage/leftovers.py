"""Journals that lie there: to go on with, to clear, to collect."""

from __future__ import annotations

import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from hs_jupyter.errors import DamagedError, InputError
from hs_jupyter.scope import Scope
from hs_jupyter.storage.disk import age_sec
from hs_jupyter.storage.sealed import unseal
from hs_jupyter.storage.segments import Segment, look_at, segment_number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from filelock import FileLock

FOLDER = "partial"
HEAD = "request.json"
OLD_SEC = 7 * 24 * 3600.0
"""Age at which nobody is expected to go on with a fetch."""


class Leftover:
    """A journal that lies there, of whatever request.

    Attributes
    ----------
    head : Path
        The file that says what was asked.
    request : dict
        What was asked; empty where that cannot be read.
    scope : Scope or None
        Whose records, as far as that can be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.head = folder / HEAD
        self.request: dict[str, Any] = {}
        self.scope: Scope | None = None
        with suppress(OSError, ValueError, KeyError, TypeError, InputError):
            self.request = unseal(self.head.read_bytes())
            self.scope = Scope(**self.request["scope"])

    def segments(self) -> Iterator[Segment]:
        """Yield its segments in order, up to the first that is not there.

        Raises
        ------
        DamagedError
            At the first that is damaged.
        """
        try:
            names = sorted(path.name for path in self.folder.iterdir())
        except OSError:
            return
        expected = 0
        for name in names:
            if segment_number(name) == expected:
                yield look_at(self.folder / name)
                expected += 1

    def experiments(self) -> set[str | None]:
        """Return the experiments that its rows name."""
        found: set[str | None] = set()
        with suppress(DamagedError):
            found |= {segment.experiment for segment in self.segments()}
        return found

    def remove(self) -> int | None:
        """Remove it, and return its bytes; None if a fetch is busy with it.

        Raises
        ------
        OSError
            If it cannot be removed.
        """
        from filelock import Timeout

        lock = lock_of(self.folder, 0)
        try:
            lock.acquire()
        except Timeout:
            return None
        except (OSError, NotImplementedError):  # no locks here
            pass
        try:
            size = sum(path.stat().st_size for path in self.folder.iterdir())
            shutil.rmtree(self.folder)
        finally:
            lock.release(force=True)
        return size


def journals(root: Path) -> list[Leftover]:
    """List the journals in a tree."""
    try:
        return [Leftover(path) for path in sorted((root / FOLDER).iterdir()) if path.is_dir()]
    except OSError:
        return []


def lock_of(folder: Path, timeout_sec: float) -> FileLock:
    """Return the lock of a journal; it lies beside the folder, which comes and goes."""
    from filelock import FileLock

    return FileLock(f"{folder}.lock", timeout=timeout_sec, mode=0o600)


def collect_old(parent: Path) -> None:
    """Remove journals that nobody went on with."""
    with suppress(OSError):
        for path in list(parent.iterdir()):
            if age_sec(path) > OLD_SEC:
                with suppress(OSError):
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
