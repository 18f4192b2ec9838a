"""The parts of one or of many rooms become one table."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

import pyarrow as pa

from hs_jupyter.storage.order import in_order
from hs_jupyter.storage.parts import SMALL_BYTES, Wanted, read_part
from hs_jupyter.storage.schemas import columns_of, schema_of, settled
from hs_jupyter.tables.join import join_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from hs_jupyter.catalog import DataType
    from hs_jupyter.storage.manifest import Manifest, Part
    from hs_jupyter.storage.schemas import Columns

_WORKERS = min(8, os.cpu_count() or 1)
_ROOM = "roomId"
_Made = TypeVar("_Made")


@dataclass(frozen=True)
class Source:
    """A folder of parts, and the manifest that names them."""

    folder: Path
    manifest: Manifest


class PartError(Exception):
    """A part cannot be read as its manifest says."""

    def __init__(self, source: Source, part: Part, problem: Exception) -> None:
        super().__init__(f"{source.folder / part.name}: {problem}")
        self.path = source.folder / part.name
        self.source = source
        self.problem = problem


def union_schema(sources: Iterable[Source]) -> pa.Schema:
    """Return the columns of all, typed so that each fits."""
    distinct = dict.fromkeys(source.manifest.columns for source in sources)
    return join_tables([schema_of(columns).empty_table() for columns in distinct]).schema


def read_union(
    sources: Sequence[Source],
    data_type: DataType,
    columns: Sequence[str] | None,
    wanted: Wanted,
    *,
    numbered: bool = False,
) -> pa.Table:
    """Read what is wanted of some folders, in the canonical order.

    Parameters
    ----------
    sources
        At least one.
    columns
        Names; None for all. Names that no source has are left out.
    numbered
        Texts that repeat may come as numbers and a dictionary: quicker, and smaller.

    Raises
    ------
    PartError
        If a part cannot be read as it was written.
    """
    plan = _plan(sources, data_type, columns, wanted)
    tables = [table for table in plan.each(lambda table: table) if table.num_rows]
    if not tables:
        return plan.schema.empty_table().select(plan.chosen)
    joined = (pa.concat_tables(tables) if plan.apart else in_order(tables, data_type)).select(plan.chosen)
    return joined if numbered else settled(joined)


def each_piece(
    sources: Sequence[Source], data_type: DataType, columns: Sequence[str], work: Callable[[pa.Table], _Made]
) -> list[_Made]:
    """Do something with all rows, piece by piece, several at once; what came of it is in the canonical order.

    Where parts overlap in time there is one piece. Texts that repeat may come as numbers and a dictionary.

    Raises
    ------
    PartError
        If a part cannot be read as it was written.
    """
    plan = _plan(sources, data_type, columns, Wanted())
    if plan.apart:
        return plan.each(lambda table: work(table.select(plan.chosen)))
    return [work(read_union(sources, data_type, columns, Wanted(), numbered=True))]


@dataclass(frozen=True)
class _Plan:
    """What is read of which parts.

    Attributes
    ----------
    apart
        The parts follow each other in time, and here; else their rows are to be put in order.
    schema
        The columns that are read.
    chosen
        Those that are wanted in the end.
    coded
        The texts that are left numbered.
    alike
        Every part has these very columns.
    """

    parts: list[tuple[Source, Part]]
    data_type: DataType
    wanted: Wanted
    apart: bool
    schema: pa.Schema
    chosen: list[str]
    coded: list[str]
    alike: bool

    def each(self, work: Callable[[pa.Table], _Made]) -> list[_Made]:
        """Read every part and do something with it, with several at once."""

        def one(pair: tuple[Source, Part]) -> _Made:
            return work(self._read(*pair))

        workers = min(_WORKERS, sum(part.bytes for _, part in self.parts) // SMALL_BYTES)
        if workers <= 1 or len(self.parts) == 1:
            return [one(pair) for pair in self.parts]
        with ThreadPoolExecutor(workers) as pool:
            return list(pool.map(one, self.parts))

    def _read(self, source: Source, part: Part) -> pa.Table:
        read = tuple(column for column in source.manifest.columns if column[0] in self.schema.names)
        try:
            path, there = source.folder / part.name, [name for name, _ in read]
            table = read_part(path, part, self.data_type, there, self.wanted, coded=self.coded)
            _check(table, read)
        except (OSError, ValueError, KeyError) as problem:
            raise PartError(source, part, problem) from problem
        if self.alike:
            return table.select(self.schema.names)
        return join_tables([self.schema.empty_table(), settled(table)])


def _plan(
    sources: Sequence[Source], data_type: DataType, columns: Sequence[str] | None, wanted: Wanted
) -> _Plan:
    schema = union_schema(sources)
    chosen = schema.names if columns is None else [name for name in columns if name in schema.names]
    parts = [
        (source, part)
        for source in sources
        if _may_know(source.manifest, wanted.participant)
        for part in source.manifest.parts
        if wanted.may_hold(part, data_type)
    ]
    apart = not _overlap([part for _, part in parts])
    needed = {*chosen, *wanted.columns(data_type)}
    if apart:
        parts.sort(key=lambda one: one[1].time.low or 0)
    else:
        needed |= {data_type.time, *data_type.key, _ROOM}
    names = [name for name in schema.names if name in needed]
    read = pa.schema([schema.field(name) for name in names])
    words = set(columns_of(read))
    alike = all(words <= set(source.manifest.columns) for source, _ in parts)
    coded = sorted(_repeated([part for _, part in parts]) & set(names)) if alike else []
    return _Plan(parts, data_type, wanted, apart, read, chosen, coded, alike)


def _repeated(parts: Sequence[Part]) -> set[str]:
    """Name the texts that are numbered in every part."""
    return set.intersection(*(set(part.repeated) for part in parts)) if parts else set()


def _check(table: pa.Table, columns: Columns) -> None:
    if columns_of(settled(table.slice(0, 0)).schema) != columns:
        raise ValueError("its columns are not those of the manifest")


def _may_know(manifest: Manifest, participant: str | None) -> bool:
    return participant is None or manifest.participants is None or participant in manifest.participants


def _overlap(parts: Sequence[Part]) -> bool:
    """Whether any of several parts touch in time, or hold rows without time: then their keys decide."""
    if len(parts) < 2:  # noqa: PLR2004 - one part is in order
        return False
    if any(part.time.missing or part.time.low is None for part in parts):
        return True
    ends = sorted((part.time.low, part.time.high) for part in parts)
    return any(later[0] <= earlier[1] for earlier, later in pairwise(ends))  # type: ignore[operator]
