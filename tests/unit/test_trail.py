"""An interrupted fetch goes on in another process: the same table as if nothing had happened, fewer requests."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_service import FakeService, event
from hypothesis import example, given
from hypothesis import strategies as st

from hs_jupyter.errors import BadRequestError, PlanError, StoreError, StoreFullError
from hs_jupyter.fetching import Fetcher, watched
from hs_jupyter.fetching import trail as trails
from hs_jupyter.manner import Manner, in_manner
from hs_jupyter.query import make_query
from hs_jupyter.scope import Scope
from hs_jupyter.storage import open_space
from hs_jupyter.tables.output import to_records

ROOM = Scope("room", "r1")
EVENTS = "data/events/room/r1"
ROWS = [event(number, duration="long" if number % 7 == 0 else number) for number in range(60)]


@pytest.fixture(autouse=True)
def every_page_is_written(monkeypatch):
    monkeypatch.setattr(trails, "KEEP_EVERY_SEC", 0.0)


class Interrupts:
    """Sees pages, and interrupts after some."""

    def __init__(self, after):
        self.after, self.kept = after, None

    def __call__(self, *_):
        self.after -= 1
        if self.after == 0:
            raise KeyboardInterrupt

    def resumed(self, label, received, total):
        self.kept = (label, received, total)

    def waiting(self, reason, until):
        """Nothing is waited for here."""


def fetch(folder, service, type_="events", scope=ROOM, *, after=0, **options):
    """Fetch as a process of its own would; None where it is interrupted."""
    query = make_query(type_, scope)
    watcher = Interrupts(after)
    space = open_space(folder, server="https://x.example", organization=None)
    with space.journal(query.data_type, scope, query.wire()) as journal, watched(watcher):
        try:
            fetched = Fetcher(service).fetch(query, query, journal=journal, **options)
        except KeyboardInterrupt:
            return None
    fetch.resumed = watcher.kept
    return fetched


def alone(service, type_="events", scope=ROOM):
    query = make_query(type_, scope)
    return Fetcher(service).fetch(query, query)


def same(one, other):
    assert to_records(one.table) == to_records(other.table)
    assert one.table.schema.equals(other.table.schema)
    assert replace(one.facts, fetched_at="") == replace(other.facts, fetched_at="")
    return True


@pytest.mark.parametrize("after", [1, 2, 5])
def test_an_interrupted_fetch_goes_on(tmp_path, after):
    service = FakeService({EVENTS: ROWS}, cap=10)
    assert fetch(tmp_path, service, after=after) is None
    service.asked.clear()
    whole = alone(FakeService({EVENTS: ROWS}, cap=10))
    assert same(fetch(tmp_path, service), whole)
    assert whole.facts.warnings == ("9 of the values of duration could not be read: missing",)
    assert min(int(params["offset"]) for _, params in service.asked) == after * 10 - 10
    assert fetch.resumed == ("events", after * 10, 60)


def test_a_fetch_may_be_interrupted_again_and_again(tmp_path):
    service = FakeService({EVENTS: ROWS}, cap=10)
    while (fetched := fetch(tmp_path, service, after=2)) is None:
        pass
    assert same(fetched, alone(FakeService({EVENTS: ROWS}, cap=10)))


def test_what_came_whole_is_asked_for_once_more_only(tmp_path):
    service = FakeService({EVENTS: ROWS}, cap=10)
    assert fetch(tmp_path, service, after=6) is None
    service.asked.clear()
    assert fetch(tmp_path, service).table.num_rows == 60
    assert [params["offset"] for _, params in service.asked] == ["50"]


def test_pages_are_read_on_in_the_size_that_was_found(tmp_path):
    rows = [event(number, id=f"e{number:05}") for number in range(14_000)]
    service = FakeService({EVENTS: rows}, cap=5000)
    assert fetch(tmp_path, service, after=2) is None
    service.asked.clear()
    assert fetch(tmp_path, service).table.num_rows == 14_000
    assert [(params["offset"], params["limit"]) for _, params in service.asked] == [
        ("5950", "5000"), ("10950", "5000")
    ]  # fmt: skip


CHANGES = {
    "one more": lambda rows: [*rows, event(99)],
    "one less": lambda rows: rows[:-1],
    "another in the place of a kept one": lambda rows: [*rows[1:30], event(99), *rows[30:]],
    "none": lambda _: [],
}


@pytest.mark.parametrize("name", CHANGES)
def test_where_something_changed_it_begins_anew(tmp_path, name):
    service = FakeService({EVENTS: ROWS}, cap=10)
    assert fetch(tmp_path, service, after=3) is None
    changed = CHANGES[name](ROWS)
    again = FakeService({EVENTS: changed}, cap=10)
    assert same(fetch(tmp_path, again), alone(FakeService({EVENTS: changed}, cap=10)))
    assert fetch.resumed is None


def test_a_service_that_refuses_to_go_on_is_asked_from_the_beginning(tmp_path):
    service = FakeService({EVENTS: ROWS}, cap=10)
    assert fetch(tmp_path, service, after=3) is None

    class Refuses(FakeService):
        def get(self, path, params=None, **options):
            if not self.asked and params["offset"] != "0":
                self.asked.append((path, params))
                raise BadRequestError("no such offset", status=400)
            return super().get(path, params, **options)

    assert fetch(tmp_path, Refuses({EVENTS: ROWS}, cap=10)).table.num_rows == 60


def test_another_question_does_not_go_on_with_it(tmp_path):
    service = FakeService({EVENTS: ROWS, "data/events/room/r2": ROWS[:5]}, cap=10)
    assert fetch(tmp_path, service, after=3) is None
    assert fetch(tmp_path, service, scope=Scope("room", "r2")).table.num_rows == 5
    assert fetch.resumed is None


def test_what_is_damaged_is_fetched_again(tmp_path):
    service = FakeService({EVENTS: ROWS}, cap=10)
    assert fetch(tmp_path, service, after=4) is None
    for segment in tmp_path.rglob("*.arrow"):
        content = bytearray(segment.read_bytes())
        content[len(content) // 2] ^= 255
        segment.write_bytes(bytes(content))
    assert fetch(tmp_path, service).table.num_rows == 60


class Full:
    """A journal on a disk that is full after some segments."""

    busy, state = False, None

    def __init__(self, room):
        self.room, self.tried, self.discarded = room, 0, False

    def segments(self):
        return iter(())

    def append(self, *_, **__):
        self.tried += 1
        if self.tried > self.room:
            raise StoreFullError("the disk is full")

    def discard(self):
        self.discarded = True


@pytest.mark.parametrize("room", [0, 2])
def test_a_full_disk_does_not_spoil_the_answer(room):
    query, journal = make_query("events", ROOM), Full(room)
    fetched = Fetcher(FakeService({EVENTS: ROWS}, cap=10)).fetch(query, query, journal=journal)
    assert fetched.table.num_rows == 60
    assert [one for one in fetched.facts.warnings if "disk" in one] == [
        "what came is not kept: the disk is full"
    ]
    assert fetched.facts.complete
    assert journal.tried == room + 1


def test_a_full_disk_ends_a_fetch_that_keeps_rows_nowhere_else():
    query = make_query("events", ROOM)
    with pytest.raises(StoreFullError, match="the disk is full"):
        Fetcher(FakeService({EVENTS: ROWS}, cap=10)).fetch(query, query, journal=Full(2), keep_only=True)


def test_a_journal_that_another_process_fills_is_left_alone():
    query, journal = make_query("events", ROOM), Full(0)
    journal.busy = True
    fetched = Fetcher(FakeService({EVENTS: ROWS}, cap=10)).fetch(query, query, journal=journal)
    assert (fetched.table.num_rows, fetched.facts.warnings[1:], journal.tried) == (60, (), 0)


@pytest.mark.parametrize("journal", [None, Full(9)])
def test_rows_that_can_be_kept_nowhere_are_not_fetched(journal):
    query, service = make_query("events", ROOM), FakeService({EVENTS: ROWS})
    if journal:
        journal.busy = True
    with pytest.raises(StoreError, match="events of room r1: another notebook is fetching the same"):
        Fetcher(service).fetch(query, query, journal=journal, keep_only=True)
    assert service.asked == []


def test_a_type_of_one_page_is_held_all_the_same():
    query = make_query("variables", ROOM)
    service = FakeService({"data/variables/room/r1": [{"variable": "a", "value": 1}]})
    assert Fetcher(service).fetch(query, query, journal=Full(0), keep_only=True).table.num_rows == 1


def test_rows_may_be_kept_and_not_held(tmp_path):
    service = FakeService({EVENTS: ROWS}, cap=10)
    assert fetch(tmp_path, service, after=2, keep_only=True) is None
    fetched = fetch(tmp_path, service, keep_only=True)
    assert fetched.table.num_rows == 0
    whole = alone(FakeService({EVENTS: ROWS}, cap=10))
    assert replace(fetched.facts, fetched_at="") == replace(whole.facts, fetched_at="")
    query = make_query("events", ROOM)
    space = open_space(tmp_path, server="https://x.example", organization=None)
    with space.journal(query.data_type, ROOM, query.wire()) as journal:
        kept = [one for segment in journal.segments() for one in segment["id"].to_pylist()]
    assert kept == [row["id"] for row in ROWS]


def test_very_many_requests_are_asked_for_first_and_nothing_is_fetched_twice(tmp_path):
    rows = [event(number, id=f"e{number:05}") for number in range(3000)]
    service = FakeService({EVENTS: rows}, cap=10)
    with pytest.raises(
        PlanError, match=r"^events: 299 further requests are needed; --yes goes ahead$"
    ) as caught:
        fetch(tmp_path, service)
    assert caught.value.requests == 299
    assert len(service.asked) == 1
    with in_manner(Manner(yes=True)):
        assert fetch(tmp_path, service).table.num_rows == 3000
    assert fetch.resumed == ("events", 10, 3000)


texts = st.sampled_from(["a", "b", "https://s.example/x?X-Goog-Signature=S", 5, None])
record = st.fixed_dictionaries(
    {"componentId": texts},
    optional={"onset": st.integers(0, 3) | st.just("late"), "extra": texts, "config": st.just({"a": [1]}),
              "timestamp": st.integers(0, 3).map("2026-03-02T15:00:0{}Z".format)},
)  # fmt: skip
identified = st.fixed_dictionaries(
    {"id": st.integers(0, 30).map("e{}".format) | st.sampled_from([None, 7, "https://s.example/?X-Goog-Signature=1"])},
    optional={"onset": st.integers(0, 3), "extra": texts, "timestamp": st.just("2026-03-02T15:00:00Z")},
)  # fmt: skip


@example(("events", [{"id": "e0"}, {"id": "e0", "extra": "of a record that is dropped"}]), 1, 2)
@given(
    st.one_of(
        st.tuples(st.just("components"), st.lists(record, max_size=25)),
        st.tuples(st.just("events"), st.lists(identified, max_size=25)),
    ),
    st.integers(1, 7),
    st.integers(1, 6),
)
def test_any_records_and_any_interrupt(tmp_path_factory, asked, cap, after):
    type_, rows = asked
    folder = tmp_path_factory.mktemp("store")
    routes = {f"data/{type_}/room/r1": rows}
    interrupted = fetch(folder, FakeService(routes, cap=cap), type_, after=after)
    if interrupted is None:
        interrupted = fetch(folder, FakeService(routes, cap=cap), type_)
    assert same(interrupted, alone(FakeService(routes, cap=cap), type_))
