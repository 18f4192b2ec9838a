"""Help texts, made from the language's table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hs_jupyter.catalog import DERIVED
from hs_jupyter.magics.language import CONNECTION, DATA, PLAN, SPELLED, SQL, STUDY, WHOLE

if TYPE_CHECKING:
    from hs_jupyter.catalog import Column, DataType
    from hs_jupyter.magics.language import Verb

_GROUPS = (
    ("Connection", CONNECTION),
    ("Study", STUDY),
    ("Data: %hs TYPE SCOPE ID [options], SCOPE is experiment, room or participant", DATA),
    ("A whole session", WHOLE),
)


def help_text(topic: str = "") -> str:
    """Explain the language, or one verb with its options, columns and an example.

    Examples
    --------
    >>> print(help_text("logout"))
    %hs logout
    <BLANKLINE>
    forget the key of %hs login, in the keyring too
    <BLANKLINE>
    Example:
      %hs logout
    """
    if not topic:
        return _overview()
    verb = {"sql": SQL, "plan": PLAN}.get(topic) or SPELLED[topic]
    usage = {
        "sql": "%%hs sql SCOPE ID [options]\nSELECT ...",
        "plan": "%%hs SCOPE ID [options]\nTYPE [options] -> NAME",
    }
    parts = [usage.get(topic, verb.usage), verb.meaning, *_details(verb)]
    parts.append("Example:\n" + "\n".join(f"  {line}" for line in verb.example.splitlines()))
    return "\n\n".join(parts)


def _overview() -> str:
    blocks = []
    for title, verbs in _GROUPS:
        rows = [(_short(verb), verb.meaning) for verb in verbs]
        blocks.append(f"{title}\n{_columns(rows)}")
    cells = [
        ("%%hs SCOPE ID", "a plan, several tables at once"),
        ("%%hs sql SCOPE ID", "SQL over the tables"),
    ]
    blocks.append(f"Cells\n{_columns(cells)}")
    blocks.append(
        "x = %hs events room ID gives the table itself; $name and {name} take values from the notebook.\n"
        "%hs help VERB (also sql, plan) explains one of them.\n\n"
        "Example:\n  %hs events room room_pair_01 --from 0s --limit 20"
    )
    return "\n\n".join(blocks)


def _short(verb: Verb) -> str:
    return (
        verb.name
        if verb in DATA
        else verb.usage.removeprefix("%hs ").replace("experiment|room|participant", "SCOPE")
    )


def _details(verb: Verb) -> list[str]:
    parts = []
    if verb.options:
        rows = []
        for one in verb.options:
            values = "" if one.strict and one.takes == "|".join(one.values) else ", ".join(one.values)
            rows.append((one.usage, one.meaning + (f": {values}" if values else "")))
        parts.append("Options:\n" + _columns(rows))
    if verb.made:
        parts.append("Columns:\n" + _columns(_meanings(verb.made.columns)))
    if verb.type:
        parts.append("Columns:\n" + _columns(column_rows(verb.type)))
        if verb.type.note:
            parts.append(verb.type.note)
    return parts


def column_rows(one: DataType) -> list[tuple[str, str]]:
    """List a data type's columns with meaning and unit, those that this package adds last."""
    rated = one.name.startswith("ratings/")
    added = [column for column in DERIVED if rated or column.name != "value_norm"]
    return _meanings((*one.columns, *added))


def _meanings(columns: tuple[Column, ...]) -> list[tuple[str, str]]:
    return [
        (column.name, column.meaning + (f" [{column.unit}]" if column.unit else "")) for column in columns
    ]


def _columns(rows: list[tuple[str, str]]) -> str:
    width = min(max((len(left) for left, _ in rows), default=0), 34)
    return "\n".join(f"  {left.ljust(width)}  {right}" for left, right in rows)
