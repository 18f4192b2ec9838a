"""Who may import whom: every record travels one road, and nothing points back up it."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).parents[2] / "hs_jupyter"

BASE = "errors masking texts"
WORDS = f"{BASE} catalog scope times collector"
ASKING = f"{WORDS} manner api tables query narrowing"
FACADE = f"{ASKING} fetching storage study mirrors bundles duck downloads readable progress"
CHARTS = f"{BASE} catalog tables timeline drawable"

# A place is a module or folder of the package; beside it, the places whose names it may use. A
# facade module may use the others: that there is no loop among them is a test of its own.
MAY_IMPORT = {
    "texts": "",
    "masking": "texts",
    "errors": "masking",
    "catalog": BASE,
    "scope": BASE,
    "times": BASE,
    "manner": "",
    "collector": "",
    "api": WORDS,
    "tables": WORDS,
    "storage": f"{WORDS} tables",
    "query": f"{WORDS} tables",
    "narrowing": f"{WORDS} tables query",
    "fetching": ASKING,
    "study": f"{ASKING} fetching storage",
    "mirrors": FACADE,
    "bundles": FACADE,
    "duck": FACADE,
    "downloads": FACADE,
    "downloading": f"{FACADE} pseudonyms recording_files",
    "pseudonyms": f"{BASE} catalog tables",
    "recording_files": FACADE,
    "readable": FACADE,
    "progress": BASE,
    "timeline": f"{BASE} catalog tables",
    "charts": CHARTS,
    "drawable": "texts",
    "packed_png": "",
    "chart_files": f"{BASE} drawable packed_png",
    "renderer": f"{BASE} chart_files",
    "demo_study": f"{BASE} catalog",
    "workshop": f"{BASE} demo_study",
    "command": f"{BASE} demo_study workshop",
    "explorer": f"{FACADE} recording_files timeline charts chart_files",
    "functions": f"{FACADE} downloading recording_files explorer timeline charts chart_files renderer demo_study",
    "magics": f"{WORDS} functions progress",
    "panel": f"{BASE} functions explorer magics",
    "__init__": f"{FACADE} explorer timeline charts chart_files renderer demo_study functions magics",
}
# Naming the type of what a twin returns is not using it.
MAY_NAME_TYPES_OF = {"magics": "api", "panel": "api"}
HEAVY = {
    "altair",
    "anywidget",
    "av",
    "duckdb",
    "fastapi",
    "numpy",
    "pandas",
    "pyarrow",
    "requests",
    "vl_convert",
}

When = Literal["load", "call", "types"]


class Import(NamedTuple):
    """One import inside the package, in dotted names below it."""

    source: str
    target: str
    when: When
    """When the source is loaded, when one of its functions is called, or for its types alone."""

    def places(self) -> tuple[str, str]:
        """Return the top-level places of source and target."""
        return self.source.partition(".")[0], self.target.partition(".")[0]


def dotted(file: Path) -> str:
    """Return a file's module name below the package: `catalog`, `catalog.model`."""
    parts = file.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)


MODULES = {dotted(file): file for file in sorted(PACKAGE.rglob("*.py"))}


def inside(module: str) -> str | None:
    """Return the name below the package, or None for a module of somebody else."""
    top, _, rest = module.partition(".")
    return (rest or "__init__") if top == PACKAGE.name else None


def targets(node: ast.Import | ast.ImportFrom, source: str) -> Iterator[str]:
    """Name the modules that an import statement loads from this package."""
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    else:
        parents = [PACKAGE.name, *source.split(".")]
        is_package = MODULES[source].name == "__init__.py"
        above = parents[: len(parents) - node.level + is_package] if node.level else []
        base = ".".join([*above, *([node.module] if node.module else [])])
        found = [f"{base}.{alias.name}" for alias in node.names]
        names = [name if inside(name) in MODULES else base for name in found]
    yield from (below for name in names if (below := inside(name)) is not None)


def walk(node: ast.AST, source: str, when: When = "load") -> Iterator[Import]:
    """Find the imports below a node of the syntax tree."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield from (Import(source, target, when) for target in targets(child, source))
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            yield from walk(child, source, "types")
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from walk(child, source, "call")
        else:
            yield from walk(child, source, when)


IMPORTS = [
    found for module, file in MODULES.items() for found in walk(ast.parse(file.read_text("utf-8")), module)
]


def test_every_place_stands_in_the_table_and_the_table_names_no_other() -> None:
    assert {module.partition(".")[0] for module in MODULES} == set(MAY_IMPORT)


def test_imports_follow_the_table() -> None:
    def allowed(found: Import) -> bool:
        source, target = found.places()
        may = MAY_IMPORT.get(source, "").split()
        if found.when == "types":
            may += MAY_NAME_TYPES_OF.get(source, "").split()
        return source == target or target in may

    assert [f"{found.source} imports {found.target}" for found in IMPORTS if not allowed(found)] == []


def test_no_loop_among_places() -> None:
    graph: dict[str, set[str]] = {}
    for found in IMPORTS:
        source, target = found.places()
        if source != target:
            graph.setdefault(source, set()).add(target)
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the loop


def test_no_loop_among_modules_as_they_load() -> None:
    graph: dict[str, set[str]] = {}
    for found in IMPORTS:
        if found.when == "load":
            graph.setdefault(found.source, set()).add(found.target)
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("statement", ["import hs_jupyter", "import hs_jupyter.magics"])
def test_importing_loads_nothing_heavy(statement: str) -> None:
    code = f"{statement}, sys; print(*sorted({HEAVY!r} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []


def test_the_walk_sees_every_form_of_import() -> None:
    code = (
        "import hs_jupyter.study\nfrom hs_jupyter.catalog import model\nfrom hs_jupyter import errors\n"
        "def later():\n    from ..scope import Scope\nif TYPE_CHECKING:\n    from hs_jupyter import tables\n"
    )
    found = {(one.target, one.when) for one in walk(ast.parse(code), "charts")}
    assert found == {
        ("study", "load"),
        ("catalog.model", "load"),
        ("errors", "load"),
        ("scope", "call"),
        ("tables", "types"),
    }
