"""Series on one grid: what lies between two samples, what does not, and what was seen first."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hs_jupyter.errors import InputError
from hs_jupyter.timeline.align import first_time, on_common_grid
from hs_jupyter.timeline.summary import on_grid

NAN = float("nan")
SECONDS = st.lists(st.integers(0, 400).map(lambda step: step / 4), max_size=40).map(np.array)


def test_a_grid_is_made_of_multiples_of_its_step():
    series = [(np.array([0.26, 0.9]), np.array([1.0, 1.0])), (np.array([-0.3, 0.4]), np.array([2.0, 2.0]))]
    grid, value = on_common_grid(series, 10)
    assert grid.tolist() == [-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    assert np.isfinite(value).sum(axis=1).tolist() == [7, 8]


def test_held_or_straight():
    sec, value = np.array([0.0, 1.0, 2.0]), np.array([0.0, 10.0, 0.0])
    at = np.array([0.0, 0.25, 1.0, 1.75, 2.0, 2.1])
    assert on_grid(sec, value, at)[:5].tolist() == [0, 2.5, 10, 2.5, 0]
    assert on_grid(sec, value, at, hold=True)[:5].tolist() == [0, 0, 10, 10, 0]
    assert np.isnan(on_grid(sec, value, at)[5])
    assert np.isnan(on_grid(sec, value, at, hold=True)[5])


@pytest.mark.parametrize("hold", [False, True])
@pytest.mark.parametrize(("max_gap_sec", "bridged"), [(None, False), (2.9, False), (3.0, True)])
def test_a_gap_is_not_bridged(hold, max_gap_sec, bridged):
    sec = np.concatenate([np.arange(0, 5, 0.25), np.arange(7.75, 12, 0.25)])  # a step of 3 s
    grid, (value,) = on_common_grid([(sec, np.ones(len(sec)))], 4, hold=hold, max_gap_sec=max_gap_sec)
    inside = (grid > 4.75) & (grid < 7.75)
    assert np.isfinite(value[~inside]).all()
    assert np.isfinite(value[inside]).all() == bridged
    assert np.isfinite(value[inside]).any() == bridged


def test_nothing_gives_nothing():
    grid, value = on_common_grid([(np.empty(0), np.empty(0))], 4)
    assert len(grid) == 0
    assert value.shape == (1, 0)
    assert on_common_grid([], 4)[1].shape == (0, 0)


def test_a_mistaken_clock_is_told():
    with pytest.raises(InputError, match="lower hz"):
        on_common_grid([(np.array([0.0, 1e12]), np.zeros(2))], 4)


def test_what_was_sampled_first_counts():
    # 0 to 3, set back to 1, on to 5; then ahead to 30, back to 4 and on to 7
    clock = np.array([0, 1, 2, 3, 1, 2, 3, 4, 5, 30, 31, 4, 5, 6, 7], float)
    assert first_time(clock).tolist() == [0, 1, 2, 3, 7, 8, 13, 14, 9, 10]
    assert clock[first_time(clock)].tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 30, 31]


def test_what_was_shown_before_does_not_count_again_even_at_other_moments():
    clock = np.array([0, 1, 2, 3, 0.5, 1.5, 2.5, 3.5, 4.5])
    assert first_time(clock).tolist() == [0, 1, 2, 3, 7, 8]


def test_of_a_pause_its_first_moment_counts():
    assert first_time(np.array([0, 1, 2, 2, 2, 3.0])).tolist() == [0, 1, 2, 5]


@given(SECONDS)
def test_first_times_are_increasing_and_nothing_is_shown_twice(clock):
    kept = first_time(clock)
    assert (np.diff(clock[kept]) > 0).all()
    for at in kept:  # of a moment that came twice, the earlier one
        assert not (clock[:at] == clock[at]).any()


@given(SECONDS.map(np.sort), st.sampled_from([1, 4, 10]), st.booleans())
def test_on_a_grid_of_the_samples_themselves_nothing_changes(sec, hz, hold):
    sec = np.unique(sec)
    value = np.sin(sec)
    grid, (read,) = on_common_grid([(sec, value)], hz, hold=hold)
    at = {second: number for number, second in enumerate(grid.tolist())}
    for second, expected in zip(sec.tolist(), value.tolist(), strict=True):
        if second in at:
            assert read[at[second]] == pytest.approx(expected)
