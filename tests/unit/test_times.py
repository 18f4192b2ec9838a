"""Bounds in time, as people write them."""

from __future__ import annotations

import decimal
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hs_jupyter.errors import InputError
from hs_jupyter.times import Instant, Onset, parse_bound, wire_instant


@pytest.mark.parametrize(
    ("text", "sec"),
    [
        ("90s", 90), ("-5s", -5), ("+5s", 5), ("500ms", 0.5), ("2m", 120), ("1h", 3600), ("1.5m", 90),
        (".5s", 0.5), ("2.S", 2), ("1:30", 90), ("-1:30", -90), ("0:00.5", 0.5), ("1:02:03", 3723),
        ("90:00", 5400), ("1:02:03.25", 3723.25), (" 10 s ", 10),
    ],
)  # fmt: skip
def test_onsets_in_text(text, sec):
    assert parse_bound(text) == Onset(sec)


@pytest.mark.parametrize("value", [90, 90.0, np.float64(90), np.int64(90), np.float32(90)])
def test_a_number_in_python_is_seconds_of_onset(value):
    assert parse_bound(value) == Onset(90.0)


@pytest.mark.parametrize("text", ["90", "-5", "0.5", "20261010", "+3", ".5"])
def test_a_bare_number_in_text_is_refused_and_both_readings_are_named(text):
    with pytest.raises(InputError) as refused:
        parse_bound(text, "--to")
    assert f"--to {text}s" in str(refused.value)
    assert f"--to {text}ms" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "assumed"),
    [
        ("2026-03-02T15:04:00Z", False), ("2026-03-02T15:04:00.000+00:00", False),
        ("2026-03-02T17:04:00+02:00", False), ("2026-03-02T15:04:00", True), ("2026-03-02 15:04", True),
    ],
)  # fmt: skip
def test_instants_in_text(text, assumed):
    assert parse_bound(text) == Instant(datetime(2026, 3, 2, 15, 4, tzinfo=UTC), assumed)


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 3, 2, 15, 4, tzinfo=UTC),
        datetime(2026, 3, 2, 16, 4, tzinfo=timezone(timedelta(hours=1))),
        pd.Timestamp("2026-03-02T15:04Z"),
        pd.Timestamp("2026-03-02T17:04", tz="Europe/Athens"),
    ],
)
def test_datetimes_are_instants(value):
    assert parse_bound(value) == Instant(datetime(2026, 3, 2, 15, 4, tzinfo=UTC))


def test_a_datetime_without_zone_is_utc_and_said_to_be():
    naive = np.datetime64("2026-03-02T15:04:00")
    assert parse_bound(naive) == Instant(datetime(2026, 3, 2, 15, 4, tzinfo=UTC), assumed_utc=True)
    assert parse_bound(naive.item()).assumed_utc


def test_what_is_read_already_stays():
    assert parse_bound(Onset(3.0)) == Onset(3.0)


@pytest.mark.parametrize(
    "value",
    [
        "", "   ", "soon", "1:75", "1:60:00", "5 minutes", "1e3s", "--5s", "nan", "infs", "1:2:3:4", "25:00:00:",
        True, False, None, [], object(), float("nan"), float("inf"), 10**400, decimal.Decimal(3),
        date(2026, 3, 2), pd.NaT, np.datetime64("NaT"), np.bool_(1), np.timedelta64(90, "s"),
        np.array([1, 2]), "9" * 400 + "s", "9" * 5000 + ":00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z",
        "0001-01-01T00:00:00+05:00", datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))),
    ],
    ids=lambda value: repr(value)[:20],
)  # fmt: skip
def test_anything_else_is_one_sentence(value):
    with pytest.raises(InputError) as refused:
        parse_bound(value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 300


@given(st.text(max_size=30) | st.from_regex(r"[-+]?[0-9:.TZ]{1,20}(s|ms|m|h)?"))
def test_any_text_is_a_bound_or_refused(text):
    try:
        bound = parse_bound(text)
    except InputError:
        return
    if isinstance(bound, Onset):
        assert np.isfinite(bound.sec)
    else:
        assert bound.at.utcoffset() == timedelta(0)


@given(st.integers(-86_400_000, 86_400_000))
def test_milliseconds_are_exact(ms):
    assert parse_bound(f"{ms}ms") == Onset(pytest.approx(ms / 1000, abs=1e-9))


@given(st.integers(0, 4_000_000_000_000_000))
def test_wire_instants_cut_below_the_millisecond(microseconds):
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    read = parse_bound(wire_instant(at)).at
    assert timedelta(0) <= at - read < timedelta(milliseconds=1)
