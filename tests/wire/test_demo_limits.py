"""The service's rate limits, when they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import requests

from hs_jupyter.demo_study import keys, start

if TYPE_CHECKING:
    from pathlib import Path


def test_the_hundred_and_first_request_waits(demo_folder: Path) -> None:
    with start(rooms=2, hz=1, minutes=1, limits=True) as study, requests.Session() as session:
        session.headers["X-API-Key"] = study.api_key
        chat, sync = (f"{study.base_url}/data/{kind}/room/room_pair_01" for kind in ("chat", "sync"))
        assert {session.get(chat, timeout=30).status_code for _ in range(100)} == {200}
        refused = session.get(chat, timeout=30)
        assert refused.status_code == 429
        assert refused.json()["error"]["code"] == "RATE_LIMIT_EXCEEDED"
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
        assert session.get(sync, timeout=30).status_code == 200, "another endpoint"
        other = session.get(
            chat.replace("room_pair_01", "room_pair_02"),
            headers={"X-API-Key": keys.NO_RATINGS.text},
            timeout=30,
        )
        assert other.status_code == 200, "another key"
        assert session.get(f"{study.base_url}/health", timeout=30).status_code == 200
