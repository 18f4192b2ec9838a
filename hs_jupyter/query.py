"""What is asked for, checked before anything travels: a frozen ``Query``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from hs_jupyter.catalog import DERIVED, DataType, Parameter, data_type
from hs_jupyter.errors import InputError, did_you_mean
from hs_jupyter.times import Bound, Instant, parse_bound, wire_instant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hs_jupyter.scope import Scope

Order = Literal["asc", "desc"]
_ORDERED = {"instant", "float", "int"}
_MOST_ROWS = 2**53
_A_SLIP = 0.88
"""How alike a name is to a column to be a slip of it: sessionId is a field of its own beside stateId."""
_EDGE = timedelta(milliseconds=1)
"""Whether the service's bounds are closed is unknown: it is asked for a little more, then cut here."""


@dataclass(frozen=True)
class Query:
    """One question: a data type, a scope, and what narrows it.

    ``filters`` maps a parameter's keyword to its text on the wire. ``limit`` and ``offset`` count
    rows after all filters.
    """

    data_type: DataType
    scope: Scope
    start: Bound | None = None
    end: Bound | None = None
    limit: int | None = None
    offset: int = 0
    sort: str | None = None
    order: Order = "asc"
    filters: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] | None = None
    pii: bool = False

    @property
    def server_sort(self) -> str:
        """The column that the service is asked to sort by, so that a limit need not read everything.

        Empty without a limit, and where the service does not sort as we do: it spells no rule for
        texts. Everything is then read and sorted here.
        """
        column = self.sort or self.data_type.time
        if self.limit is None or column not in self.data_type.sorts:
            return ""
        known = self.data_type.column.get(column)
        return column if known and known.type in _ORDERED else ""

    @property
    def first_page(self) -> int | None:
        """How many records are enough for the limit, unless some are left out on arrival."""
        narrows_here = self.filters or self.start or self.end or self.data_type.view
        if self.limit is None or not self.server_sort or narrows_here:
            return None
        return self.offset + self.limit + 1  # one more shows that the last one has no equals

    def wire(self) -> dict[str, str]:
        """Return the query parameters: room, filters, times and sort; not paging."""
        params: dict[str, str] = {}
        if self.scope.room is not None:
            params["roomId"] = self.scope.room
        if self.data_type.scope_parameter and self.scope.id:
            params[self.data_type.scope_parameter] = self.scope.id
        for keyword, value in self.filters.items():
            parameter = self.data_type.parameter[keyword]
            if not parameter.loose:
                params[parameter.wire] = value
        if self.data_type.timed:
            if isinstance(self.start, Instant):
                params["startTime"] = wire_instant(self.start.at - _EDGE)
            if isinstance(self.end, Instant):
                params["endTime"] = wire_instant(self.end.at + 2 * _EDGE)  # the wire cuts microseconds off
        if self.server_sort:
            params["sort"], params["order"] = self.server_sort, self.order
        return params

    def plain(self) -> dict[str, Any]:
        """Return what narrows it as plain JSON, for the facts of a result."""
        plain: dict[str, Any] = dict(self.filters)
        for name, bound in (("from", self.start), ("to", self.end)):
            if bound is not None:
                plain[name] = bound.at.isoformat() if isinstance(bound, Instant) else f"{bound.sec:g}s"
        for name in ("limit", "sort"):
            if (value := getattr(self, name)) is not None:
                plain[name] = value
        if self.offset:
            plain["offset"] = self.offset
        if self.sort is not None or self.order != "asc":
            plain["order"] = self.order
        if self.columns is not None:
            plain["columns"] = list(self.columns)
        return plain


