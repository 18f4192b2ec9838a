"""The command line: ``hs-jupyter demo``, ``hs-jupyter workshop``."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from hs_jupyter.demo_study import command as demo
from hs_jupyter.errors import HsError
from hs_jupyter.workshop import command as workshop

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = {
    "demo": ("run the demo study until Ctrl-C", demo),
    "workshop": ("open the workshop's notebooks in JupyterLab, on the demo study", workshop),
}


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    whole = argparse.ArgumentParser(
        prog="hs-jupyter", description="HyperStudy data in a notebook.", allow_abbrev=False
    )
    commands = whole.add_subparsers(dest="command", required=True)
    for name, (purpose, module) in COMMANDS.items():
        module.describe(
            commands.add_parser(name, help=purpose, description=module.__doc__, allow_abbrev=False)
        )
    return whole


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    asked = vars(parser().parse_args(argv))
    _, module = COMMANDS[asked.pop("command")]
    try:
        module.run(**asked)
    except HsError as error:
        print(f"hs-jupyter: {error}", file=sys.stderr)  # noqa: T201 - a command speaks by printing
        return 1
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
