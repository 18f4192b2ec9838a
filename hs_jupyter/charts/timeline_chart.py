"""One room, or one participant in it: every data type on one onset axis, linked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hs_jupyter.charts import style
from hs_jupyter.charts.assemble import assemble, domain_of, notes
from hs_jupyter.charts.axis import Axis
from hs_jupyter.charts.chat import chat_rows
from hs_jupyter.charts.columns import PARTICIPANT, SENDER, UNKNOWN, natural, onsets_of, series_of, texts
from hs_jupyter.charts.events import event_rows
from hs_jupyter.charts.lines import LINE_BUDGET, POINTS_PER_PIXEL
from hs_jupyter.charts.marks import placed
from hs_jupyter.charts.ratings import rating_rows, sparse_rows
from hs_jupyter.charts.recordings import recording_rows, spans_of
from hs_jupyter.charts.sync import drift_rows, quality_rows
from hs_jupyter.timeline import share

if TYPE_CHECKING:
    from collections.abc import Mapping

    import altair as alt
    import pyarrow as pa

    from hs_jupyter.charts.columns import Series

_LANES = {"events": PARTICIPANT, "chat": SENDER, "recordings": PARTICIPANT}


def timeline_chart(
    tables: Mapping[str, pa.Table], *, title: str = "", width: int = style.WIDTH
) -> alt.VConcatChart:
    """Draw the tables of one room on one onset axis, as an ordinary Altair chart.

    Brushing any row marks all rows; the pointer's cursor runs through all rows, with the values next to
    it; a click on a participant in the legend (a list beyond 12) chooses them in all rows. The interval
    selection is named ``brush``, its value ``{"onset_sec": [start, end]}`` in seconds.

    Parameters
    ----------
    tables
        Arrow tables by the catalogue's names: ``ratings``, ``ratings_sparse``, ``sync``, ``events``,
        ``chat``, ``recordings``. Columns: the catalogue's, ``onset_sec`` (seconds), for ratings
        ``value_norm`` (0 to 1). Other names are ignored; a table that is there but has no row to draw is
        named in the subtitle, as is thinning and every row without an onset.
    title
        Shown above the chart, as plain text.
    width
        Width of every plot in pixels.

    Returns
    -------
    altair.VConcatChart
        Its data are small enough for any notebook, whatever the tables' size; Altair's row limit and
        data transformers play no part.

    Examples
    --------
    >>> import pyarrow as pa
    >>> events = pa.table({"onset_sec": [1.0, 2.5], "category": ["state", "media"], "participantId": ["p", "p"]})
    >>> len(timeline_chart({"events": events}).vconcat)
    2
    """
    ratings = _series(tables, "ratings", "value_norm")
    sparse = _series(tables, "ratings_sparse", "value_norm")
    drift, quality = _series(tables, "sync", "timeDrift"), _series(tables, "sync", "syncQuality")
    every = [*ratings, *sparse, *drift, *quality]
    people = {one.participant for one in every}
    onsets = [one.onset_sec for one in every]
    drawn = {
        "ratings": _length(ratings), "ratings_sparse": _length(sparse), "sync": max(_length(drift), _length(quality)),
    }  # fmt: skip
    for name, person in _LANES.items():
        if name in tables:
            rows = placed(tables[name])
            drawn[name] = len(rows)
            onsets.append(onsets_of(tables[name])[rows])
            people.update(texts(tables[name], person, UNKNOWN)[rows].tolist())
    if "recordings" in tables:
        onsets.append(spans_of(tables["recordings"], -np.inf).end_sec)
    start, end = domain_of(onsets)
    axis = Axis(start, end, tuple(sorted(people, key=natural)), width)
    target = share(
        [len(one.onset_sec) for one in (*ratings, *drift, *quality)],
        each=POINTS_PER_PIXEL * width,
        total=LINE_BUDGET,
    )
    shown = [
        *rating_rows(ratings, axis, target),
        *sparse_rows(sparse, axis),
        *drift_rows(drift, axis, target),
        *quality_rows(quality, axis, target),
        *event_rows(tables.get("events"), axis),
        *chat_rows(tables.get("chat"), axis),
        *recording_rows(tables.get("recordings"), axis),
    ]
    return assemble(axis, shown, title=title, said=notes(tables, drawn, shown, width))


def _series(tables: Mapping[str, pa.Table], name: str, value: str) -> list[Series]:
    return series_of(tables[name], value) if name in tables else []


def _length(series: list[Series]) -> int:
    return sum(len(one.onset_sec) for one in series)
