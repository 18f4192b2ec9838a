"""The connection of a session: base URL, key, organization, and where each came from."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hs_jupyter.api.keyrings import saved_key
from hs_jupyter.api.keys import ApiKey
from hs_jupyter.api.origins import (
    PRODUCTION_BASE_URL,
    is_loopback,
    is_private_road,
    is_service,
    normal_base_url,
    origin_of,
)
from hs_jupyter.errors import CredentialsError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

ENV_KEY = "HYPERSTUDY_API_KEY"
ENV_BASE_URL = "HYPERSTUDY_BASE_URL"
ENV_ORGANIZATION = "HYPERSTUDY_ORGANIZATION"
PAGE_SIZE_LEAST, PAGE_SIZE_MOST = 10, 1000
"""Records that one request may be set to ask for; the most is what the service surely gives."""

_DEMO = "the demo study"
_KEYRING = "the system keyring"


@dataclass(frozen=True)
class Grant:
    """What one deliberate act gave: ``connect``, the demo study, or ``login``."""

    base_url: str | None = None
    api_key: ApiKey | None = None
    organization: str | None = None
    folder: Path | None = None
    study_key: str = ""


@dataclass(frozen=True)
class Settings:
    """What holds where neither code nor environment says otherwise: a front end's settings.

    They hold no key, and they make no host one that a key of the environment or the keyring may go to.
    """

    base_url: str | None = None
    organization: str | None = None
    page_size: int | None = None


@dataclass(frozen=True, repr=False)
class Connection:
    """A resolved connection. Whatever shows it shows the key masked.

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
    limited : bool
        Whether the server limits how often it may be asked.
    folder : Path or None
        The mirrored study that is open instead of a service; it needs no key and no network.
    study_key : str
        What the demo study is: version, seed and parameters, whatever its port.
    page_size : int or None
        Records that one request asks for, never more; None where that is chosen as it suits the service.
    """

    base_url: str
    api_key: ApiKey | None = None
    organization: str | None = None
    key_source: str = ""
    demo: bool = False
    limited: bool = True
    folder: Path | None = None
    study_key: str = ""
    page_size: int | None = None

    @property
    def masked_key(self) -> str:
        """The key as it may be shown."""
        return str(self.api_key or "")

    @property
    def place(self) -> str:
        """Where, and as whom."""
        if self.folder is not None:
            demo = "DEMO STUDY, " if self.demo else ""
            return f"{demo}mirrored in {self.folder}: read-only, no key, no network"
        where = f"DEMO STUDY at {self.base_url}" if self.demo else self.base_url
        return where + (f" · organization {self.organization}" if self.organization else "")

    def __str__(self) -> str:
        """One line: where, as whom, with which key."""
        if self.folder is not None:
            return self.place
        key = f"key {self.masked_key} from {self.key_source}" if self.api_key else "no key"
        return f"{self.place} · {key}"

    def __repr__(self) -> str:
        return f"<Connection {self}>"


class Session:
    """The choices of this Python session; each deliberate act replaces the ones before it.

    The precedence is that of the ``%hs`` language: ``connect``, demo study, ``login``, environment,
    keyring. A key is offered only to the origin it belongs to.
    """

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self._environ = os.environ if environ is None else environ
        self._explicit = Grant()
        self._set_aside = Grant()  # what `connect` had chosen before the demo study
        self._demo: Grant | None = None
        self._demo_limited = False
        self._login = Grant()
        self._settings = Settings()

    def use_settings(
        self, *, base_url: str | None = None, organization: str | None = None, page_size: int | None = None
    ) -> None:
        """Take a front end's settings; blanks and 0 are none.

        Raises
        ------
        InputError
            For what is no base URL, organization or page size; the settings before stay.
        """
        base = (base_url or "").strip()
        self._settings = Settings(
            normal_base_url(base) if base else None,
            _checked_organization(organization),
            _checked_page_size(page_size),
        )

    def settings_in_use(self) -> Settings:
        """Return what holds of a front end's settings: nothing that the environment says otherwise."""
        base = None if self._environ.get(ENV_BASE_URL) else self._settings.base_url
        organization = None if self._environ.get(ENV_ORGANIZATION) else self._settings.organization
        return replace(self._settings, base_url=base, organization=organization)

    def connect(
        self, *, api_key: str | None = None, base_url: str | None = None, organization: str | None = None
    ) -> Connection:
        """Choose a connection; with nothing given, return to the login or the environment.

        Raises
        ------
        CredentialsError
            If the key found must not go to this base URL; the connection before it stays.
        """
        return self._adopt(explicit=_grant("hs.connect", base_url, api_key, organization), demo=None)

    def use_folder(self, folder: Path, *, demo: bool = False) -> Connection:
        """Open a mirrored study on disk; ``demo`` if it is one of the demo study."""
        return self._adopt(explicit=Grant(folder=folder, study_key="mirror" if demo else ""), demo=None)

    def use_demo(
        self, base_url: str, api_key: str, *, limited: bool = False, study_key: str = ""
    ) -> Connection:
        """Connect to a running demo study; ``limited`` if it was started with the service's limits."""
        if self._demo is None:
            self._set_aside = self._explicit
        self._demo_limited = limited
        grant = replace(_grant(_DEMO, base_url, api_key), study_key=study_key)
        return self._adopt(explicit=Grant(), demo=grant)

    def login(
        self, api_key: str, *, base_url: str | None = None, organization: str | None = None
    ) -> Connection:
        """Use this key for the rest of the session, with the base URL that holds now."""
        before = self.snapshot()
        self._login = _grant("%hs login", base_url or self._standing, api_key, organization)
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
        if self._demo is not None:
            self._explicit, self._demo = self._set_aside, None

    def connection(self) -> Connection:
        """Resolve the connection as it stands now.

        Raises
        ------
        CredentialsError
            If a key was found but must not go to the base URL.
        """
        return self._resolve(self._explicit, self._demo)

    def base_url(self) -> str:
        """Resolve the base URL alone, also where no key may go to it."""
        return self._base_url(self._explicit, self._demo)

    def _adopt(self, *, explicit: Grant, demo: Grant | None) -> Connection:
        resolved = self._resolve(explicit, demo)
        self._explicit, self._demo = explicit, demo
        return resolved

    @property
    def _home(self) -> str:
        """Where keys of the environment may go, whatever a front end's settings say."""
        return normal_base_url(self._environ.get(ENV_BASE_URL) or PRODUCTION_BASE_URL)

    @property
    def _standing(self) -> str:
        """The base URL where nobody chose one."""
        return self.settings_in_use().base_url or self._home

    def _base_url(self, explicit: Grant, demo: Grant | None) -> str:
        return explicit.base_url or (demo and demo.base_url) or self._login.base_url or self._standing

    def _resolve(self, explicit: Grant, demo: Grant | None) -> Connection:
        if explicit.folder is not None:
            return Connection("", folder=explicit.folder, demo=bool(explicit.study_key), limited=False)
        shown = demo or Grant()
        base = self._base_url(explicit, demo)
        organization = (
            explicit.organization
            or self._login.organization
            or self._environ.get(ENV_ORGANIZATION)
            or (self._settings.organization if base == self._standing else None)
        )
        at_demo = demo is not None and _same(base, demo.base_url)
        found = Connection(
            base_url=base,
            organization=_checked_organization(organization),
            demo=at_demo,
            limited=self._demo_limited or not at_demo,
            study_key=shown.study_key if at_demo else "",
            page_size=self._settings.page_size,
        )
        refused = []
        for source, key, may_go in self._keys(base, explicit, shown):
            held = key()
            if held is None:
                continue
            if may_go and is_private_road(base):
                return replace(found, api_key=held, key_source=source)
            refused.append(source)
        if refused:
            raise CredentialsError(_refusal(base, refused[0]))
        return found

    def _keys(
        self, base: str, explicit: Grant, demo: Grant
    ) -> list[tuple[str, Callable[[], ApiKey | None], bool]]:
        """Offer each key, in order: its source, how to get it, whether it may go to a base."""
        trusted = is_service(base) or is_loopback(base) or _same(base, self._home)
        return [
            ("hs.connect", lambda: explicit.api_key, True),
            (_DEMO, lambda: demo.api_key, _same(base, demo.base_url)),
            ("%hs login", lambda: self._login.api_key, _same(base, self._login.base_url)),
            (ENV_KEY, lambda: _key(self._environ.get(ENV_KEY), ENV_KEY), trusted),
            (_KEYRING, lambda: _key(saved_key(origin_of(base)), _KEYRING), trusted),
        ]


