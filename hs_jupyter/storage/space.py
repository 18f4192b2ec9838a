"""A space: all that is kept of one server and organization, or one mirrored study."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hs_jupyter.errors import DamagedError
from hs_jupyter.scope import Scope
from hs_jupyter.storage.clearing import Cleared, clear
from hs_jupyter.storage.disk import write_file, writing
from hs_jupyter.storage.filling import Filling, one_experiment, slices, split_by_room
from hs_jupyter.storage.holding import Holding
from hs_jupyter.storage.journal import Journal
from hs_jupyter.storage.names import hive_names
from hs_jupyter.storage.schemas import columns_of, settled
from hs_jupyter.storage.sealed import seal, unseal, without_secrets
from hs_jupyter.storage.shelf import Shelf
from hs_jupyter.storage.union import PartError, Source, union_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    import pyarrow as pa

    from hs_jupyter.catalog import DataType
    from hs_jupyter.storage.manifest import Manifest
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

    Attributes
    ----------
    notes : list of str
        What was found damaged, and so set aside.
    """

    def __init__(self, folder: Path, *, private: bool = True, read_only: bool = False) -> None:
        self._shelf = Shelf(folder, private=private, read_only=read_only)

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
        """Sentences about what was found damaged."""
        return self._shelf.notes

    def find(self, kind: DataType, scope: Scope) -> Holding | None:
        """Find what is held of a scope; None where nothing is, or not all of it."""
        if not kind.by_room or scope.kind not in {"experiment", "room"}:
            folder = self._shelf.list_folder(kind, scope)
            return self._holding(kind, scope, folder)
        if scope.kind == "room":
            found = [
                held
                for experiment in self._shelf.folders(self._shelf.data_folder(kind))
                if (held := self._holding(kind, scope, self._shelf.room_folder(experiment, scope.id, scope)))
            ]
            return max(found, key=lambda held: held.fetched_at, default=None)
        return self._experiment(kind, scope)

    def rooms(self, kind: DataType, experiment: str) -> dict[str, Holding]:
        """Return the holdings of an experiment's rooms, by room."""
        held: dict[str, Holding] = {}
        for parent in self._experiment_folders(kind, experiment):
            for folder in self._shelf.folders(parent, "room="):
                manifest = self._shelf.manifest(folder)
                if manifest is None or manifest.scope.kind != "room" or manifest.experiment != experiment:
                    continue
                holding = self._holding(kind, manifest.scope, folder)
                if holding is not None:
                    held[holding.scope.id] = holding
        return held

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
            The experiment of a room, where it is known; else the rows' own.
        rooms
            Of an experiment: rooms known to exist; those without rows are held as empty.

        Raises
        ------
        StoreFullError
            If the disk is full. What was held before still is.
        StoreError
            If the store cannot be written.
        """
        filling = self._filling(kind, scope, facts, announced, experiment or one_experiment(table))
        if kind.by_room and scope.kind == "experiment":
            split = ((room, slices(part)) for room, part in split_by_room(table))
            return self._keep_rooms(filling, split, settled(table.slice(0, 0)), rooms)
        return self._keep_one(filling, slices(table))

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
        """Keep what a journal holds, as `keep` does; never all of it in memory.

        Raises
        ------
        DamagedError
            If the journal is damaged.
        StoreFullError, StoreError
            If the store cannot be written.
        """
        contents = journal.contents()
        filling = self._filling(kind, scope, facts, announced, experiment or contents.experiment)
        if kind.by_room and scope.kind == "experiment":
            return self._keep_rooms(filling, contents.rooms(), contents.schema.empty_table(), rooms)
        return self._keep_one(filling, contents.tables())

    def join_rooms(
        self, kind: DataType, experiment: str, rooms: Iterable[str], facts: Facts, *, announced: int | None
    ) -> Holding | None:
        """Hold an experiment as the union of rooms that are held one by one; None where one is not."""
        scope = Scope("experiment", experiment)
        filling = self._filling(kind, scope, facts, announced, experiment)
        folder = self._shelf.experiment_folder(kind, experiment)
        self._shelf.make(folder)
        manifest = replace(filling.manifest(scope), rooms=tuple(sorted(set(rooms))))
        union = self._union(kind, scope, folder, manifest)
        if union is None:
            return None
        columns = columns_of(union_schema(union.sources[1:] or union.sources))
        with writing(self.folder), self._shelf.lock():
            self._shelf.put(folder, replace(manifest, columns=columns))
        return self.find(kind, scope)

    def touch(self, holding: Holding, *, checked_at: datetime, announced: int | None) -> Holding:
        """Note that the service was asked and had nothing new."""
        folder = self._own_folder(holding)
        with writing(self.folder), self._shelf.lock():
            manifest = self._shelf.manifest(folder)
            if manifest is not None and manifest.fetched_at == holding.fetched_at and not self.read_only:
                self._shelf.put(folder, manifest.checked(checked_at, announced))
        return replace(holding, checked_at=checked_at, announced=announced)

    def holdings(self) -> Iterator[Holding]:
        """Yield everything held: lists, rooms, and experiments as the union of their rooms."""
        for manifest in self._manifests():
            holding = self.find(manifest.type, manifest.scope)
            if holding is not None:
                yield holding

    def clear(self, scope: Scope | None = None) -> Cleared:
        """Remove what is held of a scope, with the fetches under way; None for everything.

        Of a participant: every holding, list and journal in which their ID appears in any text.
        """
        return clear(self._shelf, scope)

    def put_record(self, name: str, record: Mapping[str, Any]) -> None:
        """Keep one JSON object, such as an experiment with its configuration."""
        path = self._record_path(name)
        self._shelf.make(path.parent)
        data = seal({"name": name, "record": without_secrets(dict(record))})
        with writing(self.folder):
            write_file(path, data, private=self._shelf.private)

    def get_record(self, name: str) -> dict[str, Any] | None:
        """Return such an object, or None."""
        path = self._record_path(name)
        try:
            held = unseal(path.read_bytes())
        except OSError:
            return None
        except ValueError:
            self._shelf.damaged(path)
            return None
        record = held.get("record")
        return record if held.get("name") == name and isinstance(record, dict) else None

    def journal(self, kind: DataType, scope: Scope, wire: Mapping[str, str]) -> Journal:
        """Return the journal of exactly this request; open it with ``with``."""
        return Journal(self._shelf, kind, scope, wire)

    def _record_path(self, name: str) -> Path:
        key, _, id_ = name.partition("=")
        return self.folder / "records" / f"{hive_names(key, id_)[0]}.json"

    def _filling(
        self, kind: DataType, scope: Scope, facts: Facts, announced: int | None, experiment: str | None
    ) -> Filling:
        if not facts.complete:
            raise ValueError("an answer that is not whole is not kept")
        return Filling(
            self._shelf, kind, scope, facts, announced, scope.id if scope.kind == "experiment" else experiment
        )

    def _keep_one(self, filling: Filling, tables: Iterable[pa.Table]) -> Holding:
        kind, scope = filling.data_type, filling.scope
        if kind.by_room and scope.kind == "room":
            held = self.find(kind, scope)
            filling.experiment = filling.experiment or (held.experiment if held else None)
            parent = self._shelf.experiment_folder(kind, filling.experiment)
            folder = self._shelf.room_folder(parent, scope.id, scope)
        else:
            folder = self._shelf.list_folder(kind, scope)
        with filling.cleanly():
            manifest = filling.fill(folder, tables, filling.manifest(scope))
            with self._shelf.lock():
                self._shelf.put(folder, manifest)
        if kind.by_room and scope.kind == "room":
            for other in self._shelf.folders(self._shelf.data_folder(kind)):
                elsewhere = self._shelf.room_folder(other, scope.id, scope)
                if elsewhere != folder and self._shelf.manifest(elsewhere) is not None:
                    self._shelf.drop(elsewhere)
        return self._found(kind, scope)

    def _keep_rooms(
        self,
        filling: Filling,
        split: Iterable[tuple[str | None, Iterable[pa.Table]]],
        empty: pa.Table,
        rooms: Iterable[str],
    ) -> Holding:
        kind, scope = filling.data_type, filling.scope
        parent = self._shelf.experiment_folder(kind, scope.id)
        filled: dict[str | None, tuple[Path, Manifest]] = {}
        with filling.cleanly():

            def fill(room: str | None, tables: Iterable[pa.Table]) -> None:
                whose = scope if room is None else Scope("room", room)
                folder = self._shelf.room_folder(parent, room, whose)
                filled[room] = folder, filling.fill(folder, tables, filling.manifest(whose))

            for room, tables in split:
                fill(room, tables)
            for room in rooms:
                if room not in filled:
                    fill(room, [empty])
            self._commit(filling, parent, filled, empty)
        return self._found(kind, scope)

    def _commit(
        self,
        filling: Filling,
        parent: Path,
        filled: dict[str | None, tuple[Path, Manifest]],
        empty: pa.Table,
    ) -> None:
        aside = filled[None][1].rows if None in filled else 0
        total = sum(manifest.rows for _, manifest in filled.values())
        known = filling.announced == total  # then what a room has is what the service would announce
        ready = {
            room: (
                folder,
                replace(one, aside=aside if room else 0, announced=one.rows if known and not aside else None),
            )
            for room, (folder, one) in filled.items()
        }
        order = sorted(room for room in ready if room is not None)
        whole = replace(
            filling.manifest(filling.scope),
            columns=columns_of(empty.schema),
            rooms=(*order, *([None] if aside else [])),
            pinned={room or "": one.token for room, (_, one) in ready.items()} if aside else {},
        )
        with self._shelf.lock():
            before = self._shelf.manifest(parent)
            if aside or (before and before.pinned):
                self._shelf.put(parent, replace(whole, rooms=("",)))
            for folder, manifest in ready.values():
                self._shelf.put(folder, manifest)
            self._shelf.put(parent, whole)
            mine = {folder for folder, _ in ready.values()}
            for folder in self._shelf.folders(parent, "room="):
                held = self._shelf.manifest(folder) if folder not in mine else None
                if held and held.experiment == filling.experiment and held.fetched_at <= whole.fetched_at:
                    self._shelf.drop(folder)

    def _found(self, kind: DataType, scope: Scope) -> Holding:
        held = self.find(kind, scope)
        if held is None:
            raise DamagedError(f"{kind.table} of {scope} were written to {self.folder}, and are not there")
        return held

    def _experiment(self, kind: DataType, scope: Scope) -> Holding | None:
        folder = self._shelf.experiment_folder(kind, scope.id)
        manifest = self._shelf.manifest(folder)
        if manifest is None or manifest.rooms is None or manifest.scope != scope or manifest.type != kind:
            return None
        return self._union(kind, scope, folder, manifest)

    def _union(self, kind: DataType, scope: Scope, folder: Path, manifest: Manifest) -> Holding | None:
        sources = [Source(folder, manifest)]  # without parts: it knows every column
        for room in manifest.rooms or ():
            whose = scope if room is None else Scope("room", room) if room else None
            if whose is None:
                return None
            held = self._source(kind, whose, self._shelf.room_folder(folder, room, whose))
            if held is None or manifest.pinned.get(room or "", held.manifest.token) != held.manifest.token:
                return None
            sources.append(held)
        return self._of(kind, scope, manifest, sources)

    def _holding(self, kind: DataType, scope: Scope, folder: Path) -> Holding | None:
        source = self._source(kind, scope, folder)
        return None if source is None else self._of(kind, scope, source.manifest, [source])

    def _source(self, kind: DataType, scope: Scope, folder: Path) -> Source | None:
        manifest = self._shelf.manifest(folder)
        if manifest is None or manifest.scope != scope or manifest.type != kind or manifest.rooms is not None:
            return None
        return Source(folder, manifest) if self._shelf.is_there(folder, manifest) else None

    def _of(self, kind: DataType, scope: Scope, manifest: Manifest, sources: list[Source]) -> Holding:
        facts = manifest.facts
        if manifest.aside:
            doubt = f"{manifest.aside} records of its experiment name no room: some may be of this one"
            facts = replace(facts.with_warning(doubt), complete=False)
        return Holding(
            type=kind,
            scope=scope,
            facts=facts,
            announced=manifest.announced,
            fetched_at=manifest.fetched_at,
            checked_at=manifest.checked_at,
            experiment=manifest.experiment,
            rooms=tuple(room for room in manifest.rooms or () if room),
            sources=tuple(sources),
            _again=lambda: self.find(kind, scope),
            _damaged=self._set_aside,
        )

    def _set_aside(self, problem: PartError) -> None:
        self._shelf.damaged(problem.path)

    def _own_folder(self, holding: Holding) -> Path:
        if holding.type.by_room and holding.scope.kind == "experiment":
            return self._shelf.experiment_folder(holding.type, holding.scope.id)
        return holding.sources[0].folder

    def _experiment_folders(self, kind: DataType, experiment: str) -> Iterator[Path]:
        names = hive_names("experiment", experiment)
        yield from (self._shelf.data_folder(kind) / name for name in names)

    def _manifests(self) -> Iterator[Manifest]:
        for top in ("lists", "data"):
            for table in self._shelf.folders(self.folder / top):
                for folder in self._shelf.folders(table):
                    for one in (folder, *self._shelf.folders(folder, "room=")):
                        manifest = self._shelf.manifest(one)
                        if manifest is not None and not (
                            manifest.scope.kind == "experiment" and manifest.rooms is None and top == "data"
                        ):
                            yield manifest
