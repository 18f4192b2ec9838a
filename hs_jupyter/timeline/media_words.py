"""What a media event says about the film, read from its type however it is spelled."""

from __future__ import annotations

import re

_WORDS = (
    ("seeks", re.compile(r"\w*seek\w*")),
    ("buffered", re.compile(r"(buffer\w*|stall\w*?|waiting)(end|stop|over)\w*")),
    ("buffers", re.compile(r"(buffer|stall|waiting)\w*")),
    ("plays", re.compile(r"(play|playing|played|resume\w*|start|started)")),
    ("pauses", re.compile(r"(pause\w*|stop\w*)")),
    ("ends", re.compile(r"(end|ended|complete\w*|finish\w*)")),
)
"""What follows ``media.`` in an event's type, in letters alone; the names of buffering are not documented."""


def media_word(event_type: str | None) -> str:
    """Return ``plays``, ``pauses``, ``buffers``, ``buffered``, ``seeks``, ``ends``, or nothing.

    Examples
    --------
    >>> media_word("media.play"), media_word("media.buffering_end"), media_word("state.enter")
    ('plays', 'buffered', '')
    """
    letters = re.sub(r"[^a-z]", "", (event_type or "").lower())
    if not letters.startswith("media"):
        return ""
    rest = letters.removeprefix("media")
    return next((word for word, form in _WORDS if form.fullmatch(rest)), "")
