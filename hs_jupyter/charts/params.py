"""The selections by name, for conditions and filters; what they do is declared in ``linking``."""

from __future__ import annotations

from typing import Any

import altair as alt

from hs_jupyter.charts import style

BRUSH = alt.selection_interval(name="brush")
WHO = alt.selection_point(name="who")
CHOSEN = alt.selection_point(name="who", empty=False)
"""The participants chosen; nobody, while nobody is."""

MARKED = BRUSH & WHO
"""What is brushed and belongs to the participants chosen; everything, while nothing is."""


def emphasis() -> Any:
    """Return the opacity of a mark: strong where it is marked, else faint."""
    return alt.condition(MARKED, alt.value(style.STRONG), alt.value(style.FAINT))
