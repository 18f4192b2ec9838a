"""The browser's part of the explorer: one ES module and its style, built into the package."""

from __future__ import annotations

from pathlib import Path

from hs_jupyter.errors import HsError

STATIC = Path(__file__).parent / "static"


def browser_part(name: str) -> str:
    """Read ``explorer.js`` or ``explorer.css``.

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
