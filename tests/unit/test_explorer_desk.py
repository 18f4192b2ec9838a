"""Every request is answered exactly once: whatever it says, whatever happens, cancelled or not."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any, get_args

import msgspec
import msgspec.inspect as kinds
import pyarrow as pa
import pytest
from explorer_kernel import ROOM, Kernel, study_routes
from hypothesis import given
from hypothesis import strategies as st

from hs_jupyter.errors import (
    AuthenticationError,
    CredentialsError,
    ForbiddenError,
    HsError,
    InputError,
    NetworkError,
    NotFoundError,
    PlanError,
    RateLimitError,
    ServerError,
)
from hs_jupyter.explorer import desk as desk_module
from hs_jupyter.explorer.answers import HelloAnswer, PageAnswer, RecentAnswer
from hs_jupyter.explorer.desk import Desk, Reply
from hs_jupyter.explorer.messages import AnyRequest
from hs_jupyter.explorer.registry import HANDLERS
from hs_jupyter.explorer.tasks import REPORT_SEC, Task

REQUESTS: dict[str, type] = {one.__struct_config__.tag: one for one in get_args(AnyRequest)}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


def valid(one: Any) -> st.SearchStrategy[Any]:
    """Draw values of a type of the contract."""
    return DRAWN[type(one)](one)


def struct(one: Any) -> st.SearchStrategy[Any]:
    fields = {field.name: valid(field.type) for field in one.fields}
    required = {field.name for field in one.fields if field.required}
    return st.fixed_dictionaries(
        {name: fields[name] for name in required},
        optional={name: fields[name] for name in fields.keys() - required},
    )


KNOWN = st.sampled_from(["r1", "e1", "ratings", "events", "p0", "onset_sec", "valence"])
DRAWN: dict[type, Any] = {
    kinds.StructType: struct,
    kinds.UnionType: lambda one: st.one_of([valid(part) for part in one.types]),
    kinds.LiteralType: lambda one: st.sampled_from(one.values),
    kinds.TupleType: lambda one: st.tuples(*[valid(part) for part in one.item_types]).map(list),
    kinds.VarTupleType: lambda one: st.lists(valid(one.item_type), max_size=3),
    kinds.StrType: lambda one: KNOWN | st.text(min_size=one.min_length or 0, max_size=12),
    kinds.IntType: lambda one: st.integers(one.ge, one.le) | st.integers(one.ge, one.ge + 30),
    kinds.FloatType: lambda one: st.floats(one.ge, one.le),
    kinds.BoolType: lambda _: st.booleans(),
    kinds.NoneType: lambda _: st.none(),
}


class FakeTime:
    """A clock that moves by itself, so that following a room takes no time."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 20.0
        return self.now


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr("hs_jupyter.explorer.following.monotonic", FakeTime())
    monkeypatch.setattr(Task, "pause", lambda self, _: self.check())


KERNEL = Kernel()


@given(st.sampled_from(sorted(REQUESTS)).flatmap(
    lambda name: st.tuples(st.just(name), valid(kinds.type_info(REQUESTS[name]))))
)  # fmt: skip
def test_any_request_of_the_contract_is_answered_once(drawn) -> None:
    name, fields = drawn
    KERNEL.sent.clear()
    KERNEL.desk.receive({**fields, "type": name, "id": "once"})
    [answer] = [one for one in KERNEL.sent if one["type"] in ("answer", "error")]
    assert answer["id"] == "once"
    assert answer["to"] == name
    assert answer.get("reason") != "fault", answer
    assert not KERNEL.desk._open


@given(JSON | st.dictionaries(st.sampled_from(["type", "id", "scope", "table", "window", "x"]), JSON))
def test_any_message_at_all_is_answered_once(message) -> None:
    KERNEL.sent.clear()
    KERNEL.desk.receive(message)
    [answer] = [one for one in KERNEL.sent if one["type"] in ("answer", "error")]
    asked = message.get("id") if isinstance(message, dict) else None
    assert answer["id"] in (asked, "")
    assert answer.get("reason") != "fault", answer


