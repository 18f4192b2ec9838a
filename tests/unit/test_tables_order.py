"""Every record once and in its place: identities, and rows put in order without a second copy of them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.scope import Scope
from hs_jupyter.tables import identity, order
from hs_jupyter.tables.collect import TableBuilder
from hs_jupyter.tables.identity import IDENTITY, Seen
from hs_jupyter.tables.order import sort_table
from hs_jupyter.tables.values import INSTANT

EVENTS = DATA_TYPES["events"]


def table_of(rows):
    builder = TableBuilder(EVENTS, Scope("room", "r"))
    builder.add(rows)
    return builder.table()


def plainly_sorted(rows):
    """Sort as the words say: by time, then by ID; what is missing comes last; equal ones stay."""
    return sorted(rows, key=lambda row: [(value is None, value or 0) for value in row[:1]] + [
        (row[1] is None, row[1] or "")
    ])  # fmt: skip


places = st.lists(st.tuples(st.none() | st.integers(-5, 5), st.none() | st.sampled_from("abcé")), max_size=60)


@given(places, st.lists(st.integers(0, 60), max_size=9), st.sampled_from([1, 3, 2**16]), st.booleans())
def test_pieces_of_any_length_are_put_in_order(places, cuts, most, presorted):
    rows = [(at, name, place) for place, (at, name) in enumerate(places)]
    wanted = plainly_sorted(rows)
    types = {"timestamp": INSTANT, "id": pa.string(), "place": pa.int64()}
    columns = zip(*(wanted if presorted else rows), strict=True) if rows else ((), (), ())
    whole = pa.table({name: pa.array(one, types[name]) for name, one in zip(types, columns, strict=True)})
    cuts = [0, *sorted(cuts), len(rows)]
    parts = [whole.slice(start, max(0, end - start)) for start, end in pairwise(cuts)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(order, "PIECE_ROWS", most)
        patch.setattr(order, "_SAMPLED", 1)
        done = sort_table(pa.concat_tables(parts), EVENTS)
    assert done["place"].to_pylist() == [place for _, _, place in wanted]


def places_of_ids(table):
    return {chunk.buffers()[2].address for chunk in table["id"].chunks if len(chunk)}


def seconds(letter, first, end):
    return [
        {"timestamp": f"2026-03-02T15:00:{sec:02}Z", "id": f"{letter}{sec:02}"} for sec in range(first, end)
    ]


def test_rows_in_order_are_not_copied():
    table = pa.concat_tables([table_of(seconds("a", 0, 30)), table_of(seconds("a", 30, 60))])
    done = sort_table(table, EVENTS)
    assert places_of_ids(done) == places_of_ids(table)


def test_pages_that_overlap_in_time_are_copied_where_they_do_alone():
    table = pa.concat_tables([table_of(seconds("a", 0, 30)), table_of(seconds("b", 28, 60))])
    done = sort_table(table, EVENTS)
    early, late = [f"a{sec:02}" for sec in range(28)], [f"b{sec:02}" for sec in range(30, 60)]
    assert done["id"].to_pylist() == [*early, "a28", "b28", "a29", "b29", *late]
    shared = [chunk for chunk in done["id"].chunks if chunk.buffers()[2].address in places_of_ids(table)]
    assert sum(map(len, shared)) == 58


ids = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=12)


@given(st.lists(ids, max_size=20), st.sampled_from([2, 8, 2**19]))
def test_an_identity_is_new_once(pages, largest):
    """Few high parts, so that many identities agree in them."""
    seen, known = Seen(), set()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identity, "_LARGEST_LEVEL", largest)
        for page in pages:
            expected = []
            for one in page:
                expected.append(one not in known)
                known.add(one)
            assert seen.fresh(np.array(page, IDENTITY)).tolist() == expected


def test_millions_of_identities_take_12_bytes_each():
    seen, random = Seen(), np.random.default_rng(1)
    for _ in range(100):
        page = np.empty(5000, IDENTITY)
        page["high"], page["low"] = random.integers(0, 2**63, 5000), random.integers(0, 2**31, 5000)
        assert seen.fresh(page).all()
    assert not seen.fresh(page).any()
    held = sum(high.nbytes + low.nbytes for high, low in seen._levels)
    assert held == 500_000 * 12
    assert len(seen._levels) < 12


def test_identities_that_look_alike_are_not_one():
    rows = [{"id": one} for one in ("1", 1, "[1]", '{"id":null}')] + [{"id": None}, {"id": ""}, {"id": 0}]
    builder = TableBuilder(EVENTS, Scope("room", "r"))
    builder.add(rows)
    assert builder.duplicates_dropped == 0
    builder.add(rows[::-1])
    assert builder.duplicates_dropped == len(rows)


def test_a_field_that_dropped_records_alone_had_does_not_stay():
    builder = TableBuilder(EVENTS, Scope("room", "r"))
    builder.add([{"id": "a", "said": None}])
    page = builder.add([{"id": "a", "stray": 1, "onset": "late"}, {"id": "b", "said": None}])
    assert "stray" not in page.column_names
    assert "said" in page.column_names
    assert builder.unread == {}
