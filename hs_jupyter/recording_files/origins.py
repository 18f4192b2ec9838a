"""Where recordings' files come from: the service and its storage host, or a mirrored study on disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from hs_jupyter.api.asking import LONGEST_WAIT_SEC, Asking
from hs_jupyter.api.file_heads import Version
from hs_jupyter.api.files import Files
from hs_jupyter.errors import (
    AuthenticationError,
    CredentialsError,
    HsError,
    InputError,
    NetworkError,
    RateLimitError,
)
from hs_jupyter.recording_files.index import read_index
from hs_jupyter.recording_files.links import Link, Links
from hs_jupyter.recording_files.names import FOLDER
from hs_jupyter.recording_files.one import Source, bring

if TYPE_CHECKING:
    from pathlib import Path

    from hs_jupyter.api.asking import Policy, Sends, Waiting
    from hs_jupyter.api.halt import Halt
    from hs_jupyter.recording_files.one import Watch
    from hs_jupyter.recording_files.parts import Part
    from hs_jupyter.recording_files.wanted import Wanted
    from hs_jupyter.scope import Scope

_HOPELESS = (AuthenticationError, CredentialsError, NetworkError, RateLimitError)
_BLOCK = 1 << 20


class ServiceGoneError(HsError):
    """The service gave no link, and gives none to any other recording either."""


class Origin(Protocol):
    """Brings files, from several threads."""

    @property
    def waiting(self) -> Waiting | None:
        """Why it waits, if it does."""

    def bring(self, one: Wanted, part: Part, watch: Watch) -> None:
        """Fetch what is missing of a file."""

    def close(self) -> None:
        """Let go of what is kept open."""


@dataclass(frozen=True)
class Road:
    """How the service is asked for links.

    Attributes
    ----------
    service, policy
        The connection's transport, and how patiently it is asked.
    base_url
        The service's.
    scope
        Whose recordings they are.
    longest_wait_sec
        Who would have to wait longer for the service is told so.
    """

    service: Sends
    policy: Policy
    base_url: str
    scope: Scope
    longest_wait_sec: float = LONGEST_WAIT_SEC

    def __call__(self, halt: Halt) -> Origin:
        """Make an origin that a halt ends."""
        return _FromService(self, halt)


@dataclass(frozen=True)
class Mirror:
    """A mirrored study, whose recordings are in ``recordings/experiment=…`` of its folder."""

    folder: Path

    def __call__(self, halt: Halt) -> Origin:
        """Make an origin that a halt ends."""
        return _FromMirror(self.folder, halt)


class _FromService:
    def __init__(self, road: Road, halt: Halt) -> None:
        self._asking, listing = (
            Asking(road.service, road.policy, halt, slow=slow, longest_wait_sec=road.longest_wait_sec)
            for slow in (False, True)
        )
        self._links = Links(self._asking, listing, road.base_url, road.scope)
        self._files = Files(road.base_url)
        self._source = Source(self._link, self._files, road.policy, halt)

    @property
    def waiting(self) -> Waiting | None:
        return self._asking.waiting

    def bring(self, one: Wanted, part: Part, watch: Watch) -> None:
        bring(one, part, self._source, watch)

    def close(self) -> None:
        self._files.close()

    def _link(self, one: Wanted, refused: str) -> Link:
        try:
            return self._links.link(one, refused=refused)
        except _HOPELESS as problem:
            raise ServiceGoneError(str(problem)) from None


class _FromMirror:
    waiting = None

    def __init__(self, folder: Path, halt: Halt) -> None:
        self._halt = halt
        self._there = {
            key: (place, stored)
            for place in (folder / FOLDER).glob(f"experiment=*/{FOLDER}")
            for key, stored in read_index(place).items()
        }

    def bring(self, one: Wanted, part: Part, watch: Watch) -> None:
        place, stored = self._there.get((one.room, one.id), (None, None))
        if place is None or stored is None:
            raise InputError("the mirrored study has no file of it")
        part.begin(Version(size=stored.bytes))
        with (place / stored.name).open("rb") as file:
            while block := file.read(_BLOCK):
                self._halt.check()
                part.add(block)
                watch.came(one, part.size, stored.bytes)
        if not part.is_whole or part.sha256 != stored.sha256:
            raise InputError("its file in the mirrored study is damaged")

    def close(self) -> None:
        pass
