"""Fewer samples that draw the same picture: thinning returns row indices, never new values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIN_TARGET = 10
"""Two ends, and two bins of first, lowest, highest, last: tsdownsample takes no fewer."""

MIN_SPAN_SEC = 1e-3

BLOCK = 64
"""Samples that an outline stands for with four of them."""


def thin(onset_sec: NDArray[np.float64], value: NDArray[np.float64], target: int) -> NDArray[np.int64]:
    """Choose the samples of one series to draw.

    The M4 aggregation keeps the first, last, lowest and highest sample of every bin of time, so the
    ends and the extremes of the series stay, and the edges of every gap wider than a bin.

    Parameters
    ----------
    onset_sec
        Sorted finite onsets in seconds, shape (n,).
    value
        Finite values, shape (n,).
    target
        The most samples to keep, at least 10. A series that is not longer is returned whole.

    Returns
    -------
    numpy.ndarray
        Rising row indices, int64, at most ``target``.

    Examples
    --------
    >>> onset_sec = np.arange(0.0, 1000.0)
    >>> len(thin(onset_sec, np.sin(onset_sec), 100)) <= 100
    True
    """
    if target < MIN_TARGET:
        message = f"a series is thinned to {MIN_TARGET} samples or more, not {target}"
        raise ValueError(message)
    count = len(onset_sec)
    if count <= target:
        return np.arange(count, dtype=np.int64)
    from tsdownsample import M4Downsampler

    room = (target - 2) // 4 * 4  # M4 wants whole bins of four; the two ends are added below
    span_sec = float(onset_sec[-1] - onset_sec[0])
    # bins of equal time; of equal number where hardly any time passes, for which tsdownsample has no bins
    by_time = [_share(onset_sec, span_sec)] if span_sec > MIN_SPAN_SEC else []
    chosen: NDArray[np.uint64] = M4Downsampler().downsample(  # type: ignore[no-untyped-call]
        *by_time, np.ascontiguousarray(value), n_out=room
    )
    kept = chosen.astype(np.int64)
    return np.unique(np.concatenate([[0], kept, [count - 1]]))


def outline(value: NDArray[np.float64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the rows that stand for a long series wherever many of its samples share a pixel.

    The first, last, lowest and highest of every 64 samples, and the ends of its stretches: thinned to bins of
    many such blocks, they draw what all samples draw.

    Parameters
    ----------
    value
        Finite values, shape (n,).
    ends
        Rows that stay in any case: where a gap begins and ends.

    Returns
    -------
    numpy.ndarray
        Rising row indices, int64, about n / 16.

    Examples
    --------
    >>> len(outline(np.sin(np.arange(6400.0)), np.array([7]))) <= 401
    True
    """
    blocks = value[: len(value) // BLOCK * BLOCK].reshape(-1, BLOCK)
    starts = np.arange(len(blocks), dtype=np.int64) * BLOCK
    stays = np.zeros(len(value), bool)
    for rows in (starts, starts + BLOCK - 1, starts + blocks.argmin(axis=1), starts + blocks.argmax(axis=1)):
        stays[rows] = True
    stays[blocks.size :] = True
    stays[ends] = True
    return np.flatnonzero(stays)


def _share(onset_sec: NDArray[np.float64], span_sec: float) -> NDArray[np.float64]:
    """Return onsets from 0 to 1, in one fresh array: of millions of samples each takes its time."""
    shifted: NDArray[np.float64] = onset_sec - onset_sec[0]
    shifted /= span_sec
    return shifted


def share(counts: list[int], *, each: int, total: int, least: int = 64) -> int:
    """Return how many samples every series may keep, so that together they fit a budget.

    A series shorter than its share leaves the rest to the longer ones.

    Parameters
    ----------
    counts
        Samples in each series.
    each
        The most that one series may keep: what its pixels can show.
    total
        The budget of all series together; exceeded only when ``least`` demands it.
    least
        The fewest that a series is thinned to.

    Examples
    --------
    >>> share([100, 5000, 5000], each=2000, total=3000)
    1450
    """
    left, open_series = total, sorted(counts)
    for position, count in enumerate(open_series):
        fair = left // (len(open_series) - position)
        if count > fair:
            return max(least, min(each, fair))
        left -= count
    return max(least, each)


def thin_marks(
    onset_sec: NDArray[np.float64], lane: NDArray[np.int64], bin_sec: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Keep one mark of those that would be drawn over each other.

    Parameters
    ----------
    onset_sec
        Finite onsets in seconds, shape (n,), in any order.
    lane
        What is drawn apart (a lane, a participant), shape (n,).
    bin_sec
        Marks of one lane within so many seconds share a place; above 0.

    Returns
    -------
    kept : numpy.ndarray
        Row indices, rising: the first mark of each place.
    count : numpy.ndarray
        How many marks stand there, for each index kept.

    Examples
    --------
    >>> kept, count = thin_marks(np.array([0.0, 0.1, 5.0]), np.array([0, 0, 0]), 1.0)
    >>> kept.tolist(), count.tolist()
    ([0, 2], [2, 1])
    """
    if not len(onset_sec):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    import pyarrow as pa

    order = np.argsort(onset_sec, kind="stable")
    place = np.floor((onset_sec[order] - onset_sec[order[0]]) / bin_sec).astype(np.int64)
    # by hash, which numbers the places as they appear: the first of each is where the highest number rises
    number = pa.array(lane[order] * (place[-1] + 1) + place).dictionary_encode().indices.to_numpy()
    first = np.flatnonzero(np.diff(np.maximum.accumulate(number), prepend=-1))
    kept, count = order[first], np.bincount(number)
    rising = np.argsort(kept)
    return kept[rising].astype(np.int64), count[rising].astype(np.int64)


def fit_marks(
    onset_sec: NDArray[np.float64], lane: NDArray[np.int64], bin_sec: float, most: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Keep all marks if there are at most so many; else thin them, in bins doubled until they are.

    At least one mark of each lane stays, even when there are more lanes than marks allowed.

    Examples
    --------
    >>> kept, count = fit_marks(np.arange(0.0, 100.0), np.zeros(100, np.int64), 1.0, 30)
    >>> len(kept), int(count.sum())
    (25, 100)
    """
    kept, count = np.arange(len(onset_sec), dtype=np.int64), np.ones(len(onset_sec), np.int64)
    if len(kept) <= most:
        return kept, count
    kept, count = thin_marks(onset_sec, lane, bin_sec)
    span = float(np.ptp(onset_sec))
    while len(kept) > most and bin_sec <= span:
        bin_sec *= 2
        kept, count = thin_marks(onset_sec, lane, bin_sec)
    return kept, count
