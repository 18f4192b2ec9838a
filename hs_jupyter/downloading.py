"""One download: tables, recordings and a manifest in a folder, under pseudonyms if asked."""

from __future__ import annotations

from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.downloads import PSEUDONYMS, check_target, holds_pseudonyms, write_files, write_manifest
from hs_jupyter.errors import InputError
from hs_jupyter.pseudonyms import Pseudonymizer, Roster, sightings
from hs_jupyter.pseudonyms.key_file import key_path, read_key, write_key
from hs_jupyter.recording_files import FOLDER, Outcome, fetch_files, read_index, wanted_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from hs_jupyter.api.halt import Halt
    from hs_jupyter.catalog import DataType
    from hs_jupyter.pseudonyms import Person
    from hs_jupyter.recording_files import Stored, Wanted
    from hs_jupyter.recording_files.origins import Origin
    from hs_jupyter.recording_files.watch import OnFiles
    from hs_jupyter.scope import Scope

RECORDINGS, PARTICIPANTS = DATA_TYPES["recordings"], DATA_TYPES["participants"]
_NAMED = 3
"""So many recordings that did not come are named in a sentence; the manifest names all."""
_LOCK_SEC = 2.0
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
        self._key = key_path(self._folder) if pseudonyms else None
        self._roster = Roster(_known(self._key, self._folder) if self._key else ())
        self._hide: Pseudonymizer | None = None
        self._tables: dict[str, pa.Table] = {}
        self._wanted: list[Wanted] = []
        self._entries: dict[str, dict[str, Any]] = {}
        self._failed: dict[str, str] = {}
        self._missing: dict[tuple[str, str], str] = {}

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other downloads of this machine out of the folder.

        Raises
        ------
        InputError
            If one is under way there.
        """
        import platformdirs
        from filelock import FileLock, Timeout

        name = blake2b(str(self._folder.resolve()).encode("utf-8", "replace"), digest_size=12).hexdigest()
        place = Path(platformdirs.user_cache_dir("hs-jupyter", appauthor=False)) / "locks"
        lock = FileLock(place / f"{name}.lock", timeout=_LOCK_SEC, mode=0o600)
        try:
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            raise InputError(f"another download into {self._folder} is under way: wait for it") from None
        except (OSError, NotImplementedError):  # no such folder, or a file system without locks
            lock.release()
        try:
            yield
        finally:
            lock.release()

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
                self._roster.meet(sightings(tables))
                write_key(self._key, self._roster.people)
                self._hide = Pseudonymizer(self._roster)
                self._note_key(failed)
            self._tables = {name: self._hidden(name, tables[name]) for name in written}
            self._failed = {name: self._told(why) for name, why in failed.items()}
            if self._recordings and RECORDINGS.table in tables:
                self._wanted = wanted_of(tables[RECORDINGS.table], self._tables[RECORDINGS.table])
                if self._hide is not None:
                    self.alarms.append("recordings still show faces and voices, and what is said in them: "
                                      "pseudonyms are in tables and names of files alone")  # fmt: skip
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
        stored = {**read_index(self._files), **outcome.stored}
        self._missing = {
            one.key: self._told(outcome.missing.get(one.key, "it did not come: download again"))
            for one in self._wanted
            if one.key in outcome.missing or one.key not in stored
        }
        came = {one.key: stored[one.key] for one in self._wanted if one.key not in self._missing}
        table = self._tables[RECORDINGS.table]
        files = [f"{FOLDER}/{came[one.key].name}" if one.key in came else None for one in self._wanted]
        reasons = [self._missing.get(one.key) for one in self._wanted]
        table = _with(_with(table, "file", files), "missing_because", reasons)
        with self._writing():
            self._write(
                {RECORDINGS.table: table},
                [_entry(one, came[one.key]) for one in self._wanted if one.key in came],
            )
        if self._missing:
            self.alarms.append(_sentence(self._missing, len(self._wanted)))

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
            facts["recordings_missing"] = [
                {"roomId": room, "recordingId": recording, "reason": why}
                for (room, recording), why in self._missing.items()
            ]
        write_manifest(self._folder, list(self._entries.values()), facts)

    def _hidden(self, name: str, table: pa.Table) -> pa.Table:
        return table if self._hide is None else self._hide.table(name, table)

    def _told(self, value: Any) -> Any:
        return value if self._hide is None else self._hide.plain(value)

    def _place(self, id_: str | None) -> str | None:
        return id_ if self._hide is None or id_ is None else self._hide.ids_in(id_)

    def _note_key(self, failed: Mapping[str, str]) -> None:
        count = len(self._roster.people)
        self.notes.append(f"{count} people have pseudonyms; who is who stands in {self._key}: do "
                          "not share that file with the folder")  # fmt: skip
        if PARTICIPANTS.table in failed:
            self.alarms.append("the list of participants could not be read, so that the name of somebody who "
                              "appears nowhere else may stay in a text")  # fmt: skip

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
    if not people and holds_pseudonyms(folder):
        raise InputError(
            f"{folder} holds files with pseudonyms, and their key {key} is gone: put it back, or choose another folder"
        )
    return people


def _entry(one: Wanted, stored: Stored) -> dict[str, Any]:
    return {
        "type": "recording",
        "roomId": one.shown_room,
        "recordingId": one.shown_id,
        "participantId": one.shown_participant,
        "file": f"{FOLDER}/{stored.name}",
        "bytes": stored.bytes,
        "sha256": stored.sha256,
        "complete": True,
        "fetched_at": stored.fetched_at,
    }


def _with(table: pa.Table, name: str, values: Sequence[str | None]) -> pa.Table:
    return table.append_column(pa.field(name, pa.string()), pa.array(values, pa.string()))


def _sentence(missing: Mapping[tuple[str, str], str], count: int) -> str:
    named = [f"{recording}: {why}" for (_, recording), why in [*missing.items()][:_NAMED]]
    more = f"; {len(missing) - _NAMED} more are in the manifest" if len(missing) > _NAMED else ""
    return f"{len(missing)} of {count} recordings did not come: {'; '.join(named)}{more}"