def make_query(
    type: str | DataType,  # noqa: A002 - the language's own word
    scope: Scope,
    *,
    from_: Any = None,
    to: Any = None,
    limit: int | None = None,
    offset: int | None = None,
    sort: str | None = None,
    order: str | None = None,
    columns: Sequence[str] | str | None = None,
    pii: bool = False,
    **filters: Any,
) -> Query:
    """Check a question and freeze it.

    Parameters
    ----------
    type
        A data type's name or entry.
    from_, to
        Closed bounds: see `hs_jupyter.times.parse_bound`; a number is seconds of onset.
    filters
        The type's own parameters by keyword (``category=``, ``deployment=``, ...); None is left out.

    Raises
    ------
    InputError
        One sentence that names what is wrong, what is valid and the nearest match.
    """
    kind = type if isinstance(type, DataType) else data_type(type)
    _check_scope(kind, scope)
    start, end = (
        None if value is None else parse_bound(value, option)
        for value, option in ((from_, "--from"), (to, "--to"))
    )
    _check_window(start, end)
    wanted_columns = _names(columns)
    for option, names in (("--columns", wanted_columns or ()), ("--sort", (sort,) if sort else ())):
        for name in names:
            _check_column(kind, name, option)
    emails = () if pii else kind.personal("email")
    if hidden := [name for name in wanted_columns or () if name in emails]:
        raise InputError(f"--columns: {hidden[0]} holds e-mail addresses: add --pii (pii=True in Python)")
    if order not in (None, "asc", "desc"):  # a tuple: what is given may not be hashable
        raise InputError(f"--order is asc or desc, not '{order}'")
    query = Query(
        data_type=kind,
        scope=scope,
        start=start,
        end=end,
        limit=_whole("--limit", limit),
        offset=_whole("--offset", offset) or 0,
        sort=sort or (kind.time or None if order == "desc" else None),
        order="desc" if order == "desc" else "asc",
        filters={
            keyword: _filter_text(kind, keyword, value)
            for keyword, value in filters.items()
            if value is not None
        },
        columns=wanted_columns,
        pii=bool(pii),
    )
    if query.order == "desc" and query.sort is None:
        raise InputError(f"{kind.name} has no time to order by: give --sort FIELD")
    return query


def _check_scope(kind: DataType, scope: Scope) -> None:
    if scope.kind not in kind.scopes:
        valid = " or ".join(one for one in kind.scopes if one != "user")
        raise InputError(f"{kind.name} does not exist for a {scope.kind}: ask for {valid or 'no scope'}")
    if scope.kind == "participant" and scope.room is None:
        raise InputError(
            f"{kind.name} of a participant needs the room: add --room ROOM (room= in Python), "
            f"since a participant may have been in several"
        )


def _check_window(start: Bound | None, end: Bound | None) -> None:
    if start is None or end is None or isinstance(start, Instant) != isinstance(end, Instant):
        return
    first, last = (one.at.timestamp() if isinstance(one, Instant) else one.sec for one in (start, end))
    if first > last:
        raise InputError("--from lies after --to")


def _check_column(kind: DataType, name: str, option: str) -> None:
    """Refuse a likely slip before anything is fetched; other names may be fields we do not know."""
    known = [*kind.column, *(one.name for one in DERIVED)]
    if name not in known and (near := did_you_mean(name, known, likeness=_A_SLIP)):
        raise InputError(f"{option}: {kind.name} has no column '{name}'{near}")


def _names(columns: Sequence[str] | str | None) -> tuple[str, ...] | None:
    if columns is None:
        return None
    names = columns.split(",") if isinstance(columns, str) else columns
    if not isinstance(names, Iterable):
        raise InputError(f"--columns is a list of names, not {names!r}")
    kept = tuple(dict.fromkeys(str(one).strip() for one in names if str(one).strip()))
    if not kept:
        raise InputError("--columns names no column, for example --columns participantId,onset_sec")
    return kept


def _whole(option: str, value: Any) -> int | None:
    if value is None:
        return None
    try:
        number = int(value)
        exact = number == float(value) and not isinstance(value, bool)
    except (TypeError, ValueError, OverflowError):
        exact = False
    if not exact or not 0 <= number < _MOST_ROWS:
        raise InputError(f"{option} is a whole number from 0, not '{str(value)[:40]}'")
    return number


def _filter_text(kind: DataType, keyword: str, value: Any) -> str:
    parameter = kind.parameter.get(keyword)
    if parameter is None:
        option = "--" + keyword.replace("_", "-")
        valid = ", ".join(one.option for one in kind.parameters) or "none"
        near = did_you_mean(option, [one.option for one in kind.parameters])
        raise InputError(f"{kind.name} has no {option}{near} (its filters: {valid})")
    if parameter.type == "bool":
        return _truth(parameter, value)
    if parameter.type == "milliseconds":
        whole = _whole(parameter.option, value)
        if not whole:
            raise InputError(f"{parameter.option} is a number of milliseconds above 0, not '{value}'")
        return str(whole)
    text = str(value).strip()
    if not text:
        raise InputError(f"{parameter.option} is empty")
    return text


def _truth(parameter: Parameter, value: Any) -> str:
    text = str(value).strip().lower()
    if text not in {"true", "false", "yes", "no"}:
        raise InputError(f"{parameter.option} is true or false, not '{value}'")
    return "true" if text in {"true", "yes"} else "false"
