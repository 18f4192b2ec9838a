"""A service over HTTP that goes wrong as told, and a client whose waits pass at once."""

from __future__ import annotations

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from hs_jupyter.api.connection import Connection
from hs_jupyter.api.halt import THREAD_NAME, Halt
from hs_jupyter.api.keys import ApiKey
from hs_jupyter.api.transport import Transport

KEY = "hst_live_ab12cd34ef56gh78"
HTML = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
FAULTS = {
    "429 in seconds": (429, {"Retry-After": "7"}), "429 in a burst": (429, {}), "500": 500, "502": 502,
    "503 with Retry-After": (503, {"Retry-After": "5"}), "504": 504, "reset in mid-body": "reset",
    "truncated in mid-body": "truncate", "half a body": "half",
}  # fmt: skip
"""What passes: a request that meets it is asked again."""

CUTS = ("reset", "truncate", "stall")
ERROR = {"status": "error", "error": {"code": "X", "message": "no"}}


def rows_of(count):
    """Make the records of a room, in the service's order."""
    return [
        {"id": f"e{number:05}", "roomId": "r", "onset": number,
         "timestamp": f"2026-03-02T15:{number // 60_000:02}:{number // 1000 % 60:02}.{number % 1000:03}Z"}
        for number in range(count)
    ]  # fmt: skip


class FaultServer:
    """Serves rows.

    Parameters
    ----------
    faults
        Says, by the number of a request, how it goes wrong: a status, a status with headers, a body, or
        "hold" (until `open` is set), "stall" (the same in mid-body), "half", "reset", "truncate".
    cap
        The most records of a page.
    about
        Changes what an answer says of itself: ``about(pagination, offset)``.
    grow
        Called before every answer: may change ``rows``.
    """

    def __init__(self, faults=lambda _: None, *, rows=(), port=0, cap=2000, about=None, grow=lambda _: None):
        self.rows, self.cap, self.about, self.grow = list(rows), cap, about, grow
        self.asked, self.held, self.open = [], threading.Semaphore(0), threading.Event()
        self.lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                with server.lock:
                    server.asked.append(self.path)
                    fault = faults(len(server.asked))
                    content = server.page(self.path)
                server.answer(self, content, fault)

            def log_message(self, *_):
                """Keep the output quiet."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                """A client that hung up is what some tests are about."""

        self._http = Server(("127.0.0.1", port), Handler)
        self.port = self._http.server_port
        self.base_url = f"http://127.0.0.1:{self.port}/api/v3"
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def transport(self):
        return Transport(Connection(self.base_url, ApiKey(KEY)))

    def page(self, path):
        """Return the answer to a request."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        self.grow(self.rows)
        offset, limit = int(asked.get("offset", 0)), min(int(asked.get("limit", 1000)), self.cap)
        page = self.rows[offset : offset + limit]
        said = {"total": len(self.rows), "hasMore": offset + len(page) < len(self.rows)}
        metadata = {"pagination": said if self.about is None else self.about(said, offset)}
        return json.dumps({"status": "success", "data": page, "metadata": metadata}).encode()

    def answer(self, handler, content, fault):
        """Send it, or what a fault makes of it."""
        if fault == "hold":
            self.held.release()
            self.open.wait()
        status, headers, content = _as_told(fault, content)
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        if fault not in CUTS:
            handler.wfile.write(content)
            return
        handler.wfile.write(content[: len(content) // 3])
        handler.wfile.flush()
        if fault == "stall":
            self.open.wait()
        if fault == "reset":
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            handler.connection.close()
        handler.close_connection = True

    def stop(self):
        """Answer nobody any more."""
        self.open.set()
        self._http.shutdown()
        self._http.server_close()


def _as_told(fault, content):
    """Return status, headers and content."""
    if isinstance(fault, tuple):
        return *fault, HTML
    if isinstance(fault, dict):
        return 200, {}, json.dumps(fault).encode()
    if isinstance(fault, int):
        return fault, {}, HTML
    return 200, {}, content[: len(content) // 2] if fault == "half" else content


class Instantly(Halt):
    """Waits pass at once; each is taken down."""

    def __init__(self, slept, then=lambda: None):
        super().__init__()
        self._slept, self._then = slept, then

    def sleep(self, seconds):
        self._slept.append(seconds)
        self._then()
        self.check()


class Clock:
    """Goes as far as was waited."""

    def __init__(self, slept):
        self._slept = slept

    def __call__(self):
        return sum(self._slept)


def ended():
    """Join the threads of fetches: they end by themselves, or this never returns."""
    import threading as running

    for one in running.enumerate():
        if one.name.startswith(THREAD_NAME):
            one.join()
    return True