@pytest.mark.parametrize(
    "fields",
    [
        {"width_px": 10**30}, {"width_px": 0}, {"width_px": 7.5}, {"width_px": True}, {"width_px": "700"},
        {"window": [0, float("inf")]}, {"window": [float("nan"), 1]}, {"window": [0, 1, 2]}, {"window": "0"},
        {"scope": {"kind": "user", "id": "x"}}, {"scope": {"kind": "room", "id": ""}}, {"scope": {"kind": "room"}},
        {"scope": {"kind": "room", "id": "x" * 501}}, {"scope": {"kind": "room", "id": "x", "key": "hst_live_x"}},
        {"hidden": {"participants": ["p"] * 5001}}, {"hidden": {"colour": []}}, {"unknown": 1}, {"known": "abc"},
    ],
)  # fmt: skip
def test_what_the_contract_does_not_allow_is_refused(fields) -> None:
    answer = Kernel().answer("timeline", **{"scope": ROOM, "width_px": 700, **fields})
    assert (answer["type"], answer["reason"], answer["place"]) == ("error", "input", "timeline")


def test_a_deep_message_is_refused() -> None:
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]
    kernel = Kernel()
    assert kernel.answer("find", text=deep)["reason"] == "input"
    while isinstance(deep, list):  # taken apart by hand: Python's own way ends in its stack
        deep = deep.pop()


REASONS = {
    InputError("x"): "input",
    PlanError("x"): "plan",
    NotFoundError("x", status=404): "not found",
    ForbiddenError("x", status=403, details={"required": ["read:sync"]}): "key",
    AuthenticationError("x", status=401): "key",
    CredentialsError("x"): "key",
    RateLimitError("x", status=429): "wait",
    NetworkError("x"): "network",
    ServerError("x", status=500): "service",
    HsError("x"): "service",
    ValueError("x"): "fault",
    RecursionError("x"): "fault",
    SystemExit(1): "fault",
    KeyboardInterrupt(): "fault",
}


def desk_with(handler, run=lambda work: work()) -> tuple[Desk, list[dict[str, Any]]]:
    sent: list[dict[str, Any]] = []
    return Desk(dict.fromkeys(HANDLERS, handler), lambda content, _: sent.append(content), run), sent


@pytest.mark.parametrize(("problem", "reason"), REASONS.items(), ids=lambda one: type(one).__name__)
def test_whatever_is_raised_is_an_answer(problem, reason) -> None:
    def fail(_request, _task):
        raise problem

    desk, sent = desk_with(fail)
    desk.receive({"type": "hello", "id": "a"})
    [answer] = sent
    assert (answer["type"], answer["id"], answer["to"], answer["reason"]) == ("error", "a", "hello", reason)
    assert answer["key_scope"] == ("read:sync" if isinstance(problem, ForbiddenError) else None)


def test_an_error_says_no_key_and_no_signed_url() -> None:
    def fail(_request, _task):
        raise ValueError(
            "hst_live_abcdefghijklmnop at https://store.example/a?signature=s3cr3t\n" + "x" * 5000
        )

    desk, [*_] = desk_with(fail)
    desk, sent = desk_with(fail)
    desk.receive({"type": "hello", "id": "a"})
    assert "abcdefghij" not in sent[0]["sentence"]
    assert "s3cr3t" not in sent[0]["sentence"]
    assert "\n" not in sent[0]["sentence"]
    assert len(sent[0]["sentence"]) < 700


@pytest.mark.parametrize(
    "reply",
    [
        Reply(RecentAnswer(1), {"found": pa.table({"n": pa.array([1], pa.int64())})}),  # no type that travels
        Reply(RecentAnswer(object())),  # type: ignore[arg-type]
        None,
    ],
)
def test_an_answer_that_cannot_travel_is_an_error(reply) -> None:
    desk, sent = desk_with(lambda _request, _task: reply)
    desk.receive({"type": "recent", "id": "a"})
    assert [(one["type"], one["id"], one["reason"]) for one in sent] == [("error", "a", "fault")]


def test_no_thread_is_an_answer_too() -> None:
    def run(_work):
        raise RuntimeError("can't start new thread")

    desk, sent = desk_with(lambda _request, _task: Reply(RecentAnswer(0)), run)
    desk.receive({"type": "recent", "id": "a"})
    assert [(one["type"], one["reason"]) for one in sent] == [("error", "fault")]
    assert not desk._open


class Waiting:
    """Work that is under way until it is let go."""

    def __init__(self, *, notice: bool) -> None:
        self.begun = threading.Event()
        self.go = threading.Event()
        self.notice = notice
        self.tasks: list[Task] = []

    def __call__(self, _request, task: Task) -> Reply:
        self.tasks.append(task)
        self.begun.set()
        assert self.go.wait(10)
        if self.notice:
            task("events", 1, 2)
        return Reply(RecentAnswer(0))


