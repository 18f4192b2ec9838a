"""How a question is asked: from the store or afresh, and how patiently."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Manner:
    """How a question is asked, whatever it asks for.

    Attributes
    ----------
    refresh
        The service is asked again, whatever is stored.
    offline
        The service is never asked.
    yes
        A plan of many requests is carried out; else it ends in a `PlanError` that says how many.
    wait
        It waits however long the service asks; else a wait of over 5 minutes ends in a sentence.

    Examples
    --------
    >>> Manner(wait=True)
    Manner(refresh=False, offline=False, yes=False, wait=True)
    """

    refresh: bool = False
    offline: bool = False
    yes: bool = False
    wait: bool = False


_MANNER: ContextVar[Manner | None] = ContextVar("manner", default=None)


def current_manner() -> Manner:
    """Return how whatever is asked now is asked: also what a question needs to ask in turn."""
    return _MANNER.get() or Manner()


@contextmanager
def in_manner(manner: Manner) -> Iterator[None]:
    """Ask everything in the block in this manner.

    Examples
    --------
    >>> with in_manner(Manner(offline=True)):
    ...     current_manner().offline
    True
    """
    token = _MANNER.set(manner)
    try:
        yield
    finally:
        _MANNER.reset(token)
