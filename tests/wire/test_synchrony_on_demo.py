"""Shared experience on the demo study: what is planted is found, and on the right clock alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import pytest

import hs_jupyter as hs
from hs_jupyter.demo_study import cast, truths
from hs_jupyter.demo_study.parameters import Parameters

if TYPE_CHECKING:
    from hs_jupyter.demo_study import DemoStudy

ROOMS = {room.id: room for room in cast.rooms(Parameters())}
EXPERIMENTS = (truths.PAIRS, truths.SOLO)


class Tables(NamedTuple):
    """Both film experiments, with film time."""

    events: pd.DataFrame
    ratings: pd.DataFrame
    sparse: pd.DataFrame
    timed: pd.DataFrame


@pytest.fixture(scope="module")
def tables(demo: DemoStudy) -> Tables:
    hs.connect(base_url=demo.base_url, api_key=demo.api_key)
    events = pd.concat(hs.events(experiment=one, category="media", progress=False) for one in EXPERIMENTS)
    ratings = pd.concat(hs.ratings(experiment=one, progress=False) for one in EXPERIMENTS)
    sparse = pd.concat(hs.ratings(experiment=one, kind="sparse", progress=False) for one in EXPERIMENTS)
    return Tables(events, ratings, sparse, hs.stimulus_time(ratings, events=events))


@pytest.fixture(scope="module")
def on_film(tables: Tables) -> pd.DataFrame:
    return hs.align(tables.timed)


@pytest.fixture(scope="module")
def on_onset(tables: Tables) -> pd.DataFrame:
    return hs.align(tables.timed, clock="onset")


def true_film_sec(rows: pd.DataFrame) -> pd.Series:
    """Film time as the generator had it."""
    found = pd.Series(np.nan, index=range(len(rows)))
    room_of = rows["roomId"].reset_index(drop=True)
    for room in room_of.unique():
        film = ROOMS[room].film
        at = np.linspace(0, film.end_sec, 60_001)
        mine = room_of[room_of == room].index
        found[mine] = np.interp(rows["onset_sec"].to_numpy()[mine], film.onset(at), at)
    return found


def test_film_time_is_the_film_s(tables):
    off = tables.timed["stimulus_sec"].reset_index(drop=True) - true_film_sec(tables.timed)
    assert off.notna().all(), "every sample lies within a film"
    assert off.abs().max() < 0.15, "viewers' players log up to 0.12 s later than the host's"
    alone = tables.timed["roomId"].str.contains("solo").to_numpy()
    assert off[alone].abs().max() < 0.03
    assert set(tables.timed["stimulusId"]) == {"vid_dam"}


def test_pauses_alone_tell_the_film_time_between_them(tables):
    newer = tables.ratings[
        tables.ratings["roomId"].isin(tables.sparse.dropna(subset="stimulusTime")["roomId"])
    ]
    timed = hs.stimulus_time(newer, sparse=tables.sparse)
    off = timed["stimulus_sec"].reset_index(drop=True) - true_film_sec(timed)
    assert 0.2 < off.isna().mean() < 0.5, "before the first pause, after the last, and where it buffered"
    assert off.abs().max() <= 1


def test_answers_lie_where_the_film_was_paused(tables):
    timed = hs.stimulus_time(tables.sparse, events=tables.events).dropna(subset="stimulusTime")
    assert timed["stimulus_sec"].tolist() == pytest.approx((timed["stimulusTime"] / 1000).tolist())
    from_events = hs.stimulus_time(
        timed.drop(columns=["stimulusTime", "sparseRatingData"]), events=tables.events
    )
    assert len(timed) > 150
    assert from_events["stimulus_sec"].tolist() == pytest.approx(timed["stimulus_sec"].tolist(), abs=0.002)


@pytest.mark.parametrize(("scale", "by_film", "by_onset"), [("valence", 0.6, 0.15), ("arousal", 0.4, 0.1)])
def test_people_share_the_film_on_its_own_clock_alone(on_film, on_onset, scale, by_film, by_onset):
    found = hs.synchrony(on_film[scale], pairs="other room", level="group", null=200).iloc[0]
    naive = hs.synchrony(on_onset[scale], pairs="other room", level="group").iloc[0]
    assert found["r"] > by_film
    assert naive["r"] < by_onset
    assert found["p"] == 1 / 201
    assert abs(found["null_r_mean"]) < 0.05
    assert found["pairs"] > 1300


def test_each_with_the_mean_of_the_others(on_film, on_onset):
    found = hs.synchrony(on_film["valence"], method="leave-one-out", null=500)
    naive = hs.synchrony(on_onset["valence"], method="leave-one-out")
    assert found["r"].median() > 0.75
    assert naive["r"].median() < 0.4
    whole = found["overlap_sec"] > 500
    assert (found["p"][whole] < 0.01).mean() > 0.9
    pairs = hs.synchrony(on_film["valence"])
    assert found["r"].median() > pairs["r"].median() + 0.1, "a mean is less noisy than one other viewer"


def test_one_pair_stands_out(on_film):
    found = hs.synchrony(on_film["valence"], pairs="same room", null=500).sort_values("r", ascending=False)
    first, second = found.iloc[0], found.iloc[1]
    assert first["roomId_first"] == truths.CLOSE_PAIR[0]
    assert {first["participantId_first"], first["participantId_second"]} == set(truths.CLOSE_PAIR[1:])
    assert first["r"] > 0.97 > second["r"] + 0.1
    assert first["p"] < 0.005


def test_all_windows_of_the_close_pair_are_close(on_film):
    close, other = (
        hs.synchrony(on_film["valence"][room], window_sec=60, step_sec=30)["r"]
        for room in (truths.CLOSE_PAIR[0], "room_pair_05")
    )
    assert close.min() > 0.9
    assert other.min() < 0


def test_of_the_close_pair_nobody_leads(on_film):
    """The viewer's response to the film is 0.1 s later, and what is their own comes at once."""
    found = hs.synchrony(on_film["valence"][truths.CLOSE_PAIR[0]], max_lag_sec=5)
    assert abs(found.loc[found["r"].idxmax(), "lag_sec"]) <= 0.25


