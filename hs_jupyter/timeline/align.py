"""Many series on one grid of a clock: onset, or the film's own time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hs_jupyter.errors import InputError
from hs_jupyter.timeline.gaps import gap_threshold_sec
from hs_jupyter.timeline.summary import on_grid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Series = tuple[Floats, Floats]

MOST_CELLS = 100_000_000
"""A grid of more cells is a mistake in a clock or a rate: this many take 800 MB."""
_DUST = 1e-6
"""Parts of a grid step: a sample at 0.3 s lies on a grid of 10 Hz, whatever 0.3 * 10 is in binary."""


def on_common_grid(
    series: Sequence[Series], hz: float, *, hold: bool = False, max_gap_sec: float | None = None
) -> tuple[Floats, Floats]:
    """Read series at the multiples of ``1 / hz`` seconds that lie within any of them.

    Parameters
    ----------
    series
        Seconds and values of each, in the order in which they were sampled. Where the clock goes back (a
        film is set back, or shown again), what was sampled first at a second counts.
    hz
        Grid points per second.
    hold, max_gap_sec
        As in `on_grid`.

    Returns
    -------
    grid_sec, value
        Shapes (n,) and (series, n); NaN where a series says nothing.

    Raises
    ------
    InputError
        If the grid would be longer than memory is.

    Examples
    --------
    >>> two = [(np.array([0.0, 0.5, 1.0]), np.array([0.0, 1.0, 2.0])), (np.array([1.0]), np.array([7.0]))]
    >>> grid, value = on_common_grid(two, 2)
    >>> grid.tolist(), value.tolist()
    ([0.0, 0.5, 1.0], [[0.0, 1.0, 2.0], [nan, nan, 7.0]])
    """
    ends = [end for sec, _ in series if len(sec) for end in (sec.min(), sec.max())]
    if not ends:
        return np.empty(0), np.full((len(series), 0), np.nan)
    first, last = np.ceil(min(ends) * hz - _DUST), np.floor(max(ends) * hz + _DUST)
    cells = (last - first + 1) * len(series)
    if not cells <= MOST_CELLS:
        raise InputError(
            f"{len(series)} series from {min(ends):.0f} s to {max(ends):.0f} s at {hz:g} Hz are {cells:.0e}"
            " values: take a lower hz, or fewer rows"
        )
    grid = np.arange(int(first), int(last) + 1) / hz
    value = np.full((len(series), len(grid)), np.nan)
    for row, (sec, sampled) in enumerate(series):
        kept = first_time(sec)
        value[row] = on_grid(sec[kept], sampled[kept], grid, hold=hold, longest_sec=max_gap_sec)
    return grid, value


def first_time(clock_sec: Floats) -> NDArray[np.int64]:
    """Return the samples at which the clock showed a second for the first time, in order of the clock.

    Parameters
    ----------
    clock_sec
        The clock at each sample, in the order in which they were sampled.

    Examples
    --------
    >>> first_time(np.array([0.0, 1.0, 2.0, 2.0, 1.5, 2.5])).tolist()
    [0, 1, 2, 5]
    """
    steps = np.diff(clock_sec)
    kept = np.ones(len(clock_sec), bool)
    if (steps < 0).any():
        joined_sec = gap_threshold_sec(np.sort(clock_sec))
        starts = np.flatnonzero((steps < 0) | (steps > joined_sec)) + 1
        seen: list[tuple[float, float]] = []
        for part in np.split(np.arange(len(clock_sec)), starts):
            sec = clock_sec[part]
            for low, high in seen:
                kept[part] &= (sec < low) | (sec > high)
            seen.append((float(sec[0]), float(sec[-1])))
    order = np.flatnonzero(kept)
    order = order[np.argsort(clock_sec[order], kind="stable")]
    new = np.diff(clock_sec[order], prepend=-np.inf) > 0
    return order[new]
