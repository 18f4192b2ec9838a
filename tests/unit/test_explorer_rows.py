"""Which rows, in which order: against a loop over plain rows."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hs_jupyter.catalog import data_type
from hs_jupyter.errors import InputError
from hs_jupyter.explorer import rows as rows_module
from hs_jupyter.explorer.rows import Order, selected_rows
from hs_jupyter.explorer.searching import text_rows
from hs_jupyter.explorer.selection import Selection
from hs_jupyter.explorer.sorting import sort_rows, sorted_numbers
from hs_jupyter.explorer.sources import InMemory
from hs_jupyter.explorer.state import Sort

ROW = st.fixed_dictionaries(
    {
        "participantId": st.sampled_from(["p1", "p2", None]),
        "onset_sec": st.floats(-5, 5, width=16) | st.none(),
        "value": st.sampled_from([0.0, 0.5, 1.0, None]),
        "componentId": st.sampled_from(["Arousal", "valence", None]),
    }
)
TYPES = {
    "participantId": pa.string(),
    "onset_sec": pa.float64(),
    "value": pa.float64(),
    "componentId": pa.string(),
}
SCHEMA = pa.schema(list(TYPES.items()))
RATINGS = data_type("ratings")


def table(rows):
    whole = pa.Table.from_pylist(rows, SCHEMA)
    return pa.concat_tables([whole.slice(at, 3) for at in range(0, len(rows), 3)] or [whole])


def source(rows, *, dictionaries=False):
    held = table(rows)
    if dictionaries:  # as long tables come from the store
        held = held.set_column(0, "participantId", held["participantId"].dictionary_encode())
        held = held.set_column(3, "componentId", held["componentId"].dictionary_encode())
    return InMemory(held)


def select_rows(held, kind, selection):
    return held.take(pa.array(selected_rows(InMemory(held), kind, selection)))


@given(
    st.lists(ROW, max_size=12), st.sampled_from(list(TYPES)), st.sampled_from(["asc", "desc"]), st.booleans()
)
def test_sorting_is_stable_and_missing_values_come_last(rows, column, order, dictionaries) -> None:
    held = [n for n, row in enumerate(rows) if row[column] is not None]
    sign = -1 if order == "desc" else 1
    ranks = {value: rank for rank, value in enumerate(sorted({rows[n][column] for n in held}))}
    wanted = sorted(held, key=lambda n: sign * ranks[rows[n][column]])
    wanted += [n for n, row in enumerate(rows) if row[column] is None]
    assert sort_rows(source(rows, dictionaries=dictionaries), Sort(column, order)).tolist() == wanted


@given(
    st.lists(ROW, max_size=12),
    st.none() | st.tuples(st.integers(-5, 5), st.integers(-5, 5)).map(sorted),
    st.none() | st.lists(st.sampled_from(["p1", "p2", "p3"])),
)
def test_a_selection_is_a_closed_window_of_the_participants(rows, window, participants) -> None:
    kept = [
        row
        for row in rows
        if (window is None or (row["onset_sec"] is not None and window[0] <= row["onset_sec"] <= window[1]))
        and (participants is None or row["participantId"] in participants)
    ]
    assert select_rows(table(rows), RATINGS, Selection(window, participants)).to_pylist() == kept


@given(
    st.lists(ROW, max_size=12),
    st.sampled_from(["VAL", "p1", "rous", "x"]),
    st.sampled_from([None, Sort("value")]),
)
def test_selection_text_and_sort_go_together(rows, text, sort) -> None:
    chosen = Selection(window=(-3, 3), participants=["p1", "p2"])
    held = source(rows)
    order = Order(held, RATINGS)
    wanted = [
        n
        for n in (range(len(rows)) if sort is None else sort_rows(held, sort).tolist())
        if rows[n]["onset_sec"] is not None
        and -3 <= rows[n]["onset_sec"] <= 3
        and rows[n]["participantId"] is not None
        and any(text.lower() in str(cell).lower() for cell in rows[n].values() if isinstance(cell, str))
    ]
    assert order.rows(chosen, text, sort).tolist() == wanted
    assert order.rows(None, "", None) is None
    assert order.rows(Selection(types=["sync"]), " ", None) is None


def test_spans_are_selected_where_they_overlap_the_window() -> None:
    recordings = pa.table(
        {"onset_sec": [0.0, 10.0, 30.0], "duration": [5000.0, None, 1000.0], "participantId": ["a", "b", "c"]}
    )
    kept = select_rows(recordings, data_type("recordings"), Selection(window=(5, 20)))
    assert kept["participantId"].to_pylist() == ["a", "b"]


def test_types_without_time_or_people_come_whole() -> None:
    writes = pa.table({"variable": ["a", "b"], "roomId": ["r", "r"]})
    assert select_rows(writes, data_type("variables"), Selection((0, 1), ["p1"])) == writes


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("61", [0, 1]), ("61.2", [0]), ("61.25", [0]), ("61.3", []), ("-0.5", [3]), ("-1", []), ("true", [1]),
        ("15:04", [0]), ("2026-03-02", [0]), ("2026-03-02 15:04", [0]), ("room", [2]), ("9007199254740993", [2]),
        ("\\d", []), ("%", [4]),
    ],
)  # fmt: skip
def test_text_is_found_in_cells_of_every_kind(text, found) -> None:
    at = datetime(2026, 3, 2, 15, 4, 5, tzinfo=UTC)
    cells = pa.table(
        {
            "number": pa.array([61.25, 61.9, None, -0.51, float("nan")]),
            "whole": pa.array([1, 2, 9007199254740993, 4, 5]),
            "truth": pa.array([False, True, None, None, None]),
            "instant": pa.array([at, None, None, None, None], pa.timestamp("us", "UTC")),
            "text": pa.array(["", None, "my ROOM", "x", "100 %"]),
            "nothing": pa.nulls(5),
        }
    )
    assert text_rows(InMemory(cells), text).tolist() == found
    coded = cells.set_column(4, "text", cells["text"].dictionary_encode())
    assert text_rows(InMemory(coded), text).tolist() == found


def test_an_unknown_column_is_named_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"no column 'valu'.*did you mean 'value'"):
        sort_rows(source([]), Sort("valu"))


def test_what_was_found_once_is_not_searched_again(monkeypatch) -> None:
    order = Order(source([dict.fromkeys(TYPES)] * 3), RATINGS)
    first = order.rows(None, "x", Sort("value"))
    monkeypatch.setattr(rows_module, "text_rows", None)
    monkeypatch.setattr(rows_module, "sort_rows", None)
    assert order.rows(None, "x", Sort("value")) is first
    assert order.rows(None, "x", Sort("value"), most=1) is first
    assert order.count(None, "x") == 0


def test_few_orders_are_kept(monkeypatch) -> None:
    order = Order(source([dict.fromkeys(TYPES)] * 3), RATINGS)
    for number in range(50):
        order.rows(None, f"text {number}", None)
    assert len(order._kept) <= rows_module._KEPT
    monkeypatch.setattr(rows_module, "_KEPT_BYTES", 50)
    for column in TYPES:
        order.rows(None, "", Sort(column))
    assert sum(one.nbytes for one in order._kept.values()) <= 50
    monkeypatch.setattr(rows_module, "_KEPT_BYTES", 1)
    assert order.rows(None, "", Sort("value")).tolist() == [0, 1, 2]


class GivenUpError(Exception):
    pass


def give_up() -> None:
    raise GivenUpError


def test_a_search_can_be_given_up_and_leaves_nothing_behind() -> None:
    order = Order(source([dict.fromkeys(TYPES) | {"participantId": "xy"}] * 3), RATINGS)
    with pytest.raises(GivenUpError):
        text_rows(order._source, "x", give_up)
    with pytest.raises(GivenUpError):
        order.rows(None, "x", check=give_up)
    assert order.rows(None, "x").tolist() == [0, 1, 2]


def test_who_waits_for_another_search_can_give_up() -> None:
    order = Order(source([dict.fromkeys(TYPES)] * 3), RATINGS)
    with order._lock, pytest.raises(GivenUpError):
        order.rows(None, "x", check=give_up)


@given(
    st.lists(ROW, max_size=40),
    st.sampled_from(list(TYPES)),
    st.sampled_from(["asc", "desc"]),
    st.none() | st.lists(st.integers(0, 39), unique=True).map(sorted),
    st.integers(1, 8),
)
def test_the_first_of_an_order_are_those_of_the_whole(rows, column, order, among, most) -> None:
    held = source(rows)
    among = None if among is None else np.array([one for one in among if one < len(rows)], np.int64)
    whole = [n for n in sort_rows(held, Sort(column, order)) if among is None or n in among]
    assert sort_rows(held, Sort(column, order), among).tolist() == whole
    assert sort_rows(held, Sort(column, order), among, most).tolist()[:most] == whole[:most]


def test_looking_at_the_first_records_does_not_sort_all(monkeypatch) -> None:
    monkeypatch.setattr(rows_module, "_FIRST", 10)
    values = np.arange(100.0)[::-1]
    order = Order(InMemory(pa.table({"value": values})), RATINGS)
    assert order.rows(None, "", Sort("value"), most=5).tolist() == list(range(99, 89, -1))
    assert order.rows(None, "", Sort("value"), most=11).tolist() == list(range(99, -1, -1))
    assert order.count(None) == 100


@given(
    st.lists(st.sampled_from([0.0, -0.0, 0.5, -1.0, float("nan"), float("inf")]) | st.floats(), max_size=40)
)
def test_numbers_are_sorted_fast_and_equal_ones_keep_their_order(values) -> None:
    held = np.array(values, float)
    whole = np.argsort(held, kind="stable").tolist()
    assert sorted_numbers(held).tolist() == whole
    for most in range(1, len(values) + 2):
        assert sorted_numbers(held, most).tolist()[:most] == whole[:most]


@pytest.mark.parametrize(
    ("values", "type_", "down"),
    [
        ([2**63 - 1, None, -(2**63), 5], pa.int64(), [0, 3, 2, 1]),
        ([3, None, 1, 3], pa.timestamp("us", "UTC"), [0, 3, 2, 1]),
        ([1.5, None, float("nan"), 2.5], pa.float32(), [3, 0, 2, 1]),
        ([True, None, False, True], pa.bool_(), [0, 3, 2, 1]),
    ],
)
def test_whole_numbers_instants_and_truths_are_sorted_too(values, type_, down) -> None:
    held = InMemory(pa.table({"value": pa.array(values, type_)}))
    assert sort_rows(held, Sort("value", "desc")).tolist() == down


def test_repeated_texts_sort_by_rank() -> None:
    names = np.array(["b", "a", None, "c"])[np.arange(400) % 4]
    held = pa.table({"componentId": pa.array(names.tolist(), pa.string())})
    sorted_names = (
        held["componentId"].take(pa.array(sort_rows(InMemory(held), Sort("componentId")))).to_pylist()
    )
    assert sorted_names == ["a"] * 100 + ["b"] * 100 + ["c"] * 100 + [None] * 100
