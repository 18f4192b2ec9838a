"""Tell when the first rows have come for certain, though further pages exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.compute as pc

if TYPE_CHECKING:
    import pyarrow as pa


class Enough:
    """Watches pages that the service sorts, until the rows of a limit are certain.

    A row is certain once a later key has come: among equal keys the service's order is not ours, so
    further pages may still hold rows that belong before it. Where pages show that the service does not
    sort as it was asked to, rows are never enough.

    Parameters
    ----------
    column, order
        What the service sorts by.
    rows
        How many rows are wanted.
    """

    def __init__(self, column: str, order: str, rows: int) -> None:
        self._column = column
        self._in_order, self._before = (
            (pc.less_equal, pc.less) if order == "asc" else (pc.greater_equal, pc.greater)
        )
        self._rows = rows
        self._kept: list[pa.ChunkedArray] = []
        self._last: pa.Scalar | None = None
        self._sorted = True

    def reached(self, page: pa.Table, kept: pa.Table) -> bool:
        """Take a page, and those of its rows that are kept; whether no further page is needed."""
        if not self._rows:
            return True
        keys = page[self._column].drop_null().combine_chunks() if self._column in page.column_names else []
        if len(keys):
            neighbours = self._in_order(keys[:-1], keys[1:])
            follows = self._last is None or self._in_order(self._last, keys[0]).as_py()
            self._sorted &= follows and pc.all(neighbours, min_count=0).as_py()
            self._last = keys[-1]
            self._kept.append(kept[self._column])
        if not self._sorted or self._last is None:
            return False
        certain = sum(pc.sum(self._before(one, self._last)).as_py() or 0 for one in self._kept)
        return certain >= self._rows
