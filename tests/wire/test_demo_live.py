"""The room that is always running."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pandas as pd
import requests

from hs_jupyter.demo_study import truths

if TYPE_CHECKING:
    from hs_jupyter.demo_study import DemoStudy


def page(study: DemoStudy, path: str, **query: Any) -> dict[str, Any]:
    headers = {"X-API-Key": study.api_key}
    answer = requests.get(f"{study.base_url}/{path}", params=query, headers=headers, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_rows_come_as_time_goes(demo: DemoStudy) -> None:
    path = f"data/events/room/{truths.LIVE_ROOM}"
    ratings = path.replace("events", "ratings/continuous")
    first = page(demo, ratings, limit=1, order="desc")
    deadline = time.monotonic() + 60
    while (now := page(demo, ratings, limit=1, order="desc"))["metadata"]["pagination"]["total"] == first[
        "metadata"
    ]["pagination"]["total"]:
        assert time.monotonic() < deadline, "nothing new came"
    assert now["data"][0]["timestamp"] > first["data"][0]["timestamp"]


def test_what_was_seen_stays(demo: DemoStudy) -> None:
    path = f"data/ratings/continuous/room/{truths.LIVE_ROOM}"
    before = page(demo, path)["data"]
    after = page(demo, path)["data"]
    assert before
    assert after[: len(before)] == before


def test_nothing_is_from_the_future(demo: DemoStudy) -> None:
    for kind in ("events", "chat", "sync", "ratings/continuous", "ratings/sparse", "videochat", "components"):
        rows = page(demo, f"data/{kind}/experiment/{truths.LIVE}", limit=5000)["data"]
        assert rows, kind
        assert pd.to_datetime([one["timestamp"] for one in rows]).max() <= pd.Timestamp.now("UTC")


def test_onset_counts_from_the_rooms_start(demo: DemoStudy) -> None:
    room = page(demo, f"data/rooms/experiment/{truths.LIVE}")["data"][0]
    assert room["status"] == "active"
    assert "duration" not in room
    begin = pd.Timestamp(room["startedAt"])
    for one in page(demo, f"data/ratings/sparse/room/{truths.LIVE_ROOM}")["data"]:
        gap = (pd.Timestamp(one["timestamp"]) - begin).total_seconds() * 1000 - one["onset"]
        assert abs(gap) < 1000, "the room is the same one, a moment later"


def test_time_bounds_are_real_instants(demo: DemoStudy) -> None:
    path = f"data/ratings/continuous/room/{truths.LIVE_ROOM}"
    rows = page(demo, path, limit=100)["data"]
    some = page(demo, path, startTime=rows[10]["timestamp"], endTime=rows[20]["timestamp"])["data"]
    assert {rows[10]["ratingId"], rows[20]["ratingId"]} <= {one["ratingId"] for one in some}
    assert all(rows[10]["timestamp"] <= one["timestamp"] <= rows[20]["timestamp"] for one in some)


def test_people_are_still_there(demo: DemoStudy) -> None:
    people = page(demo, f"data/participants/room/{truths.LIVE_ROOM}")["data"]
    assert {one["status"] for one in people} == {"active"}
    assert {one["completedAt"] for one in people} == {None}
