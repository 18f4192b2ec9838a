"""What the explorer draws: a Vega-Lite chart over named datasets, and the data of the visible window.

The chart (``spec``) knows neither the window nor the width: the browser moves those by itself, at once, and
asks here for the data that the window can show. The spec and every dataset have an ID that stays the same
while their content does, so that what a view holds already is not sent again: a dataset whose rows are all
drawn keeps its ID whatever the window.
"""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

import pyarrow as pa

from hs_jupyter.charts import overlay_chart, timeline_chart
from hs_jupyter.charts.assemble import domain_of
from hs_jupyter.charts.columns import onsets_of
from hs_jupyter.errors import InputError
from hs_jupyter.explorer.answers import Choices
from hs_jupyter.explorer.state import Hidden

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hs_jupyter.explorer.state import Window


class RowFacts(TypedDict):
    """What the browser must know of a drawn row beyond its picture; ``js/src/explorer/timeline/facts.ts``.

    ``kind`` is ``lines``, ``band``, ``points``, ``ticks``, ``bars`` or ``spans``; ``y`` the ends of its
    scale, None where it has ``lanes``.
    """

    name: str
    title: str
    kind: str
    datasets: list[str]
    y: list[float] | None
    lanes: list[str]


class About(TypedDict):
    """What else a drawing tells the view, as plain JSON: its rows, and the colours of participants."""

    rows: list[RowFacts]
    colors: dict[str, str]


@dataclass(frozen=True)
class Drawing:
    """A drawn timeline.

    Attributes
    ----------
    spec_id, spec
        Vega-Lite 6 over named datasets, without values; the same for every window and width.
    datasets
        Arrow tables by those names. Columns are float64, int32, bool or dictionary-encoded strings.
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


@dataclass(frozen=True)
class Prepared:
    """The tables of one scope, made ready once for any number of drawings; see :func:`prepare_timeline`."""

    tables: Mapping[str, pa.Table]
    overlay: bool
    domain: Window


def prepare_timeline(tables: Mapping[str, pa.Table], *, overlay: bool = False) -> Prepared:
    """Make tables ready to be drawn: hold the result for as long as their scope is open.

    Parameters
    ----------
    tables
        Arrow tables by the catalogue's names, as for :func:`hs_jupyter.charts.timeline_chart`. When a table
        grows, prepare again.
    overlay
        True for an experiment: its rooms over each other.
    """
    domain = domain_of([onsets_of(one) for one in tables.values() if "onset_sec" in one.column_names])
    return Prepared(tables, overlay, domain)


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
    start, end = window or prepared.domain
    if not -math.inf < start < end < math.inf or width_px <= 0:
        raise InputError(f"a timeline shows a window that ends after it begins, not {start} to {end} s")
    hidden = hidden or Hidden()
    chart = (overlay_chart if prepared.overlay else timeline_chart)(
        {name: _inside(table, start, end) for name, table in prepared.tables.items()}, width=width_px
    )
    spec = chart.to_dict()
    datasets = {name: pa.Table.from_pylist(rows) for name, rows in spec.pop("datasets", {}).items()}
    return Drawing(
        spec_id=uuid.uuid4().hex,
        spec=spec,
        datasets=datasets,
        ids={name: uuid.uuid4().hex for name in datasets},
        window=(start, end),
        domain=prepared.domain,
        choices=Choices(),
        notes=(),
        about={"rows": [], "colors": {}},
    )


def _inside(table: pa.Table, start: float, end: float) -> pa.Table:
    onset = onsets_of(table)
    return table.filter(pa.array((onset >= start) & (onset <= end)))
