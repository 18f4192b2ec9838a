"""A fetch under way: what came is there again in another kernel, whole, and nothing else."""

from __future__ import annotations

import pyarrow as pa
import pytest
from storage_samples import EXPERIMENT, RATINGS, age, facts_of, files_in, ratings, space_in, table_of

from hs_jupyter.errors import DamagedError, StoreError
from hs_jupyter.scope import Scope
from hs_jupyter.storage import JournalState, leftovers, open_mirror

RECORDS = ratings(["room_a", None, "room_b"], 20)
PAGES = [table_of(RECORDS[at : at + 15]) for at in range(0, 60, 15)]
OF_ROOM = Scope("room", "room_a")


def fill(journal, pages=PAGES, **known):
    for number, page in enumerate(pages, 1):
        journal.append(page, next_offset=number * 15, announced=60, **known)


def test_a_fetch_goes_on_where_it_was_interrupted(tmp_path):
    extra = {"unread": {"value": 3}, "doubts": ["x"], "beside": {"mode": None}}
    with space_in(tmp_path).journal(RATINGS, EXPERIMENT, {"category": "x"}) as journal:
        assert journal.state is None
        assert list(journal.segments()) == []
        fill(journal, PAGES[:2], extra=extra, page_size=15)
    with space_in(tmp_path).journal(RATINGS, EXPERIMENT, {"category": "x"}) as journal:
        assert journal.state == JournalState(30, 60, 15, 30, extra)
        assert [table.num_rows for table in journal.segments()] == [15, 15]
        journal.append(PAGES[2], next_offset=45, announced=60)
        assert journal.state == JournalState(45, 60, None, 45, {})
    with space_in(tmp_path).journal(RATINGS, EXPERIMENT, {"category": "x"}) as journal:
        journal.discard()
        assert journal.state is None
        fill(journal, PAGES[:1])  # from the beginning
    with space_in(tmp_path).journal(RATINGS, EXPERIMENT, {"category": "x"}) as journal:
        assert journal.state.rows == 15


@pytest.mark.parametrize(
    ("kind", "scope", "wire"), [(RATINGS, OF_ROOM, {}), (RATINGS, EXPERIMENT, {"category": "y"})]
)
def test_each_request_has_a_journal_of_its_own(tmp_path, kind, scope, wire):
    space = space_in(tmp_path)
    with space.journal(RATINGS, EXPERIMENT, {}) as journal, space.journal(kind, scope, wire) as other:
        fill(journal)
        assert (other.busy, other.state) == (False, None)


def test_rows_and_what_their_schema_says_come_back_room_by_room(tmp_path):
    marked = PAGES[1].replace_schema_metadata({b"hs.identities": bytes(range(256)), b"hs": b"{}"})
    with space_in(tmp_path).journal(RATINGS, EXPERIMENT, {}) as journal:
        fill(journal, [PAGES[0], marked, PAGES[2].slice(0, 0)])
        first, second, third = journal.segments()
    rooms = second["roomId"].to_pylist()
    assert rooms == ["room_a"] * 5 + [None] * 10
    assert second.sort_by("ratingId").equals(PAGES[1].sort_by("ratingId"))
    assert second.schema.metadata == marked.schema.metadata
    assert (first.schema.metadata, third.num_rows) == (None, 0)
    assert third.schema.equals(PAGES[2].schema)


def test_of_a_room_rows_come_back_as_they_came(tmp_path):
    backwards = [page.take(list(range(14, -1, -1))) for page in PAGES]
    with space_in(tmp_path).journal(RATINGS, OF_ROOM, {}) as journal:
        fill(journal, backwards)
        assert pa.concat_tables(journal.segments()).equals(pa.concat_tables(backwards))


def test_what_is_damaged_and_what_follows_it_is_dropped(tmp_path):
    space = space_in(tmp_path)
    with space.journal(RATINGS, EXPERIMENT, {}) as journal:
        fill(journal)
        segments = files_in(tmp_path, "0000")
        segments[2].write_bytes(segments[2].read_bytes()[:-1])
        with pytest.raises(DamagedError, match="under way is damaged"):
            list(journal.segments())
        with pytest.raises(DamagedError):
            space.keep_journal(RATINGS, EXPERIMENT, journal, facts_of(), announced=60)
    assert files_in(tmp_path, "part-") == []
    with space.journal(RATINGS, EXPERIMENT, {}) as journal:
        assert (journal.state.next_offset, journal.state.rows) == (30, 30)
        assert files_in(tmp_path, "0000") == segments[:2]
        fill(journal, PAGES[2:3])
    files_in(tmp_path, "request")[0].write_bytes(b"{}")
    with space.journal(RATINGS, EXPERIMENT, {}) as journal:
        assert journal.state is None
        assert files_in(tmp_path, "0000") == []
    assert space.notes == []


def test_a_journal_that_nobody_went_on_with_is_collected(tmp_path):
    space = space_in(tmp_path)
    with space.journal(RATINGS, EXPERIMENT, {}) as journal:
        fill(journal)
    for path in (tmp_path / space.folder.name / "partial").iterdir():
        age(path, leftovers.OLD_SEC - 60)
    with space.journal(RATINGS, OF_ROOM, {}):
        assert len(files_in(tmp_path, "0000")) == 4
    for path in (tmp_path / space.folder.name / "partial").iterdir():
        age(path, 120)
    with space.journal(RATINGS, OF_ROOM, {}):
        assert files_in(tmp_path, "0000") == []


def test_a_journal_is_kept_with_every_column_of_every_page(tmp_path):
    space = space_in(tmp_path)
    pages = [[{**RECORDS[0], "extra": 1}], [RECORDS[1]], [{**RECORDS[2], "extra": "x", "value": 3}]]
    with space.journal(RATINGS, EXPERIMENT, {}) as journal:
        fill(journal, [table_of(page).drop_columns(["deploymentId"]) for page in pages])
        held = space.keep_journal(RATINGS, EXPERIMENT, journal, facts_of(), announced=3)
    assert held.read().equals(table_of(*pages), check_metadata=True)
    assert held.experiment == EXPERIMENT.id


def test_a_rooms_journal_knows_the_experiment(tmp_path):
    space = space_in(tmp_path)
    with space.journal(RATINGS, OF_ROOM, {}) as journal:
        fill(journal, [table_of(ratings(["room_a"], 10), scope=OF_ROOM)] * 2)
        held = space.keep_journal(RATINGS, OF_ROOM, journal, facts_of(scope=OF_ROOM), announced=20)
    assert (held.experiment, held.rows) == (EXPERIMENT.id, 20)


def test_a_mirror_that_is_read_has_no_journal(tmp_path):
    open_mirror(tmp_path, create=True)
    with (
        pytest.raises(StoreError, match="for reading only"),
        open_mirror(tmp_path).journal(RATINGS, EXPERIMENT, {}),
    ):
        pass
