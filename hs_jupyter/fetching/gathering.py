"""What comes of one request: its rows, what is beside them, and every doubt about them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hs_jupyter.tables.collect import TableBuilder
from hs_jupyter.tables.facts import Facts
from hs_jupyter.tables.order import sort_table
from hs_jupyter.tables.shapes import beside

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa

    from hs_jupyter.api.envelope import Page
    from hs_jupyter.catalog import DataType
    from hs_jupyter.scope import Scope
    from hs_jupyter.tables.build import Part
    from hs_jupyter.tables.identity import Identities

MAY_BE_INCOMPLETE = "may be incomplete"


class Gathering:
    """Gathers the pages of one request.

    Parameters
    ----------
    kind, scope
        What is asked for.
    hold
        Whether rows are held until they become a table; else they are kept by somebody else.
    sort
        Whether they are put in their canonical order; else they stay as they came.

    Attributes
    ----------
    received
        Records that came, duplicates too.
    total
        Records that the service announces, or None.
    holds
        Whether it holds rows.
    """

    def __init__(self, kind: DataType, scope: Scope, *, hold: bool = True, sort: bool = True) -> None:
        self.kind = kind
        self.scope = scope
        self.received = 0
        self.total: int | None = None
        self.holds = hold
        self._sort = sort
        self._began = _now()
        self._goes_on = False
        self._doubts: dict[str, None] = {}  # in order, each once
        self._beside: dict[str, Any] = {}
        self._builder = TableBuilder(kind, scope)

    def take(self, page: Page) -> Part:
        """Take a page; return its records that are new."""
        self.received += page.count
        self.total = page.total if page.total is not None else self.total
        self._beside |= beside(self.kind, page.metadata)
        self._doubts |= dict.fromkeys(_doubts(self.kind, page))
        return self._builder.take(page.shaped)

    def hold(self, table: pa.Table) -> pa.Table:
        """Hold new records, and return them as they are held."""
        if not self.holds:
            return table
        if self._sort:  # in order a page at a time, the whole mostly is in order in the end
            table = sort_table(table, self.kind)
        self._builder.hold(table)
        return table

    def take_kept(self, table: pa.Table, identities: Identities) -> None:
        """Take rows that came before, and were kept."""
        self._builder.know(identities)
        if self.holds:
            self._builder.hold(table)

    def plain(self) -> dict[str, Any]:
        """Return what there is to know beside the rows, as plain JSON."""
        return {
            "began": self._began,
            "received": self.received,
            "doubts": list(self._doubts),
            "beside": self._beside,
            "unread": self._builder.unread,
            "duplicates": self._builder.duplicates_dropped,
        }

    def restore(self, plain: Mapping[str, Any], total: int | None) -> None:
        """Take what `plain` returned.

        Raises
        ------
        KeyError, TypeError, ValueError
            If it is something else.
        """
        self._began, self._goes_on = datetime.fromisoformat(plain["began"]).isoformat(), True
        self.received, self._builder.duplicates_dropped = int(plain["received"]), int(plain["duplicates"])
        self._doubts = {str(doubt): None for doubt in plain["doubts"]}
        self._beside = dict(plain["beside"])
        self._builder.unread = {str(name): int(count) for name, count in plain["unread"].items()}
        self.total = total

    def table(self) -> pa.Table:
        """Return the rows; they are not held any longer."""
        return sort_table(self._builder.finished(), self.kind) if self._sort else self._builder.finished()

    def facts(self, name: str) -> Facts:
        """Return what is known about the rows; ``name`` is the type they were wanted for."""
        unread = (
            f"{count} of the values of {column} could not be read: missing"
            for column, count in self._builder.unread.items()
        )
        return Facts(
            type=name,
            scope={"kind": self.scope.kind, "id": self.scope.id, "room": self.scope.room},
            fetched_at=self._began if self._goes_on else _now(),  # what was kept may have changed since
            complete=not self._doubts,
            rows_expected=self.total,
            warnings=(*self._doubts, *unread),
            duplicates_dropped=self._builder.duplicates_dropped,
            beside=self._beside,
        )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _doubts(kind: DataType, page: Page) -> Iterator[str]:
    """Yield why a result may be incomplete."""
    for warning in page.warnings:
        yield f"{kind.name} {MAY_BE_INCOMPLETE}: {warning}"
    if page.metadata.get("truncated") is True:
        yield f"{kind.name} {MAY_BE_INCOMPLETE}: the service cut it off"
    if kind.cap and kind.paged and not page.has_more and page.total is not None and page.total >= kind.cap:
        yield f"{kind.name} {MAY_BE_INCOMPLETE}: the service returns at most {kind.cap}"
    if page.malformed:
        yield f"{kind.name} {MAY_BE_INCOMPLETE}: {page.malformed} entries of the answer were no records"
