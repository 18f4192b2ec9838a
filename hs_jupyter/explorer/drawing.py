"""What the explorer draws: a Vega-Lite chart over named datasets, and the data of the visible window.

The chart (``spec``) knows neither the window nor the width: the browser moves those by itself, at once, and
asks here for the data that the window can show. The spec and every dataset have an ID that stays the same
while their content does, so that what a view holds already is not sent again: a dataset whose rows are all
drawn keeps its ID whatever the window.
"""

from __future__ import annotations

import hashlib
import json
import math
import uuid
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypedDict

from hs_jupyter.charts import style
from hs_jupyter.charts.assemble import assemble, notes
from hs_jupyter.charts.axis import LIVE, Axis
from hs_jupyter.charts.events import CATEGORIES
from hs_jupyter.charts.live import live_spec
from hs_jupyter.charts.overlay import crowd_note, overlay_lines, overlay_rows, overlay_sources
from hs_jupyter.charts.sources import read_sources
from hs_jupyter.charts.timeline_chart import line_axis, timeline_rows
from hs_jupyter.errors import InputError
from hs_jupyter.explorer.answers import Choices
from hs_jupyter.explorer.state import Hidden

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import altair as alt
    import pyarrow as pa

    from hs_jupyter.charts.row import Row
    from hs_jupyter.charts.series import Pieces
    from hs_jupyter.charts.sources import Sources
    from hs_jupyter.explorer.state import Window

ROWS = {
    "ratings": ("ratings", "Ratings"),
    "ratings_sparse": ("sparse", "Ratings at moments"),
    "sync_drift": ("drift", "Drift"),
    "sync_quality": ("quality", "Sync quality"),
    "events": ("events", "Events"),
    "chat": ("chat", "Chat"),
    "recordings": ("recordings", "Recordings"),
}
"""What can be hidden as a row: the source that it draws, and what it is called."""

LEAST_WINDOW_SEC = 1e-3


class RowFacts(TypedDict):
    """What the browser must know of a drawn row beyond its picture; ``js/src/explorer/timeline/facts.ts``."""

    name: str
    """Of the row, and of its dataset."""
    kind: str
    """``lines``, ``points``, ``spans`` or ``bars``."""
    title: str
    y: list[float] | None
    """The ends of its scale; null where it has lanes, or ends that its data give."""
    lanes: list[str]
    apart: bool
    """Whether each participant has a line of their own within a lane."""
    number: str
    """d3 format of a value under the cursor."""
    reach_sec: float
    """How far from the cursor a sample may be and still be shown."""
    tips: list[list[str]]
    """Field, title and kind of each line of a tooltip."""
    median: str
    """The dataset of a median over its lines, or empty."""
    whole: bool
    """Its data are the same for every window."""


class About(TypedDict):
    """What else a drawing tells the view, as plain JSON."""

    rows: list[RowFacts]
    words: dict[str, str]
    """What the rows that can be hidden are called."""
    colors: dict[str, str]
    """The colour of every participant; none where they are too many to be told apart."""
    accent: str
    """The colour of a median."""
    chosen: str
    """The colour of one line among too many."""
    overlay: bool
    """Rooms over each other: a line opens its room."""


@dataclass(frozen=True)
class Drawing:
    """A drawn timeline.

    Attributes
    ----------
    spec_id, spec
        Vega-Lite 6 over named datasets, without values; the same for every window and width.
    datasets
        Arrow tables by those names; of a row of lines, its lines under ``…_lines`` beside its samples. Columns
        are float64, int32, bool or dictionary-encoded strings.
    ids
        The ID of each dataset's content.
    window, domain
        What is drawn, and all there is, in seconds of onset.
    choices
        What can be shown or hidden, hidden ones too.
    notes
        Sentences: thinned lines, tables without data, rows without a place.
    about
        What the browser must know beside them.
    """

    spec_id: str
    spec: dict[str, Any]
    datasets: dict[str, pa.Table]
    ids: dict[str, str]
    window: Window
    domain: Window
    choices: Choices
    notes: tuple[str, ...]
    about: About

    def unknown(self, known: Collection[str]) -> tuple[dict[str, Any] | None, dict[str, pa.Table]]:
        """Return what a view does not hold: the spec, None if held, and the other datasets.

        Parameters
        ----------
        known
            IDs, of the spec and of datasets.
        """
        spec = None if self.spec_id in known else self.spec
        return spec, {name: one for name, one in self.datasets.items() if self.ids[name] not in known}


@dataclass
class _Shown:
    """What is drawn while the same things are hidden; the spec is made with the first drawing."""

    sources: Sources
    token: str = field(default_factory=lambda: uuid.uuid4().hex)
    spec: dict[str, Any] = field(default_factory=dict)
    spec_id: str = ""


@dataclass(frozen=True)
class Prepared:
    """The tables of one scope, made ready once for any number of drawings; see :func:`prepare_timeline`."""

    sources: Sources
    overlay: bool
    kept: dict[Hidden, _Shown] = field(default_factory=dict, repr=False, compare=False)

    def showing(self, hidden: Hidden) -> _Shown:
        """Return what is left when so much is hidden; the last answer is kept."""
        found = self.kept.get(hidden)
        if found is None:
            left = self.sources.without(
                participants=hidden.participants,
                scales=hidden.scales,
                categories=hidden.categories,
                fields=[ROWS[row][0] for row in hidden.rows if row in ROWS],
            )
            found = _Shown(left)
            self.kept.clear()
            self.kept[hidden] = found
        return found

    def rows(self, sources: Sources, axis: Axis) -> list[Row]:
        """Return the rows of a chart of the scope."""
        return (overlay_rows if self.overlay else timeline_rows)(sources, axis)

    def axis(self, window: Window | None, width_px: int, *, live: bool) -> Axis:
        """Return the axis of a window; None is everything."""
        start, end = window or self.sources.domain
        length_sec = round(end - start, 6)  # 1.001 - 1 is a little less than 0.001
        if not (math.isfinite(length_sec) and length_sec >= LEAST_WINDOW_SEC and width_px > 0):
            raise InputError(f"a timeline shows a window of 1 ms or more, not {start} s to {end} s")
        axis = Axis(start, end, self.sources.people, width_px)
        return replace(axis, live=True, budget=LIVE) if live else axis


