"""A space: all that is kept of one server and organization, or one mirrored study."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hs_jupyter.errors import DamagedError
from hs_jupyter.scope import Scope
from hs_jupyter.storage.clearing import Cleared, clear
from hs_jupyter.storage.disk import writing
from hs_jupyter.storage.filling import Filling
from hs_jupyter.storage.finding import Finder
from hs_jupyter.storage.journal import Journal
from hs_jupyter.storage.records import read_record, write_record
from hs_jupyter.storage.schemas import columns_of, settled
from hs_jupyter.storage.shelf import Shelf
from hs_jupyter.storage.splitting import one_experiment, slices, split_by_room
from hs_jupyter.storage.union import union_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    import pyarrow as pa

    from hs_jupyter.catalog import DataType
    from hs_jupyter.storage.holding import Holding
    from hs_jupyter.tables.facts import Facts


class Space:
    """What is kept, found by data type and scope.

    Parameters
    ----------
    folder
        Where its tree begins.
    private
        Files are their owner's alone.
    read_only
        Nothing is written.
    """

    def __init__(self, folder: Path, *, private: bool = True, read_only: bool = False) -> None:
        self._shelf = Shelf(folder, private=private, read_only=read_only)
        self._finder = Finder(self._shelf)

    @property
    def folder(self) -> Path:
        """Where its tree begins."""
        return self._shelf.root

    @property
    def read_only(self) -> bool:
        """Whether nothing may be written."""
        return self._shelf.read_only

    @property
    def notes(self) -> list[str]:
        """Sentences about what was found damaged, and so set aside."""
        return self._shelf.notes

    def find(self, kind: DataType, scope: Scope) -> Holding | None:
        """Find what is held of a scope; None where nothing is, or not all of it."""
        return self._finder.find(kind, scope)

    def rooms(self, kind: DataType, experiment: str) -> dict[str, Holding]:
        """Return the holdings of an experiment's rooms, by room."""
        return self._finder.rooms(kind, experiment)

    def holdings(self) -> Iterator[Holding]:
        """Yield everything held: lists, rooms, and experiments as the union of their rooms."""
        return self._finder.everything()

    def keep(
        self,
        kind: DataType,
        scope: Scope,
        table: pa.Table,
        facts: Facts,
        *,
        announced: int | None,
        experiment: str | None = None,
        rooms: Iterable[str] = (),
    ) -> Holding:
        """Keep an answer that is whole, in the place of what was held of its scope.

        Parameters
        ----------
        table
            All records, with the derived columns and the hidden one.
        announced
            How many the service announced.
        experiment
            The experiment of a room, where it is known; else the one that its rows name.
        rooms
            Of an experiment: rooms known to exist; those without rows are held as empty.

        Returns
        -------
        Holding
            Of an experiment, its rooms are held, too.

        Raises
        ------
        StoreFullError
            If the disk is full. What was held before still is.
        StoreError
            If the store cannot be written, or the answer is not whole.
        """
        filling = self._filling(kind, scope, facts, announced, experiment or one_experiment(table))
        folder = self._own_folder(filling)
        if kind.by_room and scope.kind == "experiment":
            split = ((room, slices(rows)) for room, rows in split_by_room(table))
            filling.keep_rooms(folder, split, settled(table.slice(0, 0)), rooms)
        else:
            filling.keep(folder, slices(table))
        return self._kept(filling, folder)

    def keep_journal(
        self,
        kind: DataType,
        scope: Scope,
        journal: Journal,
        facts: Facts,
        *,
        announced: int | None,
        experiment: str | None = None,
        rooms: Iterable[str] = (),
    ) -> Holding:
        """Keep what a journal holds, as `keep` does, and never have all of it in memory.

        Raises
        ------
        DamagedError
            If the journal is damaged.
        StoreFullError, StoreError
            If the store cannot be written, or the answer is not whole.
        """
        contents = journal.contents()
        filling = self._filling(kind, scope, facts, announced, experiment or contents.experiment)
        folder = self._own_folder(filling)
        if kind.by_room and scope.kind == "experiment":
            filling.keep_rooms(folder, contents.rooms(), contents.schema.empty_table(), rooms)
        else:
            filling.keep(folder, contents.tables())
        return self._kept(filling, folder)

    def join_rooms(
        self,
        kind: DataType,
        experiment: str,
        rooms: Iterable[str],
        facts: Facts,
        *,
        announced: int | None,
        rows: int | None = None,
    ) -> Holding | None:
        """Hold an experiment as the union of rooms that are held one by one.

        Parameters
        ----------
        announced
            How many records the service announced for the experiment.
        rows
            How many rows the union must have; by default as many as were announced, less duplicates.

        Returns
        -------
        Holding or None
            None, and nothing is changed, where a room is not held or rows are missing: they may belong to
            rooms that nobody named, or to none.

        Raises
        ------
        StoreError
            If the store cannot be written.
        """
        scope = Scope("experiment", experiment)
        filling = self._filling(kind, scope, facts, announced, experiment)
        folder = self._shelf.experiment_folder(kind, experiment)
        manifest = replace(filling.manifest(scope), rooms=tuple(sorted(set(rooms))))
        union = self._finder.union(folder, manifest)
        if union is None or any(source.manifest.aside for source in union.sources):
            return None
        least = (announced or 0) - facts.duplicates_dropped if rows is None else rows
        if union.rows < least or (rows is not None and union.rows != rows):
            return None
        columns = columns_of(union_schema(union.sources[1:] or union.sources))
        with writing(self.folder), self._shelf.lock():
            self._shelf.put(folder, replace(manifest, columns=columns))
        return self._kept(filling, folder)

    def touch(self, holding: Holding, *, checked_at: datetime, announced: int | None) -> Holding:
        """Note that the service was asked and had nothing new."""
        folder = holding.sources[0].folder
        if not self.read_only:
            with writing(self.folder), self._shelf.lock():
                manifest = self._shelf.manifest(folder)
                if manifest is not None and manifest.token == holding.sources[0].manifest.token:
                    self._shelf.put(folder, manifest.checked(checked_at, announced))
        return replace(holding, checked_at=checked_at, announced=announced)

    def clear(self, scope: Scope | None = None) -> Cleared:
        """Remove what is held of a scope, with fetches under way; None for everything.

        Of a participant: every holding, list, record and journal in which their ID appears in any text.

        Raises
        ------
        StoreError
            If it is open for reading only.
        """
        return clear(self._shelf, scope)

    def put_record(self, name: str, record: Mapping[str, Any]) -> None:
        """Keep one JSON object, such as ``experiment=ID`` with its configuration.

        Raises
        ------
        StoreFullError, StoreError
            If it cannot be written.
        """
        write_record(self._shelf, name, record)

    def get_record(self, name: str) -> dict[str, Any] | None:
        """Return such an object, or None."""
        return read_record(self._shelf, name)

    def journal(self, kind: DataType, scope: Scope, wire: Mapping[str, str]) -> Journal:
        """Return the journal of exactly this request; open it with ``with``."""
        return Journal(self._shelf, kind, scope, wire)

    def _filling(
        self, kind: DataType, scope: Scope, facts: Facts, announced: int | None, experiment: str | None
    ) -> Filling:
        if scope.kind == "experiment":
            experiment = scope.id
        elif experiment is None and kind.by_room and (held := self.find(kind, scope)) is not None:
            experiment = held.experiment
        return Filling(self._shelf, kind, scope, facts, announced, experiment)

    def _own_folder(self, filling: Filling) -> Path:
        """Choose where an answer lies."""
        kind, scope = filling.data_type, filling.scope
        if not kind.by_room or scope.kind not in {"experiment", "room"}:
            return self._shelf.list_folder(kind, scope)
        parent = self._shelf.experiment_folder(kind, filling.experiment)
        if scope.kind == "experiment":
            return parent
        folder = self._shelf.room_folder(parent, scope)
        held = self._shelf.manifest(folder)
        # what belongs together with rows that name no room stays as it is
        return self._shelf.list_folder(kind, scope) if held and held.aside else folder

    def _kept(self, filling: Filling, folder: Path) -> Holding:
        """Return what was just kept; of a room, drop what else was held of it."""
        kind, scope = filling.data_type, filling.scope
        single = not kind.by_room or scope.kind != "experiment"
        held = self._finder.single(kind, scope, folder) if single else self.find(kind, scope)
        if held is None:
            raise DamagedError(f"{kind.table} of {scope} were kept in {self.folder}, and are not there")
        if kind.by_room and scope.kind == "room":
            for other in self._finder.folders_of_room(kind, scope):
                older = self._finder.single(kind, scope, other) if other != folder else None
                if older is not None and older.facts.complete:
                    with self._shelf.lock():
                        self._shelf.drop(other)
        return held
