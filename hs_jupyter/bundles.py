"""A bundle: every table of one scope, by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from hs_jupyter.catalog import data_type
from hs_jupyter.errors import InputError, did_you_mean
from hs_jupyter.tables.output import hand_over

if TYPE_CHECKING:
    import pyarrow as pa


class Bundle(Mapping[str, Any]):
    """A read-only mapping from table name to table, with attribute access.

    Attributes
    ----------
    failed : dict of str
        Table name to the reason it is not there.

    Examples
    --------
    On the demo study (``hs.demo()``):

    >>> import hs_jupyter as hs
    >>> bundle = hs.bundle(room="room_pair_01", types="sync,chat", progress=False)
    >>> list(bundle), len(bundle.sync)
    (['sync', 'chat'], 599)
    """

    def __init__(
        self, tables: Mapping[str, pa.Table], failed: Mapping[str, str] | None = None, form: str = "pandas"
    ) -> None:
        self._arrow = dict(tables)
        self._form = form
        self._handed: dict[str, Any] = {}
        self.failed = dict(failed or {})

    def __getitem__(self, name: str) -> Any:
        key = self._key(name)
        if key not in self._handed:
            self._handed[key] = hand_over(self._arrow[key], self._form)
        return self._handed[key]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError as problem:
            raise AttributeError(str(problem.args[0])) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrow)

    def __len__(self) -> int:
        return len(self._arrow)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._arrow]

    def __repr__(self) -> str:
        """List the tables with their rows, and what failed."""
        width = max((len(name) for name in (*self._arrow, *self.failed)), default=0)
        lines = [f"{name:{width}}  {table.num_rows:>9,} rows" for name, table in self._arrow.items()]
        lines += [f"{name:{width}}  not there: {reason}" for name, reason in self.failed.items()]
        return "\n".join(["Bundle", *lines])

    def of(self, *participants: str) -> Bundle:
        """Return the records of these participants; tables whose records are nobody's stay whole.

        Parameters
        ----------
        participants
            Their IDs; of chat, the messages that they wrote.

        Examples
        --------
        On the demo study (``hs.demo()``):

        >>> import hs_jupyter as hs
        >>> bundle = hs.bundle(room="room_pair_01", types="sync,chat", progress=False)
        >>> bundle.of("p_pair_01_viewer").sync["participantId"].unique().tolist()
        ['p_pair_01_viewer']
        """
        from hs_jupyter.tables.narrow import keep_participants

        kept = {
            name: keep_participants(table, data_type(name), participants)
            for name, table in self._arrow.items()
        }
        return Bundle(kept, self.failed, self._form)

    def sql(self, query: str, params: Mapping[str, Any] | None = None) -> Any:
        """Run one SELECT over the bundle's tables.

        Parameters
        ----------
        query
            DuckDB SQL; nested values are JSON text, times are UTC.
        params
            Values of the query's ``$name`` parameters.

        Raises
        ------
        InputError
            For a query that is not one SELECT or that DuckDB refuses.
        """
        from hs_jupyter.duck import Sql

        def find(name: str) -> pa.Table | None:
            try:
                return self._arrow[self._key(name)]
            except KeyError:
                return None

        return hand_over(Sql(query).run(find, params), self._form)

    def arrow(self) -> dict[str, pa.Table]:
        """Return the tables as Arrow, by name."""
        return {name: hand_over(table, "arrow") for name, table in self._arrow.items()}

    def _key(self, name: str) -> str:
        """Find a table by its name or an alias of its type."""
        if name in self._arrow:
            return name
        try:
            alias = data_type(name).table
        except InputError:
            alias = name
        if alias not in self._arrow:
            why = f" ({self.failed[alias]})" if alias in self.failed else did_you_mean(name, self._arrow)
            raise KeyError(f"no table '{name}' in this bundle{why}")
        return alias
