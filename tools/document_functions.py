"""The page of the Python functions: what each says of itself in its docstring (numpydoc), as Markdown."""

from __future__ import annotations

import inspect
import re
from textwrap import dedent, indent
from typing import TYPE_CHECKING, Any

import hs_jupyter as hs

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = sorted(one for one in hs.__all__ if "ipython" not in one)
_WIDTH = 100
_SECTION = re.compile(r"^(\w[\w ]*)\n-+\n", re.MULTILINE)


def functions(note: str) -> str:
    """Return the page; ``note`` says that it is generated."""
    lines = ["# Python functions", "", note, "", "```python", "import hs_jupyter as hs", "```"]
    for name in NAMES:
        thing = getattr(hs, name)
        lines += ["", f"## `hs.{name}`", "", *_signature(f"hs.{name}", thing), "", *_text(thing)]
        for member, what in _members(thing):
            call = f".{member}" if isinstance(what, property) else _spelled(f".{member}", what)
            lines += ["", f"### `{call}`", "", *_text(what)]
    return "\n".join(lines) + "\n"


def _members(thing: Any) -> Iterator[tuple[str, Any]]:
    """Yield a class's own public properties and methods that say what they do."""
    if inspect.isclass(thing):
        for name, what in vars(thing).items():
            if (
                not name.startswith("_")
                and (isinstance(what, property) or inspect.isfunction(what))
                and what.__doc__
            ):
                yield name, what


def _signature(name: str, thing: Any) -> list[str]:
    return ["```python", _spelled(name, thing), "```"]


def _spelled(name: str, thing: Any) -> str:
    """Spell a call: in one line where it fits, else a parameter a line."""
    signature = inspect.signature(thing)
    given = [one for one in signature.parameters.values() if one.name != "self"]
    signature = signature.replace(parameters=given)
    if inspect.isclass(thing):
        signature = signature.replace(return_annotation=inspect.Signature.empty)
    text = re.sub(r"(: |-> )'([^']*)'", r"\1\2", f"{name}{signature}")
    if len(text) <= _WIDTH or name.startswith("."):
        return text
    inside, _, result = text[len(name) + 1 :].rpartition(")")
    return f"{name}(\n" + indent(",\n".join(_split(inside)), "    ") + f",\n){result}"


def _split(parameters: str) -> list[str]:
    """Split at the commas that stand in no brackets."""
    parts, depth = [""], 0
    for letter in parameters:
        depth += (letter in "[(") - (letter in "])")
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return [one.strip() for one in parts]


def _text(thing: Any) -> list[str]:
    """Turn a docstring into Markdown."""
    first, *rest = _SECTION.split(inspect.cleandoc(thing.__doc__ or ""))
    lines = [_inline(first.strip())]
    for title, body in zip(rest[::2], rest[1::2], strict=True):
        lines += ["", f"**{title}**", ""]
        if title == "Examples":
            lines.append(_examples(body))
        elif title == "Notes":
            lines.append(_inline(body.strip()))
        else:
            lines.append(_entries(body, named=title in {"Parameters", "Attributes"}))
    return lines


def _entries(body: str, *, named: bool) -> str:
    """Write a section's entries: a name or a type, and below it, indented, what it is."""
    made = []
    for entry in re.split(r"\n(?=\S)", body.strip()):
        head, _, told = entry.partition("\n")
        name, _, kind = head.partition(" : ") if named else (head, "", "")
        words = re.split(r"(, | or )", name)
        words[::2] = [f"`{one}`" for one in words[::2]]
        label = "".join(words) + (f" ({kind})" if kind else "")
        text = indent(_inline(dedent(told).strip()), "  ")
        if text.startswith("  - "):  # a list of its own
            made.append(f"- {label}:\n\n{text}")
        else:
            made.append(f"- {label}: {text.lstrip()}" if text else f"- {label}")
    return "\n".join(made)


def _examples(body: str) -> str:
    """Write examples: what is typed and shown as code, what is said between as text."""
    blocks = []
    for block in re.split(r"\n\s*\n", body.strip("\n")):
        code = block.lstrip().startswith(">>>")
        blocks.append(f"```pycon\n{block}\n```" if code else _inline(block))
    return "\n\n".join(blocks)


def _inline(text: str) -> str:
    """Turn what RST marks as code into Markdown's, and the names of other functions into links."""

    def link(found: re.Match[str]) -> str:
        name = found[1]
        return f"[`{name}`](#hs{name.lower()})" if name in NAMES else f"`{name}`"

    text = re.sub(r"(?<!`)`([\w.]+)`(?!`)", link, text)
    return text.replace("``", "`")
