"""Windows, columns and participants: exactly the rows of a full read, and no more read than is needed."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from storage_samples import (
    EVENTS,
    EXPERIMENT,
    RATINGS,
    RECORDINGS,
    START,
    facts_of,
    instant,
    keep,
    rating,
    ratings,
    space_in,
    table_of,
)

from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.errors import InputError
from hs_jupyter.scope import Scope
from hs_jupyter.storage import blocks, parts, union
from hs_jupyter.tables.build import NULLS

NAMES = ["value", "ratingId", "onset_sec", "no such", "timestamp", "roomId", "participantId"]
SECONDS = st.integers(-20, 60).map(lambda tenths: tenths / 10)


@st.composite
def logs(draw):
    """Ratings in rooms that overlap in time, some of which lack a time, an onset or a participant."""
    records = []
    for number in range(draw(st.integers(1, 40))):
        one = rating(draw(st.sampled_from(["a", "b", "c"])), number)
        one["timestamp"] = draw(st.none() | SECONDS.map(instant))
        one["onset"] = draw(st.none() | SECONDS.map(lambda seconds: seconds * 1000))
        one["participantId"] = draw(st.sampled_from([None, "p_1", "p_2", "x"]))
        records.append(one)
    return records


def lacks_or_in(column, low, high):
    inside = pc.and_(pc.greater_equal(column, low), pc.less_equal(column, high))
    return pc.fill_null(inside, fill_value=True)


@given(
    records=logs(),
    onset=st.none() | st.tuples(SECONDS, SECONDS),
    times=st.none() | st.tuples(SECONDS, SECONDS),
    participant=st.sampled_from([None, "p_1", "y"]),
    columns=st.none() | st.lists(st.sampled_from(NAMES), unique=True),
    small=st.sampled_from([0, parts.SMALL_BYTES]),
    scope=st.sampled_from([EXPERIMENT, Scope("room", "a"), Scope("participant", "p_1", room="a")]),
)
def test_a_narrow_read_is_a_full_read_narrowed(
    tmp_path_factory, *, records, onset, times, participant, columns, small, scope
):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "ROW_GROUP_ROWS", 4)
        patch.setattr("hs_jupyter.storage.splitting.MOST_ROWS", 9)
        held = keep(space_in(tmp_path_factory.mktemp("store")), table_of(records), scope=scope)
    instants = None if times is None else tuple(START + timedelta(seconds=one) for one in times)
    table = held.read()
    assert table.equals(table_of(records, scope=EXPERIMENT))
    if onset is not None:
        table = table.filter(lacks_or_in(table["onset_sec"], *onset))
    if instants is not None:
        table = table.filter(
            lacks_or_in(table["timestamp"], *(pa.scalar(one, table["timestamp"].type) for one in instants))
        )
    if participant is not None:
        table = table.filter(pc.equal(table["participantId"], participant))
    if columns is not None:
        table = table.select([name for name in columns if name in table.column_names])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "SMALL_BYTES", small)
        found = held.read(columns=columns, onset=onset, instants=instants, participant=participant)
    assert found.column_names == table.column_names
    if found.column_names:  # of a table without columns Arrow does not know the rows
        assert found.equals(table)


@given(records=logs(), small=st.sampled_from([0, parts.SMALL_BYTES]), rooms_apart=st.booleans())
def test_what_is_read_piece_by_piece_is_a_full_read(tmp_path_factory, *, records, small, rooms_apart):
    if rooms_apart:  # nothing overlaps: every part is a piece, and no column decides
        for number, one in enumerate(records):
            one["timestamp"], one["roomId"] = instant(number), "abc"[3 * number // len(records)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hs_jupyter.storage.splitting.MOST_ROWS", 9)
        patch.setattr(parts, "SMALL_BYTES", small)
        patch.setattr(union, "SMALL_BYTES", 1)
        held = keep(space_in(tmp_path_factory.mktemp("store")), table_of(records))
        wanted = held.read(columns=["participantId", "onset_sec"])
        pieces = held.each(["participantId", "onset_sec"], pa.Table.to_pylist)
        numbered = held.read(columns=["participantId", "onset_sec"], numbered=True)
    if rooms_apart and len({one["roomId"] for one in records}) > 1:
        assert len(pieces) > 1
    assert [row for piece in pieces for row in piece] == wanted.to_pylist() == numbered.to_pylist()


@given(
    records=logs(),
    moments=st.sets(SECONDS),
    columns=st.none() | st.lists(st.sampled_from(NAMES[:3]), min_size=1),
)
def test_single_instants_are_read_alone(tmp_path_factory, *, records, moments, columns):
    columns = None if columns is None else list(dict.fromkeys(columns))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "ROW_GROUP_ROWS", 4)
        patch.setattr("hs_jupyter.storage.splitting.MOST_ROWS", 9)
        held = keep(space_in(tmp_path_factory.mktemp("store")), table_of(records))
    micros = np.array(sorted(round((START.timestamp() + one) * 1e6) for one in moments), np.int64)
    table = held.read()
    at = [
        one is not None and round(one.timestamp() * 1e6) in micros for one in table["timestamp"].to_pylist()
    ]
    wanted = table.filter(pa.array(at, pa.bool_()))
    names = (
        table.column_names if columns is None else [name for name in columns if name in table.column_names]
    )
    assert held.read(moments=micros, columns=columns).to_pylist() == wanted.select(names).to_pylist()


@pytest.mark.parametrize("people", [1, 3, 7, 40])
def test_parts_of_records_that_share_instants_do_not_touch(tmp_path, monkeypatch, people):
    monkeypatch.setattr("hs_jupyter.storage.splitting.MOST_ROWS", 20)
    records = [rating("a", n, timestamp=instant(n // people)) for n in range(200)]
    held = keep(space_in(tmp_path), table_of(records))
    assert held.read().equals(table_of(records))
    pieces = held.each(["timestamp"], lambda piece: piece["timestamp"].to_pylist())
    if people < 20:  # else an instant is longer than a part, and all is one piece
        assert len(pieces) == 10
        assert all(one[-1] < other[0] for one, other in pairwise(pieces))


@given(logs())
def test_rooms_come_in_the_canonical_order(tmp_path_factory, records):
    held = keep(space_in(tmp_path_factory.mktemp("store")), table_of(records))
    assert list(held.rooms) == sorted({one["roomId"] for one in records})
    assert held.read(columns=["ratingId"])["ratingId"].to_pylist() == [
        one["ratingId"]
        for one in sorted(
            records, key=lambda one: (one["timestamp"] is None, one["timestamp"] or "", one["ratingId"])
        )
    ]


def test_records_without_id_come_in_the_order_of_a_fresh_answer(tmp_path):
    """By time, then room by room; in a room as they came."""
    kind = DATA_TYPES["components"]
    records = [
        {"componentId": f"{room}{number}", "roomId": room, "timestamp": instant(number // 3)}
        for number in range(9)
        for room in ("b", None, "a")
    ]
    fresh = table_of(records[:10], records[10:], kind=kind)
    held = keep(space_in(tmp_path), fresh, kind)
    assert held.read().equals(fresh)
    assert fresh["componentId"].to_pylist()[:7] == ["a0", "a1", "a2", "b0", "b1", "b2", "None0"]


def test_only_what_is_needed_is_read(tmp_path, monkeypatch):
    """Of 12 row groups in 3 rooms, a window of a participant reads one."""
    monkeypatch.setattr(parts, "ROW_GROUP_ROWS", 100)
    space = space_in(tmp_path)
    for room in ("a", "b", "c"):
        keep(space, table_of(ratings([room], 400), scope=Scope("room", room)), scope=Scope("room", room))
    held = space.join_rooms(RATINGS, EXPERIMENT.id, ["a", "b", "c"], facts_of(), announced=1200)
    of_a = space.find(RATINGS, Scope("room", "a"))
    opened, groups = [], []
    open_file, read = blocks.CheckedFile.__init__, parts.pq.ParquetFile.read_row_groups
    monkeypatch.setattr(
        blocks.CheckedFile,
        "__init__",
        lambda self, path, part: (opened.append(path), open_file(self, path, part))[1],
    )
    monkeypatch.setattr(
        parts.pq.ParquetFile,
        "read_row_groups",
        lambda self, some, **how: (groups.append((some, how["columns"])), read(self, some, **how))[1],
    )
    window = held.read(columns=["value"], onset=(12.0, 15.0), participant="p_b_1")
    assert window.num_rows == 15
    assert [path.parent.name for path in opened] == ["room=b"]
    assert groups == [([1], ["participantId", "value", "onset_sec"])]
    assert held.read(instants=(START + timedelta(seconds=9.99), START + timedelta(seconds=10))).num_rows == 3
    assert [some for some, _ in groups[1:]] == [[1], [1], [1]]
    assert held.read(onset=(50.0, 60.0)).num_rows == 0
    assert len(opened) == 4
    moments = np.array([round((START.timestamp() + one) * 1e6) for one in (1, 31, 32)])
    assert of_a.read(columns=["value"], moments=moments).num_rows == 3
    assert groups[4:] == [([0, 3], ["timestamp", "value"])]
    assert of_a.read(moments=moments + 10**9).num_rows == 0
    assert len(opened) == 5


def test_rows_without_an_onset_are_kept_for_whoever_can_place_them(tmp_path):
    records = [*ratings(["a"], 5), rating("a", 7, onset=None)]
    held = keep(space_in(tmp_path), table_of(records))
    assert held.read(onset=(100.0, 200.0))["ratingId"].to_pylist() == ["cr_a_00007"]


def test_a_span_that_began_before_a_window_may_reach_into_it(tmp_path):
    records = [
        {"recordingId": "r", "roomId": "a", "startTime": instant(0), "endTime": instant(90), "videoOffset": 0}
    ]
    held = keep(space_in(tmp_path), table_of(records, kind=RECORDINGS), RECORDINGS)
    after = START + timedelta(seconds=60)
    assert held.read(instants=(after, after)).num_rows == 1
    assert held.read(onset=(60.0, 70.0)).num_rows == 1


def test_a_participant_of_a_type_without_participants_is_refused(tmp_path):
    kind = DATA_TYPES["chat"]
    held = keep(space_in(tmp_path), table_of([], kind=kind), kind)
    with pytest.raises(InputError, match="name no participantId"):
        held.read(participant="p_1")


def test_rooms_may_disagree_about_columns_and_types(tmp_path):
    space = space_in(tmp_path)
    pages = {
        "a": {"extra": 1},
        "b": {"extra": 2.5},
        "c": {"extra": {"x": 1}},
        "d": {},
        "e": {"extra": None, "other": True},
    }
    for room, fields in pages.items():
        scope = Scope("room", room)
        keep(space, table_of(ratings([room], 2, **fields), scope=scope), scope=scope)
    held = space.join_rooms(RATINGS, EXPERIMENT.id, pages, facts_of(), announced=10)
    table = held.read(columns=["roomId", "extra", "other"])
    assert table.sort_by("roomId")["extra"].to_pylist()[::2] == ["1", "2.5", '{"x":1}', None, None]
    assert table["other"].null_count == 8
    assert held.columns == tuple(held.read().column_names)
    # what is read of one room has the type that it has in all
    assert held.read(columns=["extra"], participant="p_a_1").schema == held.read(columns=["extra"]).schema


def test_names_of_columns_are_any_text(tmp_path):
    odd = ["a.b", "a", "", "list", "a.b.c", "é", "\x00", "select", "A", "n" * 500]
    records = [rating("r", 0, **{name: number for number, name in enumerate(odd)})]
    held = keep(space_in(tmp_path), table_of(records))
    for number, name in enumerate(odd):
        table = held.read(columns=[name])
        assert (table.column_names, table.to_pylist()) == ([name], [{name: number}])
    assert held.read(columns=[]).num_columns == 0


def test_the_hidden_column_is_read_when_it_is_wanted(tmp_path):
    held = keep(
        space_in(tmp_path), table_of([{"id": "e", "content": None, "roomId": "r"}], kind=EVENTS), EVENTS
    )
    assert held.read()[NULLS].to_pylist() == [["content"]]
    assert held.read(columns=["id", NULLS])[NULLS].to_pylist() == [["content"]]
    assert held.read(columns=["id"]).column_names == ["id"]


def test_other_forms_of_the_same_values_are_settled(tmp_path):
    table = table_of(ratings(["a"], 3))
    forms = {
        "roomId": table["roomId"].dictionary_encode(),
        "participantId": table["participantId"].cast(pa.large_string()),
        "value": table["value"].cast(pa.float32()),
        "timestamp": table["timestamp"].cast(pa.timestamp("ms", "UTC")),
    }
    other = table
    for name, column in forms.items():
        other = other.set_column(other.schema.get_field_index(name), name, column)
    held = keep(space_in(tmp_path), other)
    assert held.read().schema == table.schema
    assert held.read(columns=["timestamp", "roomId"]).equals(table.select(["timestamp", "roomId"]))
