"""The parts of one or of many rooms become one table."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

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
    sources: Sequence[Source], data_type: DataType, columns: Sequence[str] | None, wanted: Wanted
) -> pa.Table:
    """Read what is wanted of some folders, in the canonical order.

    Parameters
    ----------
    sources
        At least one.
    columns
        Names; None for all. Names that no source has are left out.

    Raises
    ------
    PartError
        If a part cannot be read as it was written.
    """
    schema = union_schema(sources)
    chosen = schema.names if columns is None else [name for name in columns if name in schema.names]
    parts = [
        (source, part)
        for source in sources
        if _may_know(source.manifest, wanted.participant)
        for part in source.manifest.parts
        if wanted.may_hold(part, data_type)
    ]
    needed = {*chosen, *wanted.columns(data_type)}
    if len(parts) > 1:
        needed.add(data_type.time)
    if _overlap([part for _, part in parts]):
        needed |= {*data_type.key, _ROOM}
    names = [name for name in schema.names if name in needed]
    wide = pa.schema([schema.field(name) for name in names])
    words = set(columns_of(wide))
    alike = all(words <= set(source.manifest.columns) for source, _ in parts)
    coded = _repeated([part for _, part in parts]) & set(names) if alike else set()

    def one(pair: tuple[Source, Part]) -> pa.Table:
        source, part = pair
        read = tuple(column for column in source.manifest.columns if column[0] in needed)
        try:
            path, there = source.folder / part.name, [name for name, _ in read]
            table = read_part(path, part, data_type, there, wanted, coded=sorted(coded))
            _check(table, read)
        except (OSError, ValueError, KeyError) as problem:
            raise PartError(source, part, problem) from problem
        return table.select(names) if alike else join_tables([wide.empty_table(), settled(table)])

    tables = [table for table in _each(one, parts) if table.num_rows]
    return (in_order(tables, data_type) if tables else wide.empty_table()).select(chosen)


def _repeated(parts: Sequence[Part]) -> set[str]:
    """Name the texts that are numbered in every part."""
    return set.intersection(*(set(part.repeated) for part in parts)) if parts else set()


def _each(
    work: Callable[[tuple[Source, Part]], pa.Table], parts: list[tuple[Source, Part]]
) -> list[pa.Table]:
    workers = min(_WORKERS, sum(part.bytes for _, part in parts) // SMALL_BYTES)
    if workers <= 1 or len(parts) == 1:
        return [work(one) for one in parts]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(work, parts))


def _check(table: pa.Table, columns: Columns) -> None:
    if columns_of(settled(table.slice(0, 0)).schema) != columns:
        raise ValueError("its columns are not those of the manifest")


def _may_know(manifest: Manifest, participant: str | None) -> bool:
    return participant is None or manifest.participants is None or participant in manifest.participants


def _overlap(parts: Sequence[Part]) -> bool:
    """Whether any of the parts touch in time, or hold rows without time: then their keys decide."""
    if len(parts) > 1 and any(part.time.missing or part.time.low is None for part in parts):
        return True
    ends = sorted((part.time.low, part.time.high) for part in parts)
    return any(later[0] <= earlier[1] for earlier, later in pairwise(ends))  # type: ignore[operator]
