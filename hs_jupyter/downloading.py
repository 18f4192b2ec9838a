"""One download: tables, recordings and a manifest in a folder, under pseudonyms if asked."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.downloads import (
    PSEUDONYMS,
    alone_in,
    check_target,
    holds_pseudonyms,
    write_files,
    write_manifest,
)
from hs_jupyter.errors import InputError
from hs_jupyter.pseudonyms import Pseudonymizer, Roster, sightings
from hs_jupyter.pseudonyms.key_file import key_path, read_key, write_key
from hs_jupyter.recording_files import FOLDER, Outcome, fetch_files, read_index, wanted_of
from hs_jupyter.recording_files.report import report_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from hs_jupyter.api.halt import Halt
    from hs_jupyter.catalog import DataType
    from hs_jupyter.pseudonyms import Person
    from hs_jupyter.recording_files import Wanted
    from hs_jupyter.recording_files.origins import Origin
    from hs_jupyter.recording_files.watch import OnFiles
    from hs_jupyter.scope import Scope

RECORDINGS, PARTICIPANTS = DATA_TYPES["recordings"], DATA_TYPES["participants"]
_STILL_SHOWN = (
    "recordings still show faces and voices, and what is said in them: pseudonyms are in tables and in names "
    "of files alone"
)
_COLUMNS = {"type": pa.string(), "file": pa.string(), "rows": pa.int64(), "bytes": pa.int64(),
            "sha256": pa.string(), "complete": pa.bool_()}  # fmt: skip


class Download:
    """A folder that tables, and maybe recordings, are written to.

    Parameters
    ----------
    scope
        What is downloaded.
    folder
        Where to.
    format_
        Of the tables' files.
    kinds
        Data types.
    recordings
        The recordings' files, too; their table is then one of those written.
    pseudonyms
        P001, P002... for IDs and names.

    Attributes
    ----------
    kinds : list of DataType
        The types to be written.
    notes, alarms : list of str
        Sentences that should be said, and those that must be.

    Raises
    ------
    InputError
        If the folder cannot be the one, before anything is fetched.
    """

    def __init__(
        self,
        scope: Scope,
        folder: Path,
        format_: str,
        kinds: Sequence[DataType],
        *,
        recordings: bool = False,
        pseudonyms: bool = False,
    ) -> None:
        everything = [*kinds, *([RECORDINGS] if recordings else [])]
        self.kinds = list({one.name: one for one in everything}.values())
        self.notes: list[str] = []
        self.alarms: list[str] = []
        self._scope = scope
        self._format = format_
        self._recordings = recordings
        tables = [one.table for one in self.kinds]
        self._folder = check_target(folder, format_, tables, pseudonyms=pseudonyms)
        self._files = self._folder / FOLDER
        if recordings and self._files.exists() and not self._files.is_dir():
            raise InputError(f"{self._files} is a file, not a folder: choose another folder")
        if pseudonyms and read_index(self._files) and not holds_pseudonyms(self._folder):
            raise InputError(f"{self._files} holds recordings of earlier downloads: choose another folder")
        self._key = key_path(self._folder) if pseudonyms else None
        self._roster = Roster(_known(self._key, self._folder) if self._key else ())
        self._hide: Pseudonymizer | None = None
        self._tables: dict[str, pa.Table] = {}
        self._wanted: list[Wanted] = []
        self._entries: dict[str, dict[str, Any]] = {}
        self._failed: dict[str, str] = {}
        self._missing: list[dict[str, str]] = []

    def alone(self) -> AbstractContextManager[None]:
        """Keep other downloads of this machine out of the folder while a block runs."""
        return alone_in(self._folder)

    def write(self, tables: Mapping[str, pa.Table], failed: Mapping[str, str]) -> None:
        """Write tables and manifest; under pseudonyms the key comes first.

        Parameters
        ----------
        tables
            By table name; under pseudonyms also those that are not written, for the people in them.
        failed
            Why others did not come.
        """
        written = [one.table for one in self.kinds if one.table in tables]
        with self._writing():
            if self._key is not None:
                self._take_names(self._key, tables, failed)
            self._tables = {name: self._hidden(name, tables[name]) for name in written}
            self._failed = {name: self._told(why) for name, why in failed.items()}
            if self._recordings and RECORDINGS.table in tables:
                self._wanted = wanted_of(tables[RECORDINGS.table], self._tables[RECORDINGS.table])
                if self._hide is not None:
                    self.alarms.append(_STILL_SHOWN)
            self._write({name: table for name, table in self._tables.items() if not self._is_list(name)})

    def fetch_recordings(self, origin: Callable[[Halt], Origin], on_files: OnFiles | None = None) -> None:
        """Fetch the recordings' files, and write their table, which then names them.

        An interrupt leaves table and manifest with what came.
        """
        outcome = Outcome()
        try:
            with self._writing():
                outcome = fetch_files(self._wanted, self._files, origin, on_files)
        finally:
            self._report(outcome)

    def report_no_recordings(self, why: str) -> None:
        """Write the recordings' table without files, for this reason."""
        self._report(Outcome(missing={one.key: why for one in self._wanted}))

    def manifest(self) -> pa.Table:
        """Return one row per file: ``type``, ``file``, ``rows``, ``bytes``, ``sha256``, ``complete``."""
        rows = [self._entries[name] for name in self._entries]
        return pa.table(
            {name: pa.array([one.get(name) for one in rows], kind) for name, kind in _COLUMNS.items()}
        )

    def _report(self, outcome: Outcome) -> None:
        report = report_of(self._wanted, outcome, read_index(self._files), self._told)
        self._missing = report.missing
        table = report.named_in(self._tables[RECORDINGS.table])
        with self._writing():
            self._write({RECORDINGS.table: table}, report.entries)
        if self._missing:
            self.alarms.append(report.sentence)

    def _is_list(self, name: str) -> bool:
        """Tell whether a table waits for the recordings' files, which it names."""
        return self._recordings and name == RECORDINGS.table

    def _write(self, tables: Mapping[str, pa.Table], files: Sequence[Mapping[str, Any]] = ()) -> None:
        for entry in write_files(tables, self._folder, self._format):
            self._entries[entry["file"]] = entry
        self._entries |= {one["file"]: dict(one) for one in files}
        facts: dict[str, Any] = {
            "scope": {
                "kind": self._scope.kind,
                "id": self._place(self._scope.id),
                "room": self._place(self._scope.room),
            },
            PSEUDONYMS: self._key is not None,
            "failed": self._failed,
        }
        if self._recordings:
            facts["recordings_missing"] = self._missing
        write_manifest(self._folder, list(self._entries.values()), facts)

    def _hidden(self, name: str, table: pa.Table) -> pa.Table:
        return table if self._hide is None else self._hide.table(name, table)

    def _told(self, value: Any) -> Any:
        return value if self._hide is None else self._hide.plain(value)

    def _place(self, id_: str | None) -> str | None:
        return id_ if self._hide is None or id_ is None else self._hide.ids_in(id_)

    def _take_names(self, key: Path, tables: Mapping[str, pa.Table], failed: Mapping[str, str]) -> None:
        self._roster.meet(sightings(tables))
        try:
            write_key(key, self._roster.people)
        except OSError as problem:
            raise InputError(f"{key} cannot be written: {problem.strerror or problem}") from None
        self._hide = Pseudonymizer(self._roster)
        count = len(self._roster.people)
        self.notes.append(
            f"{count} people have pseudonyms; who is who stands in {key}: do not share that file with the folder"
        )
        if PARTICIPANTS.table in failed:
            self.alarms.append(
                "the list of participants could not be read, so that the name of somebody who appears nowhere "
                "else may stay in a text"
            )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as problem:
            raise InputError(f"{self._folder} cannot be written: {problem.strerror or problem}") from None


def _known(key: Path, folder: Path) -> tuple[Person, ...]:
    """Read who has a pseudonym already, and see that the key can stand where it does."""
    if key.resolve().is_relative_to(folder.resolve()) or holds_pseudonyms(key.parent):
        raise InputError(f"the key of the pseudonyms would be in a download, at {key}: choose another folder")
    people = read_key(key)
    if not key.exists() and holds_pseudonyms(folder):
        raise InputError(
            f"{folder} holds files with pseudonyms, and their key {key} is gone: put it back, or choose another folder"
        )
    return people
