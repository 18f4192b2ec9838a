"""The room that is always running."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
import requests

from hs_jupyter.demo_study import start, truths

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hs_jupyter.demo_study import DemoStudy


@pytest.fixture(scope="module")
def fresh(demo_folder: Path) -> Iterator[DemoStudy]:
    """A server that has just begun: its live room is early in the film."""
    with start(link_seconds=901) as study:
        yield study


def page(study: DemoStudy, path: str, **query: Any) -> dict[str, Any]:
    headers = {"X-API-Key": study.api_key}
    answer = requests.get(f"{study.base_url}/{path}", params=query, headers=headers, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_rows_come_as_time_goes(fresh: DemoStudy) -> None:
    path = f"data/events/room/{truths.LIVE_ROOM}"
    ratings = path.replace("events", "ratings/continuous")
    first = page(fresh, ratings, limit=1, order="desc")
    deadline = time.monotonic() + 60
    while (now := page(fresh, ratings, limit=1, order="desc"))["metadata"]["pagination"]["total"] == first[
        "metadata"
    ]["pagination"]["total"]:
        assert time.monotonic() < deadline, "nothing new came"
    assert now["data"][0]["timestamp"] > first["data"][0]["timestamp"]


def test_what_was_seen_stays(fresh: DemoStudy) -> None:
    path = f"data/ratings/continuous/room/{truths.LIVE_ROOM}"
    before = page(fresh, path)["data"]
    after = page(fresh, path)["data"]
    assert before
    assert after[: len(before)] == before


def test_nothing_is_from_the_future(fresh: DemoStudy) -> None:
    for kind in ("events", "chat", "sync", "ratings/continuous", "ratings/sparse", "videochat", "components"):
        rows = page(fresh, f"data/{kind}/experiment/{truths.LIVE}", limit=5000)["data"]
        assert rows, kind
        assert pd.to_datetime([one["timestamp"] for one in rows]).max() <= pd.Timestamp.now("UTC")
        for pause in (one["sparseRatingData"] for one in rows if "sparseRatingData" in one):
            resumed = pause["pauseTimestamp"] + pause["actualPauseDuration"]
            assert resumed <= pd.Timestamp.now("UTC").timestamp() * 1000, (
                "an answer is there when the film goes on"
            )


def test_onset_counts_from_the_rooms_start(fresh: DemoStudy) -> None:
    room = page(fresh, f"data/rooms/experiment/{truths.LIVE}")["data"][0]
    assert room["status"] == "active"
    assert "duration" not in room
    begin = pd.Timestamp(room["startedAt"])
    for one in page(fresh, f"data/ratings/sparse/room/{truths.LIVE_ROOM}")["data"]:
        gap = (pd.Timestamp(one["timestamp"]) - begin).total_seconds() * 1000 - one["onset"]
        assert abs(gap) < 1000, "the room is the same one, a moment later"


def test_time_bounds_are_real_instants(fresh: DemoStudy) -> None:
    path = f"data/ratings/continuous/room/{truths.LIVE_ROOM}"
    rows = page(fresh, path, limit=100)["data"]
    some = page(fresh, path, startTime=rows[10]["timestamp"], endTime=rows[20]["timestamp"])["data"]
    assert {rows[10]["ratingId"], rows[20]["ratingId"]} <= {one["ratingId"] for one in some}
    assert all(rows[10]["timestamp"] <= one["timestamp"] <= rows[20]["timestamp"] for one in some)


def test_people_are_still_there(fresh: DemoStudy) -> None:
    people = page(fresh, f"data/participants/room/{truths.LIVE_ROOM}")["data"]
    assert {one["status"] for one in people} == {"active"}
    assert {one["completedAt"] for one in people} == {None}
