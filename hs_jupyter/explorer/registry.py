"""Which handler answers which request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hs_jupyter.explorer.following import live
from hs_jupyter.explorer.handle_records import cell, fetch, page, timeline
from hs_jupyter.explorer.handle_scopes import find, hello, open_scope, recent, scopes, types
from hs_jupyter.explorer.handle_selection import bound, code, counts, push
from hs_jupyter.explorer.module import vega
from hs_jupyter.explorer.player import media

if TYPE_CHECKING:
    from collections.abc import Callable

    from hs_jupyter.explorer.desk import Handler, Reply
    from hs_jupyter.explorer.host import Host
    from hs_jupyter.explorer.tasks import Task

HANDLERS: dict[str, Callable[[Any, Host, Task], Reply]] = {
    "hello": hello,
    "scopes": scopes,
    "recent": recent,
    "find": find,
    "open": open_scope,
    "types": types,
    "page": page,
    "cell": cell,
    "fetch": fetch,
    "timeline": timeline,
    "counts": counts,
    "push": push,
    "code": code,
    "media": media,
    "live": live,
    "bound": bound,
    "vega": vega,
}
"""Every request but ``cancel``, which the desk answers itself."""


def handlers_of(host: Host) -> dict[str, Handler]:
    """Let the handlers answer for one explorer."""

    def answering(handle: Callable[[Any, Host, Task], Reply]) -> Handler:
        return lambda request, task: handle(request, host, task)

    return {kind: answering(handle) for kind, handle in HANDLERS.items()}
