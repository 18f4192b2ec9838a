"""The texts inside plain JSON values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def each_text(value: Any, change: Callable[[str], str]) -> Any:
    """Return plain JSON values with every text changed, names too.

    Examples
    --------
    >>> each_text({"a": ["b", 1, None]}, str.upper)
    {'A': ['B', 1, None]}
    """
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {each_text(name, change): each_text(one, change) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(each_text(one, change) for one in value)
    return value
