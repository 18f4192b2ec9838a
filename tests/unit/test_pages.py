"""Paging by the records received, with every quirk of the service."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hs_jupyter.api.pages import PAGE_SIZE, Request, fetch_pages
from hs_jupyter.catalog import data_type
from hs_jupyter.scope import Scope
from hs_jupyter.tables.build import sort_table
from hs_jupyter.tables.collect import TableBuilder

ROWS = [
    {"id": f"e{number:02}", "timestamp": f"2026-03-02T15:00:{number:02}Z", "onset": number * 1000}
    for number in range(30)
]


def server(rows, *, cap=1000, pagination=None):
    """Answer like the service, with pages of at most `cap`; `pagination` may add or take away."""

    def get(path, params):
        offset, limit = int(params["offset"]), min(int(params["limit"]), cap)
        page = rows[offset : offset + limit]
        end = offset + len(page)
        said = {"total": len(rows), "returned": len(page), "hasMore": end < len(rows)}
        if end < len(rows):
            said["nextOffset"] = end
        get.asked.append((offset, int(params["limit"])))
        changed = said if pagination is None else pagination(said, offset)
        return {"status": "success", "data": page, "metadata": changed}

    if pagination is None:
        pagination = lambda said, _: {"pagination": said}  # noqa: E731
    get.asked = []
    return get


def ids(get, **request):
    pages = list(fetch_pages(get, Request("data/events/room/r", **request)))
    return [record["id"] for page in pages for record in page.records]


ALL = [row["id"] for row in ROWS]


def test_everything_comes_page_by_page():
    get = server(ROWS, cap=12)
    assert ids(get) == ALL
    assert sorted(get.asked) == [(0, PAGE_SIZE), (12, PAGE_SIZE), (24, PAGE_SIZE)]


@pytest.mark.parametrize("value", ["absent", None, 0, "12", -1])
def test_without_a_next_offset_the_records_received_count(value):
    def change(said, offset):
        said.pop("nextOffset", None)
        return {"pagination": said if value == "absent" else {**said, "nextOffset": value}}

    assert ids(server(ROWS, cap=7, pagination=change)) == ALL


def test_a_wrong_total_changes_nothing():
    for total in (0, 1, 31, 10**9, None):
        get = server(
            ROWS, cap=7, pagination=lambda said, _, total=total: {"pagination": {**said, "total": total}}
        )
        assert ids(get) == ALL


def test_flat_metadata_goes_on_to_its_total():
    assert (
        ids(server(ROWS, cap=7, pagination=lambda _, offset: {"total": 30, "limit": 7, "offset": offset}))
        == ALL
    )


def test_flat_metadata_with_too_great_a_total_ends_on_an_empty_page():
    get = server(ROWS, cap=7, pagination=lambda *_: {"total": 99})
    assert ids(get) == ALL
    assert 30 in dict(get.asked)


def test_more_announced_forever_ends_on_an_empty_page():
    assert ids(server(ROWS, cap=10, pagination=lambda *_: {"pagination": {"hasMore": True}})) == ALL


def test_no_metadata_is_one_page():
    get = server(ROWS, cap=10, pagination=lambda *_: None)
    assert ids(get) == ALL[:10]
    assert len(get.asked) == 1


def test_the_same_page_again_ends_with_a_warning():
    def get(path, params):
        return {"data": ROWS[:5], "metadata": {"pagination": {"hasMore": True}}}

    pages = list(fetch_pages(get, Request("x")))
    assert [len(page.records) for page in pages] == [5, 0]
    assert "same page twice" in pages[-1].warnings[0]


def test_pages_that_overlap_lose_nothing():
    get = server(
        ROWS, cap=9, pagination=lambda said, offset: {"pagination": {**said, "nextOffset": offset + 4}}
    )
    assert sorted(set(ids(get))) == ALL


def test_who_needs_no_more_stops_asking():
    get = server(ROWS)
    next(fetch_pages(get, Request("x", page_size=3)))
    assert get.asked == [(0, 3)]


def test_an_unpaged_type_is_asked_once_without_limit():
    seen = []

    def get(path, params):
        seen.append((path, params))
        return {"data": ROWS, "metadata": {"pagination": {"hasMore": True}}}

    assert ids(get, params={"detail": "true"}, paged=False) == ALL
    assert seen == [("data/events/room/r", {"detail": "true"})]


def test_parameters_travel_with_every_page():
    seen = []
    page = server(ROWS, cap=20)

    def get(path, params):
        seen.append(params["roomId"])
        return page(path, params)

    assert ids(get, params={"roomId": "r"}) == ALL
    assert seen == ["r", "r"]


CAPS = st.lists(st.integers(1, 12), min_size=30, max_size=30)
COINS = st.lists(st.booleans(), min_size=30, max_size=30)
TOTALS = st.lists(st.none() | st.integers(0, 99), min_size=30, max_size=30)
STEPS = st.lists(st.sampled_from([None, 0, "same", "next", -1, "less"]), min_size=30, max_size=30)


@given(st.integers(0, 30), st.integers(1, 40), st.booleans(), CAPS, COINS, COINS, TOTALS | st.none(), STEPS)
def test_any_server_ends_in_exactly_the_right_rows(  # noqa: PLR0917 - drawn together
    count, size, steady, caps, wrong, flat, totals, steps
):
    """What a server says at an offset is drawn before: several threads ask it."""
    rows = ROWS[:count]

    def get(path, params):
        offset, limit = int(params["offset"]), int(params["limit"])
        which = min(offset, 29)
        page = rows[offset : offset + min(limit, caps[0 if steady else which])]
        end = offset + len(page)
        more = end < len(rows)
        said = {"hasMore": more or wrong[which], "total": len(rows)}
        if totals is not None:
            said["total"] = totals[which]
        if more:
            step = {"same": offset, "less": max(offset + 1, end - 1)}.get(steps[which], steps[which])
            said["nextOffset"] = step
        metadata = {"total": len(rows)} if flat[which] else {"pagination": said}
        return {"data": page, "metadata": metadata}

    kind, scope = data_type("events"), Scope("room", "r")
    builder = TableBuilder(kind, scope)
    for page in fetch_pages(get, Request("x", page_size=size)):
        builder.add(page.records)
    table = sort_table(builder.table(), kind)
    assert table["id"].to_pylist() == [row["id"] for row in rows]
    assert table["onset_sec"].to_pylist() == [row["onset"] / 1000 for row in rows]
