"""Real IDs of the connected study for completion: asked for beside the kernel's work, kept briefly."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hs_jupyter.magics.suggest import IdKind

WAIT_SEC = 0.8
"""A Tab waits no longer; what arrives later is there at the next one."""
KEPT_SEC = 60.0
"""Answers are kept so long: a study grows slowly, and requests are counted."""
MOST_EXPERIMENTS = 5
"""Rooms and participants are asked for in so many experiments, one request each."""


@dataclass
class _Answer:
    found: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    finished: Event = field(default_factory=Event)
    at: float = field(default_factory=monotonic)


class KnownIds:
    """Asks for IDs in a thread of its own, so that Tab never blocks longer than ``WAIT_SEC``.

    Parameters
    ----------
    twins
        Returns the module of the Python twins; called in the thread, since importing takes time, too.
    """

    def __init__(self, twins: Callable[[], Any]) -> None:
        self._twins = twins
        self._answers: dict[tuple[str, ...], _Answer] = {}
        self._lock = Lock()

    def ids(self, kind: IdKind, room: str = "", wait_sec: float = WAIT_SEC) -> list[str]:
        """List IDs, most recent first; what is known when the time is over."""
        return list(self._ask(kind, room, wait_sec).found)

    def experiment_names(self, wait_sec: float = WAIT_SEC) -> list[str]:
        """List the names of experiments, most recent first."""
        return list(self._ask("experiment", "", wait_sec).names)

    def _ask(self, kind: IdKind, room: str, wait_sec: float) -> _Answer:
        box: list[_Answer] = []
        ready = Event()

        def work() -> None:
            with suppress(Exception):  # no study, no IDs: Tab stays silent
                self._work(kind, room, box)
            ready.set()

        Thread(target=work, name="hs-completion", daemon=True).start()
        ready.wait(wait_sec)
        return box[0] if box else _Answer()

    def _work(self, kind: IdKind, room: str, box: list[_Answer]) -> None:
        """Find or begin the one question about this; another connection is another question."""
        twins = self._twins()
        key = (str(twins.connection()), kind, room)
        with self._lock:
            answer = self._answers.get(key)
            begun = answer is not None and monotonic() - answer.at < KEPT_SEC
            if answer is None or not begun:
                answer = self._answers[key] = _Answer()
        box.append(answer)
        if begun:
            answer.finished.wait()
            return
        try:
            _fill(answer, twins, kind, room)
        except Exception:
            self._answers.pop(key, None)  # a failure is not kept
            raise
        finally:
            answer.finished.set()


def _fill(answer: _Answer, twins: Any, kind: IdKind, room: str) -> None:
    """Ask, and add what comes as it comes."""
    if kind == "deployment":
        rows = twins.deployments(as_="records", progress=False)
        answer.found.extend(_newest(rows, "deploymentId"))
        return
    if kind == "participant" and room:
        rows = twins.table(type="participants", room=room, as_="records", progress=False)
        answer.found.extend(_newest(rows, "participantId"))
        return
    experiments = twins.experiments(as_="records", progress=False)
    ids = _newest(experiments, "experimentId")
    if kind == "experiment":
        answer.names.extend(_newest(experiments, "name"))
        answer.found.extend(ids)
        return
    column = "roomId" if kind == "room" else "participantId"
    rows = []
    for experiment in ids[:MOST_EXPERIMENTS]:
        rows += twins.table(type=f"{kind}s", experiment=experiment, as_="records", progress=False)
        answer.found[:] = _newest(rows, column)


def _newest(rows: Iterable[dict[str, Any]], column: str) -> list[str]:
    """Take a column's texts, newest row first; only texts that a line can hold."""

    def age(row: dict[str, Any]) -> str:
        return max(str(row.get(name) or "") for name in ("createdAt", "startedAt", "joinedAt"))

    texts = [str(row[column]) for row in sorted(rows, key=age, reverse=True) if row.get(column)]
    return [text for text in dict.fromkeys(texts) if text.isprintable()]
