"""A service in memory: what a study asks of its transport, answered from plain records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hs_jupyter.errors import NotFoundError
from hs_jupyter.query import make_query
from hs_jupyter.scope import Scope
from hs_jupyter.study import Study

if TYPE_CHECKING:
    from collections.abc import Callable

ROOM = Scope("room", "r1")


class FakeService:
    """Answers paths from ``routes``: records (paged, sorted as asked), a whole body, or an error."""

    def __init__(
        self, routes: dict[str, Any], *, cap: int = 1000, sorts: bool = True, metadata: Any = None
    ) -> None:
        self.routes = routes
        self.cap = cap
        self.sorts = sorts
        self.metadata = metadata or {}
        self.patient: list[str] = []
        self.asked: list[tuple[str, dict[str, str]]] = []

    def get(
        self,
        path: str,
        params: dict[str, str] | None = None,
        *,
        slow: bool = False,
        read: Callable[[Any], Any] | None = None,
        **_: Any,
    ) -> Any:
        params = dict(params or {})
        self.patient += [path] if slow else []
        self.asked.append((path, params))
        answer = self.routes.get(path)
        if answer is None:
            raise NotFoundError(f"{path}: the service answered 404: unknown", status=404, code="NOT_FOUND")
        if isinstance(answer, BaseException):
            raise answer
        body = self._page(answer, params) if isinstance(answer, list) else answer
        return read(body) if read else body

    def _page(self, records: list[dict[str, Any]], params: dict[str, str]) -> dict[str, Any]:
        if self.sorts and "sort" in params:
            held = [one for one in records if one.get(params["sort"]) is not None]
            bare = [one for one in records if one.get(params["sort"]) is None]
            held.sort(key=lambda one: one[params["sort"]], reverse=params["order"] == "desc")
            records = bare + held
        offset = int(params.get("offset", 0))
        page = records[offset:][: min(int(params.get("limit", self.cap)), self.cap)]
        pagination = {"total": len(records), "hasMore": offset + len(page) < len(records)}
        return {"status": "success", "data": page, "metadata": {"pagination": pagination, **self.metadata}}

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


def ask(service: FakeService, type_: str, scope: Scope = ROOM, **options: Any) -> Any:
    """Ask a fresh study one question."""
    return Study(service).table(make_query(type_, scope, **options))


def event(number: int, **fields: Any) -> dict[str, Any]:
    """Make an event at so many seconds."""
    return {
        "id": f"e{number:02}", "roomId": "r1", "participantId": f"p{number % 2}", "onset": number * 1000,
        "timestamp": f"2026-03-02T15:{number // 60:02}:{number % 60:02}.000Z", "category": "media", **fields,
    }  # fmt: skip


def connect(monkeypatch: Any, service: FakeService) -> FakeService:
    """Let the Python functions ask this service."""
    from hs_jupyter.api import connection
    from hs_jupyter.functions import session

    monkeypatch.setattr(connection, "saved_key", lambda _: None)
    fresh = connection.Session({})
    monkeypatch.setattr(session, "_SESSION", fresh)
    monkeypatch.setattr(session, "_CURRENT", session._Current(Study(service), fresh.connection()))
    return service
