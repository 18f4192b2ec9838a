"""binder/: every version is pinned and fits the package, and the scripts are what repo2docker runs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
BINDER = ROOT / "binder"
WHOLE = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = WHOLE["project"]
EXTRAS = PROJECT["optional-dependencies"]

only_posix = pytest.mark.skipif(os.name != "posix", reason="Binder's machines run Linux")


def pins(name: str) -> dict[str, Version]:
    """Return the versions that a file of pins names; whatever else it holds is an error."""
    lines = (BINDER / name).read_text("utf-8").splitlines()
    pinned = [re.fullmatch(r"([a-z0-9.-]+)==(\S+)", line) for line in lines if not line.startswith("#")]
    assert None not in pinned
    return {canonicalize_name(one[1]): Version(one[2]) for one in pinned if one}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("requirements.txt", [*PROJECT["dependencies"], *EXTRAS["demo"], *EXTRAS["workshop"]]),
        ("build-requirements.txt", WHOLE["build-system"]["requires"]),
    ],
)
def test_every_dependency_has_a_pin_that_fits(name: str, wanted: list[str]) -> None:
    pinned = pins(name)
    for text in wanted:
        one = Requirement(text)
        if canonicalize_name(one.name) != "hs-jupyter":
            assert pinned[canonicalize_name(one.name)] in one.specifier, text


def test_the_two_files_agree() -> None:
    run, build = pins("requirements.txt"), pins("build-requirements.txt")
    assert {name: run[name] for name in run.keys() & build} == {
        name: build[name] for name in run.keys() & build
    }


def test_binder_runs_a_python_that_the_package_supports() -> None:
    python = (BINDER / "runtime.txt").read_text("utf-8").strip()
    assert re.fullmatch(r"python-3\.\d+", python)  # repo2docker takes no release more exact
    assert Requirement(f"python{PROJECT['requires-python']}").specifier.contains(
        f"{python.removeprefix('python-')}.0"
    )


def test_nothing_there_is_unknown_to_repo2docker_or_to_us() -> None:
    assert {one.name for one in BINDER.iterdir()} == {
        *("requirements.txt", "runtime.txt", "postBuild", "start", "build-requirements.txt")
    }


@only_posix
@pytest.mark.parametrize("name", ["postBuild", "start"])
def test_scripts_can_be_run_and_stop_at_what_fails(name: str) -> None:
    script = BINDER / name
    assert os.access(script, os.X_OK)
    assert script.read_text("utf-8").startswith("#!/usr/bin/env bash\n")
    assert "\nset -euo pipefail\n" in script.read_text("utf-8")
    subprocess.run(["bash", "-n", str(script)], check=True)


@only_posix
def test_a_session_begins_with_the_study_and_the_settings(tmp_path: Path) -> None:
    command = tmp_path / "hs-jupyter"
    command.write_text(
        f'#!/bin/sh\necho "$*" >> {tmp_path}/asked\nexec {sys.executable} -m hs_jupyter.command "$@"\n'
    )
    command.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HS_JUPYTER_DEMO_DIR": "/dev/null/nowhere",  # the study itself is other tests' matter
        "JUPYTER_CONFIG_PATH": "/before",
    }
    show = "import json, os, sys; print(json.dumps([sys.argv[1:], os.environ['JUPYTER_CONFIG_PATH']]))"
    ran = subprocess.run(
        [str(BINDER / "start"), sys.executable, "-c", show, "two words", "*"],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    arguments, path = json.loads(ran.stdout)
    assert arguments == ["two words", "*"]
    settings, before = path.split(":")
    assert before == "/before"
    assert (Path(settings) / "labconfig" / "default_setting_overrides.json").is_file()
    assert set((tmp_path / "asked").read_text().splitlines()) == {"demo", "workshop --settings"}


def test_the_panel_that_opens_is_the_extensions() -> None:
    workspace = json.loads(
        (ROOT / "hs_jupyter" / "workshop" / "jupyter" / "panel_open.jupyterlab-workspace").read_text("utf-8")
    )
    drawer = workspace["data"]["layout-restorer:data"]["left"]["current"]
    assert f"'{drawer}'" in (ROOT / "js" / "src" / "sidebar" / "drawer.ts").read_text("utf-8")


def test_the_badge_opens_the_first_notebook() -> None:
    link = re.compile(r"https://mybinder\.org/v2/gh/([\w.-]+/[\w.-]+)/HEAD\?urlpath=lab/tree/([\w./-]+)")
    [[repository, notebook]] = link.findall((ROOT / "README.md").read_text("utf-8"))
    assert link.findall((ROOT / "docs" / "teachers.md").read_text("utf-8")) == [(repository, notebook)]
    assert ROOT / notebook == min((ROOT / "examples").glob("*.ipynb"))
