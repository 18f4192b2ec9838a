"""JupyterLab, started in this process: its Ctrl-C is ours, and nothing is left when it ends."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from hs_jupyter.errors import HsError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

SETTINGS = Path(__file__).parent / "jupyter"
"""What Jupyter reads in a workshop, beside the user's own (``JUPYTER_CONFIG_PATH``): no news, no look for
updates, and answers that are compressed, for a class behind one thin line."""

PANEL_OPEN = SETTINGS / "panel_open.jupyterlab-workspace"
"""A JupyterLab with the HyperStudy panel open."""


def require_lab() -> None:
    """Say in one sentence what to install when JupyterLab is missing.

    Raises
    ------
    HsError
        When it is.
    """
    if find_spec("jupyterlab") is None:
        raise HsError("the workshop needs JupyterLab: install it with  pip install 'hs-jupyter[workshop]'")


def run_lab(root: Path, first: Path, *, browser: bool = True, options: Sequence[str] = ()) -> None:
    """Run JupyterLab until Ctrl-C or the end of the process; it uses nothing but loopback.

    Parameters
    ----------
    root
        The folder that it shows.
    first
        The notebook that it opens on, inside ``root``.
    browser
        Open a browser; else the address is only printed.
    options
        More options of JupyterLab's command line.
    """
    require_lab()
    there = os.environ.get("JUPYTER_CONFIG_PATH")
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, [str(SETTINGS), there]))
    # Tabs that are open elsewhere stay there.
    os.environ["JUPYTERLAB_WORKSPACES_DIR"] = workspaces = str(root / ".workspaces")
    chosen = [
        "-y",  # Ctrl-C ends it without a question
        "--ip=127.0.0.1",
        "--log-level=ERROR",
        "--LabApp.log_level=ERROR",
        f"--ServerApp.root_dir={root}",
        f"--LabApp.default_url=/lab/tree/{first.relative_to(root).as_posix()}",
    ]
    if not browser:
        chosen.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        chosen.append("--allow-root")
    import zmq

    if zmq.has("curve"):  # server and kernel speak in cipher where both can; else each kernel warns here
        chosen.append("--KernelManager.transport_encryption=auto")
    from jupyterlab.labapp import LabApp
    from jupyterlab_server.workspaces_handler import WorkspacesManager

    manager = WorkspacesManager(workspaces)
    if not manager.list_workspaces():  # how somebody arranges the windows later, stays
        manager.save("default", PANEL_OPEN.read_text("utf-8"))
    LabApp.launch_instance([*chosen, *options])


def leave() -> NoReturn:
    """End this process, in which JupyterLab has run; call it last.

    The server's worker threads (AnyIO's) are not always told that its loop has ended, and then Python would wait
    for them for ever.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
