"""Where a series stops and starts again.

The rule: a step between two samples is a gap when it is longer than four times the series' median
step and longer than a second. A slider sampled every 250 ms has a gap after 1 s without a sample;
a sync metric sampled every second has one after 4 s. Repeated onsets do not count as steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

GAP_STEPS = 4.0
"""A gap is so many median steps: jitter and one or two lost samples are not gaps."""

MIN_GAP_SEC = 1.0
"""Shorter silences are never gaps: they would be invisible, and bursts are not rhythm."""


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
    steps = np.diff(onset_sec)
    long = np.count_nonzero(steps > MIN_GAP_SEC / GAP_STEPS)
    if 2 * long < np.count_nonzero(steps > 0):  # then the median is short, and need not be found
        return MIN_GAP_SEC
    steps = steps[steps > 0]
    usual = float(np.median(steps)) if len(steps) else 0.0
    return max(MIN_GAP_SEC, GAP_STEPS * usual)


def segments(onset_sec: NDArray[np.float64]) -> NDArray[np.int64]:
    """Give each sample of a sorted series the number of its uninterrupted stretch: 0, 1, 2...

    Parameters
    ----------
    onset_sec
        Sorted onsets of one series, in seconds, shape (n,).

    Returns
    -------
    numpy.ndarray
        The stretch of each sample, int64, shape (n,).

    Examples
    --------
    >>> segments(np.array([0.0, 0.25, 0.5, 9.0, 9.25])).tolist()
    [0, 0, 0, 1, 1]
    """
    starts = np.diff(onset_sec) > gap_threshold_sec(onset_sec)
    return np.concatenate([np.zeros(min(len(onset_sec), 1), np.int64), np.cumsum(starts, dtype=np.int64)])
