"""A manifest says what one folder of the store holds; nothing that it does not name is read."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from hs_jupyter.catalog import data_type
from hs_jupyter.scope import Scope
from hs_jupyter.storage.schemas import Columns, fits
from hs_jupyter.storage.sealed import seal, unseal, without_secrets
from hs_jupyter.tables.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hs_jupyter.catalog import DataType

FORMAT = 1
"""Version of the tree and of everything in it; docs/store-format.md says what a change must do."""
NAME = "_manifest.json"
BLOCK_BYTES = 1 << 20
_PART_NAME = re.compile(r"part-[0-9a-f]{16}\.parquet")


class ForeignError(ValueError):
    """The manifest is as it was written, and not by this version of the store."""


@dataclass(frozen=True)
class Reach:
    """From where to where a part's rows reach, and how many lack that time; None: no row has it."""

    low: float | None
    high: float | None
    missing: int


@dataclass(frozen=True)
class Part:
    """One Parquet file.

    Attributes
    ----------
    blocks
        CRC-32 of every `BLOCK_BYTES`.
    time
        Its rows' time column, in whole microseconds since 1970.
    onset
        Their ``onset_sec``, in seconds.
    repeated
        Texts that come again and again, and so are numbered in the file.
    """

    name: str
    rows: int
    bytes: int
    blocks: tuple[int, ...]
    time: Reach
    onset: Reach
    repeated: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _PART_NAME.fullmatch(self.name) or len(self.blocks) != -(-self.bytes // BLOCK_BYTES):
            raise ValueError(f"no part: {self.name}")


@dataclass(frozen=True)
class Manifest:
    """What one folder holds: all records of one scope, or which rooms an experiment's answer is made of.

    Attributes
    ----------
    experiment
        The experiment, as far as it is known.
    parts
        In the order of arrival; each is sorted.
    participants
        Whose rows these are, None where there are many.
    rooms
        Of an experiment: its rooms, None standing for rows that name no room; else None.
    pinned
        Where rows name no room: the tokens of the rooms as they came together with those rows. Later
        answers for single rooms may hold some of them.
    aside
        Of a room: how many rows of its experiment name no room. Some of them may be this room's.
    token
        New with every manifest that holds other rows.
    """

    type: DataType
    scope: Scope
    facts: Facts
    fetched_at: datetime
    checked_at: datetime
    experiment: str | None = None
    announced: int | None = None
    columns: Columns = ()
    parts: tuple[Part, ...] = ()
    participants: tuple[str, ...] | None = None
    rooms: tuple[str | None, ...] | None = None
    pinned: Mapping[str, str] = field(default_factory=dict)
    aside: int = 0
    token: str = field(default_factory=lambda: token_hex(8))

    @property
    def rows(self) -> int:
        """Rows of its own parts."""
        return sum(part.rows for part in self.parts)

    @property
    def size(self) -> int:
        """Bytes of its own parts."""
        return sum(part.bytes for part in self.parts)

    def checked(self, at: datetime, announced: int | None) -> Manifest:
        """Return it with the time of a check that found nothing new."""
        return replace(self, checked_at=at, announced=announced)

    def dump(self) -> bytes:
        """Return the file's bytes."""
        plain = {
            "format": FORMAT,
            "type": self.type.name,
            "scope": asdict(self.scope),
            "experiment": self.experiment,
            "token": self.token,
            "rows": self.rows,
            "announced": self.announced,
            "fetched_at": self.fetched_at.isoformat(),
            "checked_at": self.checked_at.isoformat(),
            "columns": self.columns,
            "parts": [asdict(part) for part in self.parts],
            "participants": self.participants,
            "rooms": self.rooms,
            "pinned": dict(self.pinned),
            "aside": self.aside,
            "facts": without_secrets(self.facts.plain()),
        }
        return seal(plain)


def load_manifest(data: bytes) -> Manifest:
    """Read a manifest.

    Raises
    ------
    ForeignError
        If another version of the store wrote it.
    ValueError
        If it is damaged.
    """
    plain = unseal(data)
    if plain.get("format") != FORMAT:
        raise ForeignError(f"format {plain.get('format')}")
    try:
        return _manifest(plain)
    except (KeyError, TypeError, AttributeError, ValueError) as problem:
        raise ForeignError("not what this version writes") from problem


def _manifest(plain: dict[str, Any]) -> Manifest:
    facts = plain["facts"]
    manifest = Manifest(
        type=data_type(plain["type"]),
        scope=Scope(**plain["scope"]),
        facts=Facts(**{**facts, "warnings": tuple(facts["warnings"])}),
        fetched_at=_instant(plain["fetched_at"]),
        checked_at=_instant(plain["checked_at"]),
        experiment=plain["experiment"],
        announced=plain["announced"],
        columns=tuple((str(name), str(word)) for name, word in plain["columns"]),
        parts=tuple(_part(one) for one in plain["parts"]),
        participants=None if plain["participants"] is None else tuple(plain["participants"]),
        rooms=None if plain["rooms"] is None else tuple(plain["rooms"]),
        pinned=dict(plain["pinned"]),
        aside=int(plain["aside"]),
        token=str(plain["token"]),
    )
    if not fits(manifest.columns, manifest.type) or manifest.rows != plain["rows"]:
        raise ValueError("columns or rows do not fit")
    return manifest


def _part(plain: dict[str, Any]) -> Part:
    reach = {name: Reach(**plain[name]) for name in ("time", "onset")}
    listed = {name: tuple(plain[name]) for name in ("blocks", "repeated")}
    return Part(**{**plain, **reach, **listed})


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("an instant without zone")
    return at
