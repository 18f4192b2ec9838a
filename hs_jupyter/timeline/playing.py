"""When the film ran in a room, from its media events; and the film's own time, which stands still at pauses.

A room watches together: everybody's player logs the same plays and pauses some tenths of a second apart. So
the film runs from the moment anybody logs a play until anybody logs a pause, a buffering or the end: the last
word counts. Somebody who is away and misses a pause misleads nobody while another one logs it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hs_jupyter.timeline.media_words import media_word

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_SPOKEN = frozenset({"plays", "pauses", "buffers", "buffered", "ends"})
"""A seek leaves the film running, or not, as it was."""


@dataclass(frozen=True)
class Playing:
    """The spans in which a film ran, in order, not overlapping.

    Attributes
    ----------
    start_sec, end_sec
        Seconds of onset; the last end is infinite where no end was logged.
    showing
        Which showing a span belongs to: 0, 1, 2...; a showing goes from its first play to its end, over pauses.
    """

    start_sec: Floats
    end_sec: Floats
    showing: NDArray[np.int64]

    @property
    def length_sec(self) -> float:
        """Seconds of film."""
        return float((self.end_sec - self.start_sec).sum())

    def within(self, first_sec: float, last_sec: float) -> Playing:
        """Cut the spans to a closed window of onsets.

        Examples
        --------
        >>> one = Playing(np.array([0.0]), np.array([np.inf]), np.array([0]))
        >>> one.within(5.0, 9.0).length_sec
        4.0
        """
        start, end = np.maximum(self.start_sec, first_sec), np.minimum(self.end_sec, last_sec)
        kept = end > start
        return Playing(start[kept], end[kept], self.showing[kept])

    def showings(self, onset_sec: Floats) -> Playing:
        """Keep the showings in which one of these onsets lies."""
        span = self._span(onset_sec)
        kept = np.isin(self.showing, self.showing[span[span >= 0]])
        return Playing(self.start_sec[kept], self.end_sec[kept], self.showing[kept])

    def runs(self, onset_sec: Floats) -> NDArray[np.bool_]:
        """Tell at which onsets the film ran."""
        return self._span(onset_sec) >= 0

    def film_sec(self, onset_sec: Floats) -> Floats:
        """Return the seconds of film that ran until each onset; there is at least one span, and all end.

        Examples
        --------
        >>> two = Playing(np.array([10.0, 30.0]), np.array([20.0, 40.0]), np.array([0, 0]))
        >>> two.film_sec(np.array([0.0, 15.0, 25.0, 31.0, 99.0])).tolist()
        [0.0, 5.0, 10.0, 11.0, 20.0]
        """
        knots = np.column_stack([self.start_sec, self.end_sec]).ravel()
        ran = np.cumsum(self.end_sec - self.start_sec)
        reached = np.column_stack([np.concatenate([[0.0], ran[:-1]]), ran]).ravel()
        ran_until: Floats = np.interp(onset_sec, knots, reached)
        return ran_until

    def _span(self, onset_sec: Floats) -> NDArray[np.int64]:
        """Give each onset the span it lies in, -1 for none."""
        if not len(self.start_sec):
            return np.full(len(onset_sec), -1)
        span = np.searchsorted(self.start_sec, onset_sec, side="right") - 1
        return np.where((span >= 0) & (onset_sec <= self.end_sec[span]), span, -1)


def playing_by_room(events: pa.Table) -> dict[str, Playing]:
    """Read the spans in which films ran, for each room that logged a play.

    Parameters
    ----------
    events
        ``roomId``, ``onset_sec``, ``eventType``; events that are not ``media.…`` do not count.
    """
    if not events.num_rows:
        return {}
    rooms, onsets, kinds = (events[name].to_pylist() for name in ("roomId", "onset_sec", "eventType"))
    said: dict[str, list[tuple[float, str]]] = {}
    words = {kind: media_word(kind) for kind in set(kinds)}
    for room, onset, kind in zip(rooms, onsets, kinds, strict=True):
        if onset is not None and np.isfinite(onset) and words[kind] in _SPOKEN:
            said.setdefault(room or "", []).append((onset, words[kind]))
    # stable by onset alone: two words of one moment keep the order in which they came
    spans = {room: playing(sorted(one, key=lambda pair: pair[0])) for room, one in said.items()}
    return {room: one for room, one in spans.items() if len(one.start_sec)}


def playing(said: Iterable[tuple[float, str]]) -> Playing:
    """Make spans of what the players of a room said, in order of time.

    Parameters
    ----------
    said
        Onset in seconds, and ``plays``, ``pauses``, ``buffers``, ``buffered`` or ``ends``.

    Examples
    --------
    >>> one = playing([(1.0, "plays"), (5.0, "pauses"), (8.0, "plays"), (9.0, "ends"), (9.1, "ends")])
    >>> one.start_sec.tolist(), one.end_sec.tolist(), one.showing.tolist()
    ([1.0, 8.0], [5.0, 9.0], [0, 0])
    """
    spans: list[tuple[float, float, int]] = []
    begun: float | None = None
    showing, wanted = 0, False
    for onset, word in said:
        goes = word == "plays" or (word == "buffered" and wanted)
        if goes and begun is None:
            begun = onset
        elif not goes and begun is not None:
            spans.append((begun, onset, showing))
            begun = None
        if word in {"plays", "pauses", "ends"}:
            wanted = word == "plays"
        if word == "ends" and spans and spans[-1][2] == showing:
            showing += 1
    if begun is not None:
        spans.append((begun, np.inf, showing))
    kept = [one for one in spans if one[1] > one[0]]
    start, end, number = zip(*kept, strict=True) if kept else ((), (), ())
    return Playing(np.array(start, float), np.array(end, float), np.array(number, np.int64))
