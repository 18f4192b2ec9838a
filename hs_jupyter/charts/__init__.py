"""Tables in, Altair charts out."""

from __future__ import annotations

from hs_jupyter.charts.timeline_chart import timeline_chart

__all__ = ["timeline_chart"]
