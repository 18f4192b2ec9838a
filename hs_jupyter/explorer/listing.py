"""The tree of scopes: lists asked for once, marks of what is stored and lately looked at, and search."""

from __future__ import annotations

from contextlib import suppress
from threading import RLock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

from hs_jupyter.errors import ApiError, HsError, NotFoundError
from hs_jupyter.explorer.buffers import EXPERIMENTS, FOUND, PARTICIPANTS, ROOMS
from hs_jupyter.explorer.wire import fixed_table
from hs_jupyter.query import make_query
from hs_jupyter.scope import Scope
from hs_jupyter.tables.derive import MS_PER_SEC
from hs_jupyter.tables.facts import facts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import pyarrow as pa

    from hs_jupyter.fetching import OnProgress
    from hs_jupyter.study import Study

FOUND_MOST = 200
"""Rows of a search; whoever sees so many types another letter."""

EXPERIMENTS_ASKED = 5
"""Experiments whose participants are listed to find one pasted ID; each costs a request or more."""

_RUNNING = frozenset({"active", "running", "live", "started", "in_progress", "in-progress"})
_MARKS_SEC = 30.0
_MARKS_WAIT_SEC = 0.3
"""A list is not kept waiting for its marks: a store may hold tens of thousands of tables."""

_COUNT_MOST = 2**31 - 1

Row = dict[str, Any]


