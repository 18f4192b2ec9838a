"""Film time from logs: what is known is right, and what is not known is missing."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hs_jupyter.timeline.film_clock import AGREE_SEC, Said, film_clock
from hs_jupyter.timeline.media_words import media_word
from hs_jupyter.timeline.stimulus import film_time, room_clocks

NAN = float("nan")


def read(said: list[Said], *onsets: float, **options: float) -> list[float]:
    return film_clock(said, **options).read(np.array(onsets, float))[0].tolist()


def same(found: list[float], expected: list[float]) -> bool:
    return bool(np.allclose(found, expected, equal_nan=True))


@pytest.mark.parametrize(
    ("said", "onsets", "expected"),
    [
        pytest.param([], [0, 1], [NAN, NAN], id="nothing logged"),
        pytest.param(
            [Said(10, "plays", 0), Said(20, "pauses", 10), Said(50, "plays", 10), Said(70, "ends", 30)],
            [9.9, 10, 15, 20, 35, 50, 60, 70, 70.1], [NAN, 0, 5, 10, 10, 10, 20, 30, NAN], id="a pause",
        ),
        pytest.param(
            [Said(0, "plays", 0), Said(5, "buffers", 5), Said(8, "buffered", 5), Said(10, "ends", 7)],
            [4, 6, 9], [4, 5, 6], id="buffering",
        ),
        pytest.param(
            [Said(0, "plays", 0), Said(5, "pauses", 5), Said(6, "buffers"), Said(7, "buffered"),
             Said(9, "plays", 5), Said(10, "ends", 6)],
            [6.5, 8, 9.5], [5, 5, 5.5], id="buffering within a pause does not end it",
        ),
        pytest.param(
            [Said(0, "plays", 0), Said(10, "seeks", 100), Said(20, "ends", 110)],
            [9, 10, 15], [9, 100, 105], id="a seek forward",
        ),
        pytest.param(
            [Said(0, "plays", 0), Said(10, "pauses", 10), Said(12, "seeks", 3), Said(15, "plays", 3),
             Said(17, "ends", 5)],
            [11, 13, 16], [10, 3, 4], id="a seek back while paused",
        ),
        pytest.param(
            [Said(0, "plays", 0), Said(10, "seeks"), Said(20, "pauses", 500), Said(30, "plays", 500),
             Said(31, "ends")],
            [9, 15, 20, 25], [9, 495, 500, 500], id="a seek to where is told by the next position",
        ),
        pytest.param(
            [Said(0, "plays", 0), Said(10, "seeks"), Said(20, "seeks", 3), Said(22, "ends", 5)],
            [9, 15, 21], [9, NAN, 4], id="a seek to nobody knows where",
        ),
        pytest.param(
            [Said(0, "plays", 0), Said(10, "pauses", 10), Said(30, "plays", 6), Said(40, "ends", 16)],
            [20, 30, 35], [10, 6, 11], id="set back some seconds after a pause",
        ),
        pytest.param(
            [Said(0, "plays", 0), Said(30, "plays", 20), Said(40, "ends", 30)],
            [5, 25, 35], [NAN, NAN, 25], id="a pause that was not logged",
        ),
        pytest.param(
            [Said(0, "plays", 0), Said(10, "pauses", 10), Said(40, "pauses", 20), Said(50, "plays", 20),
             Said(51, "ends")],
            [5, 20, 45], [5, NAN, 20], id="a play that was not logged",
        ),
        pytest.param(
            [Said(0, "plays", 0), Said(10, "pauses", 10), Said(40, "plays", 20), Said(50, "ends", 30)],
            [5, 20, 45], [5, NAN, 25], id="a film does not jump ahead in a pause",
        ),
        pytest.param(
            [Said(0, "plays", 0, "", 100)], [50, 100, 100.1], [50, 100, NAN], id="no end: to its length",
        ),
        pytest.param([Said(0, "plays", 0)], [0, 50], [NAN, NAN], id="no end, no length"),
        pytest.param(
            [Said(0, "plays", 0), Said(10, "pauses", 10)], [5, 10, 11], [5, 10, NAN], id="a pause to the last",
        ),
        pytest.param(
            [Said(0, "plays"), Said(10, "pauses"), Said(15, "plays"), Said(25, "ends")],
            [5, 12, 20], [NAN, NAN, NAN], id="no position at all",
        ),
        pytest.param(
            [Said(0, "plays"), Said(10, "pauses"), Said(15, "plays"), Said(25, "ends", 20)],
            [0, 5, 12, 20], [0, 5, 10, 15], id="one position tells all",
        ),
        pytest.param(
            [Said(0, "plays", 0), Said(10, "pauses"), Said(15, "plays"), Said(25, "ends")],
            [5, 12, 20], [5, 10, 15], id="one position tells all that follows",
        ),
        pytest.param([Said(0, "plays"), Said(9, "pauses", 1), Said(10, "plays")], [5], [NAN], id="before its start"),
        pytest.param([Said(3, "pauses", 1), Said(9, "plays", 1)], [2, 5], [NAN, 1], id="paused, its play is lost"),
        pytest.param([Said(3, "pauses"), Said(6, "buffers", 1), Said(9, "seeks")], [5, 7], [NAN, NAN], id="not played"),
        pytest.param(
            [Said(0, "plays", 0), Said(9, "ends", 9), Said(9, "pauses", 9), Said(20, "plays", 0)],
            [5, 15], [5, NAN], id="an end is an end",
        ),
        pytest.param(
            [Said(0, "plays", 0, "a", 100), Said(40, "plays", 0, "b", 50), Said(90, "ends", 50, "b")],
            [39, 41, 90, 91], [39, 1, 50, NAN], id="another film",
        ),
        pytest.param(
            [Said(0, "plays", 0, "a"), Said(40, "plays", 0, "b"), Said(90, "ends", 50, "b")],
            [39, 41], [NAN, 1], id="another film, and who knows how long the first one was",
        ),
        pytest.param(
            [Said(0, "plays", 0, "", 30), Said(40, "plays", 0), Said(70, "ends", 30)],
            [25, 35, 45], [25, NAN, 5], id="a replay whose first end is missing",
        ),
        pytest.param(
            [Said(0, "plays", 0, "", 30), Said(30, "ends"), Said(40, "plays", 0), Said(70, "ends", 30)],
            [25, 35, 45], [25, NAN, 5], id="a replay",
        ),
        pytest.param(
            [Said(0, "plays", 0), Said(0.4, "plays", 0.1), Said(100, "pauses", 97), Said(100, "ends")],
            [0.4, 50], [0.1, NAN], id="positions that differ by more than a second",
        ),
        pytest.param(
            [Said(0, "plays", 0), Said(100, "pauses", 99.2), Said(110, "plays", 99.2), Said(111, "ends")],
            [50, 105], [49.6, 99.2], id="a player slowed down a little",
        ),
    ],
)  # fmt: skip
def test_a_player_s_log(said, onsets, expected):
    assert same(read(said, *onsets), expected)


def test_where_films_begin_can_be_said():
    said = [
        Said(5, "plays"),
        Said(10, "pauses"),
        Said(20, "plays"),
        Said(30, "ends"),
        Said(50, "plays"),
        Said(60, "ends"),
    ]
    assert same(read(said, 7, 15, 25, 55, play_from_sec=0), [2, 5, 10, 5])
    logged = [Said(5, "plays", 30), Said(10, "ends", 35)]
    assert same(read(logged, 7, play_from_sec=0), [32])


class Showing(NamedTuple):
    """A film as it ran: the words of a whole log, and the film's position at any onset."""

    said: list[Said]
    onset_sec: np.ndarray
    film_sec: np.ndarray


