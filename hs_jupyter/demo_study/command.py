"""``hs-jupyter demo``: the demo study in the foreground, for any client."""

from __future__ import annotations

import argparse
import sys
from dataclasses import fields
from typing import TYPE_CHECKING

from hs_jupyter.demo_study.parameters import BOUNDS, Parameters
from hs_jupyter.errors import HsError

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    whole = argparse.ArgumentParser(
        prog="hs-jupyter", description="HyperStudy data in a notebook.", allow_abbrev=False
    )
    commands = whole.add_subparsers(dest="command", required=True)
    demo = commands.add_parser(
        "demo", help="run the demo study until Ctrl-C", description=__doc__, allow_abbrev=False
    )
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
    return whole


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    asked = vars(parser().parse_args(argv))
    del asked["command"]
    try:
        return _demo(asked)
    except HsError as error:
        print(f"hs-jupyter: {error}", file=sys.stderr)  # noqa: T201 - a command speaks by printing
        return 1
    except KeyboardInterrupt:
        return 0


def _demo(asked: dict[str, object]) -> int:
    from hs_jupyter.demo_study.launch import start

    with start(say=lambda doing: print(f"  {doing}", file=sys.stderr), **asked) as study:  # noqa: T201 - as above
        print(  # noqa: T201 - as above
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


if __name__ == "__main__":
    sys.exit(main())
