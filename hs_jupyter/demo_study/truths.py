"""What is hidden in the demo study: who, in which room, at which second of the film.

A learner can find each of these in the data; the tests do. Film seconds count from the film's first
frame and stand still while the film is paused or buffering; every room starts the film at another
onset, and pauses it at other moments and for other lengths.
"""

from __future__ import annotations

from dataclasses import dataclass

PAIRS = "exp_film_pairs"
SOLO = "exp_film_solo"
LIVE = "exp_film_live"
"""The always running room has an experiment of its own, so that the others stay as they are."""
SEED = "exp_research_001"
"""The experiment of the API documentation's examples, so that they can be pasted."""

FILM_SEC = 600.0
"""Length of the film in seconds at ``minutes=10``."""

SHARED_MOMENT_SEC = 402.0
"""Film second (6:42) at which everyone's arousal rises: the dam breaks."""
SHARED_RISE = 0.42
"""Height of that rise on the 0..1 scale, before personal gain."""
SHARED_WIDTH_SEC = 9.0
"""Standard deviation of the rise in film seconds."""


@dataclass(frozen=True)
class Span:
    """Somebody, somewhere, between two film seconds."""

    room: str
    participant: str
    start_sec: float
    end_sec: float


CLOSE_PAIR = ("room_pair_07", "p_pair_07_host", "p_pair_07_viewer")
"""The viewer's valence follows the host's nearly all the time; other pairs share only the film."""

LATE_VIEWER = Span("room_pair_03", "p_pair_03_viewer", 200.0, 260.0)
"""For this minute the viewer's film runs 400 ms behind the host's."""
LATE_BY_MS = 400.0

STUCK_SLIDER = Span("room_solo_09", "p_solo_09", 180.0, 420.0)
"""For these four minutes the arousal slider stands still, though it is still sampled."""
STUCK_SCALE = "arousal"

DROPPED = Span("room_pair_04", "p_pair_04_viewer", 250.0, 290.0)
"""The viewer's connection is lost and comes back; two recordings exist."""
ABANDONED = Span("room_pair_10", "p_pair_10_viewer", 180.0, FILM_SEC)
"""The viewer walks away, the room ends."""
TIMED_OUT = Span("room_pair_11", "p_pair_11_viewer", 330.0, FILM_SEC)
"""The viewer's connection is lost and never comes back; after a minute the room ends."""

AGENT_ROOM = "room_pair_12"
AGENT = "agent_pair_12_viewer"
"""An AI plays the viewer in this room."""
ORPHAN_AGENT = ("room_pair_11", "agent_pair_11_observer")
"""An AI observer whose run never ended, because its room did."""

TWICE = "p_pair_02_viewer"
"""This person took part twice: in room_pair_02 and alone in room_solo_02."""

TRICKY = ("room_solo_23", "p_solo_23 (é/#?&%)")
"""An ID that must be encoded in every address."""
FROM_PROLIFIC = (11, 17)
"""Numbers of the solo rooms whose participant came from Prolific and has an ID of that kind."""

LIVE_ROOM = "room_live_01"
"""Always running: rows appear as time goes, and the session begins again when it is over."""

SEED_ROOM = "room_abc123"
SEED_PARTICIPANT = "user_xyz789"
"""The IDs of the API documentation's examples."""
