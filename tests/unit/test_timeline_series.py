"""Gaps, thinning, windows and summaries of series: properties on arbitrary arrays."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from hs_jupyter.charts.series import Series
from hs_jupyter.timeline import (
    after_gaps,
    band,
    counts_per_bin,
    fit_marks,
    gap_threshold_sec,
    gaps,
    in_window,
    media_spans,
    on_grid,
    share,
    thin,
    thin_marks,
)

FINITE = st.floats(-1e6, 1e6, allow_nan=False)


@st.composite
def series(draw, most: int = 400):
    onset_sec = np.sort(draw(hnp.arrays(np.float64, st.integers(1, most), elements=FINITE)))
    return onset_sec, draw(hnp.arrays(np.float64, len(onset_sec), elements=FINITE))


@given(series(), st.integers(10, 200))
def test_thinning_keeps_ends_and_extremes_in_order(one, target):
    onset_sec, value = one
    kept = thin(onset_sec, value, target)
    assert len(kept) <= max(target, 0)
    assert (np.diff(kept) > 0).all()
    assert kept[0] == 0
    assert kept[-1] == len(value) - 1
    assert value[kept].max() == value.max()
    assert value[kept].min() == value.min()


@given(series(), st.integers(10, 500))
def test_a_series_that_fits_is_returned_whole(one, target):
    onset_sec, value = one
    if len(value) <= target:
        assert thin(onset_sec, value, target).tolist() == list(range(len(value)))


def test_thinning_keeps_the_edges_of_a_gap():
    onset_sec = np.concatenate([np.arange(0, 200, 0.01), np.arange(300, 500, 0.01)])
    kept = onset_sec[thin(onset_sec, np.sin(onset_sec), 402)]
    assert 200 - 0.02 < kept[kept < 250].max() < 200
    assert kept[kept > 250].min() == 300


def test_too_few_samples_to_thin_to_are_refused():
    with pytest.raises(ValueError, match="10 samples"):
        thin(np.arange(20.0), np.arange(20.0), 9)


@given(series(), st.integers(1, 50))
def test_a_gap_is_where_steps_are_long_and_nowhere_else(one, piece):
    onset_sec, _ = one
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gaps, "_PIECE", piece)
        threshold = gap_threshold_sec(onset_sec)
        found = after_gaps(onset_sec, threshold)
    assert threshold == gap_threshold_sec(onset_sec)
    assert found.tolist() == (np.flatnonzero(np.diff(onset_sec) > threshold) + 1).tolist()


@pytest.mark.parametrize(
    ("onset_sec", "expected"),
    [
        ([], []),
        ([3.0], []),
        ([0, 0.25, 0.5, 1.4, 1.65], []),  # three samples lost: still one stretch
        ([0, 0.25, 0.5, 1.75, 2.0], [3]),  # more than a second: a gap
        ([0, 1, 2, 3, 6.9, 8], []),  # sampled every second: 4 s are needed
        ([0, 1, 2, 3, 7.1, 8], [4]),
        ([0, 0, 0, 0, 0.25, 0.5, 0.75], []),  # repeated onsets are no steps
    ],
)
def test_the_rule_of_gaps(onset_sec, expected):
    read = np.array(onset_sec, float)
    assert after_gaps(read, gap_threshold_sec(read)).tolist() == expected


@given(st.lists(st.integers(0, 5000), max_size=40), st.integers(64, 3000), st.integers(64, 20_000))
def test_shares_fit_the_budget(counts, each, total):
    target = share(counts, each=each, total=total)
    assert 64 <= target <= each
    assert target == 64 or sum(min(one, target) for one in counts) <= total


@given(
    hnp.arrays(np.float64, st.integers(0, 200), elements=st.floats(-1e4, 1e4)),
    st.integers(1, 4),
    st.floats(0.01, 1e3),
    st.integers(1, 300),
)
def test_marks_joined_lose_none(onset_sec, lanes, bin_sec, most):
    lane = np.arange(len(onset_sec)) % lanes
    for kept, count in (thin_marks(onset_sec, lane, bin_sec), fit_marks(onset_sec, lane, bin_sec, most)):
        assert count.sum() == len(onset_sec)
        assert (np.diff(kept) > 0).all()
        assert (count > 0).all()
    if len(onset_sec) > most:
        assert len(kept) <= max(most, 2 * lanes)


@given(hnp.arrays(np.float64, st.integers(0, 50), elements=FINITE), FINITE, FINITE)
def test_a_closed_window_keeps_points_inside_and_on_its_edges(onset_sec, one, other):
    low, high = min(one, other), max(one, other)
    inside = in_window(onset_sec, onset_sec, (low, high))
    assert inside.tolist() == [low <= at <= high for at in onset_sec]


def test_a_window_keeps_spans_that_overlap_it():
    start, end = np.array([0.0, 2.0, 9.0]), np.array([2.0, 20.0, 9.5])
    assert in_window(start, end, (2.0, 9.0)).tolist() == [True, True, True]
    assert in_window(start, end, (2.1, 8.9)).tolist() == [False, True, False]


@given(series(60))
def test_a_series_read_at_its_own_onsets_is_itself(one):
    onset_sec, value = one
    single = np.unique(onset_sec, return_index=True)[1]
    onset_sec, value = onset_sec[single], value[single]
    assert on_grid(onset_sec, value, onset_sec) == pytest.approx(value)


def test_a_band_is_missing_in_the_gap_of_its_only_series():
    onset_sec = np.array([0, 0.25, 0.5, 10, 10.25])
    found = band([(onset_sec, np.ones(5))], np.array([-1, 0.3, 5, 10.1, 11]))
    assert found.series.tolist() == [0, 1, 0, 1, 0]
    assert np.isnan(found.middle).tolist() == [True, False, True, False, True]


def test_quartiles_over_series_on_one_grid():
    every = [(np.array([0.0, 1.0]), np.array([v, v])) for v in (1.0, 2.0, 3.0, 4.0, 100.0)]
    found = band(every, np.array([0.5]))
    assert (found.low[0], found.middle[0], found.high[0]) == (2, 3, 4)


@given(hnp.arrays(np.float64, st.integers(0, 80), elements=st.floats(-50, 150)))
def test_every_onset_inside_is_counted_once(onset_sec):
    count = counts_per_bin(onset_sec, 0.0, 10.0, 10)
    assert count.sum() == ((onset_sec >= 0) & (onset_sec <= 100)).sum()


def test_spans_of_recordings():
    nan = np.nan
    spans = media_spans(
        np.array([1.0, nan, -2.0, 3.0]), np.array([10.0, 5.0, 0.0, nan]), np.array([nan, nan, 7.0, nan]), 60.0
    )
    assert spans.row.tolist() == [0, 2, 3]
    assert spans.end_sec.tolist() == [11, 5, 60]
    assert spans.open.tolist() == [False, False, True]


@given(st.integers(0, 29_000), st.integers(2_000, 30_000), st.integers(10, 15))
def test_a_crowded_window_is_thinned_from_an_outline_with_its_ends_extremes_and_gaps(first, length, target):
    whole = long_series()
    onset_sec = whole.onset_sec[first : first + length]
    kept = whole.thinned(onset_sec[0], onset_sec[-1], target)
    part = whole.rows_across(onset_sec[0], onset_sec[-1])
    value = whole.value[part]
    assert len(kept) <= target
    assert (np.diff(kept) > 0).all()
    assert (kept[0], kept[-1]) == (part.start, part.stop - 1)
    assert (whole.value[kept].min(), whole.value[kept].max()) == (value.min(), value.max())


@lru_cache
def long_series():
    onset_sec = np.arange(30_001) * 0.25
    onset_sec[17_003:] += 600.0
    value = np.cumsum(np.random.default_rng(1).normal(0, 1, len(onset_sec)))
    return Series("p", "valence", "r", onset_sec, value)


def test_an_outline_is_a_sixteenth_and_keeps_the_edges_of_a_gap():
    whole = long_series()
    assert {17_002, 17_003, 0, 30_000} <= set(whole.outline.tolist())
    assert len(whole.outline) < len(whole.value) / 14
    bins = np.abs(
        whole.onset_sec[whole.thinned(0.0, 9_000.0, 200)][:, None] - whole.onset_sec[[17_002, 17_003]]
    )
    assert bins.min(axis=0).tolist() == [0.0, 0.0]
