"""How alike series run: pairwise, or each with the mean of the others; in windows, and at lags.

The correlation of two viewers' responses over the time of one stimulus is inter-subject correlation:
U. Hasson et al. (2004), Intersubject synchronization of cortical activity during natural vision, Science
303, 1634-1640, doi:10.1126/science.1089506; S. A. Nastase et al. (2019), Measuring shared responses across
subjects using intersubject correlation, Social Cognitive and Affective Neuroscience 14, 667-685,
doi:10.1093/scan/nsz037. Correlations are averaged as arctanh r (R. A. Fisher 1915, Biometrika 10, 507-521,
doi:10.1093/biomet/10.4.507). In windows and at lags: S. M. Boker et al. (2002), Windowed cross-correlation and
peak picking for the analysis of variability in the association between behavioral time series, Psychological
Methods 7, 338-355, doi:10.1037/1082-989X.7.3.338.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hs_jupyter.timeline.correlation import Masked, pearson, pearson_of_rows, standardized

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

LEAST_OTHERS = 2
"""The mean of the others is one where two of them have a sample: one alone is a pair."""
_NEARLY_ONE = 1 - 1e-12


class Sides(NamedTuple):
    """What is correlated with what, standardized.

    Attributes
    ----------
    first, second
        Series of shape (viewers, samples).
    pairs
        Rows of first and second that belong together, int64, shape (pairs, 2).
    """

    first: Masked
    second: Masked
    pairs: Ints


@dataclass(frozen=True)
class Asked:
    """Where and how it is asked; all times in samples of the grid.

    Attributes
    ----------
    windows
        First sample, and the one after the last, of each window.
    lags
        So many samples the second follows the first.
    least
        Common samples below which there is no correlation.
    """

    windows: Sequence[tuple[int, int]]
    lags: Ints
    least: float


def pairwise(series: Floats) -> Sides:
    """Pair every series with every later one."""
    both = Masked.of(standardized(series))
    return Sides(both, both, np.column_stack(np.triu_indices(len(series), k=1)))


def leave_one_out(series: Floats) -> Sides:
    """Pair the mean of all others (first) with each series (second).

    Series are standardized before they are averaged: nobody's use of the scale counts more, and who is
    missing for a while does not move the mean.
    """
    return left_out(Masked.of(standardized(series)))


def left_out(own: Masked) -> Sides:
    """Pair the mean of all others with each of these standardized series."""
    others = own.seen.sum(axis=0) - own.seen
    enough = others >= LEAST_OTHERS
    total = own.value.sum(axis=0) - own.value
    mean = np.divide(total, others, out=np.zeros(total.shape), where=enough)
    each = np.arange(len(total))
    return Sides(Masked(enough.astype(float), mean, mean * mean), own, np.column_stack([each, each]))


def correlate(sides: Sides, asked: Asked) -> tuple[Floats, Floats]:
    """Correlate all pairs in all windows at all lags.

    Returns
    -------
    r, count
        Shape (pairs, windows, lags): Pearson's r of first[t] with second[t + lag] for t in the window, and
        the number of samples that both have.
    """
    length = sides.first.seen.shape[1]
    one, other = sides.pairs.T
    of_rows = bool((one == other).all())
    shape = (len(sides.pairs), len(asked.windows), len(asked.lags))
    r, count = np.full(shape, np.nan), np.zeros(shape)
    for at, (begin, end) in enumerate(asked.windows):
        for number, lag in enumerate(asked.lags.tolist()):
            start, stop = max(begin, -lag), min(end, length - lag)
            if stop <= start:
                continue
            cut = sides.first.samples(start, stop), sides.second.samples(start + lag, stop + lag)
            if of_rows:
                r[:, at, number], count[:, at, number] = pearson_of_rows(*cut, asked.least)
            else:
                matrices = pearson(*cut, asked.least)
                r[:, at, number], count[:, at, number] = (matrix[one, other] for matrix in matrices)
    return r, count


def fisher_mean(r: Floats) -> Floats:
    """Average correlations over the first axis: tanh of the mean of arctanh r; missing ones do not count.

    Examples
    --------
    >>> fisher_mean(np.array([0.0, 0.8, np.nan])).round(3).tolist()
    0.5
    """
    z = fisher_z(r)
    count = np.isfinite(z).sum(axis=0)
    total = np.nan_to_num(z).sum(axis=0)
    mean = np.divide(total, count, out=np.full(np.shape(total), np.nan), where=count > 0)
    return np.asarray(np.tanh(mean))


def fisher_z(r: Floats) -> Floats:
    """Return arctanh r; a correlation of exactly 1 stays finite."""
    z: Floats = np.arctanh(np.clip(r, -_NEARLY_ONE, _NEARLY_ONE))
    return z
