"""`hs.quality` finds the faults hidden in the demo study, and calls nobody else bad."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import hs_jupyter as hs
from hs_jupyter.api.connection import Session
from hs_jupyter.demo_study import keys, truths
from hs_jupyter.demo_study.ratings import SCALES
from hs_jupyter.errors import ForbiddenError
from hs_jupyter.functions import session

if TYPE_CHECKING:
    import pandas as pd

    from hs_jupyter.demo_study import DemoStudy


@pytest.fixture(autouse=True)
def connected(demo: DemoStudy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "_SESSION", Session({}))
    hs.connect(base_url=demo.base_url, api_key=demo.api_key)


def faults(table: pd.DataFrame) -> set[tuple[str, str, str]]:
    bad = table[table["status"] != "ok"]
    return set(zip(bad["participantId"], bad["componentId"], bad["status"], strict=True))


def of_both_scales(participant: str, status: str) -> set[tuple[str, str, str]]:
    return {(participant, scale, status) for scale in SCALES}


def test_the_pairs_with_faults_and_no_others_stand_on_top() -> None:
    table = hs.quality(experiment=truths.PAIRS, progress=False)
    expected = (
        of_both_scales(truths.LATE_VIEWER.participant, "late")
        | of_both_scales(truths.DROPPED.participant, "gap")
        | of_both_scales(truths.ABANDONED.participant, "dropped out")
        | of_both_scales(truths.TIMED_OUT.participant, "dropped out")
        | of_both_scales("p_pair_10_host", "cut short")
        | of_both_scales("p_pair_11_host", "cut short")
    )
    assert faults(table) == expected
    assert (table["status"][: len(expected)] != "ok").all()
    assert len(table) == 28 * len(SCALES)
    sound = table[table["status"] == "ok"]
    assert sound["coverage"].between(0.95, 1).all()
    assert (sound["longest_gap_sec"] < 15).all()
    assert table["coverage"].between(0, 1).all()
    assert table.attrs["hs"]["warnings"] == []


def test_alone_one_slider_is_stuck() -> None:
    table = hs.quality(experiment=truths.SOLO, progress=False)
    assert faults(table) == {(truths.STUCK_SLIDER.participant, truths.STUCK_SCALE, "stuck")}
    stuck = table.iloc[0]
    assert stuck["stuck_sec"] == pytest.approx(240, abs=15), "less the rest of the hand"
    assert table["stuck_sec"][1:].max() < 60
    assert table["drift_median_ms"].isna().all()


@pytest.mark.parametrize(
    ("span", "status"),
    [
        (truths.LATE_VIEWER, "late"),
        (truths.DROPPED, "gap"),
        (truths.ABANDONED, "dropped out"),
        (truths.TIMED_OUT, "dropped out"),
        (truths.STUCK_SLIDER, "stuck"),
    ],
)
def test_a_room_says_where_to_look(span: truths.Span, status: str) -> None:
    table = hs.quality(room=span.room, progress=False)
    first = table.iloc[0]
    assert (first["participantId"], first["status"]) == (span.participant, status)
    whole = hs.quality(
        experiment=truths.SOLO if "solo" in span.room else truths.PAIRS, as_="records", progress=False
    )
    assert hs.quality(room=span.room, as_="records", progress=False) == [
        row for row in whole if row["roomId"] == span.room
    ]
    media = hs.events(room=span.room, category="media", progress=False)
    played = media[media["participantId"] == media["participantId"].iloc[0]]
    before = played[played["onset_sec"] <= first["look_at_sec"]].iloc[-1]
    payload = before["value"] if isinstance(before.get("value"), dict) else before["data"]
    film_sec = payload["currentTime"] + (
        first["look_at_sec"] - before["onset_sec"] if before["eventType"] != "media.pause" else 0
    )
    assert film_sec == pytest.approx(span.start_sec, abs=3)


def test_the_late_viewer_is_late_by_so_much() -> None:
    table = hs.quality(
        participant=truths.LATE_VIEWER.participant, room=truths.LATE_VIEWER.room, progress=False
    )
    assert len(table) == len(SCALES)
    assert table["drift_p95_abs_ms"].tolist() == pytest.approx([truths.LATE_BY_MS] * 2, abs=50)
    assert table["drift_median_ms"].between(-60, 0).all()


def test_the_dropped_connection_is_as_long_as_it_was() -> None:
    table = hs.quality(room=truths.DROPPED.room, progress=False)
    length_sec = truths.DROPPED.end_sec - truths.DROPPED.start_sec
    assert table["longest_gap_sec"][:2].tolist() == pytest.approx([length_sec] * 2, abs=1)


def test_a_running_room_is_measured_as_far_as_it_is() -> None:
    table = hs.quality(room=truths.LIVE_ROOM, progress=False)
    assert set(table["status"]) <= {"ok", "no data", "sparse"}


def test_a_key_without_ratings_is_told_so(demo: DemoStudy) -> None:
    hs.connect(base_url=demo.base_url, api_key=keys.EVENTS_ONLY.text)
    with pytest.raises(ForbiddenError, match="read:ratings"):
        hs.quality(room=truths.DROPPED.room, progress=False)
