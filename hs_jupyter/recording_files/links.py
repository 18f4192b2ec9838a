"""Links to recordings' files, each asked for when it is needed: they work for a short while."""

from __future__ import annotations

import re
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from hs_jupyter.api.envelope import read_object
from hs_jupyter.api.halt import Halt
from hs_jupyter.api.origins import origin_of
from hs_jupyter.api.pages import Request, fetch_pages
from hs_jupyter.api.transport import data_path
from hs_jupyter.catalog import data_type
from hs_jupyter.errors import ServerError
from hs_jupyter.query import make_query
from hs_jupyter.scope import Scope

if TYPE_CHECKING:
    from hs_jupyter.api.asking import Asking
    from hs_jupyter.recording_files.wanted import Wanted

_MINT = "data/recordings/download/{room}/{recording}"
_MINTED = ("url", "downloadUrl", "signedUrl")
_LISTED = ("downloadUrl", "url")
"""How the service has called a link in an answer, and in a record."""


class Link(NamedTuple):
    """Where a file is; ``is_new`` if it was made for this file just now, and cannot have run out."""

    url: str
    is_new: bool = True


class Links:
    """Asks for links, from any thread.

    Where a record names the path at which a link is made, that is asked with the key. The links of
    other records stand in the list of recordings alone; it is asked once, and again for a room whose
    link was refused.

    Parameters
    ----------
    asking
        Asks the service.
    listing
        Asks it for lists, which may take minutes.
    base_url
        Of the service.
    scope
        Whose recordings are listed.
    """

    def __init__(self, asking: Asking, listing: Asking, base_url: str, scope: Scope) -> None:
        self._asking = asking
        self._listing = listing
        self._base_url = base_url
        self._scope = scope
        self._lock = Lock()
        self._listed: dict[str, str] | None = None

    def fresh(self, one: Wanted) -> str:
        """Return a link to a recording's file.

        Raises
        ------
        ApiError, NetworkError
            If the service gives none.
        """
        return self.link(one).url

    def link(self, one: Wanted, *, refused: str = "") -> Link:
        """Return a link to a recording's file, and whether it was made just now.

        Parameters
        ----------
        one
            The recording.
        refused
            The link before, which does not work any more.

        Raises
        ------
        ApiError, NetworkError
            If the service gives none.
        """
        path = mint_path(one.path, self._base_url)
        if not path:
            listed = self._from_list(one, refused)
            if listed.url:
                return listed
            path = data_path(_MINT, room=one.room, recording=one.id)  # where newer services make them
        return Link(self._whole(self._mint(path)))

    def _mint(self, path: str) -> str:
        answer = read_object(self._asking.get(path, {}))
        link = next((answer[name] for name in _MINTED if isinstance(answer.get(name), str)), "")
        if not link:
            raise ServerError(f"{path}: the service's answer holds no link", status=200)
        return link

    def _from_list(self, one: Wanted, refused: str) -> Link:
        with self._lock:
            if self._listed is None:  # its links are never new: one may run out while the others come
                self._listed = self._list(self._scope)
            again = bool(refused) and self._whole(self._listed.get(one.id, "")) == refused
            if again:
                self._listed |= self._list(Scope("room", one.room) if one.room else self._scope)
            return Link(self._whole(self._listed.get(one.id, "")), is_new=again)

    def _list(self, scope: Scope) -> dict[str, str]:
        kind = data_type("recordings")
        path = data_path(kind.path, scope=scope.kind, id=scope.id)
        asked = Request(path, make_query(kind, scope).wire())
        found: dict[str, str] = {}
        # a halt of its own, which ends with the list; what it asks is cut by that of `listing`
        for page in fetch_pages(self._listing.get, asked, halt=Halt()):
            for record in page.records:
                links = (record[name] for name in _LISTED if isinstance(record.get(name), str))
                found[str(record.get("recordingId") or record.get("egressId"))] = next(links, "")
        return found

    def _whole(self, link: str) -> str:
        return urljoin(f"{self._base_url}/", link) if link else ""


def mint_path(path: str, base_url: str) -> str:
    """Return the path below the base URL at which a link is made, or "" if a record names none of ours.

    A leading slash, the base's own path before it, or the whole URL are understood.

    Examples
    --------
    >>> base = "https://api.example/api/v3"
    >>> mint_path("/api/v3/data/recordings/download/room_1/EG_1", base)
    'data/recordings/download/room_1/EG_1'
    >>> mint_path("https://elsewhere.example/EG_1", base), mint_path("/data/../../EG_1", base)
    ('', '')
    """
    try:
        parts = urlsplit(path)
        elsewhere = (parts.scheme or parts.netloc) and origin_of(path) != origin_of(base_url)
    except ValueError:
        return ""
    below = parts.path.lstrip("/").removeprefix(f"{urlsplit(base_url).path.strip('/')}/")
    if elsewhere or {"", ".", ".."} & set(re.split(r"[/\\\\]", unquote(below))):
        return ""
    return f"{below}?{parts.query}" if parts.query else below
