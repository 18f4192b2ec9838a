"""Tables in, Altair charts out: linked rows on one onset axis."""

from __future__ import annotations

from hs_jupyter.charts.overlay import overlay_chart
from hs_jupyter.charts.timeline_chart import timeline_chart

__all__ = ["overlay_chart", "timeline_chart"]
