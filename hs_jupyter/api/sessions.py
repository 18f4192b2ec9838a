"""Kept HTTP connections that another thread can cut."""

from __future__ import annotations

import socket
from contextlib import contextmanager, suppress
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import requests


class Sessions:
    """Sessions that wait for their next request; each serves one thread at a time.

    Parameters
    ----------
    make
        Makes a session when none is free.
    """

    def __init__(self, make: Callable[[], requests.Session]) -> None:
        self._make = make
        self._lock = Lock()
        self._free: list[tuple[requests.Session, _Cuttable]] = []

    @contextmanager
    def one(self) -> Iterator[tuple[requests.Session, Callable[[], None]]]:
        """Lend a session, and what cuts its connections from another thread."""
        with self._lock:
            held = self._free.pop() if self._free else None
        session, adapter = held or self._new()
        adapter.is_cut = False
        try:
            yield session, adapter.cut
        finally:
            with self._lock:
                self._free.append((session, adapter))

    def close(self) -> None:
        """Close the kept connections."""
        with self._lock:
            free, self._free = self._free, []
        for session, _ in free:
            session.close()

    def _new(self) -> tuple[requests.Session, _Cuttable]:
        session, adapter = self._make(), _Cuttable()
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        return session, adapter


class _Cuttable(HTTPAdapter):
    """An adapter that knows its sockets.

    Attributes
    ----------
    is_cut : bool
        Once set, no connection is made: a request cut while it connects has no socket to break yet.
    """

    def __init__(self) -> None:
        self.is_cut = False
        self._live: WeakSet[HTTPConnection] = WeakSet()
        super().__init__(pool_connections=1, pool_maxsize=1)

    def cut(self) -> None:
        """Break off whatever is under way."""
        self.is_cut = True
        for connection in list(self._live):
            held = connection.sock
            if held is not None:
                with suppress(OSError):  # not the TLS socket's own: it would wait for the other thread
                    socket.socket.shutdown(held, socket.SHUT_RDWR)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Let the pools of this adapter make connections that it knows."""
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = self._pools()

    def proxy_manager_for(self, *arguments: Any, **options: Any) -> Any:
        """Do the same for a proxy."""
        manager = super().proxy_manager_for(*arguments, **options)
        manager.pool_classes_by_scheme = self._pools()
        return manager

    def _pools(self) -> dict[str, type[HTTPConnectionPool]]:
        def made(connection: HTTPConnection) -> None:
            self._live.add(connection)
            if self.is_cut:
                connection.close()
                raise ConnectionAbortedError

        class Plain(HTTPConnection):
            def connect(self) -> None:
                super().connect()
                made(self)

        class Secure(HTTPSConnection):
            def connect(self) -> None:
                super().connect()
                made(self)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        return {"http": PlainPool, "https": SecurePool}
