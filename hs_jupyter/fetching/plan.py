"""The plan of fewest requests: the rooms that are missing one by one, or the whole experiment. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hs_jupyter.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_REQUESTS = 200
"""Whoever needs more for one question is told how many, and asked."""

_MINUTES_SAID = 90


def rooms_to_ask(
    missing: Sequence[str], *, announced: int | None, held: int, page_size: int
) -> tuple[str, ...] | None:
    """Choose between asking for rooms one by one and asking for the whole experiment.

    Parameters
    ----------
    missing
        The rooms that are not held, or may have changed.
    announced
        Records that the service announces for the whole experiment; None if it does not say.
    held
        Records announced for the rooms that are held and final.
    page_size
        Records that one request brings.

    Returns
    -------
    tuple of str or None
        The rooms to ask for; None where the whole experiment takes no more requests, or nobody knows.

    Examples
    --------
    Two rooms are new among many: two requests or a few, instead of fifty.

    >>> rooms_to_ask(["r49", "r50"], announced=50_000, held=48_000, page_size=1000)
    ('r49', 'r50')
    >>> rooms_to_ask(["r1", "r2"], announced=2_000, held=0, page_size=5000) is None
    True
    """
    if announced is None or not held:
        return None
    one_by_one = len(missing) + max(0, announced - held) // page_size
    whole = -(-announced // page_size)
    return tuple(missing) if one_by_one < whole else None


def too_many(name: str, requests: int, takes_sec: float) -> PlanError:
    """Return the error that says how many requests a type needs, and how long the service's rate makes them.

    Examples
    --------
    >>> print(too_many("events", 971, 3600))
    events: 971 further requests are needed, some 60 minutes at the rate the service allows; --yes goes ahead
    """
    minutes = round(takes_sec / 60)
    takes = f"{minutes} minutes" if minutes < _MINUTES_SAID else f"{takes_sec / 3600:.2g} hours"
    rate = f", some {takes} at the rate the service allows" if takes_sec else ""
    problem = PlanError(f"{name}: {requests:,} further requests are needed{rate}; --yes goes ahead")
    problem.requests = requests
    return problem
