"""Where a series stops and starts again.

The rule: a step between two samples is a gap when it is longer than four times the series' median
step and longer than a second. A slider sampled every 250 ms has a gap after 1 s without a sample;
a sync metric sampled every second has one after 4 s. Repeated onsets do not count as steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

GAP_STEPS = 4.0
"""A gap is so many median steps: jitter and one or two lost samples are not gaps."""

MIN_GAP_SEC = 1.0
"""Shorter silences are never gaps: they would be invisible, and bursts are not rhythm."""


_PIECE = 1 << 17
"""Steps that are looked at at once."""


def gap_threshold_sec(onset_sec: NDArray[np.float64]) -> float:
    """Return the longest step, in seconds, that still joins two samples.

    Parameters
    ----------
    onset_sec
        Sorted onsets of one series, in seconds, shape (n,).

    Examples
    --------
    >>> gap_threshold_sec(np.arange(0.0, 10.0, 0.5))
    2.0
    """
    long, rising = 0, 0
    for _, steps in _steps(onset_sec):
        long += int(np.count_nonzero(steps > MIN_GAP_SEC / GAP_STEPS))
        rising += int(np.count_nonzero(steps > 0))
    if 2 * long < rising:  # then the median is short, and need not be found
        return MIN_GAP_SEC
    steps = np.diff(onset_sec)
    steps = steps[steps > 0]
    usual = float(np.median(steps)) if len(steps) else 0.0
    return max(MIN_GAP_SEC, GAP_STEPS * usual)


def after_gaps(onset_sec: NDArray[np.float64], longest_sec: float) -> NDArray[np.int64]:
    """Return the samples of a sorted series that come after a step of more than so many seconds.

    Examples
    --------
    >>> after_gaps(np.array([0.0, 0.25, 0.5, 9.0, 9.25]), 1.0).tolist()
    [3]
    """
    found = [at + 1 + np.flatnonzero(steps > longest_sec) for at, steps in _steps(onset_sec)]
    return np.concatenate([np.zeros(0, np.int64), *found])


def _steps(onset_sec: NDArray[np.float64]) -> Iterator[tuple[int, NDArray[np.float64]]]:
    """Yield the steps of a long series piece by piece, each with the sample that it begins at.

    Fresh memory for all of them at once takes longer than the steps themselves.
    """
    for at in range(0, len(onset_sec) - 1, _PIECE):
        yield at, np.diff(onset_sec[at : at + _PIECE + 1])
