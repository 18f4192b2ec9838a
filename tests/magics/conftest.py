"""Each test has its own IPython, whose ``run`` raises, and Python twins that only record."""

from __future__ import annotations

import sys

import pytest
from hypothesis import HealthCheck, settings
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from hs_jupyter import magics
from hs_jupyter.api.connection import Connection
from hs_jupyter.api.keys import ApiKey

settings.register_profile(
    "magics", derandomize=True, deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("magics")


class TestingShell(InteractiveShell):
    """An IPython that raises what a cell raises, and returns its last value."""

    __test__ = False

    def run(self, cell: str):
        result = self.run_cell(cell, store_history=True)
        result.raise_error()
        return result.result


class FakeTwins:
    """Stands for ``hs_jupyter.functions``: records each call, answers with rows or an error."""

    def __init__(self) -> None:
        self.calls = []
        self.answers = {"store": []}
        key = ApiKey("hst_live_abcdefghijkl")
        self.link = Connection("https://api.hyperstudy.io/api/v3", key, None, "%hs login")

    def connection(self):
        return self.link

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)

        def twin(*args, **arguments):
            self.calls.append((name, *args, arguments))
            key = arguments.get("type", name)
            answer = self.answers.get(
                key, self.answers.get(name, [{"onset_sec": -62.0}, {"onset_sec": 700.0}])
            )
            if isinstance(answer, BaseException):
                raise answer
            return answer(arguments) if callable(answer) else answer

        return twin


@pytest.fixture
def bare_shell(tmp_path, monkeypatch):
    """An IPython without ``%hs``, in a folder of its own, with its history off."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.chdir(tmp_path)
    kept = (sys.displayhook, sys.excepthook)
    config = Config(HistoryManager={"enabled": False})
    shell = TestingShell(config=config)
    shell.Completer.use_jedi = False
    yield shell
    magics.unload(shell)
    shell.restore_sys_module_state()
    sys.displayhook, sys.excepthook = kept


@pytest.fixture
def twins():
    return FakeTwins()


@pytest.fixture
def shell(bare_shell, twins):
    magics.load(bare_shell, twins)
    return bare_shell


@pytest.fixture
def demo_shell(on_demo, bare_shell):
    """An IPython with the real twins, connected to the demo study."""
    magics.load(bare_shell)
    return bare_shell
