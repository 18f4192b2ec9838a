"""The onset axis that all rows share, and the colours of participants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt

from hs_jupyter.charts import style
from hs_jupyter.charts.params import CHOSEN
from hs_jupyter.timeline import tick_step_sec, ticks_sec

MAX_LEGEND = 12
"""More participants than this are chosen from a list: a legend of them could not be read."""

_LABEL_PIXELS = 52


@dataclass(frozen=True)
class Axis:
    """The onset axis of one row.

    Parameters
    ----------
    start_sec, end_sec
        The domain that all rows share, in seconds of onset.
    participants
        Everyone drawn, in order.
    width
        Width of every plot in pixels.
    labelled
        Whether times are written below: only the lowest row does.
    """

    start_sec: float
    end_sec: float
    participants: tuple[str, ...]
    width: int
    labelled: bool = False

    @property
    def many(self) -> bool:
        """Whether there are too many participants for colours and a legend."""
        return len(self.participants) > MAX_LEGEND

    @property
    def pixel_sec(self) -> float:
        """How many seconds one pixel stands for."""
        return (self.end_sec - self.start_sec) / self.width

    def x(self, field: str = "onset_sec") -> alt.X:
        """Return the encoding of a field of ours that holds seconds of onset."""
        at_most = max(2, self.width // _LABEL_PIXELS)
        step = tick_step_sec(self.end_sec - self.start_sec, at_most)
        decimals = 0 if step >= 1 else 1 if step >= 0.1 else 3  # noqa: PLR2004 - seconds from tick to tick
        return alt.X(
            f"{field}:Q",
            scale=alt.Scale(domain=[self.start_sec, self.end_sec], nice=False, zero=False),
            axis=alt.Axis(
                values=ticks_sec(self.start_sec, self.end_sec, at_most),
                labelExpr=clock_expr("value", decimals),
                labels=self.labelled,
                ticks=self.labelled,
                title="time from the experiment's start (m:ss)" if self.labelled else None,
            ),
        )

    def color(self) -> Any:
        """Return the encoding of a participant's colour, the same in every row."""
        if self.many:
            return alt.condition(CHOSEN, alt.value(style.ACCENT), alt.value(style.CROWD))
        return alt.Color(
            "participant:N",
            scale=alt.Scale(
                domain=list(self.participants), range=list(style.PALETTE[: len(self.participants)])
            ),
            legend=None,
        )


def clock_expr(field: str, decimals: int) -> str:
    """Return the Vega expression that writes one of our own fields, in seconds, as ``m:ss``.

    The text is rounded before it is split, so that 59.96 s reads ``1:00.0`` and never ``0:60.0``.
    """
    half = f"{0.5 * 10**-decimals:.{decimals + 1}f}"
    whole = f"(floor((abs(datum.{field}) + {half}) * {10**decimals}) / {10**decimals})"
    digits = f"0{3 + decimals}.{decimals}f" if decimals else "02.0f"
    return f"(datum.{field} <= -{half} ? '-' : '') + floor({whole} / 60) + ':' + format({whole} % 60, '{digits}')"
