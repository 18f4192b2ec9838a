"""Charts are drawn without waiting for a grammar that nobody here uses; whoever uses it still has it."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

SCRIPT = """
import sys
import hs_jupyter.charts
assert "altair" in sys.modules
assert not [name for name in sys.modules if name.startswith(("rfc3987_syntax", "lark"))]
import jsonschema
conforms = jsonschema.FormatChecker(["iri"]).conforms
assert conforms("https://example.org/fil\\u00e9", "iri")
assert not conforms("no address", "iri")
assert hasattr(sys.modules["rfc3987_syntax"], "syntax_helpers")
"""


@pytest.mark.skipif(find_spec("rfc3987_syntax") is None, reason="jsonschema came without it")
def test_the_grammar_of_addresses_is_compiled_when_one_is_checked() -> None:
    subprocess.run([sys.executable, "-c", SCRIPT], check=True)
