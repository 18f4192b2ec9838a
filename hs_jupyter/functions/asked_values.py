"""What options may be: one of some words, a number within bounds."""

from __future__ import annotations

import math
from numbers import Real
from typing import TYPE_CHECKING, Any

from hs_jupyter.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence


def choice(name: str, value: Any, valid: Sequence[str]) -> None:
    """Refuse what is none of these words.

    Raises
    ------
    InputError
        Then.

    Examples
    --------
    >>> choice("clock", "onset", ["onset", "stimulus"])
    """
    if value not in valid:
        near = did_you_mean(str(value), valid)
        raise InputError(f"{name}={value!r} is not one of {', '.join(valid)}{near}")


def positive(name: str, value: Any, *, or_zero: bool = False) -> None:
    """Refuse what is no finite number above zero.

    Raises
    ------
    InputError
        Then.

    Examples
    --------
    >>> positive("hz", 4.0)
    """
    number = isinstance(value, Real) and math.isfinite(value)
    if not number or isinstance(value, bool) or value < 0 or (value == 0 and not or_zero):
        least = "of zero or more" if or_zero else "above zero"
        raise InputError(f"{name} is to be a number {least}, not {value!r}")


def whole(name: str, value: Any) -> None:
    """Refuse what is no whole number of zero or more.

    Raises
    ------
    InputError
        Then.

    Examples
    --------
    >>> whole("null", 1000)
    """
    positive(name, value, or_zero=True)
    if int(value) != value:
        raise InputError(f"{name} is to be a whole number, not {value!r}")
