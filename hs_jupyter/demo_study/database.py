"""Ask the generated study: which rows, in which order, and one page of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from hs_jupyter.demo_study import build

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]

KEPT_SELECTIONS = 64
"""So many ordered selections are kept, 8 bytes a row: every further page of one is a look-up."""

SORT_COLUMN = {"timestamp": "at", "startTime": "at"}
"""Sort fields whose column has another name; every other one is its own column."""


@dataclass(frozen=True)
class Query:
    """Rows of one table: equalities, closed bounds in epoch milliseconds, and an order.

    ``known_ms`` leaves out what was not yet known at that instant.
    """

    table: str
    where: tuple[tuple[str, str | bool], ...] = ()
    start_ms: float | None = None
    end_ms: float | None = None
    known_ms: float | None = None
    sort: str = "timestamp"
    descending: bool = False


class Database:
    """The study's Parquet files, asked through an embedded DuckDB.

    Parameters
    ----------
    place
        Folder that `build.ensure` returned.
    """

    def __init__(self, place: Path) -> None:
        import duckdb

        self._connection = duckdb.connect(":memory:", config={"threads": 2})
        self._connection.execute("SET parquet_metadata_cache = true")
        for file in sorted(place.glob("*.parquet")):
            path = str(file).replace("'", "''")
            self._connection.execute(f"CREATE VIEW {file.stem} AS FROM read_parquet('{path}')")
        self.beside: dict[str, Any] = build.beside(place)
        self.rooms: dict[str, dict[str, Any]] = self.beside["rooms"]
        self.experiments: dict[str, dict[str, Any]] = {one["id"]: one for one in self.beside["experiments"]}
        self.select = lru_cache(KEPT_SELECTIONS)(self._select)

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        """Give each request a cursor of its own: requests come in threads."""
        return self._connection.cursor()

    def _select(self, query: Query) -> Rows:
        """Select the numbers of the rows that match, in order; ties keep the order of time."""
        conditions = [f'"{column}" = ?' for column, _ in query.where]
        values: list[Any] = [value for _, value in query.where]
        bounds = (('"at" >= ?', query.start_ms), ('"at" <= ?', query.end_ms), ("known <= ?", query.known_ms))
        for condition, bound in bounds:
            if bound is not None:
                conditions.append(condition)
                values.append(bound)
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        order = "DESC" if query.descending else "ASC"
        column = SORT_COLUMN.get(query.sort, query.sort)
        sql = f'SELECT n FROM {query.table} {where} ORDER BY "{column}" {order} NULLS LAST, n {order}'  # noqa: S608 - names come from the catalogue, values are bound
        rows = np.asarray(self._cursor().execute(sql, values).fetchnumpy()["n"], dtype=np.int64)
        rows.setflags(write=False)
        return rows

    def records(self, table: str, rows: Rows) -> list[str]:
        """Read the records of these rows as JSON texts, in the rows' order."""
        if not rows.size:
            return []
        low, high = int(rows.min()), int(rows.max())
        sql = f"SELECT n, record FROM {table} WHERE n BETWEEN ? AND ?"  # noqa: S608 - a name of the catalogue
        bounds: list[Any] = [low, high]
        if high - low >= 4 * rows.size:  # scattered rows: read only their row groups
            sql += " AND n IN (SELECT unnest(?))"
            bounds.append(rows.tolist())
        found = dict(self._cursor().execute(sql, bounds).fetchall())
        return [found[n] for n in rows.tolist()]
