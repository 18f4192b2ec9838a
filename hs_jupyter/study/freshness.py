"""Is what is stored still what the service has? The rules of it; pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hs_jupyter.api.envelope import Page
    from hs_jupyter.catalog import DataType
    from hs_jupyter.query import Query
    from hs_jupyter.storage import Holding

SETTLED_AFTER = timedelta(hours=24)
"""So long after a room's last record, a fetch can miss nothing that was still on its way."""

_OVER = frozenset({"completed", "complete", "ended", "finished", "abandoned", "failed"})
_NO_FILE = frozenset({"failed", "error", "aborted"})


def only_grows(data_type: DataType) -> bool:
    """Whether records of this type are only ever added, so that count and tail tell what is new.

    Recordings end later than they begin, people and rooms change their status.
    """
    logged = data_type.paged and data_type.time in data_type.sorts and not data_type.end
    return logged and len(data_type.key) == 1


def is_whole(source: Query, query: Query) -> bool:
    """Whether a question reads everything of its scope, so that the answer may be kept as such."""
    kind = source.data_type
    plain = {"roomId", kind.scope_parameter} if kind.scope_parameter else {"roomId"}
    return set(source.wire()) <= plain and not query.server_sort


def is_settled(holding: Holding, over_since: datetime | None = None) -> bool:
    """Whether it was fetched, or checked, a day or more after its last record.

    Parameters
    ----------
    over_since
        When its room was over, where that is known: for what has no records, or records without time.
    """
    ends = [end for end in (holding.last_record, over_since) if end is not None]
    return bool(ends) and holding.checked_at - max(ends) >= SETTLED_AFTER


def is_unchanged(holding: Holding, tail: Page, data_type: DataType) -> bool:
    """Whether the count and the last record that the service announces are those of the holding.

    Parameters
    ----------
    tail
        An answer of one record: the last by time.
    """
    if tail.total is None or tail.total != holding.announced:
        return False
    if not tail.records:
        return tail.total == 0
    at = _instant(tail.records[0], data_type)
    return at is None or at == holding.last_record


def over_since(room: Mapping[str, Any], recordings: Iterable[Mapping[str, Any]]) -> datetime | None:
    """Return when a room was over, its recordings too; None if it is not, or does not say.

    Parameters
    ----------
    room
        Its record, with ``status`` and times.
    recordings
        Its recordings, with ``endTime`` and ``status``.
    """
    begun = room.get("startedAt") or room.get("createdAt")
    if begun is None or str(room.get("status") or "").strip().lower() not in _OVER:
        return None
    ends: list[datetime] = [begun + timedelta(milliseconds=room.get("duration") or 0.0)]
    for one in recordings:
        if one.get("endTime") is not None:
            ends.append(one["endTime"])
        elif str(one.get("status") or "").lower() not in _NO_FILE:
            return None
    return max(ends)


def _instant(record: Mapping[str, Any], data_type: DataType) -> datetime | None:
    from hs_jupyter.tables.values import typed_column

    _, array, unread = typed_column(data_type.time, [record.get(data_type.time)], "instant")
    value = None if unread else array[0].as_py()
    return value if isinstance(value, datetime) else None
