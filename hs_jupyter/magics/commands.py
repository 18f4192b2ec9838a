"""Commands run: each calls its Python twin in ``hs_jupyter.functions`` and returns its result."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hs_jupyter.errors import (
    AuthenticationError,
    CredentialsError,
    HsError,
    InputError,
    NetworkError,
    did_you_mean,
)
from hs_jupyter.magics.cells import Plan, SqlCell
from hs_jupyter.magics.help import help_text
from hs_jupyter.magics.overview import overview_text
from hs_jupyter.magics.summary import summary_line
from hs_jupyter.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hs_jupyter.magics.grammar import Command

_HOPELESS = (AuthenticationError, CredentialsError, NetworkError)
"""What would fail every further line of a plan in the same way, slowly."""

_SPEAK_FOR_THEMSELVES = {"login", "logout", "demo", "open"}
"""Verbs whose result is itself a sentence about the connection."""


@dataclass(frozen=True)
class Notebook:
    """What a command may touch of the notebook: read names, set a variable, print a line."""

    names: Mapping[str, Any]
    put: Callable[[str, Any], None]
    say: Callable[[str], None]


def run(asked: Command | Plan | SqlCell, notebook: Notebook, find_twins: Callable[[], Any]) -> Any:
    """Run what a line or a cell asks for.

    Parameters
    ----------
    asked
        From ``grammar.parse`` or ``cells.parse_cell``.
    notebook
        Where names come from and results go.
    find_twins
        Returns the module of the Python twins; importing it takes time, which help does not need.

    Returns
    -------
    object
        The twin's result; None when it went into a variable, and for help and plans.

    Raises
    ------
    HsError
        From a twin; for a plan, one error that says which lines failed.
    """
    if not isinstance(asked, (Plan, SqlCell)) and asked.verb == "help":
        return notebook.say(help_text(asked.topic))
    twins = find_twins()
    if isinstance(asked, Plan):
        return _run_plan(asked, notebook, twins)
    if isinstance(asked, SqlCell):
        return _run_query(asked, notebook, twins)
    if asked.verb == "overview":
        return notebook.say(overview_text(twins.connection(), _stored(twins)))
    return _deliver(asked, getattr(twins, asked.call)(**asked.arguments), notebook, twins)


def _deliver(command: Command, result: Any, notebook: Notebook, twins: Any) -> Any:
    """Say what came, and put it where it belongs."""
    if not command.quiet and command.verb not in _SPEAK_FOR_THEMSELVES:
        notebook.say(_summary(command, result, twins))
    if not command.into:
        return result
    notebook.put(command.into, result)
    return None


def _summary(command: Command, result: Any, twins: Any) -> str:
    return summary_line(command.label, result, demo=demo_connected(twins), into=command.into)


def demo_connected(twins: Any) -> bool:
    """Tell whether the demo study is connected; a summary never fails over it."""
    try:
        return bool(twins.connection().demo)
    except HsError:
        return False


def _stored(twins: Any) -> list[dict[str, Any]] | None:
    """List what is kept; None where nothing can be."""
    try:
        kept: list[dict[str, Any]] = twins.store(as_="records")
    except HsError:
        return None
    return kept


def _run_query(query: SqlCell, notebook: Notebook, twins: Any) -> Any:
    result = twins.sql(
        query.text,
        params=_parameters(query.text, notebook.names),
        frames=_frames(query.text, notebook.names),
        **query.command.arguments,
    )
    return _deliver(query.command, result, notebook, twins)


def _parameters(text: str, names: Mapping[str, Any]) -> dict[str, Any]:
    """Take the values of ``$name`` from the notebook; DuckDB itself says which names a query has."""
    import duckdb

    try:
        statements = duckdb.extract_statements(text)
    except duckdb.Error:
        return {}  # the twin runs into the same fault and words it
    wanted = sorted({name for one in statements for name in one.named_parameters})
    for name in wanted:
        if not name.isidentifier():
            raise InputError(
                "a parameter of the SQL needs a name: write $limit, with limit set in the notebook"
            )
        if name not in names:
            raise InputError(f"'{name}' is not defined in this notebook (${name}){did_you_mean(name, names)}")
    return {name: names[name] for name in wanted}


def _frames(text: str, names: Mapping[str, Any]) -> dict[str, Any]:
    """Find the notebook's DataFrames that the query may name; SQL's names have no case."""
    words = set(re.findall(r"\w+", text.casefold()))
    found = {
        name: value
        for name, value in list(names.items())
        if name.casefold() in words and not name.startswith("_") and _is_frame(value)
    }
    exact = set(re.findall(r"\w+", text))
    by_case: dict[str, str] = {}
    for name in sorted(found, key=lambda one: one in exact):  # the exact spelling comes last, and wins
        by_case[name.casefold()] = name
    return {name: found[name] for name in by_case.values()}


def _is_frame(value: Any) -> bool:
    """Recognize tables without importing their libraries."""
    kinds = (("pandas", "DataFrame"), ("polars", "DataFrame"), ("pyarrow", "Table"))
    return any(
        library in sys.modules and isinstance(value, getattr(sys.modules[library], kind, ()))
        for library, kind in kinds
    )


def _run_plan(plan: Plan, notebook: Notebook, twins: Any) -> None:
    """Fetch a plan's lines in order; what arrived is in the notebook whatever happens to the others."""
    faults: dict[str, list[str]] = {}
    arrived: list[str] = []
    lines: list[str] = []
    hopeless = False
    try:
        with Progress(shown=not plan.quiet) as progress:  # one display that every twin takes part in
            for row in plan.rows:
                fault = row.fault or ("not tried" if hopeless else "")
                if row.command and not fault:
                    try:
                        result = twins.table(**row.command.arguments, progress=progress)
                    except HsError as error:
                        hopeless, fault = isinstance(error, _HOPELESS), str(error)
                    else:
                        notebook.put(row.command.into, result)
                        arrived.append(row.command.into)
                        lines.append(_summary(row.command, result, twins))
                if fault:
                    faults.setdefault(fault, []).append(f"{row.number} ({row.text})")
    finally:
        if lines and not plan.quiet:
            notebook.say("\n".join(lines))
    if faults:
        raise HsError(_told(faults, arrived, len(plan.rows)))


def _told(faults: Mapping[str, list[str]], arrived: list[str], lines: int) -> str:
    """Say which lines of a plan failed and why; lines with one reason together."""
    came = f"{', '.join(arrived)} arrived" if arrived else "nothing arrived"
    failed = sum(len(rows) for rows in faults.values())
    reasons = [
        f"line{'s' if len(rows) > 1 else ''} {', '.join(rows)}: {fault}" for fault, rows in faults.items()
    ]
    return f"{failed} of {lines} lines failed, {came}: {'; '.join(reasons)}"
