"""How the charts look: one palette, one set of sizes, readable on light and dark pages.

Every colour has a contrast of at least 3:1 on white and on the dark pages of JupyterLab and VS Code
(#111111, #1e1e1e), text grey 4:1; the tests compute this. The background stays transparent.
"""

from __future__ import annotations

import altair as alt

PALETTE = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#9F79FC", "#825D77",
    "#B34247", "#7E60DC", "#A446A1", "#908247", "#B16ACE", "#E27075",
)  # fmt: skip
"""Colours of participants, the most different first: the four of Okabe and Ito that work on both grounds,
then eight chosen to stay apart for readers with protanopia, deuteranopia and tritanopia."""

INK = "#787878"
"""Text, axes, rules."""

ACCENT = PALETTE[0]
CROWD = "#808080"
"""One participant of many, when colours could not tell them apart."""

WIDTH = 680
LABEL_WIDTH = 104
"""Pixels left of every plot, so that all rows begin at the same edge."""

READOUT_WIDTH = 56
"""Pixels right of every plot for the values under the cursor."""

FONT, SMALL = 11, 10
READOUT_LINE = 12
STRIP_LINE = 18
"""Heights in pixels: of one value under the cursor, of one line of the legend."""

LINE_HEIGHT, POINTS_HEIGHT, DRIFT_HEIGHT, QUALITY_HEIGHT, LANE_HEIGHT = 92, 64, 92, 44, 16
ROW_SPACING = 14

FAINT, STRONG = 0.22, 0.95
"""Opacity of what is not selected, and of what is."""


def config() -> alt.Config:
    """Return the look of a whole chart: quiet axes, hairline grid, no frame."""
    return alt.Config(
        axis=alt.AxisConfig(
            domain=False,
            gridColor=INK,
            gridOpacity=0.16,
            labelColor=INK,
            labelFontSize=SMALL,
            labelFontWeight="normal",
            tickColor=INK,
            tickOpacity=0.5,
            tickSize=4,
            titleColor=INK,
            titleFontSize=SMALL,
            titleFontWeight="normal",
        ),
        axisY=alt.AxisConfig(ticks=False, labelPadding=8),
        title=alt.TitleConfig(
            anchor="start",
            color=INK,
            fontSize=FONT,
            fontWeight=600,
            subtitleColor=INK,
            subtitleFontSize=FONT,
            offset=6,
        ),
        view=alt.ViewConfig(stroke=None),
        concat=alt.CompositionConfig(spacing=ROW_SPACING),
    )
