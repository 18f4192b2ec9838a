"""Set everything up in `.venv`, then run a task. Needs Python 3.11 or newer and pip, nothing else.

    python3 run.py lab [--no-browser]               JupyterLab on the demo study
    python3 run.py test [--thorough] [PYTEST ...]   every check and every test
    python3 run.py TASK ...                         a task of pyproject.toml (CONTRIBUTING.md lists them)

What is already set up is not set up again.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
WINDOWS = os.name == "nt"
PIP_WITH_GROUPS = "pip>=25.1"
# What decides what is installed. Python sources do not: the installation is editable.
INPUTS = (
    "pyproject.toml",
    "run.py",
    "js/*.json",
    "js/.npmrc",
    "js/src/**/*",
    "js/style/**/*",
    "js/labextensions/*/package.json",  # names the build by its content: a development build is replaced
)


def main(arguments: list[str]) -> int:
    """Run the task that the command line names."""
    if sys.version_info < (3, 11):  # noqa: UP036 (an older Python gets a sentence, not a traceback)
        sys.exit(f"hs_jupyter needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    if not arguments or arguments[0] in {"-h", "--help"}:
        sys.stdout.write(__doc__ or "")
        return 0
    task, *options = arguments
    environment = Environment(ROOT / ".venv", group="dev")
    environment.ready()
    if task != "test":
        return environment.run("poethepoet", "-C", str(ROOT), task, *options)
    return test(environment, options)


def test(environment: Environment, options: list[str]) -> int:
    """Check everything that can be checked without running it, then run all tests."""
    thorough = "--thorough" in options
    options = [option for option in options if option != "--thorough"]
    poe = ("poethepoet", "-C", str(ROOT))
    failed = environment.run(*poe, "browser") or environment.run(*poe, "static")
    if thorough and not failed:
        lowest = Environment(ROOT / ".venv-lowest", group="lowest", build_javascript=False)
        lowest.ready()
        failed = lowest.run("pytest", "tests/unit", "tests/wire", "tests/magics")
        options = ["-m", "thorough or not thorough", *options]
    return failed or environment.run(*poe, "test", *options)


class Environment:
    """A virtual environment that holds this package, editable, with a dependency group."""

    def __init__(self, folder: Path, *, group: str, build_javascript: bool = True) -> None:
        self.folder = folder
        self.group = group
        self.build_javascript = build_javascript
        self.programs = folder / ("Scripts" if WINDOWS else "bin")
        self.python = self.programs / ("python.exe" if WINDOWS else "python")
        self.stamp = folder / "hs-jupyter.stamp"

    def ready(self) -> None:
        """Create the environment or bring it up to date; do nothing when it is."""
        if self.works() and self.stamp.is_file() and self.stamp.read_text("utf-8") == self.wanted():
            return
        print(f"Setting up {self.folder.name} (the first time this takes a few minutes) ...", flush=True)
        if not self.works():
            self.create()
        self.stamp.unlink(missing_ok=True)
        self.install("--upgrade", PIP_WITH_GROUPS)
        self.install("--group", self.group, "--editable", ".[demo,polars]")
        self.stamp.write_text(self.wanted(), "utf-8")

    def wanted(self) -> str:
        """Return a fingerprint of everything the installation depends on."""
        digest = hashlib.sha256(f"{self.group} {self.folder} {sys.version}".encode())
        files = {file for pattern in INPUTS for file in ROOT.glob(pattern) if file.is_file()}
        for file in sorted(files):
            digest.update(f"\n{file.relative_to(ROOT).as_posix()}\n".encode())
            digest.update(file.read_bytes())
        return digest.hexdigest()

    def works(self) -> bool:
        """Tell whether there is a Python in the environment that starts and has pip."""
        if not self.python.is_file():
            return False
        return (
            subprocess.run([self.python, "-c", "import pip"], capture_output=True, check=False).returncode
            == 0
        )

    def create(self) -> None:
        """Create the environment with a pip in it, though Debian's Python may lack ensurepip."""
        advice = (
            "pip is missing: install it (on Debian: apt-get install python3-pip), then run this line again."
        )
        if importlib.util.find_spec("pip"):
            self.call(sys.executable, "-m", "venv", "--clear", "--without-pip", str(self.folder))
            self.call(
                sys.executable, "-m", "pip", "--python", str(self.python), "install", "-q", PIP_WITH_GROUPS
            )
        elif importlib.util.find_spec("ensurepip"):
            self.call(sys.executable, "-m", "venv", "--clear", str(self.folder))
        else:
            sys.exit(advice)

    def install(self, *what: str) -> None:
        """Install into the environment with its own pip."""
        self.call(str(self.python), "-m", "pip", "install", "--quiet", *what)

    def call(self, *command: str) -> None:
        """Run a step of the setup; when it fails, say which and stop."""
        if status := self.start(command):
            sys.exit(f"Setting up {self.folder.name} stopped at: {' '.join(command)} (status {status})")

    def run(self, module: str, *options: str) -> int:
        """Run a module in the environment and return its exit status."""
        return self.start((str(self.python), "-m", module, *options))

    def start(self, command: tuple[str, ...]) -> int:
        """Run a command with the environment's programs found first; signals to end are the command's."""
        variables = {
            **os.environ,
            "PATH": os.pathsep.join([str(self.programs), os.environ.get("PATH", os.defpath)]),
            "VIRTUAL_ENV": str(self.folder),
            # Playwright's own Node needs a library that a small Debian lacks; npm's wheel does not.
            "PLAYWRIGHT_NODEJS_PATH": str(self.programs / ("node.exe" if WINDOWS else "node")),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }
        variables.pop("PYTHONHOME", None)
        if not self.build_javascript:
            variables["SKIP_JUPYTER_BUILDER"] = "1"
        with subprocess.Popen(command, cwd=ROOT, env=variables) as process:
            signal.signal(signal.SIGTERM, lambda *_: process.terminate())
            while True:
                try:
                    return process.wait()
                except KeyboardInterrupt:
                    continue


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
