"""A long table in the store is read piece by piece, and is the same table row by row."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from explorer_kernel import ROOM, Kernel, rating, study_routes
from hypothesis import given
from hypothesis import strategies as st

from hs_jupyter.catalog import data_type
from hs_jupyter.charts import series
from hs_jupyter.charts.series import series_of
from hs_jupyter.errors import DamagedError
from hs_jupyter.explorer import sources
from hs_jupyter.explorer.searching import text_rows
from hs_jupyter.explorer.selection import Selection
from hs_jupyter.explorer.shelf import Shelf
from hs_jupyter.explorer.sources import InMemory, Stored
from hs_jupyter.explorer.tasks import Task
from hs_jupyter.query import make_query
from hs_jupyter.scope import Scope
from hs_jupyter.storage import open_space
from hs_jupyter.study import Study

SCOPE = Scope("room", "r1")
RATINGS = data_type("ratings")
COUNT = 700


def records() -> list[dict[str, Any]]:
    """Ratings of which several share an instant, some come late, and some have no instant."""
    made = [
        rating(n // 3, ratingId=f"q{n:05}", participantId=f"p{n % 3}", value=n % 7 / 7) for n in range(COUNT)
    ]
    for n in range(0, COUNT, 97):
        made[n]["timestamp"] = None
    return made[::-1]


@pytest.fixture(scope="module")
def pair(tmp_path_factory) -> tuple[Stored, InMemory, Study]:
    space = open_space(
        tmp_path_factory.mktemp("store"), server="https://api.example/api/v3", organization=None
    )
    kernel = Kernel(study_routes(**{"data/ratings/continuous/room/r1": records()}))
    Study(kernel.service, None, space).table(make_query("ratings", SCOPE))
    study = Study(None, None, space)
    holding = study.holding(make_query("ratings", SCOPE))
    assert holding is not None
    return Stored(study, holding), InMemory(study.table(make_query("ratings", SCOPE))), study


def test_it_has_the_rows_and_columns_of_the_table(pair) -> None:
    stored, memory, _ = pair
    assert stored.rows == memory.rows == COUNT
    assert stored.schema.names == memory.schema.names
    assert not stored.is_read


@given(
    st.integers(0, COUNT - 1),
    st.integers(0, 60),
    st.lists(st.sampled_from(["ratingId", "value", "timestamp", "scale"]), min_size=1),
)
def test_a_stretch_is_that_of_the_table(pair, start, length, names) -> None:
    stored, memory, _ = pair
    names = list(dict.fromkeys(names))
    rows = np.arange(start, min(start + length, COUNT))
    fresh = Stored(stored._study, stored._holding)
    assert (
        fresh.take(rows, names, np.arange(COUNT)[start // 2 :]).to_pylist()
        == memory.take(rows, names).to_pylist()
    )


@given(st.lists(st.integers(0, COUNT - 1), max_size=30), st.booleans())
def test_scattered_records_are_those_of_the_table(pair, rows, near) -> None:
    stored, memory, _ = pair
    fresh = Stored(stored._study, stored._holding)
    wanted = np.array([one // 20 if near else one for one in rows], np.int64)
    assert fresh.take(wanted, ["ratingId"]).to_pylist() == memory.take(wanted, ["ratingId"]).to_pylist()


def test_looking_at_a_page_reads_a_stretch_and_not_the_table(pair, monkeypatch) -> None:
    stored, _, study = pair
    monkeypatch.setattr(Study, "table", None)
    fresh = Stored(study, stored._holding)
    names = ["ratingId", "value"]
    assert fresh.take(np.arange(100, 150), names, np.arange(90, 160)).num_rows == 50
    assert fresh._near[1].num_rows < 100
    held = fresh._near
    fresh.take(np.arange(152, 158), ["value"], np.arange(140, 170))
    assert fresh._near is held


def test_sorted_and_filtered_records_are_read_without_the_rest_of_the_table(pair, monkeypatch) -> None:
    stored, memory, study = pair
    monkeypatch.setattr(Study, "table", None)
    fresh = Stored(study, stored._holding)
    rows = np.arange(0, 600, 50)[::-1]
    wanted = memory.take(rows, ["ratingId", "value"]).to_pylist()
    assert fresh.take(rows, ["ratingId", "value"], rows).to_pylist() == wanted
    assert fresh._near[1].num_rows < 50
    assert fresh.take(np.arange(0), ["value"]).equals(memory.take(np.arange(0), ["value"]))
    assert not fresh._columns
    assert text_rows(fresh, "q0001").tolist() == text_rows(memory, "q0001").tolist()
    assert not fresh._columns


def test_columns_are_read_once_and_the_whole_table_takes_their_place(pair) -> None:
    stored, memory, study = pair
    fresh = Stored(study, stored._holding)
    assert fresh.select(["value", "onset_sec"]).equals(memory.select(["value", "onset_sec"]))
    assert set(fresh._columns) == {"value", "onset_sec"}
    assert fresh.whole().num_rows == COUNT
    assert not fresh._columns
    assert fresh.select(["onset_sec"]).equals(memory.select(["onset_sec"]))


def test_its_pieces_are_drawn_as_the_table_is(pair, monkeypatch) -> None:
    stored, memory, study = pair
    names = ["participantId", "componentId", "onset_sec", "value_norm"]
    monkeypatch.setattr(series, "PIECE", 50)
    wanted = series_of(memory.select(names), "value_norm")
    fresh = Stored(study, stored._holding)
    for pieces in (fresh.pieces(names), fresh.select(names)):
        assert pieces.num_rows == COUNT
        for one, other in zip(series_of(pieces, "value_norm"), wanted, strict=True):
            assert (one.participant, one.scale, one.room) == (other.participant, other.scale, other.room)
            assert one.onset_sec.tolist() == other.onset_sec.tolist()
            assert one.value.tolist() == other.value.tolist()


def test_pieces_of_what_is_damaged_are_those_of_a_new_answer(pair, monkeypatch) -> None:
    stored, memory, study = pair
    fresh = Stored(study, stored._holding)

    def damaged(*_: Any) -> None:
        raise DamagedError("gone")

    monkeypatch.setattr(type(stored._holding), "each", damaged)
    found = list(fresh.pieces(["onset_sec"]).each(lambda piece: piece["onset_sec"].to_pylist()))
    assert found == [memory.select(["onset_sec"])["onset_sec"].to_pylist()]


@pytest.fixture
def shelf(pair, monkeypatch) -> Shelf:
    monkeypatch.setattr(sources, "LARGE", 100)
    return Shelf(pair[2], SCOPE)


def test_a_long_stored_table_is_whole_at_once(shelf) -> None:
    found = shelf.small("ratings", Task("t", lambda _: None))
    assert isinstance(found.source, Stored)
    state = shelf.state("ratings")
    assert (state.whole, state.loaded, state.announced, state.stored) == (True, COUNT, COUNT, True)
    assert shelf.whole("ratings", Task("t", lambda _: None)) is found


def test_pages_selection_sort_text_and_data_are_those_of_memory(pair, shelf, monkeypatch) -> None:
    long, short = Kernel(), Kernel()
    long.study, short.study = (Study(None, None, pair[2].space) for _ in range(2))
    asks: list[dict[str, Any]] = [
        {"offset": 250, "count": 30},
        {"offset": 650, "count": 200},
        {"offset": 5, "count": 30, "sort": {"column": "value", "order": "desc"}},
        {"count": 50, "sort": {"column": "participantId"}},
        {"count": 50, "selection": {"window": [20, 80], "participants": ["p1"]}},
        {"count": 50, "filter": "q0001", "selection": {"window": [0, 80]}},
        {"offset": 10_000, "count": 5},
    ]
    for fields in asks:
        wanted = long.table("page", "rows", scope=ROOM, table="ratings", **fields)
        with monkeypatch.context() as patch:
            patch.setattr(sources, "LARGE", 10**9)
            assert short.table("page", "rows", scope=ROOM, table="ratings", **fields) == wanted
    assert isinstance(long.host.shelf(SCOPE).records("ratings").source, Stored)
    assert isinstance(short.host.shelf(SCOPE).records("ratings").source, InMemory)
    selection = {"window": [20, 80], "participants": ["p1"], "types": ["ratings"]}
    for kernel in (long, short):
        kernel.ask("push", scope=ROOM, selection=selection, name="x")
    assert long.variables["x"].ratings.equals(short.variables["x"].ratings)
    counts = [kernel.ask("counts", scope=ROOM, selection=selection) for kernel in (long, short)]
    assert counts[0] == counts[1]


def test_a_window_of_a_long_table_is_pushed_without_reading_all_of_it(pair, shelf) -> None:
    from hs_jupyter.explorer.handle_selection import selected_table

    selection = Selection(window=(20, 30))
    found = selected_table(shelf, selection, "ratings", Task("t", lambda _: None))
    assert found["onset_sec"].between(20, 30).all()
    assert not shelf.records("ratings").source.is_read


def test_the_timeline_reads_pieces_of_the_columns_it_draws(pair, monkeypatch) -> None:
    monkeypatch.setattr(sources, "LARGE", 100)
    kernel = Kernel()
    kernel.study = Study(None, None, pair[2].space)  # another one shares what it holds
    answer = kernel.ask("timeline", scope=ROOM, width_px=600)
    assert [one["table"] for one in answer["missing"]] == [
        "events", "recordings", "chat", "ratings_sparse", "sync",
    ]  # fmt: skip
    held = kernel.host.shelf(SCOPE).records("ratings").source
    assert not held.is_read
    states = {one["table"]: one for one in kernel.ask("types", scope=ROOM)["tables"]}
    assert answer["drawn"] == {"ratings": states["ratings"]["version"]}
    assert states["events"]["version"] == 0
    assert not held._columns  # what is drawn is read piece by piece, and nothing of it stays but the lines


def test_what_is_cleared_while_it_is_looked_at_is_asked_for_again(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(sources, "LARGE", 100)
    kernel = Kernel(study_routes(**{"data/ratings/continuous/room/r1": records()}))
    space = open_space(tmp_path, server="https://api.example/api/v3", organization=None)
    kernel.study = Study(kernel.service, None, space)
    kernel.study.table(make_query("ratings", SCOPE))
    before = kernel.table("page", "rows", scope=ROOM, table="ratings", offset=100, count=20)
    assert isinstance(kernel.host.shelf(SCOPE).records("ratings").source, Stored)
    space.clear()
    kernel.host.shelf(SCOPE).records("ratings").source._near = None
    sort = {"column": "ratingId"}
    assert kernel.ask("page", scope=ROOM, table="ratings", sort=sort)["total"] == COUNT
    assert kernel.table("page", "rows", scope=ROOM, table="ratings", offset=100, count=20) == before


@pytest.mark.parametrize("type_", ["recordings", "variables"])
def test_what_is_no_points_in_time_is_read_whole(pair, type_) -> None:
    assert sources.stored_source(pair[2], data_type(type_), SCOPE) is None
