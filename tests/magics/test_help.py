"""Help, the language's page, and the twins all say the same."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

from hs_jupyter import functions
from hs_jupyter.magics import document
from hs_jupyter.magics.cells import parse_cell
from hs_jupyter.magics.help import help_text
from hs_jupyter.magics.language import DATA, PLAN, SQL, VERBS

HERE_ONLY = {"into", "quiet"}


def test_help_lists_every_verb():
    shown = help_text()
    assert [verb.name for verb in VERBS if f"\n  {verb.name}" not in shown] == []
    assert "Example:" in shown


@pytest.mark.parametrize("verb", [*VERBS, SQL, PLAN], ids=lambda verb: verb.name)
def test_the_help_of_a_verb_has_options_and_an_example(verb):
    shown = help_text(verb.name)
    assert shown.startswith("%")
    assert verb.meaning in shown
    for one in verb.options:
        assert f"\n  {one.usage} " in shown
    assert verb.example.splitlines()[0] in shown.partition("Example:")[2]
    assert max(len(line) for line in shown.splitlines()) < 250


@pytest.mark.parametrize("verb", DATA, ids=lambda verb: verb.name)
def test_the_help_of_a_type_names_its_columns(verb):
    shown = help_text(verb.name)
    for column in verb.type.columns:
        assert f"\n  {column.name} " in shown


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb.call], ids=lambda verb: verb.name)
def test_every_option_is_a_keyword_of_the_twin(verb):
    name = verb.call
    if verb in DATA and not verb.name.startswith("ratings"):
        name = verb.type.table
    parameters = inspect.signature(getattr(functions, name)).parameters
    keywords = {one.keyword for one in verb.options} - HERE_ONLY
    if any(one.kind is inspect.Parameter.VAR_KEYWORD for one in parameters.values()):
        keywords -= {one.keyword for one in verb.type.parameters}
    assert keywords <= set(parameters)


def test_the_examples_of_cells_are_in_the_language():
    for verb in (PLAN, SQL):
        line, _, cell = verb.example.partition("\n")
        asked = parse_cell(line.removeprefix("%%hs"), cell)
        assert not any(row.fault for row in getattr(asked, "rows", ()))


def test_the_page_is_up_to_date():
    assert document.main(["--check"]) == 0, "python -m hs_jupyter.magics.document"


def test_the_page_says_when_it_is_not(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(document, "PAGE", tmp_path / "language.md")
    assert document.main(["--check"]) == 1
    assert "is not up to date" in capsys.readouterr().err
    assert document.main([]) == 0
    assert document.main(["--check"]) == 0


def test_the_page_is_written_without_anything_heavy():
    code = (
        "import sys; from hs_jupyter.magics import document; document.page_text(); "
        "assert not {'pandas', 'pyarrow', 'IPython'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
