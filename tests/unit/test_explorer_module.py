"""The explorer's part for the browser, as it is built into the package."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from explorer_kernel import Kernel

from hs_jupyter.explorer.module import browser_part

MOST_KB = 450  # what the README promises; with Vega, gzipped
MOST_KB_WITHOUT_VEGA = 80


PARTS = ("explorer.js", "vega.js")


def test_the_module_is_small():
    readme = Path(__file__).parents[2] / "README.md"
    assert f"under {MOST_KB} kB, gzipped" in readme.read_text("utf-8")
    assert sum(len(gzip.compress(browser_part(part).encode())) for part in PARTS) < MOST_KB * 1000


def test_vega_is_in_its_own_part_alone():
    assert len(gzip.compress(browser_part("explorer.js").encode())) < MOST_KB_WITHOUT_VEGA * 1000


@pytest.mark.parametrize("part", PARTS)
def test_each_part_is_one_file_and_loads_nothing(part):
    module = browser_part(part)
    assert re.search(r"export\s*\{[\w\s,]+\}", module)
    assert not re.search(r"(?:^|[;}])\s*import\b", module)
    # Vega alone is imported: what the kernel sent, from memory.
    assert len(re.findall(r"\bimport\s*\(", module)) == (part == "explorer.js")


def test_the_style_loads_nothing():
    style = browser_part("explorer.css")
    assert "@import" not in style
    assert "url(" not in style


def test_vega_comes_from_the_kernel_when_nobody_in_the_page_has_it():
    assert Kernel().ask("vega")["module"] == browser_part("vega.js")
