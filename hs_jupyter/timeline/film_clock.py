"""Which second of which film one player showed at each onset, from what that player logged.

Between two words of a log the film ran or stood still. A stretch that ran is known where the log gives its
position at one end at least: at one end, it went on at normal speed; at both, it lies on the straight line
between them, if the two agree to a second (players are sped up and slowed down by up to 5%, and pulled
together by up to 0.6 s). Where they do not agree something was not logged, and the stretch stays unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

AGREE_SEC = 1.0
"""Two positions that differ by more are not the same: the service itself corrects what exceeds 0.6 s."""
NAN = float("nan")


class Said(NamedTuple):
    """One word of a player's log.

    Attributes
    ----------
    onset_sec
        When, in seconds of onset.
    word
        ``plays``, ``pauses``, ``buffers``, ``buffered``, ``seeks`` or ``ends``.
    position_sec, length_sec
        The film's position and length in seconds; NaN where not logged. A seek's position is its target.
    film
        The film's ID; empty where not logged.
    """

    onset_sec: float
    word: str
    position_sec: float = NAN
    film: str = ""
    length_sec: float = NAN


@dataclass(frozen=True)
class FilmClock:
    """Stretches of onsets at which the film's position is known, in order, not overlapping.

    Attributes
    ----------
    start_sec, end_sec
        Seconds of onset, shape (n,).
    from_sec, to_sec
        Seconds of film at the stretch's two ends; equal where the film stood still.
    film
        The film of each stretch, a list of n IDs; empty text where no film was named.
    """

    start_sec: Floats
    end_sec: Floats
    from_sec: Floats
    to_sec: Floats
    film: list[str]

    def read(self, onset_sec: Floats) -> tuple[Floats, NDArray[np.int64]]:
        """Return the film's position at each onset, NaN where unknown, and its stretch, -1 where none.

        Examples
        --------
        >>> one = film_clock([Said(10.0, "plays", 0.0), Said(20.0, "pauses", 10.0), Said(35.0, "plays")])
        >>> one.read(np.array([5.0, 12.5, 30.0, 36.0]))[0].tolist()
        [nan, 2.5, 10.0, nan]
        """
        if not self.film:
            return np.full(len(onset_sec), NAN), np.full(len(onset_sec), -1)
        at = np.searchsorted(self.start_sec, onset_sec, side="right") - 1
        at = np.where((at >= 0) & (onset_sec <= self.end_sec[at]), at, -1)
        took = self.end_sec - self.start_sec
        speed = np.divide(self.to_sec - self.from_sec, took, out=np.zeros_like(took), where=took > 0)
        position = self.from_sec[at] + (onset_sec - self.start_sec[at]) * speed[at]
        return np.where(at >= 0, np.round(position, 6), NAN), at


@dataclass
class _Stretch:
    """From one word to the next: positions are NaN as long as they are not known."""

    start_sec: float
    end_sec: float
    runs: bool
    from_sec: float
    to_sec: float
    film: str
    length_sec: float
    joins: bool
    """The position carries over from the stretch before."""
    closed: bool
    """The next word speaks of the same showing of the same film."""
    may_rewind: bool
    """The next word may set the film back: after a pause it may go on some seconds earlier."""
    contradicts: bool = False

    def settle(self, before: _Stretch | None) -> None:
        """Find the two positions from what is logged, else from the stretch before."""
        if not np.isfinite(self.from_sec) and self.joins and before is not None:
            self.from_sec = before.to_sec
        if not self.runs:
            self._stand()
        elif self.closed and np.isfinite(self.to_sec):
            self._arrive()
        else:
            self._run_on()
        if self.contradicts:
            self.from_sec = self.to_sec = NAN

    def settle_from(self, after: _Stretch) -> None:
        """Find positions of which nothing is known from the stretch that goes on from here."""
        if np.isfinite(self.from_sec) or self.contradicts or not (self.closed and after.joins):
            return
        self.to_sec = after.from_sec
        self.from_sec = self.to_sec - (self.end_sec - self.start_sec if self.runs else 0.0)
        if self.from_sec < -AGREE_SEC:
            self.from_sec = self.to_sec = NAN

    def _stand(self) -> None:
        moved = self.to_sec - self.from_sec
        self.contradicts = moved > AGREE_SEC or (moved < -AGREE_SEC and not self.may_rewind)
        self.to_sec = self.from_sec = self.from_sec if self.closed else NAN

    def _arrive(self) -> None:
        """Run to a position that is logged."""
        took = self.end_sec - self.start_sec
        if not np.isfinite(self.from_sec):
            self.from_sec = self.to_sec - took
        self.contradicts = abs(self.to_sec - self.from_sec - took) > AGREE_SEC or self.from_sec < -AGREE_SEC

    def _run_on(self) -> None:
        """Run from a position at normal speed, no farther than the film is long."""
        until = self.start_sec + self.length_sec - self.from_sec
        if np.isfinite(until):
            self.end_sec = max(self.start_sec, min(self.end_sec, until))
        elif not self.closed:
            self.end_sec = self.start_sec
        self.to_sec = self.from_sec + self.end_sec - self.start_sec


def film_clock(said: Sequence[Said], play_from_sec: float | None = None) -> FilmClock:
    """Make the clock of one player.

    Parameters
    ----------
    said
        The player's log in order of time.
    play_from_sec
        Position of a film's first play where the log does not give it; by default it is unknown.

    Notes
    -----
    Before the first play, after an end, and after a pause that nothing follows, nothing is known. After a
    play that nothing follows the film runs on to its length; if the log does not give that, nothing is known.
    """
    stretches = list(_stretches(said, play_from_sec))
    for before, one in zip([None, *stretches], stretches, strict=False):
        one.settle(before)
    for one, after in reversed(list(pairwise(stretches))):
        one.settle_from(after)
    known = [one for one in stretches if np.isfinite(one.from_sec) and one.end_sec > one.start_sec]
    columns = np.array([(one.start_sec, one.end_sec, one.from_sec, one.to_sec) for one in known], float)
    start, end, first, last = columns.reshape(-1, 4).T
    return FilmClock(start, end, first, last, [one.film for one in known])


def _stretches(said: Sequence[Said], play_from_sec: float | None) -> Iterator[_Stretch]:
    state, wanted, film, length = "off", False, "", NAN
    for number, here in enumerate(said):
        after = said[number + 1] if number + 1 < len(said) else None
        if here.film and film and here.film != film:
            state, length = "off", NAN
        film = here.film or film
        length = here.length_sec if np.isfinite(here.length_sec) else length
        was, state, wanted = state, *_next(state, here, wanted=wanted)
        if state in _SHOWS_NOTHING:
            continue
        first, last, closed = here.position_sec, NAN, False
        if was in _SHOWS_NOTHING and not np.isfinite(first) and play_from_sec is not None:
            first = play_from_sec
        if after is not None and after.film in {"", film}:
            closed = not (state == "runs" and _plays_again(here, after, length))
            if after.word != "seeks":  # a seek gives its target
                ended = after.word == "ends" and not np.isfinite(after.position_sec)
                last = length if ended else after.position_sec
        yield _Stretch(
            start_sec=here.onset_sec,
            end_sec=np.inf if after is None else after.onset_sec,
            runs=state == "runs",
            from_sec=first,
            to_sec=last,
            film=film,
            length_sec=length,
            joins=was not in _SHOWS_NOTHING and here.word != "seeks",
            closed=closed,
            may_rewind=after is not None and after.word in {"plays", "seeks"},
        )


_SHOWS_NOTHING = ("off", "over")


def _next(state: str, here: Said, *, wanted: bool) -> tuple[str, bool]:
    """Say whether the film runs, stands, is off or over, and whether it is to run once it has data."""
    if here.word in {"plays", "ends"}:
        return ("runs", True) if here.word == "plays" else ("over", False)
    if state == "off" and here.word == "pauses" and np.isfinite(here.position_sec):
        return "stands", False  # nobody pauses what is not shown: its play is not in the log
    if state in _SHOWS_NOTHING or here.word == "seeks":
        return state, wanted
    if here.word == "buffered":
        return ("runs" if wanted else "stands"), wanted
    return "stands", wanted and here.word == "buffers"


def _plays_again(here: Said, after: Said, length_sec: float) -> bool:
    """Tell a replay before which the end was not logged: the film had the time to reach it."""
    reached = here.position_sec + after.onset_sec - here.onset_sec
    return after.word == "plays" and after.position_sec < AGREE_SEC and reached > length_sec - AGREE_SEC
