"""The store beside bare Parquet and DuckDB: open 250,000 ratings again, take 5 million in, find 60 s in 50 million.

    python benchmarks/store.py [reopen fill window] [--repeats 7] [--scale 1.0]

Ratings are made by numpy, the same each time, and written straight into the store. Every measurement is a
process of its own, the two sides take turns, and the first of each is not counted. Peak memory is that of
the process, above what it held after its imports. `--scale 0.1` takes a tenth of all rows, to try it out.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pandas as pd  # noqa: TC002 - what a measurement would import is imported before
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset
import pyarrow.parquet as pq

from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.scope import Scope
from hs_jupyter.storage import open_space
from hs_jupyter.tables.build import empty_table
from hs_jupyter.tables.facts import Facts
from hs_jupyter.tables.output import hand_over

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hs_jupyter.storage import Space

RATINGS = DATA_TYPES["ratings/continuous"]
EXPERIMENT = Scope("experiment", "exp_benchmark")
HZ, PEOPLE = 10, 2
WINDOW_SEC = 60
REOPEN_ROWS, FILL_ROWS, WINDOW_ROWS = 250_000, (1_000_000, 2_000_000, 5_000_000), 50_000_000
REOPEN_ROOMS, FILL_ROOM_ROWS, WINDOW_ROOMS = 22, 10_000, (50, 500)
AT_ONCE = 3
"""So many rooms run at the same time; the next ones after a pause."""
PAUSE_SEC = 300
PAGE_ROWS = 50_000


# What is measured. To measure the whole road, ask the facade here.


def reopen_ours(folder: Path) -> pd.DataFrame:
    held = the_space(folder).find(RATINGS, EXPERIMENT)
    assert held is not None
    return hand_over(held.read(), "pandas")


def reopen_bare(folder: Path) -> pd.DataFrame:
    return pq.read_table(folder / "bare.parquet").to_pandas()


def window_ours(folder: Path, room: str, participant: str, start_sec: float) -> pd.DataFrame:
    held = the_space(folder).find(RATINGS, Scope("room", room))
    assert held is not None
    table = held.read(onset=(start_sec, start_sec + WINDOW_SEC), participant=participant)
    return hand_over(table, "pandas")


def window_duckdb(folder: Path, room: str, participant: str, start_sec: float) -> pd.DataFrame:
    query = (
        f"FROM read_parquet('{folder / 'one.parquet'}') "
        "WHERE roomId = ? AND participantId = ? AND onset_sec BETWEEN ? AND ? ORDER BY timestamp, ratingId"
    )
    return (
        duckdb.sql(query, params=[room, participant, start_sec, start_sec + WINDOW_SEC])
        .to_arrow_table()
        .to_pandas()
    )


# What they read: ratings of rooms, one after the other or some at a time.


def the_space(folder: Path) -> Space:
    return open_space(folder / "store", server="https://benchmark.example", organization=None)


def room_name(number: int) -> str:
    return f"room_{number:05d}"


def room_table(number: int, rows: int, *, start_sec: float) -> pa.Table:
    """Ratings of one room by several people, each HZ times a second; as the road makes them."""
    chance = np.random.default_rng(number)
    at = np.arange(rows)
    people = pa.array([f"p_{number:05d}_{one}" for one in range(PEOPLE)])
    onset_ms = np.round(at // PEOPLE * 1000 / HZ + chance.uniform(0, 20, rows))
    onset_ms.sort()
    value = np.clip(0.5 + np.cumsum(chance.normal(0, 0.01, rows)), 0, 1).round(3)
    instants = ((1.77e9 + start_sec) * 1e6 + onset_ms * 1e3).astype(np.int64)
    texts = {
        "ratingId": pc.binary_join_element_wise(
            f"cr_{number:05d}", pc.utf8_lpad(pa.array(at).cast(pa.string()), 7, "0"), "_"
        ),
        "participantId": people.take(pa.array(at % PEOPLE)),
    }
    fixed = {"experimentId": EXPERIMENT.id, "roomId": room_name(number), "componentId": "valence"}
    numbers = {
        "onset": onset_ms,
        "onset_sec": onset_ms / 1000,
        "scaleMin": np.zeros(rows),
        "scaleMax": np.full(rows, 100.0),
    }
    numbers |= {"value": value, "normalizedValue": value, "value_norm": value, "rawValue": value * 100}
    schema = empty_table(RATINGS, EXPERIMENT).schema
    columns = {name: pa.array(one) for name, one in numbers.items()} | texts
    columns |= {name: pa.repeat(pa.scalar(text), rows) for name, text in fixed.items()}
    columns["timestamp"] = pa.array(instants).cast(schema.field("timestamp").type)
    arrays = [columns.get(field.name, pa.nulls(rows, field.type)) for field in schema]
    return pa.table(arrays, schema=schema)


def arriving(rows: int) -> Iterator[pa.Table]:
    """Pages of an experiment in which some rooms run at a time, in the order of time."""
    length = FILL_ROOM_ROWS // PEOPLE / HZ + PAUSE_SEC
    for first in range(0, rows // FILL_ROOM_ROWS, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, rows // FILL_ROOM_ROWS))
        group = pa.concat_tables(
            [room_table(one, FILL_ROOM_ROWS, start_sec=first // AT_ONCE * length) for one in numbers]
        )
        group = group.sort_by("timestamp")
        yield from (group.slice(at, PAGE_ROWS) for at in range(0, group.num_rows, PAGE_ROWS))


def facts_of(scope: Scope) -> Facts:
    asked = {"kind": scope.kind, "id": scope.id, "room": scope.room}
    return Facts(RATINGS.name, asked, fetched_at="2026-03-01T00:00:00+00:00")


def write_rooms(folder: Path, rooms: int, room_rows: int, *, at_once: int = 1, one_file: str = "") -> None:
    """Write rooms into a store, and into one file; so many run at a time."""
    folder.mkdir(exist_ok=True)
    space, writer = the_space(folder), None
    length = room_rows // PEOPLE / HZ + PAUSE_SEC
    for number in range(rooms):
        table = room_table(number, room_rows, start_sec=number // at_once * length)
        scope = Scope("room", room_name(number))
        space.keep(RATINGS, scope, table, facts_of(scope), announced=room_rows)
        if one_file:
            writer = writer or pq.ParquetWriter(folder / one_file, table.schema, compression="zstd")
            writer.write_table(table, row_group_size=122_880)  # DuckDB's own
    if writer is not None:
        writer.close()
    names = [room_name(number) for number in range(rooms)]
    space.join_rooms(RATINGS, EXPERIMENT.id, names, facts_of(EXPERIMENT), announced=rooms * room_rows)


# Measurements, each in a process of its own.


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    result = work()
    return result, time.perf_counter() - began


def measure_reopen(side: str, folder: str) -> dict[str, Any]:
    frame, seconds = timed(lambda: {"hs_jupyter": reopen_ours, "bare": reopen_bare}[side](Path(folder)))
    return {"rows": len(frame), "time": seconds}


def measure_window(side: str, folder: str, rooms: str, room_rows: str, seed: str) -> dict[str, Any]:
    chance = np.random.default_rng(int(seed))
    find = {"hs_jupyter": window_ours, "DuckDB": window_duckdb}[side]
    length = int(room_rows) // PEOPLE / HZ - WINDOW_SEC
    seen, took = [], []
    for _ in range(6):
        number, start = int(chance.integers(int(rooms))), float(chance.integers(int(length)))
        person = f"p_{number:05d}_{chance.integers(PEOPLE)}"
        frame, seconds = timed(lambda: find(Path(folder), room_name(number), person, start))  # noqa: B023
        seen.append([len(frame), round(float(frame["value"].sum()), 6), str(frame["ratingId"].iloc[0])])
        took.append(seconds)
    return {"rows": seen, "first": took[0], "next": statistics.median(took[1:])}


def measure_fill(rows: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        space, announced = the_space(Path(folder)), int(rows)
        before, offset, adding = peak_mb(), 0, 0.0
        with space.journal(RATINGS, EXPERIMENT, {}) as journal:
            for page in arriving(announced):
                offset += page.num_rows
                adding += timed(lambda: journal.append(page, next_offset=offset, announced=announced))[1]  # noqa: B023
            held, keeping = timed(
                lambda: space.keep_journal(
                    RATINGS, EXPERIMENT, journal, facts_of(EXPERIMENT), announced=announced
                )
            )
            journal.discard()
        return {"rows": held.rows, "adding": adding, "keeping": keeping, "above imports": peak_mb() - before}


def peak_mb() -> float:
    """The peak of this process; what Linux counts elsewhere has the peak of its parent in it."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.open() if line.startswith("VmHWM")) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def measure(what: str, *arguments: object) -> dict[str, Any]:
    """Measure in a fresh process."""
    command = [sys.executable, __file__, "--one", what, *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def turns(
    what: str, sides: tuple[str, str], repeats: int, *cases: tuple[object, ...], seeded: bool = False
) -> list[dict[str, list]]:
    """Let two sides take turns at every case; the first of each warms up."""
    seen: list[dict[str, list[dict[str, Any]]]] = [{side: [] for side in sides} for _ in cases]
    for turn in range(repeats + 1):
        for case, figures in zip(cases, seen, strict=True):
            one = {side: measure(what, side, *case, *([turn] if seeded else [])) for side in sides}
            assert one[sides[0]]["rows"] == one[sides[1]]["rows"], f"not the same rows: {one}"
            if turn:
                for side in sides:
                    figures[side].append(one[side])
    return seen


def median(figures: list[dict[str, Any]], name: str) -> float:
    return statistics.median(one[name] for one in figures)


# The three tables that are printed.


def reopen(folder: Path, repeats: int, scale: float) -> None:
    rows = int(REOPEN_ROWS * scale)
    ways = {"one by one": 1, f"{AT_ONCE} at a time": AT_ONCE}
    for name, at_once in ways.items():
        write_rooms(folder / name, REOPEN_ROOMS, rows // REOPEN_ROOMS, at_once=at_once)
        table = the_space(folder / name).find(RATINGS, EXPERIMENT).read()  # type: ignore[union-attr]
        pq.write_table(table, folder / name / "bare.parquet")
    every = turns("reopen", ("hs_jupyter", "bare"), repeats, *((folder / name,) for name in ways))
    print(f"\nopen {table.num_rows:,} ratings of {REOPEN_ROOMS} rooms, to pandas; medians of {repeats}")
    print(f"{'rooms':>12}{'hs_jupyter':>12}{'read_table':>12}{'ratio':>8}{'to reach':>10}")
    for name, seen in zip(ways, every, strict=True):
        ours, bare = (median(seen[side], "time") for side in seen)
        print(f"{name:>12}{ours * 1000:>9.0f} ms{bare * 1000:>9.0f} ms{ours / bare:>8.2f}{'2':>10}")


def fill(_: Path, repeats: int, scale: float) -> None:
    sizes = [int(rows * scale) for rows in FILL_ROWS]
    seen: dict[int, list[dict[str, Any]]] = {rows: [] for rows in sizes}
    for turn in range(min(repeats, 3) + 1):
        for rows, figures in seen.items():
            one = measure("fill", rows)
            assert one["rows"] == rows
            if turn:
                figures.append(one)
    print(f"\ninto the store through the journal, {AT_ONCE} rooms at a time; medians of {min(repeats, 3)}")
    print(
        f"{'samples':>12}{'journal':>10}{'store':>10}{'per million':>13}{'above imports':>15}{'to reach':>10}"
    )
    for rows, figures in seen.items():
        adding, keeping, peak = (median(figures, name) for name in ("adding", "keeping", "above imports"))
        per_million = (adding + keeping) / rows * 1e6
        print(
            f"{rows:>12,}{adding:>8.2f} s{keeping:>8.2f} s{per_million:>11.2f} s{peak:>12.0f} MB{'500':>10}"
        )


def window(folder: Path, repeats: int, scale: float) -> None:
    room_rows = int(WINDOW_ROWS * scale) // WINDOW_ROOMS[-1]
    print(
        f"\n{WINDOW_SEC} s of one participant, {room_rows:,} samples a room, to pandas; medians of {repeats}"
    )
    print(f"{'rooms':>8}{'samples':>14}{'':>8}{'hs_jupyter':>12}{'DuckDB':>12}{'ratio':>8}{'to reach':>10}")
    for rooms in WINDOW_ROOMS:
        write_rooms(folder / str(rooms), rooms, room_rows, one_file="one.parquet")
    cases = [(folder / str(rooms), rooms, room_rows) for rooms in WINDOW_ROOMS]
    every = turns("window", ("hs_jupyter", "DuckDB"), repeats, *cases, seeded=True)
    for rooms, seen in zip(WINDOW_ROOMS, every, strict=True):
        for name in ("first", "next"):
            ours, theirs = (median(seen[side], name) * 1000 for side in seen)
            about = f"{rooms:>8}{rooms * room_rows:>14,}" if name == "first" else " " * 22
            print(f"{about}{name:>8}{ours:>9.1f} ms{theirs:>9.1f} ms{ours / theirs:>8.2f}{'2':>10}")


def main() -> int:
    tables = {"reopen": reopen, "fill": fill, "window": window}
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("tables", nargs="*", choices=[*tables, []], metavar="reopen fill window")
    asked.add_argument("--repeats", type=int, default=7)
    asked.add_argument("--scale", type=float, default=1.0, help="of all rows")
    asked.add_argument("--one", nargs="+", help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.one:
        what, *arguments = options.one
        measured = {"reopen": measure_reopen, "fill": measure_fill, "window": measure_window}[what](
            *arguments
        )
        print(json.dumps(measured))
        return 0
    for name in options.tables or tables:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            tables[name](Path(folder), options.repeats, options.scale)
    return 0


if __name__ == "__main__":
    sys.exit(main())
