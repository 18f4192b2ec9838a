"""What all tests share: a running demo study with folders of its own."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hs_jupyter.demo_study import DemoStudy


@pytest.fixture(autouse=True)
def _own_store(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test's records out of the user's store, and of other tests'."""
    monkeypatch.setenv("HS_JUPYTER_STORE", str(tmp_path_factory.mktemp("store")))
    if session := sys.modules.get("hs_jupyter.functions.session"):
        session._CURRENT.study = None  # it may hold another test's store


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep the demo study's files out of the user's folders; parallel workers share them."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demo"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HS_JUPYTER_DEMO_DIR", str(folder))
        yield folder


@pytest.fixture(scope="session")
def demo(demo_folder: Path) -> Iterator[DemoStudy]:
    """A running demo study: ``demo.base_url``, ``demo.api_key``."""
    from hs_jupyter.demo_study import start

    with start() as study:
        yield study


@pytest.fixture
def on_demo(demo: DemoStudy) -> Iterator[DemoStudy]:
    """Connect this process to the demo study, as ``%hs demo`` does."""
    from hs_jupyter.functions import session

    before = session._SESSION.snapshot()
    session._SESSION.use_demo(demo.base_url, demo.api_key, study_key=demo.parameters.study_key)
    yield demo
    session._SESSION.restore(before)
