"""How the documentation site is made: Sphinx, Markdown, and nothing from the network."""

from __future__ import annotations

import tomllib
from pathlib import Path

_PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8"))["project"]

project = "hs_jupyter"
author = "hs_jupyter contributors"
version = release = _PROJECT["version"]
copyright = "hs_jupyter contributors, BSD-3-Clause"  # noqa: A001 - Sphinx's name

extensions = ["myst_parser"]
myst_heading_anchors = 4
nitpicky = True

html_theme = "furo"
html_title = f"hs_jupyter {version}"
html_copy_source = False
html_show_sourcelink = False
