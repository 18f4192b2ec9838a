"""Columns of Arrow tables as plain arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray


def coded(column: pa.ChunkedArray) -> tuple[list[str], NDArray[np.int64]]:
    """Give a column's texts numbers; a missing one is the empty text.

    Examples
    --------
    >>> texts, codes = coded(pa.chunked_array([["b", None, "b"]]))
    >>> texts, codes.tolist()
    (['b', ''], [0, 1, 0])
    """
    filled = pc.fill_null(column.cast(pa.string()), "").combine_chunks().dictionary_encode()
    filled = filled.combine_chunks() if isinstance(filled, pa.ChunkedArray) else filled
    return filled.dictionary.to_pylist(), filled.indices.to_numpy(zero_copy_only=False).astype(np.int64)


def floats(column: pa.ChunkedArray) -> NDArray[np.float64]:
    """Return a column's numbers as float64, NaN where missing.

    Examples
    --------
    >>> floats(pa.chunked_array([[1, None]])).tolist()
    [1.0, nan]
    """
    numbers: NDArray[np.float64] = column.cast(pa.float64()).to_numpy(zero_copy_only=False).astype(float)
    return numbers


def parted(
    table: pa.Table, names: Sequence[str], onset_sec: NDArray[np.float64], rows: NDArray[np.int64]
) -> Iterator[tuple[tuple[str, ...], NDArray[np.int64]]]:
    """Part rows by the texts of these columns; within each part they are in order of onset.

    Parameters
    ----------
    names
        The columns; a missing text is the empty text.
    onset_sec
        The onset of every row of the table, in seconds.
    rows
        The rows that count.

    Examples
    --------
    >>> table = pa.table({"roomId": ["r2", "r1", "r2"]})
    >>> [(key, rows.tolist()) for key, rows in parted(table, ["roomId"], np.array([5, 6, 4.0]), np.arange(3))]
    [(('r2',), [2, 0]), (('r1',), [1])]
    """
    if not len(rows):
        return
    keys = [coded(table[name]) for name in names]
    sizes = tuple(len(words) for words, _ in keys)
    place = np.ravel_multi_index(tuple(codes[rows] for _, codes in keys), sizes)
    order = np.lexsort((onset_sec[rows], place))
    for part in np.split(order, np.flatnonzero(np.diff(place[order])) + 1):
        indices = np.unravel_index(place[part[0]], sizes)
        yield tuple(words[index] for (words, _), index in zip(keys, indices, strict=True)), rows[part]
