"""Requests about the connection and the tree of scopes."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from hs_jupyter.errors import HsError
from hs_jupyter.explorer.answers import (
    FindAnswer,
    HelloAnswer,
    OpenAnswer,
    RecentAnswer,
    ScopesAnswer,
    TypesAnswer,
)
from hs_jupyter.explorer.desk import Reply
from hs_jupyter.explorer.following import runs
from hs_jupyter.explorer.host import Host, scope_from, scope_to
from hs_jupyter.explorer.state import SelectionState

if TYPE_CHECKING:
    from hs_jupyter.explorer.messages import Find, Hello, Open, Recent, Scopes, Types
    from hs_jupyter.explorer.tasks import Task
    from hs_jupyter.scope import Scope

_HOW_TO_CONNECT = "%hs login asks for a key, %hs demo starts the demo study"


def hello(_request: Hello, host: Host, _task: Task) -> Reply:
    """Say which connection there is; without a key, how to get one."""
    left, most, connected = None, None, True
    try:
        connection = host.doors.connection()
        said, demo = connection.place, bool(connection.demo)
        connected = connection.api_key is not None or connection.folder is not None
        if connected and (budget := host.study().requests_left()) is not None:
            left, most = budget
    except HsError as problem:
        said, demo, connected = str(problem), False, False
    if not connected:
        said = f"{said}; {_HOW_TO_CONNECT}"
    return Reply(HelloAnswer(_version(), connected, said, demo, left, most))


def scopes(request: Scopes, host: Host, task: Task) -> Reply:
    """List what lies below a scope."""
    parent = None if request.parent is None else scope_from(request.parent)
    name, table, warnings = host.listing().below(parent, task, refresh=request.refresh)
    return Reply(ScopesAnswer(request.parent, table.num_rows, warnings), {name: table})


def recent(_request: Recent, host: Host, _task: Task) -> Reply:
    """List what was looked at lately, and what is stored."""
    table = host.listing().recent()
    return Reply(RecentAnswer(table.num_rows), {"found": table})


def find(request: Find, host: Host, task: Task) -> Reply:
    """Find scopes by name or ID; ask the service only when told to, and nothing here has this very ID."""
    text = request.text.strip()
    if not text:
        return Reply(FindAnswer(asked=False), {"found": host.listing().recent()})
    found = host.listing().find(text)
    if not request.ask or text in found["id"].to_pylist():
        more = (
            None
            if found.num_rows
            else "Nothing known here is called so. Press Enter to ask the service for this ID."
        )
        return Reply(FindAnswer(asked=False, sentence=more), {"found": found})
    asked = host.listing().ask(text, task)
    if asked.num_rows:
        return Reply(FindAnswer(asked=True), {"found": asked})
    nothing = f"No room, experiment or participant has the ID '{text}', or the key may not see it."
    return Reply(FindAnswer(asked=True, sentence=nothing), {"found": host.listing().find(text)})


def open_scope(request: Open, host: Host, _task: Task) -> Reply:
    """Choose a scope."""
    scope = host.study().resolve(scope_from(request.scope))
    selection = host.choose(scope)
    host.opened(scope)
    known = _types(host, scope)
    window = selection.window
    state = SelectionState(
        None if window is None else (window.start_sec, window.end_sec),
        selection.participants,
        selection.types,
    )
    return Reply(OpenAnswer(known.scope, known.title, known.running, known.tables, state))


def types(request: Types, host: Host, _task: Task) -> Reply:
    """List the data types of a scope."""
    return Reply(_types(host, scope_from(request.scope)))


def _types(host: Host, scope: Scope) -> TypesAnswer:
    listing = host.listing()
    title = listing.name_of(scope) or str(scope)
    return TypesAnswer(scope_to(scope), title, runs(host, scope), host.shelf(scope).states())


def _version() -> str:
    try:
        return version("hs-jupyter")
    except PackageNotFoundError:
        return "not installed"
