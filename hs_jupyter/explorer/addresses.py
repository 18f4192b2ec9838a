"""E-mail addresses stay in the kernel: the browser is told a stand-in, which comes back as the address.

A participant's ID may be an address, and so may a word of a chat. What the browser is told lasts in the state of
the widget, in a saved notebook, in the log of a proxy.
"""

from __future__ import annotations

import re
from threading import Lock
from typing import Any

import pyarrow as pa

from hs_jupyter.masking import EMAIL
from hs_jupyter.texts import each_text

_STAND_IN = re.compile(r"«e-mail (\d{1,9})»")


class Addresses:
    """The addresses that have a stand-in.

    Examples
    --------
    >>> known = Addresses()
    >>> hidden = known.hide({"participants": ["ada@example.org", "p_2"]})
    >>> hidden
    {'participants': ['«e-mail 1»', 'p_2']}
    >>> known.show(hidden)
    {'participants': ['ada@example.org', 'p_2']}
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._known: list[str] = []
        self._lock = Lock()

    def hide(self, value: Any) -> Any:
        """Return plain JSON values with a stand-in for every address."""
        return each_text(value, self._hidden)

    def show(self, value: Any) -> Any:
        """Return plain JSON values with the addresses that stand-ins stand for."""
        return each_text(value, self._shown)

    def hide_in(self, table: pa.Table) -> pa.Table:
        """Return a table that travels, with stand-ins in its texts."""
        for number, field in enumerate(table.schema):
            if pa.types.is_dictionary(field.type):
                column = table.column(number)
                chunks = [self._hidden_words(one) for one in column.chunks]
                table = table.set_column(number, field, pa.chunked_array(chunks, field.type))
        return table

    def _hidden_words(self, words: pa.DictionaryArray) -> pa.DictionaryArray:
        texts = words.dictionary.to_pylist()
        hidden = self.hide(texts)
        if hidden == texts:
            return words
        return pa.DictionaryArray.from_arrays(words.indices, pa.array(hidden, words.dictionary.type))

    def _hidden(self, text: str) -> str:
        return EMAIL.sub(lambda found: f"«e-mail {self._number(found[0])}»", text) if "@" in text else text

    def _shown(self, text: str) -> str:
        return _STAND_IN.sub(self._address, text) if "«" in text else text

    def _address(self, found: re.Match[str]) -> str:
        number = int(found[1])
        return self._known[number - 1] if 0 < number <= len(self._known) else found[0]

    def _number(self, address: str) -> int:
        with self._lock:
            if address not in self._numbers:
                self._known.append(address)
                self._numbers[address] = len(self._known)
            return self._numbers[address]


ADDRESSES = Addresses()
"""Of this kernel: the same stand-in in every view."""
