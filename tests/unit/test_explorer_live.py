"""A running room is followed: what is new comes, within the budget, and a look that fails is said and passed over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from explorer_kernel import Kernel, rating, study_routes
from fake_service import event

from hs_jupyter.api.asking import Policy
from hs_jupyter.api.budget import Budget
from hs_jupyter.api.ledger import Limits
from hs_jupyter.errors import AuthenticationError, ServerError
from hs_jupyter.explorer import following
from hs_jupyter.explorer.following import PAUSE_SEC, SHARE, _pause
from hs_jupyter.explorer.tasks import Task
from hs_jupyter.query import make_query
from hs_jupyter.scope import Scope
from hs_jupyter.study import Study

R2 = {"kind": "room", "id": "r2"}
RATINGS = "data/ratings/continuous/room/r2"
EVENTS = "data/events/room/r2"
SCOPE = Scope("room", "r2")


class Time:
    """A clock that moves by the pauses alone; something may happen in each."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []
        self.happens: list[Any] = []

    def __call__(self) -> float:
        return self.now

    def pause(self, task: Task, seconds: float) -> None:
        task.check()
        self.now += max(seconds, 0.01)
        self.pauses.append(seconds)
        if self.happens:
            self.happens.pop(0)()


@pytest.fixture
def time(monkeypatch) -> Time:
    made = Time()
    monkeypatch.setattr(following, "monotonic", made)
    monkeypatch.setattr(Task, "pause", lambda *given: made.pause(*given))  # noqa: PLW0108 - binds the task
    return made


@pytest.fixture
def kernel() -> Kernel:
    routes = study_routes()
    routes |= {path.replace("/r1", "/r2"): [] for path in list(routes) if path.endswith("/room/r1")}
    routes[RATINGS] = [rating(n, roomId="r2") for n in range(20)]
    routes[EVENTS] = [event(n, roomId="r2", eventType="media.play") for n in range(5)]
    made = Kernel(routes)
    made.table("scopes", "rooms", parent={"kind": "experiment", "id": "e1"})
    made.ask("page", scope=R2, table="ratings")
    made.ask("page", scope=R2, table="events")
    made.service.asked.clear()
    made.sent.clear()
    return made


def news(kernel: Kernel) -> list[dict[str, Any]]:
    return [one for one in kernel.sent if one["type"] == "news" and one["id"] == "live"]


def test_new_records_come_and_the_table_is_what_hs_would_give(kernel, time) -> None:
    time.happens = [
        lambda: kernel.service.routes[RATINGS].extend([rating(20, roomId="r2"), rating(21, roomId="r2")]),
        lambda: kernel.service.routes[RATINGS].append(rating(15, roomId="r2", ratingId="late")),
    ]
    assert kernel.ask("live", id="live", scope=R2) == {"running": True}
    added = [(one["tables"][0]["table"], one["added"]) for one in news(kernel) if one["added"]]
    assert added == [("ratings", 2), ("ratings", 1)]
    held = kernel.host.shelf(SCOPE).records("ratings").table
    wanted = kernel.study.table(make_query("ratings", SCOPE))
    assert held.to_pylist() == wanted.to_pylist()
    tail = [params for path, params in kernel.service.asked if path == RATINGS and "startTime" in params]
    assert tail
    assert (
        tail[0]["startTime"] == "2026-03-02T15:00:08.999Z"
    )  # ten seconds before the last, and the rounding of bounds


@pytest.mark.parametrize(("ago", "running"), [(timedelta(minutes=3), True), (timedelta(hours=3), False)])
def test_a_room_that_no_list_tells_of_runs_while_its_events_are_new(ago, running) -> None:
    last = (datetime.now(UTC) - ago).isoformat().replace("+00:00", "Z")
    routes = study_routes() | {"data/events/room/r1": [event(0, roomId="r1", timestamp=last)]}
    made = Kernel(routes)
    asked = {"kind": "room", "id": "r1"}
    assert made.ask("types", scope=asked)["running"] is False
    assert made.ask("timeline", scope=asked, width_px=600)["running"] is running
    assert made.ask("types", scope=asked)["running"] is running
    assert not [path for path in map(str, made.service.asked) if "experiment" in path]


