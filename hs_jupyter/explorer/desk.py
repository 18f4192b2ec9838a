"""Every request is answered exactly once: read, worked on in a thread of its own, answered or explained."""

from __future__ import annotations

import traceback
from contextvars import copy_context
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

import msgspec

from hs_jupyter.errors import HsError, InputError
from hs_jupyter.explorer.addresses import ADDRESSES
from hs_jupyter.explorer.answers import CancelAnswer, MediaAnswer, VegaAnswer
from hs_jupyter.explorer.explain import failure_of, unread
from hs_jupyter.explorer.messages import Answer, AnyRequest, Cancel, Sent
from hs_jupyter.explorer.tasks import CancelledError, Task
from hs_jupyter.explorer.wire import stream
from hs_jupyter.masking import mask_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pyarrow as pa

    from hs_jupyter.explorer.answers import Result

    Handler = Callable[[Any, Task], "Reply"]
    Send = Callable[[dict[str, Any], list[bytes]], None]

OPEN_MOST = 60
"""Requests under way at once; a browser that asks for more is at fault, and is told so."""


_EXACT = (MediaAnswer, VegaAnswer)
"""What is used as it is: a link for the open player, a part of the explorer itself."""


@dataclass(frozen=True)
class Reply:
    """What a handler answers: a result, and the tables that travel beside it, by name."""

    result: Result
    tables: Mapping[str, pa.Table] = field(default_factory=dict)


class Desk:
    """Takes messages of the browser, and answers each request once, whatever happens.

    Parameters
    ----------
    handlers
        What answers a type of request.
    send
        Takes a message's content and its buffers; called from several threads.
    run
        Starts work beside the caller; a thread by default.

    Attributes
    ----------
    fault : str
        The last unexpected fault in full, secrets masked, for a report.
    """

    def __init__(
        self,
        handlers: Mapping[str, Handler],
        send: Send,
        run: Callable[[Callable[[], None]], None] | None = None,
    ) -> None:
        self._handlers = handlers
        self._send = send
        self._run = run or _in_thread
        self._open: dict[str, tuple[Task, Any]] = {}
        self.fault = ""
        self._lock = Lock()

    def receive(self, content: Any) -> None:
        """Take one message; returns at once and never raises."""
        try:
            request = msgspec.convert(ADDRESSES.show(content), AnyRequest)
        except (msgspec.ValidationError, RecursionError) as problem:
            self.send(unread(content, problem))
            return
        if isinstance(request, Cancel):
            self._cancel(request)
            return
        task = Task(request.id, self.send)
        with self._lock:
            refused = self._refusal(request.id)
            if not refused:
                self._open[request.id] = task, request
        if refused:
            self.send(failure_of(InputError(refused), request))
            return
        try:
            self._run(lambda: self._work(request, task))
        except Exception as problem:  # noqa: BLE001 - no thread can be started: that is an answer, too
            self._close(task)
            self.send(failure_of(problem, request))

    def send(self, message: Sent, tables: Mapping[str, pa.Table] | None = None) -> None:
        """Send a message, with the Arrow tables it names."""
        self._send(*_payload(message, tables or {}))

    def end(self) -> None:
        """Cancel everything: nobody is there any more."""
        with self._lock:
            under_way = list(self._open.values())
        for task, _ in under_way:
            task.cancel()

    def _work(self, request: Any, task: Task) -> None:
        kind = request.__struct_config__.tag
        try:
            task.check()
            reply = self._handlers[kind](request, task)
            task.check()
            message: Sent = Answer(task.id, kind, reply.result, tuple(reply.tables))
            payload = _payload(message, reply.tables)
        except BaseException as problem:  # noqa: BLE001 - a panic inside a library is no Exception
            if not isinstance(problem, HsError):
                self.fault = mask_secrets("".join(traceback.format_exception(problem)))
            payload = _payload(failure_of(problem, request), {})
        if self._close(task):
            self._send(*payload)

    def _cancel(self, request: Cancel) -> None:
        """End a request: its answer goes out at once, however long its thread needs to notice."""
        with self._lock:
            found = self._open.pop(request.cancels, None)
        if found is not None:
            task, asked = found
            task.cancel()
            self.send(failure_of(CancelledError("cancelled"), asked))
        self.send(Answer(request.id, "cancel", CancelAnswer(cancelled=found is not None)))

    def _refusal(self, id_: str) -> str:
        if id_ in self._open:
            return "a request of this ID is under way already"
        return (
            f"{OPEN_MOST} requests are under way: wait for an answer" if len(self._open) >= OPEN_MOST else ""
        )

    def _close(self, task: Task) -> bool:
        """Take a request off the list; False if it was answered already."""
        with self._lock:
            if self._open.get(task.id, (None, None))[0] is not task:
                return False
            del self._open[task.id]
            return True


def _payload(message: Sent, tables: Mapping[str, pa.Table]) -> tuple[dict[str, Any], list[bytes]]:
    buffers = [stream(ADDRESSES.hide_in(one)) for one in tables.values()]
    content = msgspec.to_builtins(message)
    is_exact = isinstance(message, Answer) and isinstance(message.result, _EXACT)
    return content if is_exact else ADDRESSES.hide(content), buffers


def _in_thread(work: Callable[[], None]) -> None:
    """Work in a thread of its own, which does not keep the kernel from ending."""
    Thread(target=copy_context().run, args=(work,), name="hs-explorer", daemon=True).start()
