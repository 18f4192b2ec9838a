"""When the film ran, from what the players of a room logged."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hs_jupyter.timeline.playing import playing, playing_by_room

WORDS = st.sampled_from(["plays", "pauses", "buffers", "buffered", "ends"])
LOGS = st.lists(st.tuples(st.integers(-1000, 1000).map(float), WORDS), max_size=40).map(
    lambda log: sorted(log, key=lambda one: one[0])
)


def events(*rows: tuple[str | None, float | None, str | None]) -> pa.Table:
    schema = pa.schema([("roomId", pa.string()), ("onset_sec", pa.float64()), ("eventType", pa.string())])
    return pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema)


def spans(log) -> list[tuple[float, float]]:
    film = playing(log)
    return list(zip(film.start_sec.tolist(), film.end_sec.tolist(), strict=True))


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        ([], []),
        ([(5, "pauses"), (6, "ends")], []),
        ([(0, "plays"), (10, "ends")], [(0, 10)]),
        ([(0, "plays")], [(0, np.inf)]),
        ([(-9, "plays"), (-4, "pauses"), (2, "plays"), (8, "ends")], [(-9, -4), (2, 8)]),
        # the viewer says the same a tenth of a second later
        ([(0, "plays"), (0.1, "plays"), (9, "pauses"), (9.1, "pauses")], [(0, 9)]),
        # somebody who is away when the film goes on does not hold it up
        ([(0, "plays"), (5, "pauses"), (5.1, "pauses"), (7, "plays"), (9, "ends")], [(0, 5), (7, 9)]),
        ([(0, "plays"), (3, "buffers"), (4, "buffered"), (9, "ends")], [(0, 3), (4, 9)]),
        # a film that filled its buffer during a pause still pauses
        ([(0, "plays"), (3, "pauses"), (4, "buffers"), (5, "buffered"), (6, "plays"), (9, "ends")],
         [(0, 3), (6, 9)]),
        ([(0, "buffers"), (1, "buffered")], []),
        ([(4, "plays"), (4, "ends")], []),
    ],
)  # fmt: skip
def test_the_last_word_counts(log, expected):
    assert spans(log) == expected


def test_showings_are_told_apart_and_chosen_by_what_lies_in_them():
    film = playing([(0, "plays"), (9, "ends"), (9.1, "ends"), (20, "plays"), (25, "pauses"), (30, "plays")])
    assert film.showing.tolist() == [0, 1, 1]
    assert film.showings(np.array([27.0])).showing.tolist() == []
    chosen = film.showings(np.array([-5.0, 21.0]))
    assert chosen.start_sec.tolist() == [20, 30]
    assert chosen.within(-np.inf, 40).length_sec == 15


def test_event_types_are_read_however_they_are_spelled():
    table = events(
        ("r", 0, "media.play"), ("r", 2, "media.buffering_start"), ("r", 3, "media_buffering-end"),
        ("r", 4, "Media.Paused"), ("r", 5, "media.seeked"), ("r", 6, "media.resumed"), ("r", 7, "state.enter"),
        ("r", 8, None), ("r", 9, "media.ended"), ("s", 1, "media.pause"), (None, 1, "media.play"),
        ("r", None, "media.play"), ("r", float("nan"), "media.play"),
    )  # fmt: skip
    films = playing_by_room(table)
    assert films.keys() == {"r", ""}
    assert films["r"].start_sec.tolist() == [0, 3, 6]
    assert films["r"].end_sec.tolist() == [2, 4, 9]
    assert playing_by_room(table.slice(0, 0)) == {}


@given(LOGS, st.lists(st.floats(-2000, 2000), min_size=1, max_size=20))
def test_film_time_grows_only_while_the_film_runs(log, onsets):
    film = playing(log).within(-np.inf, 1500)
    assert (film.start_sec < film.end_sec).all()
    assert (film.start_sec[1:] >= film.end_sec[:-1]).all()
    if not len(film.start_sec):
        return
    onset_sec = np.sort(onsets)
    ran = np.diff(film.film_sec(onset_sec))
    assert (ran >= -1e-9).all()
    assert (ran <= np.diff(onset_sec) + 1e-9).all()
    assert film.film_sec(np.array([-2000.0, 2000.0])).tolist() == [0, pytest.approx(film.length_sec)]
