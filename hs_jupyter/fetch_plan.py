"""The plan of fewest requests: the rooms that are missing one by one, or the whole experiment. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


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
