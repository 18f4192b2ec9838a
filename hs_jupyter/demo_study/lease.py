"""The server lives as long as somebody uses it: every user process holds one open connection.

A connection ends with its process however that ends, SIGKILL included; nothing has to be cleaned up.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

GRACE_SEC = 8.0
"""So long the server waits for the next user when the last one has gone: a kernel restarts in less."""
FIRST_USER_SEC = 60.0
"""So long it waits for the first one."""
GREETING = b"hs-jupyter demo\n"


class Leases:
    """Count the open connections of users, and say when the last one has been gone for a while.

    Parameters
    ----------
    token
        What a user must say first: it stands in the state file, which only this user can read.
    finished
        Called once when nobody is left.
    """

    def __init__(self, token: str, finished: Callable[[], None]) -> None:
        self._token = token.encode()
        self._finished = finished
        self._users = 0
        self._timer: asyncio.TimerHandle | None = None
        self._server: asyncio.Server | None = None

    async def open(self) -> int:
        """Listen on a free loopback port, and return it."""
        self._server = await asyncio.start_server(self._user, "127.0.0.1", 0)
        self._wait(FIRST_USER_SEC)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def _wait(self, seconds: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, self._close)

    def _close(self) -> None:
        # Closed before the end is told: who comes now is refused, and starts another server.
        if self._server:
            self._server.close()
        self._finished()

    async def _user(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            said = await asyncio.wait_for(reader.readline(), timeout=5)
        except (TimeoutError, ValueError, ConnectionError):
            said = b""
        if not hmac.compare_digest(said.strip(), self._token):
            writer.close()
            return
        self._users += 1
        if self._timer:
            self._timer.cancel()
        writer.write(GREETING)
        with contextlib.suppress(ConnectionError):
            await writer.drain()
            while await reader.read(64):
                pass  # users have nothing to say: only the end of the connection counts
        writer.close()
        self._users -= 1
        if self._users == 0:
            self._wait(GRACE_SEC)


def take(port: int, token: str) -> socket.socket | None:
    """Become a user of the server at this lease port; None when there is none.

    The connection is the lease: keep it open, close it to leave.
    """
    try:
        connection = socket.create_connection(("127.0.0.1", port), timeout=5)
    except OSError:
        return None
    try:
        connection.sendall(token.encode() + b"\n")
        greeting = b""
        while len(greeting) < len(GREETING) and (more := connection.recv(len(GREETING) - len(greeting))):
            greeting += more
    except OSError:
        greeting = b""
    if greeting != GREETING:
        connection.close()
        return None
    connection.settimeout(None)
    return connection