class Listing:
    """The lists of one study.

    Parameters
    ----------
    study
        Where they are asked for.
    clock
        Seconds that only grow.

    Attributes
    ----------
    opened : dict
        Scope to the epoch milliseconds at which it was last looked at here.
    """

    def __init__(self, study: Study, clock: Callable[[], float] = monotonic) -> None:
        self.opened: dict[Scope, float] = {}
        self._study = study
        self._clock = clock
        self._lock = RLock()
        self._lists: dict[Scope, tuple[list[Row], tuple[str, ...]]] = {}
        self._marks: dict[Scope, float] = {}
        self._marking: tuple[float, Thread | None] = (float("-inf"), None)

    def below(
        self, parent: Scope | None, task: OnProgress | None = None, *, refresh: bool = False
    ) -> tuple[str, pa.Table, tuple[str, ...]]:
        """List what lies below a scope: the table's name, the table, and doubts about it."""
        rows, warnings = self._rows(parent or Scope("user"), task, refresh=refresh)
        stored = self.stored()
        if parent is None:
            return "experiments", _experiments(rows, stored, self.opened), warnings
        if parent.kind == "experiment":
            return "rooms", _rooms(rows, stored, self.opened), warnings
        return "participants", _participants(rows, parent.id, stored, self.opened), warnings

    def name_of(self, scope: Scope) -> str:
        """Return an experiment's name, as far as known here; empty otherwise."""
        rows, _ = self._lists.get(Scope("user"), ([], ()))
        named = (row["name"] for row in rows if row["experimentId"] == scope.id)
        return next(named, None) or "" if scope.kind == "experiment" else ""

    def is_running(self, room: str) -> bool:
        """Whether a room is known as one that runs now."""
        return any(row["roomId"] == room and _runs(row) for row in self._known("experiment"))

    def experiment_of(self, room: str) -> str | None:
        """Return a room's experiment, as far as known here."""
        found = (row["experimentId"] for row in self._known("experiment") if row["roomId"] == room)
        return next(found, None)

    def forget(self, scope: Scope) -> None:
        """Take note that there is no such scope: it is not one of those looked at."""
        self.opened.pop(scope, None)

    def recent(self) -> pa.Table:
        """List the scopes looked at lately, then those stored here."""
        seen = sorted(self.opened, key=lambda one: -self.opened[one])
        stored = self.stored()
        rest = sorted(stored.keys() - set(seen), key=lambda one: (-stored[one], one.kind, one.id))
        return self._found([*seen, *rest][:FOUND_MOST])

    def find(self, text: str) -> pa.Table:
        """Find scopes among those known here: by ID or name, best matches first."""
        wanted = text.strip().casefold()
        known = dict.fromkeys([*self.opened, *self.stored(), *self._all_known()])
        ranked = [(rank, scope) for scope in known if (rank := self._rank(scope, wanted)) is not None]
        ranked.sort(key=lambda one: (one[0], -self.opened.get(one[1], 0.0)))
        return self._found([scope for _, scope in ranked[:FOUND_MOST]])

    def ask(self, text: str, task: OnProgress | None = None) -> pa.Table:
        """Ask the service for a scope of exactly this ID: two requests, more for a participant."""
        id_ = text.strip()
        for scope, question in (
            (Scope("room", id_), make_query("participants", Scope("room", id_))),
            (Scope("experiment", id_), make_query("rooms", Scope("experiment", id_))),
        ):
            with suppress(NotFoundError):
                self._study.peek(question)
                return self._found([scope])
        experiments, _ = self._rows(Scope("user"), task)
        rooms: list[str] = []
        for row in experiments[-EXPERIMENTS_ASKED:]:
            people = make_query("participants", Scope("experiment", row["experimentId"]))
            with suppress(ApiError):
                table = self._study.table(people, task)
                rooms += [
                    one["roomId"] for one in _plain(table) if one["participantId"] == id_ and one["roomId"]
                ]
        return self._found([Scope("participant", id_, room) for room in dict.fromkeys(rooms)])

    def stored(self) -> dict[Scope, float]:
        """Return the scopes of which something is stored here, with the epoch milliseconds of the last fetch.

        Looked up beside the caller's work; what is known after a moment is what is marked.
        """
        with self._lock:
            at, thread = self._marking
            if self._clock() - at > _MARKS_SEC and (thread is None or not thread.is_alive()):
                thread = Thread(target=self._mark, name="hs-marks", daemon=True)
                self._marking = self._clock(), thread
                thread.start()
        if thread is not None:
            thread.join(_MARKS_WAIT_SEC)
        return dict(self._marks)

    def _mark(self) -> None:
        fresh: dict[Scope, float] = {}
        if not self._marks:
            self._marks = fresh  # the first time, what is found is shown as it comes
        with suppress(HsError, OSError):
            for scope, fetched_ms in _stored(self._study):
                fresh[scope] = max(fetched_ms, fresh.get(scope, 0.0))
            self._marks = fresh

    def _rows(
        self, parent: Scope, task: OnProgress | None, *, refresh: bool = False
    ) -> tuple[list[Row], tuple[str, ...]]:
        with self._lock:
            if refresh or parent not in self._lists:
                type_ = {"user": "experiments", "experiment": "rooms"}.get(parent.kind, "participants")
                table = self._study.table(make_query(type_, parent), task)
                facts = facts_of(table)
                # What was left out on purpose (e-mail addresses) is no doubt about the list.
                self._lists[parent] = _plain(table), () if facts.complete else facts.warnings
            return self._lists[parent]

    def _known(self, parent: str) -> Iterable[Row]:
        return [row for scope, (rows, _) in list(self._lists.items()) if scope.kind == parent for row in rows]

    def _all_known(self) -> Iterable[Scope]:
        for row in self._known("user"):
            yield Scope("experiment", row["experimentId"])
        for row in self._known("experiment"):
            yield Scope("room", row["roomId"])
        for row in self._known("room"):
            if row["participantId"] and row["roomId"]:
                yield Scope("participant", row["participantId"], row["roomId"])

    def _rank(self, scope: Scope, wanted: str) -> int | None:
        """Return how well a scope fits, 0 best; None if it does not."""
        names = [scope.id.casefold(), self.name_of(scope).casefold()]
        tests = (lambda one: one == wanted, lambda one: one.startswith(wanted), lambda one: wanted in one)
        return next((rank for rank, fits in enumerate(tests) if any(map(fits, names))), None)

    def _found(self, scopes: list[Scope]) -> pa.Table:
        stored = self.stored()
        status = {row["roomId"]: row["status"] for row in self._known("experiment")}
        rows = [
            {
                "kind": one.kind,
                "id": one.id,
                "name": self.name_of(one) or None,
                "room": one.room,
                "experiment": self.experiment_of(one.room_id) if one.room_id else None,
                "status": status.get(one.id) if one.kind == "room" else None,
                **_marks(one, stored, self.opened),
            }
            for one in scopes
        ]
        return fixed_table(FOUND, {name: [row[name] for row in rows] for name in FOUND})


