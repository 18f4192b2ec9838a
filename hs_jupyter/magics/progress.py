"""One progress display for all lines of a plan."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import TracebackType


class PlanProgress:
    """Counts a plan's lines and names the one under way; gone when the plan is done.

    Parameters
    ----------
    lines
        How many lines there are.
    shown
        False for ``-q``.
    """

    def __init__(self, lines: int, *, shown: bool) -> None:
        self._lines = lines
        self._shown = shown
        self._bar: Any = None

    def __enter__(self) -> Self:
        """Show the display."""
        if self._shown:
            from tqdm import tqdm

            self._bar = tqdm(total=self._lines, unit="line", leave=False, file=sys.stderr)
        return self

    def begin(self, text: str) -> None:
        """Name the line that is fetched now."""
        if self._bar is not None:
            self._bar.set_description_str(text)

    def done(self) -> None:
        """Count a line, however it ended."""
        if self._bar is not None:
            self._bar.update()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the display away."""
        if self._bar is not None:
            self._bar.close()
