"""The code that gives the same rows as a selection: ``%hs`` lines, or Python."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from hs_jupyter.tables.derive import has_onset

if TYPE_CHECKING:
    from hs_jupyter.catalog import DataType
    from hs_jupyter.explorer.selection import Selection
    from hs_jupyter.scope import Scope

CodeKind = Literal["magic", "python"]

NAME = "selected"
"""The variable in code that is not asked to use another."""

_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:@+~/-]*")
"""IDs that a line holds as they are; others come in by a variable, where nothing in them has a meaning."""


def code_for(
    scope: Scope,
    selection: Selection,
    kind: CodeKind = "magic",
    *,
    name: str = NAME,
    table: DataType | None = None,
) -> str:
    """Write the code that gives the rows of a selection.

    Parameters
    ----------
    scope, selection
        Where, and what.
    kind
        ``"magic"`` for ``%hs`` lines, ``"python"`` for functions.
    name
        The variable that takes the result.
    table
        Only this data type's table; None for a Bundle of all that is selected.

    Examples
    --------
    >>> from hs_jupyter.explorer.selection import Selection
    >>> from hs_jupyter.scope import Scope
    >>> print(code_for(Scope("room", "r1"), Selection((60, 75.5), ["p1"], ["sync"])))
    %hs bundle room r1 --types sync --from 60s --to 75.5s -o selected
    selected = selected.of("p1")
    """
    if table is None and selection.types == ():
        return "# nothing is selected: no data type"
    write = _magic if kind == "magic" else _python
    return "\n".join(write(scope, selection, name, table))


def reopening_line(scope: Scope | None) -> str:
    """Write the ``%hs`` line that opens the explorer at a scope.

    Examples
    --------
    >>> reopening_line(None)
    '%hs explore'
    """
    return "\n".join([*_assignments(scope), f"%hs explore {_address(scope)}"]) if scope else "%hs explore"


def _magic(scope: Scope, selection: Selection, name: str, table: DataType | None) -> list[str]:
    people = selection.participants
    alone = table is not None and people is None
    parts = ["%hs", _verb(table) if alone and table else "bundle", _address(scope)]
    tables = _tables(selection, table)
    if tables is not None and not alone:
        parts.append(f"--types {','.join(tables)}")
    if (ends := _ends(selection, table if alone else None)) is not None:
        parts += [f"--from {ends[0]}", f"--to {ends[1]}"]
    lines = [*_assignments(scope), " ".join([*parts, f"-o {name}"])]
    if people is not None:
        lines.append(f"{name} = {name}{_of(people)}{_only(table)}")
    return lines


def _python(scope: Scope, selection: Selection, name: str, table: DataType | None) -> list[str]:
    people = selection.participants
    alone = table is not None and people is None
    given = [_literal(table.name)] if alone and table else []
    given.append(f"{scope.kind}={_literal(scope.id)}")
    if scope.room is not None:
        given.append(f"room={_literal(scope.room)}")
    tables = _tables(selection, table)
    if tables is not None and not alone:
        given.append(f"types=[{', '.join(map(_literal, tables))}]")
    if (ends := _ends(selection, table if alone else None)) is not None:
        given += [f'from_="{ends[0]}"', f'to="{ends[1]}"']
    behind = "" if people is None else f"{_of(people)}{_only(table)}"
    call = "hs.table" if alone else "hs.bundle"
    return ["import hs_jupyter as hs", "", f"{name} = {call}({', '.join(given)}){behind}"]


def _tables(selection: Selection, table: DataType | None) -> tuple[str, ...] | None:
    return selection.types if table is None else (table.table,)


def _verb(table: DataType) -> str:
    return "ratings" if table.name == "ratings/continuous" else table.name


def _ends(selection: Selection, table: DataType | None) -> tuple[str, str] | None:
    if selection.window is None or (table is not None and not has_onset(table)):
        return None
    return spelled(selection.window.start_sec), spelled(selection.window.end_sec)


def spelled(onset_sec: float) -> str:
    """Spell an onset on a whole millisecond, so that it is read back as exactly this number.

    Examples
    --------
    >>> spelled(61.25), spelled(-5.0), spelled(0.001)
    ('61.25s', '-5s', '0.001s')
    """
    return f"{onset_sec:.3f}".rstrip("0").rstrip(".").replace("-0", "0", onset_sec == 0) + "s"


def _of(people: tuple[str, ...]) -> str:
    return f".of({', '.join(map(_literal, people))})"


def _only(table: DataType | None) -> str:
    return "" if table is None else f".{table.table}"


def _address(scope: Scope) -> str:
    words = [scope.kind, _word(scope.id, "scope_id")]
    if scope.room is not None:
        words.append(f"--room {_word(scope.room, 'room_id')}")
    return " ".join(words)


def _assignments(scope: Scope) -> list[str]:
    """Give IDs that a line cannot hold to variables."""
    held = (("scope_id", scope.id), ("room_id", scope.room))
    return [
        f"{name} = {_literal(id_)}" for name, id_ in held if id_ is not None and not _PLAIN.fullmatch(id_)
    ]


def _word(text: str, variable: str) -> str:
    return text if _PLAIN.fullmatch(text) else f"${variable}"


def _literal(text: str) -> str:
    """Write a text as Python does; whatever it holds, it stays a text."""
    return f'"{text}"' if text.isprintable() and not set(text) & set('"\\') else ascii(text)
