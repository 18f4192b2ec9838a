"""The system keyring: where ``%hs login --save`` keeps a key, by origin."""

from __future__ import annotations

from hs_jupyter.errors import CredentialsError

_SERVICE = "hs_jupyter"


def _account(origin: tuple[str, str, int]) -> str:
    scheme, host, port = origin
    return f"{scheme}://{host}:{port}"


def saved_key(origin: tuple[str, str, int]) -> str | None:
    """Return the key saved for an origin, or None (also when there is no keyring to ask)."""
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(_SERVICE, _account(origin))
    except (KeyringError, RuntimeError, OSError):
        return None


def save_key(origin: tuple[str, str, int], key: str) -> None:
    """Save a key for an origin.

    Raises
    ------
    CredentialsError
        If this machine has no keyring that works.
    """
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(_SERVICE, _account(origin), key)
    except (KeyringError, RuntimeError, OSError):
        raise CredentialsError(
            "this machine has no system keyring; the key holds for this session, or set HYPERSTUDY_API_KEY"
        ) from None


def forget_key(origin: tuple[str, str, int]) -> bool:
    """Remove a saved key; whether there was one."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.delete_password(_SERVICE, _account(origin))
    except (KeyringError, RuntimeError, OSError):
        return False
    return True
