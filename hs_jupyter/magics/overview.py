"""``%hs`` alone: one screen that says where one is and what to type next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hs_jupyter.magics.summary import printable

if TYPE_CHECKING:
    from hs_jupyter.api.connection import Connection

_DEMO_LINES = (
    ("%hs experiments", "what there is"),
    ("%hs events room room_pair_01", "what was logged in one room, as a table"),
    ("%hs plot room room_pair_01", "the room's linked chart"),
)
_STUDY_LINES = (
    ("%hs experiments", "the experiments this key may see"),
    ("%hs rooms EXP", "the rooms of one of them"),
    ("%hs plot room ID", "the linked chart of a room"),
)
_FIRST_LINES = (
    ("%hs demo", "the demo study: no key, no network"),
    ("%hs login", "your own study; the key is asked for with a hidden prompt"),
    ("%hs help", "all verbs"),
)


def overview_text(connection: Connection) -> str:
    """Say what is connected, as whom, with which key (masked), and three useful next lines."""
    if connection.demo:
        state, lines = "DEMO STUDY: invented people on this machine", _DEMO_LINES
    elif connection.api_key:
        state, lines = "connected", _STUDY_LINES
    else:
        state, lines = "not connected: no key", _FIRST_LINES
    key = f"{connection.masked_key} from {connection.key_source}" if connection.api_key else "none"
    facts = [
        ("study", state),
        ("base URL", connection.base_url),
        ("organization", connection.organization or "the key's own"),
        ("key", key),
    ]
    width = max(len(line) for line, _ in lines)
    return "\n".join(
        [
            *(printable(f"{name:<12}  {value}") for name, value in facts),
            "",
            "next:",
            *(f"  {line:<{width}}  # {meaning}" for line, meaning in lines),
        ]
    )