def prepare_timeline(
    tables: Mapping[str, pa.Table], long: Mapping[str, Pieces] | None = None, *, overlay: bool = False
) -> Prepared:
    """Make tables ready to be drawn: hold the result for as long as their scope is open.

    Parameters
    ----------
    tables
        Arrow tables by the catalogue's names, as for :func:`hs_jupyter.charts.timeline_chart`. When a table
        grows, prepare again.
    long
        Of a room: tables of samples that are read piece by piece.
    overlay
        True for an experiment: its rooms over each other.
    """
    return Prepared(overlay_sources(tables) if overlay else read_sources(tables, long), overlay)


def draw_timeline(
    prepared: Prepared, window: Window | None = None, *, width_px: int = 680, hidden: Hidden | None = None
) -> Drawing:
    """Draw the visible window; safe to call from several threads at once.

    Parameters
    ----------
    prepared
        The tables of the scope.
    window
        What the view shows, in seconds of onset; None for everything.
    width_px
        Width of a row's plot in pixels: a line keeps no more samples than they can show.
    hidden
        What is not to be drawn.

    Raises
    ------
    InputError
        When the window is empty or not finite, or the width is not positive.
    """
    axis = prepared.axis(window, width_px, live=True)
    shown = prepared.showing(hidden or Hidden())
    rows = prepared.rows(shown.sources, axis)
    if not shown.spec_id:
        drawn = live_spec(prepared.axis(None, style.WIDTH, live=True), rows)
        text = json.dumps(drawn, sort_keys=True)
        shown.spec, shown.spec_id = drawn, hashlib.sha256(text.encode()).hexdigest()[:32]
    datasets: dict[str, pa.Table] = {}
    ids: dict[str, str] = {}
    for row in rows:
        found = row.data.tables(row.name)
        for name, data in row.more.items():
            found |= data.tables(name)
        token = shown.token if row.whole else uuid.uuid4().hex
        datasets |= found
        ids |= {name: f"{token}/{name}" for name in found}
    return Drawing(
        spec_id=shown.spec_id,
        spec=shown.spec,
        datasets=datasets,
        ids=ids,
        window=(axis.start_sec, axis.end_sec),
        domain=prepared.sources.domain,
        choices=_choices(prepared),
        notes=_notes(prepared, shown.sources, rows, axis),
        about={
            "rows": [_facts(row) for row in rows],
            "words": {name: title for name, (_, title) in ROWS.items()},
            "colors": {} if axis.many else dict(zip(axis.participants, style.PALETTE, strict=False)),
            "accent": style.ACCENT,
            "chosen": style.PALETTE[1] if prepared.overlay else style.ACCENT,
            "overlay": prepared.overlay,
        },
    )


def still_chart(
    prepared: Prepared,
    window: Window | None = None,
    *,
    width_px: int = 680,
    hidden: Hidden | None = None,
    title: str = "",
) -> alt.VConcatChart:
    """Return the chart of a window with its data inside, to show, change and save: ``explorer.chart``.

    Parameters
    ----------
    prepared, window, width_px, hidden
        As for :func:`draw_timeline`.
    title
        Shown above the chart, as plain text.
    """
    axis = prepared.axis(window, width_px, live=False)
    sources = prepared.showing(hidden or Hidden()).sources
    rows = prepared.rows(sources, axis)
    return assemble(axis, rows, title=title, said=_notes(prepared, sources, rows, axis))


def _notes(prepared: Prepared, sources: Sources, rows: list[Row], axis: Axis) -> tuple[str, ...]:
    said = [*(crowd_note(sources) if prepared.overlay else []), *notes(sources, rows, axis.width)]
    target = (overlay_lines if prepared.overlay else line_axis)(sources, axis)[1]
    lines = len(sources.ratings) + len(sources.drift) + len(sources.quality)
    if axis.live and target < axis.each and any(row.drawn < row.total for row in rows):
        said.append(
            f"{lines} lines share one drawing, {target:,} samples each: zoom in or hide some to see more."
        )
    return tuple(said)


def _choices(prepared: Prepared) -> Choices:
    sources = prepared.sources
    return Choices(
        rows=tuple(name for name, (source, _) in ROWS.items() if getattr(sources, source)),
        participants=sources.people,
        scales=sources.scales,
        categories=tuple(sources.events.lanes(len(sources.events.counts), CATEGORIES))
        if sources.events
        else (),
    )


def _facts(row: Row) -> RowFacts:
    return {
        "name": row.name,
        "kind": row.kind,
        "title": row.title,
        "y": list(row.y) if row.y else None,
        "lanes": list(row.lanes),
        "apart": row.apart,
        "number": row.number,
        "reach_sec": row.reach_sec,
        "tips": [[tip.field, tip.title, tip.kind] for tip in row.tips],
        "median": next(iter(row.more), ""),
        "whole": row.whole,
    }
