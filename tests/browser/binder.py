"""A machine as repo2docker makes it, without Docker: the repository as a home, and a fresh environment."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any

from jupyter_client import BlockingKernelClient

WAIT_SEC = 180
ROOT = Path(__file__).parents[2]
NOT_THEIRS = ("JUPYTER", "HS_JUPYTER", "IPYTHON", "VIRTUAL_ENV", "PYTHON", "PYTEST", "PLAYWRIGHT", "COVERAGE")


@dataclass(frozen=True)
class Machine:
    """The home of a session on Binder, and the environment of its commands."""

    home: Path
    environment: dict[str, str]

    @property
    def python(self) -> str:
        return str(self.home / ".env" / "bin" / "python")

    def run(self, *command: str) -> str:
        """Run a command in the home, to its end; its failure is the test's."""
        ran = subprocess.run(
            command, cwd=self.home, env=self.environment, capture_output=True, text=True, check=False
        )
        said = ran.stdout + ran.stderr
        assert ran.returncode == 0, f"{' '.join(command)}\n{said[-4000:]}"
        return said

    def start(self, *command: str, log: Path) -> subprocess.Popen[bytes]:
        """Begin a session as the image does; everything in it is one process group."""
        with log.open("wb") as file:
            return subprocess.Popen(
                [str(self.home / "binder" / "start"), *command],
                cwd=self.home,
                env=self.environment,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


def build(home: Path) -> Machine:
    """Do what repo2docker does: copy the repository, install what it names, run postBuild."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (source := ROOT / name).is_file():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, home / name)

    kept = {name: value for name, value in os.environ.items() if not name.startswith(NOT_THEIRS)}
    programs = os.pathsep.join([str(home / ".env" / "bin"), os.defpath])
    settings = Path.home() / ".npmrc"  # where this machine finds its packages
    environment = kept | {"HOME": str(home), "PATH": programs, "NPM_CONFIG_USERCONFIG": str(settings)}
    made = Machine(home, environment)
    made.run(sys.executable, "-m", "venv", "--without-pip", ".env")
    made.run(sys.executable, "-m", "pip", "--python", made.python, "install", "--quiet", "pip")
    made.run(made.python, "-m", "pip", "install", "--quiet", "-r", "binder/requirements.txt")
    made.run("./binder/postBuild")
    return made


class Session:
    """A session on Binder: the server that repo2docker runs, and what a browser asks of it."""

    def __init__(self, machine: Machine, folder: Path) -> None:
        self.machine = machine
        self.token = secrets.token_hex(16)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{port}/user/somebody"
        self.log = folder / "session.log"
        self.process = machine.start(
            *("jupyter", "lab", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"),
            *("--no-browser", "--allow-root", f"--IdentityProvider.token={self.token}"),
            *("--ServerApp.base_url=/user/somebody", "--LabApp.expose_app_in_browser=True"),
            log=self.log,
        )

    def ready(self) -> None:
        """Wait until the server answers."""
        for _ in range(WAIT_SEC * 5):
            try:
                self.ask("api/status")
            except OSError:
                assert self.process.poll() is None, self.log.read_text("utf-8")[-3000:]
                Event().wait(0.2)
            else:
                return
        raise RuntimeError(self.log.read_text("utf-8")[-3000:])

    def ask(self, path: str, /, **sent: Any) -> Any:
        """Ask the server's API."""
        asked = urllib.request.Request(
            f"{self.base}/{path}",
            data=json.dumps(sent).encode() if sent else None,
            headers={"Authorization": f"token {self.token}"},
        )
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return json.load(answer)

    def open(self, name: str) -> BlockingKernelClient:
        """Open a notebook, as a click does: its kernel starts, and stays."""
        session = self.ask(
            "api/sessions", path=f"examples/{name}", name=name, type="notebook", kernel={"name": "python3"}
        )
        runtime = self.machine.home / ".local" / "share" / "jupyter" / "runtime"
        client = BlockingKernelClient(connection_file=str(runtime / f"kernel-{session['kernel']['id']}.json"))
        client.load_connection_file()
        client.start_channels()
        client.wait_for_ready(timeout=WAIT_SEC)
        return client

    def end(self) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(60)


class Memory(Thread):
    """Watches how much memory all of a session's processes use; pages that they share count once."""

    def __init__(self, home: Path) -> None:
        super().__init__(daemon=True)
        self.home = str(home)
        self.most_mb = 0.0
        self.over = Event()

    def run(self) -> None:
        while not self.over.wait(0.5):
            self.most_mb = max(self.most_mb, sum(map(self._used_mb, Path("/proc").glob("[0-9]*"))))

    def _used_mb(self, process: Path) -> float:
        """Return the proportional set size of a process of the session, else 0."""
        try:
            if f"HOME={self.home}\0".encode() not in (process / "environ").read_bytes():
                return 0
            used = re.search(r"^Pss: +(\d+) kB", (process / "smaps_rollup").read_text(), re.MULTILINE)
        except OSError:  # it has ended, or is none of ours
            return 0
        return int(used[1]) / 1024 if used else 0
