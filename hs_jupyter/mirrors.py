"""A whole experiment as a folder of Parquet that answers like the service, without it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from hs_jupyter.catalog import DATA_TYPES, LISTS, DataType
from hs_jupyter.errors import ApiError, AuthenticationError, InputError, NotStoredError
from hs_jupyter.masking import EMAIL
from hs_jupyter.query import Query
from hs_jupyter.scope import Scope
from hs_jupyter.storage import open_mirror
from hs_jupyter.tables.build import sort_table
from hs_jupyter.tables.facts import Facts, facts_of, with_facts
from hs_jupyter.tables.join import join_tables
from hs_jupyter.tables.narrow import email_columns, is_email_name, without_emails

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from hs_jupyter.fetching import OnProgress
    from hs_jupyter.storage import Holding, Space
    from hs_jupyter.study import Study

_FACTS = "mirror"
_OF_THE_SERVICE = frozenset({"check-access", "counts"})
"""What says something about the service and not about the experiment."""

_EMAIL = object()


@dataclass(frozen=True)
class MirrorFacts:
    """What a mirrored study says about itself.

    Attributes
    ----------
    demo
        Whether it is of the demo study.
    experiments
        The experiments in it, with the time (ISO 8601, UTC) at which each was brought up to date.
    """

    demo: bool = False
    experiments: Mapping[str, str] = field(default_factory=dict)


def facts_of_mirror(folder: Path) -> MirrorFacts:
    """Read what a mirrored study says about itself.

    Raises
    ------
    InputError
        If the folder is none.
    """
    held = open_mirror(folder).get_record(_FACTS) or {}
    experiments = held.get("experiments")
    return MirrorFacts(bool(held.get("demo")), experiments if isinstance(experiments, dict) else {})


def write_mirror(
    study: Study,
    experiment: str,
    folder: Path,
    *,
    pii: bool = False,
    demo: bool = False,
    on_progress: OnProgress | None = None,
) -> pa.Table:
    """Bring a mirrored experiment up to date, or begin one.

    Every data type is brought into the study's own store first, where an interrupted run goes on; then
    what differs is copied, room by room.

    Parameters
    ----------
    study
        Where it comes from.
    experiment
        ID or exact name.
    folder
        Where it goes.
    pii
        Keep e-mail columns.
    demo
        Whether the study is the demo study.
    on_progress
        Sees every page.

    Returns
    -------
    pyarrow.Table
        One row per data type: ``type``, ``rows``, ``rooms``, ``bytes``, ``complete``, ``reason``.

    Raises
    ------
    InputError
        If the folder holds something else, or nothing is kept of this connection.
    NotFoundError, AuthenticationError, NetworkError
        If the experiment is unknown, or nothing can be asked.
    """
    if study.space is None:
        raise InputError("a mirror is made through the store, and nothing is kept of this connection")
    target = open_mirror(folder, create=True)
    record = study.experiment(experiment)
    scope = study.resolve(Scope("experiment", str(record.get("id") or experiment)))
    target.put_record(f"experiment={scope.id}", record if pii else _without_emails(record))
    copy = _Copy(study, study.space, target, scope, pii, on_progress)
    entries = [copy.entry(kind) for kind in (DATA_TYPES["rooms"], *_kinds())]
    entries += [copy.listed(kind) for kind in LISTS.values()]
    brought = dict((target.get_record(_FACTS) or {}).get("experiments") or {})
    now = datetime.now(UTC).isoformat(timespec="seconds")
    target.put_record(_FACTS, {"demo": demo, "experiments": {**brought, scope.id: now}})
    return _manifest(entries, scope, now)


def _without_emails(value: Any) -> Any:
    """Leave out what holds an e-mail address: by its name, or as it looks."""
    if isinstance(value, dict):
        kept = {name: _without_emails(one) for name, one in value.items() if not is_email_name(name)}
        return {name: one for name, one in kept.items() if one is not _EMAIL}
    if isinstance(value, list):
        return [one for one in map(_without_emails, value) if one is not _EMAIL]
    return _EMAIL if isinstance(value, str) and EMAIL.fullmatch(value.strip()) else value


def _kinds() -> Iterator[DataType]:
    for kind in DATA_TYPES.values():
        if kind.view is None and kind.name not in _OF_THE_SERVICE and kind.name != "rooms":
            yield kind


@dataclass(frozen=True)
class _Copy:
    """One experiment on its way from the store to a mirror."""

    study: Study
    space: Space
    target: Space
    scope: Scope
    pii: bool
    on_progress: OnProgress | None

    def entry(self, kind: DataType) -> dict[str, Any]:
        """Copy one data type; say what is there, or why it is not."""
        try:
            held = self._of_rooms(kind) if "experiment" not in kind.scopes else self._of_experiment(kind)
        except AuthenticationError:
            raise
        except (ApiError, NotStoredError) as problem:
            return {
                "type": kind.table,
                "rows": 0,
                "rooms": 0,
                "bytes": 0,
                "complete": False,
                "reason": str(problem),
            }
        return {
            "type": kind.table,
            "rows": sum(one.rows for one in held),
            "rooms": sum(bool(one.rows) for one in held if one.scope.kind == "room"),
            "bytes": sum(one.bytes for one in held),
            "complete": all(one.facts.complete for one in held),
            "reason": None,
        }

    def listed(self, kind: DataType) -> dict[str, Any]:
        """Copy this experiment's rows of a list of everything, beside those of others in the mirror."""
        everything = Scope("user")
        query = Query(kind, everything, pii=True)
        table = self.study.table(query, self.on_progress)
        facts = facts_of(table)
        rows = self._shed(table.filter(pc.equal(table["experimentId"], self.scope.id)), kind)
        before = self.target.find(kind, everything)
        if before is not None:
            others = before.read()
            rows = join_tables([others.filter(pc.not_equal(others["experimentId"], self.scope.id)), rows])
        held = self.target.keep(kind, everything, sort_table(rows, kind), facts, announced=rows.num_rows)
        return {
            "type": kind.table,
            "rows": held.rows,
            "rooms": 0,
            "bytes": held.bytes,
            "complete": True,
            "reason": None,
        }

    def _of_experiment(self, kind: DataType) -> list[Holding]:
        held = self.study.keep(Query(kind, self.scope), self.on_progress)
        if not kind.by_room or held.rows != sum(
            one.rows for one in self.space.rooms(kind, self.scope.id).values()
        ):
            return [self._put(held, self.target.find(kind, self.scope))]
        there = self.target.rooms(kind, self.scope.id)
        copies = [
            self._put(one, there.get(room)) for room, one in self.space.rooms(kind, self.scope.id).items()
        ]
        self.target.join_rooms(kind, self.scope.id, held.rooms, held.facts, announced=held.announced)
        return copies

    def _of_rooms(self, kind: DataType) -> list[Holding]:
        """Copy what the service has for single rooms only: variables."""
        rooms = self.target.find(DATA_TYPES["rooms"], self.scope)
        named = rooms.read(columns=["roomId"])["roomId"].to_pylist() if rooms is not None else []
        copies = []
        for room in named:
            scope = Scope("room", room)
            copies.append(
                self._put(
                    self.study.keep(Query(kind, scope), self.on_progress), self.target.find(kind, scope)
                )
            )
        return copies

    def _put(self, held: Holding, there: Holding | None) -> Holding:
        """Copy a holding, unless the mirror has just that."""
        if there is not None and self._same(held, there):
            return there
        table = self._shed(held.read(), held.type)
        return self.target.keep(
            held.type,
            held.scope,
            table,
            held.facts,
            announced=held.announced,
            experiment=self.scope.id,
            rooms=held.rooms,
        )

    def _same(self, held: Holding, there: Holding) -> bool:
        left_out = [] if self.pii else email_columns(held.columns, held.type)
        same_rows = (there.fetched_at, there.rows) == (held.fetched_at, held.rows)
        return same_rows and set(there.columns) == set(held.columns) - set(left_out)

    def _shed(self, table: pa.Table, kind: DataType) -> pa.Table:
        return table if self.pii else without_emails(table, kind)[0]


def _manifest(entries: list[dict[str, Any]], scope: Scope, now: str) -> pa.Table:
    names = {"type": pa.string(), "rows": pa.int64(), "rooms": pa.int64(), "bytes": pa.int64()}
    names |= {"complete": pa.bool_(), "reason": pa.string()}
    table = pa.table({name: pa.array([one[name] for one in entries], type_) for name, type_ in names.items()})
    missing = [one["type"] for one in entries if one["reason"]]
    facts = Facts(
        type="mirror",
        scope={"kind": scope.kind, "id": scope.id, "room": None},
        fetched_at=now,
        complete=not missing,
        warnings=(f"the mirror may be incomplete: {', '.join(missing)} could not be read",)
        if missing
        else (),
    )
    return with_facts(table, facts)
