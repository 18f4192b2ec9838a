"""The tables of a scope, read once: what any chart of them draws from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from hs_jupyter.charts.columns import PARTICIPANT, ROOM, SENDER, UNKNOWN, coded, natural
from hs_jupyter.charts.marks import Marks, marks_of
from hs_jupyter.charts.recordings import Media, media_of
from hs_jupyter.charts.series import Pieces, Series, series_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    import pyarrow as pa
    from numpy.typing import NDArray

DRAWN = ("ratings", "ratings_sparse", "sync", "events", "chat", "recordings")
"""The tables that can be drawn, by the catalogue's names, in the order of their rows."""


@dataclass(frozen=True)
class Sources:
    """What can be drawn of a scope.

    Attributes
    ----------
    ratings, sparse, drift, quality
        Series: continuous ratings, ratings at moments, drift in ms and quality of synchronization.
    events, chat, recordings
        Marks and spans; None without any.
    counts
        For each table that was given, its rows, and how many of them have a place in a chart.
    rooms
        How many rooms they come from.
    """

    ratings: list[Series]
    sparse: list[Series]
    drift: list[Series]
    quality: list[Series]
    events: Marks | None
    chat: Marks | None
    recordings: Media | None
    counts: Mapping[str, tuple[int, int]]
    rooms: int

    @cached_property
    def people(self) -> tuple[str, ...]:
        """Everyone drawn, in natural order."""
        found = {one.participant for one in (*self.ratings, *self.sparse, *self.drift, *self.quality)}
        for marks in (self.events, self.chat, self.recordings):
            found |= marks.people if marks else set()
        return tuple(sorted(found, key=natural))

    @cached_property
    def scales(self) -> tuple[str, ...]:
        """The scales of continuous and sparse ratings, in natural order."""
        return tuple(sorted({one.scale for one in (*self.ratings, *self.sparse)}, key=natural))

    @cached_property
    def domain(self) -> tuple[float, float]:
        """The closed span of all onsets in seconds, one second at least."""
        ends = [one.onset_sec[[0, -1]] for one in (*self.ratings, *self.sparse, *self.drift, *self.quality)]
        ends += [one.onset_sec[[0, -1]] for one in (self.events, self.chat) if one]
        if self.recordings:
            spans = self.recordings.spans(-np.inf)
            ends += [spans.start_sec, spans.end_sec]
        return _span(ends)

    def without(
        self,
        *,
        participants: Collection[str] = (),
        scales: Collection[str] = (),
        categories: Collection[str] = (),
        fields: Collection[str] = (),
    ) -> Sources:
        """Leave out participants, scales of ratings, categories of events, and whole fields of the sources."""
        people, lanes = frozenset(participants), frozenset(categories)

        def seen(field: str, series: list[Series], scales: Collection[str] = ()) -> list[Series]:
            if field in fields:
                return []
            return [one for one in series if one.participant not in people and one.scale not in scales]

        return replace(
            self,
            ratings=seen("ratings", self.ratings, scales),
            sparse=seen("sparse", self.sparse, scales),
            drift=seen("drift", self.drift),
            quality=seen("quality", self.quality),
            events=None if "events" in fields else _without(self.events, people, lanes),
            chat=None if "chat" in fields else _without(self.chat, people),
            recordings=None if "recordings" in fields else _media_without(self.recordings, people),
        )


def read_sources(tables: Mapping[str, pa.Table], long: Mapping[str, Pieces] | None = None) -> Sources:
    """Read what can be drawn of tables by the catalogue's names; other tables are ignored.

    Parameters
    ----------
    tables
        Arrow tables.
    long
        Tables of samples that are read piece by piece.
    """
    tables = {name: tables[name] for name in DRAWN if name in tables}
    lines: dict[str, pa.Table | Pieces] = {**tables, **(long or {})}
    ratings, sparse = (
        _series(lines, "ratings", "value_norm"),
        _series(lines, "ratings_sparse", "value_norm"),
    )
    drift, quality = _series(lines, "sync", "timeDrift"), _series(lines, "sync", "syncQuality")
    events = marks_of(tables.get("events"), PARTICIPANT, "category")
    chat = marks_of(tables.get("chat"), SENDER, SENDER)
    recordings = media_of(tables.get("recordings"))
    drawn = {
        "ratings": samples(ratings),
        "ratings_sparse": samples(sparse),
        "sync": max(samples(drift), samples(quality)),
        "events": length(events),
        "chat": length(chat),
        "recordings": length(recordings),
    }
    rooms = {one.room for one in (*ratings, *drift)}
    if events:
        names = coded(events.table, ROOM, UNKNOWN)
        rooms |= {names.names[one] for one in np.unique(names.codes[events.row])}
    counts = {name: (table.num_rows, drawn[name]) for name, table in lines.items()}
    return Sources(ratings, sparse, drift, quality, events, chat, recordings, counts, len(rooms))


def _series(tables: Mapping[str, pa.Table | Pieces], name: str, value: str) -> list[Series]:
    return series_of(tables[name], value) if name in tables else []


def samples(series: list[Series]) -> int:
    """Count the samples of some series."""
    return sum(len(one.onset_sec) for one in series)


def length(marks: Marks | Media | None) -> int:
    """Count marks or recordings."""
    return len(marks.row) if marks else 0


def _span(ends: Iterable[NDArray[np.float64]]) -> tuple[float, float]:
    every = np.concatenate([np.zeros(0), *ends])
    every = every[np.isfinite(every)]
    if not len(every):
        return 0.0, 1.0
    start, end = float(np.floor(every.min() * 1000) / 1000), float(np.ceil(every.max() * 1000) / 1000)
    return (start, end) if end - start >= 1 else (start - 0.5, start + 0.5)


def _without(
    marks: Marks | None, people: frozenset[str], lanes: frozenset[str] = frozenset()
) -> Marks | None:
    if marks is None or not (people or lanes):
        return marks
    kept = ~(marks.participant.among(people) | marks.lane.among(lanes))
    return marks.where(kept) if kept.any() else None


def _media_without(media: Media | None, people: frozenset[str]) -> Media | None:
    if media is None or not people:
        return media
    kept = ~media.participant.among(people)
    return media.where(kept) if kept.any() else None
