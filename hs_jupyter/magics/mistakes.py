"""How mistakes are worded: what was wrong, what is valid, the nearest match."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hs_jupyter.errors import InputError, did_you_mean
from hs_jupyter.magics.language import SCOPES, VERBS
from hs_jupyter.magics.tokens import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hs_jupyter.magics.options import Option
    from hs_jupyter.magics.references import Word


def not_an_option(spelling: str, known: Mapping[str, Option], where: str) -> InputError:
    """Word an option that is not one here: it belongs elsewhere, is a value, or is misspelled."""
    near = did_you_mean(spelling, known)
    valid = f"valid: {', '.join(known)}" if known else "it has no options"
    elsewhere = sorted({verb.name for verb in VERBS if spelling in verb.option})
    if elsewhere:
        shown = ", ".join(elsewhere[:3]) + (", ..." if len(elsewhere) > 3 else "")  # noqa: PLR2004 - a glimpse
        return InputError(f"{where} has no option {spelling}, which belongs to {shown} ({valid})")
    if re.match(r"-\d|-\.\d", spelling):
        return InputError(f"'{spelling}' stands alone; did you mean '--from {spelling}'? ({valid})")
    return InputError(f"unknown option {spelling} of {where}{near} ({valid})")


def not_a_scope(positional: Sequence[Word], scopes: Sequence[str], start: str, *, short: bool) -> InputError:
    """Word a scope that is missing, misspelled, or not one of this data type's."""
    word = positional[0].text
    valid = f"(valid: {', '.join(scopes)})"
    if word in SCOPES:
        return InputError(f"{start} has no scope '{word}' {valid}, for example: {start} {scopes[0]} ID")
    near = "" if re.search(r"[\d_]", word) else did_you_mean(word, scopes)
    if len(positional) == 1 and not near:
        likely = "experiment" if word.startswith("exp") and "experiment" in scopes else ""
        likely = likely or ("room" if "room" in scopes else scopes[0])
        return InputError(
            f"the scope is missing before '{word}' {valid}; did you mean '{start} {likely} {quoted(word)}'?"
        )
    if short and not near:
        return unquoted(start, positional)
    return InputError(f"unknown scope '{word}'{near} {valid}")


def unquoted(start: str, positional: Sequence[Word]) -> InputError:
    """Word the commonest mistake: a name with spaces, without quotes (or with a text processor's)."""
    whole = quoted(" ".join(word.text for word in positional).strip("“”„«»"))
    return InputError(f"unexpected '{positional[1].text}'; a name with spaces needs quotes: {start} {whole}")


def unexpected(word: Word) -> InputError | None:
    """Word what a text processor made of ``--``, and an option's value with spaces."""
    if word.bare and word.text[:1] in {"–", "—"}:  # noqa: RUF001 - dashes as text processors write them
        return InputError(f"'{word.text}' begins with a long dash; write --{word.text.lstrip('–—-')}")  # noqa: RUF001
    if word.behind is None:
        return None
    option, value = word.behind
    return InputError(
        f"unexpected '{word.text}' behind {option}; a value with spaces needs quotes: "
        f"{option} {quoted(f'{value} {word.text}')}"
    )
