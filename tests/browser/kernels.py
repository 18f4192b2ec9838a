"""Kernels that are not like others: without the package, without subshells, of another language."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter import JupyterServer

LAUNCH = "from ipykernel.kernelapp import launch_new_instance as launch\n"

# As in an environment of its own; `import hs_jupyter` fails until the finder is taken away.
WITHOUT_PACKAGE = f"""
import sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "hs_jupyter":
            raise ModuleNotFoundError("No module named 'hs_jupyter'", name="hs_jupyter")
sys.meta_path.insert(0, Hidden())
{LAUNCH}launch()
"""
WITHOUT_SUBSHELLS = f"""
from ipykernel.ipkernel import IPythonKernel
class Kernel(IPythonKernel):
    _supports_kernel_subshells = False
{LAUNCH}launch(kernel_class=Kernel)
"""
OTHER_LANGUAGE = f"""
from ipykernel.ipkernel import IPythonKernel
class Kernel(IPythonKernel):
    language_info = {{**IPythonKernel.language_info, "name": "julia"}}
{LAUNCH}launch(kernel_class=Kernel)
"""


def add_kernel(server: JupyterServer, name: str, code: str, language: str = "python") -> str:
    """Let a server offer a kernel, and return its name."""
    folder = server.folder / "data_dir" / "kernels" / name
    folder.mkdir(parents=True, exist_ok=True)
    argv = [sys.executable, "-c", code, "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": name, "language": language}
    (folder / "kernel.json").write_text(json.dumps(spec), "utf-8")
    return name
