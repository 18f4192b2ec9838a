"""What is selected: a window of time, participants, types; frozen values, the same in Python and browser."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hs_jupyter.catalog import data_type
from hs_jupyter.errors import InputError
from hs_jupyter.times import Onset, parse_bound

if TYPE_CHECKING:
    from hs_jupyter.explorer.state import SelectionState

STEPS_PER_SEC = 1000
"""Bounds lie on whole milliseconds, so that code written from them says exactly the same."""

_ONSET_MOST_SEC = 1e9
_BOTH_ENDS = 2


@dataclass(frozen=True)
class TimeWindow:
    """A closed window of onsets.

    Parameters
    ----------
    start_sec, end_sec
        Seconds from the experiment's start in a room, negative before it; a number, or text such as
        ``"90s"`` or ``"1:30"``. They are snapped to 1 ms.

    Raises
    ------
    InputError
        If an end is no onset, or the window ends before it starts.

    Examples
    --------
    >>> import hs_jupyter as hs
    >>> hs.TimeWindow(61.2504, "1:15.5")
    TimeWindow(start_sec=61.25, end_sec=75.5)
    """

    start_sec: float
    end_sec: float

    def __post_init__(self) -> None:
        for name in ("start_sec", "end_sec"):
            object.__setattr__(self, name, _snapped(getattr(self, name), name))
        if self.start_sec > self.end_sec:
            raise InputError(
                f"a window ends after it starts, not at {self.end_sec:g} s after {self.start_sec:g} s"
            )

    @property
    def duration_sec(self) -> float:
        """Its length in seconds."""
        return self.end_sec - self.start_sec


@dataclass(frozen=True)
class Selection:
    """One selection: time window x participants x types; None means all.

    Points are selected where they lie in the window, spans where they overlap it; types without onsets come
    whole, and so do tables that name no participant.

    Parameters
    ----------
    window
        A `TimeWindow`, or a pair of its ends.
    participants
        IDs of participants, in any order; repeated ones count once.
    types
        Data types, by any of their names; kept as table names: ``ratings``, ``ratings_sparse``...

    Raises
    ------
    InputError
        For what is none of this.

    Examples
    --------
    >>> import hs_jupyter as hs
    >>> hs.Selection(window=(60, 75.5), types=["ratings/sparse"])
    Selection(window=TimeWindow(start_sec=60.0, end_sec=75.5), participants=None, types=('ratings_sparse',))
    """

    window: TimeWindow | None = None
    participants: tuple[str, ...] | None = None
    types: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "window", _window(self.window))
        people, types = _names(self.participants, "participants"), _names(self.types, "types")
        object.__setattr__(self, "participants", people)
        tables = None if types is None else tuple(dict.fromkeys(data_type(one).table for one in types))
        object.__setattr__(self, "types", tables)

    @classmethod
    def from_wire(cls, state: SelectionState) -> Selection:
        """Make a selection from the browser's."""
        return cls(_window(state.window), state.participants, state.types)

    def to_wire(self) -> dict[str, Any]:
        """Return plain JSON values: the trait ``_selection``.

        Examples
        --------
        >>> Selection(window=(0, 1)).to_wire()
        {'window': [0.0, 1.0], 'participants': None, 'types': None}
        """
        return {
            "window": None if self.window is None else [self.window.start_sec, self.window.end_sec],
            "participants": None if self.participants is None else list(self.participants),
            "types": None if self.types is None else list(self.types),
        }


def _window(value: Any) -> TimeWindow | None:
    if value is None or isinstance(value, TimeWindow):
        return value
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != _BOTH_ENDS:
        raise InputError(f"a window is a TimeWindow or two ends in seconds, not {str(value)[:40]!r}")
    return TimeWindow(*value)


def _snapped(value: Any, name: str) -> float:
    bound = parse_bound(value, name)
    if not isinstance(bound, Onset):
        raise InputError(f"{name} is an onset, such as 90s or 1:30, not an instant")
    if abs(bound.sec) > _ONSET_MOST_SEC:
        raise InputError(f"{name} {bound.sec:g} s is too far away")
    return math.floor(bound.sec * STEPS_PER_SEC + 0.5) / STEPS_PER_SEC


def _names(value: Any, what: str) -> tuple[str, ...] | None:
    if value is None:
        return None
    if isinstance(value, str):
        value = (value,)
    if not isinstance(value, Iterable) or isinstance(value, bytes):
        raise InputError(f"{what} is a list of names, not {str(value)[:40]!r}")
    names = list(value)
    for one in names:
        if not isinstance(one, str) or not one:
            raise InputError(f"{what} holds names, not {str(one)[:40]!r}")
    return tuple(dict.fromkeys(names))
