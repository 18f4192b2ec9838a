"""IDs become names of folders: readable where they can be, never a path, never another ID's."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hs_jupyter.scope import Scope

UNKNOWN = "__HIVE_DEFAULT_PARTITION__"
"""Hive's name for a missing value: rows whose room, or rooms whose experiment, is unknown."""

_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.")
_LONGEST = 80
"""Letters of an ID in a folder's name; Windows allows 260 for the whole path."""
_KEPT = 48
_CUT_ESCAPE = re.compile(r"%[0-9A-F]?$")


def hive_names(key: str, id_: str | None) -> tuple[str, ...]:
    """Name the folders that an ID may have, the first that fits before the others.

    The second is for a disk that takes large and small letters for the same: there the first may be
    another ID's. What a folder holds says whose it is.

    Examples
    --------
    >>> hive_names("room", "a/b")[0]
    'room=a%2Fb'
    >>> hive_names("room", None)
    ('room=__HIVE_DEFAULT_PARTITION__',)
    """
    if id_ is None:
        return (f"{key}={UNKNOWN}",)
    return tuple(f"{key}={name}" for name in _names(id_, id_))


def list_names(scope: Scope) -> tuple[str, ...]:
    """Name the folders of a scope that is no room of an experiment's table.

    Examples
    --------
    >>> from hs_jupyter.scope import Scope
    >>> list_names(Scope("participant", "p 7", room="r1"))[0]
    'participant=p%207~r1'
    """
    if not scope.id:
        return (scope.kind,)
    if scope.room is None:
        return hive_names(scope.kind, scope.id)
    names = _names(f"{scope.id}\0{scope.room}", scope.id, scope.room)
    return tuple(f"{scope.kind}={name}" for name in names)


def record_name(name: str) -> str:
    """Name the file of a record, whose name is a word or ``key=ID``.

    Examples
    --------
    >>> record_name("mirror"), record_name("experiment=a/b")
    ('mirror', 'experiment=a%2Fb')
    """
    key, _, id_ = name.partition("=")
    return hive_names(key, id_)[0] if id_ else next(_names(name, name))


def digest(*texts: str | None) -> str:
    """Return 16 letters that stand for some texts.

    Examples
    --------
    >>> digest("a", "b") == digest("ab")
    False
    """
    told_apart = "\0".join("-" if text is None else f"+{len(text)}:{text}" for text in texts)
    return blake2b(told_apart.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def slug(text: str, most: int = 40) -> str:
    """Return the letters and digits of a text that a file's name may hold.

    Examples
    --------
    >>> slug("https://api.hyperstudy.io/api/v3")
    'api-hyperstudy-io-api-v3'
    """
    words = re.sub(r"[^a-z0-9]+", "-", re.sub(r"^\w+://", "", text.lower()))
    return words.strip("-")[:most].rstrip("-")


def _names(exact: str, *shown: str) -> Iterator[str]:
    readable = "~".join(map(_escaped, shown))
    short = _CUT_ESCAPE.sub("", readable[:_KEPT])
    if len(readable) <= _LONGEST:
        yield readable
    yield f"{short}~{digest(exact)}"


def _escaped(id_: str) -> str:
    """Percent-encode as hive's readers decode it; ``~`` joins, and a last dot is lost on Windows."""
    data = id_.encode("utf-8", "surrogatepass")
    letters = [chr(one) if one in _PLAIN else f"%{one:02X}" for one in data]
    if letters[-1:] == ["."]:
        letters[-1] = "%2E"
    if id_ == UNKNOWN:
        letters[0] = "%5F"
    return "".join(letters)
