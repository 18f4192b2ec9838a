"""Single JSON objects: an experiment with its configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hs_jupyter.storage.disk import write_file, writing
from hs_jupyter.storage.names import record_name
from hs_jupyter.storage.sealed import seal, unseal, without_secrets

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hs_jupyter.storage.shelf import Shelf

FOLDER = "records"


def write_record(shelf: Shelf, name: str, record: Mapping[str, Any]) -> None:
    """Write one object, without signatures of URLs and keys.

    Raises
    ------
    StoreFullError, StoreError
        If it cannot be written.
    """
    shelf.check_writable()
    data = seal({"name": name, "record": without_secrets(dict(record))})
    with writing(shelf.root):
        write_file(_path(shelf, name), data, private=shelf.private)


def read_record(shelf: Shelf, name: str) -> dict[str, Any] | None:
    """Read one object; None if there is none, or it is damaged and so set aside."""
    path = _path(shelf, name)
    try:
        held = unseal(path.read_bytes())
    except OSError:
        return None
    except ValueError:
        shelf.damaged(path)
        return None
    record = held.get("record")
    return record if held.get("name") == name and isinstance(record, dict) else None


def _path(shelf: Shelf, name: str) -> Path:
    return shelf.root / FOLDER / f"{record_name(name)}.json"
