"""Who appears in tables: by the columns that hold IDs and names, and inside nested values."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from hs_jupyter.pseudonyms import words
from hs_jupyter.pseudonyms.nested import sightings_in
from hs_jupyter.pseudonyms.roster import Sighting
from hs_jupyter.tables.values import is_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PARTICIPANTS = "participants"
_OWN_IDS = {PARTICIPANTS: ("participantId", "id"), "agent_runs": ("participantId", "id")}
"""Tables whose rows are people, with the columns of their own IDs."""
_OWN_NAMES = {PARTICIPANTS: ("name",)}


def sightings(tables: Mapping[str, pa.Table]) -> Iterator[Sighting]:
    """Yield who appears in tables, in the order of their rows; the list of participants first.

    Parameters
    ----------
    tables
        Tables of this package, by table name.
    """
    ordered = sorted(tables.items(), key=lambda item: item[0] != PARTICIPANTS)
    return chain.from_iterable(_of_table(name, table) for name, table in ordered)


def person_columns(name: str, table: pa.Table) -> tuple[list[str], dict[str, str]]:
    """Name the columns of a table that hold IDs of people, and those that hold names.

    Returns
    -------
    ids, names
        Plain columns of IDs; and for each column of names the column of IDs beside it, or "".
    """
    plain = [one.name for one in table.schema if _is_plain(one)]
    own = [one for one in _OWN_IDS.get(name, ()) if one in plain]
    ids = [one for one in plain if words.is_id(one) or one in own]
    by_stem = {words.stem(one): one for one in reversed(ids)}
    names = {
        one: by_stem.get(words.stem(one), own[0] if own else "")
        for one in plain
        if words.is_name(one) or one in _OWN_NAMES.get(name, ()) or _is_person(table.schema.field(one))
    }
    return ids, names


def room_column(table: pa.Table) -> pa.ChunkedArray | None:
    """Return each row's room as text, if the table has rooms."""
    return as_text(table["roomId"]) if "roomId" in table.column_names else None


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column of texts or numbers as text."""
    return column if pa.types.is_string(column.type) else column.cast(pa.string())


def _of_table(name: str, table: pa.Table) -> Iterator[Sighting]:
    ids, names = person_columns(name, table)
    own = [one for one in _OWN_IDS.get(name, ()) if one in ids]
    rooms = room_column(table)
    if own:  # every ID in such a row is of the one person
        columns = {one: table[one] for one in dict.fromkeys((*own, *ids))}
        for row in _distinct({**columns, **{one: table[one] for one in names}}, rooms):
            *cells, room = row
            first, *also = cells[: len(columns)]
            called = cells[len(columns) :] or [""]
            yield from (Sighting(first, one, room, tuple(also)) for one in called)
    else:
        for one in ids:
            beside = [called for called, owner in names.items() if owner == one]
            for row in _distinct({key: table[key] for key in (one, *beside)}, rooms):
                id_, *called, room = row
                yield from (Sighting(id_, text, room) for text in called or [""])
        for one in (called for called, owner in names.items() if not owner):
            yield from (Sighting(name=text, room=room) for text, room in _distinct({one: table[one]}, rooms))
    for field in table.schema:
        if is_json(field):
            yield from _of_json(table[field.name], rooms, field.name)


def _of_json(column: pa.ChunkedArray, rooms: pa.ChunkedArray | None, name: str) -> Iterator[Sighting]:
    if not (words.is_id(name) or words.is_person(name) or words.is_name(name)):
        told = pc.fill_null(pc.match_substring_regex(column, words.TELLING_KEYS), fill_value=False)
        column, rooms = column.filter(told), None if rooms is None else rooms.filter(told)
    for text, room in _distinct({name: column}, rooms):
        if text:
            yield from sightings_in(orjson.loads(text), room, name)


def _distinct(
    columns: Mapping[str, pa.ChunkedArray], rooms: pa.ChunkedArray | None
) -> Iterator[tuple[str, ...]]:
    """Yield the combinations of some columns and the room, each once, in order."""
    together = [*columns.values(), *([] if rooms is None else [rooms])]
    held = {str(number): as_text(column) for number, column in enumerate(together)}
    row = pa.array(np.arange(len(together[0])))
    found = pa.table({**held, "row": row}).group_by(list(held)).aggregate([("row", "min")]).sort_by("row_min")
    for row in zip(*(found[key].to_pylist() for key in held), strict=True):
        cells = tuple(one or "" for one in row)
        yield cells if rooms is not None else (*cells, "")


def _is_person(field: pa.Field) -> bool:
    return words.is_person(field.name) and not pa.types.is_integer(field.type)  # a number of people


def _is_plain(field: pa.Field) -> bool:
    kind = field.type
    return not is_json(field) and (
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_integer(kind)
    )
