"""Which experiments, rooms and participants there are: names to IDs, and the nearest ID in an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hs_jupyter.errors import (
    ApiError,
    InputError,
    NetworkError,
    NotFoundError,
    NotStoredError,
    did_you_mean,
)
from hs_jupyter.query import Query, make_query
from hs_jupyter.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

MOST_EXPERIMENTS_ASKED = 5
"""Experiments whose rooms are listed to help with one misspelled ID; more would cost too many requests."""


class Directory:
    """Looks IDs up through the questions it is given to ask.

    Parameters
    ----------
    ask
        Answers a `Query` with a table.
    """

    def __init__(self, ask: Callable[[Query], pa.Table]) -> None:
        self._ask = ask
        self._experiment_ids: dict[str, str] = {}

    def experiment_id(self, name: str, *, known_only: bool = False) -> str | None:
        """Find the one experiment that bears a name exactly, or None.

        Raises
        ------
        InputError
            If several experiments bear the name.
        """
        if name in self._experiment_ids or known_only:
            return self._experiment_ids.get(name)
        found = [
            row["experimentId"] for row in self._rows("experiments", Scope("user")) if row["name"] == name
        ]
        if len(found) > 1:
            raise InputError(f"{len(found)} experiments are named '{name}': use an ID, {', '.join(found)}")
        if found:
            self._experiment_ids[name] = found[0]
        return found[0] if found else None

    def ids(self, scope: Scope) -> list[str]:
        """List the IDs that could have been meant by a scope, as far as the key may see them."""
        experiments = [row["experimentId"] for row in self._rows("experiments", Scope("user"))]
        if scope.kind == "experiment":
            return experiments
        if scope.kind == "participant" and scope.room is not None:
            participants = self._rows("participants", Scope("room", scope.room))
            if participants:
                return [row["participantId"] for row in participants]
        return [
            row["roomId"]
            for experiment in experiments[:MOST_EXPERIMENTS_ASKED]
            for row in self._rows("rooms", Scope("experiment", experiment))
        ]

    def not_found(self, scope: Scope, problem: NotFoundError) -> NotFoundError:
        """Say what was not found, and the nearest ID there is."""
        known = self.ids(scope)
        near = did_you_mean(scope.id, known) or (did_you_mean(scope.room, known) if scope.room else "")
        room = f" in room '{scope.room}'" if scope.room else ""
        return NotFoundError(
            f"{scope.kind} '{scope.id}'{room} not found{near}",
            status=problem.status,
            code=problem.code,
            details=problem.details,
        )

    def _rows(self, type_: str, scope: Scope) -> list[dict[str, Any]]:
        """List rows; what the key may not see is not there."""
        try:
            rows: list[dict[str, Any]] = self._ask(make_query(type_, scope)).to_pylist()
        except (ApiError, NetworkError, NotStoredError):
            return []
        return rows
