"""What the extension adds to JupyterLab's start: its own work in the page, and whole starts with and without it.

    python benchmarks/sidebar.py [STARTS]

The page's own clock measures both. The extension's work is what runs of it before anybody opens the panel: its
modules are evaluated and its plugins activated. JupyterLab's modules that it is the first to need are left out:
they are evaluated in any case, a moment later. A whole start, from the navigation to the restored application,
varies by more than that; both kinds of start alternate, and their medians are shown beside it.
"""

from __future__ import annotations

import json
import re
import runpy
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from jupyter import JupyterServer  # noqa: E402 (the tests' own server)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

NAME = "hs-jupyter"
CONFIG = re.compile(r'(<script id="jupyter-config-data"[^>]*>)(.*?)(</script>)', re.DOTALL)

# JupyterLab takes every extension out of this object; ours is handed on with a clock around it.
CLOCK = """
window.ownMs = {};
window.sharedMs = 0;
let inside = 0;
const timed = (name, act) => {
  const begun = performance.now();
  const before = window.sharedMs;
  try { return act(); } finally {
    const tookMs = performance.now() - begun - (window.sharedMs - before);
    window.ownMs[name] = (window.ownMs[name] ?? 0) + tookMs;
  }
};
// A module of JupyterLab's own that nobody has asked for before: it is evaluated in any case.
const shared = make => () => {
  const begun = performance.now();
  inside++;
  try { return make(); } finally {
    if (!--inside) window.sharedMs += performance.now() - begun;
  }
};
const lent = scope => Object.fromEntries(Object.entries(scope).map(([name, versions]) => [
  name,
  Object.fromEntries(Object.entries(versions).map(([version, one]) => [
    version,
    {...one, get: async () => shared(await one.get())},
  ])),
]));
const clocked = held => ({
  init: scope => held.init(lent(scope)),
  get: async name => {
    const make = await held.get(name);
    return () => {
      const made = timed(`evaluate ${name}`, make);
      for (const plugin of [made.default ?? []].flat()) {
        const activate = plugin.activate;
        if (activate && !plugin.clocked) {
          plugin.clocked = true;
          plugin.activate = (...given) => timed(`activate ${plugin.id}`, () => activate(...given));
        }
      }
      return made;
    };
  },
});
window._JUPYTERLAB = new Proxy({}, {
  set: (held, name, value) => Reflect.set(held, name, name === 'NAME' ? clocked(value) : value),
});
""".replace("NAME", NAME)

STARTED = """async () => {
  while (!window.jupyterapp?.restored) await new Promise(go => setTimeout(go, 1));
  await window.jupyterapp.restored;
  return performance.now();
}"""


def one_start(browser: Browser, address: str, *, own: bool) -> tuple[float, dict[str, float]]:
    """Start JupyterLab in a new window: milliseconds of it all, and of the extension's parts."""

    def answer(route: Route) -> None:
        page = route.fetch()
        route.fulfill(response=page, body=CONFIG.sub(lambda found: configured(found, own=own), page.text()))

    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(CLOCK)
    page.route("**/lab?reset", answer)
    page.goto(f"{address}/lab?reset", wait_until="domcontentloaded")
    whole: float = page.evaluate(STARTED)
    parts: dict[str, float] = page.evaluate("() => window.ownMs")
    context.close()
    if bool(parts) != own:
        sys.exit(f"the extension {'is not' if own else 'is'} there; build it: python run.py lab")
    return whole, parts


def configured(found: re.Match[str], *, own: bool) -> str:
    """Write the page's configuration again, with the extension or without."""
    config: dict[str, Any] = json.loads(found[2])
    if not own:
        kept = [one for one in config["federated_extensions"] if one["name"] != NAME]
        config["federated_extensions"] = kept
    return f"{found[1]}{json.dumps(config)}{found[3]}"


def main(starts: int = 9) -> None:
    browser_path = runpy.run_path(str(ROOT / "tools" / "browser.py"))["find"]()
    with (
        tempfile.TemporaryDirectory() as folder,
        JupyterServer("lab", Path(folder) / "jupyter") as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=browser_path)
        one_start(browser, server.base_url, own=True)  # the server reads and compiles its files
        runs = [
            (one_start(browser, server.base_url, own=True), one_start(browser, server.base_url, own=False))
            for _ in range(starts)
        ]
        browser.close()
    parts = [own for (_, own), _ in runs]
    print(f"JupyterLab, medians of {starts} starts each way")
    for name in parts[0]:
        print(f"  {name:<34}{median(one[name] for one in parts):8.1f} ms")
    sums = [sum(one.values()) for one in parts]
    print(f"  {'the extension in all':<34}{median(sums):8.1f} ms (at most {max(sums):.1f})")
    with_it, without = median(one[0] for one, _ in runs), median(other[0] for _, other in runs)
    differences = [one[0] - other[0] for one, other in runs]
    print(f"  {'whole start with it':<34}{with_it:8.0f} ms")
    print(f"  {'whole start without it':<34}{without:8.0f} ms")
    print(f"  {'difference of neighbours':<34}{median(differences):8.0f} ms")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
