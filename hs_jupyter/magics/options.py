"""The options of the ``%hs`` language, each with its keyword in Python."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from hs_jupyter.catalog import Parameter

Kind = Literal["text", "count", "milliseconds", "list", "flag", "bool", "name"]
"""How an option's value is read; ``flag`` has none, ``bool`` may leave it out (then true)."""

Offers = Literal["", "columns", "tables", "room", "deployment"]
"""What completion offers beside an option's fixed values."""


@dataclass(frozen=True)
class Option:
    """One option: its spelling in a line, its keyword in Python, what it takes and means."""

    spelling: str
    keyword: str
    kind: Kind
    meaning: str
    takes: str = ""
    values: tuple[str, ...] = ()
    strict: bool = False
    offers: Offers = ""

    @property
    def usage(self) -> str:
        """The option as help shows it, for example ``--limit N``."""
        return f"{self.spelling} {self.takes}".strip()


ROOM = Option(
    "--room", "room", "text", "the participant's room, required with participant", "ROOM", offers="room"
)
FROM = Option(
    "--from",
    "from_",
    "text",
    "not before: an onset (90s, -5s, 1:30, 500ms, 2m) or an ISO 8601 time (UTC)",
    "T",
)
TO = Option("--to", "to", "text", "not after: an onset or a time, the bound belongs to the result", "T")
AS = Option(
    "--as",
    "as_",
    "text",
    "the kind of table (default pandas)",
    "KIND",
    ("pandas", "polars", "arrow", "records"),
    strict=True,
)
PII = Option("--pii", "pii", "flag", "keep e-mail columns, which are left out otherwise")
OUT = Option("-o", "into", "name", "put the result in this variable, return nothing", "NAME")
QUIET = Option("-q", "quiet", "flag", "no progress, no summary")
ASKING = (
    Option("--refresh", "refresh", "flag", "ask the service again, whatever is stored"),
    Option("--offline", "offline", "flag", "never ask the service: only what is stored"),
    Option("--yes", "yes", "flag", "go ahead where more than 200 requests are needed"),
    Option("--wait", "wait", "flag", "wait however long the service asks (else at most 5 minutes)"),
)
TYPES = Option("--types", "types", "list", "only these data types, by table name", "a,b", offers="tables")
PAGE = (
    Option("--limit", "limit", "count", "at most so many records, counted after all filters", "N"),
    Option("--offset", "offset", "count", "leave out so many records first", "N"),
    Option("--sort", "sort", "text", "sort by this column", "FIELD", offers="columns"),
    Option("--order", "order", "text", "ascending or descending", "asc|desc", ("asc", "desc"), strict=True),
)
COLUMNS = Option("--columns", "columns", "list", "keep these columns", "a,b", offers="columns")

_KINDS: dict[str, Kind] = {"text": "text", "bool": "bool", "milliseconds": "milliseconds"}


def filter_option(parameter: Parameter) -> Option:
    """Make the option of a filter in the catalogue."""
    return Option(
        parameter.option,
        parameter.keyword,
        _KINDS[parameter.type],
        parameter.meaning,
        parameter.takes,
        parameter.values or (("true", "false") if parameter.type == "bool" else ()),
        offers="deployment" if parameter.keyword == "deployment" else "",
    )
