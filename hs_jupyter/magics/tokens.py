r"""A ``%hs`` line is cut into words.

The rules are those of a notebook, not of a POSIX shell: a backslash is a backslash (``C:\data``), an
apostrophe inside a word is an apostrophe, and quotes group only at the start of a word or after ``=``.
A closing quote is followed by a space or the line's end, so ``'it's here'`` is one value.
Values come in after the line is cut into words: a value is always one word, whatever it holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hs_jupyter.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = r"[^\W\d]\w*"
_STEP = rf"\.{_NAME}|\[-?\d{{1,9}}\]|\['[^'\n]*'\]|\[\"[^\"\n]*\"\]"
_BRACED = re.compile(rf"\{{\s*(?P<name>{_NAME})(?P<steps>(?:{_STEP})*)\s*\}}")
_DOLLAR = re.compile(rf"\$(?P<name>{_NAME})(?P<steps>)")
_ESCAPED = re.compile(r"\{\{|\}\}|\$\$")
_LAST = re.compile(r"\s*;?\s*(?:\s#.*)?$", re.DOTALL)
_FORMS = "{name}, {name.attribute}, {name['key']} or {name[0]}"


@dataclass(frozen=True)
class Reference:
    """A value of the notebook, as it is written in a line."""

    written: str
    name: str
    steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Token:
    """One word before its values are known; ``bare`` when it begins with unquoted text."""

    start: int
    end: int
    pieces: tuple[str | Reference, ...]
    bare: bool = False
    closed: bool = True


def tokenize(line: str, *, lenient: bool = False) -> tuple[Token, ...]:
    r"""Cut a line into words.

    Parameters
    ----------
    line
        What stands behind ``%hs``.
    lenient
        For completion of a line that is being typed: an open quote ends with the line, a brace that is
        no reference is text.

    Raises
    ------
    InputError
        For a quote that is never closed, and braces that hold no name.

    Examples
    --------
    >>> [token.pieces for token in tokenize(r"--to C:\data it's # note")]
    [('--to',), ('C:\\data',), ("it's",)]
    """
    return tuple(_scan(line, lenient=lenient))


def _scan(line: str, *, lenient: bool) -> Iterator[Token]:
    position = 0
    while True:
        while position < len(line) and line[position].isspace():
            position += 1
        if position == len(line) or line[position] == "#":
            return
        if _LAST.match(line, position):  # a semicolon alone at the end: IPython's "do not show"
            yield Token(position, position + 1, (";",), bare=True)
            return
        token = _word(line, position, lenient=lenient)
        yield token
        position = token.end


def _word(line: str, start: int, *, lenient: bool) -> Token:
    pieces: list[str | Reference] = []
    position, quote, opened = start, "", start
    while position < len(line):
        char = line[position]
        if quote and char == quote and (line[position + 1 : position + 2].isspace() or _ends(line, position)):
            return Token(start, position + 1, _joined(pieces), bare=opened > start)
        if not quote:
            if char.isspace() or (char == ";" and _LAST.match(line, position)):
                break
            if char in "'\"" and (position == start or line[position - 1] == "="):
                quote, opened = char, position
                position += 1
                continue
        if escaped := _ESCAPED.match(line, position):
            pieces.append(char)
            position = escaped.end()
        elif found := (_BRACED.match(line, position) or _DOLLAR.match(line, position)):
            steps = tuple(re.findall(_STEP, found["steps"]))
            pieces.append(Reference(found.group(), found["name"], steps))
            position = found.end()
        elif char == "{" and not lenient:
            text = line[position:].partition("}")[0][:40].rstrip()
            raise InputError(f"'{text}' is no value of the notebook: write {_FORMS}, or {{{{ for a brace")
        else:
            pieces.append(char)
            position += 1
    if quote and not lenient:
        text = line[opened:].strip()
        shown = text if len(text) <= 40 else text[:40] + "…"  # noqa: PLR2004 - a glimpse
        raise InputError(
            f"the quote in {shown} is never closed: end it with {quote} before a space or the end"
        )
    joined = _joined(pieces)
    bare = bool(joined) and isinstance(joined[0], str) and (not quote or opened > start)
    return Token(start, position, joined, bare=bare, closed=not quote)


def _ends(line: str, position: int) -> bool:
    return _LAST.match(line, position + 1) is not None


def _joined(pieces: list[str | Reference]) -> tuple[str | Reference, ...]:
    joined: list[str | Reference] = []
    for piece in pieces:
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        else:
            joined.append(piece)
    return tuple(joined)


def quoted(text: str, mark: str = "") -> str:
    """Spell a text so that it is read back as one word.

    Parameters
    ----------
    text
        The text.
    mark
        The quote to use; without one, quotes only where they are needed.

    Examples
    --------
    >>> quoted("Film in pairs")
    '"Film in pairs"'
    """
    safe = text.replace("{", "{{").replace("}", "}}").replace("$", "$$")
    if not mark and re.fullmatch(r"[^\s'\"#;\-=][^\s;=]*", safe):
        return safe
    mark = mark or ("'" if '"' in safe else '"')
    return f"{mark}{safe}{mark}"
