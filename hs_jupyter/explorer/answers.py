"""What answers hold, one struct for each type of request; tables travel beside them, in buffers."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from hs_jupyter.explorer.state import ScopeState, SelectionState

CellKind = Literal["text", "number", "whole", "truth", "instant", "nested"]


class Result(Struct, frozen=True):
    """What an answer holds: one of those below."""


class TableState(Struct, frozen=True):
    """One data type of a scope: a tab, and what is known of its records."""

    table: str
    """Its name everywhere, for example ``ratings_sparse``."""
    type: str
    """The word of the language, for example ``ratings/sparse``."""
    meaning: str
    timed: bool
    """Whether a window selects in it; otherwise it comes whole."""
    drawn: bool
    """Whether the timeline draws it."""
    announced: int | None
    """How many records there are, as far as known."""
    loaded: int
    """How many of them are in the kernel."""
    whole: bool
    """All of them are."""
    readable: bool
    """False: the key may not read it."""
    key_scope: str | None
    """The key scope it needs, where known."""
    problem: str | None = None
    """Why it could not be read."""
    warnings: tuple[str, ...] = ()
    """Doubts about what came."""
    stored: bool = False
    """It is kept on this machine: pages and charts cost no request."""
    version: int = 0
    """Another and a higher one whenever other records are in the kernel."""


class HelloAnswer(Result, frozen=True):
    """The connection."""

    version: str
    connected: bool
    connection: str
    """Base URL and organization in one line, without the key; or what to do to connect."""
    demo: bool
    """Say DEMO STUDY."""
    requests_left: int | None
    """In this hour; null: no limit, or not known."""
    requests_per_hour: int | None


class ScopesAnswer(Result, frozen=True):
    """With one table: ``experiments``, ``rooms`` or ``participants``."""

    parent: ScopeState | None
    total: int
    warnings: tuple[str, ...] = ()


class RecentAnswer(Result, frozen=True):
    """With table ``found``."""

    total: int


class FindAnswer(Result, frozen=True):
    """With table ``found``."""

    asked: bool
    """Whether the service was asked."""
    sentence: str | None = None
    """What to try when nothing was found."""


class TypesAnswer(Result, frozen=True):
    """The tabs of a scope."""

    scope: ScopeState
    """As it is from now on: an experiment's name has become its ID."""
    title: str
    """A line for people: ``room room_pair_01``, an experiment's name."""
    running: bool
    """It is known as a room that runs now, and can be followed."""
    tables: tuple[TableState, ...]


class PageColumn(Struct, frozen=True):
    """One column of a page."""

    name: str
    kind: CellKind
    """``instant``: milliseconds since 1970; ``nested``: JSON text to expand."""
    unit: str = ""
    meaning: str = ""


class PageAnswer(Result, frozen=True):
    """With table ``rows``: its columns, and ``__row__``."""

    table: str
    offset: int
    returned: int
    total: int | None
    """Records that match selection and filter; null: not known while the table is not loaded whole."""
    state: TableState
    columns: tuple[PageColumn, ...]
    """Those of the page, in order."""
    others: tuple[str, ...]
    """Names of all columns of the table."""
    note: str | None = None
    """What a reader must know: sorted or filtered among the records loaded so far."""


class CellAnswer(Result, frozen=True):
    """One cell whole; the text to copy, JSON for nested values."""

    text: str | None
    kind: CellKind
    cut: bool = False
    """It was longer than can be shown."""


class FetchAnswer(Result, frozen=True):
    """The tables asked for, as they are now; one that failed says its problem."""

    tables: tuple[TableState, ...]


class Choices(Struct, frozen=True):
    """What can be shown or hidden, hidden ones too."""

    rows: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    scales: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


class Missing(Struct, frozen=True):
    """A table that is not drawn, or not whole."""

    table: str
    reason: str
    announced: int | None = None


class TimelineAnswer(Result, frozen=True):
    """With an Arrow table for each dataset of the specification that the view does not hold yet."""

    spec_id: str
    spec: dict[str, Any] | None
    """Vega-Lite over named datasets; null when it is known."""
    ids: dict[str, str]
    """The ID of every dataset's content, by name."""
    window: tuple[float, float]
    """What is drawn, in seconds of onset."""
    domain: tuple[float, float]
    """All there is."""
    choices: Choices
    notes: tuple[str, ...]
    """Thinned lines, tables without data, rows without a place."""
    missing: tuple[Missing, ...] = ()
    drawn: dict[str, int] = {}
    """By table, the version of the records that it was drawn from."""
    running: bool = False
    """Its records tell that the room runs now."""
    about: dict[str, Any] = {}
    """What else the drawing tells the view; plain JSON, of ``drawing.py`` and ``timeline/`` alone."""


class CountsAnswer(Result, frozen=True):
    """Records in the selection, by table; tables that are not loaded whole count what is loaded."""

    counts: dict[str, int]
    partial: tuple[str, ...] = ()
    """Tables that are not loaded whole."""


class PushAnswer(Result, frozen=True):
    """What a push did."""

    pushed: bool
    name: str
    sentence: str
    """What the variable holds now; or what is there, and that pushing again replaces it."""
    replace: str | None = None
    """Send this with the same push to replace what is there."""


class CodeAnswer(Result, frozen=True):
    """Lines to copy."""

    text: str


class MediaAnswer(Result, frozen=True):
    """A recording to play. The link is a secret that ends soon: give it to the player, keep it nowhere."""

    recording: str
    url: str
    kind: Literal["video", "audio"]
    media_type: str
    """``video/mp4``..."""
    start_sec: float | None
    """Onset of the file's beginning: position = onset - start_sec."""
    duration_sec: float | None


class LiveAnswer(Result, frozen=True):
    """The minute is over, or the room has ended."""

    running: bool


class BoundAnswer(Result, frozen=True):
    """A bound as an onset."""

    onset_sec: float
    """In steps of 1 ms."""
    text: str
    """How it is spelled, for the textbox."""


class VegaAnswer(Result, frozen=True):
    """The part that draws."""

    module: str
    """An ES module, to import as it is."""


class CancelAnswer(Result, frozen=True):
    """Whether there was something to end."""

    cancelled: bool


class OpenAnswer(TypesAnswer, frozen=True):
    """The tabs of the scope chosen."""

    selection: SelectionState = SelectionState()
    """The selection that holds from now on."""
