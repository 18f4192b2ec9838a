"""A table leaves as pandas, polars, Arrow or records; its facts are plain JSON."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from sample_records import NEWER, SEED

from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.errors import InputError
from hs_jupyter.scope import Scope
from hs_jupyter.tables.build import NULLS
from hs_jupyter.tables.collect import TableBuilder
from hs_jupyter.tables.design import design_tables
from hs_jupyter.tables.facts import Facts, facts_of, with_facts
from hs_jupyter.tables.output import check_output, hand_over

FACTS = Facts(
    type="ratings/sparse",
    scope={"kind": "room", "id": "r", "room": None},
    filters={"from": "1s"},
    fetched_at="2026-03-02T15:00:00+00:00",
    rows_expected=2,
    warnings=("one",),
)


def table(name="ratings/sparse", rows=None):
    builder = TableBuilder(DATA_TYPES[name], Scope("room", "r"))
    rows = [SEED[name], NEWER[name]] if rows is None else rows
    for row in rows:
        builder.add([row])
    return with_facts(builder.table(), FACTS)


def test_pandas_holds_nested_values_instants_and_numbers():
    frame = hand_over(table())
    assert frame["labels"][0] == {"min": "Very sad", "max": "Very happy"}
    assert frame["labels"][1] is None
    assert frame["sparseRatingData"][1]["componentData"] == {"value": -50}
    assert isinstance(frame["timestamp"].dtype, pd.DatetimeTZDtype)
    assert str(frame["timestamp"].dt.tz) == "UTC"
    assert frame["timestamp"][0] == pd.Timestamp("2024-10-20T14:36:00Z")
    assert frame["onset_sec"].dtype == float
    assert frame["value_norm"].dtype == float
    assert pd.api.types.is_string_dtype(frame["ratingId"].dropna())
    assert NULLS not in frame.columns


def test_lists_and_mixed_values_stay_what_they_are_in_pandas():
    rows = [
        SEED["chat"],
        SEED["chat"] | {"messageId": "b", "recipientIds": []},
        SEED["chat"] | {"messageId": "c", "recipientIds": None},
    ]
    assert hand_over(table("chat", rows))["recipientIds"].tolist() == [["user_aaa", "user_bbb"], [], None]
    values = [1, "a", [1, 2], {"b": None}, True, None]
    frame = hand_over(table("variables", [{"variable": "v", "value": value} for value in values]))
    assert frame["value"].tolist() == values


@pytest.mark.parametrize("name", DATA_TYPES)
def test_an_empty_frame_has_the_dtypes_of_its_type(name):
    frame = hand_over(table(name, []))
    for column in DATA_TYPES[name].columns:
        dtype = frame[column.name].dtype
        if column.type == "instant":
            assert str(dtype).endswith("UTC]")
        elif column.type == "float":
            assert str(dtype) == "float64"
        elif column.type in {"int", "bool"}:
            assert dtype == column.type
    if DATA_TYPES[name].time and "onset_sec" in frame:
        assert frame["onset_sec"].dtype == float


def test_attrs_are_plain_json_and_stay_with_a_copy():
    frame = hand_over(table())
    plain = frame.attrs["hs"]
    assert json.loads(json.dumps(plain)) == plain
    assert plain == {
        "type": "ratings/sparse", "scope": {"kind": "room", "id": "r", "room": None}, "filters": {"from": "1s"},
        "fetched_at": "2026-03-02T15:00:00+00:00", "complete": True, "rows_expected": 2, "warnings": ["one"],
        "duplicates_dropped": 0,
    }  # fmt: skip
    assert frame.head(1).attrs["hs"] == plain
    assert pd.concat([frame, frame]).attrs == {"hs": plain}


def test_rows_share_no_object_though_their_text_is_the_same():
    values = [{"min": 0}, [1, "a"], {"a": [1]}, "text", 7, None]
    frame = hand_over(table("variables", [{"variable": "v", "value": value} for value in values * 3]))
    assert frame["value"].tolist() == values * 3
    for row in range(3):
        frame["value"][row].clear()
    assert frame["value"].tolist()[3:] == ["text", 7, None, *values * 2]


@pytest.mark.parametrize("pages", [1, 2])
def test_a_frame_can_be_changed(pages):
    kind, row = DATA_TYPES["ratings/continuous"], SEED["ratings/continuous"]
    builder = TableBuilder(kind, Scope("room", "r"))
    for page in range(pages):
        builder.add([row | {"ratingId": f"{page} {number}"} for number in range(3)])
    frame = hand_over(builder.table() if pages > 1 else builder.table().combine_chunks())
    for name in ("value", "onset_sec", "timestamp", "ratingId"):
        frame.loc[0, name] = frame.loc[1, name]
    frame["value"] += 1
    assert frame["value"].tolist() == [1.75] * 3 * pages


def test_facts_travel_with_the_table():
    facts = replace(FACTS, complete=False, beside={"mode": "replay"})
    assert facts_of(with_facts(table(), facts)) == facts
    with pytest.raises(KeyError):
        facts_of(pa.table({"a": [1]}))


def test_polars_and_arrow_hold_nested_values_as_marked_json_text():
    arrow = hand_over(table(), "arrow")
    assert NULLS not in arrow.column_names
    assert arrow.schema.field("scale").metadata == {b"hs": b"json"}
    assert json.loads(arrow["scale"][1].as_py()) == {"min": -100, "max": 100}
    frame = hand_over(table(), "polars")
    assert isinstance(frame, pl.DataFrame)
    assert frame.schema["timestamp"] == pl.Datetime("us", "UTC")
    assert json.loads(frame["labels"][0]) == SEED["ratings/sparse"]["labels"]
    assert frame["onset_sec"].to_list() == [320.0, 220.0]


def test_records_keep_absent_and_null_apart():
    seed, newer = hand_over(table(), "records")
    assert "rawValue" not in seed
    assert newer["confidence"] is None
    assert newer["metadata"] == NEWER["ratings/sparse"]["metadata"]
    assert newer["onset_sec"] == 220.0


@pytest.mark.parametrize("form", ["", "panda", "dict", None])
def test_an_unknown_form_is_refused(form):
    with pytest.raises(InputError, match="pandas, polars, arrow, records"):
        check_output(form)


def test_polars_that_is_not_installed_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(InputError, match="pip install"):
        check_output("polars")


def test_an_experiment_s_design():
    record = {
        "id": "exp",
        "name": "Film",
        "ownerEmail": "a@b.example",
        "requiredParticipants": 2,
        "states": [
            {
                "id": "s1",
                "name": "Intro",
                "order": 0,
                "focusComponent": {"type": "showtext", "id": "c", "config": {"t": 1}},
                "transitionRules": {"type": "TIMED", "durationMs": 5000},
            },
            "no state",
            {"id": "s2", "focusComponent": None},
        ],
        "roles": {"viewer": {"participantCount": 2, "mode": "human"}, "odd": None},
        "globalComponents": {"textchat": {"on": True}},
    }
    made = {
        name: hand_over(one, "records")
        for name, one in design_tables(record, Scope("experiment", "exp")).items()
    }
    assert made["experiment"][0]["experimentId"] == "exp"
    assert made["experiment"][0]["requiredParticipants"] == 2
    assert [row["stateId"] for row in made["states"]] == ["s1", "s2"]
    assert made["states"][0] | {"config": None} == {
        "order": 0, "stateId": "s1", "stateName": "Intro", "componentType": "showtext", "componentId": "c",
        "transition": "TIMED", "durationMs": 5000.0, "config": None,
    }  # fmt: skip
    assert [row["role"] for row in made["roles"]] == ["viewer", "odd"]
    assert made["global_components"] == [{"componentType": "textchat", "config": {"on": True}}]


@pytest.mark.parametrize(
    "parts", [{}, {"states": None, "roles": [], "globalComponents": "x"}, {"states": {}, "roles": None}]
)
def test_a_design_in_an_unknown_form_gives_empty_tables(parts):
    made = design_tables({"id": "exp", **parts}, Scope("experiment", "exp"))
    assert [one.num_rows for one in made.values()] == [1, 0, 0, 0]
