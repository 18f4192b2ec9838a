"""Push: a selection becomes a variable, and nothing of the notebook is lost by one careless press."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hs_jupyter.explorer.answers import PushAnswer
from hs_jupyter.explorer.variables import NOTHING, Variables, checked_name, taken

if TYPE_CHECKING:
    from collections.abc import Callable


class Pusher:
    """Puts values in variables; knows which ones it put there.

    Parameters
    ----------
    variables
        The notebook's.
    """

    def __init__(self, variables: Variables) -> None:
        self._variables = variables
        self._pushed: dict[str, Any] = {}
        self._told: dict[str, str] = {}

    def push(self, name: str, make: Callable[[], Any], replace: str = "") -> PushAnswer:
        """Put something in a variable; where the name is taken, only say what is there.

        Parameters
        ----------
        name
            The variable.
        make
            Makes the value; not called where nothing is put.
        replace
            The token of an earlier answer: what that answer told of may be replaced.

        Raises
        ------
        InputError
            For a name that no variable can or should have.
        """
        name = checked_name(name)
        if (refusal := self._refusal(name, replace)) is not None:
            return refusal
        value = make()  # may take a while: look again before it is put
        if (refusal := self._refusal(name, replace)) is not None:
            return refusal
        self._variables.put(name, value)
        self._pushed[name] = value
        return PushAnswer(pushed=True, name=name, sentence=f"{taken(name, value).sentence} now.")

    def push_again(self, name: str, make: Callable[[], Any]) -> PushAnswer:
        """Push for a caller who keeps no token: the second push of a name may replace what the first told of."""
        answer = self.push(name, make, self._told.pop(name, ""))
        if answer.replace is not None:
            self._told[name] = answer.replace
        return answer

    def _refusal(self, name: str, replace: str) -> PushAnswer | None:
        there = self._variables.get(name, NOTHING)
        if there is NOTHING or (name in self._pushed and there is self._pushed[name]):
            return None
        found = taken(name, there)
        if replace == found.token:
            return None
        sentence = f"{found.sentence}; push again to replace it, or take another name."
        return PushAnswer(pushed=False, name=name, sentence=sentence, replace=found.token)
