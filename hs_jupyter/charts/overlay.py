"""An experiment: its rooms laid over each other, each on its own onsets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hs_jupyter.charts import style
from hs_jupyter.charts.assemble import assemble, domain_of, notes
from hs_jupyter.charts.axis import Axis
from hs_jupyter.charts.columns import PARTICIPANT, ROOM, UNKNOWN, natural, onsets_of, series_of, texts
from hs_jupyter.charts.counts import count_rows
from hs_jupyter.charts.lines import LINE_BUDGET, POINTS_PER_PIXEL
from hs_jupyter.charts.marks import placed
from hs_jupyter.charts.ratings import by_scale
from hs_jupyter.charts.summaries import drift_summary, rating_summary
from hs_jupyter.timeline import share

if TYPE_CHECKING:
    from collections.abc import Mapping

    import altair as alt
    import pyarrow as pa

    from hs_jupyter.charts.columns import Series


def overlay_chart(
    tables: Mapping[str, pa.Table], *, title: str = "", width: int = style.WIDTH
) -> alt.VConcatChart:
    """Draw the rooms of an experiment over each other, as an ordinary Altair chart.

    For each scale a thin line per participant, the median and the band between the quartiles; for sync the
    median size of drift; events as counts. Every room keeps its own onsets: nothing is aligned to a film
    that starts at different times. All lines share one budget, and the subtitle says how far they are thinned.

    Parameters
    ----------
    tables
        Arrow tables by the catalogue's names, as for :func:`timeline_chart`; ``ratings``, ``sync`` and
        ``events`` are drawn, with ``roomId`` beside the columns named there.
    title
        Shown above the chart, as plain text.
    width
        Width of every plot in pixels.

    Returns
    -------
    altair.VConcatChart
        The selections are those of :func:`timeline_chart`.

    Examples
    --------
    >>> import pyarrow as pa
    >>> events = pa.table({"onset_sec": [1.0, 2.5], "category": ["state", "state"], "roomId": ["a", "b"]})
    >>> overlay_chart({"events": events}).vconcat[1].title.text
    'Events in each 1 s'
    """
    tables = {name: table for name, table in tables.items() if name in ("ratings", "sync", "events")}
    ratings, drift = _series(tables, "ratings", "value_norm"), _series(tables, "sync", "timeDrift")
    rooms = {one.room for one in (*ratings, *drift)}
    people = {one.participant for one in (*ratings, *drift)}
    onsets = [one.onset_sec for one in (*ratings, *drift)]
    drawn = {"ratings": _length(ratings), "sync": _length(drift)}
    if "events" in tables:
        rows = placed(tables["events"])
        drawn["events"] = len(rows)
        onsets.append(onsets_of(tables["events"])[rows])
        rooms.update(texts(tables["events"], ROOM, UNKNOWN)[rows].tolist())
        people.update(texts(tables["events"], PARTICIPANT, UNKNOWN)[rows].tolist())
    start, end = domain_of(onsets)
    axis = Axis(start, end, tuple(sorted(people, key=natural)), width)
    target = share(
        [len(one.onset_sec) for one in (*ratings, *drift)], each=POINTS_PER_PIXEL * width, total=LINE_BUDGET
    )
    shown = [
        *(rating_summary(number, one, axis, target) for number, one in enumerate(by_scale(ratings), 1)),
        *([drift_summary(drift, axis, target)] if drift else []),
        *count_rows(tables.get("events"), axis),
    ]
    said = notes(tables, drawn, shown, width)
    if rooms:
        said.insert(0, _crowd(len(people), len(rooms), lines=bool(ratings or drift)))
    return assemble(axis, shown, title=title, said=said)


def _crowd(people: int, rooms: int, *, lines: bool) -> str:
    """Say who is drawn and how to read it."""
    who = f"{people:,} participant{'s' * (people != 1)} in {rooms:,} room{'s' * (rooms != 1)}"
    how = ". Thick line: median; band: quartiles." if lines else "."
    return f"{who}, each on its own onsets{how}"


def _series(tables: Mapping[str, Any], name: str, value: str) -> list[Series]:
    return series_of(tables[name], value) if name in tables else []


def _length(series: list[Series]) -> int:
    return int(np.sum([len(one.onset_sec) for one in series]))
