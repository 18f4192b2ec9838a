"""People in nested values: who is in them, and the same values without them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hs_jupyter.pseudonyms import words
from hs_jupyter.pseudonyms.roster import Sighting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hs_jupyter.pseudonyms.roster import Roster
    from hs_jupyter.pseudonyms.tokens import Finder


def sightings_in(value: Any, room: str, key: str = "") -> Iterator[Sighting]:
    """Yield who appears in a JSON value, by what its keys say.

    Parameters
    ----------
    value
        Parsed JSON.
    room
        The record's room.
    key
        Under which the value stands: a column's name.

    Examples
    --------
    >>> [one.id for one in sightings_in({"data": {"recipientIds": ["u_mia", "u_leo"]}}, "room_1")]
    ['u_mia', 'u_leo']
    """
    if isinstance(value, list):
        for one in value:
            yield from sightings_in(one, room, key)
    elif isinstance(value, dict):
        yield from _persons(value, room, person=words.is_person(key))
        for name, one in value.items():
            if isinstance(one, dict | list):
                yield from sightings_in(one, room, name)
    elif words.is_id(key):
        yield Sighting(id=_text(value), room=room)
    elif words.is_name(key) or (words.is_person(key) and isinstance(value, str)):
        yield Sighting(name=_text(value), room=room)


def _persons(value: dict[str, Any], room: str, *, person: bool) -> Iterator[Sighting]:
    """Yield who the plain values of an object name, an ID with its name."""
    ids: dict[str, str] = {}
    names: dict[str, str] = {}
    for key, one in value.items():
        if isinstance(one, dict | list) or one is None:
            continue
        called = words.is_name(key) or (words.is_person(key) and isinstance(one, str))
        if words.is_id(key) or (person and words.plain(key) == "id"):
            ids[words.stem(key)] = _text(one)
        elif called or (person and words.plain(key) == "name"):
            names[words.stem(key)] = _text(one)
    for stem, id_ in ids.items():
        alone = len(ids) == len(names) == 1
        yield Sighting(id_, names.pop(stem, "") or (names.popitem()[1] if alone and names else ""), room)
    for name in names.values():
        yield Sighting(name=name, room=room)


def without_people(value: Any, finder: Finder, roster: Roster, room: str, key: str = "") -> Any:
    """Return a JSON value with pseudonyms for people, and without what is never told.

    Parameters
    ----------
    value
        Parsed JSON.
    finder, roster
        Who is looked for.
    room
        The record's room.
    key
        Under which the value stands.

    Examples
    --------
    >>> from hs_jupyter.pseudonyms import Roster
    >>> from hs_jupyter.pseudonyms.tokens import Finder
    >>> roster = Roster()
    >>> roster.meet(sightings_in({"userId": 17, "userName": "Mia"}, "room_1"))
    >>> asked = {"userId": 17, "email": "mia@uni.example", "said": ["Mia was here", 17]}
    >>> without_people(asked, Finder(roster), roster, "room_1")
    {'userId': 'P001', 'said': ['P001 was here', 17]}
    """
    if isinstance(value, list):
        return [without_people(one, finder, roster, room, key) for one in value]
    if isinstance(value, dict):
        person = words.is_person(key)
        return {
            finder.replace(name, room): without_people(
                one, finder, roster, room, f"participant_{name}" if person else name
            )
            for name, one in value.items()
            if not words.is_left_out(name)
        }
    if value is None or isinstance(value, bool):
        return value
    known = roster.of_id(_text(value)) if words.is_id(key) or words.is_person(key) else None
    if not known and (words.is_name(key) or words.is_person(key)):
        known = roster.of_name(_text(value), room)
    if known:
        return known
    return finder.replace(value, room) if isinstance(value, str) else value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if isinstance(value, bool) else str(value)
