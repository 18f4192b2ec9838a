"""A ``%%hs`` cell becomes a frozen ``Plan`` (several tables) or ``SqlCell`` (SQL)."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from hs_jupyter.errors import InputError, did_you_mean
from hs_jupyter.magics import grammar
from hs_jupyter.magics.grammar import Command
from hs_jupyter.magics.language import PLAN, SPELLED, SQL, TYPE_NAMES, VERBS
from hs_jupyter.magics.options import OUT, QUIET, ROOM, Option
from hs_jupyter.magics.references import Word
from hs_jupyter.magics.values import variable_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hs_jupyter.magics.language import Verb
    from hs_jupyter.scope import Scope


@dataclass(frozen=True)
class Row:
    """One line of a plan: its number in the cell, and what it asks for or what is wrong with it."""

    number: int
    text: str
    command: Command | None = None
    fault: str = ""


@dataclass(frozen=True)
class Plan:
    """Several tables of one scope, each into its own variable."""

    label: str
    rows: tuple[Row, ...]
    quiet: bool = False


@dataclass(frozen=True)
class SqlCell:
    """SQL over the tables of one scope; the text goes on untouched."""

    command: Command
    text: str


def parse_cell(
    line: str, cell: str, names: Mapping[str, Any] = MappingProxyType({})
) -> Plan | SqlCell | Command:
    """Read a cell.

    Parameters
    ----------
    line
        What stands behind ``%%hs`` on the first line.
    cell
        The lines below it.
    names
        The notebook's variables.

    Returns
    -------
    Plan, SqlCell or Command
        A command only for ``%%hs`` alone, help, and ``%%hs --debug``.

    Raises
    ------
    InputError
        For a first line or a variable's name that is not in the language. What is wrong with another
        part of a line stands in its ``Row``, so that the other lines still arrive.

    Examples
    --------
    >>> plan = parse_cell("room room_1 --from 0s", "events -> ev")
    >>> plan.rows[0].command.into, plan.rows[0].command.arguments["from_"]
    ('ev', '0s')
    """
    words = [word for word in grammar.words_of(line, names) if word != Word(";", bare=True)]
    first = words[0].text if words and words[0].bare else ""
    if any(word.bare and word.text == "--help" for word in words):
        return Command("help", topic=first if first in {"sql", "plan"} else "plan")
    if first == "help":
        return grammar.parse(line, names)
    if first == "sql":
        return _query(words[1:], cell)
    if first in SPELLED:
        raise InputError(
            f"'{first}' goes in a line: %hs {' '.join(word.text for word in words)}; "
            "a %%hs cell begins with a scope (%%hs room ID) or with sql (%%hs sql room ID)"
        )
    return _plan(words, cell, names)


def _scope(words: Sequence[Word], verb: Verb, start: str) -> tuple[Scope, dict[str, Any]]:
    positional, given = grammar.options_of(words, verb.options, start)
    scope = grammar.scope_of_words(positional, verb.scopes, start)
    return grammar.in_room(scope, given, start), given


def _query(words: Sequence[Word], cell: str) -> SqlCell:
    scope, given = _scope(words, SQL, "%%hs sql")
    if not cell.strip():
        raise InputError("the SQL is missing below %%hs sql, for example: SELECT * FROM events LIMIT 5")
    quiet = bool(given.get("quiet"))
    options = {keyword: value for keyword, value in given.items() if keyword not in {"room", "into", "quiet"}}
    arguments = {**grammar.scope_arguments(scope), **options, "progress": not quiet}
    command = Command(
        "sql",
        "sql",
        MappingProxyType(arguments),
        label=f"sql · {scope}",
        into=given.get("into", ""),
        quiet=quiet,
    )
    return SqlCell(command, cell)


def _plan(words: Sequence[Word], cell: str, names: Mapping[str, Any]) -> Plan:
    scope, defaults = _scope(words, PLAN, "%%hs")
    defaults.pop("room", None)
    quiet = bool(defaults.pop(QUIET.keyword, False))
    rows = tuple(
        _row(number, text, scope, defaults, names)
        for number, text in enumerate(cell.splitlines(), start=2)
        if text.strip() and not text.lstrip().startswith("#")
    )
    if not rows:
        raise InputError(f"the plan has no lines; write one of these on each: {', '.join(TYPE_NAMES)}")
    _check_names(rows)
    _check_defaults(defaults, rows)
    return Plan(f"plan · {scope}", rows, quiet)


def _row(number: int, text: str, scope: Scope, defaults: Mapping[str, Any], names: Mapping[str, Any]) -> Row:
    text = text.strip()
    try:
        words, into = _arrow(number, grammar.words_of(text, names))
        _no_place(words)
        verb, rest = grammar.data_verb_of(words)
        options = tuple(one for one in verb.options if one.keyword not in {"room", "into", "quiet"})
        positional, given = grammar.options_of(rest, options, verb.name)
        _only_options(positional, verb)
        _in_scope(verb, scope)
    except _NameError:
        raise
    except InputError as error:
        return Row(number, text, fault=str(error))
    takes = {one.keyword for one in options}
    arguments = {
        "type": verb.type.name if verb.type else verb.name,
        **grammar.scope_arguments(scope),
        **{keyword: value for keyword, value in defaults.items() if keyword in takes},
        **given,
    }
    table = verb.type.table if verb.type else verb.name
    command = Command(
        verb.name,
        verb.call,
        MappingProxyType(arguments),
        label=f"{verb.name} · {scope}",
        into=into or table,
    )
    return Row(number, text, command)


class _NameError(InputError):
    """A variable's name that cannot be: nothing of the plan is fetched."""


