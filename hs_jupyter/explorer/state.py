"""What lasts: the widget's traits as they travel and are saved. Never a record, a key, a URL, an e-mail.

They are written once here; ``js/src/contract.ts`` is made from them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

ID_MOST = 500
"""Characters of an ID, a name, a column."""

LIST_MOST = 5000
"""Names in one list."""

ONSET_MOST_SEC = 1e9

Text = Annotated[str, Meta(max_length=ID_MOST)]
Name = Annotated[str, Meta(min_length=1, max_length=ID_MOST)]
Names = Annotated[tuple[Text, ...], Meta(max_length=LIST_MOST)]
OnsetSec = Annotated[float, Meta(ge=-ONSET_MOST_SEC, le=ONSET_MOST_SEC)]
Window = tuple[OnsetSec, OnsetSec]


class ScopeState(Struct, frozen=True, forbid_unknown_fields=True):
    """Which part of the study is shown; trait ``_scope``, null while none is chosen."""

    kind: Literal["experiment", "room", "participant"]
    id: Name
    room: Text | None = None
    """The room of a participant, else null."""


class SelectionState(Struct, frozen=True, forbid_unknown_fields=True):
    """The one selection; trait ``_selection``. Null means all."""

    window: Window | None = None
    """Start and end in seconds of onset, closed, in steps of 1 ms."""
    participants: Names | None = None
    """Participants' IDs."""
    types: Names | None = None
    """Names of tables: ``ratings``, ``events``..."""


class Sort(Struct, frozen=True, forbid_unknown_fields=True):
    """The order of records; null stands for the order of time."""

    column: Name
    order: Literal["asc", "desc"] = "asc"


class Hidden(Struct, frozen=True, forbid_unknown_fields=True):
    """What the timeline does not show."""

    rows: Names = ()
    """Names of rows, as the timeline's choices list them."""
    participants: Names = ()
    scales: Names = ()
    """Component IDs of ratings."""
    categories: Names = ()
    """Categories of events."""


class PlaceState(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the person is; trait ``_place``, the same in every view."""

    table: Text = ""
    """The open tab, a table's name; empty: the first."""
    window: Window | None = None
    """What the timeline shows, in seconds of onset; null: everything."""
    hidden: Hidden = Hidden()
    sorts: Annotated[dict[Name, Sort], Meta(max_length=100)] = {}
    """By table."""
    columns: Annotated[dict[Name, Names], Meta(max_length=100)] = {}
    """By table, the columns shown, in order; a table that is not named shows all."""
