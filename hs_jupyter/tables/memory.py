"""Memory for the rows of a fetch: taken where it can be given back.

Arrow's own allocator keeps what each thread freed for that thread: of rows that come page by page in one
thread, are put in order in another and leave as a DataFrame, it holds as much again as there is.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import contextmanager, suppress
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LOCK = Lock()
_others: list[pa.MemoryPool] = []
"""Whose turn it is when the last block ends; one for each block that is open."""


@contextmanager
def lean() -> Iterator[None]:
    """Let Arrow allocate as the rest of the process does: what tables free, arrays and objects take.

    It is a matter of room alone, also for other threads: every array knows where its memory came from.
    """
    with _LOCK:
        _others.append(_others[0] if _others else pa.default_memory_pool())
        pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        with _LOCK:
            before = _others.pop()
            if not _others:
                pa.set_memory_pool(before)


def give_back() -> None:
    """Return memory that nobody holds any more to the system, where the C library is known to keep it."""
    with _LOCK:
        now = pa.default_memory_pool()
        pa.set_memory_pool(_others[0] if _others else now)  # whichever is asked, the one in use releases
        now.release_unused()
        pa.set_memory_pool(now)
    _trim()


def _trimmer() -> Callable[[], object]:
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library than glibc
            return partial(ctypes.CDLL(None).malloc_trim, 0)
    return lambda: None


_trim = _trimmer()
