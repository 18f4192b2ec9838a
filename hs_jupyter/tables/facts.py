"""What is known about a result: it travels with the table, as plain JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

KEY = b"hs"


@dataclass(frozen=True)
class Facts:
    """Facts about a table; ``df.attrs["hs"]`` is this as a dict.

    Attributes
    ----------
    type, scope, filters
        What was asked: the data type's name, ``{"kind", "id", "room"}``, the options that narrow it.
    fetched_at
        ISO 8601, UTC.
    complete
        False where rows may be missing: the server warned, or a part did not come.
    rows_expected
        How many records the server announced, or None.
    warnings
        Sentences.
    duplicates_dropped
        Records that came more than once.
    beside
        What came beside the rows and is no row (variables: timeline, variableNames, ...).
    """

    type: str
    scope: Mapping[str, str | None]
    filters: Mapping[str, Any] = field(default_factory=dict)
    fetched_at: str = ""
    complete: bool = True
    rows_expected: int | None = None
    warnings: tuple[str, ...] = ()
    duplicates_dropped: int = 0
    beside: Mapping[str, Any] = field(default_factory=dict)

    def with_warning(self, sentence: str) -> Facts:
        """Add a sentence."""
        return replace(self, warnings=(*self.warnings, sentence))

    def plain(self) -> dict[str, Any]:
        """Return plain JSON values."""
        plain: dict[str, Any] = orjson.loads(orjson.dumps(asdict(self)))
        if not plain["beside"]:
            del plain["beside"]
        return plain


def with_facts(table: pa.Table, facts: Facts) -> pa.Table:
    """Return the table carrying its facts in the schema's metadata."""
    return table.replace_schema_metadata({KEY: orjson.dumps(facts.plain())})


def facts_of(table: pa.Table) -> Facts:
    """Read the facts a table carries.

    Raises
    ------
    KeyError
        If it carries none.
    """
    plain = orjson.loads((table.schema.metadata or {})[KEY])
    plain["warnings"] = tuple(plain["warnings"])
    return Facts(**plain)
