"""``%hs`` alone: one screen that says where one is and what to type next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hs_jupyter.magics.summary import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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


def overview_text(connection: Connection, stored: Sequence[Mapping[str, Any]] | None = None) -> str:
    """Say what is connected, as whom, with which key (masked), what is stored, and three next lines.

    Parameters
    ----------
    connection
        The connection as it stands.
    stored
        One record per table kept, with ``rows`` and ``bytes``; None where nothing can be kept.
    """
    if connection.folder is not None:
        state = "a mirrored study: read-only, no key, no network"
        lines = _DEMO_LINES if connection.demo else _STUDY_LINES
    elif connection.demo:
        state, lines = "DEMO STUDY: invented people on this machine", _DEMO_LINES
    elif connection.api_key:
        state, lines = "connected", _STUDY_LINES
    else:
        state, lines = "not connected: no key", _FIRST_LINES
    key = f"{connection.masked_key} from {connection.key_source}" if connection.api_key else "none"
    if connection.folder is not None:
        facts = [
            ("study", ("DEMO STUDY, " if connection.demo else "") + state),
            ("folder", str(connection.folder)),
        ]
    else:
        facts = [
            ("study", state),
            ("base URL", connection.base_url),
            ("organization", connection.organization or "the key's own"),
            ("key", key),
        ]
    if stored is not None:
        facts.append(("stored", _stored(stored)))
    width = max(len(line) for line, _ in lines)
    return "\n".join(
        [
            *(printable(f"{name:<12}  {value}") for name, value in facts),
            "",
            "next:",
            *(f"  {line:<{width}}  # {meaning}" for line, meaning in lines),
        ]
    )


def _stored(stored: Sequence[Mapping[str, Any]]) -> str:
    if not stored:
        return "nothing yet"
    rows, size = (sum(one[name] for one in stored) for name in ("rows", "bytes"))
    return f"{len(stored):,} tables, {rows:,} rows, {size / 1e6:,.1f} MB (%hs store)"
