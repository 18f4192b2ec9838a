"""Fetch 250,000 continuous ratings with hs_jupyter and with the official SDK, side by side.

    python benchmarks/fetch.py [--repeats 7] [--delays 0 50]

The demo study serves both from loopback. Every measurement is a process of its own, the two take
turns, and the first of each is not counted. Peak memory is that of the process; "above imports" leaves
out what it had held before it fetched.
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
from typing import Self

EXPERIMENT = "exp_film_pairs"
HZ = 8.3  # some 250,000 ratings
OURS, SDK = "hs_jupyter", "SDK"
TO_REACH = {0: {"time": 0.5, "peak memory": 0.6, "above imports": 0.35}, 50: {"time": 0.2}}


def ours(base_url: str, api_key: str) -> int:
    import pandas as pd  # noqa: F401 - what a fetch would import is imported before

    import hs_jupyter as hs
    import hs_jupyter.api.transport
    import hs_jupyter.study
    import hs_jupyter.tables.output

    hs.connect(base_url=base_url, api_key=api_key)
    with measured() as took:
        frame = hs.ratings(experiment=EXPERIMENT, progress=False)
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


def measure(who: str, base_url: str, api_key: str) -> dict[str, float]:
    """Measure one fetch in a fresh process."""
    environment = {**os.environ, "HS_JUPYTER_RATE": "0", "BENCHMARK_KEY": api_key}
    command = [sys.executable, __file__, "--one", who, base_url]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def compare(delay_ms: int, repeats: int) -> None:
    from hs_jupyter.demo_study import start

    with start(hz=HZ, delay_ms=delay_ms) as study:
        seen: dict[str, list[dict[str, float]]] = {OURS: [], SDK: []}
        for turn in range(repeats + 1):
            for who, figures in seen.items():
                one = measure(who, study.base_url, study.api_key)
                if turn:  # the first warms up
                    figures.append(one)
    counts = {one["rows"] for figures in seen.values() for one in figures}
    assert len(counts) == 1, f"not the same rows: {counts}"
    print(f"\n{counts.pop():,.0f} ratings, {delay_ms} ms per answer, medians of {repeats}")
    print(f"{'':16}{OURS:>12}{SDK:>12}{'ratio':>8}{'to reach':>10}")
    for name, unit in {"time": "s", "peak memory": "MB", "above imports": "MB"}.items():
        mine, theirs = (statistics.median(one[name] for one in seen[who]) for who in (OURS, SDK))
        goal = TO_REACH.get(delay_ms, {}).get(name, "")
        print(f"{name:16}{mine:>9.2f} {unit:<2}{theirs:>9.2f} {unit:<2}{mine / theirs:>8.3f}{goal:>10}")


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--repeats", type=int, default=7)
    asked.add_argument("--delays", type=int, nargs="+", default=[0, 50], metavar="MS")
    asked.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.one:
        who, base_url = options.one
        return {OURS: ours, SDK: sdk}[who](base_url, os.environ["BENCHMARK_KEY"])
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.environ["HS_JUPYTER_DEMO_DIR"] = str(Path(folder) / "demo")
        for delay_ms in options.delays:
            compare(delay_ms, options.repeats)
    return 0


if __name__ == "__main__":
    sys.exit(main())
