"""Bounds in time as people write them: an instant, or an onset in the session."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from numbers import Real
from typing import Any

from hs_jupyter.errors import InputError

_UNITS_SEC = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_AMOUNT = re.compile(r"([+-]?)(\d+(?:\.\d*)?|\.\d+)\s*(ms|s|m|h)", re.IGNORECASE)
_CLOCK = re.compile(r"([+-]?)(?:(\d+):)?(\d+):(\d{1,2}(?:\.\d*)?)")
_BARE = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")
_FORMS = "90s, -5s, 500ms, 2m, 1:30, 1:02:03, or an instant like 2026-03-02T15:04:00Z"
_SIXTY = 60
_YEARS = range(1900, 2200)
"""Instants of studies; arithmetic near the ends of Python's calendar would overflow."""
_MOST_SHOWN = 60


@dataclass(frozen=True)
class Onset:
    """Seconds from the experiment's start in that room; negative before it."""

    sec: float


@dataclass(frozen=True)
class Instant:
    """A UTC instant; ``assumed_utc`` says that the text named no zone."""

    at: datetime
    assumed_utc: bool = False


Bound = Onset | Instant


def parse_bound(value: Any, option: str = "--from") -> Bound:
    """Read a bound of a time window.

    Parameters
    ----------
    value
        Text (``90s``, ``-5s``, ``500ms``, ``2m``, ``1:30``, ``1:02:03``, decimals, or ISO 8601; UTC
        when it names no zone), a number (seconds of onset), a datetime, or a numpy datetime64.
    option
        How the option was spelled, for the error's sentence.

    Raises
    ------
    InputError
        For anything else; text that is a bare number is refused, since it could mean either unit.

    Examples
    --------
    >>> parse_bound("1:30"), parse_bound(-5), parse_bound("500ms")
    (Onset(sec=90.0), Onset(sec=-5.0), Onset(sec=0.5))
    """
    if isinstance(value, Onset | Instant):
        return value
    if isinstance(value, str):
        return _from_text(value.strip(), option)
    if isinstance(value, datetime):
        return _from_datetime(value, option)
    if type(value) is not bool and isinstance(value, int | float | Real):  # Real: numpy's numbers
        return _from_number(value, option)
    scalar: Any = value
    if getattr(getattr(scalar, "dtype", None), "kind", "") == "M":  # numpy's datetime64
        inner = scalar.astype("datetime64[us]").item()
        if isinstance(inner, datetime):
            return _from_datetime(inner, option)
    raise InputError(f"{option} cannot be {_shown(value)}: write {_FORMS}")


def _from_number(value: Any, option: str) -> Onset:
    try:
        sec = float(value)
    except (OverflowError, TypeError):  # huge whole numbers; numpy's timedelta64 calls itself a number
        sec = math.inf
    if not math.isfinite(sec):
        raise InputError(f"{option} {_shown(value)} is no time")
    return Onset(sec)


def _from_datetime(value: datetime, option: str) -> Instant:
    if value != value:  # noqa: PLR0124 - pandas' NaT is the one datetime unequal to itself
        raise InputError(f"{option} is missing (NaT): write {_FORMS}")
    if value.year not in _YEARS:
        raise InputError(f"{option} {_shown(value)} is too far away")
    at = value.to_pydatetime() if hasattr(value, "to_pydatetime") else value
    if at.tzinfo is None:
        return Instant(at.replace(tzinfo=UTC), assumed_utc=True)
    return Instant(at.astimezone(UTC))


def _from_text(text: str, option: str) -> Bound:
    if _BARE.fullmatch(text):
        raise InputError(
            f"{option} {text} has no unit: write {option} {text}s for seconds of onset, "
            f"or {option} {text}ms for milliseconds"
        )
    if found := _AMOUNT.fullmatch(text):
        sign, amount, unit = found.groups()
        return _onset(sign, float(amount) * _UNITS_SEC[unit.lower()], text, option)
    if found := _CLOCK.fullmatch(text):
        sign, hours, minutes, seconds = found.groups()
        if float(seconds) >= _SIXTY or (hours is not None and float(minutes) >= _SIXTY):
            raise InputError(f"{option} {_shown(text)} is no time: minutes and seconds end at 59")
        sec = float(hours or 0) * 3600 + float(minutes) * 60 + float(seconds)
        return _onset(sign, sec, text, option)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"{option} cannot be {_shown(text)}: write {_FORMS}") from None
    return _from_datetime(at, option)


def _onset(sign: str, sec: float, text: str, option: str) -> Onset:
    if not math.isfinite(sec):
        raise InputError(f"{option} {_shown(text)} is too far away")
    return Onset(-sec if sign == "-" else sec)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _MOST_SHOWN else text[:_MOST_SHOWN] + "…"


def wire_instant(at: datetime) -> str:
    """Spell a UTC instant as the service does, to the millisecond.

    Examples
    --------
    >>> wire_instant(datetime(2026, 3, 2, 15, 4, 21, 250000, tzinfo=UTC))
    '2026-03-02T15:04:21.250Z'
    """
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
