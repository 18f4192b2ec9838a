"""Quality on tables made by hand: known answers, and what holds for any ratings at all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_tables import experiment_tables

from hs_jupyter.catalog.quality import QUALITY, STATUSES
from hs_jupyter.timeline import quality_table
from hs_jupyter.timeline.playing import Playing, playing

FILM = {"r": playing([(10.0, "plays"), (610.0, "ends")])}
PAUSED = {"r": playing([(10.0, "plays"), (110.0, "pauses"), (310.0, "plays"), (410.0, "ends")])}
RNG = np.random.default_rng(7)


def rated(
    onset_sec: Any, value: Any = None, *, person: str | None = "p", scale: str | None = "a", room: str = "r"
) -> pa.Table:
    """Ratings of one slider; a lively one where no values are given."""
    onset_sec = pa.array(onset_sec, pa.float64())
    value = RNG.uniform(0, 1, len(onset_sec)) if value is None else value
    return pa.table(
        {
            "roomId": pa.array([room] * len(onset_sec), pa.string()),
            "participantId": pa.array([person] * len(onset_sec), pa.string()),
            "componentId": pa.array([scale] * len(onset_sec), pa.string()),
            "onset_sec": onset_sec,
            "value_norm": pa.array(value, pa.float64()),
        }
    )


def sync(onset_sec: Any, drift: Any, person: str = "p") -> pa.Table:
    return pa.table(
        {
            "roomId": ["r"] * len(onset_sec),
            "participantId": [person] * len(onset_sec),
            "onset_sec": pa.array(onset_sec, pa.float64()),
            "timeDrift": pa.array(drift, pa.float64()),
        }
    )


def people(**codes: str | None) -> pa.Table:
    rows = [
        {"roomId": "r", "participantId": person, "completionCode": code, "status": None}
        for person, code in codes.items()
    ]
    schema = pa.schema(
        [(name, pa.string()) for name in ("roomId", "participantId", "completionCode", "status")]
    )
    return pa.Table.from_pylist(rows, schema)


def only(table: pa.Table) -> dict[str, Any]:
    assert table.num_rows == 1
    return table.to_pylist()[0]


def every(step_sec: float, start_sec: float = 10.0, end_sec: float = 610.0) -> np.ndarray:
    return np.arange(start_sec, end_sec, step_sec)


def test_a_whole_series_is_ok():
    row = only(quality_table(rated(every(0.25)), playing=FILM))
    assert row["status"] == "ok"
    assert row["look_at_sec"] is None
    assert (row["samples"], row["expected"], row["coverage"]) == (2400, 2400, 1.0)
    assert row["longest_gap_sec"] == 0
    assert row["stuck_sec"] == 0
    assert row["spread"] == pytest.approx(0.9, abs=0.05)
    assert row["drift_median_ms"] is row["drift_p95_abs_ms"] is None


def test_columns_and_types_are_those_of_the_catalogue_with_and_without_rows():
    whole, empty = quality_table(rated(every(1))), quality_table(rated([]))
    assert whole.schema == empty.schema
    assert whole.column_names == [column.name for column in QUALITY.columns]
    assert empty.num_rows == 0
    assert whole.schema.field("samples").type == whole.schema.field("expected").type == pa.int64()


def test_a_pause_is_neither_expected_nor_lost():
    onset_sec = np.concatenate([every(0.5, 10, 110), every(0.5, 310, 410)])
    row = only(quality_table(rated(onset_sec), playing=PAUSED))
    assert (row["status"], row["expected"], row["coverage"], row["longest_gap_sec"]) == ("ok", 400, 1, 0)
    through = only(quality_table(rated(every(0.5, -40, 500)), playing=PAUSED))
    assert (through["status"], through["samples"], through["expected"]) == ("ok", 1080, 400)
    assert through["coverage"] == 1.0


def test_without_media_events_a_silence_is_measured_and_not_judged():
    onset_sec = np.concatenate([every(0.5, 10, 110), every(0.5, 310, 410)])
    row = only(quality_table(rated(onset_sec)))
    assert (row["status"], row["expected"], row["coverage"]) == ("ok", None, None)
    assert row["longest_gap_sec"] == pytest.approx(200.5)


def test_a_gap_counts_film_alone():
    onset_sec = np.concatenate([every(0.5, 10, 90), every(0.5, 320, 410)])
    row = only(quality_table(rated(onset_sec), playing=PAUSED))
    assert row["status"] == "gap"
    assert row["longest_gap_sec"] == pytest.approx(30.5)
    assert row["look_at_sec"] == 89.5
    assert row["coverage"] == pytest.approx(340 / 400)


@pytest.mark.parametrize(("first", "last", "at"), [(40.0, 610.0, 10.0), (10.0, 570.0, 569.75)])
def test_a_gap_may_lie_at_the_film_s_ends(first, last, at):
    row = only(quality_table(rated(every(0.25, first, last)), playing=FILM))
    assert (row["status"], row["look_at_sec"]) == ("gap", at)
    assert row["longest_gap_sec"] == pytest.approx(30 if first > 10 else 40.25)


def test_who_does_not_come_back_dropped_out():
    row = only(quality_table(rated(every(0.25, 10, 300)), playing=FILM))
    assert (row["status"], row["look_at_sec"]) == ("dropped out", 299.75)


@pytest.mark.parametrize(
    ("code", "status"),
    [("ABANDONED", "dropped out"), ("DISCONNECT_TIMEOUT", "dropped out"), ("NO_CONSENT", "dropped out"),
     ("NOCONSENT", "dropped out"), ("TECHNICAL", "cut short"), ("SUCCESS", "ok"), (None, "ok"),
     ("IN_PROGRESS", "ok"), ("SOMETHING_NEW", "ok")],
)  # fmt: skip
def test_how_a_session_ended_is_said(code, status):
    row = only(quality_table(rated(every(0.25)), playing=FILM, participants=people(p=code)))
    assert row["status"] == status
    assert row["look_at_sec"] == (None if status == "ok" else 609.75)


def test_who_has_no_rating_is_there_once_in_front():
    table = quality_table(
        rated(every(0.25)),
        participants=people(p="SUCCESS", q="SUCCESS"),
        playing=FILM,
        sync=sync([20, 21], [-5, -7], "q"),
    )
    first, second = table.to_pylist()
    assert (first["participantId"], first["componentId"], first["status"]) == ("q", None, "no data")
    assert (first["samples"], first["expected"], first["spread"]) == (0, None, None)
    assert first["drift_median_ms"] == -6
    assert second["participantId"] == "p"


def test_a_list_of_participants_that_names_no_rooms_is_believed():
    listed = people(p="ABANDONED", q="SUCCESS")
    listed = listed.set_column(0, "roomId", pa.nulls(2, pa.string()))
    rows = quality_table(rated(every(0.25)), participants=listed, playing=FILM).to_pylist()
    assert [(row["roomId"], row["participantId"], row["status"]) for row in rows] == [
        (None, "q", "no data"),
        ("r", "p", "dropped out"),
    ]


def test_ratings_without_a_value_are_none():
    gone = rated([11.0, 12.0, None], [None, float("nan"), 0.5])
    assert quality_table(gone, playing=FILM).num_rows == 0
    assert only(quality_table(gone, participants=people(p="SUCCESS")))["status"] == "no data"


def test_one_sample_and_equal_onsets_do_not_divide_by_nothing():
    for onset_sec in ([50.0], [50.0] * 30):
        row = only(quality_table(rated(onset_sec, [0.5] * len(onset_sec))))
        assert (row["expected"], row["coverage"], row["longest_gap_sec"], row["stuck_sec"]) == (
            None, None, 0, 0,
        )  # fmt: skip
        assert row["status"] == ("sparse" if len(onset_sec) == 1 else "ok")
    assert only(quality_table(rated([50.0] * 30), playing=FILM))["status"] == "dropped out"


def test_repeated_onsets_fill_no_holes():
    row = only(quality_table(rated(np.repeat(every(0.5, 10, 310), 2)), playing=FILM))
    assert row["samples"] == row["expected"] == 1200
    assert row["coverage"] == 0.5


def test_a_stuck_slider_counts_while_it_is_sampled_and_the_film_runs():
    onset_sec = np.concatenate([every(0.25, 10, 110), every(0.25, 310, 410)])
    value = np.where((onset_sec > 50) & (onset_sec < 330), 0.4, RNG.uniform(0, 1, len(onset_sec)))
    row = only(quality_table(rated(onset_sec, value), playing=PAUSED))
    assert row["stuck_sec"] == pytest.approx(60 + 20, abs=1)
    assert row["status"] == "ok"
    still = np.where((onset_sec > 30) & (onset_sec < 370), 0.4, value)
    row = only(quality_table(rated(onset_sec, still), playing=PAUSED))
    assert (row["status"], row["look_at_sec"]) == ("stuck", 30.25)
    assert row["stuck_sec"] == pytest.approx(80 + 60, abs=1)


@pytest.mark.parametrize(("length_sec", "status"), [(29, "ok"), (31, "stuck")])
def test_a_slider_that_never_moved_is_stuck_sooner(length_sec, status):
    onset_sec = every(0.25, 10, 10 + length_sec)
    row = only(quality_table(rated(onset_sec, np.full(len(onset_sec), 0.5))))
    assert (row["status"], row["spread"]) == (status, 0)


@pytest.mark.parametrize(("drift_ms", "status"), [(-400.0, "late"), (400.0, "ahead"), (-190.0, "ok")])
def test_a_film_that_is_off_is_found_where_it_begins(drift_ms, status):
    onset_sec = every(1.0)
    drift = np.where((onset_sec >= 210) & (onset_sec < 270), drift_ms, -18.0)
    drift[3] = 900.0
    row = only(quality_table(rated(every(0.25)), playing=FILM, sync=sync(onset_sec, drift)))
    assert row["status"] == status
    assert row["look_at_sec"] == (None if status == "ok" else 210)
    assert row["drift_median_ms"] == -18
    assert row["drift_p95_abs_ms"] == abs(drift_ms)


def test_scales_have_their_own_rates_and_the_room_tells_who_loses_every_second_sample():
    table = quality_table(
        pa.concat_tables(
            [
                rated(every(0.25), scale="fast"), rated(every(1.0), scale="slow"),
                rated(every(0.5), scale="fast", person="q"), rated(every(1.0), scale="slow", person="q"),
            ]
        ),
        playing=FILM,
    )  # fmt: skip
    found = {(row["participantId"], row["componentId"]): row for row in table.to_pylist()}
    assert [row["expected"] for row in found.values()].count(2400) == 2
    assert found["q", "slow"]["expected"] == 600
    assert found["q", "fast"]["coverage"] == 0.5
    assert {key for key, row in found.items() if row["status"] != "ok"} == {("q", "fast")}
    assert found["q", "fast"]["status"] == "sparse"


def test_a_scale_is_expected_only_in_the_showings_for_which_it_was_on():
    two = {"r": playing([(0, "plays"), (100, "ends"), (200, "plays"), (300, "ends")])}
    row = only(quality_table(rated(every(0.5, 200, 300)), playing=two))
    assert (row["status"], row["expected"], row["coverage"]) == ("ok", 200, 1)
    outside = only(quality_table(rated(every(0.5, 120, 180)), playing=two))
    assert (outside["status"], outside["expected"]) == ("ok", None)


def test_a_film_whose_end_was_not_logged_ends_with_the_last_thing_known():
    running = {"r": playing([(10.0, "plays")])}
    both = pa.concat_tables([rated(every(0.5, 10, 210)), rated(every(0.5, 10, 110), person="q")])
    rows = quality_table(both, playing=running).to_pylist()
    assert [(row["participantId"], row["status"]) for row in rows] == [("q", "dropped out"), ("p", "ok")]
    assert {row["expected"] for row in rows} == {399}


def test_rows_go_from_the_worst_to_the_best_and_then_by_room():
    tables = experiment_tables(3)
    table = quality_table(
        tables["ratings"], sync=tables["sync"], participants=people(z="SUCCESS", y="ABANDONED")
    )
    rows = [
        (STATUSES.index(row["status"]), row["roomId"], row["participantId"], row["componentId"] or "")
        for row in table.to_pylist()
    ]
    assert rows == sorted(rows)
    assert {row[0] for row in rows[:2]} == {0}
    shuffled = tables["ratings"].take(np.random.default_rng(1).permutation(tables["ratings"].num_rows))
    again = quality_table(shuffled, sync=tables["sync"], participants=people(z="SUCCESS", y="ABANDONED"))
    assert again.equals(table)


def test_a_room_s_rows_are_the_same_in_an_experiment():
    tables = experiment_tables(3)
    whole = quality_table(tables["ratings"], sync=tables["sync"]).to_pylist()
    room = np.array(tables["ratings"]["roomId"].to_pylist()) == "room_pair_02"
    alone = quality_table(tables["ratings"].filter(pa.array(room)), sync=tables["sync"]).to_pylist()
    assert alone == [row for row in whole if row["roomId"] == "room_pair_02"]


@st.composite
def anything(draw) -> tuple[pa.Table, dict[str, Playing]]:
    """Return a few sliders with any onsets and values, and any log of a film."""
    times = st.one_of(st.none(), st.floats(-500, 500), st.sampled_from([0.0, 1.0, 50.0]))
    values = st.one_of(st.none(), st.floats(0, 1), st.just(0.5))
    rows = draw(
        st.lists(
            st.tuples(st.sampled_from(["p", "q", None]), st.sampled_from(["a", "b"]), times, values),
            max_size=120,
        )
    )
    parts = [rated([at], [value], person=person, scale=scale) for person, scale, at, value in rows]
    log = draw(
        st.lists(st.tuples(st.floats(-500, 500), st.sampled_from(["plays", "pauses", "ends"])), max_size=8)
    )
    film = playing(sorted(log))
    return pa.concat_tables([rated([]), *parts]), {"r": film} if len(film.start_sec) else {}


@given(anything())
def test_whatever_the_ratings_the_numbers_stay_in_their_bounds(given_):
    table, films = given_
    rows = quality_table(table, playing=films).to_pylist()
    kept = [
        row for row in table.to_pylist() if row["onset_sec"] is not None and row["value_norm"] is not None
    ]
    assert sum(row["samples"] for row in rows) == len(kept)
    assert len(rows) == len({(row["participantId"], row["componentId"]) for row in kept})
    length_sec = max((row["onset_sec"] for row in kept), default=0) + 501
    for row in rows:
        assert row["status"] in STATUSES
        assert (row["look_at_sec"] is None) == (row["status"] == "ok")
        assert row["coverage"] is None or 0 <= row["coverage"] <= 1
        assert row["expected"] is None or row["expected"] > 0 or row["coverage"] is None
        assert 0 <= row["stuck_sec"] <= length_sec
        assert 0 <= row["longest_gap_sec"] <= 1000
        assert 0 <= row["spread"] <= 1
