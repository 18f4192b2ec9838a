"""How many bytes cross to the browser, by what they are; as they are on the wire, compressed."""

from __future__ import annotations

import base64
import zlib
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

OURS = "/lab/extensions/hs-jupyter/"
KERNEL = "/channels"


class WireBytes:
    """Counts what a page receives, from now on.

    Attributes
    ----------
    files : Counter
        Path of an answered request to its bytes, headers and all.
    kernel : int
        Bytes of what kernels sent over their connections.
    """

    def __init__(self, page: Page) -> None:
        self.files: Counter[str] = Counter()
        self.kernel = 0
        self._paths: dict[str, str] = {}
        self._sockets: dict[str, Any] = {}
        network = page.context.new_cdp_session(page)
        network.on("Network.responseReceived", self._answered)
        network.on("Network.loadingFinished", self._loaded)
        network.on("Network.webSocketCreated", self._created)
        network.on("Network.webSocketHandshakeResponseReceived", self._opened)
        network.on("Network.webSocketFrameReceived", self._received)
        network.send("Network.enable")
        network.send("Network.setCacheDisabled", {"cacheDisabled": True})

    @property
    def ours(self) -> int:
        """Bytes of our own files, and of all that kernels sent, which holds our module and our data."""
        return self.kernel + sum(size for path, size in self.files.items() if OURS in path)

    def parts(self) -> dict[str, int]:
        """Return the bytes by where they come from; ``lab`` is JupyterLab itself, ``widgets`` what shows any widget."""
        widgets = sum(
            size for path, size in self.files.items() if "/lab/extensions/" in path and OURS not in path
        )
        files = self.ours - self.kernel
        return {
            "ours": self.ours,
            "files": files,
            "kernel": self.kernel,
            "widgets": widgets,
            "lab": sum(self.files.values()) - files - widgets,
        }

    def _answered(self, event: dict[str, Any]) -> None:
        self._paths[event["requestId"]] = event["response"]["url"]

    def _loaded(self, event: dict[str, Any]) -> None:
        self.files[self._paths.get(event["requestId"], "")] += round(event["encodedDataLength"])

    def _created(self, event: dict[str, Any]) -> None:
        self._paths[event["requestId"]] = event["url"]

    def _opened(self, event: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in event["response"]["headers"].items()}
        deflated = "permessage-deflate" in headers.get("sec-websocket-extensions", "")
        # As the server does it: one dictionary for the whole connection, every message flushed.
        self._sockets[event["requestId"]] = zlib.compressobj(wbits=-15) if deflated else None

    def _received(self, event: dict[str, Any]) -> None:
        socket = event["requestId"]
        if KERNEL not in self._paths.get(socket, ""):
            return
        frame = event["response"]
        data = (
            frame["payloadData"].encode() if frame["opcode"] == 1 else base64.b64decode(frame["payloadData"])
        )
        if press := self._sockets.get(socket):
            data = press.compress(data) + press.flush(zlib.Z_SYNC_FLUSH)
        self.kernel += len(data)
