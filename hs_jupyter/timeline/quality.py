"""How good continuous ratings are: one row per participant and scale, with what to look at first.

Time is the film's where the room's media events tell when it ran: pauses, at which many sliders are not
sampled, are then neither expected nor lost. A showing counts for a scale if anybody in the room rated on it
during the showing. Where no play was logged, ``expected`` and ``coverage`` are missing, and a silence may be
a pause: it is measured, and never called a gap.

The usual step between samples is the smallest of the median steps on that scale in the room: who loses every
second sample has a median step of twice the setting, and must not be measured by it. (Alone in a room,
nobody tells.) All numbers of a row come from its room alone, so they are the same at every scope.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

from hs_jupyter.catalog.quality import QUALITY, STATUSES
from hs_jupyter.tables.values import arrow_field
from hs_jupyter.timeline.columns import floats, parted
from hs_jupyter.timeline.gaps import gap_threshold_sec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from hs_jupyter.timeline.playing import Playing

    Floats = NDArray[np.float64]
    Key = tuple[str, ...]

MIN_STEPS = 20
"""Fewer steps tell no rhythm: at the default setting these are five seconds."""
SPARSE_BELOW = 0.9
"""Coverage below which a series is sparse: some lost samples and a resting hand are a few hundredths."""
LONG_GAP_SEC = 20.0
"""A gap to look at: a hand rests for some ten seconds, a reconnect takes two; in twenty a scene has passed."""
DROPPED_OUT_SEC = 60.0
"""Film that ran on after the last sample: the service, too, waits a minute for somebody to come back."""
STUCK_SEC = 120.0
"""A slider that stands still so long: in calm scenes people leave it for half a minute, up to a minute."""
UNTOUCHED_SEC = 30.0
"""A slider that never moved at all is stuck after so long: short clips have no two minutes."""
LATE_MS = 200.0
"""Drift to look at, if more than a twentieth of the metrics exceed it: it is the upper mark of the
service's own indicator while a session runs, and some tens of milliseconds are ordinary."""

_LEFT = {"ABANDONED", "TIMEOUT", "DISCONNECTTIMEOUT", "NOCONSENT", "DISCONNECTED"}
_CUT = {"TECHNICAL"}


class _Series(NamedTuple):
    """One slider of one participant, by onset."""

    key: Key
    onset_sec: Floats
    value: Floats


class _Drift(NamedTuple):
    """How a participant's film kept up: numbers, and what is to be said of them."""

    median_ms: float | None
    p95_abs_ms: float | None
    status: str
    at_sec: float | None


def quality_table(
    ratings: pa.Table,
    *,
    sync: pa.Table | None = None,
    participants: pa.Table | None = None,
    playing: Mapping[str, Playing] | None = None,
) -> pa.Table:
    """Measure every slider of every participant.

    Parameters
    ----------
    ratings
        Continuous ratings: ``roomId``, ``participantId``, ``componentId``, ``onset_sec``, ``value_norm``.
        Rows without an onset or a value do not count.
    sync
        ``roomId``, ``participantId``, ``onset_sec``, ``timeDrift`` in ms.
    participants
        ``roomId``, ``participantId``, ``status``, ``completionCode``: who of them has no rating appears, too.
    playing
        When the film ran, by room (`hs_jupyter.timeline.playing.playing_by_room`).

    Returns
    -------
    pyarrow.Table
        The columns of `hs_jupyter.catalog.quality.QUALITY`. The worst status comes first, so that the top
        of the table is the work list; within a status rows go by room, participant and scale.
    """
    series = list(_by_key(ratings, ("roomId", "participantId", "componentId"), "value_norm"))
    metrics = [] if sync is None else list(_by_key(sync, ("roomId", "participantId"), "timeDrift"))
    drifts = {one.key: _drift(one) for one in metrics}
    endings = _endings(participants)
    films = _films(series, metrics, playing or {})
    steps = _usual_steps(series)
    rows = []
    for one in series:
        room, person, scale = one.key
        row = _measured(one, films.get((room, scale)), steps.get((room, scale)))
        ending = endings.get((room, person)) or endings.get(("", person), "")
        rows.append(_judged(row, ending, drifts.get((room, person))))
    # a list that names no room speaks of the participant wherever it was
    rated = {place for one in series for place in (one.key[:2], ("", one.key[1]))}
    for room, person in endings.keys() - rated:
        row = {"roomId": room, "participantId": person, "samples": 0, "status": "no data"}
        rows.append(row | _drift_columns(drifts.get((room, person))))
    rows.sort(key=_rank)
    fields = [arrow_field(column.name, column.type) for column in QUALITY.columns]
    cells = [{name: _cell(name, value) for name, value in row.items()} for row in rows]
    return pa.Table.from_pylist(cells, pa.schema(fields))


