"""The example notebooks run from top to bottom on the demo study, and show what their text says."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import nbformat
import pytest
from nbclient import NotebookClient

from hs_jupyter.workshop import command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbformat import NotebookNode

    from hs_jupyter.demo_study import DemoStudy

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = sorted(path.name for path in EXAMPLES.glob("*.ipynb"))
VEGALITE = re.compile(r"application/vnd\.vegalite\.v\d+\+json")


@cache
def executed(name: str) -> NotebookNode:
    """Run a notebook in a folder of its own, once."""
    notebook = nbformat.read(EXAMPLES / name, as_version=4)
    folder = FOLDERS[name] = Path(mkdtemp(prefix="hs-course-"))
    place = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources=place).execute()
    return notebook


FOLDERS: dict[str, Path] = {}


@pytest.fixture(scope="module", autouse=True)
def _tidy() -> Iterator[None]:
    yield
    for folder in FOLDERS.values():
        rmtree(folder)


@pytest.fixture(autouse=True)
def own_demo(demo: DemoStudy) -> None:
    """Let the kernels find the tests' demo study, already made."""


def outputs(name: str, source: str) -> list[NotebookNode]:
    """Return the outputs of the one code cell whose source holds a text."""
    (cell,) = [one for one in executed(name).cells if one.cell_type == "code" and source in one.source]
    return cell.outputs


def text(name: str, source: str) -> str:
    """Return all text that a cell shows."""
    shown = [
        one.get("text", "") or one.get("data", {}).get("text/plain", "") for one in outputs(name, source)
    ]
    return "\n".join(shown)


@pytest.mark.parametrize("name", NAMES)
def test_examples_are_stored_without_outputs(name: str) -> None:
    for cell in nbformat.read(EXAMPLES / name, as_version=4).cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@pytest.mark.parametrize("name", NAMES)
def test_no_cell_complains(name: str) -> None:
    said = [
        output.text
        for cell in executed(name).cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream" and output.name == "stderr"
    ]
    assert "".join(said).strip() == ""


@pytest.mark.parametrize("name", NAMES)
def test_every_plot_comes_as_vega_lite_and_as_a_picture(name: str) -> None:
    plots = [one for one in executed(name).cells if one.source.startswith("%hs plot")]
    assert plots
    for cell in plots:
        (drawn,) = [one for one in cell.outputs if "data" in one and "image/png" in one.data]
        assert any(VEGALITE.fullmatch(kind) for kind in drawn.data)


@pytest.mark.parametrize("name", NAMES)
def test_every_result_says_that_it_is_the_demo_study(name: str) -> None:
    summaries = [
        line
        for cell in executed(name).cells
        for output in cell.get("outputs", [])
        for line in output.get("text", "").splitlines()
        if " · " in line
    ]
    assert summaries
    assert all(line.startswith("DEMO STUDY · ") for line in summaries)


def test_the_course_hangs_together() -> None:
    """Each notebook leads to the next, and the ways back are there."""
    for name, following in pairwise(NAMES):
        assert f"]({following})" in nbformat.read(EXAMPLES / name, as_version=4).cells[-1].source
        assert f"]({name})" in nbformat.read(EXAMPLES / following, as_version=4).cells[0].source
    links = {
        link
        for name in NAMES
        for cell in nbformat.read(EXAMPLES / name, as_version=4).cells
        if cell.cell_type == "markdown"
        for link in re.findall(r"\]\(([^)]+)\)", cell.source)
    }
    assert links <= set(NAMES)


def test_the_first_cell_says_how_to_take_work_home() -> None:
    first = nbformat.read(EXAMPLES / NAMES[0], as_version=4).cells[0].source
    home = first.partition("**Taking your work home.**")[2]
    assert "On Binder" in home
    assert "Download" in home
    assert f"`{command.FOLDER}`" in home


def test_first_look_shows_rooms_and_window() -> None:
    assert "abandoned" in text("01_first_look.ipynb", "%hs rooms exp_film_pairs")
    assert "onset 5:00 to 5:30 -> half_minute" in text("01_first_look.ipynb", "-o half_minute")
    named = text("01_first_look.ipynb", "ratings/sparse -> asked")
    assert all(f"-> {name}" in named for name in ("cont", "asked", "sync", "chat"))
    assert "arousal" in text("01_first_look.ipynb", "WHERE value_norm > $least")


