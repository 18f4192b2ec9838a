"""The film's own clock: ``stimulus_time`` finds it, ``align`` lays viewers side by side on it."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from hs_jupyter.errors import InputError, did_you_mean
from hs_jupyter.functions.asked_values import choice, positive
from hs_jupyter.functions.frames import columns_of, names_of, with_columns

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

CLOCKS = ("stimulus", "onset")
METHODS = ("linear", "hold")


def stimulus_time(
    rows: Any, *, events: Any = None, sparse: Any = None, play_from_sec: float | None = None
) -> Any:
    """Add the film's own time to rows that have an onset: which second of the film was on screen.

    Rooms start a film at different onsets, and pause it for different lengths; only on the film's own clock
    did two of them see the same. It is read from what was logged, and missing where that does not tell.

    Parameters
    ----------
    rows
        Any table with ``roomId`` and ``onset_sec``: ratings, sync, chat, events... A row is placed by its
        participant's player (``participantId``, or ``senderId``), or by the room's where it names nobody.
    events
        Events of the same rooms, as `hs.events` gives them; media events are enough
        (``hs.events(..., category="media")``). Their ``currentTime`` says where the film was.
    sparse
        Sparse ratings of the same rooms (``hs.ratings(..., kind="sparse")``): their ``stimulusTime`` and the
        pauses they were asked in stand in where events are missing.
    play_from_sec
        Where films begin (s), if the events do not say where the film was: ``0`` for their first frame.

    Returns
    -------
    pandas.DataFrame, polars.DataFrame or pyarrow.Table
        The rows, in their form and order, and beside their columns

        - ``stimulus_sec`` (s): the film's position, float64; missing before the first play, after the end,
          and wherever the log leaves it open
        - ``stimulusId``: the film; where the log does not name it, the state that showed it

    Raises
    ------
    InputError
        If a table lacks a column, or nothing is given that could tell.

    Notes
    -----
    - Between two logged positions that agree with the time between them to 1 s, film time lies on the line
      between them (players are sped up and slowed down by up to 5% to keep together). Where they do not
      agree, something was not logged: missing.
    - While a film is paused or fills its buffer, film time stands still. A pause after which nothing was
      logged is known at no moment. After a last play, the film runs on to its length, if that was logged.
    - A seek sets the film to where it was logged to go; a replay begins at 0 again. So a second of film may
      come twice.
    - Where a participant's own player tells nothing (away, or nothing logged), the others in the room do, if
      the players of the room agree with each other: nobody is placed by the others in a room whose players
      went their own ways.
    - A row's own ``stimulusTime`` (or ``sparseRatingData.videoRelativeTime``) is taken as it is.
    - ``timeDrift`` between two logged positions (`hs.sync`; some tens of ms) is not corrected for.

    Examples
    --------
    On the demo study (``hs.demo()``):

    >>> import hs_jupyter as hs
    >>> events = hs.events(room="room_pair_01", category="media", progress=False)
    >>> ratings = hs.ratings(room="room_pair_01", progress=False)
    >>> ratings = hs.stimulus_time(ratings, events=events)
    >>> ratings[["onset_sec", "stimulus_sec"]].agg(["min", "max"]).round(0).to_dict("list")
    {'onset_sec': [106.0, 799.0], 'stimulus_sec': [0.0, 600.0]}
    """
    import numpy as np
    import pyarrow as pa

    from hs_jupyter.timeline.stimulus import PAYLOADS, STATES, film_time

    names = names_of(rows, "rows")
    if events is None and sparse is None and not {"stimulusTime", "sparseRatingData"} & set(names):
        raise InputError(
            "film time is read from events or sparse ratings: hs.stimulus_time(rows, events=events), with"
            ' events = hs.events(..., category="media")'
        )
    table = columns_of(
        rows,
        "rows",
        texts=["roomId", "participantId", "senderId", "stimulusId"],
        numbers=["onset_sec", "stimulusTime"],
        nested=["sparseRatingData"],
        optional=["participantId", "senderId", "stimulusId", "stimulusTime", "sparseRatingData"],
    )
    if "participantId" not in names:
        table = table.set_column(
            table.schema.get_field_index("participantId"), "participantId", table["senderId"]
        )
    logged = asked = None
    if events is not None:
        logged = columns_of(
            events,
            "events",
            texts=["roomId", "participantId", "eventType", *STATES],
            numbers=["onset_sec"],
            nested=PAYLOADS,
            optional=[*STATES, *PAYLOADS],
        )
    if sparse is not None:
        asked = columns_of(
            sparse,
            "sparse ratings",
            texts=["roomId", "participantId", "stimulusId"],
            numbers=["onset_sec", "stimulusTime"],
            nested=["sparseRatingData"],
            optional=["stimulusId", "stimulusTime", "sparseRatingData"],
        )
    found = film_time(table, logged, asked, play_from_sec)
    unknown = np.isnan(found.stimulus_sec)
    if len(unknown) and unknown.all():
        warnings.warn(
            "no row has a film time: no position of a film is logged for these rooms"
            " (if films begin at their first frame, say play_from_sec=0)",
            stacklevel=2,
        )
    columns = {
        "stimulus_sec": pa.array(found.stimulus_sec, mask=unknown),
        "stimulusId": pa.array(found.film, pa.string()),
    }
    return with_columns(rows, columns)


def align(
    ratings: Any,
    *,
    clock: str = "stimulus",
    hz: float = 4.0,
    value: str = "value_norm",
    method: str = "linear",
    max_gap_sec: float | None = None,
    stimulus: str | None = None,
) -> pd.DataFrame:
    """Lay all viewers side by side: one row per moment of a common clock, one column per viewer and scale.

    Parameters
    ----------
    ratings
        A table with ``roomId``, ``participantId``, ``onset_sec``, the values, and ``stimulus_sec``
        (`stimulus_time`) for the film's clock. Without ``componentId`` there is one scale, named after the
        values.
    clock
        ``"stimulus"``: the film's own time, on which all saw the same; ``"onset"``: time since the
        experiment's start in each room.
    hz
        Rows per second. The service samples sliders 4 times a second by default; more rows add no detail.
    value
        The column to read: ``value_norm`` (0..1), or another one that holds numbers.
    method
        Between two samples: ``"linear"``, on the straight line; ``"hold"``, as at the first of them.
    max_gap_sec
        A longer step between two samples is a gap, in which the viewer is missing. By default 4 median
        steps of the series, at least 1 s. Before the first and after the last sample everyone is missing.
    stimulus
        The film (``stimulusId``), where there are several.

    Returns
    -------
    pandas.DataFrame
        The index is ``stimulus_sec`` or ``onset_sec`` (s), multiples of 1 / hz. The columns have three
        levels: ``componentId`` (the scale), ``roomId``, ``participantId``; so ``aligned["valence"]`` is one
        scale, ``aligned["valence"]["room_pair_01"]`` one room. Values are float64, NaN where missing.

    Raises
    ------
    InputError
        For a table without the clock or the values, several films, or a grid that no memory holds.

    Notes
    -----
    Where the film showed the same second twice (it was set back, paused or shown again), what a viewer
    rated the first time counts.

    Examples
    --------
    On the demo study (``hs.demo()``):

    >>> import hs_jupyter as hs
    >>> events = hs.events(experiment="exp_film_pairs", category="media", progress=False)
    >>> ratings = hs.ratings(experiment="exp_film_pairs", progress=False)
    >>> aligned = hs.align(hs.stimulus_time(ratings, events=events), hz=2)
    >>> print(aligned["arousal"].mean(axis="columns").idxmax())
    403.0
    """
    import numpy as np
    import pandas as pd

    from hs_jupyter.timeline.align import on_common_grid
    from hs_jupyter.timeline.columns import floats, parted

    choice("clock", clock, CLOCKS)
    choice("method", method, METHODS)
    positive("hz", hz)
    if max_gap_sec is not None:
        positive("max_gap_sec", max_gap_sec)
    names = names_of(ratings, "ratings")
    on_film = clock == "stimulus"
    if on_film and "stimulus_sec" not in names:
        raise InputError(
            "ratings have no stimulus_sec: add it with hs.stimulus_time(ratings, events=events), or say"
            ' clock="onset"'
        )
    table = columns_of(
        ratings,
        "ratings",
        texts=["componentId", "roomId", "participantId", "stimulusId"],
        numbers=list(dict.fromkeys(["onset_sec", f"{clock}_sec", value])),
        optional=["componentId", "stimulusId"],
    )
    onset, sec, values = (floats(table[name]) for name in ("onset_sec", f"{clock}_sec", value))
    rows = np.isfinite(onset)
    if on_film:
        rows &= _of_film(table, np.isfinite(sec), stimulus)
    keys = ["componentId", "roomId", "participantId"]
    series = {}
    for key, mine in sorted(parted(table, keys, onset, np.flatnonzero(rows)), key=lambda one: one[0]):
        seen = mine[np.isfinite(sec[mine]) & np.isfinite(values[mine])]
        name = key if "componentId" in names else (value, *key[1:])
        series[name] = (sec[seen], values[seen])
    grid, wide = on_common_grid(
        list(series.values()), float(hz), hold=method == "hold", max_gap_sec=max_gap_sec
    )
    columns = (
        pd.MultiIndex.from_tuples(list(series), names=keys)
        if series
        else pd.MultiIndex.from_arrays([[]] * 3, names=keys)
    )
    return pd.DataFrame(wide.T, index=pd.Index(grid, name=f"{clock}_sec"), columns=columns)


def _of_film(table: pa.Table, timed: Any, stimulus: str | None) -> Any:
    """Tell which rows are of one film: rows without a film time stay, so that no viewer vanishes."""
    import numpy as np

    film = np.array(table["stimulusId"].to_pylist(), object)
    films = sorted({one for one in film[timed] if one is not None})
    if stimulus is not None and stimulus not in films:
        raise InputError(
            f"no rating has a time in film '{stimulus}'{did_you_mean(stimulus, films)}"
            f" (there are: {', '.join(films) or 'none that is named'})"
        )
    if stimulus is None and len(films) > 1:
        raise InputError(
            f"ratings of {len(films)} films: choose one with stimulus='{films[0]}' (there are: {', '.join(films)})"
        )
    return np.ones(len(film), bool) if stimulus is None else ~timed | (film == stimulus)
