"""``hs-jupyter workshop``: the course's notebooks in JupyterLab, with the demo study; no key, no network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hs_jupyter.workshop.lab import SETTINGS, leave, require_lab, run_lab
from hs_jupyter.workshop.notebooks import LaidOut, lay_out, lay_out_anew, shipped

if TYPE_CHECKING:
    import argparse

FOLDER = "hs_workshop"


def describe(workshop: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    workshop.add_argument(
        "folder",
        metavar="DIR",
        nargs="?",
        type=Path,
        default=Path(FOLDER),
        help="where the notebooks are, or shall be (default %(default)s)",
    )
    workshop.add_argument(
        "--fresh",
        action="store_true",
        help="lay all notebooks out once more, in a new folder inside DIR; yours stay as they are",
    )
    workshop.add_argument("--no-browser", action="store_true", help="print the address, open nothing")
    workshop.add_argument(
        "--settings",
        action="store_true",
        help="print the folder with the workshop's settings of JupyterLab, for JUPYTER_CONFIG_PATH on a hub",
    )


def run(*, folder: Path, fresh: bool, no_browser: bool, settings: bool) -> None:
    """Lay the notebooks out, start the demo study, and stay until JupyterLab ends."""
    if settings:
        _say(str(SETTINGS))
        return
    require_lab()
    from hs_jupyter.demo_study.launch import require_extra, start

    require_extra()
    root = folder.expanduser().absolute()
    laid = lay_out_anew(root) if fresh else lay_out(root)
    _say(told(laid))
    _say("Preparing the demo study (made once, then kept) ...")
    with start(say=lambda doing: _say(f"  {doing}")):
        _say("Starting JupyterLab (Ctrl-C ends it) ...")
        run_lab(root, laid.folder / shipped()[0].name, browser=not no_browser)
    _say(f"The workshop has ended. Your notebooks are in {laid.folder}")
    leave()


def told(laid: LaidOut) -> str:
    """Say what became of the notebooks.

    Examples
    --------
    >>> print(told(LaidOut(Path("here"), ("05.ipynb",), ("01.ipynb", "02.ipynb"))))
    The workshop's notebooks are in here: 1 new.
    Kept as you left them: 01.ipynb, 02.ipynb. (--fresh lays all out once more, beside yours.)
    """
    where = f"The workshop's notebooks are in {laid.folder}"
    lines = [f"{where}: {len(laid.new)} new." if laid.new else f"{where}."]
    if laid.kept:
        names = ", ".join(laid.kept)
        lines.append(f"Kept as you left them: {names}. (--fresh lays all out once more, beside yours.)")
    return "\n".join(lines)


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a command speaks by printing
