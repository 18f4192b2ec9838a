"""Instants and onsets as the service writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hs_jupyter.demo_study.cast import Room


def iso(epoch_ms: float) -> str:
    """Spell epoch milliseconds as ISO 8601, UTC, always with milliseconds.

    Examples
    --------
    >>> iso(0)
    '1970-01-01T00:00:00.000Z'
    """
    instant = datetime.fromtimestamp(round(epoch_ms) / 1000, UTC)
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def iso_sparing(epoch_ms: float) -> str:
    """Like `iso`, but whole seconds come without a fraction, as the service sometimes writes them."""
    return iso(epoch_ms).replace(".000Z", "Z")


def isos(epoch_ms: NDArray[np.int64]) -> list[str]:
    """Spell many instants at once."""
    return [one + "Z" for one in np.datetime_as_string(epoch_ms.astype("datetime64[ms]"), unit="ms").tolist()]


def epoch_ms(text: str) -> float:
    """Read an ISO 8601 instant; without a zone it is UTC.

    Raises
    ------
    ValueError
        When the text is no instant.

    Examples
    --------
    >>> epoch_ms("1970-01-01T00:00:01Z")
    1000.0
    """
    instant = datetime.fromisoformat(text.strip())
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp() * 1000


def at(room: Room, onset_sec: float) -> dict[str, Any]:
    """Write both clocks of a moment in a room: ``timestamp`` and ``onset`` in milliseconds."""
    onset = round(float(onset_sec) * 1000)
    return {"timestamp": iso(room.start_ms + onset), "onset": onset}
