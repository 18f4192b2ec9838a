"""HTTP: one connection's requests. The key goes to its own origin, and nowhere else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin

import requests
from urllib3.exceptions import NewConnectionError, ReadTimeoutError

from hs_jupyter.api.answers import Answer, parsed
from hs_jupyter.api.halt import Halt
from hs_jupyter.api.origins import is_loopback, origin_of
from hs_jupyter.api.sessions import Sessions
from hs_jupyter.collector import without_collector
from hs_jupyter.errors import CredentialsError, NetworkError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hs_jupyter.api.asking import Read
    from hs_jupyter.api.connection import Connection

CONNECT_TIMEOUT_SEC = 10.0
READ_TIMEOUT_SEC = 60.0
SLOW_READ_TIMEOUT_SEC = 300.0
"""The recordings list once took the service a minute for hundreds of files (hyperstudy-api.md, c)."""

_PIECE_BYTES = 2**16
_MOST_REDIRECTS = 5
_REDIRECT = range(300, 400)


class Transport:
    """Sends the requests of one connection, from any thread.

    Parameters
    ----------
    connection
        Where to, with which key and organization.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._origin = origin_of(connection.base_url)
        self._sessions = Sessions(self._session)
        # one thread reads what several receive: one answer at a time is held as objects, on one heap
        self._reader = ThreadPoolExecutor(1, "hs-read")

    def get(
        self,
        path: str,
        params: Mapping[str, Any] | None = None,
        *,
        slow: bool = False,
        halt: Halt | None = None,
        read: Read | None = None,
    ) -> Any:
        """Ask once for a path below the base URL and return the parsed JSON; a ``halt`` cuts it off.

        Where there is a ``read``, return what it makes of the JSON. The JSON of one answer at a time is
        parsed and read: what other threads received waits as bytes.

        Raises
        ------
        CredentialsError
            If there is no key.
        ApiError
            Typed by HTTP status, with the server's message.
        NetworkError
            If the service cannot be reached, breaks off, or redirects to another host.
        """
        if not self.connection.api_key:
            raise CredentialsError(
                "no API key: type %hs login, set HYPERSTUDY_API_KEY, or start the demo study with %hs demo"
            )
        url = f"{self.connection.base_url}/{path.lstrip('/')}"
        timeout = (CONNECT_TIMEOUT_SEC, SLOW_READ_TIMEOUT_SEC if slow else READ_TIMEOUT_SEC)
        with self._sessions.one() as (session, cut), (halt or Halt()).cuts(cut):
            answer = self._follow(session, url, params, timeout)
        return self._reader.submit(self._read, answer, path, read).result()

    def close(self) -> None:
        """Close the kept connections."""
        self._sessions.close()
        self._reader.shutdown(wait=False)

    def _read(self, answer: Answer, path: str, read: Read | None) -> Any:
        with without_collector():
            body = parsed(answer, self._without_key(b"".join(answer.pieces)), asked=path)
            return body if read is None else read(body)

    def _session(self) -> requests.Session:
        session = requests.Session()
        session.auth = self._authorize  # also keeps requests from reading a netrc file
        session.headers["Accept"] = "application/json"
        # a proxy of the environment would carry the key off this machine, in plain http
        session.trust_env = not is_loopback(self.connection.base_url)
        return session

    def _authorize(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add key and organization, to the connection's own origin only."""
        if origin_of(request.url or "") == self._origin:
            if self.connection.api_key:
                request.headers["X-API-Key"] = self.connection.api_key.reveal()
            if self.connection.organization:
                request.headers["X-Organization-Id"] = self.connection.organization
        return request

    def _without_key(self, content: bytes) -> bytes:
        """Mask the key in an answer that echoes it, whatever its form."""
        key = self.connection.api_key
        return content.replace(key.reveal().encode(), str(key).encode()) if key else content

    def _follow(
        self,
        session: requests.Session,
        url: str,
        params: Mapping[str, Any] | None,
        timeout: tuple[float, float],
    ) -> Answer:
        for _ in range(_MOST_REDIRECTS):
            answer = self._send(session, url, params, timeout)
            target = answer.headers.get("Location")
            if answer.status not in _REDIRECT or not target:
                return answer
            url, params = urljoin(url, target), None
            if origin_of(url) != self._origin:
                raise NetworkError(
                    f"the service redirected to another host, {origin_of(url)[1]}: not followed, so that the key stays"
                )
        raise NetworkError("the service redirected too often")

    def _send(
        self,
        session: requests.Session,
        url: str,
        params: Mapping[str, Any] | None,
        timeout: tuple[float, float],
    ) -> Answer:
        host, demo = self._origin[1], self.connection.demo
        try:
            with session.get(
                url, params=params, timeout=timeout, allow_redirects=False, stream=True
            ) as answer:
                return Answer(answer.status_code, answer.headers, list(answer.iter_content(_PIECE_BYTES)))
        except requests.Timeout:
            raise _late(host) from None
        except requests.exceptions.SSLError:
            raise NetworkError(f"the certificate of {host} could not be verified") from None
        except (
            requests.exceptions.ChunkedEncodingError,
            requests.exceptions.ContentDecodingError,
        ):
            raise _transient(f"the answer of {host} broke off; try again") from None
        except requests.ConnectionError as problem:
            if any(isinstance(one, ReadTimeoutError) for one in problem.args):  # in the middle of an answer
                raise _late(host) from None
            hint = "is the demo study still running? %hs demo" if demo else "check the network"
            fault = _transient(f"{host} could not be reached at {self.connection.base_url}; {hint}")
            # a demo study that has ended does not come back at its old address
            fault.transient = not (demo and _refused(problem))
            raise fault from None
        except requests.RequestException as problem:
            raise NetworkError(f"the request to {host} failed: {type(problem).__name__}") from None


def _late(host: str) -> NetworkError:
    return _transient(f"{host} did not answer in time; try again, or check the network")


def _transient(message: str) -> NetworkError:
    fault = NetworkError(message)
    fault.transient = True
    return fault


def _refused(problem: requests.ConnectionError) -> bool:
    return any(isinstance(getattr(one, "reason", None), NewConnectionError) for one in problem.args)


def data_path(template: str, **parts: str) -> str:
    """Fill a path of the catalogue; every part is URL-encoded, so an ID cannot leave its place.

    Examples
    --------
    >>> data_path("data/events/{scope}/{id}", scope="room", id="a/../b?c")
    'data/events/room/a%2F..%2Fb%3Fc'
    """
    return template.format(**{name: _encoded(value) for name, value in parts.items()})


def _encoded(value: str) -> str:
    coded = quote(value, safe="")
    return coded.replace(".", "%2E") if coded.strip(".") == "" else coded
