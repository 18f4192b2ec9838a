"""JSON files that notice when a byte of them has changed."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import orjson

from hs_jupyter.masking import KEY, mask_key, strip_signatures
from hs_jupyter.texts import each_text

if TYPE_CHECKING:
    from collections.abc import Mapping

_MARK = "checksum"
_ORDER = orjson.OPT_SORT_KEYS


def seal(values: Mapping[str, Any]) -> bytes:
    """Return a JSON object with a checksum of what it says.

    Examples
    --------
    >>> unseal(seal({"rows": 7}))
    {'rows': 7}
    """
    plain = orjson.loads(orjson.dumps(dict(values)))
    sealed = {**plain, _MARK: _checksum(plain)}
    return orjson.dumps(sealed, option=_ORDER | orjson.OPT_INDENT_2)


def unseal(data: bytes) -> dict[str, Any]:
    """Read such an object.

    Raises
    ------
    ValueError
        If it is not what was sealed.
    """
    values = orjson.loads(data)
    if not isinstance(values, dict) or values.pop(_MARK, None) != _checksum(values):
        raise ValueError("the checksum does not fit")
    return values


def without_secrets(value: Any) -> Any:
    """Remove the signatures of URLs from a JSON value, and mask keys: no file may hold them."""
    return each_text(
        value, lambda text: KEY.sub(lambda found: mask_key(found.group()), strip_signatures(text))
    )


def _checksum(values: Mapping[str, Any]) -> str:
    return blake2b(orjson.dumps(values, option=_ORDER), digest_size=16).hexdigest()
