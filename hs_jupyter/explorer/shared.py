"""What all explorers of one study share: a cell that is run again opens a new one, and reads nothing again."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakSet

from hs_jupyter.explorer.listing import Listing
from hs_jupyter.explorer.shelf import Shelf

if TYPE_CHECKING:
    from hs_jupyter.explorer.host import Host
    from hs_jupyter.scope import Scope
    from hs_jupyter.study import Study

SCOPES_KEPT = 4
"""Scopes whose tables stay in memory: going back and forth costs nothing."""

STUDIES_KEPT = 2


class Shared:
    """The tables and lists of one study.

    Parameters
    ----------
    study
        Where they come from.

    Attributes
    ----------
    listing : Listing
        The lists of experiments, rooms and participants.
    """

    def __init__(self, study: Study) -> None:
        self.listing = Listing(study)
        self._study = study
        self._shelves: OrderedDict[Scope, Shelf] = OrderedDict()
        self._hosts: WeakSet[Host] = WeakSet()
        self._lock = Lock()

    def shelf(self, scope: Scope, host: Host) -> Shelf:
        """Return the tables of a scope; the explorer that asks is told from now on when one changes."""
        with self._lock:
            self._hosts.add(host)
            if scope not in self._shelves:
                self._shelves[scope] = Shelf(self._study, scope, self._tell, self.listing.forget)
            self._shelves.move_to_end(scope)
            while len(self._shelves) > SCOPES_KEPT:
                self._shelves.popitem(last=False)
            return self._shelves[scope]

    def _tell(self, shelf: Shelf, table: str) -> None:
        with self._lock:
            hosts = list(self._hosts)
        for host in hosts:
            host.changed(shelf, table)


_KEPT: OrderedDict[Study, Shared] = OrderedDict()
_LOCK = Lock()


def shared_of(study: Study) -> Shared:
    """Return what the explorers of a study share; of studies left behind little is kept."""
    with _LOCK:
        if study not in _KEPT:
            _KEPT[study] = Shared(study)
        _KEPT.move_to_end(study)
        while len(_KEPT) > STUDIES_KEPT:
            _KEPT.popitem(last=False)
        return _KEPT[study]
