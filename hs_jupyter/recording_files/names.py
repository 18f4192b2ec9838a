"""Names of recordings' files: readable, and safe wherever IDs come from. Pure functions."""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b
from itertools import chain, count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hs_jupyter.recording_files.wanted import Wanted

FOLDER = "recordings"
MOST_BYTES = 130
"""Of a whole name in UTF-8: far below what any file system takes, with room for the folder before it."""
_MOST_OF_PARTICIPANT, _MOST_OF_ID = 60, 40

_EXTENSIONS = {
    "3gp", "aac", "avi", "flac", "m4a", "m4v", "mka", "mkv", "mov", "mp3", "mp4", "mpeg", "mpg", "oga", "ogg", "ogv",
    "opus", "ts", "wav", "webm",
}  # fmt: skip
"""What opens in a player; any other is written as ``.bin``, so that nothing starts a program."""
_USUAL = {"audio": "webm", "video": "mp4"}
_UNSAFE = re.compile(r"[^\w\-]")
_SAFE_NAME = re.compile(r"[\w\-]+_(?:audio|video)_[\w\-]*\.[a-z0-9]{2,4}")


def file_names(wanted: Iterable[Wanted], held: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    """Name the file of every recording: ``{participant}_{type}_{recording}.{format}``.

    A name that had to be changed or shortened, or that another one is like (in another case, say),
    gets a few characters of its own.

    Parameters
    ----------
    wanted
        The recordings.
    held
        Names that recordings have already, by key: they keep them.

    Returns
    -------
    dict
        The name by the recording's key.
    """
    names = {key: name for key, name in held.items() if is_safe(name)}
    taken = {_alike(name) for name in names.values()}
    found: dict[tuple[str, str], str] = {}
    for one in wanted:
        extension = _extension(one)
        name = names.get(one.key, "")
        if not name.endswith(f".{extension}"):
            stem, exact = _stem(one)
            marks = chain([""] if exact else [], _own_marks(one))
            tries = (f"{stem}{mark}.{extension}" for mark in marks)
            name = next(name for name in tries if _alike(name) not in taken)
            taken.add(_alike(name))
        found[one.key] = name
    return found


def is_safe(name: str) -> bool:
    """Tell whether a name is one of ours: it stays in its folder on every system.

    Examples
    --------
    >>> [is_safe(one) for one in ("p1_video_EG_1.mp4", "../p1_video_EG_1.mp4", "nul.mp4", ".mp4")]
    [True, False, False, False]
    """
    return bool(_SAFE_NAME.fullmatch(name)) and name[0] != "-" and len(name.encode()) <= MOST_BYTES


def part_name(key: tuple[str, str]) -> str:
    """Name what is kept of a recording on its way: the same whatever its file will be called."""
    return blake2b("\0".join(key).encode("utf-8", "replace"), digest_size=12).hexdigest()


def _stem(one: Wanted) -> tuple[str, bool]:
    """Return the name without extension, and whether it tells the IDs exactly."""
    participant = _part(one.shown_participant, _MOST_OF_PARTICIPANT).lstrip("-") or "unknown"
    recording = _part(one.shown_id, _MOST_OF_ID)
    exact = (participant, recording) == (one.shown_participant or "unknown", one.shown_id)
    return f"{participant}_{one.kind}_{recording}", exact


def _part(text: str, most_bytes: int) -> str:
    safe = _UNSAFE.sub("_", unicodedata.normalize("NFC", text))
    return safe.encode()[:most_bytes].decode("utf-8", "ignore")


def _own_marks(one: Wanted) -> Iterator[str]:
    """Yield what tells this recording's name apart, as long as nobody takes one."""
    whole = "\0".join((*one.key, one.shown_participant)).encode("utf-8", "replace")
    mark = blake2b(whole, digest_size=4).hexdigest()
    yield f"-{mark}"
    yield from (f"-{mark}-{number}" for number in count(2))


def _extension(one: Wanted) -> str:
    asked = one.format.strip().lower().removeprefix(".")
    if not asked:
        return _USUAL.get(one.kind, "bin")
    return asked if asked in _EXTENSIONS else "bin"


def _alike(name: str) -> str:
    """Return what names have in common that some file system takes for one."""
    return unicodedata.normalize("NFKD", name).casefold()
