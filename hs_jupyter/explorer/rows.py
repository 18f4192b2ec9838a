"""Which records of a table, in which order: row numbers, found once and kept while they are looked at."""

from __future__ import annotations

import math
import re
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hs_jupyter.errors import InputError, did_you_mean
from hs_jupyter.tables import narrow
from hs_jupyter.times import Onset

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from hs_jupyter.catalog import DataType
    from hs_jupyter.explorer.selection import Selection
    from hs_jupyter.explorer.sources import Source
    from hs_jupyter.explorer.state import Sort

    Rows = NDArray[np.int64]
    Check = Callable[[], None]

_KEPT = 12
_KEPT_BYTES = 1 << 28
"""Orders and sets of rows that are kept: at most so many, and not the eldest beyond so many bytes."""

_FIRST = 1 << 15
"""Whoever looks at the first records of an order does not wait for the order of all."""

_WAIT_SEC = 0.05

_NUMBER = re.compile(r"[+-]?\d{0,15}(?:\.(\d{0,9}))?")
_WHOLE = re.compile(r"[+-]?\d{1,18}")
_INSTANT = re.compile(r"(?=.*[-:T])\d[-\d:TZ. ]{2,}")
_SAMPLE = 10_000
_ROW_BITS = 31
"""A row's number fits in so many bits: more rows no page can be asked of."""
_WINDOW_COLUMNS = ("onset_sec", "duration")


def _go_on() -> None:
    """Never give up."""


class Order:
    """The records of one table as somebody looks at them.

    Parameters
    ----------
    source
        The records, in their canonical order.
    kind
        Their data type.
    """

    def __init__(self, source: Source, kind: DataType) -> None:
        self._source = source
        self._kind = kind
        self._kept: OrderedDict[Any, Rows] = OrderedDict()
        self._lock = Lock()

    def rows(
        self,
        selection: Selection | None,
        text: str = "",
        sort: Sort | None = None,
        *,
        most: int | None = None,
        check: Check = _go_on,
    ) -> Rows | None:
        """Return the numbers of the records that match, in order; None for all in canonical order.

        Parameters
        ----------
        selection
            Only records that it selects; None for all.
        text
            Only records in which a cell holds this text, in any case; empty for all.
        sort
            By one column, missing values last, equal ones in canonical order; None for the canonical order.
        most
            Only the first so many are needed; more may come.
        check
            Called between steps; raises to give up.

        Raises
        ------
        InputError
            If there is no such column.
        """
        text = text.strip()
        among = self._matching(selection, text, check)
        if sort is None:
            return among
        whole = ("sort", selection if among is not None else None, text, sort)
        if most is not None and most <= _FIRST and whole not in self._kept:
            first = lambda: sort_rows(self._source, sort, among, _FIRST)  # noqa: E731
            return self._once(("first", *whole), first, check)
        return self._once(whole, lambda: sort_rows(self._source, sort, among), check)

    def count(self, selection: Selection | None, text: str = "", check: Check = _go_on) -> int:
        """Return how many records match."""
        among = self._matching(selection, text.strip(), check)
        return self._source.rows if among is None else len(among)

    def selected(self, selection: Selection, check: Check = _go_on) -> Rows | None:
        """Return the numbers of the records that a selection holds; None for all."""
        if not selects(selection, self._kind):
            return None
        key = ("selection", selection.window, selection.participants)
        return self._once(key, lambda: selected_rows(self._source, self._kind, selection), check)

    def _matching(self, selection: Selection | None, text: str, check: Check) -> Rows | None:
        chosen = None if selection is None else self.selected(selection, check)
        if not text:
            return chosen
        found = self._once(("text", text), lambda: text_rows(self._source, text, check), check)
        if chosen is None:
            return found
        key = ("match", selection, text)
        return self._once(key, lambda: np.intersect1d(found, chosen, assume_unique=True), check)

    def _once(self, key: Any, find: Callable[[], Rows], check: Check) -> Rows:
        while not self._lock.acquire(timeout=_WAIT_SEC):  # one search at a time: others want the same
            check()
        try:
            if key not in self._kept:
                check()
                self._kept[key] = find()
            self._kept.move_to_end(key)
            while len(self._kept) > 1 and self._is_full():
                self._kept.popitem(last=False)
            return self._kept[key]
        finally:
            self._lock.release()

    def _is_full(self) -> bool:
        return len(self._kept) > _KEPT or sum(one.nbytes for one in self._kept.values()) > _KEPT_BYTES


