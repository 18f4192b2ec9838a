"""The planted truths can be found in the records themselves, by what a learner would do."""

from __future__ import annotations

import functools
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hs_jupyter.demo_study import cast, generate, truths
from hs_jupyter.demo_study.parameters import Parameters

PARAMETERS = Parameters()
ROOMS = {room.id: room for room in cast.rooms(PARAMETERS)}


@functools.cache
def table(name: str, room: str) -> pd.DataFrame:
    """The records of one room as they go over the wire."""
    place = ROOMS[room]
    make = generate.makers(PARAMETERS.hz)[name]
    return pd.DataFrame([wire for _, wire in generate.shaped(name, place, make(place))])


def film_seconds(room: str, onset_ms: Any) -> np.ndarray:
    """Film time at these onsets, from the media events alone."""
    events = table("events", room)
    payload = "value" if "value" in events else "data"
    host = ROOMS[room].host.id
    media = events[(events.category == "media") & (events.participantId == host)].sort_values("onset")
    position = [one["currentTime"] * 1000 for one in media[payload]]
    return np.interp(onset_ms, media.onset, position) / 1000


def slider(room: str, participant: str, scale: str) -> pd.Series:
    """One person's slider on 0..1, by film second."""
    ratings = table("ratings", room)
    one = ratings[(ratings.participantId == participant) & (ratings.componentId == scale)]
    low, high = (-100, 100) if scale == "valence" else (0, 100)
    return pd.Series(
        ((one.rawValue - low) / (high - low)).to_numpy(), film_seconds(room, one.onset.to_numpy())
    )


def on_grid(series: pd.Series, grid: np.ndarray) -> np.ndarray:
    return np.interp(grid, series.index, series.to_numpy())


GRID = np.arange(5.0, 595.0, 1.0)
COMPLETE = [one for one in ROOMS.values() if one.status == "completed" and one.experiment == truths.PAIRS]
SOLO = [one for one in ROOMS.values() if one.experiment == truths.SOLO]


def test_the_cast_is_as_promised() -> None:
    pairs = [room for room in ROOMS.values() if room.experiment == truths.PAIRS]
    assert sorted(len(room.people) for room in pairs) == [2] * 12 + [4]
    assert [len(room.people) for room in SOLO] == [1] * 24
    troubled = [
        room.id for room in pairs if room.status == "abandoned" or any(one.away for one in room.people)
    ]
    assert troubled == [truths.DROPPED.room, truths.ABANDONED.room, truths.TIMED_OUT.room]
    assert {room.age for room in pairs} == {"old", "new"} == {room.age for room in SOLO}


def test_film_starts_and_pauses_differ_from_room_to_room() -> None:
    starts = [room.film.start_sec for room in ROOMS.values()]
    assert np.ptp(starts) > 60
    pauses = [stop.length_sec for room in ROOMS.values() for stop in room.film.stops if stop.kind == "pause"]
    assert len(pauses) == 5 * len(ROOMS)
    assert min(pauses) < 9
    assert max(pauses) > 29


def test_media_events_give_the_film_time_back() -> None:
    room = ROOMS["room_pair_05"]
    film = np.arange(1.0, 599.0)
    found = film_seconds(room.id, np.asarray(room.film.onset(film)) * 1000)
    np.testing.assert_allclose(found, film, atol=0.002)


@pytest.mark.parametrize("scale", ["valence", "arousal"])
def test_the_shared_response_lies_on_film_time(scale: str) -> None:
    """People agree when lined up by the film, hardly when lined up by onset."""

    def agreement(curves: list[np.ndarray]) -> float:
        return float(np.median([np.corrcoef(a, b)[0, 1] for a, b in combinations(curves, 2)]))

    people = [(room.id, room.host.id) for room in [*COMPLETE, *SOLO] if room.id != truths.STUCK_SLIDER.room]
    by_film = agreement([on_grid(slider(*who, scale), GRID) for who in people])
    by_onset = []
    for room, participant in people:
        ratings = table("ratings", room)
        one = ratings[(ratings.participantId == participant) & (ratings.componentId == scale)]
        by_onset.append(np.interp(GRID + 100, one.onset / 1000, one.rawValue))
    assert by_film > 0.4
    assert agreement(by_onset) < by_film / 2


