"""The table of `hs.quality`: computed here from ratings, sync, media events and participants."""

from __future__ import annotations

from hs_jupyter.catalog.model import Column, DataType
from hs_jupyter.catalog.shared import PARTICIPANT

STATUSES = ("no data", "dropped out", "cut short", "gap", "sparse", "stuck", "late", "ahead", "ok")
"""What a status may be, worst first: the order of the rows."""

QUALITY = DataType(
    name="quality",
    table="quality",
    meaning="how good the continuous ratings are: one row per participant and scale, the worst first",
    path="",
    scopes=("experiment", "room", "participant"),
    key_scope="read:ratings",
    columns=(
        Column("status", "text", f"what to look at first: {', '.join(STATUSES)}"),
        Column("roomId", "text", "the room: one session of one group"),
        PARTICIPANT,
        Column("componentId", "text", "the scale; missing for a participant without any rating"),
        Column(
            "look_at_sec", "float", "onset at which that begins; missing when ok or without data", unit="s"
        ),
        Column("samples", "int", "ratings that have an onset and a value"),
        Column(
            "expected", "int", "seconds of film / usual step between samples; missing where either is unknown"
        ),
        Column(
            "coverage",
            "float",
            "samples at different onsets while the film ran / expected, at most 1",
            unit="0..1",
        ),
        Column(
            "longest_gap_sec",
            "float",
            "longest stretch of film without a sample; 0 if none is above 1 s and 4 usual steps",
            unit="s",
        ),
        Column(
            "stuck_sec",
            "float",
            "longest stretch of film in which the slider was sampled and did not move",
            unit="s",
        ),
        Column("spread", "float", "95th minus 5th percentile of value_norm", unit="0..1"),
        Column(
            "drift_median_ms", "float", "median of the film's timeDrift; negative: behind the host", unit="ms"
        ),
        Column("drift_p95_abs_ms", "float", "95th percentile of the size of timeDrift", unit="ms"),
    ),
    key=("roomId", "participantId", "componentId"),
    paged=False,
)
