"""A cell that is run again: its explorer shows the place where the last one of that cell was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from hs_jupyter.explorer.widget import Explorer
    from hs_jupyter.scope import Scope


class Run(NamedTuple):
    """A run of a notebook's cell."""

    cell: str
    message: str


_LAST: WeakValueDictionary[tuple[str, Scope | None], Explorer] = WeakValueDictionary()
_RUNS: dict[str, str] = {}


def run_of_cell() -> Run | None:
    """Return which cell runs now; None outside of a notebook, or where its frontend does not tell."""
    from IPython import get_ipython

    shell: Any = get_ipython()
    parent = shell.get_parent() if hasattr(shell, "get_parent") else None
    if not isinstance(parent, dict):
        return None
    cell = parent.get("metadata", {}).get("cellId")
    message = parent.get("header", {}).get("msg_id")
    return Run(cell, message) if isinstance(cell, str) and isinstance(message, str) else None


def last_of(run: Run, asked: Scope | None) -> Explorer | None:
    """Return the explorer that an earlier run of the cell made for the same line."""
    return None if _RUNS.get(run.cell) == run.message else _LAST.get((run.cell, asked))


def keep(run: Run, asked: Scope | None, made: Explorer) -> None:
    """Remember what a run made."""
    _RUNS[run.cell] = run.message
    _LAST[run.cell, asked] = made
