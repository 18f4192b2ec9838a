"""What can this key read? Asked once at login, with few requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.errors import ApiError, ForbiddenError
from hs_jupyter.query import make_query
from hs_jupyter.scope import Scope

if TYPE_CHECKING:
    from hs_jupyter.study import Study

_WILDCARDS = {"*", "read:*"}


@dataclass(frozen=True)
class Readable:
    """What a key can read.

    Attributes
    ----------
    experiments
        How many experiments it sees, or None when it may not list them.
    types
        Data types it can read, as far as could be asked.
    refused
        Data types it cannot read, with the key scope they need.
    """

    experiments: int | None
    types: tuple[str, ...]
    refused: tuple[str, ...]

    def __str__(self) -> str:
        """Say it in one sentence."""
        seen = (
            "may not list experiments"
            if self.experiments is None
            else f"sees {self.experiments} experiment(s)"
        )
        text = f"the key works: it {seen}"
        if self.types:
            text += f", and reads {', '.join(self.types)}"
        if self.refused:
            text += f"; not: {', '.join(self.refused)}"
        return text

    __repr__ = __str__


def readable(study: Study) -> Readable:
    """Ask what the key of a study can read: at most one request per key scope.

    Raises
    ------
    AuthenticationError
        If the key is refused.
    """
    count, first = None, None
    try:
        listed = study.peek(make_query("experiments", Scope("user")))
        count = len(listed.records) if listed.total is None else listed.total
        first = next((str(one["id"]) for one in listed.records if one.get("id")), None)
    except ForbiddenError as problem:
        if provided := _provided(problem):
            return Readable(None, *_by_scopes(provided))
    if first is None:
        return Readable(count, (), ())
    allowed: set[str] = set()
    for key_scope, name in _one_of_each().items():
        try:
            study.peek(make_query(name, Scope("experiment", first)))
            allowed.add(key_scope)
        except ForbiddenError as problem:
            if provided := _provided(problem):
                return Readable(count, *_by_scopes(provided))
        except ApiError:
            continue
    return Readable(count, *_by_scopes(allowed))


def _one_of_each() -> dict[str, str]:
    """Name one paged data type for each key scope."""
    chosen: dict[str, str] = {}
    for one in DATA_TYPES.values():
        if one.key_scope and one.paged and "experiment" in one.scopes:
            chosen.setdefault(one.key_scope, one.name)
    return chosen


def _by_scopes(scopes: set[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    types = [one for one in DATA_TYPES.values() if one.key_scope and one.view is None]
    may = [one.name for one in types if one.key_scope in scopes or scopes & _WILDCARDS]
    return tuple(may), tuple(f"{one.name} ({one.key_scope})" for one in types if one.name not in may)


def _provided(problem: ForbiddenError) -> set[str]:
    held = problem.details.get("provided")
    return {str(one) for one in held} if isinstance(held, list) else set()
