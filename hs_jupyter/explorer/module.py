"""The browser's part of the explorer: an ES module, its style, and Vega apart, built into the package."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hs_jupyter.errors import HsError
from hs_jupyter.explorer.answers import VegaAnswer
from hs_jupyter.explorer.desk import Reply

if TYPE_CHECKING:
    from hs_jupyter.explorer.host import Host
    from hs_jupyter.explorer.messages import Vega
    from hs_jupyter.explorer.tasks import Task

STATIC = Path(__file__).parent / "static"


def browser_part(name: str) -> str:
    """Read ``explorer.js``, ``explorer.css`` or ``vega.js``.

    Raises
    ------
    HsError
        If it was not built: only in a copy of the sources.
    """
    try:
        return (STATIC / name).read_text("utf-8")
    except FileNotFoundError:
        raise HsError(
            f"the explorer's part for the browser ({name}) is missing in this copy of hs_jupyter: "
            "build it with `npm --prefix js ci` and `npm --prefix js run build`, or install the package from a wheel"
        ) from None


def vega(_request: Vega, _host: Host, _task: Task) -> Reply:
    """Send Vega. JupyterLab's extension has its own, which explorers then share: only other hosts ask."""
    return Reply(VegaAnswer(browser_part("vega.js")))
