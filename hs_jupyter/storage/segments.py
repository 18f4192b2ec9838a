"""The segments of a journal: a file for each, in it a batch for each room; never all of them in memory."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any
from zlib import crc32

import orjson
import pyarrow as pa

from hs_jupyter.errors import DamagedError
from hs_jupyter.storage.parts import MOST_ROWS
from hs_jupyter.storage.schemas import Columns, columns_of, schema_of, settled
from hs_jupyter.storage.splitting import one_experiment, split_by_room
from hs_jupyter.tables.build import empty_table
from hs_jupyter.tables.join import join_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from hs_jupyter.catalog import DataType
    from hs_jupyter.scope import Scope

_ABOUT = b"hs.segment"
_NAME = re.compile(r"(\d{6})-([0-9a-f]{8})\.arrow")
_OPEN_FILES = 64
_LEAN = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
"""Threads of its own would each keep the memory that they once needed."""


@dataclass(frozen=True)
class Segment:
    """One file, checked when it was looked at.

    Attributes
    ----------
    rooms
        The room of each of its batches; None for rows that name none, or where rooms do not matter.
    experiment
        The experiment that all rows name, or None.
    state
        What the fetch wrote beside it, plain JSON.
    """

    path: Path
    rows: int
    rooms: tuple[str | None, ...]
    experiment: str | None
    columns: Columns
    state: Mapping[str, Any]


def segment_bytes(table: pa.Table, state: Mapping[str, Any], *, by_room: bool) -> memoryview:
    """Return the bytes of a segment: an Arrow IPC file, lz4; the metadata of the table's schema stays."""
    said = table.schema.metadata or {}
    table = settled(table)
    filled = [(None, table)] if table.num_rows else []
    parts = list(split_by_room(table)) if by_room and table.num_rows else filled
    about = {
        "rows": table.num_rows,
        "rooms": [room for room, _ in parts],
        "experiment": one_experiment(table),
        "columns": columns_of(table.schema),
        "state": state,
    }
    sink = pa.BufferOutputStream()
    schema = table.schema.with_metadata({**said, _ABOUT: orjson.dumps(about)})
    with pa.ipc.new_file(sink, schema, options=_LEAN) as file:
        for _, rows in parts:
            file.write_table(rows.combine_chunks().replace_schema_metadata(schema.metadata))
    return memoryview(sink.getvalue())


def segment_name(number: int, data: memoryview) -> str:
    """Name a segment by its place and its checksum."""
    return f"{number:06d}-{crc32(data):08x}.arrow"


def segment_number(name: str) -> int | None:
    """Return the place of a segment; None for another file."""
    found = _NAME.fullmatch(name)
    return int(found[1]) if found else None


def look_at(path: Path) -> Segment:
    """Check a segment, and say what is in it.

    Raises
    ------
    DamagedError
        If it is not what was written.
    """
    try:
        with pa.ipc.open_file(pa.BufferReader(_checked(path))) as file:
            about = orjson.loads(file.schema.metadata[_ABOUT])
            segment = Segment(
                path=path,
                rows=about["rows"],
                rooms=tuple(about["rooms"]),
                experiment=about["experiment"],
                columns=tuple((name, word) for name, word in about["columns"]),
                state=about["state"],
            )
            if file.num_record_batches != len(segment.rooms):
                raise ValueError("not its batches")
    except _PROBLEMS as problem:
        raise DamagedError(f"a fetch under way is damaged: {path}") from problem
    return segment


def read_segment(path: Path) -> pa.Table:
    """Read all rows of a segment, with the metadata that its table had.

    Raises
    ------
    DamagedError
        If it is not what was written.
    """
    try:
        table = pa.ipc.open_file(pa.BufferReader(_checked(path))).read_all()
    except _PROBLEMS as problem:
        raise DamagedError(f"a fetch under way is damaged: {path}") from problem
    said = {name: text for name, text in table.schema.metadata.items() if name != _ABOUT}
    return table.replace_schema_metadata(said or None)


class Contents:
    """What a journal holds, as tables of one schema.

    Attributes
    ----------
    schema
        Every column of every segment, and of the catalogue.
    experiment
        The experiment that all rows name, or None.
    """

    def __init__(self, segments: Sequence[Segment], data_type: DataType, scope: Scope) -> None:
        self._segments = segments
        kinds = dict.fromkeys(segment.columns for segment in segments)
        known = settled(empty_table(data_type, scope))
        self.schema = join_tables([known, *(schema_of(one).empty_table() for one in kinds)]).schema
        named = {segment.experiment for segment in segments if segment.rows}
        self.experiment = named.pop() if len(named) == 1 else None

    def rooms(self) -> Iterator[tuple[str | None, Iterator[pa.Table]]]:
        """Yield each room, in the order in which they came, and its rows."""
        places: dict[str | None, list[tuple[Path, int]]] = {}
        for segment in self._segments:
            for number, room in enumerate(segment.rooms):
                places.setdefault(room, []).append((segment.path, number))
        for room, found in places.items():
            yield room, self._tables(found)

    def tables(self) -> Iterator[pa.Table]:
        """Yield all rows, in the order in which they came."""
        return self._tables(
            [(segment.path, number) for segment in self._segments for number in range(len(segment.rooms))]
        )

    def _tables(self, places: Iterable[tuple[Path, int]]) -> Iterator[pa.Table]:
        """Yield tables of at most `MOST_ROWS` rows; at least one."""
        read = lru_cache(maxsize=_OPEN_FILES)(_opened)
        waiting: list[pa.Table] = []
        count = 0
        for path, number in places:
            try:
                batch = read(path).get_batch(number)
            except _PROBLEMS as problem:
                raise DamagedError(f"a fetch under way is damaged: {path}") from problem
            rows = pa.Table.from_batches([batch]).replace_schema_metadata(None)
            while count + rows.num_rows > MOST_ROWS:
                room = MOST_ROWS - count
                yield self._joined([*waiting, rows.slice(0, room)])
                waiting, count, rows = [], 0, rows.slice(room)
            waiting.append(rows)
            count += rows.num_rows
        if count or not waiting:
            yield self._joined(waiting)

    def _joined(self, tables: Sequence[pa.Table]) -> pa.Table:
        """Join tables, and add the columns that they lack; those alike are joined before."""
        alike = [
            pa.concat_tables(list(some)) for _, some in groupby(tables, lambda one: columns_of(one.schema))
        ]
        if len(alike) == 1 and alike[0].schema.equals(self.schema, check_metadata=True):
            return alike[0]
        return join_tables([self.schema.empty_table(), *alike]).combine_chunks()


_PROBLEMS = (OSError, ValueError, TypeError, KeyError, pa.ArrowException)


def _checked(path: Path) -> bytes:
    data = path.read_bytes()
    if segment_name(segment_number(path.name) or 0, memoryview(data)) != path.name:
        raise ValueError("bytes have changed")
    return data


def _opened(path: Path) -> pa.ipc.RecordBatchFileReader:
    return pa.ipc.open_file(pa.OSFile(str(path)))
