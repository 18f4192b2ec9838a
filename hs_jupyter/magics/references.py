"""The values that a ``%hs`` line takes from the notebook."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from hs_jupyter.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hs_jupyter.magics.tokens import Reference, Token


@dataclass(frozen=True)
class Word:
    """One word with its values.

    Attributes
    ----------
    items
        Its texts, when it is a list from the notebook.
    behind
        The option and value that it follows, when it stands alone there.
    """

    text: str
    bare: bool = False
    items: tuple[str, ...] = ()
    behind: tuple[str, str] | None = None

    @property
    def is_option(self) -> bool:
        """Whether it is written as an option (a quoted text or a value never is)."""
        return self.bare and self.text.startswith("-") and self.text not in {"-", "->"}


def expand(tokens: tuple[Token, ...], names: Mapping[str, Any]) -> tuple[Word, ...]:
    """Put the notebook's values into the words.

    Raises
    ------
    InputError
        For a name that is not defined (the message names it and the nearest), and for a value that is
        not one text, number or time.

    Examples
    --------
    >>> from hs_jupyter.magics.tokens import tokenize
    >>> expand(tokenize("events room $room"), {"room": "my --room"})[-1].text
    'my --room'
    """
    return tuple(_expanded(token, names) for token in tokens)


def _expanded(token: Token, names: Mapping[str, Any]) -> Word:
    texts: list[str] = []
    items: tuple[str, ...] = ()
    for piece in token.pieces:
        if isinstance(piece, str):
            texts.append(piece)
            continue
        value = look_up(piece, names)
        prefix = "".join(texts)
        whole = piece is token.pieces[-1] and (not prefix or (prefix.startswith("--") and prefix[-1] == "="))
        if (
            whole
            and isinstance(value, (list, tuple))
            and value
            and all(isinstance(one, str) for one in value)
        ):
            items = tuple(value)
            texts.append(",".join(items))
        else:
            texts.append(as_text(piece, value))
    return Word("".join(texts), bare=token.bare, items=items)


def look_up(reference: Reference, names: Mapping[str, Any]) -> Any:
    """Find a reference's value; the notebook's own objects may fail in any way, which is told."""
    if reference.name not in names:
        visible = [name for name in names if not name.startswith("_")]
        raise InputError(
            f"'{reference.name}' is not defined in this notebook ({reference.written})"
            f"{did_you_mean(reference.name, visible)}"
        )
    value = names[reference.name]
    for step in reference.steps:
        value = _tried(reference, lambda step=step, value=value: _step(value, step))  # type: ignore[misc]
    return value


def _step(value: Any, step: str) -> Any:
    if step.startswith("."):
        return getattr(value, step[1:])
    key = step[1:-1]
    return value[key[1:-1] if key[0] in "'\"" else int(key)]


def as_text(reference: Reference, value: Any) -> str:
    """Spell one value of the notebook as one word: texts, numbers, paths and times."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, date):  # datetime and pandas' Timestamp too
        return str(_tried(reference, value.isoformat))
    if isinstance(value, os.PathLike):
        return str(_tried(reference, lambda: os.fspath(value)))
    if value is None or callable(value) or _tried(reference, lambda: hasattr(value, "__len__")):
        kind = "None" if value is None else f"a {type(value).__name__}"
        raise InputError(f"{reference.written} is {kind}; one text, number or time is needed")
    return f"{_tried(reference, lambda: str(value))}"


def _tried(reference: Reference, get: Callable[[], Any]) -> Any:
    try:
        return get()
    except Exception as error:  # noqa: BLE001 - the notebook's objects may raise anything
        reason = f"{type(error).__name__}: {error}"
    raise InputError(f"{reference.written} has no value: {reason}")
