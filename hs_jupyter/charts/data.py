"""The data of a chart's row: plain columns, written into a chart as records or sent as an Arrow table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa
    from numpy.typing import NDArray

DECIMALS = 4
"""Onsets to a tenth of a millisecond, ratings to a ten-thousandth of the scale."""


class Data(Protocol):
    """What a row draws."""

    def records(self) -> list[dict[str, Any]]:
        """Return the rows of a dataset inside a chart."""

    def tables(self, name: str) -> dict[str, pa.Table]:
        """Return the same as Arrow tables, by the names that the browser finds them under."""


@dataclass(frozen=True)
class Points:
    """Equally long columns: numbers, truths, and texts as objects."""

    columns: Mapping[str, Any]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def records(self) -> list[dict[str, Any]]:
        """Return one record for each row; numbers are rounded, never NaN."""
        plain = [list(_plain(column)) for column in self.columns.values()]
        return [dict(zip(self.columns, row, strict=True)) for row in zip(*plain, strict=True)]

    def tables(self, name: str) -> dict[str, pa.Table]:
        """Return one table: float64, int32, bool, and texts by dictionary."""
        import pyarrow as pa

        return {name: pa.table({key: _wire(np.asarray(one)) for key, one in self.columns.items()})}


@dataclass(frozen=True)
class Lines:
    """Samples of several lines, one line after the other.

    Attributes
    ----------
    onset_sec, value, begins
        The samples, shape (n,); ``begins`` where a line begins, or goes on after a gap.
    participant, room, slot, count
        Of each line: whose, where, its place in the list of values beside the row, its samples.
    """

    onset_sec: NDArray[np.float64]
    value: NDArray[np.float64]
    begins: NDArray[np.bool_]
    participant: list[str]
    room: list[str]
    slot: list[int]
    count: list[int]

    def __len__(self) -> int:
        return len(self.onset_sec)

    def records(self) -> list[dict[str, Any]]:
        """Return one record for each uninterrupted stretch, its samples in two lists.

        Lists keep a saved notebook small; Vega flattens them. Fields: ``participant``, ``slot``, ``segment``
        (number of the stretch), ``onset_sec`` and ``value`` (lists).
        """
        if not len(self):
            return []
        starts = np.flatnonzero(self.begins)
        line = np.repeat(np.arange(len(self.count)), self.count)[starts].tolist()
        stretches = zip(
            np.split(self.onset_sec, starts[1:]), np.split(self.value, starts[1:]), line, strict=True
        )
        return [
            {
                "participant": self.participant[one],
                "slot": self.slot[one],
                "segment": number,
                "onset_sec": _rounded(onset_sec),
                "value": _rounded(value),
            }
            for number, (onset_sec, value, one) in enumerate(stretches)
        ]

    def tables(self, name: str) -> dict[str, pa.Table]:
        """Return the samples, and under ``…_lines`` one row for each line."""
        import pyarrow as pa

        samples = {"onset_sec": self.onset_sec, "value": self.value, "begins": self.begins}
        lines = {
            "participant": np.array(self.participant, object),
            "room": np.array(self.room, object),
            "slot": np.array(self.slot, np.int32),
            "count": np.array(self.count, np.int32),
        }
        return {
            name: pa.table(samples),
            f"{name}_lines": pa.table({key: _wire(one) for key, one in lines.items()}),
        }


def _rounded(column: NDArray[np.float64]) -> list[float]:
    """Return finite numbers rounded to what a picture and its tooltips can show."""
    return [round(one, DECIMALS) for one in column.tolist()]


def _plain(column: Any) -> Iterator[Any]:
    array = np.asarray(column)
    if array.dtype.kind == "f":
        for one in array.tolist():
            yield round(one, DECIMALS) if math.isfinite(one) else None
    else:
        yield from array.tolist()


def _wire(column: NDArray[Any]) -> pa.Array:
    import pyarrow as pa

    if column.dtype.kind == "O":
        return pa.array(column.tolist(), pa.string()).dictionary_encode()
    kind = {"f": np.float64, "b": np.bool_}.get(column.dtype.kind, np.int32)
    return pa.array(column.astype(kind, copy=False))
