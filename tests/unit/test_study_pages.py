"""The parts of a long table: everything if it is short, else its first page; any page by its place."""

from __future__ import annotations

import pytest
from fake_service import ROOM, FakeService

from hs_jupyter.api.asking import Policy
from hs_jupyter.errors import NotFoundError
from hs_jupyter.query import make_query
from hs_jupyter.study import Study
from hs_jupyter.tables.facts import facts_of

PATH = "data/sync/room/r1"
ROWS = [
    {"metricId": f"m{n:05}", "roomId": "r1", "timestamp": f"2026-03-02T15:00:{n % 60:02}.000Z", "onset": n}
    for n in range(2500)
]


@pytest.mark.parametrize(("most", "rows", "requests"), [(2500, 2500, 3), (2499, 1000, 1)])
def test_a_preview_is_everything_or_the_first_page(most: int, rows: int, requests: int) -> None:
    service = FakeService({PATH: ROWS})
    table, whole = Study(service).preview(make_query("sync", ROOM), most)
    assert (table.num_rows, whole) == (rows, rows == len(ROWS))
    assert len(service.asked) == requests
    assert facts_of(table).rows_expected == len(ROWS)


def test_a_short_table_costs_one_request() -> None:
    service = FakeService({PATH: ROWS[:7]})
    table, whole = Study(service).preview(make_query("sync", ROOM), 100)
    assert (table.num_rows, whole, len(service.asked)) == (7, True, 1)


def test_a_preview_of_an_unknown_room_names_it() -> None:
    with pytest.raises(NotFoundError, match="room 'r1' not found"):
        Study(FakeService({"experiments": []})).preview(make_query("sync", ROOM), 100)


def test_a_page_is_one_request_for_its_records() -> None:
    service = FakeService({PATH: ROWS}, sorts=False)
    page = Study(service).page(make_query("sync", ROOM, offset=2400, limit=1000))
    assert page["metricId"].to_pylist() == [one["metricId"] for one in ROWS[2400:]]
    assert page["onset_sec"].to_pylist() == [one["onset"] / 1000 for one in ROWS[2400:]]
    assert facts_of(page).rows_expected == len(ROWS)
    [(path, params)] = service.asked
    assert (path, params["offset"], params["limit"]) == (PATH, "2400", "1000")
    assert (params["sort"], params["order"]) == ("timestamp", "asc")


def test_no_request_asks_for_more_than_the_page_size_that_was_set() -> None:
    service = FakeService({PATH: ROWS}, cap=5000)
    study = Study(service, Policy(page_size=400))
    assert study.table(make_query("sync", ROOM)).num_rows == len(ROWS)
    assert study.page(make_query("sync", ROOM, limit=1000)).num_rows == 400
    assert {params["limit"] for _, params in service.asked} == {"400"}


def test_a_page_size_of_the_service_s_own_is_never_exceeded_either() -> None:
    service = FakeService({PATH: ROWS * 2}, cap=5000)
    assert Study(service, Policy(page_size=1000)).table(make_query("sync", ROOM)).num_rows == len(ROWS)
    assert {params["limit"] for _, params in service.asked} == {"1000"}