def test_a_viewer_set_back_is_found_to_follow(tables):
    """A lag that is known: the close pair's viewer, 1.5 s later."""
    late = tables.timed.copy()
    late.loc[late["participantId"] == truths.CLOSE_PAIR[2], "stimulus_sec"] += 1.5
    aligned = hs.align(late[late["roomId"] == truths.CLOSE_PAIR[0]])["valence"]
    found = hs.synchrony(aligned, max_lag_sec=5, null=200)
    best = found.loc[found["r"].idxmax()]
    assert (best["participantId_first"], best["lag_sec"]) == (truths.CLOSE_PAIR[1], 1.5)
    assert best["p"] < 0.01


def test_the_shared_moment_is_where_arousal_is_shared_most(on_film):
    stuck = truths.STUCK_SLIDER
    arousal = on_film["arousal"].drop(columns=(stuck.room, stuck.participant))
    mean = arousal.mean(axis="columns")
    assert mean.idxmax() == pytest.approx(truths.SHARED_MOMENT_SEC, abs=4)
    found = hs.synchrony(arousal, method="leave-one-out", level="group", window_sec=60, step_sec=30)
    best = found.loc[found["r"].idxmax()]
    assert best["window_start_sec"] <= truths.SHARED_MOMENT_SEC <= best["window_end_sec"]


def test_a_stuck_slider_has_no_correlation_while_it_is_stuck(on_film):
    stuck = truths.STUCK_SLIDER
    found = hs.synchrony(
        on_film[truths.STUCK_SCALE], method="leave-one-out", window_sec=60, step_sec=60, min_overlap_sec=10
    )
    own = found[found["participantId"] == stuck.participant]
    inside = (own["window_start_sec"] >= stuck.start_sec) & (own["window_end_sec"] <= stuck.end_sec)
    assert inside.sum() >= 3
    assert own.loc[inside, "r"].isna().all()
    assert own.loc[~inside, "r"].notna().sum() >= 4
    assert found.loc[found["participantId"] != stuck.participant, "r"].isna().mean() < 0.1


def test_the_late_viewer_s_minute_in_film_time(tables):
    sync = hs.sync(room=truths.LATE_VIEWER.room, progress=False)
    drift = hs.align(hs.stimulus_time(sync, events=tables.events), hz=1, value="timeDrift")["timeDrift"]
    late = drift[truths.LATE_VIEWER.room, truths.LATE_VIEWER.participant].loc[lambda ms: ms < -200]
    assert (late.index.min(), late.index.max()) == pytest.approx(
        (truths.LATE_VIEWER.start_sec, truths.LATE_VIEWER.end_sec), abs=1.5
    )
    assert late.median() == pytest.approx(-truths.LATE_BY_MS, abs=15)


def test_who_left_is_missing_from_then_on(on_film):
    for span in (truths.ABANDONED, truths.TIMED_OUT):
        one = on_film["valence"][span.room, span.participant]
        assert one.last_valid_index() == pytest.approx(span.start_sec, abs=15)
    away = on_film["valence"][truths.DROPPED.room, truths.DROPPED.participant]
    assert away.loc[truths.DROPPED.start_sec + 1 : truths.DROPPED.end_sec - 1].isna().all()
