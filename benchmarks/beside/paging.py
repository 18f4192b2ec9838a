"""Pages of a very long table in the grid; beside it, the same pages asked of DuckDB and shown by the notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beside.figures import Figures
from beside.study import ONE, SHORT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from beside.notebook import Bench

FOUND = "12345"
PAGE_ROWS = 200

# In the page: whether the grid shows the records that were asked for, cells and all.
GRID = """
window.grid = {
  of: () => document.querySelector('[role=grid][aria-label=Records]'),
  rows: () => Number(grid.of()?.getAttribute('aria-rowcount') ?? 0) - 1,
  row: number => grid.of()?.querySelector(`[aria-rowindex="${number + 1}"]`),
  shows: number => grid.of()?.ariaBusy === 'false' && !!grid.row(number)?.querySelector('.hs-Cell-text')
      && !grid.row(number).querySelector('.hs-Cell-coming'),
  head: name => [...grid.of().querySelectorAll('[role=columnheader]')].find(one => one.textContent === name),
  key: (key, more) => grid.of().dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, ...more})),
  type: text => {
    const box = document.querySelector('[aria-label="Filter records"]');
    box.value = text;
    box.dispatchEvent(new Event('input', {bubbles: true}));
  },
};
"""
TABLE = "() => document.querySelectorAll('.jp-OutputArea table').length === 2"
HEAD_IS = "grid.head('value')?.ariaSort"
WORKS = {
    "tab → first page": (
        "[...document.querySelectorAll('[role=tab]')].find(one => one.textContent.startsWith('ratings')).click()",
        "grid.shows(1)",
        "LIMIT {rows}",
    ),
    "end → last page": (
        "grid.key('End', {ctrlKey: true})", "grid.shows({samples})", "ORDER BY timestamp LIMIT {rows} OFFSET {last}",
    ),
    "column's head → first sorted page": (
        "grid.head('value').click()", f"{HEAD_IS} === 'ascending' && grid.shows(1)", "ORDER BY value LIMIT {rows}",
    ),
    "again → first page of the other order": (
        "grid.head('value').click()", f"{HEAD_IS} === 'descending' && grid.shows(1)",
        "ORDER BY value DESC LIMIT {rows}",
    ),
    "end → last sorted page": (
        "grid.key('End', {ctrlKey: true})", "grid.shows({samples})",
        "ORDER BY value DESC LIMIT {rows} OFFSET {last}",
    ),
    "text → first filtered page": (
        f"grid.type('{FOUND}')", "grid.rows() < {samples} && grid.shows(1)",
        f"WHERE contains(ratingId, '{FOUND}') LIMIT {{rows}}",
    ),
}  # fmt: skip
"""What is done, when it is shown, and what of the Parquet files DuckDB is asked for."""


def records(bench: Bench, folder: Path, repeats: int, samples: int) -> Iterator[tuple[str, list[Figures]]]:
    """Look at the records of a stored room: first page, last page, sorted, filtered."""
    ours, theirs = Figures("explorer"), Figures("DuckDB")
    known = {"samples": samples, "rows": PAGE_ROWS, "last": samples - PAGE_ROWS}
    for _ in range(min(repeats, 2)):
        bench.explorer(folder)
        bench.choose(SHORT)  # what is imported once is imported
        bench.choose(ONE)
        bench.page.evaluate(GRID)
        for work, (doing, shown, _sql) in WORKS.items():
            test = shown.format(**known)
            script = f"""async () => {{
                const began = performance.now();
                {doing};
                await bench.painted();
                return (await bench.until(() => {test})) - began;
            }}"""
            ours.add(work, float(bench.page.evaluate(script)))
        for work, (_doing, _shown, sql) in WORKS.items():
            files = f"{folder}/data/ratings/*/room={ONE}/*.parquet"
            asked = f"SELECT * FROM read_parquet('{files}') {sql.format(**known)}"
            bench.open("import duckdb\nduckdb.sql('SELECT 1 AS one').df()", f'duckdb.sql("{asked}").df()')
            theirs.add(work, bench.shown(TABLE))
    yield f"{samples:,} ratings as records", [ours, theirs]
