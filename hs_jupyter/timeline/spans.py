"""When media ran: the span of each recording on the onset axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Spans(NamedTuple):
    """Spans on the onset axis, in the order of the rows they come from.

    Attributes
    ----------
    row
        The row of the table, int64.
    start_sec, end_sec
        Where the span begins and ends, in seconds of onset.
    open
        True where the end is not known (a recording that runs, or lost its end).
    """

    row: NDArray[np.int64]
    start_sec: NDArray[np.float64]
    end_sec: NDArray[np.float64]
    open: NDArray[np.bool_]


def media_spans(
    onset_sec: NDArray[np.float64],
    length_sec: NDArray[np.float64],
    fallback_sec: NDArray[np.float64],
    now_sec: float,
) -> Spans:
    """Place recordings on the onset axis.

    Parameters
    ----------
    onset_sec
        Where each recording begins, in seconds; rows without it are left out.
    length_sec
        How long it is; missing or not above zero means unknown (older audio says 0).
    fallback_sec
        Its end instant minus its start instant, used where the length is unknown.
    now_sec
        Where spans of unknown end are drawn to.

    Examples
    --------
    >>> nan = np.array([np.nan])
    >>> media_spans(np.array([2.0]), nan, nan, 60.0).end_sec.tolist()
    [60.0]
    """
    length = np.where(length_sec > 0, length_sec, fallback_sec)
    row = np.flatnonzero(np.isfinite(onset_sec))
    start, length = onset_sec[row], length[row]
    unknown = ~(np.isfinite(length) & (length > 0))
    end = np.where(unknown, np.maximum(now_sec, start), start + np.where(unknown, 0.0, length))
    return Spans(row.astype(np.int64), start, end, unknown)


def in_window(
    start_sec: NDArray[np.float64], end_sec: NDArray[np.float64], window_sec: tuple[float, float]
) -> NDArray[np.bool_]:
    """Tell which spans overlap a closed window; give points twice for points inside it.

    Examples
    --------
    >>> in_window(np.array([0.0, 5.0]), np.array([1.0, 9.0]), (1.0, 4.0)).tolist()
    [True, False]
    """
    return (end_sec >= window_sec[0]) & (start_sec <= window_sec[1])
