"""Which part of a study is asked for: an experiment, a room, or a participant in a room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast, get_args

from hs_jupyter.errors import InputError, did_you_mean

ScopeKind = Literal["experiment", "room", "participant", "user"]
SCOPE_KINDS: tuple[str, ...] = ("experiment", "room", "participant")
"""The scopes of the language; ``user`` (everything the key may see) has no word of its own."""


@dataclass(frozen=True)
class Scope:
    """A frozen address of data.

    Parameters
    ----------
    kind
        ``experiment``, ``room``, ``participant``, or ``user`` for lists of everything the key may see.
    id
        The ID as the service spells it; any characters (it is URL-encoded on the wire).
    room
        The room of a participant; data of a participant is always asked for in one room.

    Raises
    ------
    InputError
        For an unknown kind, an empty ID, or a room beside a scope that has none.

    Examples
    --------
    >>> str(Scope("participant", "p_7", room="room_1"))
    'participant p_7 --room room_1'
    """

    kind: ScopeKind
    id: str = ""
    room: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in get_args(ScopeKind):
            raise InputError(
                f"unknown scope '{self.kind}': use {', '.join(SCOPE_KINDS)}"
                + did_you_mean(self.kind, SCOPE_KINDS)
            )
        _check_id(self.kind, self.id)
        if self.room is not None:
            _check_id("room", self.room)
            if self.kind != "participant":
                raise InputError(f"--room belongs to a participant, not to {self.kind} '{self.id}'")

    def __str__(self) -> str:
        """Spell the scope as in the ``%hs`` language."""
        text = f"{self.kind} {self.id}".strip()
        return f"{text} --room {self.room}" if self.room else text

    @property
    def room_id(self) -> str | None:
        """The one room this scope lies in, or None at wider scopes."""
        return self.id if self.kind == "room" else self.room


def _check_id(kind: str, id_: object) -> None:
    if not isinstance(id_, str):
        raise InputError(f"the {kind}'s ID is text, not {str(id_)[:40]}")
    if kind != "user" and not id_.strip():
        raise InputError(f"the {kind}'s ID is missing, for example: %hs events {kind} ID")


def scope_of(experiment: str | None = None, room: str | None = None, participant: str | None = None) -> Scope:
    """Make a scope from the keywords of the Python functions.

    Examples
    --------
    >>> scope_of(participant="p_7", room="room_1").room
    'room_1'
    """
    if participant is not None:
        if experiment is not None:
            raise InputError("give experiment= or participant= (with room=), not both")
        return Scope("participant", participant, room)
    if (experiment is None) == (room is None):
        raise InputError("give exactly one scope: experiment=, room=, or participant= with room=")
    kind, one = ("experiment", experiment) if experiment is not None else ("room", room)
    return Scope(cast("ScopeKind", kind), cast("str", one))
