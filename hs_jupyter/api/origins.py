"""Which host a key may be sent to: a key belongs to an origin."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from hs_jupyter.errors import InputError

PRODUCTION_BASE_URL = "https://api.hyperstudy.io/api/v3"
SERVICE_DOMAIN = "hyperstudy.io"
HOST = re.compile(r"[a-z0-9.\-]+|[0-9a-f:.]+")
"""Names and addresses as every reader of a URL reads them; a backslash, say, divides opinions."""
_DEFAULT_PORTS = {"http": 80, "https": 443}


def normal_base_url(url: str) -> str:
    """Check a base URL and drop its trailing slash.

    Raises
    ------
    InputError
        If it is not an http(s) URL, or carries a user name, a password, a query or a fragment.
    """
    try:
        parts = urlsplit(url.strip())
        valid = parts.scheme in _DEFAULT_PORTS and bool(HOST.fullmatch(parts.hostname or ""))
        _ = parts.port  # raises where it is no number
    except (ValueError, AttributeError):
        valid = False
    if not valid:
        raise InputError(f"'{url}' is no base URL: it looks like {PRODUCTION_BASE_URL}")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise InputError("a base URL has no user name, password, query or fragment")
    return parts.geturl().rstrip("/")


def origin_of(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port: what a key is bound to.

    Examples
    --------
    >>> origin_of("https://api.hyperstudy.io/api/v3")
    ('https', 'api.hyperstudy.io', 443)
    """
    parts = urlsplit(url)
    port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
    return parts.scheme, (parts.hostname or "").lower().rstrip("."), port


def is_loopback(url: str) -> bool:
    """Whether a URL stays on this machine."""
    host = origin_of(url)[1]
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_service(url: str) -> bool:
    """Whether a URL is the service's own, over https."""
    scheme, host, _ = origin_of(url)
    return scheme == "https" and (host == SERVICE_DOMAIN or host.endswith("." + SERVICE_DOMAIN))


def is_private_road(url: str) -> bool:
    """Whether a key may travel there at all: https, or plain http on this machine."""
    return origin_of(url)[0] == "https" or is_loopback(url)
