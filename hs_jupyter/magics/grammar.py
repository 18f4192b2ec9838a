"""A ``%hs`` line becomes a frozen ``Command``; everything wrong with it is one helpful sentence.

No IPython in here, and no network: a line and the notebook's names come in, a value goes out.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from hs_jupyter.errors import InputError, did_you_mean
from hs_jupyter.magics import mistakes, values
from hs_jupyter.magics.language import DATA, SCOPES, SPELLED, TYPE_NAMES, VERBS, Verb
from hs_jupyter.magics.options import ROOM, Option
from hs_jupyter.magics.references import Word, expand
from hs_jupyter.magics.tokens import quoted, tokenize
from hs_jupyter.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


_WRITERS = {"download", "mirror"}
"""Twins that write a folder."""


@dataclass(frozen=True)
class Command:
    """What one line asks for.

    Attributes
    ----------
    call
        The Python twin to call; empty for the overview, help and the last fault.
    arguments
        Its keyword arguments.
    label
        What a summary calls it, for example ``events · room room_pair_01``.
    topic
        What help is about.
    into
        The variable that takes the result, empty to return it.
    quiet
        No progress and no summary.
    silent
        The line ended with a semicolon: IPython's "do not show".
    """

    verb: str
    call: str = ""
    arguments: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    label: str = ""
    topic: str = ""
    into: str = ""
    quiet: bool = False
    silent: bool = False


def parse(line: str, names: Mapping[str, Any] = MappingProxyType({})) -> Command:
    """Read one line.

    Parameters
    ----------
    line
        What stands behind ``%hs``.
    names
        The notebook's variables, for ``$name`` and ``{name}``.

    Raises
    ------
    InputError
        For everything that is not in the language.

    Examples
    --------
    >>> parse("events room room_1 --from -5s").arguments["from_"]
    '-5s'
    """
    words = words_of(line, names)
    silent = bool(words) and words[-1] == Word(";", bare=True)
    words = words[:-1] if silent else words
    if any(word.bare and word.text == "--help" for word in words):
        return Command("help", topic=_topic([word for word in words if not word.is_option]))
    if not words:
        return Command("overview", silent=silent)
    if words[0].bare and words[0].text == "--debug":
        _no_more(words[1:], "--debug stands alone: %hs --debug")
        return Command("debug")
    if words[0].bare and words[0].text == "help":
        return Command("help", topic=_topic(words[1:]))
    verb, rest = verb_of(words)
    positional, given = options_of(rest, verb.options, verb.name)
    named = _NAMED[verb.address](verb, positional) if verb.address in _NAMED else {}
    scope = None if named else _in_room(_address(verb, positional), given, f"%hs {verb.name}")
    given |= named
    return Command(
        verb.name,
        verb.call,
        MappingProxyType(_arguments(verb, scope, given)),
        label=_label(verb, scope, given),
        into=str(given.get("into", "")),
        quiet=bool(given.get("quiet")),
        silent=silent,
    )


def _label(verb: Verb, scope: Scope | None, given: Mapping[str, Any]) -> str:
    if verb.name == "experiment":  # its scope says it all
        return str(scope)
    folder = f" · to {given['to']}" if verb.call in _WRITERS and "to" in given else ""
    return f"{verb.name} · {scope}{folder}" if scope else verb.name


def words_of(line: str, names: Mapping[str, Any]) -> tuple[Word, ...]:
    """Cut a line into words and put the notebook's values in."""
    return expand(tokenize(line), names)


def verb_of(words: Sequence[Word]) -> tuple[Verb, Sequence[Word]]:
    """Take the verb from the front; ``ratings sparse`` may be two words."""
    first = words[0].text
    if words[0].is_option:
        raise InputError(f"a verb comes before {first}, for example: %hs events room ID")
    if first == "ratings" and len(words) > 1 and words[1].text in {"sparse", "continuous"}:
        return SPELLED[f"ratings/{words[1].text}"], words[2:]
    if first not in SPELLED:
        near = did_you_mean(first, SPELLED)
        raise InputError(f"unknown verb '{first}'{near} (valid: {', '.join(one.name for one in VERBS)})")
    return SPELLED[first], words[1:]


def data_verb_of(words: Sequence[Word]) -> tuple[Verb, Sequence[Word]]:
    """Take a data type from the front of a plan's line."""
    if words[0].text in SPELLED and SPELLED[words[0].text] not in DATA:
        raise InputError(f"'{words[0].text}' is no data type; a plan has lines of: {', '.join(TYPE_NAMES)}")
    if words[0].is_option or words[0].text not in SPELLED:
        spellings = [spelling for spelling, verb in SPELLED.items() if verb in DATA]
        near = did_you_mean(words[0].text, spellings)
        raise InputError(f"unknown data type '{words[0].text}'{near} (valid: {', '.join(TYPE_NAMES)})")
    return verb_of(words)


def options_of(
    words: Sequence[Word], options: Sequence[Option], where: str
) -> tuple[list[Word], dict[str, Any]]:
    """Part words into positional ones and options with their values, by keyword."""
    known = {one.spelling: one for one in options}
    positional: list[Word] = []
    given: dict[str, Any] = {}
    rest = list(words)
    behind: tuple[str, str] | None = None
    while rest:
        word = rest.pop(0)
        if not word.is_option:
            positional.append(replace(word, behind=behind))
            continue
        spelling, equals, text = word.text.partition("=")
        option = known.get(spelling)
        if option is None:
            raise mistakes.not_an_option(spelling, known, where)
        if option.keyword in given:
            raise InputError(f"{spelling} is given twice")
        value = Word(text, items=word.items) if equals else None
        if value is None and _takes_next(option, rest[:1], known):
            value = rest.pop(0)
        given[option.keyword] = values.read(option, value)
        behind = (spelling, value.text) if value else None
    return positional, given


