"""Which rooms are over, so that what was fetched of them stays: asked once, and remembered."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.errors import ApiError, DamagedError, ForbiddenError, NetworkError, NotStoredError
from hs_jupyter.query import Query, make_query
from hs_jupyter.scope import Scope
from hs_jupyter.study.freshness import is_settled, over_since

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import pyarrow as pa

    from hs_jupyter.storage import Space

_LISTED_FOR_SEC = 60.0
"""So long a list of rooms is believed while questions are asked one after another."""

Record = dict[str, Any]


class RoomsOver:
    """Knows an experiment's rooms, and which of them are over.

    Parameters
    ----------
    space
        Where lists of rooms and recordings may be stored.
    ask
        Answers a `Query` with a table.
    """

    def __init__(self, space: Space, ask: Callable[[Query], pa.Table]) -> None:
        self._space = space
        self._ask = ask
        self._listed: dict[str, tuple[float, dict[str, Record]]] = {}
        self._over: dict[str, datetime] = {}

    def rooms(self, experiment: str) -> dict[str, Record]:
        """List an experiment's rooms by ID, with their records; none where the key may not see them."""
        at, rooms = self._listed.get(experiment, (float("-inf"), {}))
        if time.monotonic() - at > _LISTED_FOR_SEC:
            rooms = _by_room(self._rows("rooms", Scope("experiment", experiment)))
            self._listed[experiment] = (time.monotonic(), rooms)
        return rooms

    def experiment_of(self, room: str) -> str | None:
        """Return the experiment of a room that was listed."""
        return next((experiment for experiment, (_, rooms) in self._listed.items() if room in rooms), None)

    def over_since(self, room: str, experiment: str | None) -> datetime | None:
        """Return when a room was over, as far as the key can see; None if it is not, or nobody knows.

        What is stored is enough: a session that is over does not begin again.
        """
        experiment = experiment or self.experiment_of(room)
        if experiment is None:
            return None
        if room not in self._over and (
            since := self._as_stored(room, experiment) or self._as_listed(room, experiment)
        ):
            self._over[room] = since
        return self._over.get(room)

    def _as_stored(self, room: str, experiment: str) -> datetime | None:
        rooms = self._space.find(DATA_TYPES["rooms"], Scope("experiment", experiment))
        recordings = self._space.find(DATA_TYPES["recordings"], Scope("room", room))
        if rooms is None or recordings is None:
            return None
        try:
            record = _by_room(rooms.read().to_pylist()).get(room, {})
            since = over_since(record, recordings.read().to_pylist())
        except DamagedError:
            return None
        return since if is_settled(recordings, since) else None  # else more may have begun since

    def _as_listed(self, room: str, experiment: str) -> datetime | None:
        record = self.rooms(experiment).get(room, {})
        if over_since(record, ()) is None:
            return None
        recordings = self._rows("recordings", Scope("room", room))
        return None if recordings is None else over_since(record, recordings)

    def _rows(self, type_: str, scope: Scope) -> list[Record] | None:
        """List rows; None where nobody can say, none where the key may see none."""
        try:
            rows: list[Record] = self._ask(make_query(type_, scope)).to_pylist()
        except ForbiddenError:
            return []
        except (ApiError, NetworkError, NotStoredError):
            return None
        return rows


def _by_room(rows: list[Record] | None) -> dict[str, Record]:
    return {row["roomId"]: row for row in rows or () if row.get("roomId")}
