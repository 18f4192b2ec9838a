"""An API key that does not tell itself."""

from __future__ import annotations

from typing import NoReturn, Self

from hs_jupyter.masking import mask_key


class ApiKey:
    """A key whose text leaves only by `reveal`: shown masked, never pickled, in no ``vars``.

    Examples
    --------
    >>> ApiKey("hst_live_ab12cd34ef56gh78")
    hst_live_ab12…
    """

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        self.__text = text

    def reveal(self) -> str:
        """Return the key itself, for the header that carries it or the keyring that keeps it."""
        return self.__text

    def __repr__(self) -> str:
        return mask_key(self.__text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ApiKey) and other.reveal() == self.__text

    def __hash__(self) -> int:
        return hash(self.__text)

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("an API key is not pickled: connect where it is used")
