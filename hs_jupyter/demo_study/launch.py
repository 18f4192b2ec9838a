"""Find the running demo study or start it, and keep it alive while this process lives."""

from __future__ import annotations

import atexit
import json
import os
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Any

from hs_jupyter.demo_study.parameters import Parameters
from hs_jupyter.errors import HsError

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path
    from typing import Self

LOCK_SEC = 180.0
"""Longest wait for another process that is starting the same study."""

_held: dict[str, DemoStudy] = {}
_guard = Lock()


class DemoStudy:
    """A running demo study, kept alive by this process until `stop` or its end.

    Attributes
    ----------
    base_url : str
        Base of the API, ``http://127.0.0.1:PORT/api/v3``.
    api_key : str
        A public key that reads everything; ``hs_jupyter.demo_study.keys`` has others.
    parameters : Parameters
        What the study is and how it is served.
    pid : int
        The server's process.

    Examples
    --------
    >>> with start() as study:  # doctest: +SKIP
    ...     requests.get(f"{study.base_url}/health").ok
    True
    """

    def __init__(self, parameters: Parameters, address: dict[str, Any], lease: socket.socket) -> None:
        from hs_jupyter.demo_study.keys import FULL

        self.parameters = parameters
        self.base_url: str = address["base_url"]
        self.api_key = FULL.text
        self.pid: int = address["pid"]
        self._lease = lease

    def __repr__(self) -> str:
        return f"DemoStudy(base_url={self.base_url!r}, api_key={self.api_key!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def running(self) -> bool:
        """Whether this process still holds the study."""
        return self._lease.fileno() >= 0

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the server has ended, or so many seconds; return whether it still runs."""
        import select

        # Something to read from who never speaks is the connection's end.
        return self.running and not select.select([self._lease], [], [], seconds)[0]

    def stop(self) -> None:
        """Let go of the study; it ends shortly after its last user has let go."""
        if _held.get(self.parameters.server_key) is self:
            del _held[self.parameters.server_key]
        with suppress(OSError):
            self._lease.close()


def start(*, say: Callable[[str], None] = lambda _: None, **parameters: object) -> DemoStudy:
    """Find the running demo study with these parameters, or start it.

    Parameters
    ----------
    say
        Called with a few words while the study is generated (only the first time).
    **parameters
        See `hs_jupyter.demo_study.parameters.Parameters`: ``seed``, ``rooms``, ``hz``, ``minutes``,
        ``port``, ``limits``, ``page_cap``, ``delay_ms``, ``link_seconds``.

    Returns
    -------
    DemoStudy
        With ``base_url``, ``api_key`` and ``stop()``. The server is a process of its own: an interrupt
        of this one does not reach it.

    Raises
    ------
    InputError
        For an unknown parameter, or a value out of bounds.
    HsError
        When the extra ``demo`` is not installed, or the server cannot start.
    """
    wanted = Parameters.of(**parameters)
    require_extra()
    with _guard:
        held = _held.get(wanted.server_key)
        if held:
            if held.wait(0):
                return held
            held.stop()
        study = _find_or_start(wanted, say)
        _held[wanted.server_key] = study
        return study


def require_extra() -> None:
    """Say in one sentence what to install when the extra ``demo`` is missing."""
    from importlib.util import find_spec

    missing = [name for name in ("fastapi", "uvicorn") if find_spec(name) is None]
    if missing:
        raise HsError(
            f"the demo study needs {' and '.join(missing)}: install it with  pip install 'hs-jupyter[demo]'"
        )


def _find_or_start(wanted: Parameters, say: Callable[[str], None]) -> DemoStudy:
    from filelock import FileLock, Timeout

    from hs_jupyter.demo_study import build, lease
    from hs_jupyter.demo_study.process import launch

    home = build.folder()
    home.mkdir(parents=True, exist_ok=True)
    state = home / f"server-{wanted.server_key}.json"
    try:
        with FileLock(state.with_suffix(".lock"), timeout=LOCK_SEC):
            for address in (_read(state), None):
                address = address or launch(wanted, home, say)  # noqa: PLW2901 - the second try starts a server
                if connection := lease.take(address["lease_port"], address["token"]):
                    _write(state, address)
                    return DemoStudy(wanted, address, connection)
    except Timeout:
        raise HsError(
            f"the demo study is being started by another process for over {LOCK_SEC:.0f} s"
        ) from None
    raise HsError("the demo study ended as soon as it began")


def _read(state: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(state.read_text())
    except (OSError, ValueError):
        return None
    return found if {"base_url", "lease_port", "token", "pid"} <= found.keys() else None


def _write(state: Path, address: dict[str, Any]) -> None:
    """Write the address for other processes of this user, readable by nobody else."""
    fresh = state.with_suffix(".new")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:  # noqa: PTH123 - the mode
        json.dump(address, file)
    fresh.replace(state)


@atexit.register
def _let_go() -> None:
    for study in list(_held.values()):
        study.stop()
