"""The explorer: ``explore``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hs_jupyter.errors import InputError
from hs_jupyter.functions.session import connection, current_study, say
from hs_jupyter.scope import scope_of

if TYPE_CHECKING:
    from hs_jupyter.explorer.widget import Explorer
    from hs_jupyter.recording_files.wanted import Wanted
    from hs_jupyter.scope import Scope


def explore(
    *, experiment: str | None = None, room: str | None = None, participant: str | None = None
) -> Explorer:
    """Open the explorer: look through a study, select in it, hold the selection as a variable.

    Parameters
    ----------
    experiment, room, participant
        The scope to begin with, as in `table`; without one it is chosen in the explorer. Nothing is asked of
        the service until the explorer is looked at.

    Returns
    -------
    Explorer
        A widget with ``.scope``; ``.selection`` (settable, an observable trait); ``.data`` (a Bundle of exactly
        the selection); ``.chart`` (Altair); ``.code(kind="magic"|"python")``; ``.push(name)``.

    Raises
    ------
    InputError
        If the scope is none.

    Examples
    --------
    On the demo study (``hs.demo()``):

    >>> import hs_jupyter as hs
    >>> explorer = hs.explore(room="room_pair_01")
    >>> explorer.selection = hs.Selection(window=(160, 175.5), participants=["p_pair_01_viewer"])
    >>> explorer.data.sync["participantId"].unique().tolist()
    ['p_pair_01_viewer']
    """
    from hs_jupyter.explorer.host import Doors
    from hs_jupyter.explorer.variables import NotebookVariables
    from hs_jupyter.explorer.widget import Explorer

    named = any(one is not None for one in (experiment, room, participant))
    scope = scope_of(experiment, room, participant) if named else None
    doors = Doors(current_study, connection, _fresh_link, _warn, NotebookVariables())
    return Explorer(doors, scope)


def _warn(sentence: str) -> None:
    say(sentence, alarm=True)


def _fresh_link(recording: Wanted, scope: Scope) -> str:
    """Ask the service for a link to a recording's file."""
    from hs_jupyter.api.asking import Asking, policy_of
    from hs_jupyter.api.halt import Halt
    from hs_jupyter.api.transport import Transport
    from hs_jupyter.recording_files.links import Links

    now = connection()
    if now.folder is not None:
        raise InputError("a mirrored study holds no recordings to play: connect to the service")
    service, policy, halt = Transport(now), policy_of(now), Halt()
    asking, listing = Asking(service, policy, halt), Asking(service, policy, halt, slow=True)
    return Links(asking, listing, now.base_url, scope).fresh(recording)
