"""What is held of a scope, and in which folders."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hs_jupyter.scope import Scope
from hs_jupyter.storage.holding import Holding
from hs_jupyter.storage.names import hive_names
from hs_jupyter.storage.union import PartError, Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hs_jupyter.catalog import DataType
    from hs_jupyter.storage.manifest import Manifest
    from hs_jupyter.storage.shelf import Shelf


@dataclass(frozen=True)
class Finder:
    """Finds holdings in one tree."""

    shelf: Shelf

    def find(self, kind: DataType, scope: Scope) -> Holding | None:
        """Find what is held of a scope; None where nothing is, or not all of it."""
        if kind.by_room and scope.kind == "experiment":
            return self._experiment(kind, scope)
        single = kind.by_room and scope.kind == "room"
        folders = self.folders_of_room(kind, scope) if single else [self.shelf.list_folder(kind, scope)]
        found = [held for folder in folders if (held := self.single(kind, scope, folder)) is not None]
        return max(found, key=lambda held: (held.facts.complete, held.fetched_at), default=None)

    def folders_of_room(self, kind: DataType, scope: Scope) -> list[Path]:
        """Return where a room may be held: with its experiment, whichever that is, and by itself."""
        experiments = self.shelf.folders(self.shelf.table_folder(kind))
        beside = self.shelf.list_folder(kind, scope)
        return [beside, *(self.shelf.room_folder(experiment, scope) for experiment in experiments)]

    def rooms(self, kind: DataType, experiment: str) -> dict[str, Holding]:
        """Return the holdings of an experiment's rooms, by room."""
        held: dict[str, Holding] = {}
        for name in hive_names("experiment", experiment):
            for folder in self.shelf.folders(self.shelf.table_folder(kind) / name, "room="):
                manifest = self.shelf.manifest(folder)
                if manifest is None or manifest.scope.kind != "room" or manifest.experiment != experiment:
                    continue
                if (found := self.single(kind, manifest.scope, folder)) is not None:
                    held[found.scope.id] = found
        return held

    def everything(self) -> Iterator[Holding]:
        """Yield every holding: lists, rooms, and experiments as the union of their rooms.

        On the way, what killed writers left long ago is collected.
        """
        for folder in self.shelf.holding_folders():
            manifest = self.shelf.manifest(folder)
            self.shelf.tidy(folder, () if manifest is None else (part.name for part in manifest.parts))
            if manifest is None:
                continue
            kind, scope = manifest.type, manifest.scope
            if kind.by_room and scope.kind == "experiment":
                found = self._experiment(kind, scope) if manifest.rooms is not None else None
            else:
                found = self.single(kind, scope, folder)
            if found is not None:
                yield found

    def union(self, folder: Path, manifest: Manifest) -> Holding | None:
        """Return an experiment as the union of its rooms; None where one is not held as it was."""
        kind, scope = manifest.type, manifest.scope
        sources = [Source(folder, manifest)]  # without parts: it knows every column
        for room in manifest.rooms or ():
            whose = scope if room is None else Scope("room", room)
            source = self._source(kind, whose, self.shelf.room_folder(folder, whose))
            if (
                source is None
                or manifest.pinned.get(room or "", source.manifest.token) != source.manifest.token
            ):
                return None
            sources.append(source)
        return self._holding(manifest, sources)

    def _experiment(self, kind: DataType, scope: Scope) -> Holding | None:
        folder = self.shelf.experiment_folder(kind, scope.id)
        manifest = self.shelf.manifest(folder)
        if manifest is None or manifest.rooms is None or (manifest.type, manifest.scope) != (kind, scope):
            return None
        return self.union(folder, manifest)

    def single(self, kind: DataType, scope: Scope, folder: Path) -> Holding | None:
        """Return what one folder holds, if it is of this type and scope."""
        source = self._source(kind, scope, folder)
        return None if source is None else self._holding(source.manifest, [source])

    def _source(self, kind: DataType, scope: Scope, folder: Path) -> Source | None:
        before = None
        while (manifest := self.shelf.manifest(folder)) is not None and manifest != before:
            if manifest.rooms is not None or (manifest.type, manifest.scope) != (kind, scope):
                return None
            if self.shelf.is_there(folder, manifest):
                return Source(folder, manifest)
            before = manifest  # another kernel may just have replaced it
        return None

    def _holding(self, manifest: Manifest, sources: list[Source]) -> Holding:
        kind, scope, facts = manifest.type, manifest.scope, manifest.facts
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
            rooms=tuple(room for room in manifest.rooms or () if room is not None),
            sources=tuple(sources),
            _again=lambda: self.find(kind, scope),
            _set_aside=self._set_aside,
        )

    def _set_aside(self, problem: PartError) -> None:
        self.shelf.damaged(problem.path)
