"""The values of options, from words to Python."""

from __future__ import annotations

import keyword
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from hs_jupyter.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    from hs_jupyter.magics.options import Option
    from hs_jupyter.magics.references import Word

TRUTH = {"true": True, "false": False, "yes": True, "no": False}
_KEPT = {"get_ipython", "In", "Out"}


def read(option: Option, word: Word | None) -> Any:
    """Read an option's value; ``word`` is None when nothing was given.

    Raises
    ------
    InputError
        For a missing value, a value too many, and one the option does not take.
    """
    spelling = option.spelling
    if option.kind == "flag":
        if word is not None:
            raise InputError(f"{spelling} takes no value")
        return True
    if word is None and option.kind == "bool":
        return True
    if word is None or not word.text.strip():
        raise InputError(f"{spelling} needs a value: {option.usage}")
    if word.items and option.kind != "list":
        raise InputError(f"{spelling} takes one value, not a list of {len(word.items)}")
    if option.strict and word.text not in option.values:
        near = did_you_mean(word.text, option.values)
        raise InputError(f"{spelling} '{word.text}' is not known{near} (valid: {', '.join(option.values)})")
    return _READERS[option.kind](option, word)


def variable_name(text: str) -> str:
    """Check a variable's name, and spell it as Python itself would store it."""
    name = unicodedata.normalize("NFKC", text)
    if not name.isidentifier() or keyword.iskeyword(name):
        why = "a word of Python" if keyword.iskeyword(name) else "no name for a variable"
        raise InputError(f"'{text}' is {why}; use letters, digits and _, for example: -o ev")
    if name in _KEPT or (name.startswith("__") and name.endswith("__")):
        raise InputError(f"'{text}' belongs to IPython or Python; take another name, for example: -o ev")
    return name


def _list(option: Option, word: Word) -> tuple[str, ...]:
    items = word.items or tuple(one.strip() for one in word.text.split(","))
    if not all(items):
        raise InputError(f"{option.spelling} takes names with commas and no spaces between: {option.usage}")
    return items


def _number(option: Option, word: Word) -> int:
    text = word.text
    what = "a number of milliseconds" if option.kind == "milliseconds" else "a number of records"
    if re.fullmatch(r"[0-9]{1,15}", text) is None or (option.kind == "milliseconds" and not int(text)):
        raise InputError(f"{option.spelling} '{text}' is not {what}: {option.spelling} 100")
    return int(text)


def _truth(option: Option, word: Word) -> bool:
    text = word.text
    if text.lower() not in TRUTH:
        raise InputError(f"{option.spelling} '{text}' is neither true nor false: {option.spelling} false")
    return TRUTH[text.lower()]


_READERS: dict[str, Callable[[Option, Word], Any]] = {
    "text": lambda _, word: word.text,
    "name": lambda _, word: variable_name(word.text),
    "list": _list,
    "count": _number,
    "milliseconds": _number,
    "bool": _truth,
}
