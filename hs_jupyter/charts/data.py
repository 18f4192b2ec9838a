"""The data of a chart's row: plain columns, written into a chart as records or sent as an Arrow table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa
    from numpy.typing import NDArray

DECIMALS = 3
"""Of values in a chart: ratings to a thousandth of the scale."""


class Data(Protocol):
    """What a row draws."""

    @property
    def lists(self) -> list[str]:
        """Name the fields of a record that are lists: Vega flattens them, and a saved notebook stays small."""

    def records(self, onset_decimals: int) -> list[dict[str, Any]]:
        """Return the rows of a dataset inside a chart, seconds and values rounded to what can be seen."""

    def tables(self, name: str) -> dict[str, pa.Table]:
        """Return the same as Arrow tables, by the names that the browser finds them under."""


@dataclass(frozen=True)
class Points:
    """Equally long columns: numbers, truths, and texts as objects."""

    columns: Mapping[str, Any]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    @property
    def lists(self) -> list[str]:
        """All columns."""
        return list(self.columns)

    def records(self, onset_decimals: int) -> list[dict[str, Any]]:
        """Return one record of all columns, if they have rows; numbers are never NaN."""
        if not len(self):
            return []
        return [
            {
                name: _plain(np.asarray(column), onset_decimals if name.endswith("_sec") else DECIMALS)
                for name, column in self.columns.items()
            }
        ]

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

    @property
    def lists(self) -> list[str]:
        """The samples of a stretch."""
        return ["onset_sec", "value"]

    def records(self, onset_decimals: int) -> list[dict[str, Any]]:
        """Return one record for each uninterrupted stretch, its samples in two lists.

        Fields: ``participant``, ``slot``, ``segment`` (number of the stretch), ``onset_sec`` and ``value``
        (lists).
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
                "onset_sec": _plain(onset_sec, onset_decimals),
                "value": _plain(value, DECIMALS),
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


def _plain(column: NDArray[Any], decimals: int) -> list[Any]:
    held: list[Any] = column.tolist()
    if column.dtype.kind != "f":
        return held
    return [round(one, decimals) if math.isfinite(one) else None for one in held]


def _wire(column: NDArray[Any]) -> pa.Array:
    import pyarrow as pa

    if column.dtype.kind == "O":
        return pa.array(column.tolist(), pa.string()).dictionary_encode()
    kind = {"f": np.float64, "b": np.bool_}.get(column.dtype.kind, np.int32)
    return pa.array(column.astype(kind, copy=False))
