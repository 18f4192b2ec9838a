"""The options of how a question is asked, the same for every function that asks one."""

from __future__ import annotations

import inspect
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from hs_jupyter.errors import InputError
from hs_jupyter.manner import Manner, in_manner

if TYPE_CHECKING:
    from collections.abc import Callable

MANNERS = ("refresh", "offline", "yes", "wait")
_Result = TypeVar("_Result")
_Given = ParamSpec("_Given")


def with_manner(function: Callable[_Given, _Result]) -> Callable[..., _Result]:
    """Give a function the keywords ``refresh``, ``offline``, ``yes`` and ``wait``.

    Whatever it asks, also in turn, is asked so; without any of them, as whoever called it asks. `table`
    documents them.

    Raises
    ------
    InputError
        From the function: if it is to ask the service again and never to ask it.
    """

    @wraps(function)
    def asked(*args: Any, **given: Any) -> _Result:
        flags = {name: bool(given.pop(name)) for name in MANNERS if name in given}
        if not any(flags.values()):
            return function(*args, **given)
        manner = Manner(**flags)
        if manner.refresh and manner.offline:
            raise InputError("--refresh asks the service again and --offline never does: give one of them")
        with in_manner(manner):
            return function(*args, **given)

    asked.__signature__ = _signature(function)  # type: ignore[attr-defined]
    return asked


def _signature(function: Callable[..., Any]) -> inspect.Signature:
    whole = inspect.signature(function)
    known = list(whole.parameters.values())
    end = len(known) - (known[-1].kind is inspect.Parameter.VAR_KEYWORD)
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=False, annotation="bool")
        for name in MANNERS
    ]
    return whole.replace(parameters=[*known[:end], *added, *known[end:]])
