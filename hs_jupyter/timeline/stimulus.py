"""Film time of any rows that have an onset: which second of the film was on screen.

Every player of a room has a clock of its own, from its own log (`film_clock`). Where that knows nothing,
because the participant was away or logs nothing, the other players of the room say it, if all of them agree:
a room watches together, and where its players disagree it does not.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import orjson

from hs_jupyter.timeline.columns import coded, floats, parted
from hs_jupyter.timeline.film_clock import AGREE_SEC, NAN, FilmClock, Said, film_clock
from hs_jupyter.timeline.media_words import media_word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Log = dict[tuple[str, str], list[Said]]

PAYLOADS = ("data", "value", "metadata", "context")
"""Columns of events in which the service has kept a media event's position."""
STATES = ("stateId", "stateName")
"""Where the log does not name the film: a state shows one."""
_FILM_NAMES = ("mediaId", "videoId", "stimulusId")


class FilmTime(NamedTuple):
    """Film time of rows.

    Attributes
    ----------
    stimulus_sec
        Seconds of film, float64, shape (n,); NaN where unknown.
    film
        The film's ID, a list of n; None where unknown or not named.
    """

    stimulus_sec: Floats
    film: list[str | None]


def film_time(
    rows: pa.Table, events: pa.Table | None, sparse: pa.Table | None, play_from_sec: float | None = None
) -> FilmTime:
    """Find the film time of rows.

    Parameters
    ----------
    rows
        ``roomId``, ``participantId``, ``onset_sec``; ``stimulusTime`` (ms), ``sparseRatingData`` and
        ``stimulusId`` where rows bring their own film time. Texts that are missing are null.
    events
        ``roomId``, ``participantId``, ``onset_sec``, ``eventType``, and as JSON text `PAYLOADS`, `STATES`.
    sparse
        ``roomId``, ``participantId``, ``onset_sec``, ``stimulusTime`` (ms), ``stimulusId`` and as JSON text
        ``sparseRatingData``.
    play_from_sec
        As in `film_clock`.
    """
    clocks = room_clocks(_log(events, sparse), play_from_sec)
    position, films = np.full(rows.num_rows, NAN), np.full(rows.num_rows, None, object)
    onset = floats(rows["onset_sec"])
    for (room, person), mine in parted(
        rows, ["roomId", "participantId"], onset, np.flatnonzero(np.isfinite(onset))
    ):
        position[mine], films[mine] = clocks.get(room, _NOBODY).read(person, onset[mine])
    own, own_film = _own(rows)
    films = np.where(np.isfinite(own), own_film, films)
    return FilmTime(np.where(np.isfinite(own), own, position), films.tolist())


class RoomClock(NamedTuple):
    """The players of one room."""

    players: dict[str, FilmClock]
    together: bool
    """Whether they show the same second of the same film wherever two of them are known."""

    def read(self, participant: str, onset_sec: Floats) -> tuple[Floats, NDArray[np.object_]]:
        """Return film seconds and films: by the participant's own player, else by the others'."""
        own = self.players.get(participant)
        order = [own] if own is not None else []
        if self.together:
            order += [player for name, player in self.players.items() if name != participant]
        position, films = np.full(len(onset_sec), NAN), np.full(len(onset_sec), None, object)
        for player in order:
            lacks = np.flatnonzero(~np.isfinite(position))
            found, at = player.read(onset_sec[lacks])
            position[lacks] = found
            films[lacks] = np.array([*(film or None for film in player.film), None], object)[at]
        return position, films


_NOBODY = RoomClock({}, together=False)


def room_clocks(log: Log, play_from_sec: float | None = None) -> dict[str, RoomClock]:
    """Make the clocks of all players, room by room.

    Examples
    --------
    >>> log = {("r1", "p1"): [Said(5.0, "plays", 0.0, "vid_a", 600.0), Said(605.0, "ends")]}
    >>> room_clocks(log)["r1"].read("p2", np.array([65.0]))[0].tolist()
    [60.0]
    """
    rooms: dict[str, dict[str, FilmClock]] = {}
    for (room, person), said in log.items():
        if not room:  # rows of no room belong to nobody's session
            continue
        clock = film_clock(sorted(said, key=lambda one: one.onset_sec), play_from_sec)
        if clock.film:
            rooms.setdefault(room, {})[person] = clock
    return {room: RoomClock(players, _together(list(players.values()))) for room, players in rooms.items()}


def _together(players: Sequence[FilmClock]) -> bool:
    return all(_agree(one, other) for one, other in combinations(players, 2))