def test_views_follow_what_they_show(kernel, time) -> None:
    assert kernel.host.shelf(SCOPE).records("consent").table.num_rows == 0
    given = event(30, roomId="r2", eventType="consent.given")
    time.happens = [lambda: kernel.service.routes[EVENTS].append(given)]
    kernel.ask("live", id="live", scope=R2)
    assert kernel.host.shelf(SCOPE).records("consent").table["id"].to_pylist() == ["e30"]


def test_it_ends_after_a_minute_and_says_whether_the_room_still_runs(kernel, time) -> None:
    kernel.service.routes["data/rooms/experiment/e1"][1]["status"] = "completed"
    assert kernel.ask("live", id="live", scope=R2) == {"running": False}
    assert time.now >= following.FOLLOWED_SEC


def test_a_look_that_fails_is_said_and_the_next_one_follows(kernel, time) -> None:
    healthy = kernel.service.routes[RATINGS]

    def breaks() -> None:
        kernel.service.routes[RATINGS] = ServerError("out of order", status=500)

    def heals() -> None:
        kernel.service.routes[RATINGS] = [*healthy, rating(30, roomId="r2")]

    time.happens = [breaks, heals]
    kernel.ask("live", id="live", scope=R2)
    said = [one["sentence"] for one in news(kernel) if one["sentence"]]
    assert said == ["this look failed, the next one follows: out of order"]
    assert [one["added"] for one in news(kernel) if one["added"]] == [1]


def test_a_key_that_is_refused_ends_it(kernel, time) -> None:
    refused = AuthenticationError("revoked", status=401)
    time.happens = [lambda: kernel.service.routes.update({RATINGS: refused, EVENTS: refused})]
    answer = kernel.answer("live", id="live", scope=R2)
    assert (answer["reason"], answer["place"]) == ("key", "live")


def test_it_can_be_cancelled(kernel, time) -> None:
    time.happens = [lambda: kernel.desk.receive({"type": "cancel", "id": "c", "cancels": "live"})]
    answer = kernel.answer("live", id="live", scope=R2)
    assert answer["reason"] == "cancelled"
    assert not kernel.desk._open


def test_within_the_budget_one_table_is_looked_at_at_a_time(kernel, time) -> None:
    kernel.study = Study(kernel.service, Policy(Budget(Limits(per_hour=970))))
    kernel.ask("page", scope=R2, table="ratings")
    kernel.ask("page", scope=R2, table="events")
    before = len(kernel.service.asked)
    kernel.service.routes["data/rooms/experiment/e1"] = []
    kernel.ask("live", id="live", scope=R2)
    looked = [path for path, _ in kernel.service.asked[before:] if path in (RATINGS, EVENTS)]
    assert len(looked) == pytest.approx(following.FOLLOWED_SEC / _pause((968, 970)), abs=1)
    assert set(looked) == {RATINGS, EVENTS}


def test_the_pause_makes_the_rest_of_the_hour_last() -> None:
    assert _pause(None) == PAUSE_SEC
    assert _pause((10_000, 10_000)) == PAUSE_SEC
    assert _pause((970, 970)) == pytest.approx(3600 / (970 * SHARE))
    assert _pause((0, 970)) == 60.0


def test_only_a_room_with_something_loaded_is_followed(kernel, time) -> None:
    answer = kernel.answer("live", scope={"kind": "experiment", "id": "e1"})
    assert "choose a room" in answer["sentence"]
    answer = kernel.answer("live", scope={"kind": "room", "id": "r1"})
    assert "open its timeline first" in answer["sentence"]


def test_what_grows_is_looked_at_more_often(kernel, time, monkeypatch) -> None:
    monkeypatch.setattr(Study, "requests_left", lambda _: (970, 970))
    grow = [rating(100 + n, roomId="r2") for n in range(40)]
    time.happens = [lambda: kernel.service.routes[RATINGS].append(grow.pop(0))] * 30
    kernel.ask("live", id="live", scope=R2)
    tables = [one["tables"][0]["table"] for one in news(kernel)]
    assert tables.count("ratings") > tables.count("events") > 0
