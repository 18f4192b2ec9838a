"""What the panel in JupyterLab's sidebar asks of a kernel: one explorer to show there, and the demo study.

The panel evaluates these functions beside the notebook's cells (``js/src/sidebar``): nothing is printed, no
name of the notebook is set. A kernel has one explorer for its panel, however often the page is loaded.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from hs_jupyter.errors import HsError
from hs_jupyter.functions import connection, demo, explore
from hs_jupyter.functions.session import use_settings
from hs_jupyter.magics.tokens import quoted

if TYPE_CHECKING:
    from hs_jupyter.api.connection import Connection, Settings
    from hs_jupyter.explorer.widget import Explorer

_LOAD = "%load_ext hs_jupyter"
_LOGIN = "%hs login"


@dataclass(frozen=True)
class Seen:
    """What the panel shows; it travels as JSON."""

    model_id: str | None
    """The explorer's; None while there is nothing to explore."""
    connection: str
    """In one line, without the key."""
    demo: bool
    problem: str | None
    """What is wrong, in a sentence."""
    login: str
    """The cell that logs in."""

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {"application/json": asdict(self), "text/plain": repr(self)}


@dataclass
class _Shown:
    """The explorer of this kernel's panel, and the connection that it was made for."""

    explorer: Explorer | None = None
    connection: Connection | None = None


_SHOWN = _Shown()
_LOCK = Lock()


def look(settings: str = "{}", *, afresh: bool = False) -> Seen:
    """Say what the panel shows; the explorer is made where there is none, or for another connection.

    Parameters
    ----------
    settings
        JupyterLab's, as JSON: ``base_url``, ``organization``, ``page_size``.
    afresh
        The explorer that is there cannot be shown: make another one.
    """
    with _LOCK:
        login, problem = _LOGIN, ""
        try:
            login = login_line(use_settings(**json.loads(settings)))
        except HsError as wrong:
            problem = f"In the settings, {wrong}"
        try:
            now = connection()
            connected = now.api_key is not None or now.folder is not None
            said, is_demo = str(now), now.demo
            model_id = _explorer_for(now, afresh=afresh).model_id if connected else None
        except HsError as wrong:
            said, is_demo, model_id = "", False, None
            problem = problem or str(wrong)
        return Seen(model_id, said, is_demo, problem or None, with_magic(login))


def use_demo(settings: str = "{}") -> Seen:
    """Connect this kernel to the demo study, and say what the panel shows then."""
    try:
        demo()
    except HsError as wrong:
        return Seen(None, "", demo=False, problem=str(wrong), login=with_magic(_LOGIN))
    return look(settings)


def login_line(settings: Settings) -> str:
    """Write the line that logs in where the settings say, in this kernel and in the next.

    Examples
    --------
    >>> from hs_jupyter.api.connection import Settings
    >>> login_line(Settings(base_url="https://lab.example/api/v3"))
    '%hs login --url https://lab.example/api/v3'
    """
    given = (("--url", settings.base_url), ("--org", settings.organization))
    return " ".join([_LOGIN, *(f"{option} {quoted(value)}" for option, value in given if value)])


def with_magic(line: str) -> str:
    """Put the line that loads the magic before another, unless it is loaded."""
    from IPython import get_ipython

    shell: Any = get_ipython()
    loaded = shell is not None and "hs" in shell.magics_manager.magics["line"]
    return line if loaded else f"{_LOAD}\n{line}"


def _explorer_for(now: Connection, *, afresh: bool) -> Explorer:
    """Return the explorer of a connection; one that user code closed is none."""
    now = replace(now, page_size=None)
    there = _SHOWN.explorer
    if there is not None and there.comm is not None and not afresh and now == _SHOWN.connection:
        return there
    if there is not None:
        there.close()
        there.layout.close()
    _SHOWN.explorer, _SHOWN.connection = explore(), now
    Thread(target=_load_drawing, name="hs-panel-load", daemon=True).start()
    return _SHOWN.explorer


def _load_drawing() -> None:
    """Load what draws while the person still looks for a scope."""
    import hs_jupyter.explorer.drawing  # noqa: F401
