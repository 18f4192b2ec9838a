"""JSON values of one column become one typed Arrow array. What cannot be read is missing and counted."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from hs_jupyter.masking import strip_signatures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hs_jupyter.catalog import ColumnType

INSTANT = pa.timestamp("us", tz="UTC")
JSON_MARK = {b"hs": b"json"}
"""Metadata of a field whose text is JSON; pandas and records get it decoded."""

ARROW_TYPES: dict[ColumnType, pa.DataType] = {
    "text": pa.string(),
    "float": pa.float64(),
    "int": pa.int64(),
    "bool": pa.bool_(),
    "instant": INSTANT,
    "json": pa.string(),
    "any": pa.null(),
}
_EXACT = 2**53
_INT64 = range(-(2**63), 2**63)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CALENDAR_US = range(-62_135_596_800_000_000, 253_402_300_800_000_000)
"""The years 1 to 9999 in microseconds since 1970: the instants Python can hold."""
_UNREAD = object()


def arrow_field(name: str, type_: ColumnType) -> pa.Field:
    """Make the field of a catalogue column."""
    return pa.field(name, ARROW_TYPES[type_], metadata=JSON_MARK if type_ == "json" else None)


def is_json(field: pa.Field) -> bool:
    """Whether a field's text is JSON."""
    return bool(field.metadata) and field.metadata.get(b"hs") == b"json"


def json_text(value: Any) -> str | None:
    """Spell a value as JSON text; null stays missing."""
    return None if value is None else strip_signatures(_spelled(value).decode())


def json_texts(values: Iterable[Any]) -> pa.Array:
    """Spell values as JSON texts; those that come again and again are looked at once."""
    known: dict[bytes, str] = {}
    texts: list[str | None] = []
    for value in values:
        if value is None:
            texts.append(None)
            continue
        plain = _spelled(value)
        text = known.get(plain)
        if text is None:
            text = known[plain] = strip_signatures(plain.decode())
        texts.append(text)
    return pa.array(texts, pa.string())


def _spelled(value: Any) -> bytes:
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        value = int(value)  # JSON knows one kind of number: 7.0 is spelled 7 on every page
    return orjson.dumps(value)


def typed_column(name: str, values: Sequence[Any], type_: ColumnType) -> tuple[pa.Field, pa.Array, int]:
    """Make one column.

    Parameters
    ----------
    name
        The column's name.
    values
        Parsed JSON values; None where absent or null.
    type_
        The catalogue's type; ``any`` lets the values decide.

    Returns
    -------
    field, array, unread
        ``unread`` counts values that are there but cannot be read as the type; they are missing.
    """
    if type_ == "any":
        return (*_inferred(name, values), 0)
    if type_ == "json":
        return arrow_field(name, "json"), json_texts(values), 0
    quick = _quick(values, type_)
    if quick is not None:
        return arrow_field(name, type_), quick, 0
    read = _READERS[type_]
    done = [None if value is None else read(value) for value in values]
    unread = sum(one is _UNREAD for one in done)
    kept = [None if one is _UNREAD else one for one in done]
    if type_ == "int" and any(isinstance(one, float) for one in kept):
        return pa.field(name, pa.float64()), pa.array(kept, pa.float64()), unread
    return arrow_field(name, type_), pa.array(kept, ARROW_TYPES[type_]), unread


def _quick(values: Sequence[Any], type_: ColumnType) -> pa.Array | None:
    """Convert a column that is all of its type in one step, or return None."""
    try:
        if type_ == "instant":
            texts = pa.array(values, pa.string())
            instants = pc.cast(texts, INSTANT)
            ends = pc.min_max(instants.cast(pa.int64())).as_py()
            return instants if all(one is None or one in _CALENDAR_US for one in ends.values()) else None
        if type_ == "text":
            texts = pa.array(values, pa.string())
            signed = pc.any(pc.match_substring(texts, "://")).as_py()
            return None if signed else texts
        if type_ == "bool":
            return pa.array(values, pa.bool_())
        numbers = {int, float} if type_ == "float" else {int}  # Arrow would cut 2.5 down to 2
        exact = set(map(type, values)) - {type(None)} <= numbers
        return pa.array(values, ARROW_TYPES[type_]) if exact else None
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return None


def _inferred(name: str, values: Sequence[Any]) -> tuple[pa.Field, pa.Array]:
    """Type a column by what it holds: bool, int, float or text, else JSON text."""
    kinds = set(map(type, values)) - {type(None)}
    if not kinds:
        return pa.field(name, pa.null()), pa.nulls(len(values))
    if kinds == {str}:
        quick = _quick(values, "text")
        texts = pa.array(map(_clean, values), pa.string()) if quick is None else quick
        return pa.field(name, pa.string()), texts
    if kinds == {bool}:
        return pa.field(name, pa.bool_()), pa.array(values, pa.bool_())
    if kinds == {int} and all(value is None or value in _INT64 for value in values):
        return pa.field(name, pa.int64()), pa.array(values, pa.int64())
    if kinds <= {int, float}:
        numbers = [None if value is None else float(value) for value in values]
        return pa.field(name, pa.float64()), pa.array(numbers, pa.float64())
    return arrow_field(name, "json"), json_texts(values)


def _clean(value: str | None) -> str | None:
    return None if value is None else strip_signatures(value)


def _read_text(value: Any) -> Any:
    return strip_signatures(value) if isinstance(value, str) else json_text(value)


def _read_number(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = float(value.replace("_", " "))  # Python alone reads 1_000 as a number
        except ValueError:
            return _UNREAD
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return _UNREAD
    return float(value)


def _read_integer(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return value if value in _INT64 else float(value)
    number = _read_number(value)
    return int(number) if number is not _UNREAD and number.is_integer() and int(number) in _INT64 else number


def _read_bool(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False, "1": True, "0": False}.get(str(value).strip().lower(), _UNREAD)


def _read_instant(value: Any) -> Any:
    """Read ISO 8601 (UTC when it names no zone) or epoch milliseconds."""
    if isinstance(value, str) and value.strip():
        try:
            at = datetime.fromisoformat(value.strip())
        except ValueError:
            return _UNREAD
        try:
            return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        except OverflowError:
            return _UNREAD
    number = None if isinstance(value, str) else _read_number(value)
    if not isinstance(number, float):
        return _UNREAD
    try:
        return _EPOCH + timedelta(milliseconds=number)
    except OverflowError:
        return _UNREAD


_READERS: dict[ColumnType, Callable[[Any], Any]] = {
    "text": _read_text,
    "float": _read_number,
    "int": _read_integer,
    "bool": _read_bool,
    "instant": _read_instant,
}
