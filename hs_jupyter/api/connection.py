"""The connection of a session: base URL, key, organization, and where each came from."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hs_jupyter.api.keyrings import saved_key
from hs_jupyter.api.origins import (
    PRODUCTION_BASE_URL,
    is_loopback,
    is_private_road,
    is_service,
    normal_base_url,
    origin_of,
)
from hs_jupyter.errors import CredentialsError
from hs_jupyter.masking import mask_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ENV_KEY = "HYPERSTUDY_API_KEY"
ENV_BASE_URL = "HYPERSTUDY_BASE_URL"
ENV_ORGANIZATION = "HYPERSTUDY_ORGANIZATION"


@dataclass(frozen=True)
class Grant:
    """What one deliberate act gave: ``connect``, the demo study, or ``login``."""

    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    organization: str | None = None


@dataclass(frozen=True)
class Connection:
    """A resolved connection. The key is shown masked and never in a repr.

    Attributes
    ----------
    base_url : str
        Ends in ``/api/v3``, without a slash.
    organization : str or None
        Sent as ``X-Organization-Id``.
    key_source : str
        Where the key came from, in words; empty when there is none.
    demo : bool
        Whether this is the demo study.
    """

    base_url: str
    api_key: str | None = field(default=None, repr=False)
    organization: str | None = None
    key_source: str = ""
    demo: bool = False

    @property
    def masked_key(self) -> str:
        """The key as it may be shown."""
        return mask_key(self.api_key) if self.api_key else ""

    def __str__(self) -> str:
        """One line: where, as whom, with which key."""
        where = f"DEMO STUDY at {self.base_url}" if self.demo else self.base_url
        whom = f" · organization {self.organization}" if self.organization else ""
        key = f" · key {self.masked_key} from {self.key_source}" if self.api_key else " · no key"
        return where + whom + key


class Session:
    """The choices of this Python session; each deliberate act replaces the ones before it.

    The precedence is that of the ``%hs`` language: ``connect``, demo study, ``login``, environment,
    keyring. A key is offered only to the origin it belongs to.
    """

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self._environ = os.environ if environ is None else environ
        self._explicit = Grant()
        self._demo: Grant | None = None
        self._login = Grant()

    def connect(
        self, *, api_key: str | None = None, base_url: str | None = None, organization: str | None = None
    ) -> Connection:
        """Choose a connection; with nothing given, return to the login or the environment.

        Raises
        ------
        CredentialsError
            If the key found must not go to this base URL; the connection before it stays.
        """
        wanted = Grant(base_url and normal_base_url(base_url), api_key or None, organization)
        return self._adopt(explicit=wanted, demo=None)

    def use_demo(self, base_url: str, api_key: str) -> Connection:
        """Connect to a running demo study."""
        return self._adopt(explicit=Grant(), demo=Grant(normal_base_url(base_url), api_key))

    def login(
        self, api_key: str, *, base_url: str | None = None, organization: str | None = None
    ) -> Connection:
        """Use this key for the rest of the session."""
        grant = Grant(base_url and normal_base_url(base_url), api_key, organization)
        before = self.snapshot()
        self._login = grant
        try:
            return self._adopt(explicit=Grant(), demo=None)
        except CredentialsError:
            self.restore(before)
            raise

    def logout(self) -> None:
        """Forget what this session was given; the environment and the keyring stay."""
        self._explicit, self._demo, self._login = Grant(), None, Grant()

    def snapshot(self) -> tuple[Grant, Grant | None, Grant]:
        """Take down the choices as they stand, for `restore`."""
        return self._explicit, self._demo, self._login

    def restore(self, before: tuple[Grant, Grant | None, Grant]) -> None:
        """Return to choices taken down earlier."""
        self._explicit, self._demo, self._login = before

    def leave_demo(self) -> None:
        """Return from the demo study to what was there before."""
        self._demo = None

    def connection(self) -> Connection:
        """Resolve the connection as it stands now.

        Raises
        ------
        CredentialsError
            If a key was found but must not go to the base URL.
        """
        return self._resolve(self._explicit, self._demo)

    def _adopt(self, *, explicit: Grant, demo: Grant | None) -> Connection:
        resolved = self._resolve(explicit, demo)
        self._explicit, self._demo = explicit, demo
        return resolved

    def _resolve(self, explicit: Grant, demo: Grant | None) -> Connection:
        env_base = self._environ.get(ENV_BASE_URL) or None
        base = normal_base_url(
            explicit.base_url
            or (demo and demo.base_url)
            or self._login.base_url
            or env_base
            or PRODUCTION_BASE_URL
        )
        organization = (
            explicit.organization or self._login.organization or self._environ.get(ENV_ORGANIZATION) or None
        )
        found = Connection(
            base_url=base, organization=organization, demo=demo is not None and _same(base, demo.base_url)
        )
        refused = []
        for source, key, may_go in self._keys(explicit, demo, env_base):
            value = key()
            if not value:
                continue
            if may_go(base) and is_private_road(base):
                return replace(found, api_key=_checked(value, source), key_source=source)
            refused.append(source)
        if refused:
            raise CredentialsError(_refusal(base, refused[0]))
        return found

    def _keys(
        self, explicit: Grant, demo: Grant | None, env_base: str | None
    ) -> list[tuple[str, Callable[[], str | None], Callable[[str], bool]]]:
        """Offer each key with its source and the test of the bases it may go to, in order."""
        home = self._login.base_url or env_base or PRODUCTION_BASE_URL
        shown = demo or Grant()

        def environment(base: str) -> bool:
            return is_service(base) or is_loopback(base) or (env_base is not None and _same(base, env_base))

        return [
            ("hs.connect", lambda: explicit.api_key, lambda _: True),
            ("the demo study", lambda: shown.api_key, lambda base: _same(base, shown.base_url)),
            ("%hs login", lambda: self._login.api_key, lambda base: _same(base, home)),
            (ENV_KEY, lambda: self._environ.get(ENV_KEY), environment),
            ("the system keyring", lambda: saved_key(origin_of(home)), environment),
        ]


def _same(base: str, other: str | None) -> bool:
    return other is not None and origin_of(base) == origin_of(other)


def _checked(key: str, source: str) -> str:
    key = key.strip()
    if "*" in key or "…" in key or "..." in key:
        raise CredentialsError(
            f"the key from {source} is the masked form; paste the whole key, shown once when it was made"
        )
    if not key.isascii() or not key.isprintable() or " " in key:
        raise CredentialsError(f"the key from {source} holds characters that no key has")
    return key


def _refusal(base: str, source: str) -> str:
    if not is_private_road(base):
        return f"no key is sent to {base}: plain http only on this machine; use https"
    return (
        f"the key from {source} is not sent to {base}, another host than its own; if you trust it: "
        f"hs.connect(base_url='{base}', api_key=...), or %hs login --url {base}"
    )
