"""Pages asked for ahead: the same rows as page by page, with few requests, and an end at any moment."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hs_jupyter.api.halt import THREAD_NAME, THREADS, Halt
from hs_jupyter.api.pages import LARGE_PAGE, PAGE_SIZE, Request, fetch_pages
from hs_jupyter.errors import BadRequestError, NotFoundError, ServerError

PATH = "data/events/experiment/e"


class Service:
    """Answers pages of numbered records; every way to be odd is an option."""

    def __init__(self, count, *, cap=100_000, refuses=None, blind=False, grows=(), total=None, counts="rows"):
        self.rows = [{"id": number} for number in range(count)]
        self.cap, self.refuses, self.blind, self.total, self.counts = cap, refuses, blind, total, counts
        self.grows = list(grows)
        self.asked = []
        self.lock = threading.Lock()

    def __call__(self, _, params):
        offset, limit = int(params["offset"]), int(params["limit"])
        with self.lock:
            self.asked.append((offset, limit))
            if self.refuses and limit > PAGE_SIZE:
                raise self.refuses
            if self.grows:  # somebody writes while we read: at a place before everything, or anywhere
                place = int(self.grows.pop() * (len(self.rows) + 1))
                self.rows.insert(place, {"id": f"new {len(self.grows)}"})
            begin = 0 if self.blind else offset
            page = self.rows[begin : begin + min(limit, self.cap)]
            end = offset + (len(page) if self.counts == "rows" else limit)
            pagination = {"hasMore": end < len(self.rows), "total": self.total or len(self.rows)}
            return {"data": page, "metadata": {"pagination": pagination}}


def ids(service, request=None, **options):
    pages = list(fetch_pages(service, request or Request(PATH), **options))
    return [record["id"] for page in pages for record in page.records]


def test_larger_pages_are_tried_once_and_remembered():
    sizes = {}
    service = Service(22_000)
    assert ids(service, sizes=sizes) == list(range(22_000))
    assert sorted(service.asked) == [
        (0, PAGE_SIZE), *((offset, LARGE_PAGE) for offset in range(1000, 22_000, 5000))
    ]  # fmt: skip
    service.asked.clear()
    assert ids(service, sizes=sizes) == list(range(22_000))
    assert sorted(service.asked) == [(offset, LARGE_PAGE) for offset in range(0, 22_000, 5000)]


@pytest.mark.parametrize(
    "refusal", [BadRequestError("limit", status=400), ServerError("too much", status=504)]
)
def test_where_larger_pages_are_refused_the_known_size_holds(refusal):
    sizes = {}
    service = Service(9500, refuses=refusal)
    assert ids(service, sizes=sizes) == list(range(9500))
    assert len(service.asked) == 11
    service.asked.clear()
    assert ids(service, sizes=sizes) == list(range(9500))
    assert sorted(service.asked) == [(offset, PAGE_SIZE) for offset in range(0, 9500, 1000)]


@pytest.mark.parametrize("counts", ["rows", "limit"])
def test_a_server_that_cuts_larger_pages_is_not_believed(counts):
    """It may even count what it cut off, and say that nothing follows."""
    sizes = {}
    service = Service(4800, cap=1000, counts=counts)
    assert ids(service, sizes=sizes) == list(range(4800))
    assert ids(service, sizes=sizes) == list(range(4800))
    assert [limit for _, limit in service.asked].count(LARGE_PAGE) == 1


def test_a_size_remembered_from_elsewhere_may_be_refused_here():
    sizes = {"data/events": LARGE_PAGE}
    service = Service(2500, refuses=BadRequestError("limit", status=400))
    assert ids(service, sizes=sizes) == list(range(2500))
    assert sizes == {"data/events": PAGE_SIZE}


def test_a_small_list_is_one_request():
    service = Service(700)
    assert len(ids(service)) == 700
    assert service.asked == [(0, PAGE_SIZE)]


def test_a_limit_fetches_nothing_it_does_not_need():
    service = Service(50_000)
    request = Request(PATH, wanted=2501)
    with closing(fetch_pages(service, request)) as pages:
        for number, _ in enumerate(pages):
            if number == 2:
                break
    assert sorted(service.asked) == [(0, 1000), (1000, 1000), (2000, 1000)]


def test_only_a_few_pages_are_held():
    service = Service(100_000)
    with closing(fetch_pages(service, Request(PATH))) as pages:
        for number, _ in enumerate(pages):
            with service.lock:
                assert len(service.asked) <= number + 1 + THREADS


def test_a_server_that_does_not_know_offsets_ends_with_a_warning():
    service = Service(3000, cap=1000, blind=True)
    pages = list(fetch_pages(service, Request(PATH)))
    assert "same page twice" in pages[-1].warnings[0]
    assert {record["id"] for page in pages for record in page.records} == set(range(1000))


@given(
    st.integers(0, 400), st.integers(1, 90), st.integers(1, 90), st.sampled_from(["rows", "limit"]),
    st.none() | st.integers(1, 500), st.lists(st.floats(0, 1, exclude_max=True), max_size=12),
)  # fmt: skip
def test_what_was_there_at_the_beginning_comes_whatever_is_written_meanwhile(  # noqa: PLR0917 - drawn together
    count, size, cap, counts, total, grows
):
    right_total = not grows  # a total that stays wrong while rows are written cannot be noticed by anybody
    counts = "rows" if cap < size else counts
    service = Service(count, cap=cap, grows=grows, total=total if right_total else None, counts=counts)
    got = ids(service, Request(PATH, page_size=size))
    assert set(range(count)) <= set(got)
    assert [one for one in dict.fromkeys(got) if isinstance(one, int)] == list(range(count))


@pytest.mark.parametrize(
    ("count", "cap", "sizes", "told"),
    [
        (700, 5000, {}, []),
        (1900, 5000, {}, [1]),
        (22_000, 5000, {}, [4]),
        (22_000, 1000, {}, [20]),
        (22_000, 5000, {"data/events": LARGE_PAGE}, [4]),
        (2500, 100, {}, [24]),
    ],
)
def test_further_requests_are_told_before_they_are_sent(count, cap, sizes, told):
    service, plans = Service(count, cap=cap), []

    def plan(requests):
        plans.append(requests)
        with service.lock:
            plans.append(len(service.asked))

    assert len(ids(service, sizes=sizes, plan=plan)) == count
    assert plans[::2] == told
    assert all(before <= 2 for before in plans[1::2])
    assert len(service.asked) == (plans[1] + plans[0] if told else 1)


class Gate:
    """A service whose answers wait for the test, all but the first."""

    def __init__(self, halt):
        self.halt, self.waiting, self.cut = halt, threading.Semaphore(0), threading.Event()
        self.inner = Service(100_000, cap=1000)

    def __call__(self, path, params):
        if params["offset"] != "0":
            with self.halt.cuts(self.cut.set):
                self.waiting.release()
                self.cut.wait()
        return self.inner(path, params)


def ended():
    """Join the threads of fetches: they end by themselves, or this never returns."""
    for one in threading.enumerate():
        if one.name.startswith(THREAD_NAME):
            one.join()
    return True


def test_closing_ends_what_is_under_way_and_leaves_no_thread():
    halt = Halt()
    gate = Gate(halt)
    sizes = {"data/events": PAGE_SIZE}  # so that several are under way
    pages = fetch_pages(gate, Request(PATH), sizes=sizes, halt=halt, idle=lambda: interrupt(gate))
    assert len(next(pages).records) == 1000
    with closing(pages), pytest.raises(KeyboardInterrupt):
        next(pages)
    assert gate.cut.is_set()
    assert ended()
    assert len(gate.inner.asked) <= 1 + THREADS


def interrupt(gate):
    """Raise as Ctrl-C does, once all threads have a request under way."""
    for _ in range(THREADS):
        gate.waiting.acquire()
    raise KeyboardInterrupt


def test_an_error_ends_the_others():
    def get(path, params):
        if params["offset"] == "2000":
            raise NotFoundError("gone", status=404)
        return service(path, params)

    service = Service(100_000, cap=1000)
    with pytest.raises(NotFoundError):
        list(fetch_pages(get, Request(PATH)))
    assert ended()
    assert len(service.asked) < 12


def test_two_threads_fetch_at_once():
    service, results = Service(30_000), []
    threads = [threading.Thread(target=lambda: results.append(ids(service))) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert results == [list(range(30_000))] * 3
