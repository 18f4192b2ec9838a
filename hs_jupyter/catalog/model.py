"""The words the catalogue is written in: columns, parameters, data types."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

ColumnType = Literal["text", "float", "int", "bool", "instant", "json", "any"]
"""``instant`` is a UTC time; ``json`` an object or array; ``any`` whatever JSON type the rows hold
(int, then float, then JSON text where rows disagree)."""

Personal = Literal["", "email", "name", "text"]
"""``email`` is left out unless asked for; ``name`` and ``text`` (participants' own words) stay."""

Drawn = Literal["", "line", "points", "ticks", "drift", "text", "spans"]


@dataclass(frozen=True)
class Column:
    """One documented column of a table.

    ``fallback`` names older spellings, read where the column itself is absent.
    """

    name: str
    type: ColumnType
    meaning: str
    unit: str = ""
    personal: Personal = ""
    fallback: tuple[str, ...] = ()


@dataclass(frozen=True)
class Parameter:
    """A filter that the service knows and the language offers.

    ``option`` is its spelling in a magic, ``keyword`` in Python, ``wire`` in the query string. Where
    ``column`` is named, rows are filtered again on arrival (the server may ignore what it does not
    know). ``loose`` ones are filtered on arrival alone, by letters and digits in lower case: the
    service spells their values in several ways.
    """

    keyword: str
    option: str
    wire: str
    type: Literal["text", "bool", "milliseconds"]
    meaning: str
    column: str = ""
    loose: bool = False
    values: tuple[str, ...] = ()
    takes: str = ""


@dataclass(frozen=True)
class View:
    """A named part of another data type: rows whose event type begins so, or of these categories."""

    of: str
    prefix: str
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class DataType:
    """One data type: where it is asked for, what comes back, what it means.

    Attributes
    ----------
    name
        The word of the language, for example ``ratings/continuous``.
    table
        The table's name in plans, SQL, bundles, files and variables, for example ``ratings``.
    path
        The path below the base URL, with ``{scope}`` and ``{id}``.
    scopes
        The scopes the service answers.
    key_scope
        The scope a key needs; empty when none is needed, None when no source says.
    key
        The columns that identify a record; rows that agree in them are one record. Empty: no ID is
        documented, and records of a paged type are one only when they are equal in everything.
    time
        The column that places a row in time (an instant), empty for types without time.
    end
        For spans, the instant they end at.
    sorts
        What the service can sort by.
    paged
        Whether ``limit`` and ``offset`` page through it.
    timed
        Whether the service filters by ``startTime`` and ``endTime``.
    drawn
        How the timeline draws it, empty when it does not.
    scope_parameter
        The query parameter that carries the scope's ID where the path does not.
    cap
        The most records the service ever returns (per room for agent decisions); 0: none known.
    by_participant
        Whether a participant's records are just those of the room that bear their ID.
    participant
        The column that says whose a record is; empty where none does.
    """

    name: str
    table: str
    meaning: str
    path: str
    scopes: tuple[str, ...]
    key_scope: str | None
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    time: str = ""
    end: str = ""
    parameters: tuple[Parameter, ...] = ()
    sorts: tuple[str, ...] = ()
    paged: bool = True
    timed: bool = False
    drawn: Drawn = ""
    view: View | None = None
    note: str = ""
    aliases: tuple[str, ...] = ()
    scope_parameter: str = ""
    cap: int = 0
    by_participant: bool = False
    participant: str = "participantId"
    column: Mapping[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "column", {one.name: one for one in self.columns})

    @property
    def by_room(self) -> bool:
        """Whether the records of an experiment are those of its rooms together."""
        return {"experiment", "room"} <= set(self.scopes) and "roomId" in self.column

    @property
    def parameter(self) -> Mapping[str, Parameter]:
        """Its parameters by their Python keyword."""
        return {one.keyword: one for one in self.parameters}

    def personal(self, kind: Personal) -> tuple[str, ...]:
        """Name the columns that hold this kind of personal data."""
        return tuple(one.name for one in self.columns if one.personal == kind)
