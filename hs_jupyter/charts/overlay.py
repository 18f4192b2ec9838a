"""An experiment: its rooms laid over each other, each on its own onsets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hs_jupyter.charts import style
from hs_jupyter.charts.assemble import assemble, notes
from hs_jupyter.charts.axis import Axis
from hs_jupyter.charts.counts import count_rows
from hs_jupyter.charts.lines import samples_in
from hs_jupyter.charts.ratings import by_scale
from hs_jupyter.charts.sources import Sources, read_sources
from hs_jupyter.charts.summaries import drift_sizes, drift_summary, rating_summary

if TYPE_CHECKING:
    from collections.abc import Mapping

    import altair as alt
    import pyarrow as pa

    from hs_jupyter.charts.row import Row


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
    sources = overlay_sources(tables)
    axis = Axis(*sources.domain, sources.people, width)
    rows = overlay_rows(sources, axis)
    said = [*crowd_note(sources), *notes(sources, rows, width)]
    return assemble(axis, rows, title=title, said=said)


def overlay_sources(tables: Mapping[str, pa.Table]) -> Sources:
    """Read what an experiment's chart draws of its tables."""
    sources = read_sources({name: tables[name] for name in ("ratings", "sync", "events") if name in tables})
    return replace(sources, drift=drift_sizes(sources.drift), quality=[])


def overlay_rows(sources: Sources, axis: Axis) -> list[Row]:
    """Return the rows of an experiment, with the data of the axis' window."""
    axis, target = overlay_lines(sources, axis)
    return [
        *(
            rating_summary(number, one, axis, target)
            for number, one in enumerate(by_scale(sources.ratings), 1)
        ),
        *([drift_summary(sources.drift, axis, target)] if sources.drift else []),
        *count_rows(sources.events, axis),
    ]


def overlay_lines(sources: Sources, axis: Axis) -> tuple[Axis, int]:
    """Return the axis that lines are drawn on, and how many samples each of them may keep."""
    return axis, axis.target([samples_in([one], axis) for one in (*sources.ratings, *sources.drift)])


def crowd_note(sources: Sources) -> list[str]:
    """Say who is drawn and how to read it."""
    if not sources.rooms:
        return []
    people, rooms = len(sources.people), sources.rooms
    who = f"{people:,} participant{'s' * (people != 1)} in {rooms:,} room{'s' * (rooms != 1)}"
    how = ". Thick line: median; band: quartiles." if sources.ratings or sources.drift else "."
    return [f"{who}, each on its own onsets{how}"]
