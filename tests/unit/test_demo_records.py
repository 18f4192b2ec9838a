"""The generated records: the same from the same seed, both ages, everything the catalogue names."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.demo_study import build, cast, generate, truths, words
from hs_jupyter.demo_study.cast import HOSTILE_NAMES
from hs_jupyter.demo_study.parameters import Parameters
from hs_jupyter.demo_study.stamps import epoch_ms, iso

if TYPE_CHECKING:
    from pathlib import Path

SMALL = Parameters(rooms=3, hz=1, minutes=2)


def wire(table: str, parameters: Parameters = SMALL, **where: str) -> list[dict[str, Any]]:
    make = generate.makers(parameters.hz)[table]
    return [
        shaped
        for room in cast.rooms(parameters)
        if all(getattr(room, name) == value for name, value in where.items())
        for _, shaped in generate.shaped(table, room, make(room))
    ]


@pytest.mark.parametrize("table", generate.makers(1.0))
def test_a_seed_gives_the_same_records(table: str) -> None:
    assert wire(table) == wire(table)


def test_another_seed_gives_other_records() -> None:
    other = Parameters(seed=2, rooms=3, hz=1, minutes=2)
    assert wire("ratings") != wire("ratings", other)
    assert wire("chat") != wire("chat", other)


def test_more_samples_are_the_same_people() -> None:
    """``hz`` changes how often is asked, not what is felt."""
    slow, fast = (wire("participants", Parameters(rooms=3, hz=hz, minutes=2)) for hz in (1, 8))
    assert slow == fast
    assert len(wire("ratings", Parameters(rooms=3, hz=8, minutes=2))) > 7 * len(wire("ratings"))


def test_every_table_of_the_catalogue_is_made() -> None:
    stored = {kind.table for kind in DATA_TYPES.values() if not kind.view} - {"counts", "check_access"}
    assert set(generate.makers(1.0)) == stored


@pytest.mark.parametrize(
    ("table", "old", "new"),
    [
        ("events", {"sessionId", "stateName", "participantRole", "value"}, {"roomId", "stateId", "data"}),
        ("ratings", {"normalizedValue", "scaleMin", "scaleMax"}, {"scale"}),
        (
            "ratings_sparse",
            {"scaleMin", "scaleMax", "labels"},
            {"scale", "rawValue", "sparseRatingData", "metadata"},
        ),
        ("recordings", {"resolution", "roomId"}, {"egressId", "downloadPath", "metadata"}),
        ("rooms", {"firstStateStartedAt"}, {"startedAt"}),
        ("participants", set(), {"participantId"}),
    ],
)
def test_both_ages_occur(table: str, old: set[str], new: set[str]) -> None:
    names = {age: {key for one in wire(table, age=age) for key in one} for age in ("old", "new")}
    assert old <= names["old"] - names["new"]
    assert new <= names["new"] - names["old"]


def test_event_types_are_missing_where_newer_records_lack_them() -> None:
    events = wire("events", experiment=truths.PAIRS, age="new")
    assert {one["category"] for one in events if "eventType" not in one} == {"component", "system"}
    assert all(one["eventType"] for one in events if "eventType" in one), "absent, never null"


def test_events_have_every_category_and_negative_onsets() -> None:
    events = wire("events", Parameters(rooms=12, hz=1, minutes=2))
    assert {one["category"] for one in events} == {
        "component", "state", "media", "communication", "sync", "system", "pre_experiment", "post_experiment",
        "questionnaire", "sparse_rating", "scanner",
    }  # fmt: skip
    before = [one["onset"] for one in events if one["category"] == "pre_experiment"]
    assert max(before) < 0
    assert min(before) < -100_000
    assert {one["onset"] for one in events if one.get("eventType") == "experiment.start"} == {0}


@pytest.mark.parametrize(
    "table", ["events", "chat", "ratings", "ratings_sparse", "sync", "components", "videochat"]
)
def test_onset_is_timestamp_minus_start(table: str) -> None:
    starts = {room.id: room.start_ms for room in cast.rooms(SMALL)}
    records = wire(table)
    assert records
    for one in records:
        room = one.get("roomId") or one["sessionId"]
        assert epoch_ms(one["timestamp"]) - starts[room] == pytest.approx(one["onset"], abs=0.01)


def test_ids_are_unique() -> None:
    for kind in DATA_TYPES.values():
        if (
            kind.table in generate.makers(1.0)
            and not kind.view
            and kind.key
            and kind.name != "agent-decisions"
        ):
            keys = [
                tuple(one.get(name) or one.get((*kind.column[name].fallback, name)[0]) for name in kind.key)
                for one in wire(kind.table)
            ]
            assert len(keys) == len(set(keys)), kind.name


def test_texts_that_look_dangerous_occur() -> None:
    parameters = Parameters(hz=0.5, minutes=1)
    said = {one["content"] for one in wire("chat", parameters)}
    assert len(said & set(words.HOSTILE)) > 5
    assert {one["name"] for one in wire("participants", parameters)} & set(HOSTILE_NAMES)
    answers = {str(one["response"]["value"]) for one in wire("events", parameters) if one.get("response")}
    assert answers & set(words.HOSTILE)


def test_mail_addresses_are_examples() -> None:
    mails = [one.get("email") for one in wire("participants")]
    assert all(mail is None or mail.endswith("@example.org") for mail in mails)
    assert any(mails)
    assert not all(mails)


def test_some_instants_have_no_fraction() -> None:
    joined = {one["joinedAt"] for one in wire("participants")}
    assert any("." not in one for one in joined)
    assert all(iso(epoch_ms(one)) for one in joined)


def test_rooms_of_an_experiment_never_overlap() -> None:
    """The database's order rests on it."""
    for parameters in (SMALL, Parameters(), Parameters(rooms=60, minutes=90)):
        spans = sorted(
            (room.experiment, room.start_ms - 400_000, room.start_ms + room.end_sec * 1000)
            for room in cast.rooms(parameters)
        )
        for (name, _, end), (other, start, _) in pairwise(spans):
            assert name != other or end < start


def test_the_tables_are_written_in_order(tmp_path: Path) -> None:
    build.write(SMALL, tmp_path)
    for file in tmp_path.glob("*.parquet"):
        rows = pq.read_table(file, columns=["n", "experiment", "at"]).to_pylist()
        assert [row["n"] for row in rows] == list(range(len(rows)))
        order = [(row["experiment"], row["at"]) for row in rows]
        assert order == sorted(order), file.name


def test_the_study_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(build.FOLDER_VARIABLE, str(tmp_path))
    said: list[str] = []
    place = build.ensure(SMALL, said.append)
    assert said
    before = {file: file.stat().st_mtime_ns for file in place.iterdir()}
    (tmp_path / f"{SMALL.study_key}.half").mkdir()
    assert build.ensure(SMALL, said.append) == place
    assert {file: file.stat().st_mtime_ns for file in place.iterdir()} == before


def test_a_half_made_study_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(build.FOLDER_VARIABLE, str(tmp_path))
    half = tmp_path / f"{SMALL.study_key}.half"
    half.mkdir()
    (half / "events.parquet").write_text("cut off")
    place = build.ensure(SMALL)
    assert pq.read_metadata(place / "events.parquet").num_rows > 100
    assert not half.exists()
