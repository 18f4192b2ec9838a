"""Several questions about one scope, asked together with one progress display."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hs_jupyter.catalog import DATA_TYPES, DataType, data_type
from hs_jupyter.errors import (
    ApiError,
    AuthenticationError,
    HsError,
    InputError,
    NetworkError,
    NotFoundError,
)
from hs_jupyter.functions.records import tell
from hs_jupyter.functions.session import current_study
from hs_jupyter.progress import Progress
from hs_jupyter.query import Query, make_query

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pyarrow as pa

    from hs_jupyter.scope import Scope


def kinds_of(types: Sequence[str] | str | None, scope: Scope) -> list[DataType]:
    """Return the data types asked for, or all that exist at the scope."""
    if types is None:
        return [one for one in DATA_TYPES.values() if scope.kind in one.scopes]
    names = types.split(",") if isinstance(types, str) else list(types)
    kinds = [data_type(name) for name in names if str(name).strip()]
    if not kinds:
        raise InputError("no data type is named, for example: types='ratings,sync'")
    return list({one.name: one for one in kinds}.values())


def gather(
    scope: Scope,
    kinds: Sequence[DataType],
    *,
    progress: bool = True,
    **options: Any,
) -> tuple[dict[str, pa.Table], dict[str, str]]:
    """Ask for several data types of one scope together, with one progress display.

    Returns
    -------
    tables, failed
        By table name; a type that fails does not stop the others.

    Raises
    ------
    NotFoundError, AuthenticationError, NetworkError
        If the scope does not exist, the key is refused, or the service cannot be reached.
    ApiError
        If nothing came at all.
    """
    with Progress(shown=progress) as bar:
        memo: dict[Any, Any] = {}
        tables, failed = run_plan(
            {kind.table: make_query(kind, scope, **options) for kind in kinds},
            lambda query: current_study().table(query, bar, memo),
        )
    for answer in tables.values():
        tell(answer, progress=progress)
    if tables or not failed:
        return tables, {name: str(problem) for name, problem in failed.items()}
    raise next(iter(failed.values()))


def run_plan(
    queries: Mapping[str, Query], fetch: Callable[[Query], pa.Table]
) -> tuple[dict[str, pa.Table], dict[str, HsError]]:
    """Answer named questions one after another; collect what fails.

    Once the network is gone or the key refused, no further question is asked: each fails alike, and
    what came before stays.

    Raises
    ------
    NotFoundError, AuthenticationError, NetworkError
        At once, if nothing came yet: no other question of the plan could be answered.
    """
    tables: dict[str, pa.Table] = {}
    failed: dict[str, HsError] = {}
    end: HsError | None = None
    for name, query in queries.items():
        if end is not None:
            failed[name] = end
            continue
        try:
            tables[name] = fetch(query)
        except (ApiError, NetworkError) as problem:
            hopeless = isinstance(problem, AuthenticationError | NetworkError)
            unknown = isinstance(problem, NotFoundError) and not failed
            if not tables and (hopeless or unknown):
                raise
            failed[name] = problem
            end = problem if hopeless else None
    return tables, failed
