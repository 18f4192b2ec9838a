"""Keep secrets out of every text that a person or a file could see."""

from __future__ import annotations

import re
from typing import Any

from hs_jupyter.texts import each_text

KEY = re.compile(r"(?!hst_[A-Za-z0-9]+_[A-Za-z0-9_\-]{0,4}…)hst_(?:[A-Za-z0-9]+_)?[A-Za-z0-9_\-]+")
"""An API key: ``hst_{environment}_{random}``, not one that is masked already; the length is never
validated (hyperstudy-api.md, a)."""

EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
"""An e-mail address, anywhere in a text: what RFC 5322 lets stand before the ``@`` without quotes."""

_URL_QUERY = re.compile(r"(https?://[^\s?#'\"<>]+)\?[^\s'\"<>]+")


def mask_key(key: str) -> str:
    """Shorten one key to what tells it apart, as the service itself masks it.

    Examples
    --------
    >>> mask_key("hst_live_ab12cd34ef56gh78")
    'hst_live_ab12…'
    """
    parts = key.split("_", 2)
    if len(parts) < 3:  # noqa: PLR2004 - hst, environment, random part
        return key[:4] + "…"
    return f"{parts[0]}_{parts[1]}_{parts[2][:4] if len(parts[2]) > 8 else ''}…"  # noqa: PLR2004


def mask_secrets(text: str) -> str:
    """Mask every API key in a text, and the query of every URL (signed URLs are secrets).

    Examples
    --------
    >>> mask_secrets("key hst_test_abcdefghij0123 at https://store.example/a.mp4?sig=xyz")
    'key hst_test_abcd… at https://store.example/a.mp4?…'
    """
    masked = KEY.sub(lambda found: mask_key(found.group()), text)
    return _URL_QUERY.sub(r"\1?…", masked)


def mask_values(value: Any) -> Any:
    """Mask every text inside a JSON value.

    Examples
    --------
    >>> mask_values({"keys": ["hst_test_abcdefghij0123"], "n": 1})
    {'keys': ['hst_test_abcd…'], 'n': 1}
    """
    return each_text(value, mask_secrets)


_SIGNED = re.compile(
    r"(https?://[^\s?#'\"<>\\]+)\?(?=[^\s'\"<>\\]*\b(?:x-goog-[\w-]+|x-amz-[\w-]+|signature|sig|token|"
    r"googleaccessid|key-pair-id)=)[^\s'\"<>\\]*",
    re.IGNORECASE,
)


def strip_signatures(text: str) -> str:
    """Remove the query of signed URLs from a record's text; other URLs stay as they are.

    Examples
    --------
    >>> strip_signatures('{"videoUrl":"https://s.example/a.mp4?X-Goog-Signature=ab"}')
    '{"videoUrl":"https://s.example/a.mp4"}'
    >>> strip_signatures("see https://a.example/?page=2")
    'see https://a.example/?page=2'
    """
    return _SIGNED.sub(r"\1", text) if "://" in text and "?" in text else text
