"""Choose the versions that Binder installs: the newest that fit together today, every one of them pinned.

    python tools/pins.py

They fit any release of the Python that `binder/runtime.txt` names. Look at what changed, and run the thorough
tests.
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTE = "# Made by tools/pins.py: every version, also of what is needed indirectly."


def wanted() -> dict[str, list[str]]:
    """Return, for each file in binder/, what is asked for directly."""
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    project = whole["project"]
    extras = project["optional-dependencies"]
    workshop = [one for one in extras["workshop"] if not one.startswith("hs-jupyter[")]
    return {
        "requirements.txt": [*project["dependencies"], *extras["demo"], *workshop],
        "build-requirements.txt": whole["build-system"]["requires"],
    }


def pinned(requirements: list[str], python: str) -> list[str]:
    """Ask pip which versions it would install in an empty environment of Binder's machines."""
    machines = [f"--platform=manylinux{one}_x86_64" for one in ("2014", "_2_17", "_2_28")]
    empty = [
        "--dry-run",
        "--target=nowhere",
        "--only-binary=:all:",
        f"--python-version={python}",
        *machines,
    ]
    ask = ["pip", "install", *empty, "--quiet", "--report=-", *requirements]
    ran = subprocess.run([sys.executable, "-m", *ask], check=True, stdout=subprocess.PIPE)
    chosen = [one["metadata"] for one in json.loads(ran.stdout)["install"]]
    return sorted(f"{one['name'].lower().replace('_', '-')}=={one['version']}" for one in chosen)


def main() -> None:
    """Write the files."""
    python = (ROOT / "binder" / "runtime.txt").read_text("utf-8").strip().removeprefix("python-")
    if sys.platform != "linux" or not platform.python_version().startswith(f"{python}."):
        sys.exit(f"run this on Linux, with Python {python}: what is needed depends on both")
    for name, requirements in wanted().items():
        lines = [NOTE, *pinned(requirements, f"{python}.0")]
        (ROOT / "binder" / name).write_text("\n".join(lines) + "\n", "utf-8", newline="\n")


if __name__ == "__main__":
    main()
