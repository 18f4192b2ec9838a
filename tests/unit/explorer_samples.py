"""Messages as they travel, for both languages: ``tests/fixtures/wire/``, written by running this file.

Each sample is ``NAME.json`` (the message), ``NAME.TABLE.arrow`` (its buffers, real bytes) and
``NAME.TABLE.values.json`` (what a reader must get from them).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pyarrow as pa
from explorer_kernel import HOSTILE, Kernel, rating, study_routes

from hs_jupyter.explorer.messages import Failure, News, Progress
from hs_jupyter.explorer.shelf import Shelf
from hs_jupyter.explorer.state import ScopeState
from hs_jupyter.explorer.wire import stream, wire_table
from hs_jupyter.scope import Scope

FOLDER = Path(__file__).parents[1] / "fixtures" / "wire"
ROOM = {"kind": "room", "id": "r1", "room": None}


def every_type() -> pa.Table:
    """Return a table with every type that travels, in two batches, with what is hard to read."""
    columns = {
        "number": pa.array([0.1, -0.0, None, float("inf"), 1e300]),
        "small": pa.array([1, -2, None, 2**31 - 1, -(2**31)], pa.int32()),
        "truth": pa.array([True, False, None, True, False]),
        "text": pa.array(["", HOSTILE, None, "日本語 🎬 é", "a\x00b\nc"]),
        "repeated": pa.array(["p1", "p1", "p2", None, "p1"]).dictionary_encode(),
        "long": pa.array(["x" * 301, "x" * 300, None, "é" * 400, "y"]),
        "whole": pa.array([0, 2**53, None, -(2**53), 7]),
        "huge": pa.array([2**53 + 1, 1, None, 2, 3]),
        "instant": pa.array(
            [
                datetime(2026, 3, 2, 15, 4, 5, 250_000, UTC),
                datetime(1970, 1, 1, tzinfo=UTC),
                None,
                None,
                None,
            ],
            pa.timestamp("us", "UTC"),
        ),
        "nothing": pa.nulls(5),
        "json": pa.array(['{"a":[1,null]}', "[]", None, '"x"', "{}"]),
    }
    whole = pa.table(columns)
    return wire_table(pa.concat_tables([whole.slice(0, 2), whole.slice(2)]))


def _one_version(value: Any) -> None:
    """Write versions of records as 1: they count what this process held before."""
    if isinstance(value, dict):
        if value.get("version", 0) and "loaded" in value:
            value["version"] = 1
        value = list(value.values())
    if isinstance(value, list | tuple):
        for one in value:
            _one_version(one)


def samples() -> dict[str, tuple[dict[str, Any], dict[str, pa.Table]]]:
    """Return every sample: the message, and its tables."""
    kernel = Kernel(study_routes(ratings=5, **{"data/chat/room/r1": []}))
    kernel.service.routes["data/ratings/continuous/room/r1"].append(
        rating(5, participantId=HOSTILE, componentId="日本語")
    )
    made = {
        "page": kernel_answer(kernel, "page", scope=ROOM, table="ratings"),
        "scopes": kernel_answer(kernel, "scopes"),
        "rooms": kernel_answer(kernel, "scopes", parent={"kind": "experiment", "id": "e1"}),
        "open": kernel_answer(kernel, "open", scope=ROOM),
        "push": kernel_answer(kernel, "push", scope=ROOM, selection={"types": ["ratings"]}, name="x"),
    }
    for message, _ in made.values():
        _one_version(message)
    refused, _ = kernel_answer(kernel, "code", scope=ROOM, selection={"window": [2, 1]})
    shelf = Shelf(kernel.study, Scope("room", "r1"))
    news = News("", ScopeState("room", "r1"), (shelf.state("ratings"),), 3, 2.0, "this look failed")
    progress = Progress("sample", "ratings", 2000, 255_896, 1000.0, 253.896, "waits until 15:04:05: why")
    failure = Failure("sample", "fetch", "the key may not read this", "records", "key", "read:ratings")
    return {
        **made,
        "refused": (refused, {}),
        "error": (plain(failure), {}),
        "progress": (plain(progress), {}),
        "news": (plain(news), {}),
        "types": (
            {"type": "answer", "id": "sample", "to": "page", "result": {}, "tables": ["rows"]},
            {"rows": every_type()},
        ),
    }  # fmt: skip


def kernel_answer(kernel: Kernel, type_: str, **fields: Any) -> tuple[dict[str, Any], dict[str, pa.Table]]:
    kernel.sent.clear()
    answer = kernel.answer(type_, id="sample", **fields)
    buffers = kernel.buffers[id(answer)]
    return plain(answer), dict(zip(answer.get("tables", ()), map(read, buffers), strict=True))


def plain(message: Any) -> dict[str, Any]:
    made: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(message))
    return made


def read(buffer: bytes) -> pa.Table:
    with pa.ipc.open_stream(buffer) as reader:
        return reader.read_all()


def values_of(table: pa.Table) -> dict[str, list[Any]]:
    """Return what a reader must get, in JSON: infinities as texts, as JSON has none."""
    columns = table.to_pydict()
    return {
        name: [str(one) if isinstance(one, float) and abs(one) == float("inf") else one for one in column]
        for name, column in columns.items()
    }


def write() -> None:
    """Write the fixtures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    for name, (message, tables) in samples().items():
        (FOLDER / f"{name}.json").write_bytes(orjson.dumps(message, option=orjson.OPT_INDENT_2) + b"\n")
        for table_name, table in tables.items():
            (FOLDER / f"{name}.{table_name}.arrow").write_bytes(stream(table))
            values = json.dumps(values_of(table), ensure_ascii=True, indent=1, allow_nan=False)
            (FOLDER / f"{name}.{table_name}.values.json").write_text(values + "\n", "utf-8", newline="\n")


if __name__ == "__main__":
    write()