@pytest.mark.parametrize("notice", [True, False])
def test_a_cancelled_request_is_answered_at_once_and_once(notice) -> None:
    work = Waiting(notice=notice)
    threads: list[threading.Thread] = []

    def run(one):
        threads.append(threading.Thread(target=one))
        threads[-1].start()

    desk, sent = desk_with(work, run)
    desk.receive({"type": "fetch", "id": "a", "scope": ROOM, "tables": []})
    assert work.begun.wait(10)
    desk.receive({"type": "cancel", "id": "b", "cancels": "a"})
    assert [(one["type"], one["id"]) for one in sent] == [("error", "a"), ("answer", "b")]
    assert (sent[0]["reason"], sent[0]["to"], sent[0]["place"]) == ("cancelled", "fetch", "records")
    assert sent[1]["result"] == {"cancelled": True}
    work.go.set()
    threads[0].join(10)
    assert len(sent) == 2


def test_cancelling_what_is_over_says_so() -> None:
    kernel = Kernel()
    kernel.ask("hello")
    assert kernel.ask("cancel", cancels="t-1") == {"cancelled": False}


def test_one_id_is_one_request() -> None:
    work = Waiting(notice=False)
    later = []
    desk, sent = desk_with(work, later.append)
    desk.receive({"type": "recent", "id": "a"})
    desk.receive({"type": "recent", "id": "a"})
    assert [(one["type"], one["reason"]) for one in sent] == [("error", "input")]
    work.go.set()
    later[0]()
    assert [one["type"] for one in sent] == ["error", "answer"]


def test_a_browser_that_asks_without_end_is_told() -> None:
    desk, sent = desk_with(Waiting(notice=False), lambda _: None)
    for number in range(desk_module.OPEN_MOST + 1):
        desk.receive({"type": "recent", "id": str(number)})
    assert [(one["id"], one["reason"]) for one in sent] == [(str(desk_module.OPEN_MOST), "input")]


def test_when_the_widget_closes_everything_ends() -> None:
    work = Waiting(notice=True)
    later = []
    desk, sent = desk_with(work, later.append)
    desk.receive({"type": "recent", "id": "a"})
    desk.end()
    later[0]()
    assert [one["reason"] for one in sent] == ["cancelled"]


def test_work_is_done_in_threads_of_its_own() -> None:
    names = []
    done = threading.Event()

    def handler(_request, _task):
        names.append(threading.current_thread().name)
        return Reply(RecentAnswer(0))

    desk = Desk({"recent": handler}, lambda *_: done.set())
    desk.receive({"type": "recent", "id": "a"})
    assert done.wait(10)
    assert names == ["hs-explorer"]


def test_progress_tells_count_rate_and_time_left_now_and_then() -> None:
    clock = [0.0]
    sent: list[Any] = []
    task = Task("a", sent.append, lambda: clock[0])
    task.resumed("ratings", 1000, 4000)
    clock[0] = 1.0
    task("ratings", 2000, 4000)
    clock[0] += REPORT_SEC / 2
    task("ratings", 2500, 4000)  # too soon to be told
    clock[0] = 2.0
    task.waiting("the service asks for a pause", datetime(2026, 3, 2, 15, 4, 5, tzinfo=UTC))
    clock[0] = 4.0
    task("ratings", 4000, 4000)
    told = [(one.received, one.total, one.per_sec, one.left_sec) for one in sent]
    assert told == [(2000, 4000, 1000.0, 2.0), (2500, 4000, None, None), (4000, 4000, 750.0, 0.0)]
    assert sent[1].waiting == "waits until 15:04:05: the service asks for a pause"


def test_progress_of_an_unknown_total_has_no_time_left() -> None:
    clock = [0.0]
    sent: list[Any] = []
    task = Task("a", sent.append, lambda: clock[0])
    clock[0] = 1.0
    task("rooms", 10, None)
    assert (sent[0].total, sent[0].left_sec) == (None, None)


def test_answers_hold_what_the_contract_says() -> None:
    kernel = Kernel(study_routes())
    assert msgspec.convert(kernel.ask("hello"), HelloAnswer).demo
    page = msgspec.convert(kernel.ask("page", scope=ROOM, table="ratings"), PageAnswer)
    assert page.state.whole
