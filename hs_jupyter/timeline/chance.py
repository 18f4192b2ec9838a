"""What chance gives: the same series, shifted in time against each other.

Each series is shifted in a circle, what leaves at the end comes in at the beginning. That keeps how slowly it
moves, on which the size of chance correlations depends, and parts it from the film: S. A. Nastase et al.
(2019), Social Cognitive and Affective Neuroscience 14, 667-685, doi:10.1093/scan/nsz037; E. Simony et al.
(2016), Dynamic reconfiguration of the default mode network during narrative comprehension, Nature
Communications 7, 12141, doi:10.1038/ncomms12141. With k of n shifts at least as high as what was found,
p = (1 + k) / (1 + n), one-sided: B. Phipson, G. K. Smyth (2010), Permutation p-values should never be zero,
Statistical Applications in Genetics and Molecular Biology 9, 39, doi:10.2202/1544-6115.1585.

Of several lags every shift offers its best one, so that the best lag found may be picked and still be judged
fairly. Windows are not corrected for: they are tests of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hs_jupyter.timeline.correlation import Masked, circular_pearson
from hs_jupyter.timeline.synchrony import correlate, fisher_mean, fisher_z, left_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from hs_jupyter.timeline.synchrony import Asked, Sides

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_TIE = 1e-9
"""Correlations that differ by less are equal: the two ways to compute them round differently."""


class Chance(NamedTuple):
    """What chance gives. Each array has the shape of the correlations it belongs to.

    Attributes
    ----------
    p
        (1 + shifts with a correlation at least as high) / (1 + shifts).
    mean, p95
        Mean and 95th percentile of the correlations under shifts.
    """

    p: Floats
    mean: Floats
    p95: Floats


def draw_shifts(viewers: int, samples: int, draws: int, seed: int | None) -> Ints:
    """Draw a circular shift for each viewer, anywhere on the circle; shape (draws, viewers)."""
    return np.random.default_rng(seed).integers(0, max(samples, 1), (draws, viewers))


def chance_of_each(sides: Sides, asked: Asked, r: Floats, shifts: Ints, nearest: float) -> Chance:
    """Compare each correlation with its own under shifts.

    Parameters
    ----------
    r
        Correlations as found, of shape (pairs, windows, lags).
    shifts
        Each viewer's shift, of shape (draws, viewers).
    nearest
        Shifts of a pair by fewer samples, either way round, do not count.

    Notes
    -----
    In a window the first series stays where it is, and the second is shifted as a whole.
    """
    found = Chance(*(np.full(r.shape, np.nan) for _ in range(3)))
    for pair, window, drawn in _drawn(sides, asked, shifts, nearest):
        _judge(found, (pair, window), r[pair, window], drawn)
    return found


def chance_of_mean(r: Floats, drawn: Floats) -> Chance:
    """Compare the mean of correlations, `fisher_mean` over the first axis, with those under shifts.

    Parameters
    ----------
    r
        Correlations as found, of shape (pairs, windows, lags).
    drawn
        Means under shifts, of shape (draws, windows, lags): `means_of_pairs` or `means_left_out`.
    """
    found = Chance(*(np.full(r.shape[1:], np.nan) for _ in range(3)))
    mean = fisher_mean(r)
    for window in range(len(mean)):
        _judge(found, (window,), mean[window], drawn[:, window])
    return found


def means_of_pairs(sides: Sides, asked: Asked, shifts: Ints, nearest: float) -> Floats:
    """Average the correlations of all pairs under each shift of all viewers; shape (draws, windows, lags)."""
    shape = (len(shifts), len(asked.windows), len(asked.lags))
    total, count = np.zeros(shape), np.zeros(shape)
    for _, window, drawn in _drawn(sides, asked, shifts, nearest):
        z = fisher_z(drawn)
        total[:, window] += np.nan_to_num(z)
        count[:, window] += np.isfinite(z)
    mean: Floats = np.tanh(np.divide(total, count, out=np.full(shape, np.nan), where=count > 0))
    return mean


def means_left_out(sides: Sides, asked: Asked, shifts: Ints) -> Floats:
    """Average leave-one-out correlations under each shift of all viewers; shape (draws, windows, lags).

    The mean of the others is made anew of the shifted series. It would not do to shift each viewer against
    the mean as it is: the viewers' correlations depend on each other, and their mean would vary too little.
    """
    samples = np.arange(sides.second.seen.shape[1])
    means = []
    for shift in shifts:
        from_ = (samples - shift[:, None]) % len(samples)
        shifted = Masked(*(np.take_along_axis(part, from_, axis=1) for part in sides.second))
        means.append(fisher_mean(correlate(left_out(shifted), asked)[0]))
    return np.reshape(means, (len(shifts), len(asked.windows), len(asked.lags)))


def _drawn(sides: Sides, asked: Asked, shifts: Ints, nearest: float) -> Iterator[tuple[int, int, Floats]]:
    """Yield pair, window, and the pair's correlations under each shift at each lag, shape (draws, lags)."""
    samples = sides.first.seen.shape[1]
    relative = _relative(sides.pairs, shifts, samples)
    too_near = np.minimum(relative, samples - relative) < nearest
    spectra = sides.second.transformed()
    for window, (begin, end) in enumerate(asked.windows):
        for row in np.unique(sides.pairs[:, 0]):
            pairs = np.flatnonzero(sides.pairs[:, 0] == row)
            fixed = sides.first.rows(np.array([row])).within(begin, end).transformed()
            curves = circular_pearson(fixed, spectra.rows(sides.pairs[pairs, 1]), samples, asked.least)
            for pair, curve in zip(pairs.tolist(), curves, strict=True):
                drawn = curve[(relative[pair][:, None] + asked.lags) % samples]
                drawn[too_near[pair]] = np.nan
                yield pair, window, drawn


def _relative(pairs: Ints, shifts: Ints, samples: int) -> Ints:
    """Return by how much each draw shifts the second of a pair against the first; shape (pairs, draws).

    A viewer and the mean of the others share a row: there the viewer is shifted, and the mean stays.
    """
    one, other = pairs.T
    moved = np.where(one == other, shifts[:, other], shifts[:, other] - shifts[:, one])
    return np.asarray((moved % max(samples, 1)).T)


def _judge(into: Chance, place: tuple[int, ...], r: Floats, drawn: Floats) -> None:
    """Write what chance gives for the correlations of one place, shape (lags,), by draws of (draws, lags)."""
    best = np.where(np.isfinite(drawn), drawn, -np.inf).max(axis=1)
    best = best[np.isfinite(best)]
    if not len(best):
        return
    higher = (best[:, None] >= r - _TIE).sum(axis=0)
    into.p[place] = np.where(np.isfinite(r), (1 + higher) / (1 + len(best)), np.nan)
    into.mean[place] = best.mean()
    into.p95[place] = np.percentile(best, 95)
