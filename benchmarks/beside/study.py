"""The study that is looked at: the demo study, mirrored to disk, with ratings of our own in three of its rooms."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.scope import Scope
from hs_jupyter.storage import open_mirror
from hs_jupyter.tables.build import empty_table
from hs_jupyter.tables.facts import Facts

if TYPE_CHECKING:
    from pathlib import Path

RATINGS = DATA_TYPES["ratings/continuous"]
EXPERIMENT = "exp_film_pairs"
SHORT, ONE, EIGHT = "room_pair_01", "room_pair_02", "room_pair_03"
SHORT_RATINGS, SECONDS = 32_000, 3_600.0


def write_study(folder: Path, samples: int) -> None:
    """Mirror the demo study, and give three of its rooms ratings of a length of our own."""
    script = f"""
        import hs_jupyter as hs
        with hs.demo():
            hs.mirror({EXPERIMENT!r}, to={str(folder)!r}, progress=False)
    """
    environment = {**os.environ, "HS_JUPYTER_RATE": "0", "HS_JUPYTER_STORE": str(folder.parent / "store")}
    environment["HS_JUPYTER_DEMO_DIR"] = str(folder.parent / "demo")
    subprocess.run([sys.executable, "-c", textwrap.dedent(script)], env=environment, check=True)
    space = open_mirror(folder, create=True)
    for room, people, scales, count in (
        (SHORT, 2, ("arousal", "valence"), SHORT_RATINGS),
        (ONE, 1, ("valence",), samples),
        (EIGHT, 8, ("valence",), samples),
    ):
        scope = Scope("room", room)
        facts = Facts(
            RATINGS.name, {"kind": "room", "id": room, "room": None}, fetched_at="2026-03-01T00:00:00+00:00"
        )
        table = ratings(room, people, scales, count)
        space.keep(RATINGS, scope, table, facts, announced=table.num_rows, experiment=EXPERIMENT)


def ratings(room: str, people: int, scales: tuple[str, ...], count: int) -> pa.Table:
    """Ratings of so many people, sample by sample, on every scale."""
    series = people * len(scales)
    each = count // series
    onset_sec = np.repeat(np.arange(each) * (SECONDS / each), series)
    value = values(series, each).T.ravel()
    person = np.tile(np.repeat(np.arange(people, dtype=np.int32), len(scales)), each)
    scale = np.tile(np.arange(len(scales), dtype=np.int32), each * people)
    columns: dict[str, Any] = {
        "onset": onset_sec * 1000, "onset_sec": onset_sec, "value": value, "normalizedValue": value,
        "value_norm": value, "rawValue": value * 100,
        "ratingId": pa.array(np.arange(len(value))).cast(pa.string()),
        "participantId": pa.array([f"p_{room[-2:]}_{one}" for one in range(people)]).take(pa.array(person)),
        "componentId": pa.array(scales).take(pa.array(scale)),
        "roomId": pa.repeat(room, len(value)), "experimentId": pa.repeat(EXPERIMENT, len(value)),
        "timestamp": pa.array((1.77e15 + onset_sec * 1e6).astype(np.int64)),
    }  # fmt: skip
    schema = empty_table(RATINGS, Scope("room", room)).schema
    arrays = [
        columns[one.name].cast(one.type) if one.name == "timestamp" else pa.array(columns[one.name])
        if one.name in columns
        else pa.nulls(len(value), one.type)
        for one in schema
    ]  # fmt: skip
    return pa.table(arrays, schema=schema)


def values(series: int, each: int) -> np.ndarray:
    """Walks between 0 and 1, the same each time."""
    steps = np.random.default_rng(0).normal(0, 0.02, (series, each))
    return np.abs((np.cumsum(steps, axis=1) + 0.5) % 2 - 1)


def cell_data(series: int, each: int) -> str:
    """Write the cell that makes the same samples for the other side."""
    return f"""
        import numpy as np
        steps = np.random.default_rng(0).normal(0, 0.02, ({series}, {each}))
        y = np.abs((np.cumsum(steps, axis=1) + 0.5) % 2 - 1)
        x = np.arange({each}) * ({SECONDS} / {each})
        del steps
    """
