"""Viewers side by side: what the columns and the index of an aligned table say, and tables of what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from hs_jupyter.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from hs_jupyter.timeline.synchrony import Asked

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

LEVELS = ("componentId", "roomId", "participantId")
MIN_OVERLAP_SEC = 30.0
"""By default at least so much, or half the window: on less, slow ratings correlate by chance."""
MOST_ROWS = 20_000_000
"""A result of more rows is a mistake in a window or a lag: this many take some gigabytes."""


class Viewers(NamedTuple):
    """All viewers of one scale.

    Attributes
    ----------
    scale
        ``componentId``, or None.
    room, person
        ``roomId`` (or None) and ``participantId`` of each viewer, object arrays of shape (viewers,).
    series
        Shape (viewers, samples); NaN where missing.
    """

    scale: Any
    room: NDArray[np.object_]
    person: NDArray[np.object_]
    series: Floats


def scales_of(aligned: pd.DataFrame) -> Iterator[Viewers]:
    """Part an aligned table by its scales, in their order.

    Raises
    ------
    InputError
        If the columns have too many levels, or a column holds no numbers.
    """
    import numpy as np

    levels = aligned.columns.nlevels
    if levels > len(LEVELS):
        raise InputError(f"the columns have {levels} levels: those of hs.align are {', '.join(LEVELS)}")
    names: list[Any] = aligned.columns.tolist()
    full = [(None,) * (len(LEVELS) - levels) + (name if levels > 1 else (name,)) for name in names]
    try:
        series = aligned.to_numpy(float, na_value=np.nan).T
    except (TypeError, ValueError):
        raise InputError("a column of the aligned table holds no numbers") from None
    for scale in dict.fromkeys(name[0] for name in full):
        rows = [at for at, name in enumerate(full) if name[0] == scale]
        room, person = (np.array([full[at][level] for at in rows], object) for level in (1, 2))
        yield Viewers(scale, room, person, series[rows])


class Grid(NamedTuple):
    """The index of an aligned table.

    Attributes
    ----------
    start_sec
        The first moment, in seconds.
    hz
        Rows per second.
    samples
        Rows.
    """

    start_sec: float
    hz: float
    samples: int

    @classmethod
    def of(cls, aligned: Any) -> Grid:
        """Read the index.

        Raises
        ------
        InputError
            If it is no grid of even steps in seconds.
        """
        import numpy as np
        import pandas as pd

        if not isinstance(aligned, pd.DataFrame):
            raise InputError(f"aligned is to be a DataFrame from hs.align, not {type(aligned).__name__}")
        try:
            sec = aligned.index.to_numpy(float)
        except (TypeError, ValueError):
            raise InputError("the index is to be seconds, as hs.align makes it") from None
        steps = np.diff(sec)
        if len(sec) < 3 or not (steps > 0).all() or np.ptp(steps) > 1e-3 * steps.mean():  # noqa: PLR2004 - least for r
            raise InputError("the index is to be at least 3 seconds in even steps, as hs.align makes it")
        return cls(float(sec[0]), float(round(1 / steps.mean(), 9)), len(sec))

    @property
    def length_sec(self) -> float:
        """Seconds from the first moment to one step after the last."""
        return self.samples / self.hz

    def asked(
        self,
        window_sec: float | None,
        step_sec: float | None,
        max_lag_sec: float,
        min_overlap_sec: float | None,
    ) -> Asked:
        """Say in samples what is asked in seconds.

        Raises
        ------
        InputError
            If no window fits, or a lag is as long as all there is.
        """
        import numpy as np

        from hs_jupyter.timeline.synchrony import Asked

        length = self.samples if window_sec is None else round(window_sec * self.hz)
        if not 3 <= length <= self.samples:  # noqa: PLR2004 - least for r
            raise InputError(
                f"window_sec={window_sec:g} is no window of 3 samples or more within {self.length_sec:g} s"
                f" at {self.hz:g} Hz"
            )
        step = max(1, round((length / self.hz / 2 if step_sec is None else step_sec) * self.hz))
        starts = range(0, self.samples - length + 1, self.samples if window_sec is None else step)
        most = int(max_lag_sec * self.hz + 1e-6)
        if most >= self.samples:
            raise InputError(
                f"max_lag_sec={max_lag_sec:g} is longer than the {self.length_sec:g} s there are"
            )
        if min_overlap_sec is None:
            min_overlap_sec = min(MIN_OVERLAP_SEC, length / self.hz / 2)
        return Asked(
            [(start, start + length) for start in starts],
            np.arange(-most, most + 1),
            min_overlap_sec * self.hz,
        )

    def table(self, asked: Asked, who: Mapping[str, Any], values: Mapping[str, Floats]) -> pd.DataFrame:
        """Write a row for everyone, window and lag.

        Parameters
        ----------
        who
            Columns that say who, of one value each or of the length of the values' first axis.
        values
            Columns of values, of shape (who, windows, lags).
        """
        import numpy as np
        import pandas as pd

        windows, lags = len(asked.windows), len(asked.lags)
        rows = next(iter(values.values())).shape[0]
        ends = self.start_sec + np.array(asked.windows, float).reshape(-1, 2) / self.hz
        columns = {
            name: np.repeat(np.broadcast_to(np.array(of, object), rows), windows * lags)
            for name, of in who.items()
        }
        columns |= {
            "window_start_sec": np.tile(np.repeat(ends[:, 0], lags), rows),
            "window_end_sec": np.tile(np.repeat(ends[:, 1], lags), rows),
            "lag_sec": np.tile(asked.lags / self.hz, rows * windows),
        }
        return pd.DataFrame(columns | {name: one.ravel() for name, one in values.items()}).infer_objects()


def enough(rows: int) -> None:
    """Refuse a result that no memory holds.

    Raises
    ------
    InputError
        Then.
    """
    if rows > MOST_ROWS:
        raise InputError(
            f"that are {rows:,} correlations: take fewer windows (step_sec), lags (max_lag_sec) or viewers"
        )
