"""How alike viewers respond: ``synchrony``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hs_jupyter.errors import InputError
from hs_jupyter.functions.asked_values import choice, positive, whole
from hs_jupyter.functions.viewers import Grid, enough, scales_of

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from hs_jupyter.functions.viewers import Viewers
    from hs_jupyter.timeline.chance import Chance
    from hs_jupyter.timeline.synchrony import Asked, Sides

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

METHODS = ("pairwise", "leave-one-out")
LEVELS = ("each", "group")
PAIRS = ("all", "same room", "other room")
MIN_SHIFT_SEC = 10.0
"""By default shifts are at least so long: after less, slow ratings are still much the same."""


def synchrony(
    aligned: pd.DataFrame,
    *,
    method: str = "pairwise",
    level: str = "each",
    pairs: str = "all",
    window_sec: float | None = None,
    step_sec: float | None = None,
    max_lag_sec: float = 0.0,
    null: int = 0,
    seed: int | None = 0,
    min_overlap_sec: float | None = None,
    min_shift_sec: float | None = None,
) -> pd.DataFrame:
    """Correlate viewers with each other: all pairs, or each with the mean of the others.

    On the film's clock this is inter-subject correlation: what viewers share because they see the same.

    Parameters
    ----------
    aligned
        Viewers side by side, as `align` gives them, or any DataFrame with an evenly spaced index in seconds
        and a column per viewer; fewer levels of columns are ``(roomId, participantId)``, ``participantId``.
        Each scale is taken by itself.
    method
        ``"pairwise"``: every viewer with every other one. ``"leave-one-out"``: every viewer with the mean of
        all others, from three viewers on; each is standardized before, and at least two of the others are
        there at every sample that counts.
    level
        ``"each"``: a row for each pair or viewer. ``"group"``: their mean, tanh of the mean of arctanh r
        (Fisher's z), in which missing ones do not count.
    pairs
        Of the pairs ``"all"``, or those of the ``"same room"``, or of an ``"other room"``: who sat together
        also talked and shared a host, who did not shared the film alone.
    window_sec, step_sec
        Length of windows, and from one to the next (default: half a window). Without, the whole is one.
    max_lag_sec
        Also at lags up to this, to both sides, in steps of the grid.
    null
        So many circular shifts tell what chance gives (1000 is usual); 0 for none.
    seed
        Of the shifts, so that the same call gives the same p; None for others each time.
    min_overlap_sec
        Seconds that both must have in common in a window; on less r is missing. Default: half the window, at
        most 30 s; never fewer than 3 samples.
    min_shift_sec
        Shifts of a pair against each other by less do not count as chance. Default: 10 s and twice the
        largest lag, at most a quarter of the whole.

    Returns
    -------
    pandas.DataFrame
        A row for each scale, pair (or viewer, or group), window and lag:

        - ``componentId``
        - for pairs ``roomId_first``, ``participantId_first``, ``roomId_second``, ``participantId_second``,
          ``same_room``; for leave-one-out ``roomId``, ``participantId``; for a group ``pairs`` or
          ``viewers``: how many have a correlation there
        - ``window_start_sec``, ``window_end_sec`` (s): from, and up to
        - ``lag_sec`` (s): **positive: the second follows the first** by so much (leave-one-out: the viewer
          follows the others)
        - ``r`` (-1..1): Pearson's correlation over the samples that both have; missing where one of them
          stands still (a slider that is stuck has no correlation, not one of zero) or too little is common
        - ``overlap_sec`` (s, not for a group): what both have in common
        - with ``null``: ``p``, one-sided; ``null_r_mean``, ``null_r_p95``: mean and 95th percentile of r by
          chance

    Raises
    ------
    InputError
        If there are too few viewers, the index is no even grid, or an option is out of its bounds.

    Notes
    -----
    - Pearson: r = sum (x - mean x)(y - mean y) / sqrt(sum (x - mean x)^2 sum (y - mean y)^2), over common
      samples; at a lag d, of x(t) with y(t + d), t in the window. Inter-subject correlation: Hasson et al.
      2004, doi:10.1126/science.1089506; leave-one-out, and how to test it: Nastase et al. 2019,
      doi:10.1093/scan/nsz037; windows and lags: Boker et al. 2002, doi:10.1037/1082-989X.7.3.338.
    - Chance: every viewer is shifted in a circle by a random time, which keeps how slowly each one moves
      (Simony et al. 2016, doi:10.1038/ncomms12141). p = (1 + k) / (1 + n), where k of n shifts give an r at
      least as high (Phipson & Smyth 2010, doi:10.2202/1544-6115.1585). A group is judged by the group means
      under the same shifts of all viewers, leave-one-out means made anew in each.
    - With lags every shift offers its best r of all lags, so the p of the best lag is fair. Windows, pairs
      and scales are not corrected for: that is the analyst's.
    - A shift test asks whether two series are related *in time*; it takes them to be alike in kind from
      beginning to end. A common trend over the whole film is found, too.

    Examples
    --------
    On the demo study (``hs.demo()``):

    >>> import hs_jupyter as hs
    >>> events = hs.events(experiment="exp_film_pairs", category="media", progress=False)
    >>> ratings = hs.ratings(experiment="exp_film_pairs", progress=False)
    >>> aligned = hs.align(hs.stimulus_time(ratings, events=events), hz=2)
    >>> together = hs.synchrony(aligned["valence"], pairs="same room", null=200)
    >>> best = together.loc[together["r"].idxmax()]
    >>> print(best["roomId_first"], best["r"].round(2), best["p"] < 0.01)
    room_pair_07 0.99 True
    """
    import pandas as pd

    from hs_jupyter.timeline.chance import draw_shifts

    choice("method", method, METHODS)
    choice("level", level, LEVELS)
    choice("pairs", pairs, PAIRS)
    if pairs != "all" and method != "pairwise":
        raise InputError(f'pairs="{pairs}" is for method="pairwise": leave-one-out has no pairs')
    _check(window_sec=window_sec, step_sec=step_sec)
    _check(
        or_zero=True, max_lag_sec=max_lag_sec, min_overlap_sec=min_overlap_sec, min_shift_sec=min_shift_sec
    )
    whole("null", null)
    grid = Grid.of(aligned)
    asked = grid.asked(window_sec, step_sec, max_lag_sec, min_overlap_sec)
    if min_shift_sec is None:
        min_shift_sec = min(MIN_SHIFT_SEC + 2 * max_lag_sec, grid.length_sec / 4)
    tables = []
    for viewers in scales_of(aligned):
        who, sides = _sides(viewers, method, pairs)
        enough(len(sides.pairs) * len(asked.windows) * len(asked.lags))
        shifts = draw_shifts(len(viewers.person), grid.samples, int(null), seed)
        nearest = min_shift_sec * grid.hz
        if level == "group":
            who, values = {}, _group(sides, asked, shifts, nearest, method)
        else:
            values = _each(sides, asked, shifts, nearest, grid.hz)
        tables.append(grid.table(asked, {"componentId": viewers.scale} | who, values))
    return pd.concat(tables, ignore_index=True)


def _sides(viewers: Viewers, method: str, pairs: str) -> tuple[dict[str, Any], Sides]:
    """Pair the viewers, and name the pairs."""
    import numpy as np

    from hs_jupyter.timeline.synchrony import leave_one_out, pairwise

    there = int(np.isfinite(viewers.series).any(axis=1).sum())
    least = 2 if method == "pairwise" else 3
    if there < least:
        of = f" on scale '{viewers.scale}'" if viewers.scale is not None else ""
        raise InputError(
            f"{method} needs {least} viewers or more, and{of} there {'is' if there == 1 else 'are'} {there}"
        )
    room, person = viewers.room, viewers.person
    if method == "leave-one-out":
        return {"roomId": room, "participantId": person}, leave_one_out(viewers.series)
    sides = pairwise(viewers.series)
    one, other = (room[side] for side in sides.pairs.T)
    same = np.array([bool(a) and a == b for a, b in zip(one, other, strict=True)], bool)
    if pairs != "all":
        kept = same if pairs == "same room" else ~same
        if not kept.any():
            raise InputError(f'no two viewers are of the {pairs}: pairs="{pairs}" has nothing to correlate')
        sides, same = sides._replace(pairs=sides.pairs[kept]), same[kept]
    one, other = sides.pairs.T
    who = {
        "roomId_first": room[one],
        "participantId_first": person[one],
        "roomId_second": room[other],
        "participantId_second": person[other],
        "same_room": same,
    }
    return who, sides


def _each(sides: Sides, asked: Asked, shifts: Ints, nearest: float, hz: float) -> dict[str, Floats]:
    """Return what is known of each pair, of shape (pairs, windows, lags)."""
    from hs_jupyter.timeline.chance import chance_of_each
    from hs_jupyter.timeline.synchrony import correlate

    r, count = correlate(sides, asked)
    found = {"r": r, "overlap_sec": count / hz}
    return found | (_named(chance_of_each(sides, asked, r, shifts, nearest)) if len(shifts) else {})


def _group(sides: Sides, asked: Asked, shifts: Ints, nearest: float, method: str) -> dict[str, Floats]:
    """Return what is known of the mean, of shape (1, windows, lags)."""
    import numpy as np

    from hs_jupyter.timeline.chance import chance_of_mean, means_left_out, means_of_pairs
    from hs_jupyter.timeline.synchrony import correlate, fisher_mean

    r, _ = correlate(sides, asked)
    counted = "pairs" if method == "pairwise" else "viewers"
    found = {counted: np.isfinite(r).sum(axis=0), "r": fisher_mean(r)}
    if len(shifts):
        drawn = (
            means_of_pairs(sides, asked, shifts, nearest)
            if method == "pairwise"
            else means_left_out(sides, asked, shifts)
        )
        found |= _named(chance_of_mean(r, drawn))
    return {name: one[None] for name, one in found.items()}


def _named(chance: Chance) -> dict[str, Floats]:
    return {"p": chance.p, "null_r_mean": chance.mean, "null_r_p95": chance.p95}


def _check(*, or_zero: bool = False, **options: float | None) -> None:
    for name, value in options.items():
        if value is not None:
            positive(name, value, or_zero=or_zero)
