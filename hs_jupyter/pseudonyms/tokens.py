"""Find people in a text: their IDs and names, where they stand as whole words."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import quote

from hs_jupyter.masking import EMAIL
from hs_jupyter.pseudonyms.roster import is_telling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hs_jupyter.pseudonyms.roster import Person, Roster

NO_EMAIL = "[e-mail]"

_UNSPACED_RANGES = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
    "\U00020000-\U0003ffff"
)
_UNSPACED = re.compile(f"[{_UNSPACED_RANGES}]")
"""Scripts that put no space between words, or join a name and its particle."""

_RUN = re.compile(rf"[^\W_{_UNSPACED_RANGES}]+")
"""Letters and digits in a row: IDs and names are looked up by their first."""

_MOST_LITERALLY, _MOST_SHAPES = 8_000, 20
"""Letters of all spellings, and kinds of IDs, up to which one expression is fast."""

_FROM_PROLIFIC = "prolific_"
_MOST_OF_A_SHAPE = 500
_ANY_CASE = 3
"""Names of fewer letters are found as they are written alone: ``Al``, not ``al``."""


@dataclass(frozen=True)
class _Spelling:
    """One way in which somebody may appear in a text; ``lead`` characters stand before its first run."""

    text: str
    lead: int
    pseudonym: Callable[[str], str | None]
    exact: bool

    def stands(self, text: str, start: int) -> bool:
        """Tell whether it stands there as a whole word."""
        end = start + len(self.text)
        there = text[start:end]
        if start < 0 or (there != self.text if self.exact else there.casefold() != self.text.casefold()):
            return False
        return not (
            _joined(text[start - 1 : start], self.text[0]) or _joined(self.text[-1], text[end : end + 1])
        )


class Finder:
    """Replaces people in texts.

    Parameters
    ----------
    roster
        Who there is.
    names
        Look for names, their single words, and e-mail addresses too, not for IDs alone.

    Examples
    --------
    >>> from hs_jupyter.pseudonyms.roster import Roster, Sighting
    >>> roster = Roster()
    >>> roster.meet([Sighting("u_mia", "Mia Berg")])
    >>> Finder(roster).replace("@mia: write to mia@uni.example, says u_mia_2; Miami")
    '@P001: write to [e-mail], says P001_2; Miami'
    """

    def __init__(self, roster: Roster, *, names: bool = True) -> None:
        self._names = names
        self._by_run: dict[str, list[_Spelling]] = {}
        self._anywhere: list[_Spelling] = []
        self._patterns: dict[bool, str | None] = {}
        self.spellings: list[str] = []
        """Everything that is looked for, in any case."""
        for one in (*_ids(roster.people), *(_names(roster) if names else ())):
            self.spellings.append(one.text)
            run = _RUN.match(one.text, one.lead)
            if run is None or _UNSPACED.search(one.text):
                self._anywhere.append(one)
            else:
                self._by_run.setdefault(run.group().casefold(), []).append(one)

    def pattern(self, *, in_json: bool = False) -> str | None:
        """Return a regular expression (RE2) that any text with somebody in it matches.

        It holds so many people only: with more, it matches whatever is built like an ID, and where names
        are looked for there is none.
        """
        if in_json not in self._patterns:
            self._patterns[in_json] = self._pattern(in_json=in_json)
        return self._patterns[in_json]

    def _pattern(self, *, in_json: bool) -> str | None:
        spelled = dict.fromkeys(self.spellings)
        if in_json:
            spelled |= dict.fromkeys(json.dumps(one, ensure_ascii=False)[1:-1] for one in self.spellings)
        if sum(map(len, spelled)) > _MOST_LITERALLY:
            shapes = {} if self._names else dict.fromkeys(map(_shape, spelled))
            return f"(?i){'|'.join(shapes)}" if 0 < len(shapes) <= _MOST_SHAPES else None
        parts = [re.escape(one) for one in spelled]
        return f"(?i){'|'.join([*parts, '@'] if self._names else parts)}"

    def replace(self, text: str, room: str = "") -> str:
        """Put pseudonyms in the place of people, and `NO_EMAIL` in that of e-mail addresses."""
        if self._names and "@" in text:
            text = EMAIL.sub(NO_EMAIL, text)
        pieces, done = [], 0
        for start, end, pseudonym in sorted(self._found(text, room), key=lambda one: (one[0], -one[1])):
            if start >= done:
                pieces += [text[done:start], pseudonym]
                done = end
        return "".join([*pieces, text[done:]]) if pieces else text

    def _found(self, text: str, room: str) -> Iterator[tuple[int, int, str]]:
        for run in _RUN.finditer(text):
            for one in self._by_run.get(run.group().casefold(), ()):
                yield from _at(one, text, run.start() - one.lead, room)
        for one in self._anywhere:
            start = text.find(one.text)
            while start >= 0:
                yield from _at(one, text, start, room)
                start = text.find(one.text, start + 1)


def _at(one: _Spelling, text: str, start: int, room: str) -> Iterator[tuple[int, int, str]]:
    if one.stands(text, start) and (pseudonym := one.pseudonym(room)):
        yield start, start + len(one.text), pseudonym


def _shape(spelled: str) -> str:
    r"""Return a regular expression of whatever is built like an ID: runs of its lengths, its signs between.

    Every sign beyond ASCII counts as a letter: a smaller automaton, which sees more than it must.

    Examples
    --------
    >>> print(_shape("p_17"))
    [0-9A-Za-z\x{80}-\x{10ffff}]{1}_[0-9A-Za-z\x{80}-\x{10ffff}]{2}
    """
    runs = groupby(spelled[:_MOST_OF_A_SHAPE], lambda sign: not sign.isascii() or sign.isalnum())
    return "".join(
        rf"[0-9A-Za-z\x{{80}}-\x{{10ffff}}]{{{len(list(signs))}}}" if run else re.escape("".join(signs))
        for run, signs in runs
    )


def _joined(before: str, after: str) -> bool:
    """Tell whether two neighbouring characters belong to one word; an underscore parts words."""
    if not before or not after or _UNSPACED.match(before) or _UNSPACED.match(after):
        return False
    return before.isalnum() and (after.isalnum() or unicodedata.combining(after) > 0)


def _spelling(text: str, pseudonym: Callable[[str], str | None], *, exact: bool = False) -> _Spelling:
    run = _RUN.search(text)
    return _Spelling(text, run.start() if run else 0, pseudonym, exact)


def _ids(people: tuple[Person, ...]) -> Iterator[_Spelling]:
    """Spell everybody's IDs: as they are, encoded as in an address, and Prolific's alone."""
    everybody = [(person.pseudonym, id_) for person in people for id_ in person.ids]
    cases = Counter(id_.casefold() for _, id_ in everybody)
    for pseudonym, id_ in everybody:
        for spelled in dict.fromkeys((id_, quote(id_, safe=""), id_.removeprefix(_FROM_PROLIFIC))):
            if is_telling(spelled):
                twins = cases[id_.casefold()] > 1  # IDs that differ in case alone
                yield _spelling(spelled, lambda _, own=pseudonym: own, exact=twins)  # type: ignore[misc]


def _names(roster: Roster) -> Iterator[_Spelling]:
    """Spell everybody's names, and the single words of longer ones; accents as one character and as two."""
    for name in filter(is_telling, roster.callings):
        for spelled in dict.fromkeys(unicodedata.normalize(form, name) for form in ("NFC", "NFD")):
            yield _spelling(spelled, partial(roster.called, name), exact=len(spelled) < _ANY_CASE)
