"""What came is written as parts, and named by manifests."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hs_jupyter.errors import StoreError
from hs_jupyter.scope import Scope
from hs_jupyter.storage.disk import remove, writing
from hs_jupyter.storage.manifest import NAME, Manifest
from hs_jupyter.storage.parts import PARTICIPANT, write_part
from hs_jupyter.storage.schemas import columns_of, settled
from hs_jupyter.tables.build import sort_table
from hs_jupyter.tables.memory import lean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from hs_jupyter.catalog import DataType
    from hs_jupyter.storage.manifest import Part
    from hs_jupyter.storage.schemas import Columns
    from hs_jupyter.storage.shelf import Shelf
    from hs_jupyter.tables.facts import Facts

_MOST_NAMED = 200
"""Participants that a manifest names; where there are more, it names none."""


class Filled(NamedTuple):
    """A folder that has its parts, and the manifest that will name them."""

    folder: Path
    manifest: Manifest


@dataclass
class Filling:
    """Writes one answer: parts first, manifests last, so that a kill leaves what was there before.

    Raises
    ------
    StoreError
        If the answer is not whole, and so cannot stand for the scope; if only reading was meant.
    """

    shelf: Shelf
    data_type: DataType
    scope: Scope
    facts: Facts
    announced: int | None
    experiment: str | None
    _written: list[Path] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.shelf.check_writable()
        if not self.facts.complete:
            raise StoreError(f"{self.data_type.table} of {self.scope} may be incomplete, and are not kept")

    @contextmanager
    def cleanly(self) -> Iterator[None]:
        """Remove the parts that no manifest names if the block fails, and say why in a sentence."""
        try:
            with lean(), writing(self.shelf.root):
                yield
        except BaseException:
            for path in self._written:
                held = self.shelf.manifest(path.parent)
                if held is None or all(part.name != path.name for part in held.parts):
                    remove(path)
                self.shelf.remove_empty(path.parent)
            raise

    def keep(self, folder: Path, tables: Iterable[pa.Table]) -> None:
        """Write an answer of one folder, in the place of what it held."""
        with self.cleanly():
            filled = self._fill(folder, self.scope, tables)
            with self.shelf.lock():
                self.shelf.put(*filled)

    def keep_rooms(
        self,
        parent: Path,
        split: Iterable[tuple[str | None, Iterable[pa.Table]]],
        empty: pa.Table,
        rooms: Iterable[str],
    ) -> None:
        """Write an experiment's answer, a folder for each room.

        Parameters
        ----------
        parent
            The experiment's folder.
        split
            Each room and its rows; None for rows that name no room.
        empty
            A table without rows that has all columns: for rooms that are known and have no rows.
        """
        filled: dict[str | None, Filled] = {}
        taken: set[tuple[int, int]] = set()

        def fill(room: str | None, tables: Iterable[pa.Table]) -> None:
            scope = self.scope if room is None else Scope("room", room)
            folder = self.shelf.own_room_folder(parent, scope, taken)
            filled[room] = self._fill(folder, scope, tables)

        with self.cleanly():
            for room, tables in split:
                fill(room, tables)
            for room in rooms:
                if room not in filled and room.strip():
                    fill(room, [empty])
            with self.shelf.lock():
                self._commit(parent, filled, columns_of(empty.schema))

    def manifest(self, scope: Scope) -> Manifest:
        """Return the manifest of a scope, without rows yet."""
        asked = {"kind": scope.kind, "id": scope.id, "room": scope.room}
        facts = replace(self.facts, type=self.data_type.name, scope=asked, filters={})
        if scope != self.scope:  # how many came for one room of many, nobody knows
            facts = replace(facts, rows_expected=None, duplicates_dropped=0)
        at = _instant(self.facts.fetched_at)
        return Manifest(
            type=self.data_type,
            scope=scope,
            facts=facts,
            fetched_at=at,
            checked_at=at,
            experiment=self.experiment,
            announced=self.announced if scope == self.scope else None,
        )

    def _fill(self, folder: Path, scope: Scope, tables: Iterable[pa.Table]) -> Filled:
        """Write tables, in order of arrival and of one schema, as the parts of a folder."""
        parts: list[Part] = []
        people: set[str | None] | None = set()
        columns: Columns = ()
        for rows in _apart(tables, self.data_type):
            columns = columns_of(rows.schema)
            people = _with_people(people, rows)
            if rows.num_rows:
                part = write_part(folder, rows, self.data_type, private=self.shelf.private)
                self._written.append(folder / part.name)
                parts.append(part)
        named = None if people is None else tuple(sorted(one for one in people if one is not None))
        manifest = replace(self.manifest(scope), parts=tuple(parts), columns=columns, participants=named)
        return Filled(folder, manifest)

    def _commit(self, parent: Path, filled: dict[str | None, Filled], columns: Columns) -> None:
        """Replace the manifests of rooms and experiment, and drop rooms that are there no more."""
        aside = filled[None].manifest.rows if None in filled else 0
        accounted = self.announced == sum(one.manifest.rows for one in filled.values()) and not aside
        rooms = sorted(room for room in filled if room is not None)
        whole = replace(
            self.manifest(self.scope),
            columns=columns,
            rooms=(*rooms, None) if aside else tuple(rooms),
            pinned={room or "": one.manifest.token for room, one in filled.items()} if aside else {},
        )
        before = self.shelf.manifest(parent)
        if aside or (before is not None and before.pinned):
            remove(parent / NAME)  # rooms of now and rows without room of before are no answer
        for room, (folder, manifest) in filled.items():
            if room is not None:
                announced = manifest.rows if accounted else None
                manifest = replace(manifest, aside=aside, announced=announced)  # noqa: PLW2901
            self.shelf.put(folder, manifest)
        self.shelf.put(parent, whole)
        kept = {folder for folder, _ in filled.values()}
        for folder in self.shelf.folders(parent, "room="):
            held = None if folder in kept else self.shelf.manifest(folder)
            if held and held.experiment == self.experiment and held.fetched_at <= whole.fetched_at:
                self.shelf.drop(folder)


def _apart(tables: Iterable[pa.Table], data_type: DataType) -> Iterator[pa.Table]:
    """Sort each table; the rows of its last instant go with the next one.

    So parts of what came in order do not touch in time: they are read one after another, unmerged.
    """
    waiting: pa.Table | None = None
    for table in tables:
        rows = settled(table)
        if waiting is not None:
            cut = _last_instant(waiting, data_type)
            yield waiting.slice(0, cut)
            rows = pa.concat_tables([waiting.take(pa.array(range(cut, waiting.num_rows), pa.int64())), rows])
        waiting = sort_table(rows, data_type)
    if waiting is not None:
        yield waiting


def _last_instant(rows: pa.Table, data_type: DataType) -> int:
    """Return the row at which the last instant of sorted rows begins; the end where none does."""
    end: int = rows.num_rows
    times = rows[data_type.time] if data_type.time else None
    if times is None or times.null_count or not end:
        return end
    instants = times.cast(pa.int64()).to_numpy()
    begins = int(np.searchsorted(instants, instants[-1]))
    return begins if begins > 0 else end


def _with_people(people: set[str | None] | None, rows: pa.Table) -> set[str | None] | None:
    if people is None or PARTICIPANT not in rows.column_names:
        return None
    found = people | set(pc.unique(rows[PARTICIPANT]).to_pylist())
    return found if len(found) <= _MOST_NAMED else None


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return datetime.now(UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