def _measured(one: _Series, film: Playing | None, step_sec: float | None) -> dict[str, Any]:
    room, person, scale = one.key
    joined_sec = gap_threshold_sec(one.onset_sec)
    gap_sec, gap_at_sec, after_sec = _longest_gap(one.onset_sec, film, joined_sec)
    stuck_sec, stuck_at_sec = _longest_stillness(one, film, joined_sec)
    expected = round(film.length_sec / step_sec) if film and step_sec else None
    coverage = None
    if film and expected:
        coverage = min(1.0, int(film.runs(np.unique(one.onset_sec)).sum()) / expected)
    low, high = np.percentile(one.value, [5, 95])
    return {
        "roomId": room,
        "participantId": person,
        "componentId": scale,
        "samples": len(one.onset_sec),
        "expected": expected,
        "coverage": coverage,
        "longest_gap_sec": gap_sec,
        "stuck_sec": stuck_sec,
        "spread": float(high - low),
        "_film": film is not None,
        "_first": float(one.onset_sec[0]),
        "_last": float(one.onset_sec[-1]),
        "_gap_at": gap_at_sec,
        "_after": after_sec,
        "_stuck_at": stuck_at_sec,
        "_untouched": bool((one.value == one.value[0]).all()),
    }


def _longest_gap(onset_sec: Floats, film: Playing | None, joined_sec: float) -> tuple[float, float, float]:
    """Return the longest step that joins no samples, where it begins, and the film after the last sample."""
    edges, clock = onset_sec, onset_sec
    if film:  # what is missing at the film's two ends counts, too
        edges = np.concatenate([film.start_sec[:1], onset_sec, film.end_sec[-1:]])
        clock = film.film_sec(edges)
    steps = np.diff(clock)
    gaps = np.where(steps > joined_sec, steps, 0.0)
    if not gaps.any():
        return 0.0, float(edges[0]), 0.0
    longest = int(gaps.argmax())
    return float(gaps[longest]), float(edges[longest]), float(gaps[-1]) if film else 0.0


def _longest_stillness(one: _Series, film: Playing | None, joined_sec: float) -> tuple[float, float]:
    """Return how long the value stayed the same at most while it was sampled, and from when."""
    clock = film.film_sec(one.onset_sec) if film else one.onset_sec
    steps = np.where(np.diff(one.onset_sec) > joined_sec, 0.0, np.diff(clock))
    sampled_sec = np.concatenate([[0.0], np.cumsum(steps)])
    moves = np.flatnonzero(np.diff(one.value) != 0) + 1
    first, last = np.append(0, moves), np.append(moves, len(one.value)) - 1
    still = sampled_sec[last] - sampled_sec[first]
    longest = int(still.argmax())
    return float(still[longest]), float(one.onset_sec[first[longest]])


def _judged(row: dict[str, Any], ending: str, drift: _Drift | None) -> dict[str, Any]:
    """Name the worst that is to be said of a row, and where it begins."""
    untouched = row["_untouched"] and row["stuck_sec"] >= UNTOUCHED_SEC
    few = row["coverage"] < SPARSE_BELOW if row["coverage"] is not None else row["samples"] <= MIN_STEPS
    said = {
        "dropped out": (ending == "dropped out" or row["_after"] >= DROPPED_OUT_SEC, row["_last"]),
        "cut short": (ending == "cut short", row["_last"]),
        "gap": (row["_film"] and row["longest_gap_sec"] >= LONG_GAP_SEC, row["_gap_at"]),
        "sparse": (few, row["_gap_at"] if row["longest_gap_sec"] else row["_first"]),
        "stuck": (untouched or row["stuck_sec"] >= STUCK_SEC, row["_stuck_at"]),
        drift.status if drift else "": (bool(drift and drift.status), drift.at_sec if drift else None),
    }
    held = [name for name, (holds, _) in said.items() if holds]
    status = min(held, key=STATUSES.index) if held else "ok"
    look_at = {"look_at_sec": said[status][1]} if held else {}
    measured = {name: value for name, value in row.items() if not name.startswith("_")}
    return measured | {"status": status} | look_at | _drift_columns(drift)


