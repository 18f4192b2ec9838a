"""Tab in ``%hs`` lines and ``%%hs`` cells: a matcher of IPython's completer (IPython 8 and 9)."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from hs_jupyter.magics.known_ids import KnownIds
from hs_jupyter.magics.suggest import Wanted, wanted_at
from hs_jupyter.magics.tokens import quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from IPython.core.completer import CompletionContext
    from IPython.core.interactiveshell import InteractiveShell

_FIRST = 1000
"""Before every matcher of IPython's own; they are left out where this one has something to offer."""


def complete_in(ipython: InteractiveShell, twins: Callable[[], Any]) -> Callable[[], None]:
    """Add completion to an IPython.

    Parameters
    ----------
    ipython
        The IPython shell.
    twins
        Returns the module of the Python twins.

    Returns
    -------
    callable
        Takes the completion out again.
    """
    from IPython.core.completer import SimpleCompletion, completion_matcher

    known = KnownIds(twins)
    matchers = ipython.Completer.custom_matchers

    @completion_matcher(identifier="hs_jupyter", priority=_FIRST, api_version=2)  # type: ignore[untyped-decorator]
    def hs_matcher(context: CompletionContext) -> dict[str, Any]:
        wanted, found = None, []
        with suppress(Exception):  # IPython would print a traceback into the line that is being typed
            wanted = wanted_at(context.full_text, context.cursor_line, context.cursor_position)
            found = suggestions(wanted, known) if wanted else []
        return {
            "completions": [SimpleCompletion(text, type="hs") for text in found],
            "matched_fragment": wanted.fragment if wanted else context.token,
            "ordered": True,
            "suppress": True,
        }

    matchers.append(hs_matcher)

    def stop() -> None:
        with suppress(ValueError):
            matchers.remove(hs_matcher)

    return stop


def suggestions(wanted: Wanted, known: KnownIds) -> list[str]:
    """List what begins like the text before the cursor: fixed words, then real IDs, newest first."""
    offered = [*wanted.words]
    mark = wanted.fragment[:1]
    if wanted.ids and mark in {"'", '"'}:
        texts = known.ids(wanted.ids, wanted.room)
        texts += known.experiment_names() if wanted.ids == "experiment" else []
        offered += [quoted(text, mark) for text in texts]
    elif wanted.ids and not wanted.fragment.startswith("-"):
        offered += [quoted(text) for text in known.ids(wanted.ids, wanted.room)]
    start = wanted.fragment.casefold()
    return [text for text in dict.fromkeys(offered) if text.casefold().startswith(start)]
