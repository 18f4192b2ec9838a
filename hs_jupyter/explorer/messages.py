"""The messages between browser and kernel, typed once; ``js/src/contract.ts`` is made from this.

Every message has ``type`` and ``id``. The browser asks with an ID of its own choosing, unique among all views
(begin it with something random). The kernel answers every request exactly once, with ``answer`` or ``error``
of the same ID; before that, ``progress`` (and ``news`` for ``live``) may come with it. ``cancel`` ends another
request, which is then answered with an ``error`` whose reason is ``cancelled``. What nobody asked for has the ID
``""``: ``news`` of tables that changed, and an ``error`` of a message that could not be read.

A request holds all that its answer depends on, scope and selection too: a trait may arrive later than a message
sent after it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from hs_jupyter.explorer.answers import Result, TableState
from hs_jupyter.explorer.state import (
    Hidden,
    Name,
    Names,
    ScopeState,
    SelectionState,
    Sort,
    Text,
    Window,
)

RequestId = Annotated[str, Meta(min_length=1, max_length=100)]
RowNumber = Annotated[int, Meta(ge=0, le=2**31 - 1)]
PageRows = Annotated[int, Meta(ge=1, le=5000)]
WidthPx = Annotated[int, Meta(ge=50, le=10_000)]


class Request(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag=str.lower):
    """What every request holds."""

    id: RequestId


class Hello(Request, frozen=True):
    """Who is there? The connection, and how many requests are left in this hour. Asks nothing of the service."""

    keeps: bool = False
    """The host keeps this view when its output is updated, so that the output may hold a picture of it."""


class Scopes(Request, frozen=True):
    """List scopes below a parent: experiments (no parent), rooms of an experiment, participants of a room."""

    parent: ScopeState | None = None
    refresh: bool = False
    """Ask the service again."""


class Recent(Request, frozen=True):
    """List the scopes looked at lately and those stored here. Asks nothing of the service."""


class Find(Request, frozen=True):
    """Find scopes by a part of a name or ID among those known here; ``ask``: ask the service for this very ID."""

    text: Text
    ask: bool = False


class Open(Request, frozen=True):
    """Choose a scope: sets ``_scope``, empties ``_selection`` if it is another one, and returns its tabs.

    Costs no request. An overlay's line, a tree's row and a pasted ID all come this way.
    """

    scope: ScopeState


class Types(Request, frozen=True):
    """List the data types of a scope, with what is known of each. Costs no request."""

    scope: ScopeState


class Page(Request, frozen=True):
    """Records of one table from a place on, in an order, as Arrow table ``rows``.

    While a table is not loaded whole, only the page that is needed is asked for, and a filter, a sort or a
    selection works on the records loaded so far; the answer's note says so.
    """

    scope: ScopeState
    table: Name
    offset: RowNumber = 0
    count: PageRows = 200
    selection: SelectionState | None = None
    """Only records of this selection; null: of the scope."""
    sort: Sort | None = None
    filter: Text = ""
    """Only records in which a cell holds this text, in any case."""
    columns: Names | None = None
    """Only these columns; null, or none that is there: all."""


class Cell(Request, frozen=True):
    """The whole value of one cell; a page cuts long texts."""

    scope: ScopeState
    table: Name
    row: RowNumber
    """The record's ``__row__``."""
    column: Name


class Fetch(Request, frozen=True):
    """Fetch tables whole, with progress."""

    scope: ScopeState
    tables: Names
    """Names of tables; empty: every data type of the scope that the key may read."""
    yes: bool = False
    """Go ahead with a plan of many requests; without it such a plan is an error of reason ``plan``."""


class Timeline(Request, frozen=True):
    """Draw what a window shows: a Vega-Lite specification over named datasets, each an Arrow table.

    Small types that are not loaded are fetched on the way; what is left out is named in ``missing``.
    """

    scope: ScopeState
    width_px: WidthPx
    """Width of the plots."""
    window: Window | None = None
    """Seconds of onset; null: everything."""
    hidden: Hidden = Hidden()
    known: Names = ()
    """IDs of the specification and the datasets that the view holds: they are not sent again."""


