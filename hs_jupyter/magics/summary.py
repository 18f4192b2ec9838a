"""The one line behind a result: what it is, how much, which stretch of time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from hs_jupyter.masking import mask_secrets


def summary_line(label: str, result: Any, *, demo: bool = False, into: str = "") -> str:
    """Say what arrived, in one printable line.

    Parameters
    ----------
    label
        What was asked, for example ``events · room room_pair_01``.
    result
        Whatever a Python twin returned.
    demo
        Whether the demo study is connected; then the line says so first.
    into
        The variable that took the result.

    Examples
    --------
    >>> summary_line("events · room r", [{"onset_sec": -62.0}, {"onset_sec": 700.2}])
    'events · room r · 2 rows · onset -1:02 to 11:40'
    """
    parts = ["DEMO STUDY"] if demo else []
    parts += [label, *_facts(label, result)]
    line = " · ".join(parts) + (f" -> {into}" if into else "")
    return printable(line)


def printable(text: str) -> str:
    """Make a text safe to print: one line, no control characters, no secrets."""
    return "".join(char if char.isprintable() else " " for char in mask_secrets(text))


def _facts(label: str, result: Any) -> list[str]:
    if isinstance(result, Mapping) and hasattr(result, "failed"):
        return _bundle_facts(result)
    if not _is_table(result):
        return []
    facts = [_count(_length(result), "file" if label.startswith("download") else "row")]
    bounds = _bounds(_onsets(result))
    if bounds:
        facts.append(f"onset {clock(bounds[0])} to {clock(bounds[1])}")
    return facts


def _bundle_facts(bundle: Any) -> list[str]:
    tables = list(bundle.values())
    facts = [
        _count(len(tables), "table"),
        _count(sum(_length(one) for one in tables if _is_table(one)), "row"),
    ]
    if bundle.failed:
        facts.append(f"failed: {', '.join(bundle.failed)}")
    return facts


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _is_table(result: Any) -> bool:
    return isinstance(result, list) or (hasattr(result, "columns") and hasattr(result, "shape"))


def _length(table: Any) -> int:
    return len(table) if isinstance(table, list) else int(table.shape[0])


def _onsets(table: Any) -> Iterable[Any]:
    """Take the onsets out of records, pandas, polars or Arrow, without importing any of them."""
    if isinstance(table, list):
        return [row.get("onset_sec") for row in table if isinstance(row, Mapping)]
    names = getattr(table, "column_names", None) or list(table.columns)
    if "onset_sec" not in names:
        return []
    column = table["onset_sec"]
    if hasattr(column, "to_pylist"):
        from pyarrow.compute import min_max

        return list(min_max(column).as_py().values())
    return [column.min(), column.max()]


def _bounds(onsets: Iterable[Any]) -> tuple[float, float] | None:
    known = [
        float(one)
        for one in onsets
        if isinstance(one, (int, float)) or (one is not None and hasattr(one, "__float__"))
    ]
    known = [one for one in known if math.isfinite(one)]
    return (min(known), max(known)) if known else None


def clock(seconds: float) -> str:
    """Spell seconds as ``m:ss`` or ``h:mm:ss``.

    Examples
    --------
    >>> clock(-62), clock(3723.4)
    ('-1:02', '1:02:03')
    """
    whole = round(abs(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
    return f"-{text}" if seconds < 0 and whole else text
