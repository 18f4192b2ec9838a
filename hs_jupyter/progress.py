"""Progress of a fetch, shown by tqdm: records of those announced, rate, time left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import TracebackType

_SHOW_AFTER_SEC = 0.4
"""A fetch that is done sooner shows nothing, so that a saved notebook holds no spent progress bar."""


class Progress:
    """A callback for `Study.table` that draws one bar for everything asked together.

    Parameters
    ----------
    shown
        False draws nothing.
    """

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown
        self._bar: Any = None
        self._done: dict[str, tuple[int, int | None]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, label: str, received: int, total: int | None) -> None:
        """Take note that so many records of a table came."""
        if not self._shown:
            return
        if self._bar is None:
            from tqdm.auto import tqdm

            self._bar = tqdm(unit=" records", unit_scale=False, leave=False, delay=_SHOW_AFTER_SEC)
        self._done[label] = (received, total)
        totals = [announced for _, announced in self._done.values()]
        self._bar.total = None if None in totals else sum(one or 0 for one in totals)
        self._bar.set_description(label, refresh=False)
        self._bar.update(sum(count for count, _ in self._done.values()) - self._bar.n)
