"""Altair without a wait of two seconds for a grammar that it does not use."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

_GRAMMAR = "rfc3987_syntax"


def import_altair() -> None:
    """Import Altair; the grammar of international addresses is compiled when one is checked, as by nobody here.

    Altair brings jsonschema, and that, where Jupyter is installed, a package that compiles its grammar as it
    is imported. A stand-in with the one function that jsonschema takes from it compiles it then.
    """
    if "jsonschema" in sys.modules or _GRAMMAR in sys.modules or find_spec(_GRAMMAR) is None:
        return
    stand_in = ModuleType(_GRAMMAR)
    stand_in.is_valid_syntax = _is_valid_syntax  # type: ignore[attr-defined]
    sys.modules[_GRAMMAR] = stand_in
    try:
        import altair  # noqa: F401, ICN001
    finally:
        if sys.modules.get(_GRAMMAR) is stand_in:
            del sys.modules[_GRAMMAR]


def _is_valid_syntax(term: str, value: str) -> bool:
    return bool(import_module(_GRAMMAR).is_valid_syntax(term, value))
