"""The wheel in an environment of its own, without Node: installed by pip, and the sidebar is there."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from jupyter import JupyterServer, NotebookPage
from sidebar import Sidebar

pytestmark = pytest.mark.thorough
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def python(tmp_path_factory) -> Path:
    """The Python of a new environment that holds the wheel and JupyterLab."""
    folder = tmp_path_factory.mktemp("clean")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    made = folder / "venv"
    venv.create(made, with_pip=True)
    found = made / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    run(found, "-m", "pip", "install", "--quiet", f"{wheel}[workshop]")
    return found


def run(python: Path, *arguments: str) -> str:
    """Run the environment's Python where no other program is found, and return what it says."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment["PATH"] = str(python.parent)
    command = [str(python), *arguments]
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout + done.stderr


def test_the_extension_is_there_in_the_package_s_version(python: Path):
    without_node = "import shutil; assert not shutil.which('node') and not shutil.which('npm')"
    run(python, "-c", without_node)
    version = run(
        python, "-c", "from importlib.metadata import version; print(version('hs-jupyter'))"
    ).strip()
    listed = [
        line
        for line in run(python, "-m", "jupyter", "labextension", "list").splitlines()
        if "hs-jupyter" in line
    ]
    assert len(listed) == 1
    assert f"hs-jupyter v{version}" in listed[0]
    assert "enabled" in listed[0]
    assert "OK" in listed[0]


def test_the_sidebar_appears_and_works(python: Path, watched, tmp_path, demo_folder):
    with JupyterServer("lab", tmp_path / "jupyter", python) as server:
        notebook = NotebookPage(watched, server)
        notebook.open(server.notebook("clean.ipynb", "x = 1"))
        sidebar = Sidebar(notebook)
        sidebar.open()
        sidebar.use_demo()
        sidebar.open_room()
        sidebar.push("moment")
        sidebar.python_becomes("type(moment).__name__", "Bundle")
        assert sidebar.python("__import__('sys').prefix") == str(python.parents[1])
        watched.goto("about:blank")
