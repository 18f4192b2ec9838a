"""The same correlations as BrainIAK's, where that is installed (``pip install brainiak``)."""

from __future__ import annotations

import numpy as np
import pytest

from hs_jupyter.timeline.chance import chance_of_each, chance_of_mean, draw_shifts, means_of_pairs
from hs_jupyter.timeline.correlation import standardized
from hs_jupyter.timeline.synchrony import Asked, correlate, fisher_mean, leave_one_out, pairwise

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def brainiak():
    return pytest.importorskip("brainiak.isc", reason="brainiak is not installed")


@pytest.fixture(scope="module")
def series() -> np.ndarray:
    """Eight standardized series with something in common."""
    rng = np.random.default_rng(3)
    walk = rng.normal(size=(9, 700))
    for at in range(1, 700):
        walk[:, at] += 0.9 * walk[:, at - 1]
    return standardized(walk[:8] + 0.35 * walk[8])


def test_the_same_correlations(brainiak, series):
    asked = Asked([(0, 700)], np.array([0]), 3)
    pairs, _ = correlate(pairwise(series), asked)
    assert pairs[:, 0, 0] == pytest.approx(np.ravel(brainiak.isc(series.T, pairwise=True)))
    left_out, _ = correlate(leave_one_out(series), asked)
    assert left_out[:, 0, 0] == pytest.approx(np.ravel(brainiak.isc(series.T)))
    mean = brainiak.compute_summary_statistic(pairs[:, 0, 0], summary_statistic="mean")
    assert fisher_mean(pairs[:, 0, 0]) == pytest.approx(mean)


def test_chance_is_the_same(brainiak, series):
    asked = Asked([(0, 700)], np.array([0]), 3)
    shifts = draw_shifts(8, 700, 1000, 0)
    sides = pairwise(series)
    r, _ = correlate(sides, asked)
    means = means_of_pairs(sides, asked, shifts, 0)
    _, p, null = brainiak.timeshift_isc(
        series.T, pairwise=True, summary_statistic="mean", n_shifts=1000, tolerate_nans=False,
        random_state=1, side="right",
    )  # fmt: skip
    assert means.mean() == pytest.approx(null.mean(), abs=0.01)
    assert means.std() == pytest.approx(null.std(), rel=0.15)
    assert chance_of_mean(r, means).p[0, 0] == pytest.approx(np.ravel(p)[0], abs=0.03)
    left_out = leave_one_out(series)
    r, _ = correlate(left_out, asked)
    own = chance_of_each(left_out, asked, r, shifts, 0)
    _, _, null = brainiak.timeshift_isc(
        series.T, pairwise=False, summary_statistic="mean", n_shifts=1000, tolerate_nans=False, random_state=1
    )
    assert own.mean.mean() == pytest.approx(null.mean(), abs=0.02)
