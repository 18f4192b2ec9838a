"""JSON values of one column become one typed array; what cannot be read is missing and counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import orjson
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hs_jupyter.tables.values import INSTANT, is_json, typed_column

AT = datetime(2026, 3, 2, 15, 4, 21, tzinfo=UTC)
MS = 1772463861000


def read(type_, *values):
    return read_all(type_, values)


def read_all(type_, values):
    field, array, unread = typed_column("x", values, type_)
    assert field.type == array.type
    return field, array.to_pylist(), unread


@pytest.mark.parametrize(
    ("value", "instant"),
    [
        ("2026-03-02T15:04:21Z", AT), ("2026-03-02T15:04:21.250Z", AT + timedelta(milliseconds=250)),
        ("2026-03-02T15:04:21.123456789Z", AT + timedelta(microseconds=123456)),
        ("2026-03-02T16:04:21+01:00", AT), ("2026-03-02T15:04:21", AT),
        ("2026-03-02 15:04:21.5", AT + timedelta(seconds=0.5)),
        ("2026-03-02", AT.replace(hour=0, minute=0, second=0)), (MS, AT), (MS + 0.5, AT + timedelta(microseconds=500)),
        (" 2026-03-02T15:04:21Z ", AT), (None, None),
    ],
)  # fmt: skip
def test_instants_in_any_form(value, instant):
    assert read("instant", value) == (pa.field("x", INSTANT), [instant], 0)


def test_instants_in_a_mix_of_forms():
    values = ["2026-03-02T15:04:21Z", "2026-03-02T15:04:21.000Z", "2026-03-02T15:04:21", MS, float(MS), None]
    assert read("instant", *values)[1] == [AT] * 5 + [None]


@pytest.mark.parametrize(
    "value",
    ["soon", "", "0", str(MS), True, {}, [], 1e300, -1e18, "0001-01-01T00:00:00+14:00", {"seconds": 1}],
)
def test_what_is_no_instant_is_missing_and_counted(value):
    assert read("instant", "2026-03-02T15:04:21Z", value)[1:] == ([AT, None], 1)


@pytest.mark.parametrize(
    ("value", "number"),
    [(3, 3.0), (2.5, 2.5), ("2.5", 2.5), (" 7 ", 7.0), (-150, -150.0), (2**60 + 1, float(2**60)), (None, None)],
)  # fmt: skip
def test_numbers(value, number):
    field, values, unread = read("float", value)
    assert (field.type, values, unread) == (pa.float64(), [number], 0)


@pytest.mark.parametrize(
    "value", ["NaN", "inf", "-Infinity", "", "1_000", "1,5", "many", True, False, [1], {"n": 1}]
)
@pytest.mark.parametrize("type_", ["float", "int"])
def test_what_is_no_number_is_missing_and_counted(type_, value):
    assert read(type_, 1, value, None)[1:] == ([1, None, None], 1)


@pytest.mark.parametrize(
    ("given_", "values", "type_"),
    [
        ([1, 2, None], [1, 2, None], pa.int64()), (["3", 4.0], [3, 4], pa.int64()),
        ([1, 2.5], [1.0, 2.5], pa.float64()),
        ([2**62 + 1, -(2**63)], [2**62 + 1, -(2**63)], pa.int64()), ([2**63, 1], [float(2**63), 1.0], pa.float64()),
    ],
)  # fmt: skip
def test_whole_numbers_stay_whole_and_no_fraction_is_cut(given_, values, type_):
    field, found, unread = read("int", *given_)
    assert (found, field.type, unread) == (values, type_, 0)


def test_truth():
    assert read_all("bool", [True, False, None])[1:] == ([True, False, None], 0)
    assert read("bool", "true", "FALSE", 1, 0, "1")[1:] == ([True, False, True, False, True], 0)
    assert read_all("bool", [True, "maybe", 2, [], 0.5])[1:] == ([True, None, None, None, None], 4)


def test_text_takes_anything():
    assert read_all("text", ["a", 7, True, 2.5, {"a": [1]}, None])[1:] == (
        ["a", "7", "true", "2.5", '{"a":[1]}', None],
        0,
    )


@pytest.mark.parametrize(
    ("values", "type_", "json"),
    [
        ([None, None], pa.null(), False), (["a", None], pa.string(), False), ([True, None], pa.bool_(), False),
        ([1, None], pa.int64(), False), ([1, 2.5], pa.float64(), False), ([2**63], pa.float64(), False),
        ([1, "a"], pa.string(), True), ([True, 1], pa.string(), True), ([{"a": 1}], pa.string(), True),
        ([[1]], pa.string(), True), (["a", None, {}], pa.string(), True),
    ],
)  # fmt: skip
def test_any_lets_the_values_decide(values, type_, json):
    field, found, unread = read("any", *values)
    assert (field.type, is_json(field), unread) == (type_, json, 0)
    if json:
        found = [None if text is None else orjson.loads(text) for text in found]
    assert found == values


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(-1e300, 1e300) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(
    st.lists(json_values, max_size=6),
    st.sampled_from(["text", "float", "int", "bool", "instant", "json", "any"]),
)
def test_any_json_becomes_a_column_of_its_length(values, type_):
    field, array, unread = typed_column("x", values, type_)
    assert len(array) == len(values)
    assert array.type == field.type
    assert array.null_count == sum(value is None for value in values) + unread
    if type_ in {"text", "json", "any"}:
        assert unread == 0
