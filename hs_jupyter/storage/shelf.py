"""The folders of one tree: manifests read, replaced, and what they no longer name removed."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hs_jupyter.errors import StoreError
from hs_jupyter.storage.disk import age_sec, locked, make_folder, patiently, remove, set_aside, write_file
from hs_jupyter.storage.manifest import NAME, ForeignError, Manifest, load_manifest
from hs_jupyter.storage.names import hive_names, list_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from hs_jupyter.catalog import DataType
    from hs_jupyter.scope import Scope

LOCK = "_lock"
LEFTOVER_SEC = 24 * 3600.0
"""Age at which a file that no manifest names is nobody's any more: its writer was killed."""
_OURS = re.compile(r"_manifest\.json|part-[0-9a-f]{16}\.parquet|_(tmp|damaged)-[0-9a-f]{16}")
_MOST_REMEMBERED = 8192
_Signature = tuple[int, int, int]
_seen: dict[str, tuple[_Signature, Manifest]] = {}
"""Manifests read by this process, by path: a file that changed has another signature."""


@dataclass
class Shelf:
    """One tree of holdings: a space of the store, or a mirror.

    Attributes
    ----------
    private
        Only the owner may read what is written.
    read_only
        Nothing is written, nor set aside.
    notes
        Sentences about what was found damaged.
    """

    root: Path
    private: bool = True
    read_only: bool = False
    notes: list[str] = field(default_factory=list)

    def manifest(self, folder: Path) -> Manifest | None:
        """Read a folder's manifest; None if there is none, or it is damaged and so set aside."""
        path = folder / NAME
        try:
            with patiently(lambda: path.open("rb")) as file:
                signature = _signature(os.fstat(file.fileno()))
                held = _seen.get(str(path))
                if held is not None and held[0] == signature:
                    return held[1]
                manifest = load_manifest(file.read())
        except (OSError, ForeignError):
            return None
        except ValueError:
            self.damaged(path)
            return None
        if len(_seen) >= _MOST_REMEMBERED:
            _seen.clear()
        _seen[str(path)] = (signature, manifest)
        return manifest

    def is_there(self, folder: Path, manifest: Manifest) -> bool:
        """Whether its parts are there; one that lost its size is set aside."""
        for part in manifest.parts:
            try:
                size = (folder / part.name).stat().st_size
            except OSError:
                return False
            if size != part.bytes:
                self.damaged(folder / part.name)
                return False
        return True

    def damaged(self, path: Path) -> None:
        """Set a damaged file aside, and remember to say so."""
        self.notes.append(f"{path.relative_to(self.root)} is damaged")
        if not self.read_only:
            set_aside(path)

    def table_folder(self, data_type: DataType) -> Path:
        """Return the folder of a table's experiments."""
        return self.root / "data" / data_type.table

    def list_folder(self, data_type: DataType, scope: Scope) -> Path:
        """Return the folder of a holding that is no room's of an experiment."""
        parent = self.root / "lists" / data_type.table
        return self._of(parent, list_names(scope), lambda held: held.scope == scope)

    def experiment_folder(self, data_type: DataType, experiment: str | None) -> Path:
        """Return the folder of an experiment's rooms."""
        names = hive_names("experiment", experiment)
        return self._of(self.table_folder(data_type), names, lambda held: held.experiment == experiment)

    def room_folder(self, experiment_folder: Path, scope: Scope) -> Path:
        """Return the folder of a room in its experiment's; of an experiment, that of rows without room."""
        names = hive_names("room", scope.room_id)
        return self._of(experiment_folder, names, lambda held: held.scope == scope)

    def own_room_folder(self, experiment_folder: Path, scope: Scope, taken: set[tuple[int, int]]) -> Path:
        """Make the folder of a room; another one where the disk takes its name for one that is taken."""
        folders = [self.room_folder(experiment_folder, scope)]
        folders.append(experiment_folder / hive_names("room", scope.room_id)[-1])
        for folder in folders:
            make_folder(folder, private=self.private)
            seen = folder.stat()
            if (seen.st_dev, seen.st_ino) not in taken:
                break
        taken.add((seen.st_dev, seen.st_ino))
        return folder

    def lock(self) -> AbstractContextManager[None]:
        """Keep other writers of this tree out for the moment in which manifests are replaced."""
        return locked(self.root / LOCK)

    def check_writable(self) -> None:
        """Refuse to write where only reading was meant.

        Raises
        ------
        StoreError
            If this tree is read-only.
        """
        if self.read_only:
            raise StoreError(f"{self.root} is open for reading only")

    def put(self, folder: Path, manifest: Manifest) -> None:
        """Replace a folder's manifest, then remove the parts that the old one named."""
        before = self.manifest(folder)
        write_file(folder / NAME, manifest.dump(), private=self.private)
        named = {part.name for part in manifest.parts}
        for part in before.parts if before else ():
            if part.name not in named:
                remove(folder / part.name)
        self.tidy(folder, named)

    def drop(self, folder: Path) -> None:
        """Remove a holding: its manifest first, so that nothing is named that is not there."""
        held = self.manifest(folder)
        remove(folder / NAME)
        for part in held.parts if held else ():
            remove(folder / part.name)
        self.tidy(folder, ())

    def tidy(self, folder: Path, named: Iterable[str]) -> None:
        """Collect what killed writers left long ago, and what was set aside; then the folder, if empty."""
        if self.read_only:
            return
        kept = {NAME, *named}
        for path in self.files(folder):
            if path.name not in kept and age_sec(path) > LEFTOVER_SEC:
                remove(path)
        self.remove_empty(folder)

    def purge(self, folder: Path) -> None:
        """Remove all files of this package in a folder, its manifest first.

        Raises
        ------
        OSError
            If one cannot be removed.
        """
        for path in sorted(self.files(folder), key=lambda path: path.name != NAME):
            path.unlink(missing_ok=True)
        self.remove_empty(folder)

    def files(self, folder: Path) -> list[Path]:
        """List the files of this package in a folder; others are nobody's business."""
        try:
            with os.scandir(folder) as entries:
                return [folder / one.name for one in entries if _OURS.fullmatch(one.name) and one.is_file()]
        except OSError:
            return []

    def folders(self, folder: Path, beginning: str = "") -> Iterator[Path]:
        """Yield the folders in a folder, by name."""
        try:
            with os.scandir(folder) as entries:
                names = sorted(one.name for one in entries if one.name.startswith(beginning) and one.is_dir())
        except OSError:
            return
        yield from (folder / name for name in names)

    def holding_folders(self) -> Iterator[Path]:
        """Yield every folder that may hold something; rooms before their experiment."""
        for top in ("lists", "data"):
            for table in self.folders(self.root / top):
                for folder in self.folders(table):
                    yield from self.folders(folder, "room=")
                    yield folder

    def remove_empty(self, folder: Path) -> None:
        """Remove a folder, and those above it, as long as nothing is in them."""
        while folder != self.root:
            try:
                folder.rmdir()
            except OSError:
                return
            folder = folder.parent

    def _of(self, parent: Path, names: tuple[str, ...], is_its: Callable[[Manifest], bool]) -> Path:
        """Choose the first folder that is not somebody else's."""
        for name in names[:-1]:
            held = self.manifest(parent / name)
            if held is None or is_its(held):
                return parent / name
        return parent / names[-1]


def _signature(seen: os.stat_result) -> _Signature:
    return seen.st_mtime_ns, seen.st_size, seen.st_ino
