"""An isolated JupyterLab or Notebook 7 on loopback, and a notebook open in it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

import nbformat

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

App = Literal["lab", "notebook"]
START_SECONDS = 90
BUILT = Path(__file__).parents[2] / "js" / "labextensions"

# Nothing moves, asks or looks for news while a test runs; every cell is in the page.
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}


class JupyterServer:
    """A server with folders of its own, without a token; it ends with the ``with`` block."""

    def __init__(self, app: App, folder: Path, python: Path | None = None) -> None:
        """Prepare it; `python` is of an environment that has the extension installed."""
        self.app = app
        self.python = python
        self.folder = folder
        self.root = folder / "notebooks"
        self.root.mkdir(parents=True)
        overrides = folder / "config" / "labconfig" / "default_setting_overrides.json"
        overrides.parent.mkdir(parents=True)
        overrides.write_text(json.dumps(SETTINGS), "utf-8")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.log"

    def __enter__(self) -> Self:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self._command(), env=self._environment(), stdout=log, stderr=subprocess.STDOUT
            )
        for _ in range(START_SECONDS * 5):
            if self._answers():
                return self
            try:
                self.process.wait(0.2)
            except subprocess.TimeoutExpired:
                continue
            break
        self.__exit__()
        raise RuntimeError(f"Jupyter did not start:\n{self.log.read_text('utf-8')[-3000:]}")

    def __exit__(self, *_exception: object) -> None:
        self.process.terminate()  # the server then ends its kernels
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def notebook(self, name: str, *cells: str | Any, kernel: str = "python3") -> Path:
        """Write a notebook of code cells (as text) or of ready cells; nobody has trusted it."""
        ready = [nbformat.v4.new_code_cell(cell) if isinstance(cell, str) else cell for cell in cells]
        notebook = nbformat.v4.new_notebook(cells=ready)
        notebook.metadata["kernelspec"] = {"name": kernel, "display_name": kernel, "language": "python"}
        path = self.root / name
        nbformat.write(notebook, path)
        return path

    def end_kernels(self) -> None:
        """End every kernel: the next notebook of the same name begins anew."""
        with urllib.request.urlopen(f"{self.base_url}/api/sessions") as sessions:
            for session in json.load(sessions):
                address = f"{self.base_url}/api/sessions/{session['id']}"
                urllib.request.urlopen(urllib.request.Request(address, method="DELETE")).close()

    def _command(self) -> list[str]:
        app, module = {"lab": ("LabApp", "jupyterlab"), "notebook": ("JupyterNotebookApp", "notebook")}[
            self.app
        ]
        command = [
            *(
                str(self.python or sys.executable),
                "-m",
                module,
                "--no-browser",
                "--ip=127.0.0.1",
                f"--port={self.port}",
            ),
            *("--ServerApp.port_retries=0", f"--ServerApp.root_dir={self.root}", "--IdentityProvider.token="),
            *("--ServerApp.password=", "--ServerApp.disable_check_xsrf=True"),
            f"--{app}.expose_app_in_browser=True",
        ]
        if self.app == "lab":
            command += ["--LabApp.news_url=", "--LabApp.extension_manager=readonly"]
        if BUILT.is_dir() and not self.python:  # what was built last, not what was installed with it
            # Notebook names extensions itself and has JupyterLab serve them.
            command += [f"--{one}.extra_labextensions_path={BUILT}" for one in {app, "LabApp"}]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.append("--allow-root")
        return command

    def _environment(self) -> dict[str, str]:
        own = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR", "LAB_SETTINGS_DIR", "LAB_WORKSPACES_DIR")
        folders = {f"JUPYTER{'' if name.startswith('LAB') else '_'}{name}": name.lower() for name in own}
        folders["JUPYTER_CONFIG_DIR"] = "config"
        environment = {**os.environ, **{name: str(self.folder / place) for name, place in folders.items()}}
        if self.python:
            environment["PATH"] = str(self.python.parent)  # its own programs, and no others
        environment["IPYTHONDIR"] = str(self.folder / "ipython")
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled once, the server starts in a third
        return environment

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.base_url}/api/status", timeout=2):
                return True
        except OSError:
            return False


class NotebookPage:
    """A notebook open in a browser page; every wait is on a state that can be seen."""

    def __init__(self, page: Page, server: JupyterServer) -> None:
        self.page = page
        self.server = server

    @property
    def plots(self) -> Locator:
        """The plots that are painted."""
        return self.page.locator(".hs-Plot-view[data-ready=true]")

    def open(self, path: Path, *, kernel: bool = True) -> None:
        """Open a notebook and wait until it is there, and its kernel ready unless it has none."""
        address = f"lab/tree/{path.name}?reset" if self.server.app == "lab" else f"notebooks/{path.name}"
        self.page.goto(f"{self.server.base_url}/{address}", wait_until="domcontentloaded")
        self.page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.context?.isReady")
        if kernel:
            self.page.wait_for_function(
                """() => {
                    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel;
                    return kernel?.connectionStatus === 'connected' && kernel.status === 'idle';
                }"""
            )

    def run_all(self) -> None:
        """Run every cell and wait until each has a number and none is running; none may fail."""
        self.command("notebook:run-all-cells", wait=False)
        self.page.wait_for_function(
            """() => window.jupyterapp.shell.currentWidget.content.widgets
                .filter(cell => cell.model.type === 'code')
                .every(({model}) => model.executionCount !== null && model.executionState !== 'running')"""
        )
        failed = self.page.evaluate(
            """() => window.jupyterapp.shell.currentWidget.content.widgets
                .flatMap(cell => cell.model.sharedModel.outputs ?? [])
                .filter(output => output.output_type === 'error')
                .map(output => `${output.ename}: ${output.evalue}`)"""
        )
        assert failed == []

    def save(self) -> nbformat.NotebookNode:
        """Save the notebook and return what its file holds."""
        self.command("docmanager:save")
        self.page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
        path = self.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path")
        return nbformat.read(self.server.root / path, as_version=4)

    def theme(self, name: str) -> None:
        """Change the theme and wait until the plots are painted in it."""
        self.page.evaluate(
            "() => document.querySelectorAll('.hs-Plot-view').forEach(one => one.dataset.before = 'true')"
        )
        self.command("apputils:change-theme", {"theme": name}, wait=False)
        self.page.wait_for_function(
            """name => document.body.dataset.jpThemeName === name
                && !document.querySelector(
                    '[data-before], .hs-Plot-view:not([data-ready]), #jupyterlab-splash')""",
            arg=name,
        )

    def command(self, name: str, arguments: dict[str, Any] | None = None, *, wait: bool = True) -> None:
        """Execute a command of JupyterLab; ``wait`` for its end only where it surely ends."""
        self.page.evaluate(
            """([name, given, wait]) => {
                const done = window.jupyterapp.commands.execute(name, given);
                return wait ? done.then(() => null) : null;
            }""",
            [name, arguments or {}, wait],
        )
