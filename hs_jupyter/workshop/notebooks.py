"""The course's notebooks as a student has them: laid out once, theirs from then on."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from pathlib import Path

from hs_jupyter.errors import HsError

FRESH = "fresh"
"""Where the course is laid out anew: in this folder, then in ``fresh_2`` and so on."""


@dataclass(frozen=True)
class LaidOut:
    """What became of the notebooks.

    Attributes
    ----------
    folder
        Where they are.
    new
        Names of notebooks that were copied now.
    kept
        Names of notebooks that were there and differ from the course's: a student's work.
    """

    folder: Path
    new: tuple[str, ...]
    kept: tuple[str, ...]


def shipped() -> list[Path]:
    """Return the course's notebooks, in their order: inside the package, or a checkout's ``examples/``."""
    inside = Path(__file__).parent / "notebooks"
    folder = inside if inside.is_dir() else Path(__file__).parents[2] / "examples"
    return sorted(folder.glob("[0-9]*.ipynb"))


def lay_out(folder: Path) -> LaidOut:
    """Copy the course's notebooks that are not in a folder yet; what is there stays as it is.

    Raises
    ------
    HsError
        If the folder cannot be made or written.
    """
    new, kept = [], []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source in shipped():
            place, content = folder / source.name, source.read_bytes()
            try:
                with place.open("xb") as file:
                    file.write(content)
            except FileExistsError:
                if place.read_bytes() != content:
                    kept.append(source.name)
            else:
                new.append(source.name)
    except OSError as error:
        raise HsError(f"the notebooks cannot be laid out in '{folder}': {error.strerror or error}") from None
    return LaidOut(folder, tuple(new), tuple(kept))


def lay_out_anew(folder: Path) -> LaidOut:
    """Copy all of the course's notebooks into a new folder inside a folder.

    Raises
    ------
    HsError
        If it cannot be made or written.
    """
    names = (FRESH if number == 1 else f"{FRESH}_{number}" for number in count(1))
    return lay_out(next(place for name in names if not (place := folder / name).exists()))
