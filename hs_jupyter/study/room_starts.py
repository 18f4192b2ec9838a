"""When did each room start? Onset 0, for rows that carry an instant and no onset."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from hs_jupyter.errors import ApiError, InputError, NotStoredError
from hs_jupyter.manner import Manner, current_manner, in_manner
from hs_jupyter.query import Query, make_query
from hs_jupyter.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pyarrow as pa


MOST_ROOMS_ASKED = 20
"""Rooms whose events are read for their start; beyond, it would cost too many requests."""

_OUTSIDE = {"pre_experiment", "post_experiment"}
_ENOUGH_EVENTS = 200


class RoomStarts:
    """Finds room starts in the order of hyperstudy-api.md (e), and remembers them.

    ``experimentStartedAt`` of an answer for one room; a start field of the room's record; the median
    of timestamp minus onset over the room's events, without those before and after the experiment;
    else unknown.

    Parameters
    ----------
    ask
        Answers a `Query` with a table.
    """

    def __init__(self, ask: Callable[[Query], pa.Table]) -> None:
        self._ask = ask
        self._known: dict[str, datetime] = {}
        self._listed: set[str] = set()
        self._asked: set[str] = set()

    def learn(self, scope: Scope, metadata: Mapping[str, Any]) -> None:
        """Take the start from an answer's metadata; it is one room's only at room scope or below."""
        processing = metadata.get("processing")
        text = processing.get("experimentStartedAt") if isinstance(processing, dict) else None
        if scope.room_id and isinstance(text, str):
            try:
                at = datetime.fromisoformat(text)
            except ValueError:
                return
            self._known[scope.room_id] = at if at.tzinfo else at.replace(tzinfo=UTC)

    def of(self, table: pa.Table, scope: Scope) -> dict[str, datetime]:
        """Return the starts of the rooms of a table, as far as they can be known."""
        rooms = [room for room in pc.unique(table["roomId"]).to_pylist() if room]
        if not self._knows(rooms) and not current_manner().refresh:
            with in_manner(Manner(offline=True)):  # a start does not change: what is stored will do
                self._look_up(rooms, table, scope)
        if not self._knows(rooms):
            self._look_up(rooms, table, scope)
        return {room: self._known[room] for room in rooms if room in self._known}

    def _knows(self, rooms: list[str]) -> bool:
        return all(room in self._known for room in rooms)

    def _look_up(self, rooms: list[str], table: pa.Table, scope: Scope) -> None:
        self._from_records(table, scope)
        missing = [room for room in rooms if room not in self._known and room not in self._asked]
        for room in missing[:MOST_ROOMS_ASKED]:
            self._asked.add(room)  # before asking: its events may lack onsets themselves
            self._from_events(room)

    def _from_records(self, table: pa.Table, scope: Scope) -> None:
        held = pc.unique(table["experimentId"]).to_pylist() if "experimentId" in table.column_names else []
        experiments = {scope.id} if scope.kind == "experiment" else {one for one in held if one}
        for experiment in experiments - self._listed:
            self._listed.add(experiment)
            try:
                rooms = self._ask(make_query("rooms", Scope("experiment", experiment)))
            except NotStoredError:
                self._listed.discard(experiment)
                continue
            except (ApiError, InputError):
                continue
            for room, at in zip(rooms["roomId"].to_pylist(), rooms["startedAt"].to_pylist(), strict=True):
                if at is not None:
                    self._known[room] = at

    def _from_events(self, room: str) -> None:
        try:
            events = self._ask(
                make_query("events", Scope("room", room), sort="timestamp", limit=_ENOUGH_EVENTS)
            )
        except (ApiError, NotStoredError):
            self._asked.discard(room)
            return
        begun = [
            at.timestamp() - onset
            for at, onset, category in zip(
                *(events[name].to_pylist() for name in ("timestamp", "onset_sec", "category")), strict=True
            )
            if at is not None and onset is not None and category not in _OUTSIDE
        ]
        if begun:
            self._known[room] = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=median(begun))
