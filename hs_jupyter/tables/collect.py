"""Pages of one type and scope become one table: every record once, no list of all records ever held."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from hs_jupyter.tables.build import NULLS, Part, empty_table, part_of
from hs_jupyter.tables.identity import Identities, Seen
from hs_jupyter.tables.join import join_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hs_jupyter.catalog import DataType
    from hs_jupyter.scope import Scope

_DERIVED = ("onset_sec", "value_norm")


class TableBuilder:
    """Collects pages of one data type and scope.

    Attributes
    ----------
    unread : dict
        Column to the number of values that could not be read, and are missing.
    duplicates_dropped : int
        Records that came more than once: by their ID, or equal in everything where they have none.
    """

    def __init__(self, data_type: DataType, scope: Scope) -> None:
        self.data_type = data_type
        self.scope = scope
        self.unread: dict[str, int] = {}
        self.duplicates_dropped = 0
        self._seen = Seen()
        self._parts: list[pa.Table] = []

    def add(self, records: Sequence[dict[str, Any]]) -> pa.Table:
        """Add a page; return the table of its records that are new."""
        fresh = self.take(part_of(records, self.data_type, self.scope))
        self.hold(fresh.table)
        return fresh.table

    def take(self, part: Part) -> Part:
        """Return the records of a page that are new."""
        fresh = self._seen.fresh(part.identities)
        dropped = len(fresh) - int(fresh.sum())
        self.duplicates_dropped += dropped
        if dropped:
            part = Part(
                part.table.filter(pa.array(fresh)),
                part.identities[fresh],
                {name: [row for row in rows if fresh[row]] for name, rows in part.unread.items()},
            )
        # dropped here, or as rows that had come before an interrupt
        part = replace(part, table=_without_empty(part.table, self.data_type))
        for name, rows in part.unread.items():
            if len(rows):
                self.unread[name] = self.unread.get(name, 0) + len(rows)
        return part

    def know(self, identities: Identities) -> None:
        """Take note of records that came before, and were kept."""
        self._seen.fresh(identities)

    def hold(self, table: pa.Table) -> None:
        """Add rows that `take` found to be new."""
        self._parts.append(table)

    def table(self) -> pa.Table:
        """Return everything so far as one table with at least the catalogue's columns."""
        return join_tables([empty_table(self.data_type, self.scope), *self._parts])

    def finished(self) -> pa.Table:
        """Return everything, and hold nothing any more: whoever sorts it needs no room for a second copy."""
        table = self.table()
        self._parts.clear()
        return table


def _without_empty(table: pa.Table, data_type: DataType) -> pa.Table:
    """Leave out the undocumented fields that dropped records alone had."""
    documented = {NULLS, *_DERIVED, *data_type.column}
    empty = {name for name in table.column_names if table[name].null_count == table.num_rows} - documented
    if not empty:  # so it is with nearly every page
        return table
    said = pc.unique(pc.list_flatten(table[NULLS])).to_pylist()
    return table.drop_columns(sorted(empty.difference(said)))
