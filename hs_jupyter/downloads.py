"""Tables become files: CSV, Parquet or JSON, with a manifest of counts and checksums."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from hs_jupyter.errors import InputError, did_you_mean
from hs_jupyter.tables.facts import facts_of
from hs_jupyter.tables.output import hand_over, to_pandas, to_records
from hs_jupyter.tables.values import is_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import pandas as pd
    import pyarrow as pa


MANIFEST = "manifest.json"
PSEUDONYMS = "pseudonyms"
"""The manifest's word for whether its files have pseudonyms."""

_LOCK_SEC = 2.0
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def check_target(folder: Path, format_: str, tables: Sequence[str], *, pseudonyms: bool = False) -> Path:
    """Check format and folder before anything is fetched.

    Raises
    ------
    InputError
        For an unknown format, a folder whose files are somebody else's, or one whose files have IDs and
        names where these have pseudonyms, or the other way round.
    """
    if format_ not in _WRITERS:
        raise InputError(
            f"--format is {', '.join(_WRITERS)}, not '{format_}'{did_you_mean(format_, _WRITERS)}"
        )
    folder = folder.expanduser()
    if folder.exists() and not folder.is_dir():
        raise InputError(f"--to {folder} is a file, not a folder")
    manifest = _read_manifest(folder)
    earlier = _files_of(manifest, folder)
    ours = {MANIFEST, *earlier} if manifest else set()
    for name in (*(f"{table}.{format_}" for table in tables), MANIFEST):
        if (folder / name).exists() and name not in ours:
            raise InputError(
                f"{folder / name} is there already, and no download wrote it: choose another folder"
            )
    if earlier and bool(manifest.get(PSEUDONYMS)) != pseudonyms:
        held = "pseudonyms" if not pseudonyms else "IDs and names"
        raise InputError(f"{folder} holds files with {held}, and they do not mix: choose another folder")
    return folder


def holds_pseudonyms(folder: Path) -> bool:
    """Whether an earlier download wrote files with pseudonyms here."""
    manifest = _read_manifest(folder)
    return bool(manifest.get(PSEUDONYMS)) and bool(_files_of(manifest, folder))


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep other downloads of this machine out of a folder while the block runs.

    Raises
    ------
    InputError
        If one is under way there.
    """
    import platformdirs
    from filelock import FileLock, Timeout

    name = hashlib.sha256(str(folder.resolve()).encode("utf-8", "replace")).hexdigest()[:24]
    place = Path(platformdirs.user_cache_dir("hs-jupyter", appauthor=False)) / "locks"
    lock = FileLock(place / f"{name}.lock", timeout=_LOCK_SEC, mode=0o600)
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise InputError(f"another download into {folder} is under way: wait for it") from None
    except (OSError, NotImplementedError):  # no such folder can be made, or a file system without locks
        pass
    try:
        yield
    finally:
        lock.release()


def write_files(tables: Mapping[str, pa.Table], folder: Path, format_: str) -> list[dict[str, Any]]:
    """Write every table; each file appears whole or not at all.

    Returns
    -------
    list of dict
        The manifest's entry of each file.

    Raises
    ------
    OSError
        If one cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(table, folder / f"{name}.{format_}", format_) for name, table in tables.items()]


def write_manifest(folder: Path, entries: Sequence[Mapping[str, Any]], facts: Mapping[str, Any]) -> None:
    """Write the manifest; it keeps what earlier downloads wrote there and this one did not replace.

    Parameters
    ----------
    entries
        Of the files that were written.
    facts
        What else is to be known: the scope, what failed.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    files = _files_of(_read_manifest(folder), folder) | {str(one["file"]): one for one in entries}
    manifest = {
        **facts,
        "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": list(files.values()),
    }
    _atomically(
        folder / MANIFEST, lambda path: path.write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
    )


def _write(table: pa.Table, path: Path, format_: str) -> dict[str, Any]:
    _atomically(path, lambda target: _WRITERS[format_](table, target))
    facts = facts_of(table)
    return {
        "type": facts.type,
        "scope": facts.scope,
        "file": path.name,
        "rows": table.num_rows,
        "bytes": path.stat().st_size,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "complete": facts.complete,
        "warnings": list(facts.warnings),
        "fetched_at": facts.fetched_at,
    }


def _atomically(path: Path, write: Callable[[Path], object]) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    os.close(handle)
    try:
        write(Path(name))
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _write_csv(table: pa.Table, path: Path) -> None:
    _flat(hand_over(table, "arrow")).to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")


def _write_parquet(table: pa.Table, path: Path) -> None:
    import pyarrow.parquet as pq

    pq.write_table(hand_over(table, "arrow"), path, compression="zstd")


def _write_json(table: pa.Table, path: Path) -> None:
    path.write_bytes(orjson.dumps(to_records(table), option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z))


_WRITERS: dict[str, Callable[[pa.Table, Path], None]] = {
    "csv": _write_csv,
    "parquet": _write_parquet,
    "json": _write_json,
}


def _flat(table: pa.Table) -> pd.DataFrame:
    """Flatten objects one level (``metadata.question``); deeper values and lists are JSON text."""
    import pandas as pd

    frame = to_pandas(table)
    columns: dict[str, Any] = {}
    for field in table.schema:
        values = frame[field.name]
        if not is_json(field):
            columns[field.name] = values
            continue
        held = [one for one in values if one is not None]
        if held and all(isinstance(one, dict) for one in held):
            for key in dict.fromkeys(key for one in held for key in one):
                name = f"{field.name}.{key}"
                while name in columns or name in table.column_names:
                    name += "_"
                columns[name] = [_cell(one.get(key)) if isinstance(one, dict) else None for one in values]
        else:
            columns[field.name] = [_cell(one) for one in values]
    flat = pd.DataFrame(columns, index=frame.index)
    for name in flat.columns:
        if flat[name].dtype == object or isinstance(flat[name].dtype, pd.StringDtype):
            flat[name] = [safe_cell(one) for one in flat[name]]
    return flat.rename(columns=safe_cell)


def _cell(value: Any) -> Any:
    return orjson.dumps(value).decode() if isinstance(value, dict | list) else value


def safe_cell(value: Any) -> Any:
    """Keep a text from being a formula in a spreadsheet: a leading apostrophe makes it text.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("calm"), safe_cell(-3.5)
    ("'=1+1", 'calm', -3.5)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


def _read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest that a download wrote here; nothing if none did."""
    try:
        held = orjson.loads((folder / MANIFEST).read_bytes())
        named = all(isinstance(entry["file"], str) for entry in held["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return held if named else {}


def _files_of(manifest: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return the entries of files that are still there, by name."""
    entries = {str(entry["file"]): entry for entry in manifest.get("files", ())}
    return {name: entry for name, entry in entries.items() if (folder / name).is_file()}
