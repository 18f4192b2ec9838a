"""Files of a storage host: the link speaks for itself, and no key ever goes there."""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from hs_jupyter.api.file_heads import ChangedError, Head, PassingError, Version, is_same, read_head
from hs_jupyter.api.halt import THREAD_NAME
from hs_jupyter.api.origins import HOST, is_loopback, origin_of
from hs_jupyter.api.sessions import Sessions
from hs_jupyter.api.transport import CONNECT_TIMEOUT_SEC, READ_TIMEOUT_SEC
from hs_jupyter.errors import NetworkError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hs_jupyter.api.halt import Halt

CHUNK = 262_144
"""The most bytes read at once."""

_MOST_REDIRECTS = 5
_REDIRECT = {301, 302, 303, 307, 308}
_DIVIDES = re.compile(r"[\x00-\x1f\x7f\\]")
"""Signs over which readers of a URL disagree."""


@dataclass(frozen=True)
class Body:
    """An answer that has begun."""

    head: Head
    _answer: requests.Response
    _host: str

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes as they come.

        Raises
        ------
        NetworkError
            If they break off.
        """
        raw = self._answer.raw
        # what is there, not waiting for more: nothing of it is lost when the connection breaks
        read = getattr(raw, "read1", raw.read)  # urllib3 1 loses nothing either way
        with _worded(self._host):
            while piece := read(CHUNK, decode_content=False):
                yield piece


class Files:
    """Reads files of other hosts, from any thread.

    Parameters
    ----------
    base_url
        The service that hands out the links: one elsewhere has no files on this machine.
    """

    def __init__(self, base_url: str) -> None:
        logging.getLogger("urllib3.connectionpool").addFilter(_without_links)
        self._at_home = is_loopback(base_url)
        self._sessions = Sessions(_session)

    @contextmanager
    def open(self, url: str, halt: Halt, *, held: int = 0, version: Version | None = None) -> Iterator[Body]:
        """Ask for a file, or for the rest of it; a ``halt`` cuts it off.

        Parameters
        ----------
        url
            A link, from a service that may be wrong about it.
        held, version
            How many bytes are held already, of which version; asked for is what follows them, on
            condition that the file is still the same, else the whole.

        Raises
        ------
        StaleLinkError
            If the host refuses the link.
        ChangedError
            If the bytes held are no beginning of what is there.
        NetworkError
            If there is no such file, the link may not be followed, or the host cannot be reached; a
            `PassingError` where that may pass.
        """
        headers = {}
        if held and version and version.condition:
            headers = {"Range": f"bytes={held}-", "If-Range": version.condition}
        with self._sessions.one() as (session, cut), halt.cuts(cut):
            answer, host = self._follow(session, url, headers)
            with answer:
                head = read_head(answer.status_code, answer.headers, host, held if headers else 0)
                if head.begins and version and not is_same(head.version, version):
                    raise ChangedError(f"the file at {host} has changed")
                yield Body(head, answer, host)

    def close(self) -> None:
        """Close the kept connections."""
        self._sessions.close()

    def _follow(
        self, session: requests.Session, url: str, headers: Mapping[str, str]
    ) -> tuple[requests.Response, str]:
        for _ in range(_MOST_REDIRECTS):
            host = checked_host(url, at_home=self._at_home)
            # a proxy of the environment has no road back to this machine
            session.trust_env = not is_loopback(url)
            with _worded(host):
                answer = session.get(
                    url,
                    headers=headers,
                    stream=True,
                    timeout=(CONNECT_TIMEOUT_SEC, READ_TIMEOUT_SEC),
                    allow_redirects=False,
                )
            target = answer.headers.get("Location")
            if answer.status_code not in _REDIRECT or not target:
                return answer, host
            answer.close()
            url = urljoin(url, target)
        raise NetworkError("the storage host redirected too often")


def checked_host(url: str, *, at_home: bool) -> str:
    """Return the host of a link that may be followed.

    Parameters
    ----------
    url
        Anything a service or a redirect may have sent.
    at_home
        Whether the service itself runs on this machine.

    Raises
    ------
    NetworkError
        Unless it is https, or http on this machine from a service on this machine.

    Examples
    --------
    >>> checked_host("https://storage.example/a.mp4?sig=1", at_home=False)
    'storage.example'
    """
    try:
        parts = urlsplit(url)
        host = origin_of(url)[1]
        plain = not _DIVIDES.search(url) and "@" not in parts.netloc
        valid = plain and parts.scheme in {"http", "https"} and bool(HOST.fullmatch(host))
        here = is_loopback(url)
    except (ValueError, AttributeError, TypeError):
        valid, here, host = False, False, ""
    if not valid:
        raise NetworkError("the link to the file is none that may be followed: it is no plain http(s) URL")
    if here and not at_home:
        raise NetworkError(
            "the link to the file leads to this machine, and the service is elsewhere: not followed"
        )
    if parts.scheme == "http" and not here:
        raise NetworkError(f"the link to the file leads to {host} without encryption: not followed")
    return host


@contextmanager
def _worded(host: str) -> Iterator[None]:
    """Say a fault of the network without the link."""
    try:
        yield
    except requests.exceptions.SSLError:
        raise NetworkError(f"the certificate of {host} could not be verified") from None
    except requests.Timeout:
        raise PassingError(f"{host} did not answer in time") from None
    except (requests.exceptions.ChunkedEncodingError, HTTPError):
        raise PassingError(f"the file from {host} broke off") from None
    except requests.ConnectionError:
        raise PassingError(f"{host} could not be reached") from None
    except (requests.RequestException, ValueError) as problem:  # the latter: a link that no library can send
        raise NetworkError(f"the file could not be asked for at {host}: {type(problem).__name__}") from None


def _without_links(record: logging.LogRecord) -> bool:
    """Keep links out of a log of requests, where somebody keeps one: a filter of its logger."""
    if (record.threadName or "").startswith(THREAD_NAME) and isinstance(record.args, tuple):
        record.args = tuple(one.partition("?")[0] if isinstance(one, str) else one for one in record.args)
    return True


def _session() -> requests.Session:
    session = requests.Session()
    session.auth = _no_key  # also keeps requests from reading a netrc file
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    session.headers["Accept-Encoding"] = "identity"  # lengths and ranges are those of the file itself
    return session


def _no_key(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
