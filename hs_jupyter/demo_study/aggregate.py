"""Sync metrics averaged over windows; the shape of such rows is this demo study's own."""

from __future__ import annotations

from statistics import fmean
from typing import Any

MEASURES = ("timeDrift", "playbackRate", "syncQuality", "latency", "bufferHealth")


def over_windows(records: list[dict[str, Any]], window_ms: int) -> list[dict[str, Any]]:
    """Average each participant's metrics over windows of onset.

    Each row is its window's first record with averaged measures and a ``sampleCount``.
    """
    groups: dict[tuple[str, str, int], list[dict[str, Any]]] = {}
    for one in records:
        where = (one["roomId"], one["participantId"], int(one["onset"] // window_ms))
        groups.setdefault(where, []).append(one)
    return [
        members[0]
        | {name: round(fmean(one[name] for one in members), 3) for name in MEASURES}
        | {"sampleCount": len(members)}
        for members in groups.values()
    ]
