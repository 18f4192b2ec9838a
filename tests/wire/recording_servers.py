"""A service that hands out links to recordings, and a storage host that goes wrong as told."""

from __future__ import annotations

import hashlib
import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, unquote, urlsplit

KEY = "hst_live_ab12cd34ef56gh78"
ROOM = "room_1"


class _Server:
    """An HTTP server on loopback whose answers are ``answer(handler)``."""

    def __init__(self):
        self.asked = []
        self.lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                with server.lock:
                    server.asked.append((self.path, dict(self.headers)))
                server.answer(self)

            do_CONNECT = do_GET  # noqa: N815 - the library's name

            def log_message(self, *_):
                """Keep the output quiet."""

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                """A client that hung up is what some tests are about."""

        self._http = Quiet(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()

    def answer(self, handler):
        raise NotImplementedError

    def stop(self):
        self._http.shutdown()
        self._http.server_close()


def send(handler, status, content, headers=None):
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
        if value is not None:
            handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(content)


class Storage(_Server):
    """Serves ``files`` (ID to bytes) to whoever has a link that is good; ``fault(id, nth)`` says how it fails.

    Parameters
    ----------
    fault
        Gets the recording's ID and how often its file was asked for; returns None, a status, or a word.
    """

    def __init__(self, files, fault=lambda _id, _nth: None):
        super().__init__()
        self.files = dict(files)
        self.fault = fault
        self.good = set()
        self.names = {}
        self.counts = {}
        self.ranges = []
        self.held, self.open = threading.Semaphore(0), threading.Event()
        self.redirect_to = ""

    def link(self, id_, number):
        signature = f"secret{number}"
        with self.lock:
            self.good.add(signature)
            self.names[f"/bucket/{number}"] = id_
        return f"{self.origin}/bucket/{number}?X-Goog-Signature={signature}"

    def expire(self):
        with self.lock:
            self.good.clear()

    def answer(self, handler):
        parts = urlsplit(handler.path)
        with self.lock:
            id_ = self.names[parts.path]
            nth = self.counts[id_] = self.counts.get(id_, 0) + 1
            self.ranges.append((id_, handler.headers.get("Range"), handler.headers.get("If-Range")))
            good = parse_qs(parts.query).get("X-Goog-Signature", [""])[0] in self.good
        fault = self.fault(id_, nth)
        if fault == "redirect":
            send(handler, 302, b"", {"Location": self.redirect_to})
        elif isinstance(fault, tuple):
            send(handler, fault[0], b"<html>", fault[1])
        elif isinstance(fault, int):
            send(handler, fault, b"<html>")
        elif not good:
            send(handler, 403, b"<Error>ExpiredToken</Error>")
        else:
            self._send_file(handler, self.files[id_], fault or "")

    def _send_file(self, handler, content, fault):
        tag = f'"{hashlib.md5(content).hexdigest()}"'
        headers = {"ETag": tag, "Content-Type": "video/mp4", "Set-Cookie": "track=1"}
        if "no tag" in fault:
            del headers["ETag"]
        start, status = 0, 200
        asked, condition = handler.headers.get("Range"), handler.headers.get("If-Range")
        if asked and "ignores range" not in fault and (condition == tag or "ignores condition" in fault):
            start, status = int(asked.removeprefix("bytes=").partition("-")[0]), 206
            if start >= len(content):
                send(handler, 416, b"", {"Content-Range": f"bytes */{len(content)}"})
                return
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        body = content[start:]
        told = len(body) + (1000 if "too long" in fault else 0)
        headers["Content-Length"] = None if "no length" in fault else str(told)
        if "no length" in fault:
            headers["Connection"] = "close"
        cut = (
            len(body) // 2
            if any(word in fault for word in ("cut", "reset", "hold", "expires"))
            else len(body)
        )
        if "expires" in fault:
            self.expire()
        send(handler, status, body[:cut], headers)
        if "hold" in fault:
            handler.wfile.flush()
            self.held.release()
            self.open.wait()
            handler.wfile.write(body[cut:])
        if "reset" in fault:
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            handler.connection.close()
        if cut < len(body) or told != len(body) or "no length" in fault:
            handler.close_connection = True

    def stop(self):
        self.open.set()
        super().stop()


class Service(_Server):
    """Lists recordings and makes links, for the key alone.

    Attributes
    ----------
    records
        What the list of recordings holds.
    listed
        Whether links stand in the list, as older services send them.
    fault
        Gets the path; returns None, a status, or the link to answer.
    """

    def __init__(self, storage, records, *, listed=False):
        super().__init__()
        self.storage = storage
        self.records = records
        self.listed = listed
        self.fault = lambda _path: None
        self.made = 0
        self.base_url = f"{self.origin}/api/v3"

    @property
    def minted(self):
        return [path for path, _ in self.asked if "/download/" in path]

    def answer(self, handler):
        path = unquote(urlsplit(handler.path).path).removeprefix("/api/v3/")
        fault = self.fault(path)
        if handler.headers.get("X-API-Key") != KEY:
            send(handler, 401, b'{"status": "error", "error": {"message": "no key"}}')
        elif isinstance(fault, int):
            send(handler, fault, b'{"status": "error", "error": {"message": "because"}}')
        elif path.startswith("data/recordings/download/"):
            link = fault or self._link(path.split("/", 4)[4])
            send(handler, 200, json.dumps({"status": "success", "data": {"url": link}}).encode())
        elif path.startswith("data/recordings/"):
            records = [
                {**one, "downloadUrl": self._link(one["recordingId"])} if self.listed else one
                for one in self.records
            ]
            send(handler, 200, json.dumps({"status": "success", "data": records, "metadata": {}}).encode())
        else:
            send(handler, 404, b'{"status": "error", "error": {"message": "unknown"}}')

    def _link(self, id_):
        with self.lock:
            self.made += 1
            number = self.made
        return self.storage.link(id_, number)


def record(id_, content, **more):
    """Write one recording as a newer service lists it."""
    return {
        "recordingId": id_, "roomId": ROOM, "participantId": f"p_{id_}", "participantName": f"Name {id_}",
        "startTime": "2026-03-02T15:00:00.000Z", "endTime": "2026-03-02T15:01:00.000Z", "duration": 60000,
        "videoOffset": 0, "fileSize": len(content), "status": "complete", "format": "mp4",
        "downloadPath": f"/data/recordings/download/{ROOM}/{quote(id_, safe='')}", **more,
    }  # fmt: skip
