"""What every table promises: onset_sec, value_norm, and windows on them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sample_records import NEWER, SEED

from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.scope import Scope
from hs_jupyter.tables.collect import TableBuilder
from hs_jupyter.tables.derive import fill_onset, needs_starts
from hs_jupyter.tables.narrow import keep_window
from hs_jupyter.times import parse_bound

START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def table(name, *pages, scope=None):
    builder = TableBuilder(DATA_TYPES[name], scope or Scope("experiment", "e"))
    for page in pages:
        builder.add(page)
    return builder.table()


def norm(name, *records):
    return table(name, [{"ratingId": f"r{number}", **record} for number, record in enumerate(records)])[
        "value_norm"
    ]


@pytest.mark.parametrize(
    ("name", "record", "expected"),
    [
        ("ratings/continuous", SEED["ratings/continuous"], 0.75),
        ("ratings/continuous", NEWER["ratings/continuous"], 0.62),
        ("ratings/sparse", SEED["ratings/sparse"], 6 / 9),
        ("ratings/sparse", NEWER["ratings/sparse"], 0.25),
        ("ratings/sparse", {"value": 72.5, "rawValue": 58, "scale": {"min": 0, "max": 80}}, 0.725),
        ("ratings/continuous", {"value": 0.4, "rawValue": -20, "scaleMin": -100, "scaleMax": 100}, 0.4),
        ("ratings/continuous", {"normalizedValue": 0.4, "value": 40}, 0.4),
        ("ratings/continuous", {"rawValue": 30, "normalizedValue": 0.3}, 0.3),
        ("ratings/continuous", {"value": 0.4}, None),
        ("ratings/continuous", {"value": 40, "scaleMin": 0, "scaleMax": 100}, None),
        ("ratings/sparse", {"value": 72.5, "scale": {"min": 0, "max": 80}}, None),
        ("ratings/sparse", {"normalizedValue": 0.4}, None),
        ("ratings/sparse", {"value": 7, "scaleMin": 1}, None),
        ("ratings/sparse", {"value": None, "rawValue": None, "scaleMin": 1, "scaleMax": 10}, None),
        ("ratings/sparse", {"value": "7", "scaleMin": 1, "scaleMax": 10}, None),
        ("ratings/sparse", {"value": True, "scaleMin": 0, "scaleMax": 1}, None),
        ("ratings/sparse", {"value": ["a"], "scaleMin": 0, "scaleMax": 1}, None),
        ("ratings/sparse", {"rawValue": 5, "scaleMin": 5, "scaleMax": 5}, None),
        ("ratings/sparse", {"rawValue": 5, "scale": {"min": "0", "max": None}}, None),
        ("ratings/sparse", {"rawValue": 5, "scale": "0..10", "scaleMin": 0, "scaleMax": 10}, 0.5),
        ("ratings/continuous", {"rawValue": 5, "scale": {"min": 0, "max": 10}, "scaleMin": 1}, None),
    ],
)  # fmt: skip
def test_value_norm(name, record, expected):
    if record.get("scaleMin") == 1 and "scale" in record:
        expected = (5 - 1) / (10 - 1)  # the flat end stands, the missing one comes from the object
    assert norm(name, record).to_pylist() == [
        pytest.approx(expected, abs=1e-12) if expected is not None else None
    ]


def test_value_norm_of_a_room_that_mixes_everything():
    found = norm(
        "ratings/sparse",
        SEED["ratings/sparse"] | {"ratingId": "a"},
        NEWER["ratings/sparse"] | {"ratingId": "b"},
        {"ratingId": "c", "value": "calm", "scaleMin": 1, "scaleMax": 10},
        {"ratingId": "d", "value": "7", "scaleMin": 1, "scaleMax": 10},
        {"ratingId": "e", "value": ["a", "b"]},
        {"ratingId": "f"},
    )
    assert found.to_pylist() == [pytest.approx(6 / 9), 0.25, None, None, None, None]


def test_onset_sec_is_onset_in_seconds():
    rows = [
        {"id": "a", "onset": 81250},
        {"id": "b", "onset": -500},
        {"id": "c", "onset": None},
        {"id": "d"},
        {"id": "e", "onset": 0},
    ]
    assert table("events", rows)["onset_sec"].to_pylist() == [81.25, -0.5, None, None, 0.0]


def test_onset_sec_of_a_recording_is_its_video_offset():
    found = table(
        "recordings", [SEED["recordings"] | {"onset": 99}, NEWER["recordings"], {"recordingId": "x"}]
    )
    assert found["onset_sec"].to_pylist() == [5.0, 2.4, None]


def test_a_service_cannot_overwrite_what_is_derived():
    assert table("events", [{"id": "a", "onset": 1000, "onset_sec": "late"}])["onset_sec"].to_pylist() == [
        1.0
    ]


def test_missing_onsets_are_filled_from_each_room_s_own_start():
    at = "2026-03-02T15:00:10.250Z"
    rows = [
        {"id": "a", "roomId": "r1", "timestamp": at},
        {"id": "b", "roomId": "r2", "timestamp": at},
        {"id": "c", "roomId": "r1", "timestamp": at, "onset": 7000},
        {"id": "d", "roomId": "r3", "timestamp": at},
        {"id": "e", "timestamp": at},
        {"id": "f", "roomId": "r1"},
    ]
    found = table("events", rows)
    assert needs_starts(found, DATA_TYPES["events"])
    filled = fill_onset(found, DATA_TYPES["events"], {"r1": START, "r2": START + timedelta(seconds=20)})
    assert filled["onset_sec"].to_pylist() == [10.25, -9.75, 7.0, None, None, None]


@pytest.mark.parametrize(
    ("name", "rows"),
    [("events", []), ("events", [{"id": "a", "onset": 5, "roomId": "r", "timestamp": "2026-03-02T15:00:00Z"}]),
     ("events", [{"id": "a", "roomId": "r"}]), ("events", [{"id": "a", "timestamp": "2026-03-02T15:00:00Z"}]),
     ("participants", [{"id": "p", "roomId": "r", "joinedAt": "2026-03-02T15:00:00Z"}]),
     ("variables", [{"variable": "a"}])],
)  # fmt: skip
def test_starts_are_looked_for_only_where_they_help(name, rows):
    assert not needs_starts(table(name, rows), DATA_TYPES[name])


def in_window(name, rows, from_=None, to=None):
    kind = DATA_TYPES[name]
    bounds = [None if one is None else parse_bound(one) for one in (from_, to)]
    return keep_window(table(name, rows), kind, *bounds)[kind.key[0]].to_pylist()


POINTS = [
    {"id": f"e{sec}", "onset": sec * 1000, "timestamp": f"2026-03-02T15:00:0{sec}Z"} for sec in range(5)
] + [{"id": "untimed"}]


@pytest.mark.parametrize(
    ("from_", "to", "kept"),
    [
        ("1s", "3s", ["e1", "e2", "e3"]), ("3s", None, ["e3", "e4"]), (None, "0s", ["e0"]), ("9s", None, []),
        ("2026-03-02T15:00:01Z", "2026-03-02T15:00:02Z", ["e1", "e2"]), ("2s", "2026-03-02T15:00:03Z", ["e2", "e3"]),
        ("2026-03-02T15:00:00.001Z", "1s", ["e1"]),
        (None, None, ["e0", "e1", "e2", "e3", "e4", "untimed"]),
    ],
)  # fmt: skip
def test_points_lie_in_a_closed_window(from_, to, kept):
    assert in_window("events", POINTS, from_, to) == kept


SPANS = [
    {
        "recordingId": "early",
        "videoOffset": -5000,
        "duration": 4000,
        "startTime": "2026-03-02T14:59:55Z",
        "endTime": "2026-03-02T14:59:59Z",
    },
    {
        "recordingId": "over",
        "videoOffset": -1000,
        "duration": 60000,
        "startTime": "2026-03-02T14:59:59Z",
        "endTime": "2026-03-02T15:00:59Z",
    },
    {"recordingId": "runs", "videoOffset": 5000, "startTime": "2026-03-02T15:00:05Z", "endTime": None},
    {
        "recordingId": "late",
        "videoOffset": 90000,
        "duration": 1000,
        "startTime": "2026-03-02T15:01:30Z",
        "endTime": "2026-03-02T15:01:31Z",
    },
    {"recordingId": "untimed"},
]


@pytest.mark.parametrize(
    ("from_", "to", "kept"),
    [
        ("10s", "20s", ["over", "runs"]), ("59s", "60s", ["over", "runs"]), ("60s", None, ["runs", "late"]),
        (None, "-1s", ["early", "over"]), (None, "-2s", ["early"]), ("91s", "91s", ["runs", "late"]),
        ("2026-03-02T15:00:10Z", "2026-03-02T15:00:20Z", ["over", "runs"]),
        ("2026-03-02T15:01:31Z", None, ["runs", "late"]), (None, "2026-03-02T14:59:55Z", ["early"]),
    ],
)  # fmt: skip
def test_spans_overlap_the_window(from_, to, kept):
    assert in_window("recordings", SPANS, from_, to) == kept


def test_types_without_a_moment_in_the_session_come_whole():
    people = [{"participantId": "p", "roomId": "r", "joinedAt": "2026-03-02T15:00:00Z"}]
    assert in_window("participants", people, "90s", "2m") == ["p"]
    assert in_window("participants", people, "2026-03-02T15:00:01Z") == []
    counts = [{"participantId": "p", "counts": {}}]
    assert len(keep_window(table("counts", counts), DATA_TYPES["counts"], parse_bound("1s"), None)) == 1
