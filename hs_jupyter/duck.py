"""SQL over tables, by DuckDB in memory: no files, no extensions, no writing."""

from __future__ import annotations

from concurrent.futures import Future, wait
from threading import Thread
from typing import TYPE_CHECKING, Any

import duckdb
import orjson
import pyarrow as pa

from hs_jupyter.errors import InputError
from hs_jupyter.tables.build import NULLS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SETTINGS = (
    "SET TimeZone = 'UTC'",
    "SET python_enable_replacements = false",
    "SET autoload_known_extensions = false",
    "SET autoinstall_known_extensions = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)
WORKER = "hs-sql"
"""Name of the thread that a query works in."""
_LISTEN_SEC = 0.2
"""How long an interrupt may go unheard where a waiting thread cannot be woken (Windows)."""


class Sql:
    """One query over tables that are looked up when it names them.

    Parameters
    ----------
    query
        One SELECT in DuckDB's dialect. Values come as ``$name`` parameters, never by formatting.

    Raises
    ------
    InputError
        If it is not one readable SELECT.

    Attributes
    ----------
    tables : frozenset of str
        The tables the query names.
    defined : set of str
        Names that it defines itself (WITH ... AS); a table may bear one of them, too.
    parameters : frozenset of str
        The parameters it names.
    """

    def __init__(self, query: str) -> None:
        self._con = duckdb.connect(":memory:")
        for setting in _SETTINGS:
            self._con.execute(setting)
        try:
            statements = self._con.extract_statements(query)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise InputError("write one SELECT: the tables are read-only")
            tree = self._con.execute("SELECT json_serialize_sql(?)", [query]).fetchall()
        except duckdb.Error as problem:
            raise _readable(problem) from None
        self._statement = statements[0]
        used, self.defined = _table_names(orjson.loads(tree[0][0]))
        self.tables = frozenset(used)
        self.parameters = frozenset(self._statement.named_parameters)

    def run(self, find: Callable[[str], Any], params: Mapping[str, Any] | None = None) -> pa.Table:
        """Run the query.

        Parameters
        ----------
        find
            Returns the table (Arrow, pandas or polars) of a name that the query uses, or None.
        params
            Values of its parameters.

        Returns
        -------
        pyarrow.Table
            The result; the order of rows is the query's.

        Raises
        ------
        InputError
            For an unknown table, a parameter without a value, or what DuckDB refuses.
        """
        given = dict(params or {})
        if missing := sorted(self.parameters - set(given)):
            raise InputError(f"the query uses ${missing[0]}, which is not defined in the notebook")
        for name in sorted(self.tables):
            if (table := find(name)) is not None:
                self._con.register(name, _visible(table))
        try:
            # a parameter may be a numpy scalar, which DuckDB does not know
            values = {name: _plain(given[name]) for name in self.parameters}
            return _as_floats(self._interruptibly(values))
        except (duckdb.Error, RuntimeError) as problem:
            raise _readable(problem) from None
        finally:
            self._con.close()

    def _interruptibly(self, values: Mapping[str, Any]) -> pa.Table:
        """Let the query work in a thread of its own: DuckDB does not hear an interrupt, this thread does."""
        answer: Future[pa.Table] = Future()

        def work() -> None:
            try:
                found = self._con.sql(self._statement, params=dict(values) or None)
                answer.set_result(found.to_arrow_table())
            except BaseException as problem:  # noqa: BLE001 - it is raised where the answer is awaited
                answer.set_exception(problem)

        worker = Thread(target=work, name=WORKER, daemon=True)
        try:
            worker.start()
            while not wait([answer], timeout=_LISTEN_SEC).done:
                pass
        except KeyboardInterrupt:
            while worker.is_alive():  # again: the query may not have begun when it was told first
                self._con.interrupt()
                worker.join(_LISTEN_SEC)
            raise
        return answer.result()


def _table_names(tree: Any) -> tuple[set[str], set[str]]:
    """Walk a parsed query: the tables it reads, and the names it defines."""
    used: set[str] = set()
    defined: set[str] = set()
    open_nodes = [tree]
    while open_nodes:
        node = open_nodes.pop()
        if isinstance(node, list):
            open_nodes += node
        elif isinstance(node, dict):
            if node.get("type") == "BASE_TABLE":
                used.add(str(node.get("table_name")))
            cte_map = node.get("cte_map")
            if isinstance(cte_map, dict):
                defined |= {str(entry.get("key")) for entry in cte_map.get("map", [])}
            open_nodes += node.values()
    return used, defined


def _visible(table: Any) -> Any:
    if isinstance(table, pa.Table):
        return table.drop_columns([NULLS]) if NULLS in table.column_names else table
    return table


def _as_floats(table: pa.Table) -> pa.Table:
    """Cast sums of whole numbers, 128-bit decimals that pandas would hold as Python objects."""
    for index, field in enumerate(table.schema):
        if pa.types.is_decimal(field.type):
            table = table.set_column(index, field.name, table.column(index).cast(pa.float64()))
    return table


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") and not hasattr(value, "__len__") else value


def _readable(problem: Exception) -> InputError:
    lines = [
        line.strip() for line in str(problem).splitlines() if line.strip() and set(line.strip()) != {"^"}
    ]
    return InputError("SQL: " + " ".join(lines[:4]))
