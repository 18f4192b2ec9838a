"""What is held of a scope is removed; a participant from wherever their ID appears."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hs_jupyter.errors import DamagedError
from hs_jupyter.storage.disk import ASIDE, TEMPORARY, age_sec, remove
from hs_jupyter.storage.leftovers import journals
from hs_jupyter.storage.manifest import NAME
from hs_jupyter.storage.names import hive_names, list_names
from hs_jupyter.storage.records import FOLDER
from hs_jupyter.storage.sealed import unseal
from hs_jupyter.storage.segments import read_segment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from hs_jupyter.scope import Scope
    from hs_jupyter.storage.leftovers import Leftover
    from hs_jupyter.storage.shelf import Shelf

_ABANDONED_SEC = 600.0
"""Age at which a file that somebody began to write is cleared with the rest."""


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
    left
        What the disk does not let go.
    """

    holdings: int = 0
    journals: int = 0
    records: int = 0
    bytes: int = 0
    busy: int = 0
    left: int = 0


@dataclass(frozen=True)
class _Thing:
    """Something that may be removed.

    Attributes
    ----------
    scope
        Whose it is; None where that cannot be read.
    experiments
        The experiments it is known to be of.
    names
        Names of folders or files that say whose it is.
    contents
        Yields all that is in it, tables and JSON values; fails where that cannot be read.
    remove
        Removes it, and returns its bytes; None where a fetch is busy with it. Fails where the disk does.
    """

    what: Literal["holdings", "journals", "records"]
    scope: Scope | None
    experiments: set[str | None]
    names: set[str]
    contents: Callable[[], Iterator[Any]]
    remove: Callable[[], int | None]


def clear(shelf: Shelf, scope: Scope | None) -> Cleared:
    """Remove what is held of a scope.

    Parameters
    ----------
    scope
        None for everything. Of a participant: every holding, list, record and journal in which their ID
        appears in any text, whatever the room; what cannot be read may hold it, too.

    Raises
    ------
    StoreError
        If this tree is read-only.
    """
    shelf.check_writable()
    cleared = Cleared()
    if scope is None or scope.kind == "participant":
        _sweep(shelf)
    for thing in [*_holdings(shelf), *map(_journal, journals(shelf.root)), *_records(shelf)]:
        if scope is None or (
            _names(thing, scope.id) if scope.kind == "participant" else _is_of(thing, scope)
        ):
            _remove(thing, cleared)
    return cleared


def _remove(thing: _Thing, cleared: Cleared) -> None:
    try:
        freed = thing.remove()
    except OSError:
        cleared.left += 1
        return
    if freed is None:
        cleared.busy += 1
        return
    cleared.bytes += freed
    setattr(cleared, thing.what, getattr(cleared, thing.what) + 1)


def _is_of(thing: _Thing, scope: Scope) -> bool:
    """Whether something is an experiment's, a room's, a list's."""
    if scope.kind == "experiment" and scope.id in thing.experiments:
        return True
    if thing.scope is None or thing.what == "records":
        return not thing.names.isdisjoint({*hive_names(scope.kind, scope.id), *list_names(scope)})
    if scope.kind == "room" and thing.scope.room_id == scope.id:
        return True
    return (thing.scope.kind, thing.scope.id) == (scope.kind, scope.id)


def _names(thing: _Thing, id_: str) -> bool:
    """Whether an ID appears in any text of it."""
    spellings = {id_, orjson.dumps(id_).decode()[1:-1]}
    try:
        return any(
            _in_table(one, spellings) if isinstance(one, pa.Table) else _in_json(one, spellings)
            for one in thing.contents()
        )
    except (OSError, ValueError, DamagedError, pa.ArrowException):
        return True


def _in_table(table: pa.Table, spellings: set[str]) -> bool:
    texts = [column for column in table.columns if pa.types.is_string(column.type)]
    return any(
        pc.any(pc.match_substring(column, spelling)).as_py() for column in texts for spelling in spellings
    )


def _in_json(value: Any, spellings: set[str]) -> bool:
    if isinstance(value, str):
        return any(spelling in value for spelling in spellings)
    if isinstance(value, dict):
        return any(_in_json(one, spellings) for pair in value.items() for one in pair)
    if isinstance(value, list | tuple):
        return any(_in_json(one, spellings) for one in value)
    return False


def _holdings(shelf: Shelf) -> Iterator[_Thing]:
    for folder in list(shelf.holding_folders()):
        if files := shelf.files(folder):
            yield _holding(shelf, folder, files)


def _holding(shelf: Shelf, folder: Path, files: list[Path]) -> _Thing:
    manifest = shelf.manifest(folder)

    def contents() -> Iterator[Any]:
        for path in files:
            if path.name == NAME:
                yield unseal(path.read_bytes())
            elif path.suffix == ".parquet":
                with pq.ParquetFile(path) as file:
                    texts = [field.name for field in file.schema_arrow if pa.types.is_string(field.type)]
                    yield from (pa.table(batch) for batch in file.iter_batches(columns=texts))

    def purge() -> int:
        size = sum(path.stat().st_size for path in files)
        shelf.purge(folder)
        return size

    return _Thing(
        what="holdings",
        scope=manifest.scope if manifest else None,
        experiments={manifest.experiment} if manifest else set(),
        names={folder.name, folder.parent.name},
        contents=contents,
        remove=purge,
    )


def _journal(journal: Leftover) -> _Thing:
    def contents() -> Iterator[Any]:
        yield unseal(journal.head.read_bytes())
        for segment in journal.segments():
            yield segment.state
            yield read_segment(segment.path)

    return _Thing(
        what="journals",
        scope=journal.scope,
        experiments=journal.experiments(),
        names=set(),
        contents=contents,
        remove=journal.remove,
    )


def _records(shelf: Shelf) -> Iterator[_Thing]:
    with suppress(OSError):
        for path in sorted((shelf.root / FOLDER).iterdir()):
            if path.suffix == ".json":
                yield _record(path)


def _record(path: Path) -> _Thing:
    def remove_it() -> int:
        size = path.stat().st_size
        path.unlink()
        return size

    return _Thing("records", None, set(), {path.stem}, lambda: iter([unseal(path.read_bytes())]), remove_it)


def _sweep(shelf: Shelf) -> None:
    """Remove what was set aside, and what nobody goes on writing."""
    for folder in [shelf.root, shelf.root / FOLDER, *shelf.holding_folders()]:
        for path in shelf.files(folder):
            left = path.name.startswith(TEMPORARY) and age_sec(path) > _ABANDONED_SEC
            if left or path.name.startswith(ASIDE):
                remove(path)
