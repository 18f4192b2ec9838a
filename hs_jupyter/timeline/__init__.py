"""Time on plain arrays: gaps, thinning, windows, summaries, quality. Onsets are float64 seconds."""

from __future__ import annotations

from hs_jupyter.timeline.clock import clock, tick_step_sec, ticks_sec
from hs_jupyter.timeline.gaps import after_gaps, gap_threshold_sec
from hs_jupyter.timeline.playing import Playing, playing_by_room
from hs_jupyter.timeline.quality import quality_table
from hs_jupyter.timeline.spans import Spans, in_window, media_spans
from hs_jupyter.timeline.summary import Band, band, counts_per_bin, on_grid
from hs_jupyter.timeline.thin import BLOCK, fit_marks, outline, share, thin, thin_marks

__all__ = [
    "BLOCK",
    "Band",
    "Playing",
    "Spans",
    "after_gaps",
    "band",
    "clock",
    "counts_per_bin",
    "fit_marks",
    "gap_threshold_sec",
    "in_window",
    "media_spans",
    "on_grid",
    "outline",
    "playing_by_room",
    "quality_table",
    "share",
    "thin",
    "thin_marks",
    "tick_step_sec",
    "ticks_sec",
]
