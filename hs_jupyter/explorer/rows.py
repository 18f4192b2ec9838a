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
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from hs_jupyter.catalog import DataType
    from hs_jupyter.explorer.selection import Selection
    from hs_jupyter.explorer.sources import Source
    from hs_jupyter.explorer.state import Sort

    Rows = NDArray[np.int64]

_KEPT = 12
"""Orders and sets of rows that are kept: 80 MB each for ten million records."""

_NUMBER = re.compile(r"[+-]?\d{0,15}(?:\.(\d{0,9}))?")
_WHOLE = re.compile(r"[+-]?\d{1,18}")
_INSTANT = re.compile(r"(?=.*[-:T])\d[-\d:TZ. ]{2,}")
_SAMPLE = 10_000
_ROW_BITS = 31
"""A row's number fits in so many bits: more rows no page can be asked of."""
_WINDOW_COLUMNS = ("onset_sec", "duration")


class Order:
    """The records of one table as somebody looks at them.

    Parameters
    ----------
    source
        The records, in their canonical order.
    kind
        Their data type.
    check
        Called between steps; raises to give up.
    """

    def __init__(self, source: Source, kind: DataType, check: Callable[[], None] = lambda: None) -> None:
        self._source = source
        self._kind = kind
        self._check = check
        self._kept: OrderedDict[Any, Rows] = OrderedDict()
        self._lock = Lock()

    def rows(self, selection: Selection | None, text: str, sort: Sort | None) -> Rows | None:
        """Return the numbers of the records that match, in order; None for all in canonical order.

        Parameters
        ----------
        selection
            Only records that it selects; None for all.
        text
            Only records in which a cell holds this text, in any case; empty for all.
        sort
            By one column, missing values last, equal ones in canonical order; None for the canonical order.

        Raises
        ------
        InputError
            If there is no such column.
        """
        matching = self._matching(selection, text.strip())
        if sort is None:
            return matching
        order = self._once(("sort", sort), lambda: sort_rows(self._source, sort))
        if matching is None:
            return order
        return self._once(("both", selection, text.strip(), sort), lambda: _in_order(order, matching))

    def _matching(self, selection: Selection | None, text: str) -> Rows | None:
        if not text:
            return None if selection is None else self.selected(selection)
        found = self._once(("text", text), lambda: text_rows(self._source, text, self._check))
        chosen = None if selection is None else self.selected(selection)
        if chosen is None:
            return found
        return self._once(
            ("match", selection, text), lambda: np.intersect1d(found, chosen, assume_unique=True)
        )

    def selected(self, selection: Selection) -> Rows | None:
        """Return the numbers of the records that a selection holds; None for all."""
        if not selects(selection, self._kind):
            return None
        key = ("selection", selection.window, selection.participants)
        return self._once(key, lambda: selected_rows(self._source, self._kind, selection))

    def _once(self, key: Any, find: Callable[[], Rows]) -> Rows:
        with self._lock:  # one search at a time: the others most likely want the same
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            self._check()
            found = self._kept[key] = find()
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return found


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


def sort_rows(source: Source, sort: Sort) -> Rows:
    """Return the numbers of all records, by one column."""
    if sort.column not in source.schema.names:
        near = did_you_mean(sort.column, source.schema.names)
        raise InputError(f"there is no column '{sort.column}' to sort by{near}")
    column = source.select([sort.column])[0]
    if pa.types.is_null(column.type) or pa.types.is_nested(column.type):
        return np.arange(source.rows)
    ranked = _ranked(column)
    if pa.types.is_floating(ranked.type) and not ranked.null_count and len(ranked) > _SAMPLE:
        values = ranked.to_numpy()
        return sorted_numbers(-values if sort.order == "desc" else values)
    way = "descending" if sort.order == "desc" else "ascending"
    found: Rows = pc.array_sort_indices(ranked, order=way).to_numpy().astype(np.int64)
    return found


def sorted_numbers(values: NDArray[np.float64]) -> Rows:
    """Return what sorts some numbers; equal ones keep their order, NaN come last.

    numpy's fast sort, and the places of equal numbers put in order after it: half the time of a stable sort.

    Examples
    --------
    >>> sorted_numbers(np.array([0.5, 0.0, 0.5])).tolist()
    [1, 0, 2]
    """
    order: Rows = np.argsort(values)
    ranked = values[order]
    same = (ranked[1:] == ranked[:-1]) | (np.isnan(ranked[1:]) & np.isnan(ranked[:-1]))
    if not same.any():
        return order
    run = np.concatenate([[0], np.cumsum(~same)])
    both = run << _ROW_BITS | order
    both.sort()
    return both & ((1 << _ROW_BITS) - 1)


def text_rows(source: Source, text: str, check: Callable[[], None] = lambda: None) -> Rows:
    """Return the numbers of the records in which a cell holds a text, in any case.

    A number is also found by its first digits, an instant by a part of its ISO 8601 form.
    """
    found = np.zeros(source.rows, np.bool_)
    for name in source.schema.names:
        check()
        for mask in _holds(source.select([name])[0], text):
            found |= pc.fill_null(mask, fill_value=False).to_numpy()
    return np.flatnonzero(found)


def _holds(column: pa.ChunkedArray, text: str) -> Iterable[pa.ChunkedArray]:
    held = column.type
    if pa.types.is_dictionary(held):
        found = [pc.match_substring(one.dictionary, text, ignore_case=True) for one in column.chunks]
        masks = [one.take(chunk.indices) for one, chunk in zip(found, column.chunks, strict=True)]
        yield pa.chunked_array(masks, pa.bool_())
    elif pa.types.is_string(held):
        yield pc.match_substring(column, text, ignore_case=True)
    elif pa.types.is_boolean(held) and text.lower() in {"true", "false"}:
        yield pc.equal(column, text.lower() == "true")
    elif pa.types.is_timestamp(held) and _INSTANT.fullmatch(text):
        iso = pc.strftime(column, format="%Y-%m-%dT%H:%M:%S")
        yield pc.match_substring(iso, text.removesuffix("Z").partition(".")[0].replace(" ", "T"))
    elif pa.types.is_integer(held) and _WHOLE.fullmatch(text):
        yield pc.equal(column, pa.scalar(int(text), pa.int64()))
    elif pa.types.is_floating(held) and (span := _number_span(text)):
        column = column.cast(pa.float64())
        yield pc.and_(pc.greater_equal(column, span[0]), pc.less(column, span[1]))


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


def _in_order(order: Rows, matching: Sequence[int] | Rows) -> Rows:
    member = np.zeros(len(order), np.bool_)
    member[matching] = True
    return order[member[order]]
