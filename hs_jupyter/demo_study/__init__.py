"""The demo study: an embedded service on loopback that speaks the documented API.

For workshops and tests without a key: a film experiment with planted truths (see ``truths``), served
over HTTP from an embedded database by a process of its own.

Examples
--------
>>> from hs_jupyter.demo_study import start
>>> study = start()  # doctest: +SKIP
>>> study.base_url  # doctest: +SKIP
'http://127.0.0.1:53187/api/v3'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hs_jupyter.demo_study.launch import DemoStudy, start

__all__ = ["DemoStudy", "start"]


def __getattr__(name: str) -> object:
    """Load the launcher when it is asked for: importing this package stays free."""
    if name in __all__:
        from hs_jupyter.demo_study import launch

        return getattr(launch, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
