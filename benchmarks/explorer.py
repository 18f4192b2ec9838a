"""The explorer's timeline in a real JupyterLab, beside what a user has today, on the same data in one run.

    python benchmarks/explorer.py [choose long records brush saved module] [--repeats 30] [--samples 10000000]
        [--headed]

`choose`: a click on a stored room of 32,000 ratings until its chart is painted; beside it, the cell that shows
the same ratings in Altair's JupyterChart. `long`: a stored room of 10 million ratings as 1 and as 8 series,
first paint, and from the end of a zoom until its detail is painted, with what the detail of one zoom sends;
beside it, plotly-resampler's FigureWidget of the same samples. `records`: pages of 10 million ratings in the
grid, first, last, sorted, filtered; beside it, the cell that asks DuckDB for the same page of the same Parquet
files. `brush`: from a move of the pointer until it is painted, while 4 series are brushed; beside it,
JupyterChart of the same ratings. `saved`: what a notebook gains. `module`: what the module weighs.

The study is the demo study, mirrored to disk, with other ratings in three of its rooms. plotly-resampler is
installed in an environment beside this one, for its kernel alone: it brings an extension that asks
JupyterLab to be built anew. Needs Chromium (`python3 run.py browser`) and the built module (`npm --prefix js
run build:explorer`).
"""

from __future__ import annotations

import argparse
import runpy
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))  # the harness of the browser tests

from beside import paging, works  # noqa: E402
from beside.figures import report  # noqa: E402
from beside.notebook import Bench  # noqa: E402
from beside.others import add_others  # noqa: E402
from beside.study import write_study  # noqa: E402
from jupyter import JupyterServer  # noqa: E402

WORKS = {
    "choose": works.choose, "long": works.long, "records": paging.records, "brush": works.brush,
    "saved": works.saved, "module": works.module,
}  # fmt: skip


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("works", nargs="*", choices=[*WORKS, []], metavar="WORK", help=" ".join(WORKS))
    asked.add_argument("--repeats", type=int, default=30)
    asked.add_argument("--samples", type=int, default=10_000_000)
    asked.add_argument("--headed", action="store_true", help="show the browser")
    options = asked.parse_args()
    names = options.works or list(WORKS)
    browser = runpy.run_path(str(ROOT / "tools" / "browser.py"))["find"]()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        folder = Path(place) / "study"
        write_study(folder, options.samples)
        with JupyterServer("lab", Path(place) / "lab") as server, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=browser, headless=not options.headed)
            page = chromium.new_page(viewport={"width": 1400, "height": 1300})
            others = bool({"long", "saved"} & set(names)) and add_others(Path(place), server)
            bench = Bench(page, server, others=others)
            for name in names:
                for work, sides in WORKS[name](bench, folder, options.repeats, options.samples):
                    report(work, sides)
            chromium.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
