"""The selections by name, for conditions and filters; what they do is declared in ``linking``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from hs_jupyter.charts import style

if TYPE_CHECKING:
    from hs_jupyter.charts.axis import Axis

BRUSH = alt.selection_interval(name="brush")
WHO = alt.selection_point(name="who")
CHOSEN = alt.selection_point(name="who", empty=False)
"""The participants chosen; nobody, while nobody is."""

MARKED = BRUSH & WHO
"""What is brushed and belongs to the participants chosen; everything, while nothing is."""


def emphasis(axis: Axis) -> Any:
    """Return the opacity of a mark: strong where it is marked, else faint."""
    if axis.live:
        return alt.value(style.STRONG)
    return alt.condition(MARKED, alt.value(style.STRONG), alt.value(style.FAINT))
