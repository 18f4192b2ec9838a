"""What is asked again, how long, and what is said meanwhile. Time passes only where a test lets it."""

from __future__ import annotations

from random import Random

import pytest

from hs_jupyter.api.asking import Asking, Policy, policy_of
from hs_jupyter.api.budget import Budget
from hs_jupyter.api.connection import Connection
from hs_jupyter.api.halt import Halt, HaltedError
from hs_jupyter.api.ledger import Limits
from hs_jupyter.errors import (
    ApiError,
    AuthenticationError,
    BadRequestError,
    CredentialsError,
    ForbiddenError,
    InputError,
    NetworkError,
    NotFoundError,
    PauseError,
    RateLimitError,
    ServerError,
)

PATH = "data/events/room/r"


class Time(Halt):
    """A halt whose sleep is a clock's step."""

    def __init__(self):
        super().__init__()
        self.now = 1000.0
        self.slept = []
        self.asking = None
        self.said = []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.said.append(self.asking.waiting.reason)
        self.slept.append(seconds)
        self.now += seconds
        self.check()


class Service:
    """Fails as it is told, then answers; an answer takes so many seconds."""

    def __init__(self, time, faults, takes=0.0):
        self.time, self.faults, self.takes = time, iter(faults), takes
        self.asked = []

    def get(self, *_, **__):
        self.asked.append(self.time.now)
        self.time.now += self.takes
        fault = next(self.faults, None)
        if fault is not None:
            raise fault
        return "answer"


def asking(faults, *, patience=120.0, limits=None, takes=0.0, **options):
    time = Time()
    service = Service(time, faults, takes)
    policy = Policy(Budget(limits, clock=time), patience, Random(1), clock=time)
    time.asking = Asking(service, policy, time, **options)
    return time.asking, service, time


def limited(seconds):
    problem = RateLimitError("slow down", status=429)
    problem.retry_after_sec = seconds
    return problem


def broken():
    problem = NetworkError("the answer of host broke off; try again")
    problem.transient = True
    return problem


@pytest.mark.parametrize(
    "fault",
    [ServerError("x", status=500), ServerError("x", status=503), ServerError("not JSON", status=200),
     ServerError("x", status=599), broken(), limited(0.0)],
    ids=str,
)  # fmt: skip
def test_what_passes_is_asked_again(fault):
    ask, service, _time = asking([fault] * 3)
    assert ask.get(PATH, {}) == "answer"
    assert len(service.asked) == 4
    assert ask.waiting is None


@pytest.mark.parametrize(
    "fault",
    [BadRequestError("x", status=400), AuthenticationError("x", status=401), ForbiddenError("x", status=403),
     NotFoundError("x", status=404), ApiError("x", status=409), ApiError("under 200", status=200),
     ServerError("x", status=304), NetworkError("redirected to another host"), CredentialsError("no key")],
    ids=str,
)  # fmt: skip
def test_what_stays_is_not(fault):
    ask, service, time = asking([fault])
    with pytest.raises(type(fault)):
        ask.get(PATH, {})
    assert (len(service.asked), time.slept) == (1, [])


def test_pauses_grow_and_differ_and_end_with_patience():
    ask, service, time = asking([ServerError("x", status=502)] * 1000)
    with pytest.raises(ServerError):
        ask.get(PATH, {})
    bounds = [min(30.0, 0.5 * 2**turn) for turn in range(len(time.slept))]
    assert all(0 <= pause <= bound for pause, bound in zip(time.slept, bounds, strict=True))
    assert len(set(time.slept)) == len(time.slept)
    assert sum(time.slept) <= 120
    assert len(service.asked) > 6
    assert set(time.said) == {"the service answered 502"}


def test_slow_failures_use_patience_up():
    ask, service, _ = asking([broken()] * 9, takes=60.0)
    with pytest.raises(NetworkError):
        ask.get(PATH, {})
    assert len(service.asked) == 2


def test_retry_after_is_obeyed_and_not_counted_as_patience():
    ask, service, time = asking([limited(200.0), limited(200.0)])
    assert ask.get(PATH, {}) == "answer"
    gaps = [after - before for before, after in zip(service.asked, service.asked[1:], strict=False)]
    assert all(200 <= gap <= 201.5 for gap in gaps)
    assert time.said[0] == "the service asks for a pause"


def test_a_service_that_always_asks_for_a_pause_ends_too():
    ask, service, _ = asking([limited(1.0)] * 10_000)
    with pytest.raises(RateLimitError):
        ask.get(PATH, {})
    assert len(service.asked) < 30


def test_a_pause_of_over_five_minutes_ends_in_a_sentence_and_holds_for_the_next_question():
    ask, service, time = asking([limited(301.0)])
    with pytest.raises(
        PauseError, match=r"asks for a pause until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d; ask again then, or --wait$"
    ):
        ask.get(PATH, {})
    with pytest.raises(RateLimitError, match="until"):
        ask.get(PATH, {})
    assert (len(service.asked), time.slept) == (1, [])


def test_a_full_window_is_waited_for_and_a_full_hour_is_said():
    ask, service, time = asking([], limits=Limits(per_minute=2, per_hour=4))
    for _ in range(4):
        ask.get(PATH, {})
    assert service.asked == [1000, 1000, 1060, 1060]
    with pytest.raises(RateLimitError, match="allows only so many requests until"):
        ask.get(PATH, {})
    assert time.said == ["the service allows only so many requests"]


def test_who_wants_to_wait_waits_however_long():
    ask, service, _time = asking([limited(4000.0)], limits=Limits(per_hour=1), longest_wait_sec=float("inf"))
    assert ask.get(PATH, {}) == "answer"
    assert ask.get(PATH, {}) == "answer"
    assert service.asked[1] >= 5000
    assert service.asked[2] >= service.asked[1] + 3600


def test_without_patience_the_first_failure_counts():
    ask, service, _ = asking([broken()], patience=0.0)
    with pytest.raises(NetworkError):
        ask.get(PATH, {})
    assert len(service.asked) == 1


def test_a_halt_ends_a_wait():
    ask, service, time = asking([broken()] * 9)
    time.set()
    with pytest.raises(HaltedError):
        ask.get(PATH, {})
    assert service.asked == []


@pytest.mark.parametrize(("text", "seconds"), [("", 120.0), ("0", 0.0), ("7.5", 7.5)])
def test_patience_comes_from_the_environment(text, seconds):
    assert policy_of(Connection("http://127.0.0.1:1"), {"HS_JUPYTER_PATIENCE": text}).patience_sec == seconds


@pytest.mark.parametrize("text", ["long", "-1", "nan", "inf"])
def test_patience_that_is_no_number_is_one_sentence(text):
    with pytest.raises(InputError, match="HS_JUPYTER_PATIENCE"):
        policy_of(Connection("http://127.0.0.1:1"), {"HS_JUPYTER_PATIENCE": text})
