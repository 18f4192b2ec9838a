"""What Tab offers at a place in a ``%hs`` line or a ``%%hs`` cell: a pure function of the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from hs_jupyter.catalog import DERIVED
from hs_jupyter.magics.language import DATA, PLAN, SPELLED, SQL, VERBS, Verb
from hs_jupyter.magics.tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hs_jupyter.magics.options import Option

IdKind = Literal["", "experiment", "room", "participant", "deployment"]

_IN_LINE = re.compile(r"\s*(?:[^=%#]+=\s*)?%hs\s(?P<rest>.*)", re.DOTALL)
_CELL = re.compile(r"\s*%%hs(?:\s|$)")
_FROM = re.compile(r"\b(?:from|join)\s+\w*$", re.IGNORECASE)


@dataclass(frozen=True)
class Wanted:
    """What fits at the cursor.

    Attributes
    ----------
    fragment
        The text before the cursor that a suggestion replaces.
    words
        Fixed suggestions, in the order they are shown.
    ids
        The kind of real IDs to offer, too.
    room
        The room that participants are looked for in, when the line names it.
    """

    fragment: str = ""
    words: tuple[str, ...] = ()
    ids: IdKind = ""
    room: str = ""


def wanted_at(text: str, line: int, column: int) -> Wanted | None:
    """Read the place of the cursor.

    Parameters
    ----------
    text
        The whole cell.
    line, column
        The cursor, from 0.

    Returns
    -------
    Wanted or None
        None outside of ``%hs`` and ``%%hs``.

    Examples
    --------
    >>> wanted_at("x = %hs events ro", 0, 17)
    Wanted(fragment='ro', words=('experiment', 'room', 'participant'), ids='', room='')
    """
    lines = text.split("\n")
    before = lines[line][:column]
    first = next((number for number, one in enumerate(lines) if one.strip()), 0)
    if _CELL.match(lines[first]):
        if line == first:
            return _first_line(before) if _CELL.match(before) and not before.endswith("%%hs") else None
        return _below(lines[first], before) if line > first else None
    found = _IN_LINE.fullmatch(before)
    return _line(found["rest"]) if found else None


def _parted(rest: str) -> tuple[list[str], str] | None:
    """Part a line into its whole words and the one that is being typed; None inside a comment."""
    tokens = [token for token in tokenize(rest, lenient=True) if token.pieces != (";",)]
    words = [rest[token.start : token.end] for token in tokens]
    end = tokens[-1].end if tokens else 0
    if rest[end:].strip().startswith("#"):
        return None
    if tokens and end == len(rest):
        return words[:-1], words[-1]
    return words, ""


def _line(rest: str) -> Wanted | None:
    parted = _parted(rest)
    if parted is None:
        return None
    words, fragment = parted
    names = tuple(verb.name for verb in VERBS)
    if not words:
        return Wanted(fragment, (*names, "--help", "--debug"))
    if words[0] == "help":
        return Wanted(fragment, (*names, "sql", "plan"))
    verb, rest_words = _verb(words)
    if verb is None:
        return Wanted(fragment)
    wanted = _behind(verb, rest_words, fragment)
    return replace(wanted, words=(*wanted.words, *_second(words)))


def _second(words: Sequence[str]) -> tuple[str, ...]:
    """``ratings`` may be followed by its kind."""
    return ("sparse", "continuous") if list(words) == ["ratings"] else ()


def _verb(words: Sequence[str]) -> tuple[Verb | None, Sequence[str]]:
    if words[0] == "ratings" and words[1:2] in (["sparse"], ["continuous"]):
        return SPELLED[f"ratings/{words[1]}"], words[2:]
    return SPELLED.get(words[0]), words[1:]


def _first_line(before: str) -> Wanted | None:
    parted = _parted(before.lstrip().removeprefix("%%hs"))
    if parted is None:
        return None
    words, fragment = parted
    if words[:1] == ["sql"]:
        return _behind(SQL, words[1:], fragment)
    wanted = _behind(PLAN, words, fragment)
    return replace(wanted, words=(*wanted.words, "sql", "help")) if not words else wanted


def _below(header: str, before: str) -> Wanted | None:
    """Suggest in the lines below ``%%hs``: SQL's tables, or a plan's line."""
    parted_header = _parted(header.lstrip().removeprefix("%%hs"))
    header_words = [*parted_header[0], parted_header[1]] if parted_header else []
    if header_words[:1] == ["sql"]:
        fragment = re.split(r"[^\w]", before)[-1]
        tables = tuple(verb.type.table for verb in DATA if verb.type)
        return Wanted(fragment, tables) if _FROM.search(before) else None
    parted = _parted(before)
    if parted is None:
        return None
    words, fragment = parted
    if not words:
        return Wanted(fragment, tuple(verb.name for verb in DATA))
    verb, rest = _verb(words)
    if verb not in DATA or verb is None or "->" in words:
        return Wanted(fragment)
    options = tuple(one for one in verb.options if one.keyword not in {"room", "into", "quiet"})
    wanted = _behind(replace(verb, address="", options=options), rest, fragment)
    return replace(wanted, words=(*_second(words), *wanted.words, *(("->",) if not fragment else ())))


def _behind(verb: Verb, words: Sequence[str], fragment: str) -> Wanted:
    """Suggest behind a verb: an option's value, an option, a scope, an ID."""
    positional, used, pending = _walk(verb, words)
    spelling, equals, typed = fragment.partition("=")
    if pending is not None:
        return _value(pending, verb, fragment)
    if equals and spelling in verb.option:
        return _value(verb.option[spelling], verb, typed)
    options = tuple(one.spelling for one in verb.options if one.spelling not in used)
    if fragment.startswith("-"):
        return Wanted(fragment, (*options, "--help"))
    return _address(verb, positional, fragment, _given_room(words)) or Wanted(fragment, options)


