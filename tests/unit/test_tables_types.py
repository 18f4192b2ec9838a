"""Documented records of every type become correct typed tables, old shapes and new."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from sample_records import NEWER, SEED

from hs_jupyter.catalog import DATA_TYPES, LISTS
from hs_jupyter.scope import Scope
from hs_jupyter.tables.build import NULLS
from hs_jupyter.tables.collect import TableBuilder
from hs_jupyter.tables.output import to_records
from hs_jupyter.tables.shapes import beside, records_of
from hs_jupyter.tables.values import ARROW_TYPES, INSTANT, is_json

EVERY = [*DATA_TYPES.values(), *LISTS.values()]


def scope_for(kind):
    scope = kind.scopes[-1] if kind.scopes[-1] != "participant" else "room"
    return (
        Scope("participant", "p", "room_07") if kind.scopes == ("participant",) else Scope(scope, "room_07")
    )


def table_of(name, *records, scope=None):
    kind = DATA_TYPES[name]
    builder = TableBuilder(kind, scope or scope_for(kind))
    builder.add(records_of(kind, records))
    assert builder.unread == {}
    return builder.table()


def one(name, record, **options):
    return to_records(table_of(name, record, **options))[0]


@pytest.mark.parametrize(("name", "record"), [*SEED.items(), *NEWER.items()])
def test_every_documented_value_arrives(name, record):
    row = one(name, record)
    for key, value in record.items():
        if key in {"downloadUrl", "url"}:
            assert key not in row
        elif isinstance(row[key], datetime):
            wire = row[key].isoformat(timespec="milliseconds").replace("+00:00", "Z")
            assert value in {wire, row[key].timestamp() * 1000}
        else:
            assert row[key] == value


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.name)
def test_columns_have_the_catalogue_s_types(kind):
    records = [source[kind.name] for source in (SEED, NEWER) if kind.name in source]
    builder = TableBuilder(kind, scope_for(kind))
    builder.add(records)
    schema = builder.table().schema
    for column in kind.columns:
        field = schema.field(column.name)
        if column.type != "any":
            assert field.type == ARROW_TYPES[column.type], column.name
            assert is_json(field) == (column.type == "json"), column.name


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.name)
def test_an_empty_table_has_the_columns_of_its_type(kind):
    table = TableBuilder(kind, scope_for(kind)).table()
    assert table.num_rows == 0
    assert NULLS not in table.column_names
    derived = {"onset_sec", "value_norm"} & set(table.column_names)
    assert [name for name in table.column_names if name not in derived] == [one.name for one in kind.columns]
    timed = bool(kind.time) and kind.name not in {"participants", "rooms", "experiments", "deployments"}
    assert ("onset_sec" in derived) == timed
    assert ("value_norm" in derived) == kind.name.startswith("ratings/")
    assert all(table.schema.field(name).type == pa.float64() for name in derived)


def test_room_from_session():
    assert one("events", SEED["events"])["roomId"] == "room_abc123"


def test_room_from_the_request():
    sparse = one("ratings/sparse", NEWER["ratings/sparse"])
    assert sparse["roomId"] == "room_07"
    assert (
        one("components", SEED["components"], scope=Scope("participant", "p_1", "room_9"))["roomId"]
        == "room_9"
    )


def test_participant_and_experiment_from_the_request():
    row = one("components", SEED["components"], scope=Scope("participant", "p_1", "room_9"))
    assert row["participantId"] == "p_1"
    assert (
        one("ratings/sparse", NEWER["ratings/sparse"], scope=Scope("experiment", "exp"))["experimentId"]
        == "exp"
    )


def test_room_and_experiment_of_a_newer_recording():
    row = one("recordings", NEWER["recordings"], scope=Scope("experiment", "other"))
    assert (row["roomId"], row["experimentId"]) == ("room_07", "exp_film")
    assert one("recordings", {"recordingId": "r", "metadata": None})["roomId"] == "room_07"
    assert one("recordings", {"recordingId": "r", "metadata": ["roomName"]})["roomId"] == "room_07"


def test_links_to_files_are_left_out():
    for record in (SEED["recordings"], NEWER["recordings"]):
        table = table_of("recordings", record)
        assert not {"downloadUrl", "url"} & set(table.column_names)
        assert "SECRET" not in str(table.to_pylist())


def test_signed_links_lose_their_signature_wherever_they_are():
    link = "https://s.example/a.mp4?X-Goog-Signature=SECRET"
    records = [
        ("components", {"config": {"videoUrl": link}, "extra": link}),
        ("events", {"id": "e", "content": link, "context": [link]}),
        ("variables", {"variable": "clip", "value": link}),
    ]
    for name, record in records:
        assert "SECRET" not in str(table_of(name, record).to_pylist())


def test_events_from_the_raw_store():
    assert one("events", {"eventId": "e1", "sessionTime": 5})["id"] == "e1"


def test_rooms_say_when_they_started_in_any_spelling():
    for spelling in ("startedAt", "firstStateStartedAt", "startTime", "experimentStartedAt"):
        row = one("rooms", {"id": "r", spelling: "2026-03-02T15:03:00Z"})
        assert row["startedAt"] == datetime(2026, 3, 2, 15, 3, tzinfo=UTC)
        assert row["roomId"] == "r"


def test_eyetracking_times_in_epoch_milliseconds():
    row = one("eyetracking", NEWER["eyetracking"])
    assert row["timestamp"] == datetime(2026, 3, 2, 15, 6, 40, tzinfo=UTC)


def test_counts_become_rows():
    answer = {
        "participantId": "p",
        "roomId": "r",
        "counts": {"textchat": 3, "sync": 0},
        "hasData": {"textchat": True, "x": False},
    }
    rows = to_records(table_of("counts", answer))
    assert rows == [
        {"participantId": "p", "roomId": "r", "kind": "textchat", "count": 3, "hasData": True},
        {"participantId": "p", "roomId": "r", "kind": "sync", "count": 0, "hasData": None},
        {"participantId": "p", "roomId": "r", "kind": "x", "count": None, "hasData": False},
    ]
    assert table_of("counts", {"counts": None, "hasData": [1]}).num_rows == 0


def test_access_becomes_a_row():
    row = one("check-access", {"canView": True, "canExport": False}, scope=Scope("experiment", "exp"))
    assert row == {"canView": True, "canExport": False, "experimentId": "exp"}


def test_what_comes_beside_variables():
    metadata = {
        "timeline": [{"stateId": "s"}],
        "variableNames": ["a"],
        "mode": "replay",
        "pagination": None,
        "droppedWrites": None,
    }
    assert beside(DATA_TYPES["variables"], metadata) == {
        "timeline": [{"stateId": "s"}], "variableNames": ["a"], "mode": "replay",
    }  # fmt: skip
    assert beside(DATA_TYPES["events"], metadata) == {}


def test_equal_writes_of_a_variable_all_stay():
    assert table_of("variables", *[NEWER["variables"]] * 3).num_rows == 3


def test_variable_names_may_be_anything():
    rows = to_records(
        table_of("variables", {"variable": "value", "value": {"variable": 1}}, {"variable": "x", "value": 2})
    )
    assert [row["value"] for row in rows] == [{"variable": 1}, 2]


def test_decisions_and_runs_stand_in_one_table():
    run = {"_type": "run", **NEWER["agent-runs"]}
    table = table_of(
        "agent-decisions",
        NEWER["agent-decisions"],
        run,
        {**NEWER["agent-decisions"], "seq": 4, "id": "x", "value": "hi"},
    )
    assert table["_type"].to_pylist() == ["decision", "run", "decision"]
    assert [row.get("value") for row in to_records(table)] == [44, None, "hi"]
    assert table.schema.field("timestamp").type == INSTANT
