"""What is published: the wheel and the source archive, and what the repository must not name."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXTENSION = "share/jupyter/labextensions/hs-jupyter/"
MOST_BYTES = 1_500_000


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the source archive; the JavaScript is the one installed here."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def in_wheel(built: Path) -> list[str]:
    """The names in the wheel."""
    (wheel,) = built.glob("*.whl")
    return zipfile.ZipFile(wheel).namelist()


@pytest.fixture(scope="session")
def in_sdist(built: Path) -> list[str]:
    """The names in the source archive, below its folder."""
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        return [name.partition("/")[2] for name in archive.getnames()]


def project() -> dict[str, object]:
    """Return the project table of pyproject.toml."""
    table: dict[str, object] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return table


def tracked() -> list[Path]:
    """Return the files that the repository holds, or would with the next commit."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [file for name in names.split("\0") if name and (file := ROOT / name).is_file()]


def test_the_wheel_holds_the_package_and_its_types(in_wheel: list[str]) -> None:
    sources = {file.relative_to(ROOT).as_posix() for file in (ROOT / "hs_jupyter").rglob("*.py")}
    assert sources <= set(in_wheel)
    assert "hs_jupyter/py.typed" in in_wheel


def test_the_wheel_holds_the_extension_once(in_wheel: list[str]) -> None:
    inside = [name.partition(EXTENSION)[2] for name in in_wheel if EXTENSION in name]
    assert inside.count("package.json") == 1
    assert inside.count("install.json") == 1
    scripts = [name for name in in_wheel if name.endswith(".js") and EXTENSION not in name]
    assert sorted(scripts) == [f"hs_jupyter/explorer/static/{name}.js" for name in ("explorer", "vega")]
    scripts = [name for name in inside if name.endswith(".js")]
    assert len(scripts) == len(set(scripts)) > 0


def test_the_wheel_holds_the_course(in_wheel: list[str]) -> None:
    course = {f"hs_jupyter/workshop/notebooks/{file.name}" for file in (ROOT / "examples").glob("*.ipynb")}
    assert len(course) == 5
    assert {name for name in in_wheel if name.endswith(".ipynb")} == course


def test_the_wheel_holds_the_licences_of_all_that_is_inside(built: Path, in_wheel: list[str]) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        explorer = archive.read("hs_jupyter/explorer/static/third-party-licenses.txt").decode()
        [of_extension] = [name for name in in_wheel if name.endswith("third-party-licenses.json")]
        extension = json.loads(archive.read(of_extension))["packages"]
    assert [name for name in in_wheel if name.endswith("dist-info/licenses/LICENSE")]
    noticed = set(re.findall(r"^(\S+) \d[\d.]* \([\w.-]+\)$", explorer, re.MULTILINE))
    wanted = {
        "vega",
        "vega-lite",
        "vega-interpreter",
        "preact",
        "@preact/signals",
        "@uwdata/flechette",
        "d3-scale",
    }
    assert wanted <= noticed
    assert {"vega", "vega-lite"} <= {one["name"] for one in extension if one["extractedText"]}


def test_the_wheel_holds_nothing_else(built: Path, in_wheel: list[str]) -> None:
    """A cache, a map, a test or a stray file shows itself here."""
    label = f"hs_jupyter-{project()['version']}"
    extension = f"{label}.data/data/{EXTENSION}"
    static = "explorer/static/(explorer.js|explorer.css|vega.js|third-party-licenses.txt)"
    settings = r"workshop/jupyter/(labconfig/)?\w+\.(json|jupyterlab-workspace)"
    known = re.compile(
        rf"hs_jupyter/(([a-z_]+/)*\w+\.py|py\.typed|{static}|{settings}|workshop/notebooks/\w+\.ipynb)"
        rf"|{label}\.dist-info/(METADATA|WHEEL|RECORD|entry_points\.txt|licenses/LICENSE)"
        rf"|{extension}((install|package)\.json|schemas/hs-jupyter/(panel\.json|package\.json\.orig))"
        rf"|{extension}static/([\w.]+\.js|third-party-licenses\.json)"
    )
    assert [name for name in in_wheel if not known.fullmatch(name)] == []
    (wheel,) = built.glob("*.whl")
    assert wheel.stat().st_size < MOST_BYTES


def test_the_source_archive_installs_without_npm(in_sdist: list[str]) -> None:
    assert {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"} <= set(in_sdist)
    assert "js/labextensions/hs-jupyter/package.json" in in_sdist
    assert {"js/package.json", "js/package-lock.json"} <= set(in_sdist)
    known = re.compile(
        r"(CHANGELOG|README)\.md|LICENSE|PKG-INFO|pyproject\.toml|\.gitignore|hs_jupyter/.*|examples/\w+\.ipynb"
        r"|js/[\w.-]+\.(json|mjs)|js/\.npmrc|js/(src|style|schema|labextensions/hs-jupyter)/.*"
    )
    assert [name for name in in_sdist if not known.fullmatch(name)] == []
    assert [
        name for name in in_sdist if re.search(r"node_modules|__pycache__|\.(map|pyc)$|checkpoint", name)
    ] == []


def test_versions_agree() -> None:
    package = json.loads((ROOT / "js" / "package.json").read_text("utf-8"))
    lock = json.loads((ROOT / "js" / "package-lock.json").read_text("utf-8"))
    wanted = project()["version"]
    assert {package["version"], lock["version"], version("hs-jupyter")} == {wanted}
    assert re.search(
        rf"^## {re.escape(str(wanted))}\b", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )


def test_the_installed_extension_is_the_built_one() -> None:
    built = ROOT / "js" / "labextensions" / "hs-jupyter"
    installed = Path(sys.prefix) / EXTENSION
    for file in (file for file in built.rglob("*") if file.is_file()):
        assert (installed / file.relative_to(built)).read_bytes() == file.read_bytes()


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((ROOT / "js" / "package-lock.json").read_text("utf-8"))
    assert [name for name, entry in lock["packages"].items() if "resolved" in entry] == []


def test_nothing_committed_names_a_registry_or_a_path_of_a_machine() -> None:
    # Written in pieces, so that this file does not hold what it looks for.
    hosts = [
        "registry" + ".npm",
        "npm" + "js.org",
        "python" + "hosted",
        "pypi" + ".org/simple",
        "deb." + "debian",
    ]
    paths = ["/ho" + r"me/[a-z]", "/ro" + "ot/", "/wo" + "rk/", "/Us" + r"ers/[A-Za-z]", "/va" + "r/tmp"]
    forbidden = re.compile("|".join([*hosts, *(rf"(?<![\w.]){path}" for path in paths)]))
    found = [
        f"{file.relative_to(ROOT)}: {match.group()}"
        for file in tracked()
        for match in [forbidden.search(file.read_bytes().decode("utf-8", "replace"))]
        if match
    ]
    assert found == []
