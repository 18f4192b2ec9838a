"""What a request asks for: query parameters, read once and refused in the service's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import Query

from hs_jupyter.demo_study.refusals import bad_parameter
from hs_jupyter.demo_study.stamps import epoch_ms

if TYPE_CHECKING:
    from hs_jupyter.catalog import DataType

DEFAULT_LIMIT = 1000
SORTS_BESIDE = ("timestamp", "onset")
"""Every list with instants can be sorted by these, whatever else the catalogue names."""


RatingType = Annotated[Literal["continuous", "sparse"], Query(description="older ratings path only")]


@dataclass
class Asked:
    """The query parameters of a data endpoint; each type uses those it has."""

    roomId: Annotated[str | None, Query(description="room; required at participant scope")] = None  # noqa: N815
    deploymentId: Annotated[str | None, Query(description="only this deployment")] = None  # noqa: N815
    startTime: Annotated[str | None, Query(description="from this instant on (ISO 8601, inclusive)")] = None  # noqa: N815
    endTime: Annotated[str | None, Query(description="up to this instant (ISO 8601, inclusive)")] = None  # noqa: N815
    category: Annotated[str | None, Query(description="events: only this category")] = None
    componentType: Annotated[str | None, Query(description="components: only this type")] = None  # noqa: N815
    stateId: Annotated[str | None, Query(description="components: only this state")] = None  # noqa: N815
    completed: Annotated[bool | None, Query(description="components: only (in)complete ones")] = None
    completionCode: Annotated[str | None, Query(description="participants: only this outcome")] = None  # noqa: N815
    aggregationWindow: Annotated[int | None, Query(gt=0, description="sync: mean over so many ms")] = None  # noqa: N815
    ratingType: RatingType = "continuous"  # noqa: N815
    detail: Annotated[bool, Query(description="agent-decisions: include large fields")] = False
    sort: Annotated[str | None, Query(description="field to sort by")] = None
    order: Annotated[Literal["asc", "desc"], Query(description="direction")] = "asc"
    limit: Annotated[int | None, Query(ge=1, description="most records in this page")] = None
    offset: Annotated[int, Query(ge=0, description="records to skip")] = 0
    format: Annotated[Literal["json", "csv"], Query(description="json, or bare csv")] = "json"

    def times(self) -> tuple[float | None, float | None]:
        """Read the time bounds as epoch milliseconds."""
        return _instant("startTime", self.startTime), _instant("endTime", self.endTime)

    def sorted_by(self, kind: DataType) -> str:
        """Return the field to sort by, refusing one that this type cannot be sorted by."""
        valid = dict.fromkeys((*kind.sorts, *(SORTS_BESIDE if kind.timed else ())))
        if self.sort is None or not valid:
            return "timestamp"
        if self.sort not in valid:
            raise bad_parameter("sort", self.sort, f"one of {', '.join(valid)}")
        return self.sort

    def echo(self, limit: int) -> dict[str, Any]:
        """Repeat the effective parameters, as the service does; unset filters are null."""
        return {
            "roomId": self.roomId,
            "startTime": self.startTime,
            "endTime": self.endTime,
            "category": self.category,
            "limit": limit,
            "offset": self.offset,
            "sort": self.sort or "timestamp",
            "order": self.order,
        }


def _instant(name: str, text: str | None) -> float | None:
    if not text:
        return None
    try:
        return epoch_ms(text.replace(" ", "+") if "T" in text else text)
    except ValueError:
        raise bad_parameter(name, text, "an ISO 8601 instant, for example 2026-03-02T09:00:00.000Z") from None