def _agree(one: FilmClock, other: FilmClock) -> bool:
    """Compare two players at the middles of all their stretches; half of those may differ, by a lost word."""
    at = np.concatenate([(each.start_sec + each.end_sec) / 2 for each in (one, other)])
    (position, stretch), (others, others_stretch) = one.read(at), other.read(at)
    both = np.flatnonzero(np.isfinite(position) & np.isfinite(others))
    if not len(both):
        return True
    films = [(one.film[a], other.film[b]) for a, b in zip(stretch[both], others_stretch[both], strict=True)]
    same_film = np.array([a == b or not (a and b) for a, b in films])
    near = np.abs(position[both] - others[both]) <= AGREE_SEC
    return bool((near & same_film).mean() > 0.5)  # noqa: PLR2004 - the greater part


def _log(events: pa.Table | None, sparse: pa.Table | None) -> Log:
    log: Log = {}
    if events is not None:
        for place, word in _media(events):
            log.setdefault(place, []).append(word)
    if sparse is not None:
        logged = set(log)
        for place, word in _pauses(sparse):
            # the two tables may name a film differently: a player that logs names its films itself
            log.setdefault(place, []).append(word._replace(film="") if place in logged else word)
    return log


def _media(events: pa.Table) -> Iterator[tuple[tuple[str, str], Said]]:
    onset = floats(events["onset_sec"])
    kinds, kind_of = coded(events["eventType"])
    words = [media_word(kind) for kind in kinds]
    spoken = np.flatnonzero(np.array([bool(words[kind]) for kind in kind_of], bool) & np.isfinite(onset))
    few = events.take(spoken)
    rooms, people = few["roomId"].to_pylist(), few["participantId"].to_pylist()
    payloads = [few[name].to_pylist() for name in PAYLOADS if name in few.column_names]
    states = [few[name].to_pylist() for name in STATES if name in few.column_names]
    for row, at in enumerate(spoken):
        told = _merged([column[row] for column in payloads])
        shown = next((column[row] for column in states if column[row]), "")
        word = Said(
            float(onset[at]),
            words[kind_of[at]],
            _number(told.get("currentTime")),
            _film(told) or str(shown),
            _length(told.get("duration")),
        )
        yield (rooms[row] or "", people[row] or ""), word


def _pauses(sparse: pa.Table) -> Iterator[tuple[tuple[str, str], Said]]:
    """Read the pauses in which questions were asked; where the pause is not logged, its question is in it."""
    own, films = _own(sparse)
    shown = floats(sparse["onset_sec"])
    rooms, people = sparse["roomId"].to_pylist(), sparse["participantId"].to_pylist()
    for row, text in enumerate(sparse["sparseRatingData"].to_pylist()):
        told = _object(text)
        names = ("mediaPauseOnset", "mediaResumeOnset", "actualPauseDuration")
        stopped, resumed, took = (_number(told.get(name)) / 1000 for name in names)
        stopped = _first(stopped, resumed - took, float(shown[row]))
        resumed = _first(resumed, stopped + took)
        if told and np.isfinite(stopped) and np.isfinite(own[row]):
            place = rooms[row] or "", people[row] or ""
            film = films[row] or ""
            yield place, Said(stopped, "pauses", float(own[row]), film)
            if np.isfinite(resumed):
                yield place, Said(resumed, "plays", NAN, film)


def _own(rows: pa.Table) -> tuple[Floats, NDArray[np.object_]]:
    """Read the film time and the film that rows bring: ``stimulusTime``, else ``videoRelativeTime``, in ms."""
    own, films = np.full(rows.num_rows, NAN), np.full(rows.num_rows, None, object)
    if "stimulusTime" in rows.column_names:
        own = floats(rows["stimulusTime"]) / 1000
    if "stimulusId" in rows.column_names:
        films[:] = rows["stimulusId"].to_pylist()
    if "sparseRatingData" in rows.column_names:
        for row, text in enumerate(rows["sparseRatingData"].to_pylist()):
            told = _object(text)
            if told:
                own[row] = _first(own[row], _number(told.get("videoRelativeTime")) / 1000)
                films[row] = films[row] or _film(told) or None
    return own, films


def _merged(texts: Sequence[str | None]) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for text in texts:
        found = _object(text) | found
    return found


def _object(text: str | None) -> dict[str, Any]:
    try:
        value = orjson.loads(text) if text else None
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def _film(told: Mapping[str, Any]) -> str:
    return next((str(told[name]) for name in _FILM_NAMES if told.get(name)), "")


def _number(value: Any) -> float:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if plain and abs(value) < 1e15 else NAN  # noqa: PLR2004 - more is no time


def _length(value: Any) -> float:
    """Read a film's length in seconds; a player that does not know it yet says 0."""
    length = _number(value)
    return length if length > 0 else NAN


def _first(*values: float) -> float:
    return next((float(one) for one in values if np.isfinite(one)), NAN)