@pytest.mark.parametrize("name", NAMES)
def test_every_exercise_has_a_folded_and_checked_solution(name: str) -> None:
    cells = nbformat.read(EXAMPLES / name, as_version=4).cells
    tasks = [at for at, cell in enumerate(cells) if cell.source.startswith("### Exercise")]
    assert len(tasks) == 5
    for number, at in enumerate(tasks, 1):
        task, own, heading, solution = cells[at : at + 4]
        assert task.source.startswith(f"### Exercise {number}\n")
        assert own.metadata.tags == ["exercise"]
        assert heading.source == f"#### Solution {number}"
        assert solution.metadata == {"jupyter": {"source_hidden": True}, "tags": ["solution"]}
        # the first line is what a folded cell shows: it gives nothing away
        assert solution.source.startswith(f"# Solution {number}: click the dots to open it\n")
        assert re.search(r"^\s*assert ", solution.source, re.MULTILINE)


def solution(name: str, number: int) -> str:
    """Return what a solution prints; its own assertions hold, or the notebook would not have run."""
    found = [cell for cell in executed(name).cells if "solution" in cell.metadata.get("tags", [])]
    return text(name, found[number - 1].source)


def test_first_look() -> None:
    found = [solution("01_first_look.ipynb", number) for number in range(1, 6)]
    assert re.search(r"room_pair_10 +participant_left\nroom_pair_11 +participant_left", found[0])
    assert found[1].startswith("from 106.1 s to 799.2 s: 693 s")
    assert "Mia       7\nŁukasz    5" in found[2]
    assert "observer    completed       1" in found[3]
    assert found[4] == "{'p_pair_02_viewer'}\n"


def test_ratings_and_sync() -> None:
    found = [solution("02_ratings_and_sync.ipynb", number) for number in range(1, 6)]
    assert found[0].startswith("5 pauses, [20.5 23.5 13.8  7.8 31.8] s, in all 97.4 s")
    assert found[1].startswith("from 337 s to 397 s: 61 samples, -398 ms")
    assert found[2].startswith("10.3%")
    assert found[3].startswith("0.07 apart on average, 0.18 at most; r = 0.88")
    assert "p_pair_03_viewer: 402 s, 6:42 of the film" in found[4]


def test_who_is_usable() -> None:
    found = [solution("03_who_is_usable.ipynb", number) for number in range(1, 6)]
    assert found[0].startswith(
        "6 people, in ['room_pair_03', 'room_pair_04', 'room_pair_10', 'room_pair_11']"
    )
    assert "from 250 s to 290 s of the film" in found[1]
    assert "'p_pair_03_viewer') from 200 s to 260 s, -398 ms" in found[2]
    assert "from 180 s to 420 s of the film" in found[3]
    assert found[4].startswith("93 of 104 sliders are usable")


def test_shared_experience() -> None:
    found = [solution("04_shared_experience.ipynb", number) for number in range(1, 6)]
    assert found[0].startswith("film: 0.77 at 404 s; onset: 0.51")
    assert found[1].startswith("film 0.44, onset 0.07")
    assert re.search(r"room_pair_07 +p_pair_07_host +p_pair_07_viewer +0\.99\d* +0\.001", found[2])
    assert "most: 390 s to 450 s, r = 0.95" in found[3]
    assert "made late: best lag 1.5 s, r = 0.99, p = 0.001" in found[4]
    assert "as it is: best lag 0.0 s, r = 0.99, p = 0.001" in found[4]


def test_from_explorer_to_paper() -> None:
    name = "05_from_explorer_to_paper.ipynb"
    found = [solution(name, number) for number in range(1, 6)]
    assert found[0] == "TimeWindow(start_sec=517.0, end_sec=577.0)\n"
    assert "'p_pair_07_host': 0.64, 'p_pair_07_viewer': 0.46" in found[1]
    assert "769 ratings, 49 samples of sync: the same" in found[2]
    assert found[3].startswith("valence 0.99, arousal 0.25")
    assert "r = 0.9899330680, in the paper 0.9899330680" in found[4]
    assert {one.name for one in (FOLDERS[name] / "paper").iterdir()} == {
        *("figure_1.svg", "figure_1.html", "figure_2.png", "study")
    }


def test_the_explorer_stands_beside_a_menu() -> None:
    (box,) = outputs("05_from_explorer_to_paper.ipynb", "widgets.HBox")
    assert "application/vnd.jupyter.widget-view+json" in box["data"]


def test_a_stuck_slider_is_missing_and_not_zero() -> None:
    table = text("04_shared_experience.ipynb", 'stuck = found[found["participantId"]')
    missing = re.findall(r"(\d+\.5) +\d+\.5 +NaN", table)
    assert missing == ["180.5", "240.5", "300.5"]
