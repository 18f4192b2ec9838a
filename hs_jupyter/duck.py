"""SQL over tables, by DuckDB in memory: no files, no extensions, no writing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
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
            self.tables = frozenset(self._con.get_table_names(query))
        except duckdb.Error as problem:
            raise _readable(problem) from None
        self._statement = statements[0]
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
            return self._con.execute(self._statement, values or None).to_arrow_table()
        except (duckdb.Error, RuntimeError) as problem:
            raise _readable(problem) from None
        finally:
            self._con.close()


def _visible(table: Any) -> Any:
    if isinstance(table, pa.Table):
        return table.drop_columns([NULLS]) if NULLS in table.column_names else table
    return table


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") and not hasattr(value, "__len__") else value


def _readable(problem: Exception) -> InputError:
    lines = [
        line.strip() for line in str(problem).splitlines() if line.strip() and set(line.strip()) != {"^"}
    ]
    return InputError("SQL: " + " ".join(lines[:4]))
