"""What is held of a scope is removed; a participant from wherever their ID appears."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hs_jupyter.errors import DamagedError, StoreError
from hs_jupyter.storage.disk import remove
from hs_jupyter.storage.journal import journals
from hs_jupyter.storage.manifest import NAME
from hs_jupyter.storage.names import hive_names
from hs_jupyter.storage.sealed import unseal
from hs_jupyter.storage.segments import read_segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from hs_jupyter.scope import Scope
    from hs_jupyter.storage.journal import Leftover
    from hs_jupyter.storage.manifest import Manifest
    from hs_jupyter.storage.shelf import Shelf


@dataclass
class Cleared:
    """What was removed.

    Attributes
    ----------
    holdings, journals, records
        How many.
    bytes
        Room made on the disk.
    busy
        Fetches that other kernels are busy with: they were left.
    """

    holdings: int = 0
    journals: int = 0
    records: int = 0
    bytes: int = 0
    busy: int = 0


class _Matches(Protocol):
    """Says what belongs to what is cleared; of what cannot be read, that it does."""

    def holding(self, folder: Path, manifest: Manifest | None, files: list[Path]) -> bool: ...

    def journal(self, journal: Leftover) -> bool: ...

    def record(self, path: Path) -> bool: ...


def clear(shelf: Shelf, scope: Scope | None) -> Cleared:
    """Remove what is held of a scope.

    Parameters
    ----------
    scope
        None for everything. Of a participant: every holding, list, record and journal in which their ID
        appears in any text, whatever the room.

    Raises
    ------
    StoreError
        If this tree is read-only.
    """
    if shelf.read_only:
        raise StoreError(f"{shelf.root} is open for reading only")
    matches: _Matches = _Everything() if scope is None else _Part(scope)
    if scope is not None and scope.kind == "participant":
        matches = _Person(scope.id)
    cleared = Cleared()
    for folder in list(_holding_folders(shelf)):
        files = shelf.files(folder)
        if not files:
            continue
        manifest = shelf.manifest(folder)
        if matches.holding(folder, manifest, files):
            cleared.bytes += sum(map(_size, files))
            cleared.holdings += manifest is not None
            shelf.drop(folder)
    for journal in journals(shelf.root):
        if matches.journal(journal):
            removed = journal.remove()
            cleared.journals += removed is not None
            cleared.busy += removed is None
            cleared.bytes += removed or 0
    for path in _files(shelf.root / "records"):
        if matches.record(path):
            cleared.bytes += _size(path)
            cleared.records += remove(path)
    return cleared


class _Everything:
    def holding(self, folder: Path, manifest: Manifest | None, files: list[Path]) -> bool:
        return True

    def journal(self, journal: Leftover) -> bool:
        return True

    def record(self, path: Path) -> bool:
        return True


class _Part:
    """An experiment, a room, or a list."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._names = set(hive_names(scope.kind, scope.id)) if scope.id else {scope.kind}

    def holding(self, folder: Path, manifest: Manifest | None, files: list[Path]) -> bool:
        if manifest is None:
            return not self._names.isdisjoint((folder.name, folder.parent.name))
        if self._scope.kind == "experiment" and manifest.experiment == self._scope.id:
            return True
        return self._is(manifest.scope.kind, manifest.scope.id, manifest.scope.room)

    def journal(self, journal: Leftover) -> bool:
        asked = journal.scope
        if asked is None or self._is(asked.kind, asked.id, asked.room):
            return True
        return self._scope.kind == "experiment" and self._scope.id in journal.experiments()

    def record(self, path: Path) -> bool:
        return path.stem in self._names

    def _is(self, kind: str, id_: str, room: str | None) -> bool:
        if self._scope.kind == "room" and room == self._scope.id:
            return True
        return (kind, id_) == (self._scope.kind, self._scope.id)


class _Person:
    """A participant: whatever holds their ID."""

    def __init__(self, id_: str) -> None:
        self._spellings = {id_, orjson.dumps(id_).decode()[1:-1]}

    def holding(self, folder: Path, manifest: Manifest | None, files: list[Path]) -> bool:
        return any(self._in_file(path) for path in files)

    def journal(self, journal: Leftover) -> bool:
        try:
            if journal.scope is None or self._in_json(journal.request):
                return True
            return any(
                self._in_table(read_segment(one.path)) or self._in_json(one.state)
                for one in journal.segments()
            )
        except DamagedError:
            return True

    def record(self, path: Path) -> bool:
        return self._in_file(path)

    def _in_file(self, path: Path) -> bool:
        try:
            if path.suffix == ".json" or path.name == NAME:
                return self._in_json(unseal(path.read_bytes()))
            with pq.ParquetFile(path) as file:
                texts = [field.name for field in file.schema_arrow if pa.types.is_string(field.type)]
                return any(self._in_table(pa.table(batch)) for batch in file.iter_batches(columns=texts))
        except (OSError, ValueError, pa.ArrowException):
            return True

    def _in_table(self, table: pa.Table) -> bool:
        return any(
            pc.any(pc.match_substring(table[field.name], spelling)).as_py()
            for field in table.schema
            if pa.types.is_string(field.type)
            for spelling in self._spellings
        )

    def _in_json(self, value: Any) -> bool:
        return any(spelling in text for text in _texts(value) for spelling in self._spellings)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


def _holding_folders(shelf: Shelf) -> Iterator[Path]:
    for top in ("lists", "data"):
        for table in shelf.folders(shelf.root / top):
            for folder in shelf.folders(table):
                yield from shelf.folders(folder, "room=")
                yield folder


def _files(folder: Path) -> Iterable[Path]:
    try:
        return [path for path in folder.iterdir() if path.is_file()]
    except OSError:
        return []


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