def _arrow(number: int, words: Sequence[Word]) -> tuple[list[Word], str]:
    """Part ``TYPE options -> name``."""
    kept = [word for word in words if word != Word(";", bare=True)]
    arrows = [index for index, word in enumerate(kept) if word == Word("->", bare=True)]
    if not arrows:
        if not kept:
            raise InputError("a data type is missing")
        return kept, ""
    if arrows[0] == 0:
        raise InputError("a data type is missing before ->")
    if len(arrows) > 1 or arrows[0] != len(kept) - 2:
        raise _NameError(f"line {number}: one variable's name stands behind ->, at the end: events -> ev")
    try:
        return kept[: arrows[0]], variable_name(kept[-1].text)
    except InputError as error:
        raise _NameError(f"line {number}: {error}") from None


def _no_place(words: Sequence[Word]) -> None:
    """Refuse what a line has in a notebook and not in a plan."""
    spelled = {word.text.partition("=")[0] for word in words if word.is_option}
    if OUT.spelling in spelled:
        raise InputError("in a plan -> NAME names a line's variable: events -> ev")
    for one in (ROOM, QUIET):
        if one.spelling in spelled:
            raise InputError(f"{one.spelling} stands on the first line: %%hs SCOPE ID {one.usage}")


def _only_options(positional: Sequence[Word], verb: Verb) -> None:
    if not positional:
        return
    hint = did_you_mean(positional[0].text, [one.spelling for one in verb.options])
    raise InputError(
        f"unexpected '{positional[0].text}'{hint}; the scope stands on the first line, "
        f"a line below is: {verb.name} [options] -> NAME"
    )


def _in_scope(verb: Verb, scope: Scope) -> None:
    if scope.kind not in verb.scopes:
        raise InputError(f"{verb.name} has no scope '{scope.kind}' (valid: {', '.join(verb.scopes)})")


def _check_names(rows: Sequence[Row]) -> None:
    """Refuse two lines that would fill one variable."""
    seen: dict[str, int] = {}
    for row in rows:
        if row.command is None:
            continue
        name = row.command.into
        if name in seen:
            raise InputError(
                f"lines {seen[name]} and {row.number} both fill '{name}'; name one of them: "
                f"{row.command.verb} -> {name}_2"
            )
        seen[name] = row.number


def _check_defaults(defaults: Mapping[str, Any], rows: Sequence[Row]) -> None:
    """Refuse a default that no line takes: it would change nothing, unsaid."""
    verbs = [SPELLED[row.command.verb] for row in rows if row.command]
    if not verbs:
        return
    taken = {one.keyword for verb in verbs for one in verb.options}
    for option in _options(defaults):
        if option.keyword not in taken:
            owners = [verb.name for verb in VERBS if option.spelling in verb.option]
            raise InputError(f"no line takes {option.spelling}, which belongs to {', '.join(owners[:3])}")


def _options(keywords: Mapping[str, Any]) -> list[Option]:
    return [one for one in PLAN.options if one.keyword in keywords]
