"""The explorer's part for the browser, as it is built into the package."""

from __future__ import annotations

import gzip
import re

from hs_jupyter.explorer.module import browser_part

MOST_KB = 450  # what the README promises; with Vega, gzipped


def test_the_module_is_small():
    assert len(gzip.compress(browser_part("explorer.js").encode())) < MOST_KB * 1000


def test_the_module_is_one_file_and_loads_nothing():
    module = browser_part("explorer.js")
    assert re.search(r"export\s*\{\s*\w+ as default\s*\}", module)
    assert not re.search(r"(?:^|[;}])\s*import\b|\bimport\s*\(", module)
    style = browser_part("explorer.css")
    assert "@import" not in style
    assert "url(" not in style
