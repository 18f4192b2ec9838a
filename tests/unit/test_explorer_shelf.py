"""What the kernel holds of a scope: no more asked for than is looked at, nothing asked for twice."""

from __future__ import annotations

import threading

import pytest
from explorer_kernel import ROOM, Kernel, rating, stamp, study_routes

from hs_jupyter.catalog import DATA_TYPES, data_type
from hs_jupyter.errors import ForbiddenError, InputError, NetworkError
from hs_jupyter.explorer.explain import missing_key_scope
from hs_jupyter.explorer.shelf import Shelf
from hs_jupyter.explorer.tasks import CancelledError, Task
from hs_jupyter.query import make_query
from hs_jupyter.scope import Scope

RATINGS = "data/ratings/continuous/room/r1"
EVENTS = "data/events/room/r1"


def shelf_of(kernel: Kernel) -> Shelf:
    return kernel.host.shelf(Scope("room", "r1"))


def task() -> Task:
    return Task("t", lambda _: None)


def asked(kernel: Kernel, path: str = RATINGS) -> list[tuple[str, str]]:
    return [(params["offset"], params["limit"]) for one, params in kernel.service.asked if one == path]


def test_a_short_table_costs_one_request_and_is_whole() -> None:
    kernel = Kernel(study_routes(ratings=7))
    records = shelf_of(kernel).page("ratings", 0, 50, task())
    assert (records.whole, records.table.num_rows, records.announced) == (True, 7, 7)
    assert len(kernel.service.asked) == 1
    shelf_of(kernel).whole("ratings", task())
    shelf_of(kernel).small("ratings", task())
    assert len(kernel.service.asked) == 1


def test_of_a_long_table_only_the_page_that_is_looked_at_is_asked_for() -> None:
    kernel = Kernel(study_routes(ratings=5500))
    shelf = shelf_of(kernel)
    records = shelf.page("ratings", 0, 200, task())
    assert (records.whole, records.table.num_rows, records.announced) == (False, 1000, 5500)
    records = shelf.page("ratings", 4321, 100, task())
    assert asked(kernel) == [("0", "1000"), ("4321", "1000")]
    assert records.table["ratingId"].to_pylist()[-1] == "q05320"
    assert records.row_of(4321) == 1000
    assert records.row_of(2000) is None
    shelf.page("ratings", 4400, 500, task())
    assert len(asked(kernel)) == 2


def test_a_hole_between_pages_is_filled_from_its_beginning() -> None:
    kernel = Kernel(study_routes(ratings=5500))
    shelf = shelf_of(kernel)
    shelf.page("ratings", 1500, 100, task())
    records = shelf.page("ratings", 900, 700, task())
    assert asked(kernel) == [("0", "1000"), ("1500", "1000"), ("1000", "1000")]
    assert records.places is not None
    held = dict(zip(records.places.tolist(), records.table["ratingId"].to_pylist(), strict=True))
    assert all(held[place] == f"q{place:05}" for place in range(900, 1600))


def test_a_server_that_sends_smaller_pages_is_asked_until_the_span_is_there() -> None:
    kernel = Kernel(study_routes(ratings=1200), cap=100)
    records = shelf_of(kernel).page("ratings", 250, 200, task())
    assert asked(kernel) == [("0", "1000"), ("250", "1000"), ("350", "1000")]
    assert records.table.num_rows == 300


def test_a_span_beyond_the_end_asks_for_nothing() -> None:
    kernel = Kernel(study_routes(ratings=1500))
    shelf = shelf_of(kernel)
    shelf.page("ratings", 0, 10, task())
    shelf.page("ratings", 1_000_000, 10, task())
    assert asked(kernel) == [("0", "1000")]


def test_fewer_records_than_announced_end_the_search() -> None:
    kernel = Kernel(study_routes(ratings=1500))
    shelf = shelf_of(kernel)
    shelf.page("ratings", 0, 10, task())
    del kernel.service.routes[RATINGS][1200:]
    records = shelf.page("ratings", 1400, 10, task())
    assert records.announced == 1200


