"""A table is cut by room, and into as many rows as one part holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hs_jupyter.storage.parts import MOST_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOM = "roomId"
_EXPERIMENT = "experimentId"


def slices(table: pa.Table) -> Iterator[pa.Table]:
    """Cut a table into tables of so many rows as one part holds; at least one."""
    for at in range(0, max(table.num_rows, 1), MOST_ROWS):
        yield table.slice(at, MOST_ROWS)


def split_by_room(table: pa.Table) -> Iterator[tuple[str | None, pa.Table]]:
    """Yield the rows of each room; rows of one room stay in order.

    Rooms come in the order of their first row; None, for rows that name no room, comes last. What the
    language cannot ask for, a blank, is no name.

    Examples
    --------
    >>> [(room, part.num_rows) for room, part in split_by_room(pa.table({"roomId": ["a", None, "a", " "]}))]
    [('a', 2), (None, 2)]
    """
    coded = table[_ROOM].combine_chunks().dictionary_encode()
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    named = [room if room and room.strip() else None for room in coded.dictionary.to_pylist()]
    rooms = [*dict.fromkeys(room for room in named if room is not None), None]
    number = {room: at for at, room in enumerate(rooms)}
    codes = np.array([*(number[room] for room in named), number[None]])[
        coded.indices.fill_null(len(named)).to_numpy(zero_copy_only=False)
    ]
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes, minlength=len(rooms)))
    for room, start, end in zip(rooms, [0, *ends[:-1]], ends, strict=True):
        rows = order[start:end]
        if not len(rows):
            continue
        first, last = int(rows[0]), int(rows[-1])
        in_one_piece = last - first == len(rows) - 1  # then nothing is copied
        yield room, table.slice(first, len(rows)) if in_one_piece else table.take(pa.array(rows))


def one_experiment(table: pa.Table) -> str | None:
    """Return the experiment that all rows name, or None."""
    if _EXPERIMENT not in table.column_names:
        return None
    named = pc.unique(table[_EXPERIMENT].combine_chunks()).drop_null().to_pylist()
    return named[0] if len(named) == 1 and named[0].strip() else None
