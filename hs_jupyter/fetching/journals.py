"""What a fetch asks of the journal that keeps its rows: `hs_jupyter.storage.Journal` does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa


class State(Protocol):
    """What an interrupted fetch left beside its rows."""

    @property
    def next_offset(self) -> int | None:
        """Where the next page begins."""

    @property
    def announced(self) -> int | None:
        """How many records the service announced."""

    @property
    def page_size(self) -> int | None:
        """How many records it sent at once."""

    @property
    def extra(self) -> Mapping[str, Any]:
        """What else there is to know, plain JSON."""


class Journal(Protocol):
    """What keeps the rows of a fetch under way: `hs_jupyter.storage.Journal`."""

    @property
    def busy(self) -> bool:
        """Whether another process fetches the same, and keeps it here."""

    @property
    def state(self) -> State | None:
        """What an interrupted fetch left, if it left anything."""

    def segments(self) -> Iterator[pa.Table]:
        """Yield what came, in order, with the metadata that its schemas had."""

    def append(
        self,
        table: pa.Table,
        *,
        next_offset: int,
        announced: int | None,
        extra: Mapping[str, Any],
        page_size: int,
    ) -> None:
        """Keep rows, all of them or none."""

    def discard(self) -> None:
        """Forget everything."""
