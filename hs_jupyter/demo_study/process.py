"""Start the server's process and listen until it answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from hs_jupyter.demo_study.build import FOLDER_VARIABLE
from hs_jupyter.errors import HsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hs_jupyter.demo_study.parameters import Parameters


def launch(wanted: Parameters, home: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """Start the server's process and wait until it answers."""
    command = [sys.executable, "-P", "-m", "hs_jupyter.demo_study.server", wanted.to_json()]
    environment = os.environ | {FOLDER_VARIABLE: str(home)}
    package = Path(__file__).resolve().parents[2]
    if package.name not in (
        "site-packages",
        "dist-packages",
    ):  # a checkout: installed packages are found anyway
        found = [str(package), os.environ.get("PYTHONPATH")]
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, found))
    # A group of its own: Ctrl-C in this process must not reach the server.
    options: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        options = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=home,
        env=environment,
        **options,
    )
    reason, last = "", "it ended without a word"
    for line in process.stdout or ():
        try:
            said = json.loads(line)
        except ValueError:
            said = None
        if not isinstance(said, dict):  # a library's own words
            last = line.strip() or last
            continue
        if "doing" in said:
            say(said["doing"])
        if "failed" in said:
            reason = said["failed"]
        if "address" in said:
            Thread(target=_reap, args=(process,), name="hs-jupyter-demo", daemon=True).start()
            address: dict[str, Any] = said["address"]
            return address
    process.communicate()
    raise HsError(f"the demo study could not start: {reason or last}")


def _reap(process: subprocess.Popen[str]) -> None:
    """Read what little the server still says, and take its exit code when it ends."""
    with suppress(OSError, ValueError), process:
        for _ in process.stdout or ():
            pass
