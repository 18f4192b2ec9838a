"""The README's cells run as they are printed, and every file and task it or CONTRIBUTING names is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")


@pytest.mark.usefixtures("demo")
def test_the_cells_give_a_table_a_chart_and_an_explorer() -> None:
    sources = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    table, chart, explorer = (
        next(output.data for output in cell.outputs if "data" in output and len(output.data) > 1)
        for cell in notebook.cells
    )
    assert re.search(r"^valence\s+\S+\s+\d+", table["text/plain"], re.MULTILINE)
    assert {"image/png"} < set(chart)
    assert "application/vnd.jupyter.widget-view+json" in explorer


@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_what_a_page_links_to_is_there(text: str) -> None:
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []


def test_every_line_names_a_task() -> None:
    tasks = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["poe"]["tasks"]
    named = set(re.findall(r"(?:run\.py|poe) (\w[\w-]*)", README + CONTRIBUTING))
    assert {"lab", "test", "dev", "check"} <= named
    assert named <= set(tasks)


def test_contributing_fits_a_screen() -> None:
    assert len(CONTRIBUTING.splitlines()) <= 50
