"""Open JupyterLab on the first example, with the demo study running; nothing but loopback is used."""

from __future__ import annotations

import argparse
import shutil
import subprocess
from contextlib import ExitStack
from pathlib import Path

from hs_jupyter.demo_study import start
from hs_jupyter.workshop.lab import leave, run_lab
from hs_jupyter.workshop.notebooks import shipped

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Start what is asked for and stay until JupyterLab ends."""
    parser = argparse.ArgumentParser(prog="lab", description=__doc__)
    parser.add_argument("--no-browser", action="store_true", help="print the URL, open nothing")
    parser.add_argument("--watch", action="store_true", help="rebuild the JavaScript whenever it changes")
    wanted = parser.parse_args()

    options = []
    with ExitStack() as running:
        print("Preparing the demo study (made once, then kept) ...", flush=True)
        running.enter_context(start(say=print))
        if wanted.watch:
            options.append(f"--LabApp.extra_labextensions_path={ROOT / 'js' / 'labextensions'}")
            for script in ("watch", "watch:explorer", "watch:lab"):
                watching = subprocess.Popen([shutil.which("npm") or "npm", "run", script], cwd=ROOT / "js")
                running.callback(watching.wait)
                running.callback(watching.terminate)
        print("Starting JupyterLab (Ctrl-C ends it) ...", flush=True)
        first = shipped()[0]
        run_lab(first.parent, first, browser=not wanted.no_browser, options=options)
    leave()


if __name__ == "__main__":
    main()
