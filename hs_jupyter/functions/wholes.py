"""Everything of a scope: bundle, plot, SQL, download."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hs_jupyter.bundles import Bundle
from hs_jupyter.catalog import DATA_TYPES, DataType, data_type
from hs_jupyter.errors import InputError
from hs_jupyter.functions.manners import with_manner
from hs_jupyter.functions.plans import gather, kinds_of
from hs_jupyter.scope import Scope, scope_of

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    import altair as alt

_DRAWN = tuple(one.table for one in DATA_TYPES.values() if one.drawn)


@with_manner
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


@with_manner
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


@with_manner
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


@with_manner
def download(
    *,
    experiment: str | None = None,
    room: str | None = None,
    participant: str | None = None,
    to: str | os.PathLike[str],
    format: str = "csv",  # noqa: A002 - the option's own word
    types: Sequence[str] | str | None = None,
    recordings: bool = False,
    pseudonyms: bool = False,
    pii: bool = False,
    progress: bool = True,
) -> Any:
    """Write the tables of a scope as files, with a manifest of counts and checksums.

    Parameters
    ----------
    to
        The folder; made if it is not there. Files of an earlier download are replaced; recordings only
        where they changed. After an interrupt the next download goes on where this one was.
    format
        ``"csv"`` (flattened, UTF-8 with BOM, text cells safe from being formulas), ``"parquet"`` or
        ``"json"``.
    types
        Only these data types.
    recordings
        Also the recordings' files, as ``recordings/PARTICIPANT_TYPE_RECORDING.FORMAT``; the column
        ``file`` of the recordings' table names them, ``missing_because`` says why one is not there.
    pseudonyms
        P001, P002... in the place of participants' IDs and names (AI participants', too), the same in all
        tables and files of the folder. E-mail and telephone addresses, IP addresses and owners are left
        out; rooms keep their IDs. Who is who is in ``TO-pseudonyms.csv`` beside the folder, readable by
        you alone; while it is there, a later download gives the same people the same pseudonyms.

        In texts (messages, answers, nested values) an ID, a display name or a word of one is replaced
        wherever it stands as a whole word, in upper or lower case; a name that several people bear means
        the one in that room, else it becomes P000. What cannot be found stays: nicknames, misspelt names,
        names of people who did not take part, names of one letter, what somebody tells about themselves;
        and a recording shows face and voice. Read the texts before you share them.
    experiment, room, participant, pii, progress, refresh, offline, yes, wait
        As in `table`.

    Returns
    -------
    pandas.DataFrame
        One row per file: ``type``, ``file``, ``rows`` (of tables), ``bytes``, ``sha256``, ``complete``. A
        recording that could not be had has no row; it is named in a sentence, and in the manifest.

    Raises
    ------
    InputError
        If the folder holds files of these names that no download wrote, or cannot be written, or has
        files with IDs where pseudonyms are asked for (or the other way round).

    Examples
    --------
    On the demo study (``hs.demo()``):

    >>> import hs_jupyter as hs
    >>> written = hs.download(room="room_pair_01", to="data", format="parquet", types="chat")
    >>> written["file"].tolist(), written["rows"].tolist()
    (['chat.parquet'], [8])
    >>> shared = hs.download(room="room_pair_01", to="shared", types="chat", pseudonyms=True, progress=False)
    >>> import pandas as pd
    >>> sorted(pd.read_csv("shared/chat.csv")["senderName"].unique())
    ['P001', 'P002']
    """
    from hs_jupyter.functions.downloads import run_download
    from hs_jupyter.tables.output import to_pandas

    scope = scope_of(experiment, room, participant)
    written = run_download(
        scope,
        kinds_of(types, scope),
        Path(to),
        format,
        recordings=recordings,
        pseudonyms=pseudonyms,
        pii=pii,
        progress=progress,
    )
    return to_pandas(written).astype({"rows": "Int64"})


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
