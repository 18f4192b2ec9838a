"""A file on its way: what came so far lies beside a note of what it belongs to, for whoever goes on."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Self

import orjson

from hs_jupyter.api.file_heads import Version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hs_jupyter.api.halt import Halt

FOLDER = ".parts"
_BLOCK = 1 << 20
_MOST_NOTE_BYTES = 100_000


@dataclass(frozen=True)
class Stored:
    """A whole file in its place.

    Attributes
    ----------
    name
        Of the file in its folder.
    bytes, sha256
        Of the whole file.
    modified_ns
        Its time when it was written: a file of this time and size need not be read to be known again.
    mark
        What the record said of the file then.
    fetched_at
        ISO 8601, UTC.
    """

    name: str
    bytes: int
    sha256: str
    modified_ns: int
    mark: Mapping[str, Any]
    fetched_at: str

    @classmethod
    def read(cls, plain: Any) -> Stored | None:
        """Read what was written down; None if it is not that."""
        kinds = {
            "name": str,
            "bytes": int,
            "sha256": str,
            "modified_ns": int,
            "mark": dict,
            "fetched_at": str,
        }
        if not isinstance(plain, dict) or not all(
            isinstance(plain.get(key), kind) for key, kind in kinds.items()
        ):
            return None
        return cls(**{key: plain[key] for key in kinds})

    def is_there(self, folder: Path, halt: Halt) -> bool:
        """Tell whether the file is in its place, and unchanged."""
        path = folder / self.name
        try:
            found = path.stat()
            if found.st_size != self.bytes:
                return False
            return found.st_mtime_ns == self.modified_ns or _sha256(path, halt) == self.sha256
        except OSError:
            return False


class Part:
    """One file on its way; a context manager that closes it.

    Parameters
    ----------
    folder
        Where the whole files go; the part lies in a folder of its own in it.
    name
        The part's own name.
    mark
        What the record says of the file: a part of another mark is of another file.

    Attributes
    ----------
    size : int
        Bytes that came.
    version : Version
        What they belong to; continued only if it has a condition.
    """

    def __init__(self, folder: Path, name: str, mark: Mapping[str, Any]) -> None:
        self.size = 0
        self.version = Version()
        self._folder = folder
        self._path = folder / FOLDER / f"{name}.part"
        self._note = folder / FOLDER / f"{name}.json"
        self._mark = dict(mark)
        self._digest = hashlib.sha256()
        self._file: BinaryIO | None = None
        self._ended = False

    @property
    def is_whole(self) -> bool:
        """Whether everything came; where nobody announces a length, whether an answer ended well."""
        return self._ended if self.version.size is None else self.size == self.version.size

    @property
    def sha256(self) -> str:
        """Of what came."""
        return self._digest.hexdigest()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def stored(self) -> Stored | None:
        """Return the whole file that an earlier download put in its place, and could not report."""
        return Stored.read(self._read_note().get("stored"))

    def take_up(self, halt: Halt) -> None:
        """Go on with what an earlier download left, if it is of this file."""
        note = self._read_note()
        version = _version(note.get("version"))
        if note.get("mark") != self._mark or version is None or not version.condition:
            return
        try:
            self._file = self._path.open("r+b")
        except OSError:
            return
        while block := self._file.read(_BLOCK):
            halt.check()
            self._digest.update(block)
            self.size += len(block)
        self.version = version
        if version.size is not None and self.size > version.size:
            self.begin(Version())

    def begin(self, version: Version) -> None:
        """Begin anew, with bytes of this version."""
        if self._file is None:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = open(self._path, "w+b", opener=_private)  # noqa: SIM115 - the mode; see `__exit__`
        self._file.seek(0)
        self._file.truncate()  # before the note: bytes are never taken for those of another version
        self.size, self.version, self._digest = 0, version, hashlib.sha256()
        self._ended = False
        self._write_note(version=asdict(version))

    def add(self, piece: bytes) -> None:
        """Add bytes."""
        if self._file is None:
            raise ValueError("a part has begun before bytes are added")
        self._file.write(piece)
        self._digest.update(piece)
        self.size += len(piece)

    def ended(self) -> None:
        """Take note that an answer came to its end."""
        self._ended = True

    def finish(self, name: str) -> Stored:
        """Put the whole file in its place."""
        if self._file is None:
            self.begin(self.version)
        file, self._file = self._file, None
        if file is not None:
            file.flush()
            with suppress(OSError):  # a file system that cannot
                os.fsync(file.fileno())
            file.close()
        stored = Stored(
            name,
            self.size,
            self.sha256,
            self._path.stat().st_mtime_ns,
            self._mark,
            datetime.now(UTC).isoformat(timespec="seconds"),
        )
        self._write_note(version=asdict(self.version), stored=asdict(stored))
        self._path.replace(self._folder / name)
        return stored

    def forget(self) -> None:
        """Remove the note of a file that was reported."""
        for path in (self._path, self._note):
            path.unlink(missing_ok=True)

    def _read_note(self) -> dict[str, Any]:
        try:
            with self._note.open("rb") as file:
                held = orjson.loads(file.read(_MOST_NOTE_BYTES))
        except (OSError, ValueError):
            return {}
        return held if isinstance(held, dict) else {}

    def _write_note(self, **note: Any) -> None:
        write_whole(self._note, orjson.dumps({"mark": self._mark, **note}))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that appears whole or not at all."""
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(fresh).replace(path)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise


def _version(plain: Any) -> Version | None:
    held = plain if isinstance(plain, dict) else {}
    tag, modified, size = (held.get(key) for key in ("tag", "modified", "size"))
    if isinstance(tag, str) and isinstance(modified, str) and isinstance(size, int | None):
        return Version(tag, modified, size)
    return None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sha256(path: Path, halt: Halt) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            halt.check()
            digest.update(block)
    return digest.hexdigest()
