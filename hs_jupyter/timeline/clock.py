"""Onsets as people read them: ``m:ss``, and ticks at round times."""

from __future__ import annotations

import math

_STEPS_SEC = (
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30,
    60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400,
)  # fmt: skip


def clock(onset_sec: float, decimals: int = 0) -> str:
    """Write an onset in seconds as ``m:ss``, ``-m:ss`` before the start.

    Examples
    --------
    >>> clock(83), clock(-5), clock(83.26, 1)
    ('1:23', '-0:05', '1:23.3')
    """
    rounded = round(abs(onset_sec), decimals)
    minutes, seconds = divmod(rounded, 60)
    width = 3 + decimals if decimals else 2
    sign = "-" if onset_sec < 0 and rounded else ""
    return f"{sign}{int(minutes)}:{seconds:0{width}.{decimals}f}"


def tick_step_sec(length_sec: float, at_most: int) -> float:
    """Return the smallest round step that gives at most so many ticks.

    Examples
    --------
    >>> tick_step_sec(600, 10)
    60
    """
    wanted = length_sec / max(at_most, 1)
    fit = next((one for one in _STEPS_SEC if one >= wanted), None)
    return fit if fit is not None else 86400 * math.ceil(wanted / 86400)


def ticks_sec(start_sec: float, end_sec: float, at_most: int = 10) -> list[float]:
    """Return round onsets within a closed window, zero among them when it lies inside.

    Examples
    --------
    >>> ticks_sec(-20, 100, 4)
    [0, 30, 60, 90]
    """
    step = tick_step_sec(end_sec - start_sec, at_most)
    first, last = math.ceil(start_sec / step), math.floor(end_sec / step)
    return [round(number * step, 6) for number in range(first, last + 1)]
