"""Links to recordings: signed, and good for a while only."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from hs_jupyter.demo_study.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable


class Signer:
    """Sign and check file names with a secret that lives as long as the server.

    Examples
    --------
    >>> signer = Signer(clock=lambda: 0.0)
    >>> signer.query("a.mp4", seconds=60).startswith("expires=60&signature=")
    True
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._secret = secrets.token_bytes(32)
        self._clock = clock

    def query(self, name: str, seconds: float) -> str:
        """Return the query of a link that works for so many seconds from now."""
        expires = int(self._clock() + seconds)
        return urlencode({"expires": expires, "signature": self._sign(name, expires)})

    def check(self, name: str, expires: int, signature: str) -> None:
        """Refuse with 403 a link that is forged, or too old."""
        if not hmac.compare_digest(self._sign(name, expires).encode(), signature.encode()):
            raise Refusal(403, "SIGNATURE_MISMATCH", "The link's signature does not match")
        if self._clock() >= expires:
            raise Refusal(403, "EXPIRED", "The link has expired: ask for a new one")

    def _sign(self, name: str, expires: int) -> str:
        return hmac.new(self._secret, f"{name}\n{expires}".encode(), hashlib.sha256).hexdigest()
