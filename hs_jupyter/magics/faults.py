"""A fault of our own: one line for the notebook, and a report to send when it is asked for."""

from __future__ import annotations

import platform
import traceback
from importlib.metadata import PackageNotFoundError, version

from hs_jupyter.masking import mask_secrets

_TOLD = ("hs-jupyter", "ipython", "ipykernel", "pandas", "pyarrow", "altair", "duckdb")
_MOST_CHARACTERS = 200


def fault_sentence(error: BaseException) -> str:
    """Word an unforeseen exception, and how to report it."""
    text = " ".join(str(error).split())  # the error it goes into masks secrets
    text = text if len(text) <= _MOST_CHARACTERS else text[:_MOST_CHARACTERS] + "…"
    what = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return (
        f"unexpected {what} (a fault of hs_jupyter, not yours): please report it with what %hs --debug shows"
    )


def fault_report(error: BaseException) -> str:
    """Write what a report needs: versions and the traceback, secrets masked."""
    versions = "\n".join(f"{name} {_version(name)}" for name in _TOLD)
    trace = "".join(traceback.format_exception(error))
    return mask_secrets(f"Python {platform.python_version()} on {platform.platform()}\n{versions}\n{trace}")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
