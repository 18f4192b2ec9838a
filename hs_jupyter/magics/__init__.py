"""The ``%hs`` magic: loading it into an IPython, and taking it out again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from IPython.core.interactiveshell import InteractiveShell

NAME = "hs"


@dataclass(frozen=True)
class _Loaded:
    """What was there before, to be put back."""

    before: Mapping[str, Any]
    stop_completing: Callable[[], None]


_loaded: WeakKeyDictionary[InteractiveShell, _Loaded] = WeakKeyDictionary()


def load(ipython: InteractiveShell, twins: Any = None) -> None:
    """Put ``%hs``, ``%%hs`` and their completion into an IPython; twice is harmless.

    Parameters
    ----------
    ipython
        The IPython shell.
    twins
        The Python twins; ``hs_jupyter.functions`` unless given.
    """
    from hs_jupyter.magics.completion import complete_in
    from hs_jupyter.magics.magic import HsMagic

    if ipython in _loaded:
        return
    magic = HsMagic(ipython, twins)
    manager: Any = ipython.magics_manager
    table = manager.magics
    before = {kind: table[kind][NAME] for kind in ("line", "cell") if NAME in table[kind]}
    manager.register_function(magic.hs, magic_kind="line_cell", magic_name=NAME)
    _loaded[ipython] = _Loaded(before, complete_in(ipython, magic.find_twins))


def unload(ipython: InteractiveShell) -> None:
    """Take it all out, and put back what bore the name before."""
    loaded = _loaded.pop(ipython, None)
    if loaded is None:
        return
    loaded.stop_completing()
    for kind in ("line", "cell"):
        ipython.magics_manager.magics[kind].pop(NAME, None)
    for kind, function in loaded.before.items():
        ipython.magics_manager.magics[kind][NAME] = function