class Counts(Request, frozen=True):
    """How many records of each table lie in a selection, among those loaded."""

    scope: ScopeState
    selection: SelectionState


class Push(Request, frozen=True):
    """Put a selection in a notebook variable: a Bundle, or one table of it; what is missing is fetched first."""

    scope: ScopeState
    selection: SelectionState
    name: Text
    table: Name | None = None
    """Only this table; null: the Bundle."""
    replace: Text = ""
    """What an earlier answer gave for going ahead: replaces exactly what that answer said is there."""
    yes: bool = False
    """As in ``fetch``."""


class Code(Request, frozen=True):
    """The code that gives the same rows."""

    scope: ScopeState
    selection: SelectionState
    kind: Literal["magic", "python"] = "magic"
    table: Name | None = None
    """Only this table; null: the Bundle."""
    name: Text = ""
    """The variable; empty: ``selected``."""


class Media(Request, frozen=True):
    """A fresh link to a recording's file, for an open player; never kept, never in state."""

    scope: ScopeState
    recording: Name


class Live(Request, frozen=True):
    """Follow a running room: ``news`` every few seconds, answered after a minute; ask again to go on."""

    scope: ScopeState


class Bound(Request, frozen=True):
    """Read what was typed in 'From' or 'To', as ``--from`` does: ``90s``, ``1:30``, an instant..."""

    scope: ScopeState
    text: Text
    edge: Literal["from", "to"]


class Vega(Request, frozen=True):
    """The part that draws, for a page in which nobody has it: a module to import. Costs no request."""


class Cancel(Request, frozen=True):
    """End another request."""

    cancels: RequestId


AnyRequest = (
    Hello
    | Scopes
    | Recent
    | Find
    | Open
    | Types
    | Page
    | Cell
    | Fetch
    | Timeline
    | Counts
    | Push
    | Code
    | Media
    | Live
    | Bound
    | Vega
    | Cancel
)
"""Everything the browser may send."""


class Answer(Struct, frozen=True, tag_field="type", tag="answer"):
    """A request's answer."""

    id: str
    to: str
    """The request's type."""
    result: Result
    tables: tuple[str, ...] = ()
    """The names of the Arrow tables in the message's buffers, in their order."""


Place = Literal["connection", "scopes", "types", "records", "timeline", "selection", "push", "player", "live"]
Reason = Literal["input", "plan", "key", "not found", "wait", "network", "service", "cancelled", "fault"]


class Failure(Struct, frozen=True, tag_field="type", tag="error"):
    """A request that could not be answered, in a sentence with what to do."""

    id: str
    to: str
    """The request's type; empty when it could not be read."""
    sentence: str
    place: Place
    """Where in the explorer it belongs."""
    reason: Reason
    """``plan``: ask again with ``yes``. ``key``: the key is missing or may not. ``wait``: the budget is spent."""
    key_scope: str | None = None
    """The key scope that is missing."""


class Progress(Struct, frozen=True, tag_field="type", tag="progress"):
    """How far a request has come."""

    id: str
    label: str
    """What is fetched: a table's name."""
    received: int
    """Records, of all its tables together."""
    total: int | None
    """Records announced; null: not known."""
    per_sec: float | None = None
    left_sec: float | None = None
    waiting: str | None = None
    """Why no records come, and until when."""


class News(Struct, frozen=True, tag_field="type", tag="news"):
    """Tables of a scope changed: a fetch, or a running room."""

    id: str
    scope: ScopeState
    tables: tuple[TableState, ...]
    """Those that changed, as they are now."""
    added: int = 0
    """Records that are new."""
    next_sec: float | None = None
    """When the room is looked at again."""
    sentence: str | None = None
    """What went wrong this time; following goes on."""


Sent = Answer | Failure | Progress | News
"""Everything the kernel may send."""