def test_everything_is_the_table_that_hs_gives() -> None:
    kernel = Kernel(study_routes(ratings=2500))
    shelf = shelf_of(kernel)
    shelf.page("ratings", 0, 10, task())
    whole = shelf.whole("ratings", task())
    assert whole.table.equals(kernel.study.table(make_query("ratings", Scope("room", "r1"))))
    assert shelf.state("ratings").whole


def test_the_timeline_fetches_small_tables_and_no_large_one() -> None:
    kernel = Kernel(study_routes(ratings=2500))
    assert shelf_of(kernel).small("ratings", task(), most=2500).whole
    kernel = Kernel(study_routes(ratings=2500))
    assert not shelf_of(kernel).small("ratings", task(), most=2499).whole
    assert asked(kernel) == [("0", "1000")]


def test_views_are_searched_in_what_is_held_of_their_type() -> None:
    consent = {"id": "c1", "eventType": "consent.given", "timestamp": stamp(1), "onset": 0, "roomId": "r1"}
    kernel = Kernel(study_routes(**{EVENTS: [consent, {**consent, "id": "x", "eventType": "media.play"}]}))
    shelf = shelf_of(kernel)
    assert shelf.records("consent") is None
    assert shelf.page("consent", 0, 10, task()).table["id"].to_pylist() == ["c1"]
    assert shelf.records("events").table.num_rows == 2
    assert len(kernel.service.asked) == 1
    wanted = kernel.study.table(make_query("consent", Scope("room", "r1")))
    assert (
        shelf.whole("consent", task()).table.drop_columns(["__nulls__"]).to_pylist()
        == wanted.drop_columns(["__nulls__"]).to_pylist()
    )
    assert shelf.records("consent") is shelf.records("consent")


def test_what_the_key_may_not_read_is_asked_for_once() -> None:
    refused = ForbiddenError("no", status=403, details={"required": ["read:ratings"], "provided": []})
    kernel = Kernel(study_routes(**{RATINGS: refused}))
    shelf = shelf_of(kernel)
    for _ in range(3):
        with pytest.raises(ForbiddenError):
            shelf.page("ratings", 0, 10, task())
    assert len(kernel.service.asked) == 1
    state = shelf.state("ratings")
    assert (state.readable, state.key_scope) == (False, "read:ratings")
    assert state.problem
    kernel.service.routes[RATINGS] = [rating(1)]
    assert shelf.whole("ratings", task(), refresh=True).table.num_rows == 1
    assert shelf.state("ratings").readable


def test_what_passes_is_asked_again() -> None:
    kernel = Kernel(study_routes(**{RATINGS: NetworkError("gone")}))
    shelf = shelf_of(kernel)
    with pytest.raises(NetworkError):
        shelf.page("ratings", 0, 10, task())
    assert shelf.state("ratings").readable
    kernel.service.routes[RATINGS] = [rating(1)]
    assert shelf.page("ratings", 0, 10, task()).whole
    assert shelf.state("ratings").problem is None


def test_before_anything_is_asked_the_tabs_are_known() -> None:
    kernel = Kernel()
    states = {one.table: one for one in shelf_of(kernel).states()}
    assert set(states) == {one.table for one in DATA_TYPES.values() if "room" in one.scopes}
    assert (states["ratings"].announced, states["ratings"].loaded, states["ratings"].whole) == (
        None,
        0,
        False,
    )
    assert states["ratings"].timed
    assert not states["variables"].timed
    assert states["events"].drawn
    assert states["sync"].key_scope == "read:sync"
    assert kernel.service.asked == []


def test_a_table_of_another_scope_is_refused() -> None:
    with pytest.raises(InputError, match="rooms does not exist for a room"):
        shelf_of(Kernel()).page("rooms", 0, 10, task())