def _drift(one: _Series) -> _Drift:
    far = np.abs(one.value) > LATE_MS
    median, p95 = float(np.median(one.value)), float(np.percentile(np.abs(one.value), 95))
    if p95 <= LATE_MS:
        return _Drift(median, p95, "", None)
    # from the longest run of far metrics: a single one may be any moment's spike
    edges = np.flatnonzero(np.diff(np.concatenate([[False], far, [False]])))
    first, last = edges[::2], edges[1::2]
    at = one.onset_sec[first[int((last - first).argmax())]]
    return _Drift(median, p95, "late" if np.median(one.value[far]) < 0 else "ahead", float(at))


def _drift_columns(drift: _Drift | None) -> dict[str, float | None]:
    return {"drift_median_ms": drift.median_ms, "drift_p95_abs_ms": drift.p95_abs_ms} if drift else {}


def _usual_steps(series: list[_Series]) -> dict[tuple[str, str], float]:
    """Return the usual step in seconds of each room's scales, where one of its series tells it."""
    found: dict[tuple[str, str], float] = {}
    for one in series:
        steps = np.diff(one.onset_sec)
        steps = steps[steps > 0]
        if len(steps) >= MIN_STEPS:
            place = (one.key[0], one.key[2])
            found[place] = min(found.get(place, np.inf), float(np.median(steps)))
    return found


def _films(
    series: list[_Series], metrics: list[_Series], playing: Mapping[str, Playing]
) -> dict[tuple[str, str], Playing]:
    """Choose the film that each room's scales were for; an end that was not logged is the last thing known."""
    last: dict[str, float] = {}
    for one in (*series, *metrics):
        last[one.key[0]] = max(last.get(one.key[0], -np.inf), float(one.onset_sec[-1]))
    rated: dict[tuple[str, str], list[Floats]] = {}
    for one in series:
        rated.setdefault((one.key[0], one.key[2]), []).append(one.onset_sec)
    films = {}
    for (room, scale), onsets in rated.items():
        if room in playing:
            film = playing[room]
            film = film.within(-np.inf, max(last[room], _last_logged(film))).showings(np.concatenate(onsets))
            if len(film.start_sec):
                films[room, scale] = film
    return films


def _last_logged(film: Playing) -> float:
    known = film.end_sec[np.isfinite(film.end_sec)]
    return float(known[-1]) if len(known) else -np.inf


def _endings(participants: pa.Table | None) -> dict[Key, str]:
    """Say of each participant how it ended: ``dropped out``, ``cut short`` or nothing special."""
    found: dict[Key, str] = {}
    if participants is None:
        return found
    names = ("roomId", "participantId", "completionCode", "status")
    for room, person, code, status in zip(*(participants[name].to_pylist() for name in names), strict=True):
        if person:
            # the spelling of codes varies in its underscores; a status says how it ended where no code does
            word = "".join(char for char in str(code or status or "").upper() if char.isalpha())
            ending = "dropped out" if word in _LEFT else "cut short" if word in _CUT else ""
            found[room or "", person] = ending or found.get((room or "", person), "")
    return found


def _cell(name: str, value: Any) -> Any:
    """Round what nobody can measure: onsets come in milliseconds, drifts too."""
    if isinstance(value, float):
        return round(value, 1 if name.endswith("_ms") else 3 if name.endswith("_sec") else 4)
    return None if value == "" else value


def _rank(row: dict[str, Any]) -> tuple[Any, ...]:
    return (
        STATUSES.index(row["status"]),
        row["roomId"],
        row["participantId"],
        row.get("componentId", ""),
    )


def _by_key(table: pa.Table, names: Key, value_name: str) -> Iterator[_Series]:
    """Part a table into series by these columns, sorted by onset; rows that lack onset or value stay out."""
    onset, value = floats(table["onset_sec"]), floats(table[value_name])
    seen = np.flatnonzero(np.isfinite(onset) & np.isfinite(value))
    for key, rows in parted(table, names, onset, seen):
        yield _Series(key, onset[rows], value[rows])