def _address(verb: Verb, positional: Sequence[str], fragment: str, room: str) -> Wanted | None:
    """Suggest a scope or an ID; None when the address is complete."""
    if verb.address in {"experiment", "experiment?"} and not positional:
        return Wanted(fragment, (), "experiment")
    if verb.address == "clear?":
        return _clearing(verb, positional, fragment, room)
    if verb.address not in {"scope", "scope?", "scope or experiment"}:
        return None
    if not positional:
        return Wanted(fragment, verb.scopes, "experiment" if verb.address == "scope or experiment" else "")
    if len(positional) == 1 and positional[0] in verb.scopes:
        return Wanted(fragment, (), positional[0], room)  # type: ignore[arg-type]  # a scope is a kind of ID
    return None


def _clearing(verb: Verb, positional: Sequence[str], fragment: str, room: str) -> Wanted | None:
    if not positional:
        return Wanted(fragment, ("clear",))
    if len(positional) == 1:
        return Wanted(fragment, verb.scopes)
    if len(positional) == 2 and positional[1] in verb.scopes:  # noqa: PLR2004 - clear SCOPE
        return Wanted(fragment, (), positional[1], room)  # type: ignore[arg-type]  # a scope is a kind of ID
    return None


def _walk(verb: Verb, words: Sequence[str]) -> tuple[list[str], set[str], Option | None]:
    """Part words into positional ones and options used; the option whose value comes next, if any."""
    positional: list[str] = []
    used: set[str] = set()
    pending: Option | None = None
    for word in words:
        spelling, equals, _ = word.partition("=")
        option = verb.option.get(spelling)
        if option is not None:
            used.add(spelling)
            pending = None if equals or option.kind == "flag" else option
        elif pending is not None:
            pending = None
        elif not word.startswith("--"):
            positional.append(word)
    return positional, used, pending


def _value(option: Option, verb: Verb, typed: str) -> Wanted:
    """Suggest an option's values; in a list, what is not there yet."""
    listed, _, fragment = typed.rpartition(",") if option.kind == "list" else ("", "", typed)
    if option.offers == "columns":
        taken = set(listed.split(","))
        return Wanted(fragment, tuple(name for name in column_names(verb) if name not in taken))
    if option.offers == "tables":
        taken = set(listed.split(","))
        return Wanted(
            fragment, tuple(one.type.table for one in DATA if one.type and one.type.table not in taken)
        )
    if option.offers:
        return Wanted(fragment, option.values, option.offers)
    return Wanted(fragment, option.values)


def column_names(verb: Verb) -> tuple[str, ...]:
    """Name a data type's columns; those of every type for a plan's defaults."""
    types = [verb.type] if verb.type else [one.type for one in DATA if one.type]
    names = [column.name for one in types for column in one.columns]
    rated = any(one.name.startswith("ratings/") for one in types)
    added = [column.name for column in DERIVED if rated or column.name != "value_norm"]
    return tuple(dict.fromkeys([*added, *names]))


def _given_room(words: Sequence[str]) -> str:
    for index, word in enumerate(words):
        spelling, equals, text = word.partition("=")
        if spelling == "--room":
            return text if equals else "".join(words[index + 1 : index + 2])
    return ""
