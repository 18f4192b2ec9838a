"""Onsets as people read them, in Python and in the expression that the browser runs."""

from __future__ import annotations

import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st

from hs_jupyter.charts.axis import clock_expr
from hs_jupyter.timeline import clock, tick_step_sec, ticks_sec


@pytest.mark.parametrize(
    ("onset_sec", "decimals", "text"),
    [
        (0, 0, "0:00"), (5, 0, "0:05"), (-5, 0, "-0:05"), (600, 0, "10:00"), (-90.4, 1, "-1:30.4"),
        (59.96, 1, "1:00.0"), (-0.01, 1, "0:00.0"), (7322, 0, "122:02"), (119.96, 1, "2:00.0"),
    ],
)  # fmt: skip
def test_minutes_and_seconds_in_python_and_in_the_browser(onset_sec, decimals, text):
    assert clock(onset_sec, decimals) == text
    spec = {
        "data": {"values": [{"at": onset_sec}]},
        "transform": [{"calculate": clock_expr("at", decimals), "as": "text"}],
        "mark": "text",
        "encoding": {"text": {"field": "text", "type": "nominal"}},
    }
    assert f">{text.replace('-', '-')}<" in vl_convert.vegalite_to_svg(spec, vl_version="6.4")


@given(st.floats(-1e6, 1e6), st.floats(0.01, 1e6), st.integers(2, 20))
def test_ticks_are_round_few_and_inside(start, length, at_most):
    end = start + length
    step = tick_step_sec(end - start, at_most)
    ticks = ticks_sec(start, end, at_most)
    assert len(ticks) <= at_most + 1
    assert all(start - 1e-3 <= one <= end + 1e-3 for one in ticks)
    assert all(one / step == pytest.approx(round(one / step), abs=1e-3) for one in ticks)
    assert (0 in ticks) == (start <= 0 <= end)
