"""What makes a record one record, in 12 bytes; and which of millions came before."""

from __future__ import annotations

import os
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hs_jupyter.catalog import DataType

Identities = np.ndarray[tuple[int], np.dtype[np.void]]
IDENTITY = np.dtype([("high", "<u8"), ("low", "<u4")])
"""96 bits of a hash: among five million records two different ones agree with a chance of 1 to 10**16."""

_BYTES = IDENTITY.itemsize
_ID_TYPES = (str, int)
_LARGEST_LEVEL = 2**19
"""Levels are merged up to here: a merge needs room for what it merges, once more."""


def identities(
    records: Sequence[dict[str, Any]], keys: Sequence[Sequence[Any]], data_type: DataType
) -> Identities:
    """Return what makes each record one record.

    Where it lacks a part of its ID, that is all it holds; but a type that is not paged sends no record
    twice, and may well hold equal ones (writes of a variable): there each is its own.

    Parameters
    ----------
    records
        A page.
    keys
        The columns of the ID, a value for every record.
    """
    if len(keys) == 1 and set(map(type, keys[0])) == {str} and all(keys[0]):
        return _hashed([blake2b(one.encode(), digest_size=_BYTES).digest() for one in keys[0]])
    parts = zip(*keys, strict=True) if keys else ((),) * len(records)
    return _hashed(_of_record(key, record, data_type) for key, record in zip(parts, records, strict=True))


def _of_record(key: tuple[Any, ...], record: dict[str, Any], data_type: DataType) -> bytes:
    if key and all(one and isinstance(one, _ID_TYPES) for one in key):
        return _digest(orjson.dumps(key), b"key")
    if not data_type.paged:
        return os.urandom(_BYTES)
    return _digest(orjson.dumps(record, option=orjson.OPT_SORT_KEYS), b"record")


def _digest(content: bytes, kind: bytes) -> bytes:
    return blake2b(content, digest_size=_BYTES, person=kind).digest()


def _hashed(digests: Iterable[bytes]) -> Identities:
    return np.frombuffer(b"".join(digests), IDENTITY)


class Seen:
    """Identities that came before: a few sorted levels, 12 bytes for each.

    Examples
    --------
    >>> seen, page = Seen(), np.array([(7, 1), (9, 1), (7, 1)], IDENTITY)
    >>> seen.fresh(page).tolist(), seen.fresh(page[:1]).tolist()
    ([True, True, False], [False])
    """

    def __init__(self) -> None:
        self._levels: list[tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]] = []

    def fresh(self, page: Identities) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Tell which records of a page are new, and remember them; of equal ones the first is new."""
        order = np.argsort(page["high"], kind="stable")  # the first of equal ones stays first
        new = np.ones(len(page), bool)
        if (page["high"][order[1:]] == page["high"][order[:-1]]).any():
            order = np.lexsort((page["low"], page["high"]))
            ordered = page[order]
            new[1:] = ordered[1:] != ordered[:-1]
        high, low = page["high"][order], page["low"][order]
        for level in self._levels:
            new &= ~_within(high, low, *level)
        if new.any():
            self._remember(high[new], low[new])
        fresh = np.empty(len(page), bool)
        fresh[order] = new
        return fresh

    def _remember(self, high: np.ndarray[Any, Any], low: np.ndarray[Any, Any]) -> None:
        self._levels.append((high, low))
        while len(self._levels) > 1:
            (below, _), (above, _) = self._levels[-2:]
            if len(below) > 2 * len(above) or len(below) + len(above) > _LARGEST_LEVEL:
                return
            merged_high, merged_low = map(np.concatenate, zip(*self._levels[-2:], strict=True))
            order = np.argsort(merged_high, kind="stable")  # two sorted runs: merged, not sorted
            self._levels[-2:] = [(merged_high[order], merged_low[order])]


def _within(
    high: np.ndarray[Any, Any],
    low: np.ndarray[Any, Any],
    level_high: np.ndarray[Any, Any],
    level_low: np.ndarray[Any, Any],
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Tell which of these are in a level."""
    found = np.zeros(len(high), bool)
    at = np.searchsorted(level_high, high)
    while True:  # once, but for records that agree in the high part alone
        there = np.minimum(at, len(level_high) - 1)
        same = (at < len(level_high)) & (level_high[there] == high)
        if not same.any():
            return found
        found |= same & (level_low[there] == low)
        at = np.where(same, at + 1, len(level_high))
