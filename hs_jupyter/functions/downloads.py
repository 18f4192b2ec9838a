"""Carry a download out: ask, write, fetch recordings, and say what must be known."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from hs_jupyter.errors import HsError, InputError
from hs_jupyter.functions.plans import gather
from hs_jupyter.functions.session import connection, say
from hs_jupyter.manner import current_manner
from hs_jupyter.progress import FileProgress
from hs_jupyter.scope import Scope

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from hs_jupyter.catalog import DataType
    from hs_jupyter.downloading import Download
    from hs_jupyter.scope import ScopeKind

_PEOPLE, _RECORDINGS = "participants", "recordings"


def run_download(
    scope: Scope,
    kinds: list[DataType],
    folder: Path,
    format_: str,
    *,
    recordings: bool,
    pseudonyms: bool,
    pii: bool,
    progress: bool,
) -> pa.Table:
    """Download; see `hs_jupyter.download`."""
    from hs_jupyter.downloading import Download

    if pseudonyms and pii:
        raise InputError("--pii keeps e-mail addresses, and --pseudonyms tells nobody's: give one of them")
    one = Download(scope, folder, format_, kinds, recordings=recordings, pseudonyms=pseudonyms)
    with one.alone():
        try:
            tables, failed = gather(scope, one.kinds, pii=pii, progress=progress)
            if pseudonyms and _PEOPLE not in tables:
                _add_people(scope, tables, failed)
            one.write(tables, failed)
            if recordings and _RECORDINGS in tables:
                _fetch_recordings(one, _asked_of(tables[_RECORDINGS]), progress=progress)
        finally:
            for note in one.notes if progress else ():
                say(note)
            for alarm in one.alarms:
                say(alarm, alarm=True)
    return one.manifest()


def _add_people(scope: Scope, tables: dict[str, pa.Table], failed: dict[str, str]) -> None:
    """Ask who took part, so that names are known that stand in texts alone."""
    from hs_jupyter.catalog import data_type

    whole = Scope("room", scope.room) if scope.kind == "participant" and scope.room else scope
    try:
        found, refused = gather(whole, [data_type(_PEOPLE)], progress=False)
    except HsError as problem:
        found, refused = {}, {_PEOPLE: str(problem)}
    tables |= found
    failed |= refused


def _asked_of(table: pa.Table) -> Scope:
    """Return the scope a table is of: by its ID, where it was asked for by name."""
    from hs_jupyter.tables.facts import facts_of

    found = facts_of(table).scope
    return Scope(cast("ScopeKind", found["kind"]), found["id"] or "", found["room"])


def _fetch_recordings(one: Download, scope: Scope, *, progress: bool) -> None:
    from hs_jupyter.api.asking import LONGEST_WAIT_SEC, policy_of
    from hs_jupyter.api.transport import Transport
    from hs_jupyter.recording_files import Mirror, Road

    now, manner = connection(), current_manner()
    with FileProgress(shown=progress, what="recordings") as bar:
        if now.folder is not None:
            one.fetch_recordings(Mirror(now.folder), bar)
            return
        if manner.offline:
            one.report_no_recordings("its file comes from the service, and --offline never asks it")
            return
        longest = float("inf") if manner.wait else LONGEST_WAIT_SEC
        transport = Transport(now)
        try:
            one.fetch_recordings(Road(transport, policy_of(now), now.base_url, scope, longest), bar)
        finally:
            transport.close()
