"""What is kept on this machine, and a whole experiment as a folder: ``store``, ``mirror``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from hs_jupyter.catalog import data_type
from hs_jupyter.errors import InputError
from hs_jupyter.functions.downloads import run_download
from hs_jupyter.functions.manners import with_manner
from hs_jupyter.functions.records import tell
from hs_jupyter.functions.session import connection, current_study
from hs_jupyter.progress import join
from hs_jupyter.scope import Scope, scope_of

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    import pyarrow as pa

    from hs_jupyter.storage import Holding


def store(
    *,
    clear: bool = False,
    experiment: str | None = None,
    room: str | None = None,
    participant: str | None = None,
    yes: bool = False,
    as_: str = "pandas",
) -> Any:
    """List what is kept on this machine of the connected study, or clear it.

    Parameters
    ----------
    clear
        Forget what is kept: of one scope, or with ``yes`` of the whole study. It can be fetched again.
    experiment, room, participant
        What to clear. Of a participant, everything is cleared in which the ID appears, in every room.
    yes
        Clear everything.
    as_
        The form of the table, as in `table`.

    Returns
    -------
    pandas.DataFrame, polars.DataFrame, pyarrow.Table or list of dict
        One row per type and scope, an experiment's rooms together: ``type``, ``scope``, ``rows``,
        ``bytes``, ``fetched_at`` and ``checked_at`` (UTC; when the service last said that nothing is
        new). After clearing, what was cleared.

    Raises
    ------
    InputError
        If everything is to be cleared without ``yes``, or nothing is kept of this connection.
    StoreError
        If the store cannot be changed: a mirrored study is read-only.

    Examples
    --------
    On the demo study (``hs.demo()``):

    >>> import hs_jupyter as hs
    >>> chat = hs.chat(room="room_pair_01", progress=False)
    >>> "chat" in set(hs.store()["type"])
    True
    """
    from hs_jupyter.tables.output import check_output, hand_over

    check_output(as_)
    space = current_study().space
    if space is None:
        raise InputError(
            "nothing is kept of this connection: another server on this machine than the demo study"
        )
    named = [one for one in (experiment, room, participant) if one is not None]
    before = list(space.holdings())
    if not clear:
        if named:
            raise InputError(
                "the list is of everything kept; to forget a scope: hs.store(clear=True, room=...)"
            )
        return hand_over(_kept_table(before), as_)
    if len(named) > 1:
        raise InputError("clear one scope: experiment=, room= or participant= (in every room)")
    if not named and not yes:
        size = sum(one.bytes for one in before) / 1e6
        raise InputError(
            f"this clears all {len(before)} tables ({size:,.1f} MB) kept of this study: add --yes (yes=True)"
        )
    scope = Scope("participant", participant) if participant is not None else None
    space.clear(scope or (scope_of(experiment, room) if named else None))
    left = {(one.type.name, one.scope) for one in space.holdings()}
    return hand_over(_kept_table(one for one in before if (one.type.name, one.scope) not in left), as_)


@with_manner
def mirror(
    experiment: str,
    *,
    to: str | os.PathLike[str],
    recordings: bool = False,
    pii: bool = False,
    progress: bool = True,
) -> Any:
    """Write a whole experiment as a folder that ``hs.connect(folder=...)`` opens, without key or network.

    The folder is a hive-partitioned Parquet dataset (``data/TABLE/experiment=…/room=…``) that DuckDB,
    Dask, Spark and polars read, too. Run again, it is brought up to date; several experiments may share
    one folder.

    Parameters
    ----------
    experiment
        Its ID or its exact name.
    to
        The folder; made if it is not there.
    recordings
        Also the recordings' files, in ``recordings/experiment=…``; an interrupted run goes on with them, too.
    pii
        Keep e-mail columns, which are left out otherwise.
    progress, refresh, offline, yes, wait
        As in `table`.

    Returns
    -------
    pandas.DataFrame
        One row per data type: ``type``, ``rows``, ``rooms``, ``bytes``, ``complete``, and ``reason`` where it
        is not there.

    Raises
    ------
    InputError
        If the folder holds something else, or cannot be written.
    NotFoundError
        If there is no such experiment.
    ApiError, NetworkError, CredentialsError
        As the service answers; what is in the folder by then stays, and the next run goes on.

    Examples
    --------
    On the demo study (``hs.demo()``):

    >>> import hs_jupyter as hs
    >>> written = hs.mirror("exp_film_solo", to="film_alone", progress=False)
    >>> hs.connect(folder="film_alone").demo
    True
    >>> len(hs.rooms(experiment="exp_film_solo"))
    24
    >>> study = hs.demo()  # back to the service
    """
    from hs_jupyter.mirrors import write_mirror
    from hs_jupyter.tables.facts import facts_of
    from hs_jupyter.tables.output import to_pandas

    study, demo, folder = current_study(), connection().demo, Path(to).expanduser()
    with join(progress) as bar:
        written = write_mirror(study, experiment, folder, pii=pii, demo=demo, on_progress=bar)
    tell(written, progress=bool(progress))
    if recordings:
        _mirror_recordings(facts_of(written).scope["id"] or experiment, folder, pii=pii, progress=progress)
    return to_pandas(written)


def _mirror_recordings(experiment: str, folder: Path, *, pii: bool, progress: bool) -> None:
    run_download(
        Scope("experiment", experiment),
        [data_type("recordings")],
        folder / "recordings" / f"experiment={quote(experiment, safe='')}",
        "parquet",
        recordings=True,
        pseudonyms=False,
        pii=pii,
        progress=progress,
    )


def _kept_table(holdings: Iterable[Holding]) -> pa.Table:
    import pyarrow as pa

    everything = list(holdings)
    covered = {(one.type.name, room) for one in everything for room in one.rooms}
    alone = [one for one in everything if (one.type.name, one.scope.room_id) not in covered]
    held = sorted(alone, key=lambda one: (one.type.table, one.scope.kind, one.scope.id))
    instant = pa.timestamp("us", tz="UTC")
    return pa.table(
        {
            "type": pa.array([one.type.table for one in held], pa.string()),
            "scope": pa.array([str(one.scope) for one in held], pa.string()),
            "rows": pa.array([one.rows for one in held], pa.int64()),
            "bytes": pa.array([one.bytes for one in held], pa.int64()),
            "fetched_at": pa.array([one.fetched_at for one in held], instant),
            "checked_at": pa.array([one.checked_at for one in held], instant),
        }
    )
