"""Tables without IDs and names: pseudonyms in every column, nested value and text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from hs_jupyter.catalog import data_type
from hs_jupyter.errors import InputError
from hs_jupyter.pseudonyms import words
from hs_jupyter.pseudonyms.nested import without_people
from hs_jupyter.pseudonyms.people import as_text, person_columns, room_column
from hs_jupyter.pseudonyms.tokens import Finder
from hs_jupyter.tables.facts import KEY
from hs_jupyter.tables.values import is_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hs_jupyter.catalog import DataType
    from hs_jupyter.pseudonyms.roster import Roster

_AT_ONCE = 100_000
"""Texts of a column that are looked into at once."""

_MADE_OF_NAMES = {"fileName", "downloadPath"}
"""Texts of the service that are no participant's, and may hold their names."""


class Pseudonymizer:
    """Puts the pseudonyms of a roster into tables.

    Parameters
    ----------
    roster
        Everybody who is looked for.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from hs_jupyter.pseudonyms import Roster, sightings
    >>> chat = pa.table({"senderId": ["u_mia"], "senderName": ["Mia"], "content": ["I am Mia"]})
    >>> roster = Roster()
    >>> roster.meet(sightings({"chat": chat}))
    >>> Pseudonymizer(roster).table("chat", chat).to_pylist()
    [{'senderId': 'P001', 'senderName': 'P001', 'content': 'I am P001'}]
    """

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._ids = Finder(roster, names=False)
        self._all = Finder(roster)

    def plain(self, value: Any) -> Any:
        """Replace people in a text or another JSON value: facts, a manifest, a sentence."""
        return without_people(value, self._all, self._roster, "")

    def ids_in(self, text: str) -> str:
        """Replace IDs of people in what is no text of theirs: the ID of a room."""
        return self._ids.replace(text)

    def table(self, name: str, table: pa.Table) -> pa.Table:
        """Return a table with pseudonyms, row by row the same.

        Columns in which nobody appears are handed on, not copied. Columns of e-mail addresses and the
        like are left out; IDs that were numbers become text.

        Parameters
        ----------
        name
            The table's name in the catalogue.
        table
            A table of this package.
        """
        kind = _kind(name)
        table = table.drop_columns([one for one in table.column_names if words.is_left_out(one)])
        ids, names = person_columns(name, table)
        fields, columns = [], []
        for field in table.schema:
            if field.name in ids:
                column = self._by_id(table[field.name])
            elif field.name in names:
                column = self._by_name(table, field.name, names[field.name])
            else:
                column = self._in_text(table, field, kind)
            known = kind is not None and field.name in kind.column
            spelled = field.name if known else self._all.replace(field.name)
            fields.append(field.with_type(column.type).with_name(spelled))
            columns.append(column)
        return pa.table(columns, schema=pa.schema(fields, self._facts(table.schema.metadata)))

    def _by_id(self, column: pa.ChunkedArray) -> pa.ChunkedArray:
        held = as_text(column)
        known = pc.unique(held)
        pseudonyms = [None if one is None else self._roster.of_id(one) or one for one in known.to_pylist()]
        places = pc.index_in(held, value_set=known)
        return pa.chunked_array(
            [pa.array(pseudonyms, pa.string()).take(one) for one in places.chunks], pa.string()
        )

    def _by_name(self, table: pa.Table, name: str, owner: str) -> pa.ChunkedArray:
        """Replace names by whose ID stands beside them, and by themselves where none does."""

        def change(text: str, room: str, id_: str) -> str:
            return (
                self._roster.of_id(id_) or self._roster.of_name(text, room) or self._all.replace(text, room)
            )

        held = as_text(table[name])
        owners = as_text(table[owner]) if owner else None
        return _changed(held, pc.is_valid(held), change, room_column(table), owners)

    def _in_text(self, table: pa.Table, field: pa.Field, kind: DataType | None) -> pa.ChunkedArray:
        column = table[field.name]
        if not (pa.types.is_string(field.type) or pa.types.is_large_string(field.type)):
            return column
        nested = is_json(field)
        finder = self._all if nested or _is_free(field.name, kind) else self._ids

        def change(text: str, room: str, _: str) -> str:
            if not nested:
                return finder.replace(text, room)
            value = without_people(orjson.loads(text), finder, self._roster, room, field.name)
            return orjson.dumps(value).decode()

        told = _matches(column, finder.pattern(in_json=nested))
        if nested:
            told = pc.or_(told, _matches(column, words.TELLING_KEYS))
            if words.is_id(field.name) or words.is_name(field.name) or words.is_person(field.name):
                told = pc.is_valid(column)
        return _changed(column, told, change, room_column(table))

    def _facts(self, metadata: Mapping[bytes, bytes] | None) -> dict[bytes, bytes]:
        held = dict(metadata or {})
        if KEY in held:
            held[KEY] = orjson.dumps(self.plain(orjson.loads(held[KEY])))
        return held


def _kind(name: str) -> DataType | None:
    try:
        return data_type(name)
    except InputError:
        return None


def _is_free(column: str, kind: DataType | None) -> bool:
    """Tell whether anything may stand in a text: participants' own words, or what no source documents."""
    if words.stays(column):
        return False
    documented = kind.column.get(column) if kind else None
    return documented is None or bool(documented.personal) or column in _MADE_OF_NAMES


def _matches(column: pa.ChunkedArray, pattern: str | None) -> pa.ChunkedArray:
    if pattern is None:
        return pc.is_valid(column)
    return pc.fill_null(pc.match_substring_regex(column, pattern), fill_value=False)


def _changed(
    column: pa.ChunkedArray,
    told: pa.ChunkedArray,
    change: Callable[[str, str, str], str],
    *beside: pa.ChunkedArray | None,
) -> pa.ChunkedArray:
    """Return a column with some texts changed; where none is, nothing is copied.

    Parameters
    ----------
    column, told
        The texts, and which of them somebody may appear in.
    change
        Gets a text, and what stands in the columns beside it.
    beside
        Up to two further columns; None for one that is not there.
    """
    if not pc.any(told).as_py():
        return column
    pieces, begun = [], 0
    for chunk in column.chunks:
        for at in range(0, len(chunk), _AT_ONCE):
            piece = chunk.slice(at, _AT_ONCE)
            there = begun + at, len(piece)
            mask = told.slice(*there).combine_chunks()
            others = [None if one is None else one.slice(*there) for one in beside]
            pieces.append(_changed_piece(piece, mask, change, others))
        begun += len(chunk)
    return pa.chunked_array(pieces, column.type)


def _changed_piece(
    piece: pa.Array,
    mask: pa.Array,
    change: Callable[[str, str, str], str],
    beside: Sequence[pa.ChunkedArray | None],
) -> pa.Array:
    if not mask.true_count:
        return piece
    rows = pc.indices_nonzero(mask)
    texts = piece.take(rows).to_pylist()
    first, second = (
        [""] * len(texts) if one is None else [cell or "" for cell in one.take(rows).to_pylist()]
        for one in (*beside, None, None)[:2]
    )
    done: dict[tuple[str, str, str], str] = {}
    for key in zip(texts, first, second, strict=True):
        if key not in done:
            done[key] = change(*key)
    fresh = [done[key] for key in zip(texts, first, second, strict=True)]
    return piece if fresh == texts else pc.replace_with_mask(piece, mask, pa.array(fresh, piece.type))
