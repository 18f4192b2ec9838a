"""Pages that disagree become one table; nothing is lost, doubled or reordered."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.scope import Scope
from hs_jupyter.tables.build import sort_table
from hs_jupyter.tables.collect import TableBuilder
from hs_jupyter.tables.output import to_pandas, to_records
from hs_jupyter.tables.values import is_json

EVENTS, ROOM = DATA_TYPES["events"], Scope("room", "r")


def built(*pages, kind=EVENTS, scope=ROOM):
    builder = TableBuilder(kind, scope)
    for page in pages:
        builder.add(page)
    return builder


def table(*pages, **options):
    return built(*pages, **options).table()


@pytest.mark.parametrize(
    ("first", "second", "type_", "json"),
    [
        (1, 2, pa.int64(), False), (1, 2.5, pa.float64(), False), (2**60 + 1, 0.5, pa.float64(), False),
        (1, "a", pa.string(), True), (2.5, "a", pa.string(), True), (True, 1, pa.string(), True),
        ("a", {"b": 1}, pa.string(), True), ([1], {"b": 1}, pa.string(), True), (None, 2, pa.int64(), False),
        ("a", None, pa.string(), False), (None, [1], pa.string(), True), (None, None, pa.null(), False),
    ],
)  # fmt: skip
def test_unknown_fields_of_pages_that_disagree(first, second, type_, json):
    for values in ((first, second), (second, first)):
        joined = table([{"id": "a", "extra": values[0]}], [{"id": "b", "extra": values[1]}])
        field = joined.schema.field("extra")
        assert (field.type, is_json(field)) == (type_, json)
        found = [row.get("extra") for row in to_records(joined)]
        assert found == ([float(one) for one in values] if type_ == pa.float64() else list(values))


def test_a_field_that_only_one_page_has():
    joined = table([{"id": "a"}], [{"id": "b", "sessionTime": 5}], [{"id": "c"}])
    assert joined["sessionTime"].to_pylist() == [None, 5, None]
    assert joined.column_names[: len(EVENTS.columns)] == [column.name for column in EVENTS.columns]


def test_absent_and_null_stay_apart_in_records_only():
    page = [{"id": "a", "duration": None, "context": None}, {"id": "b", "duration": 5}]
    joined = table(page, [{"id": "c", "eventType": None}])
    rows = to_records(joined)
    assert {key for key, value in rows[0].items() if value is None} == {"duration", "context"}
    assert "context" not in rows[1]
    assert {key for key, value in rows[2].items() if value is None} == {"eventType"}
    assert "__nulls__" not in to_pandas(joined).columns or "__nulls__" in joined.column_names


def test_duplicates_are_dropped_by_id_and_counted():
    builder = built(
        [{"id": "a", "onset": 1}, {"id": "a", "onset": 1}], [{"id": "a", "onset": 2}, {"id": "b"}]
    )
    assert builder.table()["id"].to_pylist() == ["a", "b"]
    assert builder.duplicates_dropped == 2


def test_records_without_an_id_are_one_only_when_equal_in_everything():
    page = [{"onset": 1}, {"onset": 1, "content": "x"}, {"id": None, "onset": 1}, {"onset": 1}]
    builder = built(page, [{"onset": 1}, {"onset": 2}])
    assert builder.table()["onset"].to_pylist() == [1.0, 1.0, 1.0, 2.0]
    assert builder.duplicates_dropped == 2


def test_components_have_no_id_and_overlapping_pages_still_double_nothing():
    rows = [{"componentId": "film", "onset": onset} for onset in range(4)]
    builder = built(rows[:3], rows[1:], kind=DATA_TYPES["components"])
    assert builder.table()["onset"].to_pylist() == [0, 1, 2, 3]


def test_one_participant_in_two_rooms_is_two_rows():
    kind, scope = DATA_TYPES["participants"], Scope("experiment", "e")
    rows = [
        {"id": "p", "roomId": "r1"},
        {"id": "p", "roomId": "r2"},
        {"id": "p", "joinedAt": "2026-03-02T15:00:00Z"},
    ]
    builder = built([*rows, {"id": "p", "sessionId": "r1"}], kind=kind, scope=scope)
    assert builder.table()["roomId"].to_pylist() == ["r1", "r2", None]
    assert builder.duplicates_dropped == 1


@pytest.mark.parametrize(
    "name",
    ["", "__nulls__", "__row__", "row", "0", "onset_sec", "a\x1fb", "ключ",
     "a b", "DROP TABLE", "=1+1", "{x}", "a" * 500],
)  # fmt: skip
def test_hostile_field_names(name):
    rows = [
        {"id": "b", "onset": 2000, name: None},
        {"id": "a", "onset": 1000, name: "text"},
        {"id": "c", name: {"k": 1}},
    ]
    joined = sort_table(table(rows[:1], rows[1:]), EVENTS)
    assert joined["id"].to_pylist() == ["a", "b", "c"]
    assert joined["onset_sec"].to_pylist() == [1.0, 2.0, None]
    found = to_records(joined)
    to_pandas(joined)
    if name not in {"onset_sec", "__nulls__"}:
        assert [row[name] for row in found] == ["text", None, {"k": 1}]


def test_unreadable_values_are_counted_over_all_pages():
    builder = built(
        [{"id": "a", "onset": "late"}],
        [{"id": "b", "onset": True, "timestamp": "soon"}, {"id": "c", "onset": 5}],
    )
    assert builder.unread == {"onset": 2, "timestamp": 1}
    assert builder.table()["onset"].to_pylist() == [None, None, 5.0]


def test_canonical_order_by_time_then_id_and_rows_without_time_last():
    rows = [
        {"id": "d"},
        {"id": "c", "timestamp": "2026-03-02T15:00:01Z"},
        {"id": "b", "timestamp": "2026-03-02T15:00:01.000Z"},
        {"id": "a", "timestamp": "2026-03-02T15:00:02Z"},
        {"id": "e", "timestamp": 1772463600000},
    ]
    assert sort_table(table(rows), EVENTS)["id"].to_pylist() == ["e", "b", "c", "a", "d"]


values = (
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.floats(-2, 2)
    | st.text(max_size=3)
    | st.lists(st.integers(-9, 9), max_size=2)
)
record = st.fixed_dictionaries(
    {"id": st.integers(0, 99).map("e{}".format)},
    optional={"onset": st.integers(-9, 9), "duration": values, "response": values, "extra": values,
              "timestamp": st.integers(0, 3).map("2026-03-02T15:00:0{}Z".format)},
)  # fmt: skip


@given(
    st.lists(record, max_size=12, unique_by=lambda one: one["id"]),
    st.lists(st.integers(0, 12), max_size=4),
    st.randoms(),
)
def test_rows_do_not_depend_on_pages_or_on_their_order(rows, cuts, random):
    cuts = sorted(cuts)
    pages = [rows[start:end] for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True)]
    whole, paged = sort_table(table(rows), EVENTS), sort_table(table(*pages), EVENTS)
    assert to_records(paged) == to_records(whole)
    for name in whole.column_names:
        assert paged.schema.field(name).type == whole.schema.field(name).type
        assert paged[name].to_pylist() == whole[name].to_pylist()
    random.shuffle(rows)
    assert to_records(sort_table(table(rows), EVENTS)) == to_records(whole)
