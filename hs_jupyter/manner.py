"""How a question is asked: from the store or afresh, and how patiently."""

from __future__ import annotations

from dataclasses import dataclass


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
