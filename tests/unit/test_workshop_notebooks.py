"""The course's notebooks in a student's folder: laid out once, never written over."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hs_jupyter.errors import HsError
from hs_jupyter.workshop.command import told
from hs_jupyter.workshop.notebooks import lay_out, lay_out_anew, shipped

NAMES = tuple(path.name for path in shipped())


def test_the_course_is_what_examples_holds() -> None:
    examples = Path(__file__).parents[2] / "examples"
    assert sorted(path.name for path in examples.glob("*.ipynb")) == list(NAMES)
    assert [int(name[:2]) for name in NAMES] == list(range(1, len(NAMES) + 1))


def test_all_are_laid_out_once(tmp_path: Path) -> None:
    folder = tmp_path / "a new" / "folder"
    first = lay_out(folder)
    assert (first.new, first.kept) == (NAMES, ())
    assert [(folder / name).read_bytes() for name in NAMES] == [one.read_bytes() for one in shipped()]
    again = lay_out(folder)
    assert (again.new, again.kept) == ((), ())


def test_a_changed_copy_stays_and_is_named(tmp_path: Path) -> None:
    lay_out(tmp_path)
    (tmp_path / NAMES[1]).write_text("my work", "utf-8")
    (tmp_path / NAMES[2]).unlink()
    laid = lay_out(tmp_path)
    assert (laid.new, laid.kept) == ((NAMES[2],), (NAMES[1],))
    assert (tmp_path / NAMES[1]).read_text("utf-8") == "my work"
    assert f"Kept as you left them: {NAMES[1]}. (--fresh " in told(laid)


def test_fresh_ones_lie_beside(tmp_path: Path) -> None:
    lay_out(tmp_path)
    (tmp_path / NAMES[0]).write_text("my work", "utf-8")
    folders = []
    for _ in range(3):
        laid = lay_out_anew(tmp_path)
        assert (laid.new, laid.kept) == (NAMES, ())
        folders.append(laid.folder.relative_to(tmp_path).as_posix())
        (laid.folder / NAMES[0]).write_text("more work", "utf-8")
    assert folders == ["fresh", "fresh_2", "fresh_3"]
    assert (tmp_path / NAMES[0]).read_text("utf-8") == "my work"
    assert (tmp_path / "fresh" / NAMES[0]).read_text("utf-8") == "more work"


def test_a_link_that_leads_nowhere_is_not_written_through(tmp_path: Path) -> None:
    outside = tmp_path / "outside.ipynb"
    folder = tmp_path / "workshop"
    folder.mkdir()
    try:
        (folder / NAMES[0]).symlink_to(outside)
    except OSError:
        pytest.skip("no links here")
    with pytest.raises(HsError, match="cannot be laid out"):
        lay_out(folder)
    assert not outside.exists()


def test_a_folder_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(HsError, match=r"the notebooks cannot be laid out in '.*file'"):
        lay_out(tmp_path / "file")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(HsError, match="the notebooks cannot be laid out in"):
        lay_out(tmp_path / "workshop")
