"""Which study this Python session talks to: connect, demo, login."""

from __future__ import annotations

import getpass
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from hs_jupyter.api.connection import Connection, Session
from hs_jupyter.api.keyrings import forget_key, save_key
from hs_jupyter.api.origins import origin_of
from hs_jupyter.errors import CredentialsError, HsError, InputError
from hs_jupyter.functions.spaces import usable_space
from hs_jupyter.study import Study

if TYPE_CHECKING:
    import os

    from hs_jupyter.api.connection import Settings
    from hs_jupyter.demo_study import DemoStudy
    from hs_jupyter.readable import Readable

_SESSION = Session()


@dataclass
class _Current:
    """The study of the connection that was last asked, and the demo study that this process holds."""

    study: Study | None = None
    connection: Connection | None = None
    demo: DemoStudy | None = None


_CURRENT = _Current()
_MAKING = Lock()


def current_study() -> Study:
    """Return the study of the connection as it stands; made anew when the connection changed."""
    from hs_jupyter.api.asking import policy_of
    from hs_jupyter.api.transport import Transport

    now = _SESSION.connection()
    with _MAKING:  # cells and the explorer's threads ask at once
        study = _CURRENT.study
        if study is None or _CURRENT.connection != now:
            space = usable_space(now, lambda sentence: say(sentence, alarm=True))
            service = None if now.folder is not None else Transport(now)
            study = Study(service, policy_of(now), space)
            _CURRENT.study, _CURRENT.connection = study, now
        return study


def say(sentence: str, *, alarm: bool = False) -> None:
    """Tell the researcher something beside the result; an alarm goes where notebooks show it in red."""
    print(f"hs: {sentence}", file=sys.stderr if alarm else sys.stdout)


def connect(
    *,
    api_key: str | None = None,
    base_url: str | None = None,
    organization: str | None = None,
    folder: str | os.PathLike[str] | None = None,
) -> Connection:
    """Choose the study this session talks to; nothing is asked of the service yet.

    Parameters
    ----------
    api_key
        A key for this base URL. Without one, the first that may go there is taken: demo study, login
        of this session, ``HYPERSTUDY_API_KEY``, system keyring.
    base_url
        For example ``https://api.hyperstudy.io/api/v3`` (the default).
    organization
        Sent as ``X-Organization-Id``.
    folder
        A study that `mirror` wrote, instead of a service: read-only, without key and network.

    Returns
    -------
    Connection
        Shows base URL, organization and the masked key with its source, or the folder.

    Raises
    ------
    CredentialsError
        If a key was found but must not be sent to this base URL; the connection stays as it was.
    InputError
        If the base URL is none, or the folder no mirrored study.

    Examples
    --------
    >>> import hs_jupyter as hs
    >>> print(hs.connect(base_url="http://127.0.0.1:8765/api/v3", api_key="hst_test_abcdefghij"))
    http://127.0.0.1:8765/api/v3 · key hst_test_abcd… from hs.connect
    """
    if folder is None:
        return _SESSION.connect(api_key=api_key, base_url=base_url, organization=organization)
    if (api_key, base_url, organization) != (None, None, None):
        raise InputError("a mirrored study needs no key, base URL or organization: hs.connect(folder=...)")
    return _open(Path(folder).expanduser().resolve())


def _open(folder: Path) -> Connection:
    from hs_jupyter.mirrors import facts_of_mirror

    return _SESSION.use_folder(folder, demo=facts_of_mirror(folder).demo)


def connection() -> Connection:
    """Show the connection: base URL, organization, the masked key and where it came from.

    Raises
    ------
    CredentialsError
        If a key was found but must not be sent to the base URL.

    Examples
    --------
    >>> import hs_jupyter as hs
    >>> hs.connection().base_url  # doctest: +ELLIPSIS
    'http...'
    """
    return _SESSION.connection()


def use_settings(
    *, base_url: str | None = None, organization: str | None = None, page_size: int | None = None
) -> Settings:
    """Take a front end's settings as what holds where neither code nor environment says otherwise.

    Parameters
    ----------
    base_url, organization
        As in `connect`. No key goes anywhere on their account.
    page_size
        Records that one request asks for.

    Returns
    -------
    Settings
        What holds of them now.

    Raises
    ------
    InputError
        If one of them is none; the settings before stay.
    """
    _SESSION.use_settings(base_url=base_url, organization=organization, page_size=page_size)
    return _SESSION.settings_in_use()


def login(*, url: str | None = None, org: str | None = None, save: bool = False) -> Readable:
    """Ask for a key with a hidden prompt, check it, and use it in this session.

    Parameters
    ----------
    url
        The base URL the key belongs to, if not the production service.
    org
        The organization, sent as ``X-Organization-Id``.
    save
        Keep the key in the system keyring for later sessions.

    Returns
    -------
    Readable
        What the key can read; its text says so in a sentence.

    Raises
    ------
    AuthenticationError
        If the service refuses the key; the session is then as before.
    CredentialsError
        If no key was typed, or the machine has no keyring to save it in (the session keeps it).
    """
    from hs_jupyter.readable import readable

    try:
        key = getpass.getpass("HyperStudy API key: ").strip()
    except (EOFError, NotImplementedError):  # a notebook run without anybody there: nbclient, papermill
        raise CredentialsError(
            "nobody can be asked for the key here: set HYPERSTUDY_API_KEY, or hs.connect(api_key=...)"
        ) from None
    if not key:
        raise CredentialsError("no key was typed; nothing changed")
    before = _SESSION.snapshot()
    try:
        found = _SESSION.login(key, base_url=url, organization=org)
        seen = readable(current_study())
    except HsError:
        _SESSION.restore(before)
        raise
    if save:
        save_key(origin_of(found.base_url), key)
    return seen


def logout() -> Connection:
    """Forget the keys of this session and the key saved for its base URL.

    Returns
    -------
    Connection
        What is left: the environment's key, if any.
    """
    forget_key(origin_of(_SESSION.base_url()))
    _SESSION.logout()
    return _SESSION.connection()


def demo(*, stop: bool = False) -> DemoStudy | None:
    """Start (or find) the demo study on this machine and connect this session to it.

    Parameters
    ----------
    stop
        Leave the demo study instead; its server ends with its last user.

    Returns
    -------
    DemoStudy
        With ``.base_url``, ``.api_key`` (public) and ``.stop()``; None after ``stop=True``.

    Raises
    ------
    InputError
        If the extra ``demo`` is not installed.

    Examples
    --------
    >>> import hs_jupyter as hs
    >>> hs.demo().base_url  # doctest: +ELLIPSIS
    'http://127.0.0.1:.../api/v3'
    """
    if stop:
        _SESSION.leave_demo()
        if _CURRENT.demo is not None:
            _CURRENT.demo.stop()
            _CURRENT.demo = None
        return None
    from hs_jupyter.demo_study import start

    study = start()
    _CURRENT.demo = study
    parameters = study.parameters
    _SESSION.use_demo(
        study.base_url, study.api_key, limited=parameters.limits, study_key=parameters.study_key
    )
    return study
