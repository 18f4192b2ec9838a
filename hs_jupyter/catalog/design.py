"""The tables of one experiment's design: states, roles, components."""

from __future__ import annotations

from hs_jupyter.catalog.model import Column, DataType

_PATH = "experiments/{id}"


def _part(table: str, meaning: str, *columns: Column) -> DataType:
    return DataType(
        name=table,
        table=table,
        meaning=meaning,
        path=_PATH,
        scopes=("experiment",),
        key_scope="read:experiments",
        columns=columns,
        paged=False,
    )


STATES = _part(
    "states",
    "the experiment's states, in order",
    Column("order", "int", "position, from 0"),
    Column("stateId", "text", "the state"),
    Column("stateName", "text", "its label"),
    Column("componentType", "text", "what the state shows"),
    Column("componentId", "text", "the component shown"),
    Column("transition", "text", "how it ends: button, TIMED, SYNCHRONIZED"),
    Column("durationMs", "float", "for timed states, how long it lasts", unit="ms"),
    Column("config", "json", "the component's configuration"),
)
ROLES = _part(
    "roles",
    "the experiment's roles",
    Column("role", "text", "the role"),
    Column("participantCount", "int", "how many play it"),
    Column("mode", "text", "human or agent"),
    Column("personaId", "text", "the agent's persona"),
)
GLOBAL_COMPONENTS = _part(
    "global_components",
    "components present in several states",
    Column("componentType", "text", "the component"),
    Column("config", "json", "its configuration"),
)
