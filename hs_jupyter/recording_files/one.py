"""Bring one file to its whole length, over links that end and connections that break."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from hs_jupyter.api.file_heads import ChangedError, PassingError, StaleLinkError, Version
from hs_jupyter.errors import NetworkError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hs_jupyter.api.asking import Policy
    from hs_jupyter.api.files import Files
    from hs_jupyter.api.halt import Halt
    from hs_jupyter.recording_files.links import Link
    from hs_jupyter.recording_files.parts import Part
    from hs_jupyter.recording_files.wanted import Wanted

_FIRST_PAUSE_SEC = 0.5
_LONGEST_PAUSE_SEC = 30.0
_LONGEST_WAIT_SEC = 300.0
"""A storage host that asks for more is left alone."""

_MOST_CHANGES = 3
"""A file that changes more often while it is fetched is being written."""


class Watch(Protocol):
    """Sees a file come."""

    def came(self, one: Wanted, size: int, whole: int | None) -> None:
        """Take note of how many bytes there are, of how many."""

    def waiting(self, reason: str, seconds: float) -> None:
        """Take note that it waits."""


@dataclass(frozen=True)
class Source:
    """Where files come from, and how patiently.

    Attributes
    ----------
    link
        Returns a link to a recording's file; gets the one that was refused, or "".
    files
        Reads it.
    policy
        How long it is tried again while nothing new comes.
    halt
        Ends it.
    """

    link: Callable[[Wanted, str], Link]
    files: Files
    policy: Policy
    halt: Halt


class _Trying:
    """How a fetch gets on: what is new, and how long nothing was."""

    def __init__(self, policy: Policy, size: int) -> None:
        self._policy = policy
        self._best = size
        self._spent = 0.0
        self._pause_sec = _FIRST_PAUSE_SEC
        self._began = policy.clock()
        self.gained = 0
        """Bytes that had not come before; what comes again does not count."""

    def got_to(self, size: int) -> None:
        if size > self._best:
            self.gained += size - self._best
            self._best = size
            self._spent, self._pause_sec = 0.0, _FIRST_PAUSE_SEC
            self._began = self._policy.clock()

    def begin_anew(self) -> None:
        self._best = 0

    def pause(self, problem: PassingError) -> float:
        """Return how long to wait before the next try, or raise the problem when patience ends."""
        pause = self._policy.random.uniform(0.0, self._pause_sec)
        now = self._policy.clock()
        self._spent += max(0.0, now - self._began) + pause
        if self._spent > self._policy.patience_sec or problem.retry_after_sec > _LONGEST_WAIT_SEC:
            raise problem
        self._pause_sec = min(_LONGEST_PAUSE_SEC, self._pause_sec * 2)
        self._began = now + pause + problem.retry_after_sec
        return pause + problem.retry_after_sec


def bring(one: Wanted, part: Part, source: Source, watch: Watch) -> None:
    """Fetch what is missing of a file.

    A link is asked for when there is none, and when the host refuses the one before, by which something
    came or which was an old one; a new one that is refused is the end.

    Raises
    ------
    NetworkError
        If the file cannot be had.
    ApiError
        If the service gives no link.
    OSError
        If it cannot be written.
    """
    trying = _Trying(source.policy, part.size)
    link: Link | None = None
    refused, gained_before, changes = "", 0, 0

    def came() -> None:
        trying.got_to(part.size)
        watch.came(one, part.size, part.version.size)

    while not part.is_whole:
        if link is None:
            link, gained_before = source.link(one, refused), trying.gained
        try:
            _read(link.url, one, part, source, came)
        except StaleLinkError as problem:
            if link.is_new and trying.gained == gained_before:
                raise NetworkError(f"{problem}, though it was new") from None
            refused = link.url
            link = None
        except ChangedError:
            changes += 1
            if changes > _MOST_CHANGES:
                raise
            part.begin(Version())
            trying.begin_anew()
        except PassingError as problem:
            seconds = trying.pause(problem)
            watch.waiting(str(problem), seconds)
            source.halt.sleep(seconds)


def _read(url: str, one: Wanted, part: Part, source: Source, came: Callable[[], None]) -> None:
    """Read one answer to its end, or to where it breaks."""
    with source.files.open(url, source.halt, held=part.size, version=part.version) as body:
        found = body.head.version
        if one.size is not None and found.size not in (None, one.size):
            raise NetworkError(
                f"the storage host has {found.size} bytes, and the record announces {one.size}: not kept"
            )
        if one.size is None and not body.head.bounded:
            raise NetworkError(
                "nobody says how long the file is, so that a part could be taken for the whole"
            )
        if not body.head.begins:
            part.begin(replace(found, size=one.size if found.size is None else found.size))
        for piece in body.pieces():
            source.halt.check()
            part.add(piece)
            came()
    source.halt.check()  # a connection that was cut may look like one that ended
    part.ended()
    if not part.is_whole:
        raise PassingError("the file broke off")
