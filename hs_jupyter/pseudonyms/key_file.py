"""The key: which pseudonym is whose. A private file beside the folder, never in it."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hs_jupyter.errors import InputError
from hs_jupyter.pseudonyms.roster import PSEUDONYM, SOMEBODY, Person

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEADER = ["pseudonym", "id", "name"]
_GUARDED = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
"""A cell that begins so is written with an apostrophe before it: no spreadsheet takes it for a formula."""
_MOST_BYTES = 100_000_000


def key_path(folder: Path) -> Path:
    """Return where the key of a folder is.

    Raises
    ------
    InputError
        If nothing can stand beside the folder.

    Examples
    --------
    >>> key_path(Path("/data/pair_01")).name
    'pair_01-pseudonyms.csv'
    """
    whole = folder.expanduser().resolve()
    if not whole.name:
        raise InputError(
            f"--to {folder} has no place beside it for the key of the pseudonyms: choose a folder"
        )
    return whole.with_name(f"{whole.name}-pseudonyms.csv")


def read_key(path: Path) -> tuple[Person, ...]:
    """Read who has which pseudonym already; nobody where there is no such file.

    Raises
    ------
    InputError
        If it is not such a file: then it is somebody else's, and is left alone.
    """
    try:
        with path.open("rb") as file:
            rows = list(
                csv.reader(io.StringIO(file.read(_MOST_BYTES).decode("utf-8-sig"), newline=""), strict=True)
            )
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, csv.Error):
        rows = []
    people: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    good = bool(rows) and rows[0] == _HEADER
    for row in rows[1:] if good else ():
        good = good and len(row) == len(_HEADER) and bool(PSEUDONYM.fullmatch(row[0])) and row[0] != SOMEBODY
        if not good:
            break
        ids, names = people.setdefault(row[0], ({}, {}))
        ids |= dict.fromkeys(filter(None, [_unguarded(row[1])]))
        names |= dict.fromkeys(filter(None, [_unguarded(row[2])]))
    every = [id_ for ids, _ in people.values() for id_ in ids]
    if not good or len(every) != len(set(every)):
        raise InputError(
            f"{path} is there already, and is no key of pseudonyms: move it, or choose another folder"
        )
    return tuple(Person(name, tuple(ids), tuple(names)) for name, (ids, names) in people.items())


def write_key(path: Path, people: Iterable[Person]) -> None:
    """Write the key, whole or not at all, readable by its owner alone.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    text = io.StringIO(newline="")
    out = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    out.writerow(_HEADER)
    for one in people:
        for row in range(max(len(one.ids), len(one.names), 1)):
            cells = (held[row] if row < len(held) else "" for held in (one.ids, one.names))
            out.writerow([one.pseudonym, *map(_guarded, cells)])
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.getvalue().encode("utf-8-sig"))
        Path(fresh).replace(path)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_GUARDED) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_GUARDED) else cell