def _takes_next(option: Option, following: Sequence[Word], known: Mapping[str, Option]) -> bool:
    """Tell whether the next word is this option's value; a value may begin with ``-``."""
    if not following or option.kind == "flag":
        return False
    word = following[0]
    if option.kind == "bool":
        return word.text.lower() in values.TRUTH
    return not (word.is_option and (word.text.startswith("--") or word.text.partition("=")[0] in known))


def _topic(words: Sequence[Word]) -> str:
    if not words:
        return ""
    if words[0].bare and words[0].text in {"sql", "plan"}:
        return words[0].text
    return verb_of(words)[0].name


def _address(verb: Verb, positional: Sequence[Word]) -> Scope | None:
    """Read what stands behind the verb: nothing, an experiment, or a scope and its ID."""
    if verb.address == "scope?" and not positional:
        return None
    if verb.address in {"scope", "scope?", "scope or experiment"}:
        short = verb.address == "scope or experiment"
        return scope_of_words(positional, verb.scopes, f"%hs {verb.name}", short=short)
    if not verb.address:
        if positional:
            raise mistakes.unexpected(positional[0]) or InputError(
                f"{verb.name} takes no '{positional[0].text}': {verb.usage}"
            )
        return None
    if not positional:
        if verb.address == "experiment?":
            return None
        raise InputError(f"which experiment? {verb.usage}")
    _only_one(positional, f"%hs {verb.name}")
    return Scope("experiment", positional[0].text)


def scope_of_words(
    positional: Sequence[Word], scopes: Sequence[str], start: str, *, short: bool = False
) -> Scope:
    """Read ``SCOPE ID``; with ``short``, one word alone is an experiment."""
    if not positional:
        raise InputError(f"a scope and its ID are missing: {start} {'|'.join(scopes)} ID")
    kind = positional[0].text if positional[0].bare else ""
    if kind not in scopes:
        if short and len(positional) == 1 and kind not in SCOPES:
            return Scope("experiment", positional[0].text)
        raise mistakes.not_a_scope(positional, scopes, start, short=short)
    if len(positional) == 1:
        raise InputError(f"the {kind}'s ID is missing: {start} {kind} ID")
    _only_one(positional[1:], f"{start} {kind}")
    return Scope(kind, positional[1].text)  # type: ignore[arg-type]  # it is one of `scopes`


def _folder(verb: Verb, positional: Sequence[Word]) -> dict[str, Any]:
    """Read the folder that a verb opens."""
    if not positional:
        raise InputError(f"the folder is missing: {verb.usage}")
    _only_one(positional, f"%hs {verb.name}")
    return {"folder": positional[0].text}


def _clearing(verb: Verb, positional: Sequence[Word]) -> dict[str, Any]:
    """Read ``clear``, or ``clear SCOPE ID``; a participant is cleared in every room."""
    if not positional:
        return {"clear": False}
    if positional[0].text != "clear":
        near = did_you_mean(positional[0].text, ("clear",))
        raise InputError(f"store takes no '{positional[0].text}'{near}: {verb.usage}")
    rest = positional[1:]
    scope = scope_of_words(rest, verb.scopes, "%hs store clear") if rest else None
    return {"clear": True, **({scope.kind: scope.id} if scope else {})}


_NAMED = {"folder": _folder, "clear?": _clearing}
"""Addresses that are no scope of the study: how each becomes keywords."""


def _only_one(positional: Sequence[Word], start: str) -> None:
    """Refuse words behind the one that is an ID or a name."""
    if len(positional) > 1:
        raise mistakes.unexpected(positional[1]) or mistakes.unquoted(start, positional)


def _no_more(words: Sequence[Word], message: str) -> None:
    if words:
        raise InputError(message)


def _arguments(verb: Verb, scope: Scope | None, given: Mapping[str, Any]) -> dict[str, Any]:
    arguments: dict[str, Any] = {"type": verb.type.name} if verb.type else {}
    arguments |= {keyword: value for keyword, value in given.items() if keyword not in {"into", "quiet"}}
    if scope:
        arguments |= scope_arguments(scope)
    if verb.call in _WRITERS and "to" not in given:
        address = scope.id if verb.call == "mirror" and scope else scope
        raise InputError(f"the folder is missing: %hs {verb.name} {address} --to DIR")
    if "-q" in verb.option and verb.call not in {"experiment", "store"}:  # nothing to show progress of
        arguments["progress"] = not given.get("quiet")
    return arguments


def _in_room(scope: Scope | None, given: Mapping[str, Any], start: str) -> Scope | None:
    return scope and in_room(scope, given, start)


def in_room(scope: Scope, given: Mapping[str, Any], start: str) -> Scope:
    """Add ``--room`` to a scope; a participant needs it, the others have none."""
    room = given.get(ROOM.keyword)
    if scope.kind == "participant" and room is None:
        raise InputError(f"a participant needs a room: {start} participant {quoted(scope.id)} --room ROOM")
    return Scope(scope.kind, scope.id, room)


def scope_arguments(scope: Scope) -> dict[str, str]:
    """Spell a scope as the keywords of a Python twin."""
    spelled: dict[str, str] = {scope.kind: scope.id}
    return spelled if scope.room is None else spelled | {"room": scope.room}
