"""Fetch 250,000 continuous ratings with hs_jupyter and with the official SDK, side by side.

    python benchmarks/fetch.py [--repeats 7] [--delays 0 50] [--limits] [--loading]

The demo study serves both from loopback. hs_jupyter fetches twice: for the notebook alone, and keeping
what came in a store that is empty before; then it opens what is kept, without the service. Every
measurement is a process of its own, they take turns, and the first of each is not counted. Peak memory is
that of the process; "above imports" leaves out what it had held before it fetched.

With ``--limits`` the demo study answers as seldom as the service does, and with pages of 1000 records: it
takes two minutes, and shows the requests sent in the time that the windows leave. With ``--loading`` it
shows what ``%load_ext hs_jupyter`` costs.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable

EXPERIMENT = "exp_film_pairs"
HZ = 8.3  # some 250,000 ratings
OURS, KEPT, OPENED, SDK = "hs_jupyter", "and kept", "opened again", "SDK"
TO_REACH = {0: {"time": 0.5, "peak memory": 0.6, "above imports": 0.35}, 50: {"time": 0.2}}
UNITS = {"time": "s", "peak memory": "MB", "above imports": "MB"}
LIMITED_PAGE = 1000
WINDOWS_TO_USE = 0.95
LOADING_TO_REACH = 0.3


def ours(base_url: str, api_key: str, store: str | None, *, offline: bool = False) -> int:
    # what a fetch would import is imported before
    import filelock  # noqa: F401
    import pandas as pd  # noqa: F401
    import pyarrow.pandas_compat
    import pyarrow.parquet  # noqa: F401

    from hs_jupyter.api.asking import policy_of
    from hs_jupyter.api.connection import Connection
    from hs_jupyter.api.keys import ApiKey
    from hs_jupyter.api.transport import Transport
    from hs_jupyter.manner import Manner, in_manner
    from hs_jupyter.query import make_query
    from hs_jupyter.scope import Scope
    from hs_jupyter.storage import open_space
    from hs_jupyter.study import Study
    from hs_jupyter.tables.output import hand_over

    connection = Connection(base_url, ApiKey(api_key))
    space = open_space(Path(store), server=base_url, organization=None) if store else None
    study = Study(Transport(connection), policy_of(connection), space)
    with in_manner(Manner(yes=True, offline=offline)), measured() as took:
        frame = hand_over(study.table(make_query("ratings", Scope("experiment", EXPERIMENT))))
    return report(len(frame), took)


def sdk(base_url: str, api_key: str) -> int:
    import hyperstudy
    import pandas  # noqa: F401, ICN001

    client = hyperstudy.HyperStudy(api_key=api_key, base_url=base_url)
    with measured() as took:
        frame = client.get_ratings(EXPERIMENT, kind="continuous", progress=False)
    return report(len(frame), took)


class measured:  # noqa: N801 - reads like a function
    """Take the time of a block, and the peak of memory in it."""

    def __enter__(self) -> Self:
        self.before = peak_mb()
        self.began = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.perf_counter() - self.began
        self.peak = peak_mb()


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def report(rows: int, took: measured) -> int:
    figures = {"time": took.seconds, "peak memory": took.peak, "above imports": took.peak - took.before}
    print(json.dumps({"rows": rows, **figures}))
    return 0


def measure(who: str, base_url: str, api_key: str, store: str = "", rate: str = "0") -> dict[str, float]:
    """Measure one fetch in a fresh process."""
    environment = {**os.environ, "HS_JUPYTER_RATE": rate, "BENCHMARK_KEY": api_key}
    command = [sys.executable, __file__, "--one", who, base_url, store]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def compare(delay_ms: int, repeats: int) -> None:
    from hs_jupyter.demo_study import start

    with start(hz=HZ, delay_ms=delay_ms) as study:
        seen: dict[str, list[dict[str, float]]] = {OURS: [], KEPT: [], OPENED: [], SDK: []}
        for turn in range(repeats + 1):
            with tempfile.TemporaryDirectory() as folder:
                for who, figures in seen.items():
                    store = folder if who in (KEPT, OPENED) else ""
                    one = measure(who, study.base_url, study.api_key, store)
                    if turn:  # the first warms up
                        figures.append(one)
    counts = {one["rows"] for figures in seen.values() for one in figures}
    assert len(counts) == 1, f"not the same rows: {counts}"
    print(f"\n{counts.pop():,.0f} ratings, {delay_ms} ms per answer, medians of {repeats}")
    print(row("", [*seen, "", "to reach"]))
    for name, unit in UNITS.items():
        medians = [statistics.median(one[name] for one in figures) for figures in seen.values()]
        print(row(name, [f"{one:.2f} {unit}" for one in medians]))
        ratios = [f"{one / medians[-1]:.3f}" for one in medians]
        print(row("  of the SDK's", [*ratios, "", TO_REACH.get(delay_ms, {}).get(name, "")]))


def row(name: str, cells: Iterable[object]) -> str:
    return f"{name:16}" + "".join(f"{cell!s:>13}" for cell in cells)


def compare_limited() -> None:
    from hs_jupyter.api.ledger import Limits
    from hs_jupyter.demo_study import start

    with start(hz=HZ, limits=True, page_cap=LIMITED_PAGE, seed=2) as study:  # whose windows are its own
        command = [sys.executable, __file__, "--one", SDK, study.base_url, ""]
        environment = {**os.environ, "BENCHMARK_KEY": study.api_key}
        theirs = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        said = (theirs.stderr.strip().splitlines() or ["everything"])[-1]
    with start(hz=HZ, limits=True, page_cap=LIMITED_PAGE) as study:
        mine = measure(OURS, study.base_url, study.api_key, rate=str(Limits().per_minute))
    requests = -(-mine["rows"] // LIMITED_PAGE)
    leave = Limits().duration_sec(int(requests))
    print(
        f"\n{mine['rows']:,.0f} ratings under the real limits, pages of {LIMITED_PAGE}: {requests:.0f} requests"
    )
    print(f"hs_jupyter: all rows in {mine['time']:.1f} s; the windows leave {leave:.0f} s for them: "
          f"{leave / mine['time']:.3f} of the rate (to reach {WINDOWS_TO_USE})")  # fmt: skip
    print(f"SDK: {said[:200]}")


def compare_loading(repeats: int) -> None:
    """Take the time of each in a fresh interpreter that holds what a kernel holds anyway."""
    kernel = "import IPython, ipykernel; from IPython.core.interactiveshell import InteractiveShell"
    lines = {
        "%load_ext hs_jupyter": "InteractiveShell.instance().run_line_magic('load_ext', 'hs_jupyter')",
        "import pandas": "InteractiveShell.instance().run_cell('import pandas')",
    }
    seen: dict[str, list[float]] = {name: [] for name in lines}
    for turn in range(repeats + 1):
        for name, line in lines.items():
            code = (
                f"{kernel}\nInteractiveShell.instance()\nimport time; began = time.perf_counter()\n{line}\n"
            )
            code += "print(time.perf_counter() - began)"
            done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True)
            if turn:
                seen[name].append(float(done.stdout.splitlines()[-1]))
    load, pandas = (statistics.median(seen[name]) for name in lines)
    print(f"\n%load_ext hs_jupyter {load * 1000:.0f} ms, import pandas {pandas * 1000:.0f} ms, "
          f"medians of {repeats}: ratio {load / pandas:.3f} (to reach {LOADING_TO_REACH})")  # fmt: skip


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--repeats", type=int, default=7)
    asked.add_argument("--delays", type=int, nargs="*", default=[0, 50], metavar="MS")
    asked.add_argument("--limits", action="store_true", help="also under the service's limits: two minutes")
    asked.add_argument("--loading", action="store_true", help="also what %%load_ext costs")
    asked.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.one:
        who, base_url, store = options.one
        key = os.environ["BENCHMARK_KEY"]
        return sdk(base_url, key) if who == SDK else ours(base_url, key, store or None, offline=who == OPENED)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.environ["HS_JUPYTER_DEMO_DIR"] = str(Path(folder) / "demo")
        for delay_ms in options.delays:
            compare(delay_ms, options.repeats)
        if options.limits:
            compare_limited()
    if options.loading:
        compare_loading(options.repeats)
    return 0


if __name__ == "__main__":
    sys.exit(main())