def test_arousal_rises_for_everyone_at_the_shared_moment() -> None:
    rises = []
    for room in [*COMPLETE, *SOLO]:
        for person in room.people:
            curve = slider(room.id, person.id, "arousal")
            peak = curve[(curve.index > 395) & (curve.index < 413)].mean()
            before = curve[(curve.index > 350) & (curve.index < 370)].mean()
            if (room.id, person.id) != (truths.STUCK_SLIDER.room, truths.STUCK_SLIDER.participant):
                rises.append(peak - before)
    assert np.median(rises) > 0.25
    assert np.mean(np.array(rises) > 0.05) > 0.95
    average = np.mean(
        [on_grid(slider(room.id, room.host.id, "arousal"), GRID) for room in [*COMPLETE, *SOLO]], axis=0
    )
    assert abs(GRID[average.argmax()] - truths.SHARED_MOMENT_SEC) < 5


def test_one_pair_is_in_close_synchrony() -> None:
    found = {}
    for room in COMPLETE:
        if len(room.people) == 2:
            both = [on_grid(slider(room.id, one.id, "valence"), GRID) for one in room.people]
            found[room.id] = np.corrcoef(*both)[0, 1]
    close = found.pop(truths.CLOSE_PAIR[0])
    assert close > 0.95
    assert close > max(found.values()) + 0.1


def test_one_viewer_is_late_for_a_minute() -> None:
    late = truths.LATE_VIEWER
    sync = table("sync", late.room)
    film = film_seconds(late.room, sync.onset.to_numpy())
    during = (film > late.start_sec + 1) & (film < late.end_sec - 1)
    assert sync.timeDrift[during].median() == pytest.approx(-truths.LATE_BY_MS, abs=25)
    assert abs(sync.timeDrift[~during].median()) < 60
    assert during.sum() > 50
    others = [
        table("sync", room.id).timeDrift
        for room in COMPLETE
        if room.id not in (late.room, truths.DROPPED.room)
    ]
    assert pd.concat(others).abs().max() < 200


def test_one_slider_is_stuck() -> None:
    stuck = truths.STUCK_SLIDER
    longest: dict[str, float] = {}
    for room in SOLO:
        curve = slider(room.id, room.host.id, truths.STUCK_SCALE)
        runs = (curve.diff() != 0).cumsum()
        longest[room.id] = max(
            span.index.max() - span.index.min() for _, span in curve.groupby(runs.to_numpy())
        )
    assert longest.pop(stuck.room) > stuck.end_sec - stuck.start_sec - 1
    assert max(longest.values()) < 60
    curve = slider(stuck.room, stuck.participant, truths.STUCK_SCALE)
    assert ((curve.index > stuck.start_sec) & (curve.index < stuck.end_sec)).sum() > 800, "still sampled"


def test_continuous_sampling_has_jitter_and_gaps() -> None:
    ratings = table("ratings", "room_pair_05")
    one = ratings[(ratings.participantId == "p_pair_05_host") & (ratings.componentId == "valence")]
    steps = one.onset.diff().dropna()
    assert steps.median() == pytest.approx(250, abs=10)
    assert steps[steps < 400].std() > 10
    assert (steps > 3000).sum() >= 6, "five pauses and a rest"
    assert 2200 < len(one) < 2400


def test_the_troubled_rooms() -> None:
    dropped = table("ratings", truths.DROPPED.room)
    film = film_seconds(truths.DROPPED.room, dropped.onset.to_numpy())
    away = (film > truths.DROPPED.start_sec + 1) & (film < truths.DROPPED.end_sec - 1)
    assert set(dropped.participantId[away]) == {"p_pair_04_host"}
    assert table("recordings", truths.DROPPED.room).participantId.value_counts()["p_pair_04_viewer"] == 2
    for span, code in ((truths.ABANDONED, "ABANDONED"), (truths.TIMED_OUT, "DISCONNECT_TIMEOUT")):
        people = table("participants", span.room).set_index("id")
        assert people.loc[span.participant, "completionCode"] == code
        ratings = table("ratings", span.room)
        assert film_seconds(span.room, ratings.onset.to_numpy()).max() < span.start_sec + 0.1
        assert table("rooms", span.room).status.tolist() == ["abandoned"]


def test_somebody_took_part_twice() -> None:
    rooms = [room.id for room in ROOMS.values() if truths.TWICE in {one.id for one in room.people}]
    assert rooms == ["room_pair_02", "room_solo_02"]
