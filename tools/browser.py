"""Find a Chromium for the browser tests, or get one from the package registries.

A browser on the PATH is taken as it is. Without one: Debian's package where the rights for it are
there, else the npm package that carries a browser and its libraries inside, unpacked in the virtual
environment, so that no rights are needed.
"""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from xml.sax.saxutils import escape

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
INSTALLED = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
PACKAGE = "@sparticuz/chromium@153.0.0"
UNPACK = """
import { inflate } from '@sparticuz/chromium';
const bin = `${process.cwd()}/node_modules/@sparticuz/chromium/bin`;
for (const part of ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br'])
  await inflate(`${bin}/${part}`);
"""
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>{folder}</dir>
  <cachedir>{folder}/cache</cachedir>
</fontconfig>
"""
ADVICE = "The browser tests need Chromium: install Chromium or Chrome, then run this line again."


def find() -> str | None:
    """Return the path of a browser that starts, or None."""
    candidates = [shutil.which(name) for name in NAMES] + [path for path in INSTALLED if Path(path).is_file()]
    return next((path for path in candidates if path and starts(path)), None)


def starts(path: str) -> bool:
    """Tell whether the browser can be run here (a Debian without its libraries cannot)."""
    if os.name == "nt":  # there, asking Chrome for its version opens a window
        return True
    return subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0


def from_debian() -> None:
    """Install Debian's package, when this is Debian and nobody needs to be asked for a password."""
    release = Path("/etc/os-release")
    if not release.is_file() or "ID=debian" not in release.read_text("utf-8").splitlines():
        return
    rights = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    if rights and not (shutil.which("sudo") and quiet([*rights, "true"])):
        return
    print("Installing Debian's Chromium for the browser tests ...", flush=True)
    noninteractive = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    if quiet([*noninteractive, "update"]):
        quiet([*noninteractive, "install", "--no-install-recommends", "chromium", "fonts-liberation"])


def from_npm() -> None:
    """Unpack the browser inside the npm package, with its libraries and fonts beside it."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return
    print("Getting a Chromium from npm for the browser tests ...", flush=True)
    folder = Path(sys.prefix) / "share" / "chromium"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "package.json").write_text('{"private": true, "type": "module"}', "utf-8")
    (folder / "unpack.js").write_text(UNPACK, "utf-8")
    if not quiet(["npm", "install", "--no-audit", "--no-fund", PACKAGE], folder):
        return
    if not quiet(["node", "unpack.js"], folder, TMPDIR=str(folder)):
        return
    shutil.rmtree(folder / "node_modules")
    # The package's own list of font folders names none of these, and without any font pages crash.
    fonts = folder / "fonts"
    (fonts / "fonts.conf").write_text(FONTS.format(folder=escape(str(fonts))), "utf-8")
    place = shlex.quote(str(folder))
    start = Path(sys.prefix) / "bin" / "chromium"
    start.write_text(
        "#!/bin/sh\n"
        f"export LD_LIBRARY_PATH={place}/al2023/lib${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}\n"
        f"export FONTCONFIG_PATH={place}/fonts\n"
        f'exec {place}/chromium "$@"\n',
        "utf-8",
    )
    start.chmod(0o755)


def quiet(command: list[str], folder: Path | None = None, **variables: str) -> bool:
    """Run a command, show what it says only when it fails, and tell whether it succeeded."""
    ran = subprocess.run(
        command, cwd=folder, env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        sys.stderr.write(ran.stdout + ran.stderr)
    return ran.returncode == 0


def main() -> None:
    """Say which browser the tests will use, or stop with what to install."""
    for get in (from_debian, from_npm):
        if find():
            break
        get()
    sys.exit(None if find() else ADVICE)


if __name__ == "__main__":
    main()
