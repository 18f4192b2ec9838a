"""The thin IPython side: one ``%hs`` and ``%%hs``, one line for every error."""

from __future__ import annotations

import sys
from asyncio import CancelledError
from collections import ChainMap
from importlib import import_module
from typing import TYPE_CHECKING, Any

from IPython.core.magic import needs_local_scope, no_var_expand

from hs_jupyter.errors import HsError, MagicError
from hs_jupyter.magics import cells, grammar
from hs_jupyter.magics.commands import Notebook, run
from hs_jupyter.magics.faults import fault_report, fault_sentence
from hs_jupyter.magics.summary import printable
from hs_jupyter.masking import KEY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from IPython.core.interactiveshell import InteractiveShell

_INTERRUPTED = "interrupted: nothing was returned; what had already arrived in variables stays, run it again"
_KEY_TYPED = (
    "this cell holds an API key, and so does the notebook's file and history once it is saved: "
    "remove it, revoke the key, and use %hs login, which asks with a hidden prompt"
)


class HsMagic:
    """``%hs`` and ``%%hs`` of one IPython.

    Parameters
    ----------
    shell
        The IPython it belongs to.
    twins
        The Python twins; ``hs_jupyter.functions``, imported when first needed, unless given.
    """

    def __init__(self, shell: InteractiveShell, twins: Any = None) -> None:
        self._shell = shell
        self._twins = twins
        self._fault = ""

    def find_twins(self) -> Any:
        """Return the module of the Python twins."""
        if self._twins is None:
            self._twins = import_module("hs_jupyter.functions")
        return self._twins

    @no_var_expand
    @needs_local_scope
    def hs(self, line: str, cell: str | None = None, local_ns: Mapping[str, Any] | None = None) -> Any:
        """HyperStudy data: %hs TYPE SCOPE ID [options]; %hs help lists every verb.

        Examples: %hs demo, %hs events room room_pair_01, x = %hs ratings room room_pair_01
        """
        try:
            return self._answer(line, cell, local_ns or {})
        except HsError as error:
            sentence = str(error)
        except (KeyboardInterrupt, CancelledError):
            sentence = _INTERRUPTED
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a fault of ours is one line, too
            sentence = fault_sentence(error)
            self._fault = fault_report(error)
        raise MagicError(printable(sentence))  # out here, so that no other exception stands behind it

    def _answer(self, line: str, cell: str | None, local_ns: Mapping[str, Any]) -> Any:
        if KEY.search(line) or KEY.search(cell or ""):
            _warn(_KEY_TYPED)
        names = ChainMap(dict(local_ns), self._shell.user_ns)
        asked = grammar.parse(line, names) if cell is None else cells.parse_cell(line, cell, names)
        notebook = Notebook(names, self._put, print)
        if isinstance(asked, grammar.Command):
            if asked.verb == "debug":
                return print(self._fault or "no fault so far")  # noqa: T201 - the notebook is where it belongs
            result = run(asked, notebook, self.find_twins)
            return None if asked.silent and self._stands_alone() else result
        return run(asked, notebook, self.find_twins)

    def _put(self, name: str, value: Any) -> None:
        self._shell.push({name: value})  # type: ignore[no-untyped-call]

    def _stands_alone(self) -> bool:
        """Tell whether the cell ends in a bare ``%hs``, whose semicolon means: do not show."""
        manager = self._shell.history_manager
        parsed = manager.input_hist_parsed[-1] if manager else ""
        return parsed.rstrip().rpartition("\n")[2].startswith("get_ipython().run_line_magic('hs'")


def _warn(text: str) -> None:
    print(f"hs: {text}", file=sys.stderr)  # noqa: T201 - the notebook is where it belongs
