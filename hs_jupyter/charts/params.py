"""The selections by name: what is brushed, hovered, chosen. They are declared in ``linking``."""

from __future__ import annotations

import altair as alt

BRUSH = alt.param(name="brush")
WHO = alt.param(name="who")
CHOSEN = alt.param(name="who", empty=False)
"""The participants chosen; nobody, while nobody is."""

MARKED = BRUSH & WHO
"""What is brushed and belongs to the participants chosen; everything, while nothing is."""
