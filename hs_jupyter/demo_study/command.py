"""``hs-jupyter demo``: the demo study in the foreground, for any client."""

from __future__ import annotations

import sys
from dataclasses import fields
from typing import TYPE_CHECKING

from hs_jupyter.demo_study.parameters import BOUNDS, Parameters
from hs_jupyter.errors import HsError

if TYPE_CHECKING:
    import argparse

HELP = {
    "seed": "random seed of the generated study",
    "rooms": "number of pair rooms; twice as many solo rooms",
    "hz": "samples per second of the continuous ratings",
    "minutes": "length of the film",
    "port": "port to listen on; 0 takes a free one",
    "limits": "enforce the service's limits: 100 requests a minute per endpoint, 1000 an hour per key",
    "page_cap": "most records in one page",
    "delay_ms": "milliseconds every answer is held back",
    "link_seconds": "seconds a link to a recording works",
}
LOOK_EVERY_SEC = 0.5
"""How soon an interrupt is noticed where a waiting socket would hide it (Windows)."""


def describe(demo: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    for one in fields(Parameters):
        option = f"--{one.name.replace('_', '-')}"
        if one.name in BOUNDS:
            kind = int if one.type == "int" else float
            demo.add_argument(
                option,
                type=kind,
                default=one.default,
                metavar="N",
                help=f"{HELP[one.name]} (default %(default)s)",
            )
        else:
            demo.add_argument(option, action="store_true", help=HELP[one.name])
    demo.add_argument(
        "--make-only", action="store_true", help="make the study, so that it starts at once later, and end"
    )


def run(*, make_only: bool = False, **parameters: object) -> None:
    """Serve the study until it ends, or only make it."""
    if make_only:
        from hs_jupyter.demo_study.build import ensure

        ensure(Parameters.of(**parameters), _say)
        return
    from hs_jupyter.demo_study.launch import start

    with start(say=_say, **parameters) as study:
        print(  # noqa: T201 - a command speaks by printing
            f"DEMO STUDY at {study.base_url}\n"
            f"public key   {study.api_key}\n\n"
            "Paste into a notebook:\n\n"
            "    import hs_jupyter as hs\n"
            f'    hs.connect(base_url="{study.base_url}", api_key="{study.api_key}")\n'
            '    hs.ratings(room="room_pair_07")\n\n'
            "Ctrl-C ends it (unless a notebook still uses it).",
            flush=True,
        )
        while study.wait(LOOK_EVERY_SEC):
            pass
    raise HsError("the demo study has ended")


def _say(doing: str) -> None:
    print(f"  {doing}", file=sys.stderr)  # noqa: T201 - as above
