"""HyperStudy data in a notebook: ``%load_ext hs_jupyter``, or ``import hs_jupyter as hs``.

Every line of the ``%hs`` language has a Python twin of the same name here. Names load what they need
when they are first used, so importing this costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

_FUNCTIONS = (
    "agent_decisions",
    "agent_runs",
    "align",
    "bundle",
    "chat",
    "check_access",
    "components",
    "connect",
    "connection",
    "consent",
    "counts",
    "demo",
    "deployments",
    "download",
    "events",
    "experiment",
    "experiments",
    "explore",
    "eyetracking",
    "instructions",
    "login",
    "logout",
    "mirror",
    "participants",
    "plot",
    "quality",
    "questionnaire",
    "ratings",
    "recordings",
    "rooms",
    "save",
    "sql",
    "stimulus_time",
    "store",
    "sync",
    "synchrony",
    "table",
    "variables",
    "videochat",
)

_CLASSES = {
    "Bundle": "bundles",
    "Explorer": "explorer.widget",
    "Selection": "explorer.selection",
    "TimeWindow": "explorer.selection",
}

__all__ = ["load_ipython_extension", "unload_ipython_extension", *_CLASSES, *_FUNCTIONS]  # noqa: PLE0604 - all are text


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name == "__version__":
        from importlib.metadata import version

        return version("hs-jupyter")
    if name in _CLASSES:
        from importlib import import_module

        return getattr(import_module(f"hs_jupyter.{_CLASSES[name]}"), name)
    if name in _FUNCTIONS:
        import hs_jupyter.functions

        return getattr(hs_jupyter.functions, name)
    raise AttributeError(f"module 'hs_jupyter' has no attribute '{name}'")


def __dir__() -> list[str]:
    """List the public names."""
    return sorted({*__all__, "__version__", "errors"})


def load_ipython_extension(ipython: InteractiveShell) -> None:
    """Give the notebook ``%hs``, ``%%hs`` and the plot renderer."""
    from hs_jupyter import magics, renderer

    magics.load(ipython)
    renderer.enable()


def unload_ipython_extension(ipython: InteractiveShell) -> None:
    """Take them away again, and restore what was there."""
    from hs_jupyter import magics, renderer

    renderer.disable()
    magics.unload(ipython)
