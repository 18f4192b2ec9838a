"""Correlations of many series, against loops over pairs written another way."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from hs_jupyter.timeline.chance import (
    chance_of_each,
    chance_of_mean,
    draw_shifts,
    means_left_out,
    means_of_pairs,
)
from hs_jupyter.timeline.correlation import Masked, circular_pearson, standardized
from hs_jupyter.timeline.synchrony import Asked, correlate, fisher_mean, leave_one_out, pairwise

SLIDER = st.integers(0, 100).map(lambda step: step / 100) | st.just(float("nan"))
TABLES = arrays.arrays(float, st.tuples(st.integers(2, 5), st.integers(8, 40)), elements=SLIDER)


def drawn(viewers: int = 5, samples: int = 240, *, missing: float = 0.1, seed: int = 0) -> np.ndarray:
    """Slow series with a common part, samples missing, each on a scale of its own."""
    rng = np.random.default_rng(seed)
    common = np.cumsum(rng.normal(size=samples))
    series = common + np.cumsum(rng.normal(size=(viewers, samples)), axis=1)
    series = series * rng.uniform(0.01, 50, (viewers, 1)) + rng.normal(0, 100, (viewers, 1))
    series[rng.random(series.shape) < missing] = np.nan
    return series


def whole(series: np.ndarray, lags: tuple[int, ...] = (0,), least: float = 3) -> Asked:
    return Asked([(0, series.shape[1])], np.array(lags), least)


def r_by_pandas(first: np.ndarray, second: np.ndarray, least: int = 3) -> float:
    """Correlate with pandas what both have."""
    both = pd.DataFrame({"x": first, "y": second}).dropna()
    if len(both) < least or both.x.nunique() < 2 or both.y.nunique() < 2:
        return float("nan")
    return both.x.corr(both.y)


def follows(first: np.ndarray, second: np.ndarray, lag: int) -> tuple[np.ndarray, np.ndarray]:
    """Pair first[t] with second[t + lag]."""
    shifted = pd.Series(second).shift(-lag).to_numpy()
    return first, shifted


def others(series: np.ndarray, left_out: int) -> np.ndarray:
    """Average the other series after standardizing; where two of them are there."""
    frame = pd.DataFrame(series.T).drop(columns=left_out)
    frame = (frame - frame.mean()) / frame.std(ddof=0)
    return frame.mean(axis=1).where(frame.count(axis=1) >= 2).to_numpy()


@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_pairs_are_what_numpy_and_pandas_say(missing):
    series = drawn(missing=missing)
    sides = pairwise(series)
    r, count = correlate(sides, whole(series))
    for (one, other), found, common in zip(sides.pairs.tolist(), r[:, 0, 0], count[:, 0, 0], strict=True):
        assert found == pytest.approx(r_by_pandas(series[one], series[other]), abs=1e-10)
        assert common == (np.isfinite(series[one]) & np.isfinite(series[other])).sum()
        if not missing:
            assert found == pytest.approx(np.corrcoef(series[one], series[other])[0, 1], abs=1e-10)
    assert len(r) == 10


@pytest.mark.parametrize("lag", [-17, -1, 0, 3, 60])
def test_windows_and_lags_are_what_loops_say(lag):
    series = drawn(missing=0.15, seed=3)
    windows = [(0, 60), (45, 105), (180, 240)]
    for sides in (pairwise(series), leave_one_out(series)):
        r, count = correlate(sides, Asked(windows, np.array([lag]), 20))
        for number, (one, other) in enumerate(sides.pairs.tolist()):
            first = others(series, one) if one == other else series[one]
            x, y = follows(first, series[other], lag)
            for at, (begin, end) in enumerate(windows):
                common = int((np.isfinite(x) & np.isfinite(y))[begin:end].sum())
                assert count[number, at, 0] == common
                expected = r_by_pandas(x[begin:end], y[begin:end], least=20)
                assert r[number, at, 0] == pytest.approx(expected, abs=1e-9, nan_ok=True)


def test_leave_one_out_is_the_mean_of_the_standardized_others():
    series = drawn(viewers=4, missing=0.3, seed=5)
    r, _ = correlate(leave_one_out(series), whole(series))
    for viewer in range(4):
        assert r[viewer, 0, 0] == pytest.approx(
            r_by_pandas(others(series, viewer), series[viewer]), abs=1e-10
        )


@pytest.mark.parametrize("lag", [-9, -1, 0, 1, 9])
def test_a_positive_lag_says_that_the_second_follows(lag):
    walk = np.cumsum(np.random.default_rng(1).normal(size=400))
    leader, follower = walk[50:350], walk[50 - lag : 350 - lag]
    asked = whole(np.empty((2, 300)), tuple(range(-20, 21)))
    r, _ = correlate(pairwise(np.array([leader, follower])), asked)
    assert asked.lags[r[0, 0].argmax()] == lag
    assert r[0, 0].max() == pytest.approx(1)
    back, _ = correlate(pairwise(np.array([follower, leader])), asked)
    assert back[0, 0] == pytest.approx(r[0, 0, ::-1])


def test_a_viewer_who_follows_the_others_has_a_positive_lag():
    walk = np.cumsum(np.random.default_rng(2).normal(size=400))
    series = np.array([walk[10:310], walk[10:310], walk[10:310], walk[4:304]])
    asked = whole(series, tuple(range(-10, 11)))
    r, _ = correlate(leave_one_out(series), asked)
    assert asked.lags[r[3, 0].argmax()] == 6
    assert asked.lags[r[0, 0].argmax()] <= 0


def test_a_slider_that_stands_still_has_no_correlation():
    series = drawn(viewers=3, missing=0)
    series[1] = 0.3
    series[2, 100:200] = 0.1 + 0.2  # not exactly representable
    windows = [(0, 240), (100, 200), (90, 190)]
    r, count = correlate(pairwise(series), Asked(windows, np.array([0]), 3))
    assert np.isnan(r[[0, 2]]).all()
    assert np.isfinite(r[1, [0, 2]]).all()
    assert np.isnan(r[1, 1]).all()
    assert count[1, 1, 0] == 100
    left_out, _ = correlate(leave_one_out(series), Asked(windows, np.array([0]), 3))
    assert np.isnan(left_out).all(), "nobody has two others left"


@pytest.mark.parametrize("level", [0.1, 1 / 3, 0.7, 123456.789])
def test_standing_still_is_told_from_rounding(level):
    """However the sums round, at any length, in the plain way and in the Fourier one."""
    rng = np.random.default_rng(0)
    for samples in (37, 200, 1001):
        series = rng.normal(level, 0.1, (2, samples))
        series[1, samples // 4 :] = level + 0.05
        sides = pairwise(series)
        begin = samples // 4 + 1
        r, _ = correlate(sides, Asked([(begin, samples)], np.array([0]), 3))
        assert np.isnan(r).all()
        still, moving = sides.second.rows(np.array([1])), sides.second.rows(np.array([0]))
        curve = circular_pearson(still.within(begin, samples).transformed(), moving.transformed(), samples, 3)
        assert np.isnan(curve).all()
        series[1, -1] += 0.01  # the smallest step of a slider of 100
        r, _ = correlate(pairwise(series), Asked([(begin, samples)], np.array([0]), 3))
        assert np.isfinite(r).all()


def test_too_little_in_common_is_no_correlation():
    series = drawn(viewers=2, samples=100, missing=0)
    series[0, 60:], series[1, :40] = np.nan, np.nan
    for least, there in ((20, True), (21, False)):
        r, count = correlate(pairwise(series), whole(series, least=least))
        assert bool(np.isfinite(r).all()) == there
        assert count[0, 0, 0] == 20


@given(TABLES)
def test_order_scale_and_place_do_not_matter(series):
    asked = whole(series)
    r, count = correlate(pairwise(series), asked)
    assert (np.abs(r[np.isfinite(r)]) <= 1).all()
    backwards, counted = correlate(pairwise(series[::-1]), asked)
    pairs = [tuple(sorted(len(series) - 1 - pair)) for pair in pairwise(series[::-1]).pairs]
    order = [pairs.index(tuple(pair)) for pair in pairwise(series).pairs.tolist()]
    np.testing.assert_allclose(backwards[order], r, atol=1e-9)
    np.testing.assert_array_equal(counted[order], count)
    moved, _ = correlate(pairwise(series * 7 - 3), asked)
    np.testing.assert_allclose(moved, r, atol=1e-7)
    mirrored, _ = correlate(pairwise(series[:, ::-1]), asked)
    np.testing.assert_allclose(mirrored, r, atol=1e-9)


@given(TABLES, st.integers(0, 60))
def test_all_alike_moved_together_stay_alike(series, by):
    """A circular shift of all viewers by the same time changes nothing."""
    r, _ = correlate(pairwise(series), whole(series))
    rolled, _ = correlate(pairwise(np.roll(series, by, axis=1)), whole(series))
    np.testing.assert_allclose(rolled, r, atol=1e-9)


@given(TABLES)
def test_pandas_agrees_on_any_table(series):
    sides = pairwise(series)
    r, _ = correlate(sides, whole(series))
    for (one, other), found in zip(sides.pairs.tolist(), r[:, 0, 0], strict=True):
        assert found == pytest.approx(r_by_pandas(series[one], series[other]), abs=1e-6, nan_ok=True)


@given(TABLES, st.integers(0, 39), st.integers(1, 30))
def test_at_every_circular_shift_it_is_what_rolling_says(series, begin, length):
    """The Fourier way and the plain one agree, in any window."""
    samples = series.shape[1]
    begin, end = min(begin, samples - 1), min(begin + length, samples)
    assume(end > begin)
    first, second = standardized(series[:1]), standardized(series[1:])
    curves = circular_pearson(
        Masked.of(first).within(begin, end).transformed(), Masked.of(second).transformed(), samples, 3
    )
    for row, curve in enumerate(curves):
        for shift in range(samples):
            expected = r_by_pandas(first[0, begin:end], np.roll(second[row], -shift)[begin:end])
            assert curve[shift] == pytest.approx(expected, abs=1e-6, nan_ok=True)


def test_fisher_mean():
    r = np.array([[0.2, np.nan], [0.6, np.nan], [np.nan, np.nan]])
    expected = np.tanh((np.arctanh(0.2) + np.arctanh(0.6)) / 2)
    assert fisher_mean(r)[0] == pytest.approx(expected)
    assert np.isnan(fisher_mean(r)[1])
    assert fisher_mean(np.array([1.0, 0.0])) < 1
    assert fisher_mean(np.array([1.0, 1.0])) == pytest.approx(1)


def test_each_pair_is_judged_by_its_own_shifts():
    series = drawn(viewers=3, samples=90, missing=0.1, seed=7)
    sides, asked = pairwise(series), whole(series)
    r, _ = correlate(sides, asked)
    shifts = draw_shifts(3, 90, 200, seed=4)
    found = chance_of_each(sides, asked, r, shifts, nearest=10)
    for number, (one, other) in enumerate(sides.pairs.tolist()):
        by_chance = []
        for shift in shifts:
            apart = (shift[other] - shift[one]) % 90
            if min(apart, 90 - apart) >= 10:
                rolled = [np.roll(series[viewer], -shift[viewer]) for viewer in (one, other)]
                by_chance.append(r_by_pandas(*rolled))
        higher = sum(one >= r[number, 0, 0] - 1e-9 for one in by_chance)
        assert 100 < len(by_chance) < 200
        assert found.p[number, 0, 0] == pytest.approx((1 + higher) / (1 + len(by_chance)))
        assert found.mean[number, 0, 0] == pytest.approx(np.mean(by_chance))
        assert found.p95[number, 0, 0] == pytest.approx(np.percentile(by_chance, 95))


def test_in_a_window_the_first_stays_and_the_second_is_shifted_as_a_whole():
    series = drawn(viewers=2, samples=120, missing=0.1, seed=12)
    sides, asked = pairwise(series), Asked([(0, 40), (60, 100)], np.array([0]), 10)
    r, _ = correlate(sides, asked)
    shifts = draw_shifts(2, 120, 100, seed=2)
    found = chance_of_each(sides, asked, r, shifts, nearest=0)
    for at, (begin, end) in enumerate(asked.windows):
        by_chance = [
            r_by_pandas(series[0, begin:end], np.roll(series[1], one - other)[begin:end], least=10)
            for one, other in shifts
        ]
        assert found.mean[0, at, 0] == pytest.approx(np.mean(by_chance))
        assert found.p95[0, at, 0] == pytest.approx(np.percentile(by_chance, 95))


def test_the_mean_of_pairs_is_judged_by_means_under_common_shifts():
    series = drawn(viewers=4, samples=80, missing=0.1, seed=8)
    sides, asked = pairwise(series), whole(series)
    shifts = draw_shifts(4, 80, 50, seed=4)
    means = means_of_pairs(sides, asked, shifts, nearest=0)
    for shift, mean in zip(shifts, means[:, 0, 0], strict=True):
        rolled = [np.roll(series[viewer], -shift[viewer]) for viewer in range(4)]
        z = [np.arctanh(r_by_pandas(rolled[one], rolled[other])) for one, other in sides.pairs]
        assert mean == pytest.approx(np.tanh(np.mean(z)), abs=1e-9)
    r, _ = correlate(sides, asked)
    found = chance_of_mean(r, means)
    assert found.p[0, 0] == (1 + (means[:, 0, 0] >= fisher_mean(r)[0, 0]).sum()) / 51


def test_left_out_means_are_made_anew_of_shifted_series():
    series = drawn(viewers=4, samples=80, missing=0.1, seed=9)
    shifts = draw_shifts(4, 80, 20, seed=4)
    means = means_left_out(leave_one_out(series), whole(series), shifts)
    for shift, mean in zip(shifts, means[:, 0, 0], strict=True):
        rolled = np.array([np.roll(series[viewer], shift[viewer]) for viewer in range(4)])
        z = [np.arctanh(r_by_pandas(others(rolled, viewer), rolled[viewer])) for viewer in range(4)]
        assert mean == pytest.approx(np.tanh(np.mean(z)), abs=1e-9)


def test_of_several_lags_every_shift_offers_its_best():
    series = drawn(viewers=2, samples=120, missing=0, seed=11)
    lags = (-3, 0, 3)
    sides, asked = pairwise(series), whole(series, lags)
    r, _ = correlate(sides, asked)
    shifts = draw_shifts(2, 120, 100, seed=1)
    found = chance_of_each(sides, asked, r, shifts, nearest=10)
    best = []
    for shift in shifts:
        apart = (shift[1] - shift[0]) % 120
        if min(apart, 120 - apart) >= 10:
            best.append(max(r_by_pandas(series[0], np.roll(series[1], -(apart + lag))) for lag in lags))
    expected = [(1 + sum(one >= each - 1e-9 for one in best)) / (1 + len(best)) for each in r[0, 0]]
    assert found.p[0, 0].tolist() == pytest.approx(expected)


def test_shifts_come_from_their_seed():
    assert (draw_shifts(3, 100, 50, 1) == draw_shifts(3, 100, 50, 1)).all()
    assert (draw_shifts(3, 100, 50, 1) != draw_shifts(3, 100, 50, 2)).any()
    assert draw_shifts(3, 100, 5000, 1).min() == 0
    assert draw_shifts(3, 100, 5000, 1).max() == 99


def slow(rng: np.random.Generator, viewers: int, samples: int) -> np.ndarray:
    """Independent series, each with a memory of ten samples."""
    walk = np.zeros((viewers, samples + 100))
    for at in range(1, walk.shape[1]):
        walk[:, at] = 0.9 * walk[:, at - 1] + rng.normal(size=viewers)
    return walk[:, 100:]


@pytest.mark.thorough
def test_p_is_fair_where_nothing_is_shared():
    """Of independent slow series about one in twenty is below 0.05, for pairs, viewers, groups, best lags."""
    below: dict[str, list[bool]] = {}
    for seed in range(200):
        series = slow(np.random.default_rng(seed), 5, 400)
        shifts = draw_shifts(5, 400, 199, seed)
        for name, sides in (("pairs", pairwise(series)), ("left out", leave_one_out(series))):
            asked = whole(series)
            r, _ = correlate(sides, asked)
            p = chance_of_each(sides, asked, r, shifts, 10).p
            below.setdefault(name, []).extend((p <= 0.05).ravel())
            means = (
                means_of_pairs(sides, asked, shifts, 10)
                if name == "pairs"
                else means_left_out(sides, asked, shifts)
            )
            below.setdefault(f"{name}, group", []).extend((chance_of_mean(r, means).p <= 0.05).ravel())
        asked = whole(series, tuple(range(-5, 6)))
        r, _ = correlate(pairwise(series), asked)
        p = chance_of_each(pairwise(series), asked, r, shifts, 20).p
        below.setdefault("best lag", []).extend(p.min(axis=2).ravel() <= 0.05)
    share = {name: float(np.mean(found)) for name, found in below.items()}
    assert all(0.02 <= one <= 0.09 for one in share.values()), share
