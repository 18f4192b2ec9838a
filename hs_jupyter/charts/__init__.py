"""Tables in, Altair charts out: linked rows on one onset axis."""

from __future__ import annotations

from hs_jupyter.charts.quick_import import import_altair

import_altair()

from hs_jupyter.charts.overlay import overlay_chart  # noqa: E402 - Altair comes first
from hs_jupyter.charts.timeline_chart import timeline_chart  # noqa: E402

__all__ = ["overlay_chart", "timeline_chart"]