def selects(selection: Selection, kind: DataType) -> bool:
    """Whether a selection leaves anything out of a table."""
    by_window = selection.window is not None and narrow.has_time(kind, Onset(0.0))
    return by_window or (selection.participants is not None and kind.participant in kind.column)


def selected_rows(source: Source, kind: DataType, selection: Selection) -> Rows:
    """Return the numbers of the records that a selection holds: points in the closed window, spans that overlap it."""
    columns = [one for one in (*_WINDOW_COLUMNS, kind.participant) if one in source.schema.names]
    held = source.select(columns).append_column("row", pa.array(np.arange(source.rows)))
    if selection.window is not None:
        ends = Onset(selection.window.start_sec), Onset(selection.window.end_sec)
        held = narrow.keep_window(held, kind, *ends)
    if selection.participants is not None:
        held = narrow.keep_participants(held, kind, selection.participants)
    rows: Rows = held["row"].to_numpy()
    return rows


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


def text_rows(source: Source, text: str, check: Check = _go_on) -> Rows:
    """Return the numbers of the records in which a cell holds a text, in any case.

    A number is also found by its first digits, an instant by a part of its ISO 8601 form.
    """
    names = [field.name for field in source.schema if _may_hold(field.type, text)]

    def find(piece: pa.Table) -> tuple[int, Rows]:
        found = np.zeros(piece.num_rows, np.bool_)
        for column in piece.columns:
            check()
            found |= pc.fill_null(_holds(column, text), fill_value=False).to_numpy()
        return piece.num_rows, np.flatnonzero(found)

    if not names:
        return np.arange(0)
    pieces = list(source.each(names, find))
    begins = np.cumsum([0, *(rows for rows, _ in pieces)])
    return np.concatenate([begin + found for begin, (_, found) in zip(begins, pieces, strict=False)])


def _may_hold(held: pa.DataType, text: str) -> bool:
    """Whether a text may stand in cells of a type."""
    if pa.types.is_boolean(held):
        return text.lower() in {"true", "false"}
    if pa.types.is_timestamp(held):
        return _INSTANT.fullmatch(text) is not None
    if pa.types.is_integer(held):
        return _WHOLE.fullmatch(text) is not None
    if pa.types.is_floating(held):
        return _number_span(text) is not None
    return bool(pa.types.is_dictionary(held) or pa.types.is_string(held))


def _holds(column: pa.ChunkedArray, text: str) -> pa.ChunkedArray:
    """Say for each cell whether a text stands in it, of a type in which it may."""
    held = column.type
    has_case = text.lower() != text.upper()  # much slower where it matters
    if pa.types.is_dictionary(held):
        found = [pc.match_substring(one.dictionary, text, ignore_case=has_case) for one in column.chunks]
        masks = [one.take(chunk.indices) for one, chunk in zip(found, column.chunks, strict=True)]
        return pa.chunked_array(masks, pa.bool_())
    if pa.types.is_boolean(held):
        return pc.equal(column, text.lower() == "true")
    if pa.types.is_timestamp(held):
        iso = pc.strftime(column, format="%Y-%m-%dT%H:%M:%S")
        return pc.match_substring(iso, text.removesuffix("Z").partition(".")[0].replace(" ", "T"))
    if pa.types.is_integer(held):
        return pc.equal(column, pa.scalar(int(text), pa.int64()))
    if pa.types.is_floating(held) and (span := _number_span(text)):
        column = column.cast(pa.float64())
        return pc.and_(pc.greater_equal(column, span[0]), pc.less(column, span[1]))
    return pc.match_substring(column, text, ignore_case=has_case)


def _number_span(text: str) -> tuple[float, float] | None:
    """Return the numbers that begin with these digits, from and below; None for what is no number.

    Examples
    --------
    >>> _number_span("61.2"), _number_span("61")
    ((61.2, 61.3), (61.0, 62.0))
    """
    found = _NUMBER.fullmatch(text)
    if found is None or not re.search(r"\d", text):
        return None
    decimals = len(found[1] or "")
    number, step = float(text), 10.0**-decimals
    if text.startswith("-"):
        below = round(number - step, decimals)
        return math.nextafter(below, math.inf), math.nextafter(number, math.inf)
    return number, round(number + step, decimals)


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
