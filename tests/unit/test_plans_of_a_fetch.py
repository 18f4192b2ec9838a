"""How many requests a question takes, how long, and what is kept when it must wait."""

from __future__ import annotations

import threading

import pytest
from fake_service import FakeService, event

from hs_jupyter.api.answers import Answer
from hs_jupyter.api.asking import Policy
from hs_jupyter.api.budget import Budget
from hs_jupyter.api.connection import Connection
from hs_jupyter.api.ledger import Ledger, Limits
from hs_jupyter.api.transport import Transport
from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.errors import PauseError, PlanError, RateLimitError
from hs_jupyter.fetching import Fetcher, trail
from hs_jupyter.manner import Manner, in_manner
from hs_jupyter.query import make_query
from hs_jupyter.scope import Scope
from hs_jupyter.storage import open_space

EVENTS, ROOM = "data/events/room/r1", Scope("room", "r1")


@pytest.mark.parametrize("requests", [1, 97, 98, 300, 970, 971, 2500])
def test_a_plan_takes_as_long_as_its_requests(requests):
    limits, ledger, now = Limits(), Ledger(), 0.0
    for _ in range(requests):
        while (wait := ledger.take("events", now, limits)) > 0:
            now += wait
    assert limits.duration_sec(requests) == pytest.approx(now)


def test_a_plan_says_how_many_requests_and_how_long():
    kind = DATA_TYPES["events"]
    fetcher = Fetcher(FakeService({}), Policy(Budget(Limits())))
    fetcher.check_plan(kind, 200)
    for requests, said in ((201, "some 2 minutes"), (5000, "some 5 hours")):
        with pytest.raises(
            PlanError, match=f"^events: {requests:,} further requests are needed, {said} at the rate the"
        ):
            fetcher.check_plan(kind, requests)
    with in_manner(Manner(yes=True)):
        fetcher.check_plan(kind, 10**6)


class Pauses(FakeService):
    """Asks for a pause of an hour after some answers."""

    def __init__(self, answers):
        super().__init__({EVENTS: [event(number) for number in range(60)]}, cap=10)
        self.answers, self.lock = answers, threading.Lock()

    def get(self, path, params=None, **options):
        with self.lock:
            if len(self.asked) >= self.answers:
                problem = RateLimitError("slow down", status=429)
                problem.retry_after_sec = 3600.0
                raise problem
            return super().get(path, params, **options)


def test_a_long_pause_says_what_is_kept_and_it_goes_on_then(tmp_path, monkeypatch):
    monkeypatch.setattr(trail, "KEEP_EVERY_SEC", 0.0)
    query, service = make_query("events", ROOM), Pauses(1)
    space = open_space(tmp_path, server="https://x.example", organization=None)
    with space.journal(query.data_type, ROOM, query.wire()) as journal:
        with pytest.raises(
            PauseError,
            match=r"a pause until \d{4}-.*; 10 of 60 records are kept; ask again then, or --wait$",
        ):
            Fetcher(service, Policy(patience_sec=120.0)).fetch(query, query, journal=journal)
        service.answers = 99
        assert Fetcher(service).fetch(query, query, journal=journal).table.num_rows == 60


def test_a_long_pause_without_a_store_says_when_to_ask_again():
    query = make_query("events", ROOM)
    with pytest.raises(PauseError, match=r"a pause until \d{4}-[^;]*; ask again then, or --wait$") as caught:
        Fetcher(Pauses(1), Policy(patience_sec=120.0)).fetch(query, query)
    assert caught.value.retry_after_sec == 3600.0


def test_answers_are_read_one_at_a_time():
    """However many threads wait for theirs."""
    transport, reading, most = Transport(Connection("http://127.0.0.1:1")), threading.Lock(), []
    together = threading.Barrier(4)

    def read(body):
        most.append(reading.acquire(blocking=False))
        reading.release()
        return body

    def ask():
        together.wait()
        for _ in range(50):
            transport._reader.submit(transport._read, Answer(200, {}, [b'{"a": ', b"1}"]), "x", read).result()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert most == [True] * 200