@st.composite
def showings(draw, *, rewinds: bool = False) -> Showing:
    """Play a film, with pauses and buffering; set it back at pauses if asked to."""
    onset, film = draw(st.integers(-60, 300)) * 1.0, draw(st.sampled_from([0.0, 12.5]))
    said = [Said(onset, "plays", film, "vid")]
    knots = [(onset, film)]
    for _ in range(draw(st.integers(0, 6))):
        ran, stood = draw(st.floats(1.5, 90)), draw(st.floats(0.0, 40))
        onset, film = onset + ran, film + ran
        stops, goes = draw(st.sampled_from([("pauses", "plays"), ("buffers", "buffered")]))
        said.append(Said(onset, stops, film))
        knots.append((onset, film))
        onset += stood
        knots.append((onset, film))
        if rewinds and goes == "plays":
            film = max(0.0, film - draw(st.floats(0, 10)))
        said.append(Said(onset, goes, film))
        knots.append((onset, film))
    ran = draw(st.floats(0.5, 30))
    said.append(Said(onset + ran, "ends", film + ran))
    said[0] = said[0]._replace(length_sec=film + ran)
    knots.append((onset + ran, film + ran))
    at = []
    for (first, film_first), (last, film_last) in pairwise(knots):
        inside = np.linspace(0.03, 0.97, 5)
        at += [
            (first + part * (last - first), film_first + part * (film_last - film_first)) for part in inside
        ]
    truth = np.array(
        [
            one
            for one, (a, b) in zip(at, (pair for pair in pairwise(knots) for _ in range(5)), strict=True)
            if b[0] > a[0]
        ]
    )
    return Showing(said, truth[:, 0], truth[:, 1])


