"""Write ``docs/language.md`` from the language's table: ``python -m hs_jupyter.magics.document [--check]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hs_jupyter.magics.language import CONNECTION, DATA, PLAN, SQL, STUDY, WHOLE

if TYPE_CHECKING:
    from hs_jupyter.magics.language import Verb
    from hs_jupyter.magics.options import Option

PAGE = Path(__file__).parents[2] / "docs" / "language.md"

_HEAD = """\
# The `%hs` language

This page is generated (`python -m hs_jupyter.magics.document`). In a notebook, `%hs help` and
`%hs help VERB` say the same. Every line has a Python twin with the same options: `%hs events room ID`
is `hs.events(room="ID")`.

- `x = %hs events room ID` gives the table itself; `-o NAME` puts it in a variable and returns nothing.
- `$name`, `{name}`, `{name.attribute}`, `{name['key']}` and `{name[0]}` take values from the notebook. A
  value is always one word, whatever it holds; `$$`, `{{` and `}}` are the plain characters.
- Quotes group words: `%hs rooms "Film in pairs"`. Backslashes and apostrophes in a word are themselves.
- `#` after a space begins a comment.
- Options are written in full, as `--limit 5` or `--limit=5`; a value may begin with `-` (`--from -5s`).
- Tab completes verbs, types, scopes, options, columns and the real IDs of the connected study.
- An unexpected fault is one line; `%hs --debug` shows the last one in full, for a report.
"""


def page_text() -> str:
    """Write the page."""
    parts = [_HEAD]
    for title, verbs in (("Connection", CONNECTION), ("Study", STUDY), ("A whole session", WHOLE)):
        parts.append(f"## {title}\n")
        parts += [_verb(verb) for verb in verbs]
    parts.append("## Data types\n")
    parts.append("`%hs TYPE SCOPE ID [options]` gives the records as a table.\n")
    parts.append(_types())
    parts.append(_options(_all_options()))
    parts.append("## Cells\n")
    parts += [_verb(PLAN), _verb(SQL)]
    return "\n".join(parts).rstrip() + "\n"


def _verb(verb: Verb) -> str:
    example = f"```\n{verb.example}\n```\n"
    usage = {"plan": "%%hs SCOPE ID [options]", "sql": "%%hs sql SCOPE ID [options]"}.get(
        verb.name, verb.usage
    )
    options = "" if verb is PLAN else _options(verb.options)
    return "\n".join(part for part in (f"### `{usage}`\n", verb.meaning + "\n", options, example) if part)


def _types() -> str:
    rows = ["| type | scopes | what it is | example |", "|---|---|---|---|"]
    rows += [
        f"| `{verb.name}` | {', '.join(verb.scopes)} | {_cell(verb.meaning)} | `{_cell(verb.example)}` |"
        for verb in DATA
    ]
    return "\n".join(rows) + "\n"


def _all_options() -> tuple[Option, ...]:
    return tuple({one.spelling: one for verb in DATA for one in verb.options}.values())


def _options(options: tuple[Option, ...]) -> str:
    if not options:
        return ""
    rows = ["| option | meaning |", "|---|---|"]
    for one in options:
        listed = one.values and one.takes != "|".join(one.values)
        values = f": {', '.join(f'`{value}`' for value in one.values)}" if listed else ""
        owners = [verb.name for verb in DATA if one.spelling in verb.option]
        only = f" (only {', '.join(owners)})" if options == _all_options() and len(owners) <= 2 else ""  # noqa: PLR2004
        rows.append(f"| `{_cell(one.usage)}` | {_cell(one.meaning)}{values}{only} |")
    return "\n".join(rows) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or with ``--check`` say whether it is up to date."""
    parser = argparse.ArgumentParser(description="Write docs/language.md from the language's table.")
    parser.add_argument("--check", action="store_true", help="only say whether the page is up to date")
    if not parser.parse_args(arguments).check:
        PAGE.write_text(page_text(), encoding="utf-8", newline="\n")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page_text():
        return 0
    sys.stderr.write(f"{PAGE.name} is not up to date: python -m hs_jupyter.magics.document\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
