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


CHOSEN_PEOPLE = "chosen_participants"
"""The parameter of a live chart that names the participants selected; null is everyone."""


def emphasis(axis: Axis, strong: float = style.STRONG) -> Any:
    """Return the opacity of a mark: strong where it is marked, else faint."""
    live = f"!isArray({CHOSEN_PEOPLE}) || indexof({CHOSEN_PEOPLE}, datum.participant) >= 0"
    if axis.live:  # typed at once: Altair is slow to find the type of a condition
        return alt.OpacityValue(style.FAINT, condition={"test": live, "value": strong})
    return alt.condition(MARKED, alt.value(strong), alt.value(style.FAINT))
