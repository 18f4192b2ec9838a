"""What came is split by room, written as parts, and named by manifests."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hs_jupyter.scope import Scope
from hs_jupyter.storage.disk import remove, writing
from hs_jupyter.storage.manifest import Manifest
from hs_jupyter.storage.parts import MOST_ROWS, PARTICIPANT, write_part
from hs_jupyter.storage.schemas import columns_of, settled
from hs_jupyter.tables.build import sort_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from hs_jupyter.catalog import DataType
    from hs_jupyter.storage.manifest import Part
    from hs_jupyter.storage.shelf import Shelf
    from hs_jupyter.tables.facts import Facts

ROOM = "roomId"
_MOST_NAMED = 200
"""Participants that a manifest names; where there are more, it names none."""


@dataclass
class Filling:
    """Writes one answer: parts first, manifests last, so that a kill leaves what was there before."""

    shelf: Shelf
    data_type: DataType
    scope: Scope
    facts: Facts
    announced: int | None
    experiment: str | None
    _written: list[Path] = field(default_factory=list)

    @contextmanager
    def cleanly(self) -> Iterator[None]:
        """Remove the parts that were written if the block fails."""
        try:
            with writing(self.shelf.root):
                yield
        except BaseException:
            for path in self._written:
                remove(path)
            raise

    def fill(self, folder: Path, tables: Iterable[pa.Table], manifest: Manifest) -> Manifest:
        """Write tables, in order of arrival, as the parts of one folder.

        Parameters
        ----------
        tables
            At least one, all of one schema, each of at most `MOST_ROWS` rows, not sorted.
        """
        self.shelf.make(folder)
        parts: list[Part] = []
        people: set[str | None] = set()
        columns = manifest.columns
        for table in tables:
            sorted_ = sort_table(settled(table), self.data_type)
            columns = columns_of(sorted_.schema)
            if PARTICIPANT in sorted_.column_names and len(people) <= _MOST_NAMED:
                people |= set(pc.unique(sorted_[PARTICIPANT]).to_pylist())
            if sorted_.num_rows:
                part = write_part(folder, sorted_, self.data_type, private=self.shelf.private)
                self._written.append(folder / part.name)
                parts.append(part)
        named = tuple(sorted(one for one in people if one is not None))
        return replace(
            manifest,
            parts=tuple(parts),
            columns=columns,
            participants=named if PARTICIPANT in dict(columns) and len(people) <= _MOST_NAMED else None,
        )

    def manifest(self, scope: Scope) -> Manifest:
        """Return the manifest of a scope, without rows yet."""
        whole = scope == self.scope
        at = _instant(self.facts.fetched_at)
        asked = {"kind": scope.kind, "id": scope.id, "room": scope.room}
        facts = replace(self.facts, scope=asked, filters={})
        if not whole:
            facts = replace(facts, rows_expected=None, duplicates_dropped=0)
        return Manifest(
            type=self.data_type,
            scope=scope,
            facts=facts,
            fetched_at=at,
            checked_at=at,
            experiment=self.experiment,
            announced=self.announced if whole else None,
        )


def slices(table: pa.Table) -> Iterator[pa.Table]:
    """Cut a table into tables of so many rows as one part holds; at least one."""
    for at in range(0, max(table.num_rows, 1), MOST_ROWS):
        yield table.slice(at, MOST_ROWS)


def split_by_room(table: pa.Table) -> Iterator[tuple[str | None, pa.Table]]:
    """Yield the rows of each room, in the order in which they first appear.

    Rooms come in the order of their first row; None stands for rows that name no room.
    """
    coded = table[ROOM].combine_chunks().dictionary_encode()
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    named = [room if room and room.strip() else None for room in coded.dictionary.to_pylist()]
    rooms = dict.fromkeys([*named, None])
    number = {room: at for at, room in enumerate(rooms)}
    merged = np.array([*(number[room] for room in named), number[None]])
    codes = merged[coded.indices.fill_null(len(named)).to_numpy(zero_copy_only=False)]
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes, minlength=len(rooms)))
    for room, start, end in zip(rooms, [0, *ends[:-1]], ends, strict=True):
        if end == start:
            continue
        rows = order[start:end]
        in_one_piece = int(rows[-1]) - int(rows[0]) == len(rows) - 1
        yield room, table.slice(int(rows[0]), len(rows)) if in_one_piece else table.take(pa.array(rows))


def one_experiment(table: pa.Table) -> str | None:
    """Return the experiment that all rows name, or None."""
    if "experimentId" not in table.column_names:
        return None
    named = pc.unique(table["experimentId"].combine_chunks()).drop_null().to_pylist()
    return named[0] if len(named) == 1 and named[0].strip() else None


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return datetime.now(UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
