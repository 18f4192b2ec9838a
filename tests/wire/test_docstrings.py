"""Every example in a docstring runs, on the demo study where it asks for data."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from typing import TYPE_CHECKING

import pytest

import hs_jupyter as hs

if TYPE_CHECKING:
    from pathlib import Path

    from hs_jupyter.demo_study import DemoStudy

MODULES = sorted(
    found.name
    for found in pkgutil.walk_packages(hs.__path__, "hs_jupyter.")
    if not found.name.endswith("__main__")
)
FUNCTIONS = [name for name in hs.__all__ if "ipython" not in name]
TYPED_BY_HAND = {"login", "logout"}  # they ask for a key


@pytest.fixture(autouse=True)
def connected(on_demo: DemoStudy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_s_examples_run(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name), report=False)
    assert failed == 0


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - TYPED_BY_HAND))
def test_a_public_function_has_an_example_that_runs(name: str) -> None:
    (documented,) = doctest.DocTestFinder(recurse=False).find(getattr(hs, name), name, globs={})
    assert documented.examples
    assert doctest.DocTestRunner().run(documented).failed == 0
