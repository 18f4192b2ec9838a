"""Answers that are not plain rows become rows: counts, access, variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hs_jupyter.catalog import DataType

Records = Sequence[dict[str, Any]]
_BESIDE_VARIABLES = ("timeline", "variableNames", "matrixColumns", "droppedWrites", "mode")


def records_of(data_type: DataType, records: Records) -> Records:
    """Return the rows of an answer of this type."""
    reshape = {"counts": _counts, "check-access": _access, "recordings": _without_links}.get(data_type.name)
    return records if reshape is None else [row for one in records for row in reshape(one)]


def beside(data_type: DataType, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return what comes beside the rows and belongs to the result."""
    names = _BESIDE_VARIABLES if data_type.name == "variables" else ()
    return {name: metadata[name] for name in names if metadata.get(name) is not None}


def _counts(one: dict[str, Any]) -> list[dict[str, Any]]:
    counts, has_data = (_mapping(one.get(key)) for key in ("counts", "hasData"))
    who: dict[str, Any] = {key: one[key] for key in ("participantId", "roomId") if key in one}
    return [
        {**who, "kind": kind, "count": counts.get(kind), "hasData": has_data.get(kind)}
        for kind in dict.fromkeys([*counts, *has_data])
    ]


def _access(one: dict[str, Any]) -> list[dict[str, Any]]:
    return [{key: one.get(key) for key in ("canView", "canExport")}]


def _without_links(one: dict[str, Any]) -> list[dict[str, Any]]:
    """Links to files are signed, hence secrets; a download asks for a fresh one."""
    return [{key: value for key, value in one.items() if key not in {"downloadUrl", "url"}}]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
