"""The timeline in a page of its own, drawn by the package itself: a server on loopback stands for the kernel."""

from __future__ import annotations

import json
import struct
import subprocess
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
import pyarrow as pa

from hs_jupyter.explorer.drawing import Prepared, draw_timeline
from hs_jupyter.explorer.messages import Timeline

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

JS = Path(__file__).parents[2] / "js"
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}


def bundle(folder: Path) -> dict[str, Path]:
    """Bundle the page from its sources; return its files by their places."""
    source = JS / "tests" / "explorer" / "timeline"
    options = {
        "entryPoints": [str(source / "page.ts")],
        "bundle": True,
        "minify": False,
        "format": "esm",
        "target": "es2022",
        "jsx": "automatic",
        "jsxImportSource": "preact",
        "outfile": str(folder / "page.js"),
        "logLevel": "error",
    }
    script = f"require('esbuild').buildSync({json.dumps(options)})"
    subprocess.run(["node", "-e", script], check=True, cwd=JS)
    return {"/": source / "page.html", "/page.js": folder / "page.js", "/page.css": folder / "page.css"}


def answer(prepared: Prepared, request: Timeline) -> bytes:
    """Return a drawing as one body: the length of its head, the head, then the Arrow tables."""
    drawing = draw_timeline(prepared, request.window, width_px=request.width_px, hidden=request.hidden)
    spec, datasets = drawing.unknown(request.known)
    buffers = [_stream(one) for one in datasets.values()]
    result = {
        "spec_id": drawing.spec_id, "spec": spec, "ids": drawing.ids, "window": drawing.window,
        "domain": drawing.domain, "choices": msgspec.to_builtins(drawing.choices), "notes": drawing.notes,
        "missing": [], "about": drawing.about,
    }  # fmt: skip
    head = json.dumps(
        {"type": "answer", "id": request.id, "to": "timeline", "result": result, "tables": list(datasets),
         "lengths": [len(one) for one in buffers]}
    ).encode()  # fmt: skip
    return struct.pack("<I", len(head)) + head + b"".join(buffers)


@contextmanager
def serve(files: Mapping[str, Path], scopes: Mapping[str, Prepared]) -> Iterator[tuple[str, list[float]]]:
    """Serve the page, and drawings of scopes by their IDs; yield its address, and how long drawings took in s."""
    took: list[float] = []

    class Desk(BaseHTTPRequestHandler):
        protocol_version: ClassVar[str] = "HTTP/1.1"

        def do_GET(self) -> None:
            file = files.get(self.path)
            self._send(file.read_bytes() if file else b"", TYPES[file.suffix] if file else "text/plain")

        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            request = msgspec.json.decode(asked, type=Timeline)
            began = time.perf_counter()
            body = answer(scopes[request.scope.id], request)
            took.append(time.perf_counter() - began)
            self._send(body, "application/octet-stream")

        def _send(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", took
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()
