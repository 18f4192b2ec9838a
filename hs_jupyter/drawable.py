"""Text that can be drawn: what no picture can hold is taken out."""

from __future__ import annotations

import re
from typing import Any

from hs_jupyter.texts import each_text

_UNDRAWABLE = re.compile(
    "[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\ufffe\\uffff]"
)


def drawable(text: str) -> str:
    r"""Put a space for every character that no drawing can hold.

    Control characters and U+FFFE are no XML, and end the process that draws a picture of them
    (vl-convert 1.9); marks that turn the direction of writing would let one text pose as another.

    Examples
    --------
    >>> drawable("bell\x07, line\nend")
    'bell , line end'
    """
    return _UNDRAWABLE.sub(" ", text)


def drawable_values(value: Any) -> Any:
    """Make every text in plain JSON values drawable, keys too."""
    return each_text(value, drawable)