def _experiments(rows: list[Row], stored: Mapping[Scope, float], opened: dict[Scope, float]) -> pa.Table:
    found = [
        {
            "id": row["experimentId"],
            "name": row["name"],
            "rooms": _count(row["roomCount"]),
            "participants": _count(row["participantCount"]),
            "created_ms": _ms(row["createdAt"]),
            **_marks(Scope("experiment", row["experimentId"]), stored, opened),
        }
        for row in _newest_first(rows, "createdAt")
        if row["experimentId"]
    ]
    return fixed_table(EXPERIMENTS, {name: [row[name] for row in found] for name in EXPERIMENTS})


def _rooms(rows: list[Row], stored: Mapping[Scope, float], opened: dict[Scope, float]) -> pa.Table:
    found = [
        {
            "id": row["roomId"],
            "status": row["status"],
            "started_ms": _ms(row["startedAt"] or row["createdAt"]),
            "duration_sec": None if row["duration"] is None else row["duration"] / MS_PER_SEC,
            "participants": _count(row["participantCount"]),
            "deployment": row["deploymentName"] or row["deploymentId"],
            "running": _runs(row),
            **_marks(Scope("room", row["roomId"]), stored, opened),
        }
        for row in _newest_first(rows, "startedAt", "createdAt")
        if row["roomId"]
    ]
    return fixed_table(ROOMS, {name: [row[name] for row in found] for name in ROOMS})


def _participants(
    rows: list[Row], room: str, stored: Mapping[Scope, float], opened: dict[Scope, float]
) -> pa.Table:
    found = [
        {
            "id": row["participantId"],
            "name": row["name"],
            "role": row["role"],
            "status": row["status"],
            "completion_code": row["completionCode"],
            "joined_ms": _ms(row["joinedAt"]),
            **_marks(Scope("participant", row["participantId"], room), stored, opened),
        }
        for row in rows
        if row["participantId"]
    ]
    return fixed_table(PARTICIPANTS, {name: [row[name] for row in found] for name in PARTICIPANTS})


def _marks(scope: Scope, stored: Mapping[Scope, float], opened: dict[Scope, float]) -> Row:
    return {"stored": scope in stored, "opened_ms": opened.get(scope)}


def _plain(table: pa.Table) -> list[Row]:
    rows: list[Row] = table.to_pylist()
    return rows


def _ms(instant: Any) -> float | None:
    return None if instant is None else instant.timestamp() * 1000


def _count(number: int | None) -> int | None:
    return number if number is not None and 0 <= number <= _COUNT_MOST else None


def _newest_first(rows: list[Row], *columns: str) -> list[Row]:
    """Sort by the first instant that a row has; rows without one come last."""

    def at(row: Row) -> float:
        return next((row[name].timestamp() for name in columns if row[name] is not None), float("-inf"))

    return sorted(rows, key=at, reverse=True)


def _runs(row: Row) -> bool:
    return str(row["status"] or "").strip().lower() in _RUNNING


def _stored(study: Study) -> Iterable[tuple[Scope, float]]:
    if study.space is None:
        return
    for holding in study.space.holdings():
        fetched_ms = holding.fetched_at.timestamp() * 1000
        if holding.scope.kind != "user":
            yield holding.scope, fetched_ms
        if holding.experiment:
            yield Scope("experiment", holding.experiment), fetched_ms
