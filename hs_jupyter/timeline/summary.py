"""Many series as one: median and quartiles on a common grid of onsets, counts per bin."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hs_jupyter.timeline.gaps import gap_threshold_sec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Series = tuple[NDArray[np.float64], NDArray[np.float64]]


class Band(NamedTuple):
    """Quartiles over series at each onset of a grid.

    Attributes
    ----------
    onset_sec
        The grid, in seconds.
    low, middle, high
        First quartile, median, third quartile; NaN where no series has a value.
    series
        How many series have a value there.
    """

    onset_sec: NDArray[np.float64]
    low: NDArray[np.float64]
    middle: NDArray[np.float64]
    high: NDArray[np.float64]
    series: NDArray[np.int64]


def on_grid(
    onset_sec: NDArray[np.float64],
    value: NDArray[np.float64],
    grid_sec: NDArray[np.float64],
    *,
    hold: bool = False,
    longest_sec: float | None = None,
) -> NDArray[np.float64]:
    """Read one series at the onsets of a grid; NaN in its gaps and outside it.

    Between two samples that no gap parts, the value lies on the straight line between them, or is that of
    the first (``hold``). A gap is a step longer than ``longest_sec``, by default `gap_threshold_sec`.

    Examples
    --------
    >>> on_grid(np.array([0.0, 1.0]), np.array([0.0, 1.0]), np.array([-1.0, 0.5])).tolist()
    [nan, 0.5]
    """
    if not len(onset_sec):
        return np.full(len(grid_sec), np.nan)
    last = len(onset_sec) - 1
    after = np.clip(np.searchsorted(onset_sec, grid_sec, side="left"), 0, last)
    before = np.clip(np.searchsorted(onset_sec, grid_sec, side="right") - 1, 0, last)
    if hold:
        outside = (grid_sec < onset_sec[0]) | (grid_sec > onset_sec[-1])
        read = np.where(outside, np.nan, value[before])
    else:
        read = np.interp(grid_sec, onset_sec, value, left=np.nan, right=np.nan)
    longest = gap_threshold_sec(onset_sec) if longest_sec is None else longest_sec
    read[onset_sec[after] - onset_sec[before] > longest] = np.nan
    return read


def band(
    series: Sequence[Series], grid_sec: NDArray[np.float64], longest_sec: Sequence[float] | None = None
) -> Band:
    """Summarize series of (onset_sec, value) by their quartiles at each onset of a grid.

    A gap of a series is a step longer than its ``longest_sec``, by default `gap_threshold_sec`.

    Examples
    --------
    >>> flat = [(np.array([0.0, 1.0]), np.array([v, v])) for v in (1.0, 2.0, 6.0)]
    >>> band(flat, np.array([0.5])).middle.tolist()
    [2.0]
    """
    longest: Sequence[float | None] = longest_sec or [None] * len(series)
    read = np.array(
        [on_grid(*one, grid_sec, longest_sec=gap) for one, gap in zip(series, longest, strict=True)]
    )
    read = read.reshape(len(series), len(grid_sec))
    count = np.isfinite(read).sum(axis=0)
    ordered = np.sort(read, axis=0)  # NaN comes last
    low, middle, high = (_quantile(ordered, count, share) for share in (0.25, 0.5, 0.75))
    return Band(grid_sec, low, middle, high, count)


def _quantile(ordered: NDArray[np.float64], count: NDArray[np.int64], share: float) -> NDArray[np.float64]:
    """Read a quantile of every column, between its two neighbours; some 50 times as fast as nanpercentile."""
    if not len(ordered):
        return np.full(len(count), np.nan)
    place = share * np.maximum(count - 1, 0)
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(count - 1, 0))
    low, high = (np.take_along_axis(ordered, one[None], 0)[0] for one in (below, above))
    read: NDArray[np.float64] = low + (high - low) * (place - below)
    return read


def counts_per_bin(
    onset_sec: NDArray[np.float64], start_sec: float, bin_sec: float, bins: int
) -> NDArray[np.int64]:
    """Count onsets in bins of equal length; the last bin holds its end, onsets outside do not count.

    Examples
    --------
    >>> counts_per_bin(np.array([0.0, 0.5, 1.0, 9.0]), 0.0, 1.0, 2).tolist()
    [2, 1]
    """
    edges = start_sec + bin_sec * np.arange(bins + 1)
    return np.histogram(onset_sec, edges)[0].astype(np.int64)
