"""Pearson correlation of many series at once, with samples missing; at one shift, or at all circular ones.

Each pair is correlated over the samples that both have (pairwise-complete). Everything comes from six sums
over the common samples, n, sum x, sum y, sum xx, sum yy, sum xy:

    r = (Sxy - Sx Sy / n) / sqrt((Sxx - Sx^2 / n) (Syy - Sy^2 / n))

At one shift the sums of all pairs are matrix products. As functions of the shift they are cross-correlations
of the series, of their squares and of the masks of what is there, hence products of Fourier transforms:
D. Padfield (2012), Masked object registration in the Fourier domain, IEEE Transactions on Image Processing
21(5), 2706-2718, doi:10.1109/TIP.2011.2181402.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_STILL = 1e-9
"""A variance below this part of the mean square is rounding: the series stands still there."""


class Masked(NamedTuple):
    """Series with missing samples: arrays of shape (series, samples), or their Fourier transforms.

    Attributes
    ----------
    seen
        1 where there is a sample, 0 where not.
    value, square
        The value and its square; 0 where missing.
    """

    seen: NDArray[Any]
    value: NDArray[Any]
    square: NDArray[Any]

    @classmethod
    def of(cls, series: Floats) -> Masked:
        """Take series in which NaN is missing."""
        seen = np.isfinite(series)
        value = np.where(seen, series, 0.0)
        return cls(seen.astype(float), value, value * value)

    def samples(self, first: int, end: int) -> Masked:
        """Take the samples from one up to another."""
        return Masked(*(part[:, first:end] for part in self))

    def rows(self, rows: NDArray[np.int64]) -> Masked:
        """Take some of the series."""
        return Masked(*(part[rows] for part in self))

    def within(self, first: int, end: int) -> Masked:
        """Leave out what lies outside these samples, keeping the length."""
        inside = np.zeros(self.seen.shape[1])
        inside[first:end] = 1.0
        return Masked(*(part * inside for part in self))

    def transformed(self) -> Masked:
        """Return the Fourier transform of each series."""
        return Masked(*(np.fft.rfft(part) for part in self))


def standardized(series: Floats) -> Floats:
    """Give each series mean 0 and standard deviation 1; one that never changes is missing altogether.

    Examples
    --------
    >>> standardized(np.array([[1.0, 3.0, np.nan], [5.0, 5.0, 5.0]])).tolist()
    [[-1.0, 1.0, nan], [nan, nan, nan]]
    """
    seen = np.isfinite(series)
    low = np.where(seen, series, np.inf).min(axis=1, keepdims=True, initial=np.inf)
    high = np.where(seen, series, -np.inf).max(axis=1, keepdims=True, initial=-np.inf)
    count = np.maximum(seen.sum(axis=1, keepdims=True), 1)
    centred = np.where(seen, series - np.where(seen, series, 0.0).sum(axis=1, keepdims=True) / count, 0.0)
    spread = np.sqrt((centred**2).sum(axis=1, keepdims=True) / count)
    moves = seen & (high > low)
    found: Floats = np.divide(centred, spread, out=np.full(series.shape, np.nan), where=moves)
    return found


def pearson(first: Masked, second: Masked, least: float) -> tuple[Floats, Floats]:
    """Correlate every first series with every second one.

    Parameters
    ----------
    first, second
        Series of the same length, standardized, so that the sums are exact.
    least
        Common samples below which a pair has no correlation; never fewer than 3.

    Returns
    -------
    r, count
        Shape (first, second): Pearson's r, NaN where a series stands still or too little is common, and
        the number of common samples.

    Examples
    --------
    >>> rows = standardized(np.array([[0.0, 1.0, 2.0, 3.0], [3.0, 2.0, 1.0, 0.0]]))
    >>> pearson(Masked.of(rows), Masked.of(rows), 3)[0].round(6).tolist()
    [[1.0, -1.0], [-1.0, 1.0]]
    """
    sums = _Sums(
        n=first.seen @ second.seen.T,
        x=first.value @ second.seen.T,
        y=first.seen @ second.value.T,
        xx=first.square @ second.seen.T,
        yy=first.seen @ second.square.T,
        xy=first.value @ second.value.T,
    )
    return sums.pearson(least), sums.n


def pearson_of_rows(first: Masked, second: Masked, least: float) -> tuple[Floats, Floats]:
    """Correlate each first series with the second one of the same row; as `pearson`, of shape (rows,).

    Examples
    --------
    >>> rows = Masked.of(standardized(np.array([[0.0, 1.0, 2.0], [2.0, 1.0, 3.0]])))
    >>> pearson_of_rows(rows, rows, 3)[0].round(6).tolist()
    [1.0, 1.0]
    """

    def sums(one: NDArray[Any], other: NDArray[Any]) -> Floats:
        found: Floats = np.einsum("ij,ij->i", one, other)
        return found

    found = _Sums(
        n=sums(first.seen, second.seen),
        x=sums(first.value, second.seen),
        y=sums(first.seen, second.value),
        xx=sums(first.square, second.seen),
        yy=sums(first.seen, second.square),
        xy=sums(first.value, second.value),
    )
    return found.pearson(least), found.n


def circular_pearson(first: Masked, second: Masked, samples: int, least: float) -> Floats:
    """Correlate one series with every second one at every circular shift.

    Parameters
    ----------
    first, second
        Fourier transforms of one and of many series.
    samples
        Length of the series.
    least
        As in `pearson`.

    Returns
    -------
    numpy.ndarray
        Shape (second, samples): at k, the correlation of first[t] with second[(t + k) mod samples].
    """

    def along(one: NDArray[Any], other: NDArray[Any]) -> Floats:
        sums: Floats = np.fft.irfft(one.conj() * other, samples)
        return sums

    return _Sums(
        n=np.round(along(first.seen, second.seen)),
        x=along(first.value, second.seen),
        y=along(first.seen, second.value),
        xx=along(first.square, second.seen),
        yy=along(first.seen, second.square),
        xy=along(first.value, second.value),
    ).pearson(least)


class _Sums(NamedTuple):
    """The six sums over the samples that two series have in common."""

    n: Floats
    x: Floats
    y: Floats
    xx: Floats
    yy: Floats
    xy: Floats

    def pearson(self, least: float) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            spread_x, spread_y = self.xx - self.x**2 / self.n, self.yy - self.y**2 / self.n
            moves = (spread_x > _STILL * self.xx) & (spread_y > _STILL * self.yy)
            r = (self.xy - self.x * self.y / self.n) / np.sqrt(spread_x * spread_y)
        enough = self.n >= max(least, 3)
        return np.where(moves & enough, np.clip(r, -1.0, 1.0), np.nan)
