"""One experiment's record becomes the tables of its design."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hs_jupyter.catalog import LISTS, DataType
from hs_jupyter.catalog.design import GLOBAL_COMPONENTS, ROLES, STATES
from hs_jupyter.tables.collect import TableBuilder

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from hs_jupyter.scope import Scope

_PARTS = ("states", "roles", "globalComponents")


def design_tables(record: Mapping[str, Any], scope: Scope) -> dict[str, pa.Table]:
    """Return ``experiment`` (one row), ``states``, ``roles`` and ``global_components``.

    Parameters
    ----------
    record
        One experiment as the service sends it; every part may be absent or of an unknown form.
    """
    head = {key: value for key, value in record.items() if key not in _PARTS}
    return {
        "experiment": _table(LISTS["experiments"], [head], scope),
        "states": _table(STATES, [_state(one) for one in _entries(record.get("states"))], scope),
        "roles": _table(ROLES, [{"role": name, **one} for name, one in _named(record.get("roles"))], scope),
        "global_components": _table(
            GLOBAL_COMPONENTS,
            [{"componentType": name, "config": one} for name, one in _named(record.get("globalComponents"))],
            scope,
        ),
    }


def _table(kind: DataType, rows: list[dict[str, Any]], scope: Scope) -> pa.Table:
    builder = TableBuilder(kind, scope)
    builder.add(rows)
    return builder.table()


def _state(state: Mapping[str, Any]) -> dict[str, Any]:
    shown, rules = _mapping(state.get("focusComponent")), _mapping(state.get("transitionRules"))
    return {
        "order": state.get("order"),
        "stateId": state.get("id"),
        "stateName": state.get("name"),
        "componentType": shown.get("type"),
        "componentId": shown.get("id"),
        "transition": rules.get("type"),
        "durationMs": rules.get("durationMs"),
        "config": shown.get("config"),
    }


def _entries(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _named(value: Any) -> list[tuple[str, dict[str, Any]]]:
    return [(name, one if isinstance(one, dict) else {}) for name, one in _mapping(value).items()]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