def test_two_threads_that_want_the_same_ask_once() -> None:
    kernel = Kernel(study_routes(ratings=900))
    shelf = shelf_of(kernel)
    start = threading.Barrier(8)
    found = []

    def work() -> None:
        start.wait(10)
        found.append(shelf.page("ratings", 0, 50, task()).table)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(10)
    assert len(kernel.service.asked) == 1
    assert all(one is found[0] for one in found)


def test_who_waits_for_another_can_still_be_cancelled() -> None:
    shelf = shelf_of(Kernel())
    waiting = task()
    waiting.cancel()
    held = shelf._held["ratings"]
    with held.lock:
        failed = []

        def work() -> None:
            try:
                shelf.page("ratings", 0, 10, waiting)
            except CancelledError as problem:
                failed.append(problem)

        thread = threading.Thread(target=work)
        thread.start()
        thread.join(10)
    assert len(failed) == 1


def test_a_cancelled_fetch_keeps_what_it_had() -> None:
    kernel = Kernel(study_routes(ratings=5000))
    shelf = shelf_of(kernel)
    shelf.page("ratings", 0, 10, task())
    ended = task()
    ended.cancel()
    with pytest.raises(CancelledError):
        shelf.whole("ratings", ended)
    assert shelf.state("ratings").loaded == 1000


def test_every_change_is_told() -> None:
    kernel = Kernel(study_routes(ratings=1500))
    told = []
    shelf = Shelf(kernel.study, Scope("room", "r1"), lambda _, table: told.append(table))
    shelf.page("ratings", 0, 10, task())
    shelf.page("ratings", 1200, 10, task())
    shelf.whole("events", task())
    assert told == ["ratings", "ratings", "events"]


def test_another_connection_forgets_what_was_held() -> None:
    from hs_jupyter.study import Study

    kernel = Kernel()
    first = shelf_of(kernel)
    assert shelf_of(kernel) is first
    kernel.study = Study(kernel.service)
    assert shelf_of(kernel) is not first


def test_a_few_scopes_stay_in_memory() -> None:
    kernel = Kernel()
    first = kernel.host.shelf(Scope("room", "r0"))
    for number in range(1, 4):
        kernel.host.shelf(Scope("room", f"r{number}"))
    assert kernel.host.shelf(Scope("room", "r0")) is first
    for number in range(5):
        kernel.host.shelf(Scope("room", f"s{number}"))
    assert kernel.host.shelf(Scope("room", "r0")) is not first


def test_explorers_of_one_study_share_what_they_hold_and_are_told_of_changes() -> None:
    one, other = Kernel(), Kernel()
    other.study = one.study
    told = []
    other.host.changed = lambda shelf, table: told.append((shelf.scope, table))
    assert shelf_of(other) is shelf_of(one)
    one.ask("page", scope=ROOM, table="ratings")
    asked = len(one.service.asked)
    assert other.ask("page", scope=ROOM, table="ratings")["total"] == 20
    assert len(one.service.asked) == asked
    assert told == [(Scope("room", "r1"), "ratings")]


def test_studies_left_behind_are_forgotten() -> None:
    import gc
    import weakref

    first = Kernel()
    shelf_of(first)
    gone = weakref.ref(first.study)
    del first
    for _ in range(2):
        shelf_of(Kernel())
    gc.collect()
    assert gone() is None


def test_the_missing_key_scope_is_the_first_that_is_required() -> None:
    assert missing_key_scope(ForbiddenError("x", details={"required": ["a", "b"]})) == "a"
    assert missing_key_scope(ForbiddenError("x", details={"required": "a"})) is None
    assert missing_key_scope(InputError("x")) is None


def test_pages_carry_their_onsets() -> None:
    kernel = Kernel(study_routes(ratings=1500))
    assert (
        kernel.table("page", "rows", scope=ROOM, table="ratings", offset=1200, count=1)[0]["onset_sec"]
        == 1200.0
    )
    assert data_type("ratings").table == "ratings"
