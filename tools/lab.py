"""Open JupyterLab on the first example, with the demo study running; nothing but loopback is used."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from hs_jupyter.demo_study import start

ROOT = Path(__file__).resolve().parent.parent
FIRST = "01_first_look.ipynb"
# No question about news, no look for updates: the first thing seen is the notebook.
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
}


def main() -> int:
    """Start what is asked for and stay until JupyterLab ends."""
    parser = argparse.ArgumentParser(prog="lab", description=__doc__)
    parser.add_argument("--no-browser", action="store_true", help="print the URL, open nothing")
    parser.add_argument("--watch", action="store_true", help="rebuild the JavaScript whenever it changes")
    wanted = parser.parse_args()

    settings = Path(sys.prefix) / "etc" / "jupyter" / "labconfig" / "default_setting_overrides.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps(SETTINGS, indent=2), "utf-8")

    options = [
        "-y",  # Ctrl-C ends it without a question
        "--ip=127.0.0.1",
        "--log-level=ERROR",
        "--LabApp.log_level=ERROR",
        f"--ServerApp.root_dir={ROOT / 'examples'}",
        f"--LabApp.default_url=/lab/tree/{FIRST}",
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    ]
    if wanted.no_browser:
        options.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")

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
        with subprocess.Popen([sys.executable, "-m", "jupyterlab", *options]) as lab:
            signal.signal(signal.SIGTERM, lambda *_: lab.terminate())
            while True:
                try:
                    return lab.wait()
                except KeyboardInterrupt:
                    continue


if __name__ == "__main__":
    sys.exit(main())
