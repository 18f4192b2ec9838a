"""The order of records by one column: fast at ten million, faster where only the first are needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hs_jupyter.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hs_jupyter.explorer.sources import Source
    from hs_jupyter.explorer.state import Sort

    Rows = NDArray[np.int64]

_SAMPLE = 10_000
_ROW_BITS = 31
"""A row's number fits in so many bits: more rows no page can be asked of."""


def sort_rows(source: Source, sort: Sort, among: Rows | None = None, most: int | None = None) -> Rows:
    """Return the numbers of all records, or of some, by one column.

    Parameters
    ----------
    among
        Only these records, in canonical order; None for all.
    most
        Only the first so many are needed; more may come.
    """
    if sort.column not in source.schema.names:
        near = did_you_mean(sort.column, source.schema.names)
        raise InputError(f"there is no column '{sort.column}' to sort by{near}")
    column = source.select([sort.column])[0]
    if among is not None:
        column = column.take(pa.array(among))
    order = _order(column, sort.order, most)
    return order if among is None else among[order]


def _order(column: pa.ChunkedArray, way: str, most: int | None) -> Rows:
    """Return what sorts a column: missing values last, equal ones as they are."""
    if pa.types.is_null(column.type) or pa.types.is_nested(column.type):
        return np.arange(len(column))
    ranked = _ranked(column)
    values = _numbers(ranked)
    if values is None:
        name = "descending" if way == "desc" else "ascending"
        found: Rows = pc.array_sort_indices(ranked, order=name).to_numpy().astype(np.int64)
        return found
    if way == "desc":
        values = -values if values.dtype.kind == "f" else ~values
    order = sorted_numbers(values, most)
    if not ranked.null_count:
        return order
    is_there = ranked.is_valid().to_numpy(zero_copy_only=False)
    return np.concatenate([np.flatnonzero(is_there)[order], np.flatnonzero(~is_there)])


def _numbers(ranked: pa.Array) -> NDArray[Any] | None:
    """Return the numbers and instants that are there; None for what is none."""
    if pa.types.is_timestamp(ranked.type):
        ranked = ranked.cast(pa.int64())
    if not pa.types.is_floating(ranked.type) and not pa.types.is_integer(ranked.type):
        return None
    values: NDArray[Any] = ranked.drop_null().to_numpy(zero_copy_only=False)
    return values


def sorted_numbers(values: NDArray[Any], most: int | None = None) -> Rows:
    """Return what sorts some numbers; equal ones keep their order, NaN come last.

    numpy's fast sort, and the places of equal numbers put in order after it: half the time of a stable sort.
    Where only the first are needed, the others are left out before.

    Examples
    --------
    >>> sorted_numbers(np.array([0.5, 0.0, 0.5])).tolist()
    [1, 0, 2]
    >>> sorted_numbers(np.array([0.5, 0.0, 0.5]), most=2).tolist()
    [1, 0]
    """
    if most is not None and 0 < most < len(values):
        edge = np.partition(values, most - 1)[most - 1]
        if edge == edge:  # noqa: PLR0124 - NaN is not
            below, equal = np.flatnonzero(values < edge), np.flatnonzero(values == edge)
            return np.concatenate([below[sorted_numbers(values[below])], equal[: most - len(below)]])
    order: Rows = np.argsort(values)
    ranked = values[order]
    same = (ranked[1:] == ranked[:-1]) | ((ranked[1:] != ranked[1:]) & (ranked[:-1] != ranked[:-1]))
    if not same.any():
        return order
    run = np.concatenate([[0], np.cumsum(~same)])
    both = run << _ROW_BITS | order
    both.sort()
    return both & ((1 << _ROW_BITS) - 1)


def _ranked(column: pa.ChunkedArray) -> pa.Array:
    """Return what sorts as a column does: in one piece, and the ranks of texts that repeat."""
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    whole = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    sample = whole.slice(0, _SAMPLE)
    encoded = whole
    if not pa.types.is_dictionary(whole.type):
        if not pa.types.is_string(whole.type) or pc.count_distinct(sample).as_py() > len(sample) // 10:
            return whole
        encoded = whole.dictionary_encode()
    order = pc.array_sort_indices(encoded.dictionary).to_numpy()
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return pc.take(pa.array(rank), encoded.indices)
