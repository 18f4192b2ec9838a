"""What a storage host says before the bytes of a file. Pure functions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hs_jupyter.api.answers import retry_after_sec
from hs_jupyter.errors import NetworkError

if TYPE_CHECKING:
    from collections.abc import Mapping

_STALE = {400, 401, 403, 410}
"""How storage hosts answer a link whose time is over; Google's say 400."""
_BEGIN_ANEW = {412, 416}
_PASSING = {408, 425, 429}
_SERVER_FAULT = 500
_OK, _PARTIAL, _MISSING = 200, 206, 404
_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})")
_STRONG_TAG = re.compile(r'"[!#-~]{1,200}"')
_DATE = re.compile(r"[A-Za-z0-9:, +\-]{1,40}")


class StaleLinkError(NetworkError):
    """The storage host refuses the link: its time is over, or it never was good."""


class PassingError(NetworkError):
    """What may be over in a moment, or in the seconds that the host asks for."""

    transient = True

    def __init__(self, message: str, retry_after_sec: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after_sec = retry_after_sec


class ChangedError(NetworkError):
    """What is held already is no beginning of the file that is there now: begin anew."""


@dataclass(frozen=True)
class Version:
    """Which state of a file some bytes belong to.

    Attributes
    ----------
    tag
        The strong ``ETag``, or "".
    modified
        ``Last-Modified``, or "".
    size
        The whole file in bytes, or None where the host does not say.
    """

    tag: str = ""
    modified: str = ""
    size: int | None = None

    @property
    def condition(self) -> str:
        """What ``If-Range`` holds a continuation against; "": it cannot be continued safely."""
        return self.tag or self.modified


@dataclass(frozen=True)
class Head:
    """What an answer says before its bytes.

    Attributes
    ----------
    begins
        The offset in the file at which they begin.
    version
        What they belong to.
    bounded
        Whether a connection that breaks off can be told from the end.
    """

    begins: int
    version: Version
    bounded: bool = True


def read_head(status: int, headers: Mapping[str, str], host: str, held: int) -> Head:
    """Read where an answer's bytes begin and of which version they are.

    Parameters
    ----------
    status, headers
        Of the answer; names of headers in any case.
    host
        For messages.
    held
        From which offset on the file was asked for.

    Raises
    ------
    NetworkError
        As `Files.open` says.
    """
    if status in _STALE:
        raise StaleLinkError(f"{host} refused the link ({status})")
    if status in _BEGIN_ANEW and held:
        raise ChangedError(f"{host} has no bytes after those held ({status})")
    if status in _PASSING or status >= _SERVER_FAULT:
        asked = retry_after_sec(headers["Retry-After"]) if "Retry-After" in headers else 0.0
        raise PassingError(f"{host} answered {status}", asked)
    if status == _MISSING:
        raise NetworkError(f"{host} has no such file")
    if status not in ({_OK, _PARTIAL} if held else {_OK}):
        raise NetworkError(f"{host} answered {status}")
    if headers.get("Content-Encoding", "identity").lower() != "identity":
        raise NetworkError(f"{host} sends the file compressed, though it was asked not to")
    size = _number(headers.get("Content-Length"))
    if status == _PARTIAL:
        span = _RANGE.fullmatch(headers.get("Content-Range", "").strip())
        first, last, size = map(int, span.groups()) if span else (-1, -1, -1)
        if not first == held <= last < size:
            raise ChangedError(f"{host} sent another part of the file than the one asked for")
    tag, modified = headers.get("ETag", ""), headers.get("Last-Modified", "")
    version = Version(
        tag if _STRONG_TAG.fullmatch(tag) else "", modified if _DATE.fullmatch(modified) else "", size
    )
    bounded = size is not None or "chunked" in headers.get("Transfer-Encoding", "").lower()
    return Head(held if status == _PARTIAL else 0, version, bounded)


def is_same(found: Version, held: Version) -> bool:
    """Whether two versions may be one: in nothing that both tell they differ."""
    return all(
        not one or not other or one == other
        for one, other in ((found.tag, held.tag), (found.modified, held.modified), (found.size, held.size))
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None
