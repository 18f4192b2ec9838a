"""Progress of a fetch, drawn by tqdm: records of those announced, rate, time left."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, ClassVar, Self

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from types import TracebackType

_SHOW_AFTER_SEC = 0.4
"""A fetch that is done sooner shows nothing."""


class Progress:
    """A callback for `Study.table` that draws one bar for everything asked together.

    In a notebook the bar is plain text that ends as one line saying what came: no widget, so that a
    saved notebook holds no bar that stopped half way.

    Parameters
    ----------
    shown
        False draws nothing.
    """

    _unit: ClassVar[dict[str, Any]] = {"unit": " records"}

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown
        self._bar: Any = None
        self._done: dict[str, tuple[int, int | None]] = {}
        self._wait = ""

    def __bool__(self) -> bool:
        return self._shown

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            if len(self._done) > 1:
                self._bar.set_description_str(f"{len(self._done)} tables", refresh=False)
            self._bar.close()

    def __call__(self, label: str, received: int, total: int | None) -> None:
        """Take note that so many records of a table came."""
        if not self._shown:
            return
        self._open()
        waited, self._wait = bool(self._wait), ""
        self._done[label] = (received, total)
        self._bar.total = self._total()
        self._bar.set_description_str(label, refresh=waited)
        self._bar.update(sum(count for count, _ in self._done.values()) - self._bar.n)

    def resumed(self, label: str, received: int, total: int | None) -> None:
        """Take note that so many records of a table had come before: the rate leaves them out."""
        if not self._shown:
            return
        self._open()
        self._done[label] = (received, total)
        self._bar.initial += received
        self._bar.n += received
        self._bar.last_print_n += received
        self._bar.total = self._total()
        self._bar.set_description_str(label, refresh=False)

    def waiting(self, reason: str, until: datetime) -> None:
        """Say why no records come, and until when."""
        wait = f"waits until {until:%H:%M:%S}: {reason}"
        if self._shown and wait != self._wait:
            self._open()
            self._wait = wait
            self._bar.set_description_str(wait)  # draws at once, unlike an update

    def _total(self) -> int | None:
        totals = [announced for _, announced in self._done.values()]
        return None if None in totals else sum(one or 0 for one in totals)

    def _open(self) -> None:
        if self._bar is None:
            self._bar = _bar(self._unit)


class FileProgress(Progress):
    """Draws one bar for files that come together: bytes of those announced, rate, time left.

    Parameters
    ----------
    shown
        False draws nothing.
    what
        What the files are, for example ``recordings``.
    """

    _unit: ClassVar[dict[str, Any]] = {"unit": "B", "unit_scale": True}

    def __init__(self, *, shown: bool, what: str) -> None:
        super().__init__(shown=shown)
        self._what = what

    def files(self, done: int, all_: int, came: int, whole: int | None, before: int) -> None:
        """Take note of files done of all, and of bytes that came of those announced (or None).

        ``before`` of them came with an earlier download: the rate leaves them out.
        """
        if self._shown:
            self._open()
            waited, self._wait = bool(self._wait), ""
            earlier = before - self._bar.initial
            for name in ("initial", "n", "last_print_n"):
                setattr(self._bar, name, getattr(self._bar, name) + earlier)
            self._bar.total = whole
            self._bar.set_description_str(f"{done} of {all_} {self._what}", refresh=waited)
            self._bar.update(came - self._bar.n)


def join(progress: bool | Progress) -> AbstractContextManager[Progress]:  # noqa: FBT001 - a twin's own keyword
    """Take part in a display that is open already (a plan's), or open one."""
    return nullcontext(progress) if isinstance(progress, Progress) else Progress(shown=progress)


def _bar(unit: Mapping[str, Any]) -> Any:
    from tqdm import tqdm

    options: dict[str, Any] = {**unit, "delay": _SHOW_AFTER_SEC}
    if _in_notebook():
        return tqdm(file=_NotebookLine(), ncols=80, ascii=False, leave=True, **options)
    return tqdm(leave=False, dynamic_ncols=True, **options)


def _in_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return hasattr(shell, "kernel")


class _NotebookLine:
    """A file for tqdm that shows its last line in the cell's output, in one place."""

    def __init__(self) -> None:
        self._handle: Any = None

    def write(self, text: str) -> None:
        """Show a line; tqdm writes carriage returns between states."""
        line = text.replace("\x1b[A", "").strip("\r\n ")
        if not line:
            return
        from IPython.display import DisplayHandle

        shown = {"text/plain": line}
        if self._handle is None:
            self._handle = DisplayHandle()  # type: ignore[no-untyped-call]
            self._handle.display(shown, raw=True)
        else:
            self._handle.update(shown, raw=True)

    def flush(self) -> None:
        """Nothing waits."""
