"""Recording files: links that are signed and expire, bytes without a key, ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

from hs_jupyter.demo_study import start

if TYPE_CHECKING:
    from pathlib import Path

    from hs_jupyter.demo_study import DemoStudy

ROOM = "room_pair_07"


def recordings(study: DemoStudy, room: str = ROOM) -> list[dict[str, object]]:
    headers = {"X-API-Key": study.api_key}
    answer = requests.get(f"{study.base_url}/data/recordings/room/{room}", headers=headers, timeout=30)
    return answer.json()["data"]


def mint(study: DemoStudy, path: object) -> str:
    answer = requests.get(f"{study.base_url}{path}", headers={"X-API-Key": study.api_key}, timeout=30)
    body = answer.json()
    assert body["status"] == "success"
    assert "metadata" not in body
    return body["data"]["url"]


def test_a_minted_link_needs_no_key(demo: DemoStudy) -> None:
    record = recordings(demo)[0]
    answer = requests.get(mint(demo, record["downloadPath"]), timeout=60)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "video/mp4"
    assert int(answer.headers["Content-Length"]) == len(answer.content) == record["fileSize"]
    assert answer.content[4:8] == b"ftyp"


def test_minting_needs_a_key(demo: DemoStudy) -> None:
    path = recordings(demo)[0]["downloadPath"]
    assert requests.get(f"{demo.base_url}{path}", timeout=30).status_code == 401


def test_a_range_is_served(demo: DemoStudy) -> None:
    link = mint(demo, recordings(demo)[0]["downloadPath"])
    whole = requests.get(link, timeout=60).content
    part = requests.get(link, headers={"Range": "bytes=1000-1999"}, timeout=30)
    assert part.status_code == 206
    assert part.content == whole[1000:2000]
    assert part.headers["Content-Range"] == f"bytes 1000-1999/{len(whole)}"
    assert requests.get(link, headers={"Range": "bytes=-10"}, timeout=30).content == whole[-10:]
    assert requests.get(link, headers={"Range": f"bytes={len(whole)}-"}, timeout=30).status_code == 416


def test_a_changed_link_is_refused(demo: DemoStudy) -> None:
    link = mint(demo, recordings(demo)[0]["downloadPath"])
    other = recordings(demo)[1]["recordingId"]
    changed = [
        link.replace("EG_pair_07_0", str(other)),
        link.replace("expires=1", "expires=2"),
        link[:-1] + ("0" if link[-1] != "0" else "1"),
    ]
    for one in changed:
        assert one != link
        answer = requests.get(one, timeout=30)
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "SIGNATURE_MISMATCH"
    assert requests.get(link.split("?")[0], timeout=30).status_code == 400


def test_an_old_link_is_refused(demo_folder: Path) -> None:
    with start(rooms=2, hz=1, minutes=1, link_seconds=0) as study:
        link = mint(study, recordings(study, "room_group_01")[0]["downloadPath"])
        answer = requests.get(link, timeout=30)
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "EXPIRED"


def test_videos_offset_is_start_time_minus_room_start(demo: DemoStudy) -> None:
    import pandas as pd

    headers = {"X-API-Key": demo.api_key}
    rooms = requests.get(
        f"{demo.base_url}/data/rooms/experiment/exp_film_pairs", headers=headers, timeout=30
    ).json()["data"]
    for room in rooms:
        begin = pd.Timestamp(room.get("startedAt") or room["firstStateStartedAt"])
        for one in recordings(demo, room["id"]):
            start_at, end_at = (pd.Timestamp(one[name]) for name in ("startTime", "endTime"))
            assert (start_at - begin).total_seconds() * 1000 == pytest.approx(one["videoOffset"])
            assert (end_at - start_at).total_seconds() * 1000 == pytest.approx(one["duration"])
