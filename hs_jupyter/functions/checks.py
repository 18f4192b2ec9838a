"""How good the data are: ``quality``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hs_jupyter.errors import InputError, did_you_mean
from hs_jupyter.functions.manners import with_manner
from hs_jupyter.functions.plans import run_plan
from hs_jupyter.functions.records import tell
from hs_jupyter.functions.session import current_study
from hs_jupyter.progress import join
from hs_jupyter.query import Query, make_query
from hs_jupyter.scope import Scope, scope_of
from hs_jupyter.times import Instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from hs_jupyter.errors import HsError
    from hs_jupyter.timeline import Playing

_LOST = {
    "events": "when the film ran is not known: expected and coverage are missing, a silence may be a pause",
    "sync": "the drift columns are missing",
    "participants": "who has no rating at all, or left early, is not known",
}
"""What a row cannot say where a table cannot be read."""


@with_manner
def quality(
    *,
    experiment: str | None = None,
    room: str | None = None,
    participant: str | None = None,
    from_: Any = None,
    to: Any = None,
    as_: str = "pandas",
    progress: bool = True,
) -> Any:
    """Say how good the continuous ratings are, one row per participant and scale, the worst first.

    Time is film time where the room's media events tell when the film ran, so that pauses are not counted
    as loss; else ``expected`` and ``coverage`` are missing.

    Parameters
    ----------
    experiment, room, participant, from_, to, as_, progress
        As in `table`. A participant's rows are those of its room. In a window everything is counted
        there alone, but that a participant left early is said in every window.

    Returns
    -------
    pandas.DataFrame, polars.DataFrame, pyarrow.Table or list of dict
        - ``roomId``, ``participantId``, ``componentId`` (the scale)
        - ``status``, the first that holds: ``no data``; ``dropped out`` (the participant left, or 60 s of
          film or more ran on after the last sample); ``cut short`` (a technical end of the session);
          ``gap`` (20 s of film or more without a sample); ``sparse`` (coverage below 0.9, or 20 samples
          or fewer where it is not known); ``stuck`` (the slider did not move for 120 s, or never for
          30 s); ``late`` or ``ahead`` (a drift above 200 ms in more than 5% of the metrics); ``ok``
        - ``look_at_sec`` (s): the onset at which that begins
        - ``samples``; ``expected``: seconds of film / usual step between samples; ``coverage`` (0..1)
        - ``longest_gap_sec`` (s): the longest stretch of film without a sample, 0 if none is above 1 s and
          4 usual steps
        - ``stuck_sec`` (s): the longest stretch of film in which the slider was sampled and did not move
        - ``spread`` (0..1): the 95th minus the 5th percentile of ``value_norm``
        - ``drift_median_ms``, ``drift_p95_abs_ms`` (ms): median of the film's drift from the host's
          (negative: behind) and 95th percentile of its size; missing for hosts and who is alone

    Raises
    ------
    InputError
        If the participant is not in the room.
    ApiError, NetworkError, CredentialsError
        If the ratings cannot be read; what else cannot is said in a note.

    Examples
    --------
    On the demo study (``hs.demo()``):

    >>> import hs_jupyter as hs
    >>> found = hs.quality(room="room_pair_03")
    >>> found[found["status"] != "ok"]["participantId"].unique().tolist()
    ['p_pair_03_viewer']
    """
    from hs_jupyter.tables.output import check_output, hand_over

    check_output(as_)
    scope = scope_of(experiment, room, participant)
    asked = make_query("ratings", scope, from_=from_, to=to)
    # a participant is judged beside the others of the room, so that its rows are the same at every scope
    whole = Scope("room", scope.room) if scope.kind == "participant" and scope.room else scope
    queries = {
        "ratings": replace(asked, scope=whole),
        "events": make_query("events", whole, category="media"),
        "sync": make_query("sync", whole, from_=asked.start, to=asked.end),
        "participants": make_query(
            "participants", whole, columns=("roomId", "participantId", "completionCode", "status")
        ),
    }
    with join(progress) as bar:
        tables, failed = run_plan(queries, lambda query: current_study().table(query, bar))
    if "ratings" in failed:
        raise failed["ratings"]
    answer = _answer(tables, failed, asked)
    tell(answer, progress=bool(progress))
    return hand_over(answer, as_)


def _answer(tables: Mapping[str, pa.Table], failed: Mapping[str, HsError], asked: Query) -> pa.Table:
    from hs_jupyter.tables.facts import facts_of, with_facts
    from hs_jupyter.timeline import playing_by_room, quality_table

    films = playing_by_room(tables["events"]) if "events" in tables else {}
    films = _in_window(films, tables["events"], asked) if films else {}
    table = quality_table(
        tables["ratings"], sync=tables.get("sync"), participants=tables.get("participants"), playing=films
    )
    facts = [facts_of(one) for one in tables.values()]
    scope = dict(facts[0].scope)
    if asked.scope.kind == "participant":
        table = _of_participant(table, asked.scope)
        scope = {"kind": asked.scope.kind, "id": asked.scope.id, "room": asked.scope.room}
    notes = [f"{name} could not be read, so {_LOST[name]}: {problem}" for name, problem in failed.items()]
    notes += _unknown_films(table) if "events" in tables else []
    warnings = dict.fromkeys(warning for one in facts for warning in one.warnings)
    known = replace(
        facts[0],
        type="quality",
        scope=scope,
        filters=asked.plain(),
        complete=all(one.complete for one in facts),
        rows_expected=None,
        warnings=(*warnings, *notes),
        duplicates_dropped=sum(one.duplicates_dropped for one in facts),
        beside={},
    )
    return with_facts(table, known)


def _of_participant(table: pa.Table, scope: Scope) -> pa.Table:
    import pyarrow.compute as pc

    mine = table.filter(pc.equal(table["participantId"], scope.id))
    if not mine.num_rows:
        people = sorted(set(table["participantId"].drop_null().to_pylist()))
        raise InputError(
            f"participant '{scope.id}' is not in room '{scope.room}'{did_you_mean(scope.id, people)}"
        )
    return mine


def _unknown_films(table: pa.Table) -> list[str]:
    """Say in how many rooms nothing tells when the film ran."""
    rows = zip(*(table[name].to_pylist() for name in ("roomId", "samples", "expected")), strict=True)
    rooms = {room for room, samples, expected in rows if samples and expected is None}
    if not rooms:
        return []
    where = f"{len(rooms)} rooms" if len(rooms) > 1 else f"room {rooms.pop()}"
    return [f"{where}: expected and coverage are missing where no play of a film, or no usual step is known"]


def _in_window(films: Mapping[str, Playing], events: pa.Table, asked: Query) -> dict[str, Playing]:
    """Cut the film to the window; an instant is another onset in every room."""
    if asked.start is None and asked.end is None:
        return dict(films)
    starts = _room_starts(events)
    cut = {}
    for room, film in films.items():
        first, last = (
            bound.at.timestamp() - starts.get(room, edge)
            if isinstance(bound, Instant)
            else edge
            if bound is None
            else bound.sec
            for bound, edge in ((asked.start, float("-inf")), (asked.end, float("inf")))
        )
        cut[room] = film.within(first, last)
    return {room: film for room, film in cut.items() if len(film.start_sec)}


def _room_starts(events: pa.Table) -> dict[str, float]:
    """Return each room's onset 0 in epoch seconds, by the median of timestamp minus onset."""
    import numpy as np
    import pyarrow as pa

    instants = events["timestamp"].cast(pa.int64()).to_numpy(zero_copy_only=False).astype(float) / 1e6
    since = instants - events["onset_sec"].to_numpy(zero_copy_only=False).astype(float)
    found: dict[str, list[float]] = {}
    for room, start in zip(events["roomId"].to_pylist(), since.tolist(), strict=True):
        if np.isfinite(start):
            found.setdefault(room or "", []).append(start)
    return {room: float(np.median(starts)) for room, starts in found.items()}
