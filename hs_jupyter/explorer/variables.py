"""The notebook's variables: whether a name may be taken, what stands there, and putting something in it."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import MutableMapping, Sized
from dataclasses import dataclass
from typing import Any, Protocol

from hs_jupyter.errors import InputError

_KEPT = re.compile(r"In|Out|get_ipython|exit|quit|_+|_i+\d*|_\d+|_[dio]h|__\w*__")
"""Names of IPython and Python."""

_TEXT_MOST = 60


class Variables(Protocol):
    """The names of a notebook."""

    def get(self, name: str, default: Any = None) -> Any:
        """Return what stands in a name."""

    def put(self, name: str, value: Any) -> None:
        """Put a value in a name."""


class NotebookVariables:
    """The variables of the running IPython."""

    def get(self, name: str, default: Any = None) -> Any:
        """Return what stands in a name."""
        return _namespace().get(name, default)

    def put(self, name: str, value: Any) -> None:
        """Put a value in a name."""
        _namespace()[name] = value


def _namespace() -> MutableMapping[str, Any]:
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        raise InputError("there is no notebook to push to: this Python runs outside of IPython")
    names: MutableMapping[str, Any] = shell.user_ns
    return names


def checked_name(text: str) -> str:
    """Check a variable's name, and spell it as Python itself would store it.

    Raises
    ------
    InputError
        For what is no name, a word of Python, a builtin, and what belongs to IPython.

    Examples
    --------
    >>> checked_name("slow_ones")
    'slow_ones'
    """
    name = unicodedata.normalize("NFKC", text.strip())
    if not name:
        raise InputError("give the variable a name, for example: selected")
    if keyword.iskeyword(name):
        raise InputError(f"'{name}' is a word of Python: take another name, for example: selected")
    if not name.isidentifier():
        raise InputError(f"'{_short(name)}' is no variable's name: use letters, digits and _, as in: my_data")
    if _KEPT.fullmatch(name):
        raise InputError(f"'{name}' belongs to IPython or Python: take another name, for example: selected")
    if hasattr(builtins, name):
        raise InputError(
            f"'{name}' is a function or value of Python itself: take another name, for example: my_{name}"
        )
    return name


@dataclass(frozen=True)
class Taken:
    """What stands in a name."""

    sentence: str
    token: str
    """Names exactly this, so that nothing else is replaced than what was told."""


NOTHING = object()


def taken(name: str, value: Any) -> Taken:
    """Say what stands in a name, without showing any of its content.

    Examples
    --------
    >>> taken("x", [1, 2]).sentence
    "'x' holds a list of 2"
    """
    kind = type(value).__name__
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple) and shape and all(isinstance(one, int) for one in shape):
        units = ("row", "column") if kind == "DataFrame" and len(shape) == 2 else ("",) * len(shape)  # noqa: PLR2004
        what = f"{kind} of {' x '.join(_counted(*one) for one in zip(shape, units, strict=True))}"
    elif isinstance(value, Sized) and not isinstance(value, type):
        what = f"{kind} of {_length(value, 'table' if kind == 'Bundle' else '')}"
    elif callable(value):
        what = f"{kind} '{_short(str(getattr(value, '__name__', name)))}'"
    else:
        what = kind
    article = "an" if what[:1].lower() in "aeiou" else "a"
    return Taken(f"'{name}' holds {article} {what}", f"{name}:{id(value):x}")


def _counted(number: int, unit: str) -> str:
    return f"{number:,} {unit}{'s' * (number != 1)}" if unit else f"{number:,}"


def _length(value: Sized, unit: str) -> str:
    try:
        return _counted(len(value), unit)
    except Exception:  # noqa: BLE001 - a stranger's object may do anything
        return "unknown length"


def _short(text: str) -> str:
    return text if len(text) <= _TEXT_MOST else text[:_TEXT_MOST] + "…"