@given(showings(rewinds=True))
def test_a_whole_log_tells_all(showing):
    found = film_clock(showing.said).read(showing.onset_sec)[0]
    assert found == pytest.approx(showing.film_sec, abs=1e-5)
    outside = np.array([showing.said[0].onset_sec - 0.1, showing.said[-1].onset_sec + 0.1])
    assert np.isnan(film_clock(showing.said).read(outside)[0]).all()


@given(showings(), st.data())
def test_one_position_tells_all(showing, data):
    known = data.draw(st.sets(st.integers(0, len(showing.said) - 1), min_size=1))
    said = [one if at in known else one._replace(position_sec=NAN) for at, one in enumerate(showing.said)]
    found = film_clock(said).read(showing.onset_sec)[0]
    assert found == pytest.approx(showing.film_sec, abs=1e-5)


@given(showings(), st.data())
def test_lost_words_leave_gaps_and_nothing_wrong(showing, data):
    lost = data.draw(st.sets(st.integers(1, max(1, len(showing.said) - 2))))
    kept = [one for at, one in enumerate(showing.said) if at not in lost or at == len(showing.said) - 1]
    found = film_clock(kept).read(showing.onset_sec)[0]
    known = np.isfinite(found)
    assert np.abs(found[known] - showing.film_sec[known]).max(initial=0) <= AGREE_SEC + 1e-5


def table(rows: list[dict], *texts: str, numbers: tuple[str, ...] = ("onset_sec",)) -> pa.Table:
    fields = [(name, pa.float64()) for name in numbers] + [(name, pa.string()) for name in texts]
    return pa.Table.from_pylist(rows, pa.schema(fields))


def moments(*rows: tuple[str | None, str | None, float | None]) -> pa.Table:
    return table(
        [{"roomId": room, "participantId": person, "onset_sec": onset} for room, person, onset in rows],
        "roomId", "participantId",
    )  # fmt: skip


def media(*rows: tuple, payload: str = "data", state: str | None = None) -> pa.Table:
    """Events of (room, participant, onset, type, position[, film[, length]])."""
    events = [
        {
            "roomId": room, "participantId": person, "onset_sec": onset, "eventType": kind, "stateId": state,
            payload: json.dumps(dict(zip(("currentTime", "mediaId", "duration"), told, strict=False))),
        }
        for room, person, onset, kind, *told in rows
    ]  # fmt: skip
    return table(events, "roomId", "participantId", "eventType", "stateId", payload)


SHOWN = [("r", "a", 10.0, "media.play", 0.0), ("r", "a", 110.0, "media.ended", 100.0)]


@pytest.mark.parametrize("payload", ["data", "value", "metadata", "context"])
def test_positions_are_read_wherever_they_stand(payload):
    found = film_time(moments(("r", "a", 60.0)), media(*SHOWN, payload=payload), None)
    assert found.stimulus_sec.tolist() == [50]


