"""Files are written whole or not at all: under a temporary name beside the place, then renamed."""

from __future__ import annotations

import errno
import os
import time
from contextlib import contextmanager, suppress
from secrets import token_hex
from typing import TYPE_CHECKING, TypeVar

from hs_jupyter.errors import StoreError, StoreFullError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TEMPORARY = "_tmp-"
ASIDE = "_damaged-"
"""Names that begin with ``_`` are no data for pyarrow, Spark and Dask; these end in no ``.parquet``."""

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_TRIES = 40
_TRY_AGAIN_SEC = 0.05
_LOCK_SEC = 20.0

_Result = TypeVar("_Result")


@contextmanager
def writing(where: Path) -> Iterator[None]:
    """Turn what the disk refuses into a sentence.

    Raises
    ------
    StoreFullError
        If the disk is full.
    StoreError
        If it cannot be written for another reason.
    """
    try:
        yield
    except OSError as problem:
        if problem.errno in _FULL:
            raise StoreFullError(
                f"the disk of {where} is full: make room, or clear the store (%hs store clear)"
            ) from problem
        reason = problem.strerror or type(problem).__name__
        raise StoreError(f"{where} cannot be written: {reason}") from problem


def make_folder(path: Path, *, private: bool) -> None:
    """Make a folder and those above it; private ones are nobody else's to look into."""
    if path.is_dir():
        return
    make_folder(path.parent, private=private)
    with suppress(FileExistsError):
        path.mkdir(mode=0o700 if private else 0o777)


def write_file(path: Path, data: bytes | memoryview, *, private: bool, sync: bool = True) -> None:
    """Write a file in one step: whoever looks sees the old one or the new one, whole.

    Parameters
    ----------
    path
        Its folder is made if it is not there.
    private
        Only its owner may read it.
    sync
        Wait until the disk has it, so that a machine that stops does not lose what was promised.

    Raises
    ------
    OSError
        If it cannot be written; nothing is left of it.
    """
    make_folder(path.parent, private=private)
    fresh = path.with_name(f"{TEMPORARY}{token_hex(8)}")
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(fresh, flags, 0o600 if private else 0o666), "wb", buffering=0) as file:
            view = memoryview(data)
            while view:
                view = view[file.write(view) :]
            if sync:
                os.fsync(file.fileno())
        patiently(lambda: fresh.replace(path))
    except BaseException:
        remove(fresh)
        raise


def remove(path: Path) -> bool:
    """Remove a file; False where it cannot be (it is being read, on Windows): it is collected later."""
    try:
        path.unlink()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def set_aside(path: Path) -> None:
    """Give a damaged file a name that nothing reads; where that cannot be, it stays."""
    with suppress(OSError):
        path.replace(path.with_name(f"{ASIDE}{token_hex(8)}"))


def age_sec(path: Path) -> float:
    """Return how long ago a file or folder was changed; 0 if it is not there."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0.0


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep other processes out; where files cannot be locked, go on without (renames are atomic)."""
    from filelock import FileLock, Timeout

    lock = FileLock(path, timeout=_LOCK_SEC, mode=0o600)
    with suppress(OSError, Timeout, NotImplementedError):
        lock.acquire()
    try:
        yield
    finally:
        lock.release(force=True)


def patiently(act: Callable[[], _Result]) -> _Result:
    """Do something with a file, again and again while Windows refuses: somebody has it open just now.

    Raises
    ------
    OSError
        If it cannot be done.
    """
    for _ in range(_TRIES if os.name == "nt" else 0):
        try:
            return act()
        except PermissionError:
            time.sleep(_TRY_AGAIN_SEC)
    return act()
