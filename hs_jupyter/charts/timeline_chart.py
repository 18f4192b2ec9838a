"""One room, or one participant in it: every data type on one onset axis, linked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from hs_jupyter.charts import style
from hs_jupyter.charts.columns import PARTICIPANT, UNKNOWN, floats, natural, series_of, texts
from hs_jupyter.charts.events import event_row
from hs_jupyter.charts.linking import Axis, cursor_clock, selections
from hs_jupyter.charts.ratings import by_scale, continuous, rating_row, sparse_row
from hs_jupyter.charts.sync import drift_row, quality_row
from hs_jupyter.charts.row import cells_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from hs_jupyter.charts.row import Row


def timeline_chart(
    tables: Mapping[str, pa.Table], *, title: str = "", width: int = style.WIDTH
) -> alt.VConcatChart:
    """Draw the tables of one room on one onset axis."""
    ratings = continuous(tables["ratings"])
    sync = series_of(tables["sync"], "timeDrift")
    quality = series_of(tables["sync"], "syncQuality")
    sparse = series_of(tables["ratings_sparse"], "value_norm")
    people = sorted({one.participant for one in [*ratings, *sync]}, key=natural)
    onset = np.concatenate([floats(t, "onset_sec") for t in tables.values()])
    axis = Axis(float(np.nanmin(onset)), float(np.nanmax(onset)), tuple(people), width)
    rows: list[Row] = [
        rating_row(f"ratings_{n}", s, axis, 2 * width) for n, s in enumerate(by_scale(ratings), 1)
    ]
    rows.append(sparse_row(sparse, axis))
    rows.append(drift_row(sync, axis, 2 * width))
    rows.append(quality_row(quality, axis, 2 * width))
    rows.append(event_row(tables["events"], axis)[0])
    charts = [row.chart(axis, n, *([cursor_clock(axis)] if n == 0 else [])) for n, row in enumerate(rows)]
    return alt.VConcatChart(
        vconcat=charts,
        params=selections(axis, [cells_name(n) for n in range(len(rows))], None),
        title=alt.TitleParams(title, anchor="start", frame="bounds"),
        config=style.config(),
        background="transparent",
    )