def test_what_cannot_be_read_is_no_position():
    odd = media(*SHOWN)
    for broken in (
        "not json",
        "[1]",
        '{"currentTime": "ten"}',
        '{"currentTime": true}',
        '{"currentTime": 1e300}',
        None,
    ):
        events = odd.set_column(odd.schema.get_field_index("data"), "data", pa.array([broken, broken]))
        assert np.isnan(film_time(moments(("r", "a", 60.0)), events, None).stimulus_sec).all()


def test_a_length_of_zero_is_not_known_yet():
    events = media(
        ("r", "a", 0.0, "media.play", 0.0, "vid", 0), ("r", "a", 0.1, "media.playing", 0.1, "vid", 50.0)
    )
    assert film_time(moments(("r", "a", 0.05), ("r", "a", 40.0)), events, None).stimulus_sec.tolist() == [
        0.05,
        40,
    ]
    unknown = film_time(moments(("r", "a", 0.0)), events.slice(0, 1), None)
    assert np.isnan(unknown.stimulus_sec).all()


def test_rows_of_no_room_onset_or_log_have_no_film_time():
    rows = moments((None, "a", 60.0), ("r", "a", None), ("s", "a", 60.0), ("r", "a", NAN), ("r", "a", 60.0))
    events = pa.concat_tables(
        [media(*SHOWN), media((None, "a", 0.0, "media.play", 0.0), (None, "a", 99.0, "media.ended", 99.0))]
    )
    found = film_time(rows, events, None)
    assert same(found.stimulus_sec.tolist(), [NAN, NAN, NAN, NAN, 50])
    assert found.film == [None] * 5
    assert film_time(rows.slice(0, 0), events, None).film == []


def test_films_are_named_by_the_log_else_by_the_state():
    named = media(
        ("r", "a", 0.0, "media.play", 0.0, "vid_a", 50.0), ("r", "a", 60.0, "media.play", 0.0, "vid_b", 50.0)
    )
    rows = moments(("r", "a", 20.0), ("r", "a", 55.0), ("r", "a", 70.0))
    found = film_time(rows, named, None)
    assert found.film == ["vid_a", None, "vid_b"]
    assert same(found.stimulus_sec.tolist(), [20, NAN, 10])
    assert film_time(moments(("r", "a", 60.0)), media(*SHOWN, state="st_film"), None).film == ["st_film"]


def test_who_was_away_is_told_by_the_others():
    host = [("r", "host", 0.0, "media.play", 0.0), ("r", "host", 50.0, "media.pause", 50.0),
            ("r", "host", 80.0, "media.play", 50.0), ("r", "host", 180.0, "media.ended", 150.0)]  # fmt: skip
    viewer = [("r", "viewer", 0.1, "media.play", 0.0), ("r", "viewer", 180.1, "media.ended", 150.0)]
    rows = moments(*[("r", who, at) for who in ("viewer", "observer", None) for at in (20.0, 60.0, 100.0)])
    found = film_time(rows, media(*host, *viewer), None).stimulus_sec.tolist()
    assert found == pytest.approx([20, 50, 70] * 3)


def test_own_player_comes_first():
    host = [("r", "host", 0.0, "media.play", 0.0), ("r", "host", 100.0, "media.ended", 100.0)]
    viewer = [("r", "viewer", 0.4, "media.play", 0.0), ("r", "viewer", 100.4, "media.ended", 100.0)]
    found = film_time(moments(("r", "viewer", 50.0)), media(*host, *viewer), None)
    assert found.stimulus_sec.tolist() == pytest.approx([49.6])


def test_players_that_go_their_own_ways_tell_nothing_of_others():
    log = {
        ("r", "a"): [Said(0, "plays", 0), Said(100, "ends", 100)],
        ("r", "b"): [Said(30, "plays", 0), Said(130, "ends", 100)],
    }
    clock = room_clocks(log)["r"]
    assert not clock.together
    assert clock.read("a", np.array([50.0]))[0].tolist() == [50]
    assert clock.read("b", np.array([50.0]))[0].tolist() == [20]
    assert np.isnan(clock.read("c", np.array([50.0]))[0]).all()
    other_film = {
        ("r", "a"): [Said(0, "plays", 0, "x"), Said(100, "ends", 100)],
        ("r", "b"): [Said(0, "plays", 0, "y"), Said(100, "ends", 100)],
    }
    assert not room_clocks(other_film)["r"].together


