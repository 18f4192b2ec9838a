"""The service's state, and the way every data request goes: place, rows, page."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import orjson

from hs_jupyter.demo_study import truths
from hs_jupyter.demo_study.build import plain
from hs_jupyter.demo_study.database import Database, Query
from hs_jupyter.demo_study.limits import Limits
from hs_jupyter.demo_study.live import Live, Moment, relive
from hs_jupyter.demo_study.refusals import Refusal, bad_parameter, not_found
from hs_jupyter.demo_study.signing import Signer

if TYPE_CHECKING:
    from collections.abc import Callable

    from hs_jupyter.catalog import DataType
    from hs_jupyter.demo_study.asked import Asked
    from hs_jupyter.demo_study.database import Rows
    from hs_jupyter.demo_study.parameters import Parameters


@dataclass(frozen=True)
class Place:
    """A scope that exists: what its rows have in common, and whether they are live."""

    scope: str
    id: str
    where: tuple[tuple[str, str | bool], ...]
    room: dict[str, Any] | None
    live: bool


@dataclass
class Service:
    """Everything that requests share.

    Parameters
    ----------
    parameters
        What the study is, and how it is served.
    database
        The generated study.
    now_ms
        The wall clock in epoch milliseconds.
    """

    parameters: Parameters
    database: Database
    now_ms: Callable[[], float] = lambda: time.time() * 1000
    limits: Limits | None = field(init=False)
    signer: Signer = field(init=False)
    live: Live = field(init=False)

    def __post_init__(self) -> None:
        room = self.database.rooms[truths.LIVE_ROOM]
        self.limits = Limits() if self.parameters.limits else None
        self.signer = Signer(lambda: self.now_ms() / 1000)
        self.live = Live(room["start_ms"], room["film_ms"], room["length_ms"], self.now_ms())

    def place(self, scope: str, scope_id: str, room_id: str | None) -> Place:
        """Find a scope, or refuse what does not exist."""
        experiments, rooms = self.database.experiments, self.database.rooms
        if scope == "experiment":
            if scope_id not in experiments:
                raise not_found("experiment", scope_id)
            where: tuple[tuple[str, str | bool], ...] = (("experiment", scope_id),)
            where += (("room", room_id),) if room_id else ()
            return Place(scope, scope_id, where, None, scope_id == truths.LIVE)
        if scope == "participant" and not room_id:
            raise bad_parameter("roomId", None, "the room of the participant")
        name = scope_id if scope == "room" else str(room_id)
        room = rooms.get(name)
        if room is None:
            raise not_found("room", name)
        where = (("room", name),)
        if scope == "participant":
            if scope_id not in room["people"]:
                raise not_found("participant", scope_id)
            where += (("participant", scope_id),)
        return Place(scope, scope_id, where, room, name == truths.LIVE_ROOM)

    def rows(self, kind: DataType, place: Place, asked: Asked) -> tuple[Rows, Moment | None]:
        """Select the rows asked for, in order; of a running room only what has happened."""
        filters: dict[str, str | bool | None] = {
            "deployment": asked.deploymentId,
            "category": asked.category if kind.name == "events" else None,
            "completionCode": asked.completionCode if kind.name == "participants" else None,
        }
        if kind.name == "components":
            filters |= {
                "componentType": plain(asked.componentType),
                "stateId": asked.stateId,
                "completed": asked.completed,
            }
        where = place.where + tuple((name, value) for name, value in filters.items() if value is not None)
        start, end = asked.times() if kind.timed else (None, None)
        query = Query(
            kind.table, where, start, end, sort=asked.sorted_by(kind), descending=asked.order == "desc"
        )
        if not place.live:
            return self.database.select(query), None
        moment = self.live.moment(self.now_ms())
        query = replace(
            query,
            start_ms=None if start is None else start - moment.shift_ms,
            end_ms=None if end is None else end - moment.shift_ms,
            known_ms=moment.horizon_ms,
        )
        return self.database.select(query), moment

    def texts(self, kind: DataType, rows: Rows, moment: Moment | None) -> list[str]:
        """Read rows as JSON texts, moved to the present where they are live."""
        records = self.database.records(kind.table, rows)
        if moment is None:
            return records
        return [orjson.dumps(relive(kind.table, orjson.loads(one), moment)).decode() for one in records]

    def count(self, key: str, endpoint: str) -> None:
        """Count a request against the limits, when they are on."""
        if self.limits:
            self.limits.count(key, endpoint)

    def recording(self, room_id: str, recording_id: str) -> dict[str, Any]:
        """Find one recording as it stands in its room's list."""
        if room_id in self.database.rooms:
            query = Query("recordings", (("room", room_id),))
            for text in self.database.records("recordings", self.database.select(query)):
                record: dict[str, Any] = orjson.loads(text)
                if record["recordingId"] == recording_id:
                    return record
        raise not_found("recording", recording_id)

    def spend(self, deployment: str) -> dict[str, float]:
        """Sum what the AI participants of a deployment's rooms cost, in US dollars."""
        query = Query("agent_runs", (("deployment", deployment),))
        per_room: dict[str, float] = {}
        for text in self.database.records("agent_runs", self.database.select(query)):
            run = orjson.loads(text)
            per_room[run["roomId"]] = per_room.get(run["roomId"], 0.0) + run["totalCostUsd"]
        return per_room


def no_endpoint(path: str) -> Refusal:
    """Refuse a path that the API does not have."""
    return Refusal(404, "NOT_FOUND", f"No such endpoint: {path}")
