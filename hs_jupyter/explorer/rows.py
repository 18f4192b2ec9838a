"""Which records of a table, in which order: row numbers, found once and kept while they are looked at."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from hs_jupyter.explorer.searching import go_on, text_rows
from hs_jupyter.explorer.sorting import sort_rows
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
_WINDOW_COLUMNS = ("onset_sec", "duration")


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
        check: Check = go_on,
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

    def count(self, selection: Selection | None, text: str = "", check: Check = go_on) -> int:
        """Return how many records match."""
        among = self._matching(selection, text.strip(), check)
        return self._source.rows if among is None else len(among)

    def selected(self, selection: Selection, check: Check = go_on) -> Rows | None:
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
