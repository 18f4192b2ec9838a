"""The service's rate limits, as an option: sliding windows per endpoint and per key."""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from threading import Lock
from typing import TYPE_CHECKING

from hs_jupyter.demo_study.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

PER_ENDPOINT = (100, 60.0)
"""Requests, seconds: for one key at one endpoint."""
PER_KEY = (1000, 3600.0)
"""Requests, seconds: for one key everywhere."""


class Limits:
    """Count requests and refuse with 429 what goes beyond.

    Parameters
    ----------
    clock
        Seconds that only grow; tests give their own.

    Examples
    --------
    >>> limits = Limits(clock=lambda: 0.0)
    >>> limits.count("key", "events")
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: defaultdict[tuple[str, ...], deque[float]] = defaultdict(deque)
        self._lock = Lock()

    def count(self, key: str, endpoint: str) -> None:
        """Count one request; a refused one is not counted."""
        with self._lock:
            now = self._clock()
            windows = [(self._seen[key, endpoint], *PER_ENDPOINT), (self._seen[(key,)], *PER_KEY)]
            for seen, _, seconds in windows:
                while seen and seen[0] <= now - seconds:
                    seen.popleft()
            wait = max(
                (seen[0] + seconds - now for seen, most, seconds in windows if len(seen) >= most), default=0.0
            )
            if wait > 0:
                text = "Rate limit exceeded: 100 requests a minute per endpoint, 1000 an hour per key"
                raise Refusal(429, "RATE_LIMIT_EXCEEDED", text, Retry_After=str(math.ceil(wait)))
            for seen, _, _ in windows:
                seen.append(now)
