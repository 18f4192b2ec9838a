"""Everything of a scope: bundle, plot, SQL, download."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hs_jupyter.bundles import Bundle
from hs_jupyter.catalog import DATA_TYPES, DataType, data_type
from hs_jupyter.errors import InputError
from hs_jupyter.functions.plans import gather, kinds_of
from hs_jupyter.scope import Scope, scope_of

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    import altair as alt

_DRAWN = tuple(one.table for one in DATA_TYPES.values() if one.drawn)


def bundle(
    *,
    experiment: str | None = None,
    room: str | None = None,
    participant: str | None = None,
    types: Sequence[str] | str | None = None,
    from_: Any = None,
    to: Any = None,
    as_: str = "pandas",
    pii: bool = False,
    progress: bool = True,
) -> Bundle:
    """Return every data type the key may read, one table each.

    Parameters
    ----------
    experiment, room, participant, from_, to, as_, pii, progress
        As in `table`; types without time come whole.
    types
        Only these data types.

    Returns
    -------
    Bundle
        Table name to table; what did not come is in ``.failed`` with its reason.

    Raises
    ------
    NotFoundError
        If the scope does not exist.
    ApiError, NetworkError, CredentialsError
        If nothing came at all.

    Examples
    --------
    On the demo study (``hs.demo()``):

    >>> import hs_jupyter as hs
    >>> both = hs.bundle(room="room_pair_01", types="sync,events")
    >>> both.sql("SELECT count(*) AS behind FROM sync WHERE timeDrift < 0")["behind"].tolist()
    [456]
    """
    from hs_jupyter.tables.output import check_output

    check_output(as_)
    scope = scope_of(experiment, room, participant)
    tables, failed = gather(scope, kinds_of(types, scope), from_=from_, to=to, pii=pii, progress=progress)
    return Bundle(tables, failed, as_)


def plot(
    *,
    experiment: str | None = None,
    room: str | None = None,
    participant: str | None = None,
    types: Sequence[str] | str | None = None,
    from_: Any = None,
    to: Any = None,
    progress: bool = True,
) -> alt.TopLevelMixin:
    """Draw ratings, sync, events, chat and recordings on one onset axis.

    Parameters
    ----------
    experiment, room, participant, from_, to, progress
        As in `table`. An experiment's rooms are laid over each other, each on its own onset.
    types
        Only these data types, for example ``"ratings,sync"``.

    Returns
    -------
    altair.VConcatChart
        An ordinary Altair chart: change it, ``chart.save("x.png")``, or ``hs.save(chart, "x.html")``.

    Raises
    ------
    InputError
        If a type cannot be drawn, or none of them has rows.
    ApiError, NetworkError, CredentialsError
        As the service answers.

    Examples
    --------
    On the demo study (``hs.demo()``):

    >>> import hs_jupyter as hs
    >>> chart = hs.plot(room="room_pair_01", types="ratings,sync")
    >>> type(chart).__name__
    'VConcatChart'
    """
    from hs_jupyter.charts import overlay_chart, timeline_chart

    scope = scope_of(experiment, room, participant)
    kinds = kinds_of(types if types is not None else _DRAWN, scope)
    for kind in kinds:
        if not kind.drawn:
            raise InputError(
                f"{kind.name} cannot be drawn on the onset axis (these can: {', '.join(_DRAWN)})"
            )
    tables, failed = gather(scope, kinds, from_=from_, to=to, progress=progress)
    if not tables:
        raise InputError(f"nothing of {scope} could be read: {'; '.join(failed.values())}")
    if not any(table.num_rows for table in tables.values()):
        raise InputError(
            f"{scope} has no {', '.join(tables)} to draw" + (" in this window" if from_ or to else "")
        )
    draw = overlay_chart if scope.kind == "experiment" else timeline_chart
    return draw(tables, title=str(scope))


def sql(
    query: str,
    *,
    experiment: str | None = None,
    room: str | None = None,
    participant: str | None = None,
    params: Mapping[str, Any] | None = None,
    frames: Mapping[str, Any] | None = None,
    from_: Any = None,
    to: Any = None,
    as_: str = "pandas",
    progress: bool = True,
) -> Any:
    """Run one SELECT (DuckDB) over the tables of a scope; only those it names are fetched.

    Parameters
    ----------
    query
        The query. Tables are named as in `bundle`; nested values are JSON text.
    params
        Values of its ``$name`` parameters; the text is never formatted.
    frames
        DataFrames by name; tables of the scope win.
    experiment, room, participant, from_, to, as_, progress
        As in `table`.

    Returns
    -------
    pandas.DataFrame, polars.DataFrame, pyarrow.Table or list of dict
        The query's result.

    Raises
    ------
    InputError
        If it is not one SELECT, names an unknown table, or lacks a parameter.

    Examples
    --------
    On the demo study (``hs.demo()``):

    >>> import hs_jupyter as hs
    >>> hs.sql("SELECT count(*) AS n FROM chat", room="room_pair_01")
       n
    0  8
    """
    from hs_jupyter.duck import Sql
    from hs_jupyter.tables.output import check_output, hand_over

    check_output(as_)
    scope = scope_of(experiment, room, participant)
    statement = Sql(query)
    known = dict(frames or {})
    named: dict[str, DataType] = {}
    for name in sorted(statement.tables):
        kind = _scope_type(name, scope)
        if kind is not None:
            named[name] = kind
        elif name not in known and name not in statement.defined:
            valid = ", ".join(one.table for one in DATA_TYPES.values() if scope.kind in one.scopes)
            raise InputError(f"SQL: no table '{name}' at {scope.kind} scope (there are: {valid})")
    tables, failed = gather(scope, [*named.values()], from_=from_, to=to, progress=progress)
    if failed:
        raise InputError(f"SQL: {'; '.join(f'{name}: {why}' for name, why in failed.items())}")

    def find(name: str) -> Any:
        return tables[named[name].table] if name in named else known.get(name)

    return hand_over(statement.run(find, params), as_)


def download(
    *,
    experiment: str | None = None,
    room: str | None = None,
    participant: str | None = None,
    to: str | os.PathLike[str],
    format: str = "csv",  # noqa: A002 - the option's own word
    types: Sequence[str] | str | None = None,
    pii: bool = False,
    progress: bool = True,
) -> Any:
    """Write the tables of a scope as files, with a manifest of counts and checksums.

    Parameters
    ----------
    to
        The folder; made if it is not there. Files of an earlier download are replaced.
    format
        ``"csv"`` (flattened, UTF-8 with BOM, text cells safe from being formulas), ``"parquet"`` or
        ``"json"``.
    types
        Only these data types.
    experiment, room, participant, pii, progress
        As in `table`.

    Returns
    -------
    pandas.DataFrame
        The manifest: ``type``, ``file``, ``rows``, ``bytes``, ``sha256``, ``complete``.

    Raises
    ------
    InputError
        If the folder holds files of these names that no download wrote, or cannot be written.

    Examples
    --------
    On the demo study (``hs.demo()``):

    >>> import hs_jupyter as hs
    >>> written = hs.download(room="room_pair_01", to="data", format="parquet", types="chat")
    >>> written["file"].tolist(), written["rows"].tolist()
    (['chat.parquet'], [8])
    """
    from hs_jupyter.downloads import check_target, write_tables
    from hs_jupyter.tables.output import to_pandas

    scope = scope_of(experiment, room, participant)
    kinds = kinds_of(types, scope)
    folder = check_target(Path(to), format, [one.table for one in kinds])
    tables, failed = gather(scope, kinds, pii=pii, progress=progress)
    return to_pandas(write_tables(tables, failed, scope, folder, format))


def save(chart: alt.TopLevelMixin, path: str | os.PathLike[str]) -> None:
    """Write a chart as ``.html`` (a page that needs no network), ``.png``, ``.svg`` or ``.json``.

    Raises
    ------
    InputError
        For another suffix.

    Examples
    --------
    >>> import hs_jupyter as hs
    >>> chart = hs.plot(room="room_pair_01", types="sync", progress=False)
    >>> hs.save(chart, "drift.svg")
    """
    from hs_jupyter.renderer import save as save_chart

    save_chart(chart, path)


def _scope_type(name: str, scope: Scope) -> DataType | None:
    try:
        kind = data_type(name)
    except InputError:
        return None
    return kind if scope.kind in kind.scopes else None
