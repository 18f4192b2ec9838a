"""The onset axis that all rows share, and the colours of participants."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import altair as alt

from hs_jupyter.charts import style
from hs_jupyter.charts.params import CHOSEN
from hs_jupyter.timeline import share, tick_step_sec, ticks_sec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hs_jupyter.charts.data import Data

MAX_LEGEND = 12
"""More participants than this are chosen from a list: a legend of them could not be read."""

_LABEL_PIXELS = 52

_DECIMALS = ((1, 0), (0.1, 1), (0, 3))
"""Seconds from tick to tick, at least, and the decimals that they need."""


@dataclass(frozen=True)
class Budget:
    """How much of the data a chart holds.

    Attributes
    ----------
    each, lines, least
        Samples of one line for each pixel of width, of all lines together; the fewest that a line is thinned
        to, even beyond that.
    marks, thinned
        The most marks that a row holds whole; how many stay where there are more.
    text
        Characters of all the texts of a row's marks.
    """

    each: int = 1
    lines: int = 20_000
    least: int = 64
    marks: int = 6_000
    thinned: int = 6_000
    text: int = 10**9


LIVE = Budget(each=2, lines=12_000, least=200, marks=4_000, thinned=1_600, text=20_000)
"""For a chart that asks again when it is zoomed: some 300 kB for whatever window."""

START, END, TICKS, TICK_STEP = "window_start_sec", "window_end_sec", "ticks_sec", "tick_step_sec"
LABELS = "label_width_px"
"""The parameters of a live chart, which its view sets."""


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
    live
        Whether the view moves the window, draws brush and cursor and shows values by itself: the chart then
        holds neither, and its data are named only.
    whole
        Whether the data drawn on it stay the same when a live chart moves its window.
    budget
        How much data may be drawn.
    labelled
        Whether times are written below: only the lowest row does.
    """

    start_sec: float
    end_sec: float
    participants: tuple[str, ...]
    width: int
    live: bool = False
    whole: bool = False
    budget: Budget = Budget()
    labelled: bool = False

    @property
    def many(self) -> bool:
        """Whether there are too many participants for colours and a legend."""
        return len(self.participants) > MAX_LEGEND

    @property
    def pixel_sec(self) -> float:
        """How many seconds one pixel stands for."""
        return (self.end_sec - self.start_sec) / self.width

    def shared(self) -> dict[str, Any]:
        """Return the encoding that the layers of a row share: they name a field of seconds of onset, no more."""
        at_most = max(2, self.width // _LABEL_PIXELS)
        step = tick_step_sec(self.end_sec - self.start_sec, at_most)
        domain: list[Any] = [self.start_sec, self.end_sec]
        values: Any = ticks_sec(self.start_sec, self.end_sec, at_most)
        label = clock_expr("value", _decimals(step))
        if self.live:
            domain, values = [alt.ExprRef(START), alt.ExprRef(END)], alt.ExprRef(TICKS)
            label = " : ".join(
                f"{TICK_STEP} >= {least!r} ? {clock_expr('value', decimals)}"
                if least
                else clock_expr("value", decimals)
                for least, decimals in _DECIMALS
            )
        below = (
            alt.Axis(values=values, labelExpr=label, title="time from the experiment's start (m:ss)")
            if self.labelled
            else alt.Axis(values=values, labels=False, ticks=False, title=None)
        )
        return {
            "x": alt.X(
                field="onset_sec",
                type="quantitative",
                scale=alt.Scale(domain=domain, nice=False, zero=False),
                axis=below,
            )
        }

    @property
    def each(self) -> int:
        """How many samples of one line its pixels can show."""
        return max(self.budget.each * self.width, self.budget.least)

    def beside(self) -> Any:
        """Return where the values under the cursor are written: right of the plot."""
        return alt.value(self.width + 8)

    def data(self, name: str, data: Data) -> alt.InlineData | alt.NamedData:
        """Return a dataset by its name, and in it the rows that the chart holds."""
        if self.live:
            return alt.NamedData(name)
        # to a twentieth of a pixel: tenths of a second at least, which tooltips tell
        decimals = max(1, math.ceil(-math.log10(self.pixel_sec / 20)))
        return alt.InlineData(name=name, values=data.records(decimals))

    def holding(self, domain: tuple[float, float], count: int, most: int) -> Axis:
        """Return the axis for so many samples or marks: of all there is, where a live chart may hold them all."""
        if not self.live or count > most:
            return self
        return replace(self, start_sec=domain[0], end_sec=domain[1], whole=True)

    def target(self, counts: Sequence[int]) -> int:
        """Return how many samples each of several lines may keep."""
        if self.whole:
            return self.budget.lines
        return share(list(counts), each=self.each, total=self.budget.lines, least=self.budget.least)

    def color(self) -> Any:
        """Return the encoding of a participant's colour, the same in every row."""
        if self.many and self.live:
            return alt.ColorValue(style.CROWD)
        if self.many:
            return alt.condition(CHOSEN, alt.value(style.ACCENT), alt.value(style.CROWD))
        return alt.Color(
            "participant:N",
            scale=alt.Scale(
                domain=list(self.participants), range=list(style.PALETTE[: len(self.participants)])
            ),
            legend=None,
        )


def _decimals(step_sec: float) -> int:
    """Return how many decimals of a second tell neighbouring ticks apart."""
    return next(decimals for least, decimals in _DECIMALS if step_sec >= least)


def clock_expr(field: str, decimals: int) -> str:
    """Return the Vega expression that writes one of our own fields, in seconds, as ``m:ss``.

    The text is rounded before it is split, so that 59.96 s reads ``1:00.0`` and never ``0:60.0``.
    """
    half = f"{0.5 * 10**-decimals:.{decimals + 1}f}"
    whole = f"(floor((abs(datum.{field}) + {half}) * {10**decimals}) / {10**decimals})"
    digits = f"0{3 + decimals}.{decimals}f" if decimals else "02.0f"
    return f"(datum.{field} <= -{half} ? '-' : '') + floor({whole} / 60) + ':' + format({whole} % 60, '{digits}')"
