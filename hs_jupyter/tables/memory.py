"""Memory for the rows of a fetch: taken where it can be given back.

Arrow's own allocator keeps what each thread freed for that thread: of rows that come page by page in one
thread and are put in order in another it holds half as much again as there is.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable

POOL = pa.system_memory_pool()
"""Where tables are built: numpy and Python take from there, too, what tables have freed."""

WORTHWHILE_BYTES = 2**24


def tidy() -> None:
    """Let Arrow's own allocator, which works for us in passing, forget what this thread has freed."""
    pa.default_memory_pool().release_unused()


def give_back() -> None:
    """Return memory that nobody holds any more to the system, where the C library is known to keep it."""
    tidy()
    _trim()


def _trimmer() -> Callable[[], object]:
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library than glibc
            return partial(ctypes.CDLL(None).malloc_trim, 0)
    return lambda: None


_trim = _trimmer()