def asked(*rows: dict) -> pa.Table:
    """Sparse ratings."""
    whole = [
        {
            "roomId": "r",
            "participantId": "a",
            **row,
            "sparseRatingData": json.dumps(row.get("sparseRatingData")),
        }
        for row in rows
    ]
    return table(
        whole, "roomId", "participantId", "stimulusId", "sparseRatingData",
        numbers=("onset_sec", "stimulusTime"),
    )  # fmt: skip


def pause(stopped_ms: float | None, resumed_ms: float | None, film_ms: float, **more) -> dict:
    told = {"videoId": "vid", "videoRelativeTime": film_ms, **more}
    told |= {"mediaPauseOnset": stopped_ms} if stopped_ms is not None else {}
    told |= {"mediaResumeOnset": resumed_ms} if resumed_ms is not None else {}
    return {"onset_sec": 0.0 if stopped_ms is None else stopped_ms / 1000 + 0.3, "sparseRatingData": told}


@pytest.mark.parametrize(
    "second",
    [
        pause(100_000, 120_000, 70_000),
        pause(100_000, None, 70_000, actualPauseDuration=20_000),
        pause(None, 120_000, 70_000, actualPauseDuration=20_000),
    ],
)
def test_pauses_of_sparse_ratings_stand_in_for_events(second):
    sparse = asked(pause(40_000, 60_000, 30_000), second)
    rows = moments(*[("r", "a", at) for at in (39.0, 50.0, 80.0, 110.0, 121.0)])
    found = film_time(rows, None, sparse)
    assert same(found.stimulus_sec.tolist(), [NAN, 30, 50, 70, NAN])
    assert found.film == [None, "vid", "vid", "vid", None]


def test_what_lies_between_two_pauses_is_missing_where_they_disagree():
    buffered_meanwhile = asked(pause(40_000, 60_000, 30_000), pause(103_000, 120_000, 70_000))
    found = film_time(moments(("r", "a", 80.0)), None, buffered_meanwhile)
    assert np.isnan(found.stimulus_sec).all()


def test_a_pause_that_the_events_lack_comes_from_the_question():
    events = media(("r", "a", 0.0, "media.play", 0.0, "vid_of_events"), ("r", "a", 80.0, "media.ended", 60.0))
    rows = moments(("r", "a", 10.0), ("r", "a", 50.0), ("r", "a", 70.0))
    assert np.isnan(film_time(rows, events, None).stimulus_sec).all()
    found = film_time(rows, events, asked(pause(40_000, 60_000, 40_000)))
    assert found.stimulus_sec.tolist() == pytest.approx([10, 40, 50])
    assert found.film == ["vid_of_events"] * 3


def test_a_row_s_own_film_time_is_taken_as_it_is():
    rows = asked(
        {"onset_sec": 1.0, "stimulusTime": 5_000.0, "stimulusId": "vid_a"},
        {"onset_sec": 2.0, "sparseRatingData": {"videoRelativeTime": 7_000, "videoId": "vid_b"}},
        {"onset_sec": 60.0},
    )
    found = film_time(rows, media(*SHOWN), None)
    assert found.stimulus_sec.tolist() == [5, 7, 50]
    assert found.film == ["vid_a", "vid_b", None]


def test_a_sparse_rating_without_a_pause_says_nothing_of_the_film():
    sparse = asked({"onset_sec": 50.0, "stimulusTime": 40_000.0})
    assert film_time(moments(("r", "a", 60.0)), media(*SHOWN), sparse).stimulus_sec.tolist() == [50]


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("media.play", "plays"), ("media.resumed", "plays"), ("media_start", "plays"), ("media.pause", "pauses"),
        ("media.buffering_start", "buffers"), ("media.bufferingEnd", "buffered"), ("media.stalled", "buffers"),
        ("media.seeked", "seeks"), ("media.sync_seek", "seeks"), ("media.ended", "ends"), ("media.complete", "ends"),
        ("media.volume", ""), ("state.enter", ""), ("", ""), (None, ""),
    ],
)  # fmt: skip
def test_words(kind, word):
    assert media_word(kind) == word
