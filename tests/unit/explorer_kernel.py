"""The kernel side of an explorer without a widget: a host on a fake service, and a desk that works at once."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from fake_service import FakeService, event

from hs_jupyter.api.connection import Connection
from hs_jupyter.errors import InputError
from hs_jupyter.explorer.desk import Desk
from hs_jupyter.explorer.host import Doors, Host
from hs_jupyter.explorer.registry import handlers_of
from hs_jupyter.explorer.selection import Selection
from hs_jupyter.study import Study

ROOM = {"kind": "room", "id": "r1"}
HOSTILE = '<img src=x onerror=alert(1)>";import os#\u202e=HYPERLINK("http://a.example")'


def rating(number: int, **fields: Any) -> dict[str, Any]:
    """Make a rating at so many seconds, of two participants in turn."""
    return {
        "ratingId": f"q{number:05}", "roomId": "r1", "experimentId": "e1", "participantId": f"p{number % 2}",
        "componentId": "valence", "onset": number * 1000.0, "timestamp": stamp(number),
        "value": (number % 11) / 10, "rawValue": number % 11 * 10.0, "scaleMin": 0, "scaleMax": 100, **fields,
    }  # fmt: skip


def stamp(seconds: int) -> str:
    """Spell an instant so many seconds after the start."""
    hours, rest = divmod(seconds, 3600)
    return f"2026-03-02T{15 + hours:02}:{rest // 60:02}:{rest % 60:02}.000Z"


def study_routes(ratings: int = 20, **more: Any) -> dict[str, Any]:
    """Return a small study: one experiment, two rooms, two people, events and ratings in the first room."""
    people = [
        {"participantId": f"p{n}", "roomId": "r1", "name": f"Name {n}", "email": f"p{n}@example.org",
         "role": "viewer", "joinedAt": stamp(n)}
        for n in range(2)
    ]  # fmt: skip
    empty = {f"data/{kind}/room/r1": [] for kind in (
        "recordings", "videochat", "chat", "components", "ratings/sparse", "sync", "eyetracking", "agent-decisions",
    )}  # fmt: skip
    return {
        "experiments": [
            {"id": "e1", "name": "Films", "createdAt": stamp(0), "roomCount": 2, "ownerEmail": "o@example.org"}
        ],
        "data/rooms/experiment/e1": [
            {"roomId": "r1", "experimentId": "e1", "status": "completed", "startedAt": stamp(0),
             "participantCount": 2, "duration": 60_000.0},
            {"roomId": "r2", "experimentId": "e1", "status": "active", "startedAt": stamp(60)},
        ],
        "data/participants/room/r1": people,
        "data/events/room/r1": [event(n, eventType="media.play") for n in range(5)],
        "data/ratings/continuous/room/r1": [rating(n) for n in range(ratings)],
        "data/variables/room/r1": {"status": "success", "data": []},
        **empty,
        **more,
    }  # fmt: skip


class Variables(dict[str, Any]):
    """A notebook's variables."""

    def put(self, name: str, value: Any) -> None:
        self[name] = value


class Kernel:
    """An explorer's kernel side; every message it sends is kept.

    ``study`` may be replaced: another connection.
    """

    def __init__(self, routes: dict[str, Any] | None = None, *, cap: int = 1000, run: Any = None) -> None:
        self.service = FakeService(study_routes() if routes is None else routes, cap=cap)
        self.study = Study(self.service)
        self.connection = Connection("http://127.0.0.1:1/api/v3", demo=True)
        self.variables = Variables()
        self.selection = Selection()
        self.chosen: list[Any] = []
        self.sent: list[dict[str, Any]] = []
        self.buffers: dict[int, list[bytes]] = {}
        self.warned: list[str] = []
        doors = Doors(
            lambda: self.study, lambda: self.connection, self.link, self.warned.append, self.variables
        )
        self.host = Host(doors, self._choose)
        self.desk = Desk(handlers_of(self.host), self._send, run or (lambda work: work()))
        self._count = 0

    def link(self, recording: Any, _scope: Any) -> str:
        return f"https://store.example/{recording.id}?signature=abc"

    def ask(self, type_: str, **fields: Any) -> Any:
        """Ask, and return the result; its tables are in ``tables``."""
        answer = self.answer(type_, **fields)
        assert answer["type"] == "answer", answer
        return answer["result"]

    def answer(self, type_: str, **fields: Any) -> dict[str, Any]:
        """Ask, and return the one answer."""
        self._count += 1
        id_ = fields.pop("id", f"t-{self._count}")
        self.desk.receive({"type": type_, "id": id_, **fields})
        [found] = [one for one in self.sent if one["id"] == id_ and one["type"] in ("answer", "error")]
        return found

    def table(self, type_: str, name: str, **fields: Any) -> list[dict[str, Any]]:
        """Ask, and return the rows of one table of the answer."""
        answer = self.answer(type_, **fields)
        assert answer["type"] == "answer", answer
        buffers = self.buffers[id(answer)]
        assert len(buffers) == len(answer["tables"])
        with pa.ipc.open_stream(buffers[answer["tables"].index(name)]) as reader:
            return reader.read_all().to_pylist()

    def _send(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        self.sent.append(content)
        self.buffers[id(content)] = buffers

    def _choose(self, scope: Any) -> Selection:
        if scope.id == "unchoosable":
            raise InputError("no")
        self.chosen.append(scope)
        return self.selection
