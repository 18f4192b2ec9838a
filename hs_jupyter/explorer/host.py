"""What the handlers share: the study of the connection, the shelves, the lists, the notebook."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from hs_jupyter.errors import InputError
from hs_jupyter.explorer.pushing import Pusher
from hs_jupyter.explorer.shared import shared_of
from hs_jupyter.explorer.state import ScopeState
from hs_jupyter.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from hs_jupyter.api.connection import Connection
    from hs_jupyter.explorer.listing import Listing
    from hs_jupyter.explorer.selection import Selection
    from hs_jupyter.explorer.shelf import Shelf
    from hs_jupyter.explorer.variables import Variables
    from hs_jupyter.recording_files.wanted import Wanted
    from hs_jupyter.study import Study

_ONE_AT_A_TIME = Lock()
"""Two threads must not make two studies of one connection."""


@dataclass(frozen=True)
class Doors:
    """What lies outside of the explorer.

    Attributes
    ----------
    study, connection
        Return the study of the connection as it stands, and the connection.
    link
        Returns a fresh link to a recording's file.
    warn
        Tells the person what must be known about a result.
    variables
        The notebook's.
    """

    study: Callable[[], Study]
    connection: Callable[[], Connection]
    link: Callable[[Wanted, Scope], str]
    warn: Callable[[str], None]
    variables: Variables


class Host:
    """What the kernel side of one explorer knows.

    Parameters
    ----------
    doors
        What lies outside.
    choose
        Makes a scope the chosen one; returns the selection that holds then.
    changed
        Told a shelf and the table that changed on it.
    """

    def __init__(
        self,
        doors: Doors,
        choose: Callable[[Scope], Selection],
        changed: Callable[[Shelf, str], None] = lambda *_: None,
    ) -> None:
        self.doors = doors
        self.choose = choose
        self.changed = changed
        self.pusher = Pusher(doors.variables)

    def study(self) -> Study:
        """Return the study of the connection as it stands."""
        with _ONE_AT_A_TIME:
            return self.doors.study()

    def shelf(self, scope: Scope) -> Shelf:
        """Return the tables of a scope."""
        return shared_of(self.study()).shelf(scope, self)

    def listing(self) -> Listing:
        """Return the lists of experiments, rooms and participants."""
        return shared_of(self.study()).listing

    def opened(self, scope: Scope) -> None:
        """Take note that a scope is looked at."""
        self.listing().opened[scope] = time.time() * 1000


def scope_from(state: ScopeState) -> Scope:
    """Make a scope of the browser's.

    Raises
    ------
    InputError
        For a participant without a room, or an ID that is none.
    """
    if state.kind == "participant" and not state.room:
        raise InputError(f"participant '{state.id}' is looked at in a room: choose the room first")
    return Scope(state.kind, state.id, state.room or None)


def scope_to(scope: Scope) -> ScopeState:
    """Make the browser's scope."""
    if scope.kind == "user":
        raise InputError("choose an experiment, a room or a participant")
    return ScopeState(scope.kind, scope.id, scope.room)
