"""One room, or one participant in it: every data type on one onset axis, linked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hs_jupyter.charts import style
from hs_jupyter.charts.assemble import assemble, notes
from hs_jupyter.charts.axis import Axis
from hs_jupyter.charts.chat import chat_rows
from hs_jupyter.charts.events import event_rows
from hs_jupyter.charts.lines import samples_in
from hs_jupyter.charts.ratings import rating_rows, sparse_rows
from hs_jupyter.charts.recordings import recording_rows
from hs_jupyter.charts.sources import Sources, length, read_sources, samples
from hs_jupyter.charts.sync import drift_rows, quality_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    import altair as alt
    import pyarrow as pa

    from hs_jupyter.charts.row import Row


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
    sources = read_sources(tables)
    axis = Axis(*sources.domain, sources.people, width)
    rows = timeline_rows(sources, axis)
    return assemble(axis, rows, title=title, said=notes(sources, rows, width))


def timeline_rows(sources: Sources, axis: Axis) -> list[Row]:
    """Return the rows of a room, with the data of the axis' window."""
    along, target = line_axis(sources, axis)
    return [
        *rating_rows(sources.ratings, along, target),
        *sparse_rows(sources.sparse, mark_axis(sources, axis, samples(sources.sparse))),
        *drift_rows(sources.drift, along, target),
        *quality_rows(sources.quality, along, target),
        *event_rows(sources.events, mark_axis(sources, axis, length(sources.events))),
        *chat_rows(sources.chat, mark_axis(sources, axis, length(sources.chat))),
        *recording_rows(sources.recordings, axis.holding(sources.domain, 0, 0), sources.domain[1]),
    ]


def line_axis(sources: Sources, axis: Axis) -> tuple[Axis, int]:
    """Return the axis that lines are drawn on, and how many samples each of them may keep."""
    lines = [*sources.ratings, *sources.drift, *sources.quality]
    axis = axis.holding(sources.domain, samples(lines), axis.budget.lines)
    return axis, axis.target([samples_in([one], axis) for one in lines])


def mark_axis(sources: Sources, axis: Axis, count: int) -> Axis:
    """Return the axis that a row of so many marks is drawn on."""
    return axis.holding(sources.domain, count, axis.budget.marks)