def _grant(source: str, base_url: str | None, api_key: str | None, organization: str | None = None) -> Grant:
    base = normal_base_url(base_url) if base_url else None
    return Grant(base, _key(api_key, source), _checked_organization(organization))


def _same(base: str, other: str | None) -> bool:
    return other is not None and origin_of(base) == origin_of(other)


def _key(text: str | None, source: str) -> ApiKey | None:
    key = (text or "").strip()
    if "*" in key or "…" in key or "..." in key:
        raise CredentialsError(
            f"the key from {source} is the masked form; paste the whole key, shown once when it was made"
        )
    if not key.isascii() or not key.isprintable() or " " in key:
        raise CredentialsError(f"the key from {source} holds characters that no key has")
    return ApiKey(key) if key else None


def _checked_organization(organization: str | None) -> str | None:
    text = (organization or "").strip()
    if not text.isascii() or not text.isprintable():
        raise InputError("the organization holds characters that no ID has")
    return text or None


def _checked_page_size(size: int | None) -> int | None:
    if size and not PAGE_SIZE_LEAST <= size <= PAGE_SIZE_MOST:
        raise InputError(f"a page size is a number from {PAGE_SIZE_LEAST} to {PAGE_SIZE_MOST:,}, not {size}")
    return size or None


def _refusal(base: str, source: str) -> str:
    if not is_private_road(base):
        return f"no key is sent to {base}: plain http only on this machine; use https"
    return (
        f"the key from {source} is not sent to {base}, another host than its own; if you trust it: "
        f"hs.connect(base_url='{base}', api_key=...), or %hs login --url {base}"
    )
