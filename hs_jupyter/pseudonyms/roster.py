"""Who took part, and under which pseudonym."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hs_jupyter.pseudonyms.words import NOBODY

if TYPE_CHECKING:
    from collections.abc import Iterable

SOMEBODY = "P000"
"""Stands for a name that several people bear, where nothing tells which of them is meant."""

PSEUDONYM = re.compile(r"P(\d{3,9})")
_LONG_NUMBER = 4
_LONG_WORD = 2
_NOT_A_NAME = {"participant", "subject", "person", "user", "player", "guest", "anonymous", "student", "test",
               "host", "viewer", "observer", "the", "and", "von", "van", "der", "del", "los", "las"}  # fmt: skip
"""Words of display names that say nothing of who bears them."""


@dataclass(frozen=True)
class Person:
    """One person: the pseudonym, and what they are called without it."""

    pseudonym: str
    ids: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sighting:
    """Somebody appears in a record: under an ID, a name or both, in a room.

    ``also`` are further IDs that the record gives the same person.
    """

    id: str = ""
    name: str = ""
    room: str = ""
    also: tuple[str, ...] = ()


def fold(name: str) -> str:
    """Return what two spellings of one name have in common.

    Examples
    --------
    >>> fold(" ZOE\u0308") == fold("Zo\u00eb")
    True
    """
    return unicodedata.normalize("NFC", name.strip()).casefold()


@dataclass(eq=False)
class _Entry:
    pseudonym: str
    ids: dict[str, None] = field(default_factory=dict)
    names: dict[str, None] = field(default_factory=dict)
    rooms: set[str] = field(default_factory=set)


class Roster:
    """The people of some tables; whoever is met first gets the next number.

    Parameters
    ----------
    known
        People of earlier tables: they keep their pseudonyms.

    Examples
    --------
    >>> roster = Roster([Person("P007", ("u_mia",), ("Mia",))])
    >>> roster.meet([Sighting("u_leo", "Leo", "room_1"), Sighting("u_mia", "Mia B.", "room_1")])
    >>> [(one.pseudonym, one.names) for one in roster.people]
    [('P007', ('Mia', 'Mia B.')), ('P008', ('Leo',))]
    """

    def __init__(self, known: Iterable[Person] = ()) -> None:
        self._entries: list[_Entry] = []
        self._of_id: dict[str, _Entry] = {}
        self._of_name: dict[str, list[_Entry]] = {}
        self._of_word: dict[str, list[_Entry]] = {}
        self._last = 0
        for one in known:
            entry = self._add(one.pseudonym)
            self._learn(entry, one.ids, one.names)

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody, by number."""
        found = (Person(one.pseudonym, tuple(one.ids), tuple(one.names)) for one in self._entries)
        return tuple(sorted(found, key=lambda one: int(one.pseudonym[1:])))

    def meet(self, sightings: Iterable[Sighting]) -> None:
        """Take note of who appears, in this order; who has no ID comes last."""
        nameless_id = []
        for one in sightings:
            ids = [id_ for id_ in (one.id, *one.also) if id_.strip().lower() not in NOBODY]
            if not ids:
                nameless_id.append(one)
                continue
            entry = next((self._of_id[id_] for id_ in ids if id_ in self._of_id), None)
            entry = entry or self._add(f"P{self._last + 1:03}")
            self._learn(entry, ids, [one.name])
            entry.rooms |= {one.room} - {""}
        for one in nameless_id:
            name = one.name.strip()
            if name.lower() not in NOBODY and fold(name) not in self._of_name and name not in self._of_id:
                self._learn(self._add(f"P{self._last + 1:03}"), (), [name])

    def of_id(self, id_: str) -> str | None:
        """Return the pseudonym of an ID."""
        entry = self._of_id.get(id_)
        return entry.pseudonym if entry else None

    def of_name(self, name: str, room: str = "") -> str | None:
        """Return the pseudonym behind a display name, in whatever case.

        Where several bear it, the one in this room is meant; else `SOMEBODY`.
        """
        return _the_one(self._of_name.get(fold(name), []), room)

    def called(self, word: str, room: str = "") -> str | None:
        """Do the same for what people are called in a text: by their name, or by one word of it."""
        full, part = (held.get(fold(word), []) for held in (self._of_name, self._of_word))
        here = [one for one in (*full, *part) if room in one.rooms]
        return _the_one(here or full or part, room)

    @property
    def callings(self) -> dict[str, None]:
        """Every name, and the words of longer ones that tell who is meant."""
        return dict.fromkeys(
            called for one in self._entries for name in one.names for called in (name, *_words(name))
        )

    def _add(self, pseudonym: str) -> _Entry:
        entry = _Entry(pseudonym)
        self._entries.append(entry)
        self._last = max(self._last, int(pseudonym[1:]))
        return entry

    def _learn(self, entry: _Entry, ids: Iterable[str], names: Iterable[str]) -> None:
        for id_ in ids:
            if id_ not in self._of_id:
                entry.ids[id_] = None
                self._of_id[id_] = entry
        for name in map(str.strip, names):
            if name.lower() in NOBODY or name in entry.names:
                continue
            entry.names[name] = None
            bearers = self._of_name.setdefault(fold(name), [])
            if entry not in bearers:
                bearers.append(entry)
            for word in map(fold, _words(name)):
                bearers = self._of_word.setdefault(word, [])
                if entry not in bearers:
                    bearers.append(entry)


def is_telling(spelled: str) -> bool:
    """Tell whether a spelling is of one person, and no common sign: ``A``, ``1``, ``12``."""
    letters = [one for one in spelled if one.isalnum()]
    if not letters:
        return len(spelled) > 1
    return len(letters) >= (_LONG_NUMBER if all(one.isdigit() for one in letters) else 2)


def _words(name: str) -> list[str]:
    """Return the words of a longer name that tell who is meant."""
    words = name.split()
    if len(words) < 2:  # noqa: PLR2004 - one word is the name itself
        return []
    return [
        one
        for one in words
        if one.casefold() not in _NOT_A_NAME and sum(letter.isalpha() for letter in one) >= _LONG_WORD
    ]


def _the_one(bearers: list[_Entry], room: str) -> str | None:
    near = [one for one in bearers if room in one.rooms] or bearers
    if not near:
        return None
    return near[0].pseudonym if len(near) == 1 else SOMEBODY
