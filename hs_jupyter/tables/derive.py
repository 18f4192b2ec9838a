"""What every table promises beside the service's columns: roomId, onset_sec, value_norm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from hs_jupyter.tables.values import is_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hs_jupyter.catalog import DataType
    from hs_jupyter.scope import Scope

MS_PER_SEC = 1000.0
Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
_UNTIMED = frozenset({"participants", "rooms", "experiments", "deployments"})
"""Types whose time column is an instant of the study, not a moment of a session."""


def has_onset(data_type: DataType) -> bool:
    """Whether rows of this type lie on the session's onset axis."""
    return bool(data_type.time) and data_type.name not in _UNTIMED


def add_derived(table: pa.Table, data_type: DataType, scope: Scope) -> pa.Table:
    """Add ``roomId`` where the request says it, ``onset_sec`` and, for ratings, ``value_norm``."""
    table = _with_request_ids(table, data_type, scope)
    if has_onset(data_type):
        table = _put(table, "onset_sec", _onset_sec(table, data_type))
    if data_type.table in {"ratings", "ratings_sparse"}:
        table = _put(table, "value_norm", _value_norm(table, sparse=data_type.table == "ratings_sparse"))
    return table


def fill_onset(table: pa.Table, data_type: DataType, starts: Mapping[str, datetime]) -> pa.Table:
    """Fill missing ``onset_sec`` by timestamp minus the room's start, where that start is known.

    Parameters
    ----------
    starts
        Room ID to the instant of onset 0.
    """
    if not needs_starts(table, data_type):
        return table
    instants = table[data_type.time].cast(pa.int64()).to_numpy(zero_copy_only=False).astype(float)
    seconds = {room: at.timestamp() for room, at in starts.items()}
    begun = np.array([seconds.get(room, np.nan) for room in table["roomId"].to_pylist()], float)
    since = instants / 1e6 - begun
    # microsecond resolution of the instants: what lies below is floating-point dust
    computed = pa.array(np.round(since, 6), mask=np.isnan(since))
    return _put(table, "onset_sec", pc.coalesce(table["onset_sec"], computed))


def needs_starts(table: pa.Table, data_type: DataType) -> bool:
    """Whether rows that have an instant and a room still lack their onset."""
    if not has_onset(data_type) or data_type.time not in table.column_names or not table.num_rows:
        return False
    if "onset_sec" not in table.column_names or not table["onset_sec"].null_count:
        return False
    lacking = pc.and_(pc.is_null(table["onset_sec"]), pc.is_valid(table[data_type.time]))
    return bool(pc.any(pc.and_(lacking, pc.is_valid(table["roomId"]))).as_py())


def _with_request_ids(table: pa.Table, data_type: DataType, scope: Scope) -> pa.Table:
    """Fill IDs that the request says: the room, the participant, the experiment."""
    known = {f"{scope.kind}Id": scope.id, "roomId": scope.room_id}
    if data_type.name == "recordings" and "metadata" in table.column_names:
        table = _fill_from_recording(table)
    for name, value in known.items():
        if value is not None and name in data_type.column:
            held = table[name] if name in table.column_names else pa.nulls(table.num_rows, pa.string())
            table = _put(table, name, pc.coalesce(held, pa.scalar(value, pa.string())))
    return table


def _fill_from_recording(table: pa.Table) -> pa.Table:
    """Newer recordings name room and experiment only in their metadata."""
    details = [_object(text) for text in table["metadata"].to_pylist()]
    for name, key in (("roomId", "roomName"), ("experimentId", "experimentId")):
        inner = pa.array([_text(one.get(key)) for one in details], pa.string())
        held = table[name] if name in table.column_names else pa.nulls(table.num_rows, pa.string())
        table = _put(table, name, pc.coalesce(held, inner))
    return table


def _onset_sec(table: pa.Table, data_type: DataType) -> pa.Array:
    source = "videoOffset" if data_type.name == "recordings" else "onset"
    if source not in table.column_names:
        return pa.nulls(table.num_rows, pa.float64())
    return pc.divide(table[source].cast(pa.float64()), MS_PER_SEC)


def _value_norm(table: pa.Table, *, sparse: bool) -> pa.Array:
    """Return (raw - min) / (max - min), by the first of these that is known.

    ``rawValue`` and the scale; else a continuous rating's ``normalizedValue``; else a sparse ``value``
    whose scale comes flat (newer sparse values are percent, but they carry ``rawValue`` and ``scale``).
    """
    low, high = _number(table, "scaleMin"), _number(table, "scaleMax")
    flat_low, flat_high = low, high
    if "scale" in table.column_names and table["scale"].null_count < table.num_rows:
        inner_low, inner_high = _scale_ends(table["scale"])
        low, high = _either(low, inner_low), _either(high, inner_high)
    norm = _on_scale(_number(table, "rawValue"), low, high)
    other = (
        _on_scale(_number(table, "value"), flat_low, flat_high)
        if sparse
        else _number(table, "normalizedValue")
    )
    norm = _either(norm, other)
    return pa.array(norm, mask=np.isnan(norm))


def _on_scale(value: Floats, low: Floats, high: Floats) -> Floats:
    width = np.where(high == low, np.nan, high - low)
    on_scale: Floats = (value - low) / width
    return on_scale


def _either(first: Floats, second: Floats) -> Floats:
    return np.where(np.isnan(first), second, first)


def _number(table: pa.Table, name: str) -> Floats:
    if name not in table.column_names or table[name].type not in (pa.float64(), pa.int64()):
        return _loose_numbers(table, name)
    numbers: Floats = table[name].cast(pa.float64()).to_numpy(zero_copy_only=False).astype(float)
    return numbers


def _loose_numbers(table: pa.Table, name: str) -> Floats:
    """Numbers among mixed values (JSON text); everything else is missing."""
    numbers = np.full(table.num_rows, np.nan)
    if name in table.column_names and is_json(table.schema.field(name)):
        for row, text in enumerate(table[name].to_pylist()):
            value = _parsed(text)
            if isinstance(value, int | float) and not isinstance(value, bool):
                numbers[row] = float(value)
    return numbers


def _scale_ends(scale: pa.ChunkedArray) -> tuple[Floats, Floats]:
    """Read {min, max} of each row; a study has few scales, so each is parsed once."""
    coded = scale.combine_chunks().dictionary_encode()
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    ends = [_object(text) for text in coded.dictionary.to_pylist()]
    lows = np.array([*(_finite(one.get("min")) for one in ends), np.nan])
    highs = np.array([*(_finite(one.get("max")) for one in ends), np.nan])
    index = coded.indices.fill_null(len(ends)).to_numpy(zero_copy_only=False)
    return lows[index], highs[index]


def _finite(value: object) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else np.nan


def _parsed(text: str | None) -> object:
    try:
        return orjson.loads(text) if text else None
    except orjson.JSONDecodeError:
        return None


def _object(text: str | None) -> dict[str, object]:
    value = _parsed(text)
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _put(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    index = table.schema.get_field_index(name)
    return table.append_column(name, values) if index < 0 else table.set_column(index, name, values)
