"""The room that is always running: a stored session, replayed on the wall clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hs_jupyter.demo_study.stamps import epoch_ms, iso

INTO_FILM_SEC = 145.0
"""So far into the film the session is when the server starts and whenever it begins again: never empty."""
REST_SEC = 10.0
"""Between the session's end and its next beginning."""

INSTANTS = (
    "timestamp",
    "startTime",
    "endTime",
    "joinedAt",
    "completedAt",
    "createdAt",
    "startedAt",
    "stateStartTime",
)
RECORD_IDS = {
    "events": "id", "videochat": "id", "chat": "messageId", "ratings": "ratingId", "ratings_sparse": "ratingId",
    "sync": "metricId",
}  # fmt: skip
"""Tables whose records get new IDs with every round."""


@dataclass(frozen=True)
class Moment:
    """Where the replay stands.

    ``horizon_ms`` is the stored instant that is now; ``shift_ms`` leads from stored to real instants.
    """

    round: int
    horizon_ms: float
    shift_ms: float


@dataclass(frozen=True)
class Live:
    """The replay of one stored room.

    Parameters
    ----------
    start_ms, film_ms, length_ms
        The stored session: epoch milliseconds of onset 0, onset of the film, length of the session.
    began_ms
        Epoch milliseconds at which the server began the replay.
    """

    start_ms: float
    film_ms: float
    length_ms: float
    began_ms: float

    def moment(self, now_ms: float) -> Moment:
        """Place an instant in the replay."""
        head = self.film_ms + INTO_FILM_SEC * 1000
        lap = max(self.length_ms - head, 0) + REST_SEC * 1000
        rounds = max(now_ms - self.began_ms, 0) // lap
        # Whole milliseconds, and the same all round long: an instant once written stays as it was.
        shift = round(self.began_ms + rounds * lap - self.start_ms - head)
        return Moment(int(rounds), now_ms - shift, shift)


def relive(table: str, record: dict[str, Any], moment: Moment) -> dict[str, Any]:
    """Move a stored record to the present; what has not happened yet is not in it."""
    fresh: dict[str, Any] = dict(record)
    for name in INSTANTS:
        if isinstance(text := record.get(name), str):
            stored = epoch_ms(text)
            fresh[name] = iso(stored + moment.shift_ms) if stored <= moment.horizon_ms else None
    if own_id := RECORD_IDS.get(table):
        fresh[own_id] = f"{record[own_id]}_r{moment.round}"
    if pause := record.get("sparseRatingData"):
        fresh["sparseRatingData"] = pause | {
            "pauseTimestamp": round(pause["pauseTimestamp"] + moment.shift_ms)
        }
    if table == "rooms":
        del fresh["duration"], fresh["completionReason"]
        fresh["status"] = "active"
    if table == "participants":
        fresh |= {"status": "active", "completionCode": "IN_PROGRESS"}
    if table == "recordings" and fresh["endTime"] is None:
        fresh |= {"status": "active", "duration": None}
    return fresh
