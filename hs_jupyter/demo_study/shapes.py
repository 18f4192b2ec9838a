"""How records look on the wire: the older documentation's shapes, and the newer ones.

The generator writes every record whole; here each loses what its age does not have. Both ages occur
in the study, because both occur in the service: old rooms keep old shapes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hs_jupyter.demo_study.cast import Age

    Record = dict[str, Any]

UNNAMED_CATEGORIES = ("component", "state")
"""Newer events of these categories come without ``eventType``."""
NEW_CATEGORY = {"state": "system"}
"""Newer rooms log changes of state here."""


def shape(table: str, record: Record, age: Age) -> Record:
    """Give a whole record the shape of its age."""
    return SHAPES.get((table, age), dict)(record)


def _without(*names: str) -> Callable[[Record], Record]:
    dropped = frozenset(names)
    return lambda record: {key: value for key, value in record.items() if key not in dropped}


def _renamed(record: Mapping[str, Any], names: Mapping[str, str]) -> Record:
    return {names.get(key, key): value for key, value in record.items()}


def _old_event(record: Record) -> Record:
    """Give it ``sessionId``, ``stateName``, payload under ``value``; no ``stateId``."""
    kept = {key: value for key, value in record.items() if key != "stateId"}
    return _renamed(kept, {"roomId": "sessionId", "data": "value"})


def _new_event(record: Record) -> Record:
    """Give it ``roomId``, ``stateId``; no role, no component ID, and often no ``eventType``."""
    category = record["category"]
    dropped = {"stateName", "componentId", "participantRole"}
    if category in UNNAMED_CATEGORIES:
        dropped.add("eventType")
    if category in ("pre_experiment", "questionnaire"):
        dropped.add("componentType")
    kept = {key: value for key, value in record.items() if key not in dropped}
    return kept | {"category": NEW_CATEGORY.get(category, category)}


def _new_continuous(record: Record) -> Record:
    """Give ``value`` in percent of the scale, the scale as an object."""
    kept = _without("normalizedValue", "scaleMin", "scaleMax")(record)
    return kept | {
        "value": round(record["value"] * 100, 2),
        "scale": {"min": record["scaleMin"], "max": record["scaleMax"]},
    }


_OLD_SPARSE = (
    "ratingId", "experimentId", "roomId", "participantId", "componentId", "timestamp", "onset", "value",
    "responseTime", "scaleMin", "scaleMax", "labels",
)  # fmt: skip


def _old_sparse(record: Record) -> Record:
    """Give the raw answer as ``value``, the scale flat, nothing about the pause."""
    return {key: record[key] for key in _OLD_SPARSE} | {"value": record["rawValue"]}


def _old_recording(record: Record) -> Record:
    """Make it a ``completed`` file with a resolution and a signed link in the list; no mint, no metadata."""
    dropped = ("egressId", "downloadPath", "metadata", "deploymentId")
    return _without(*dropped)(record) | {"status": "completed"}


SHAPES: dict[tuple[str, str], Callable[[Record], Record]] = {
    ("events", "old"): _old_event,
    ("events", "new"): _new_event,
    ("ratings", "new"): _new_continuous,
    ("ratings_sparse", "old"): _old_sparse,
    ("ratings_sparse", "new"): _without("experimentId", "componentId", "scaleMin", "scaleMax", "labels"),
    ("recordings", "old"): _old_recording,
    ("recordings", "new"): _without("experimentId", "roomId", "resolution"),
    ("chat", "old"): _without("deleted"),
    ("participants", "old"): _without("participantId"),
}
