"""The explorer's built module in a page of its own, with a kernel in JavaScript beside it."""

from __future__ import annotations

import json
import re
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from playwright.sync_api import expect
from timeline_page import answer

from hs_jupyter.explorer.messages import Timeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page, Route

    from hs_jupyter.explorer.drawing import Prepared

ROOT = Path(__file__).parents[2]
JS = ROOT / "js"
BUILT = ROOT / "hs_jupyter" / "explorer" / "static"
ADDRESS = "http://127.0.0.1:9"  # nobody listens there: the test answers every request itself
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".webm": "video/webm"}


def bundle(folder: Path) -> Path:
    """Bundle the test's own side of the page: the kernel and its study."""
    page = folder / "page.js"
    options = {
        "entryPoints": [str(JS / "tests" / "explorer" / "page" / "page.ts")],
        "bundle": True,
        "external": ["/explorer.js"],
        "format": "esm",
        "outfile": str(page),
    }
    script = f"require('esbuild').buildSync({json.dumps(options)})"
    subprocess.run(["node", "-e", script], check=True, cwd=JS)
    return page


class ExplorerPage:
    """A page with views of one explorer; every wait is on a state that can be seen."""

    def __init__(self, page: Page, script: Path, recording: Path, prepared: Prepared) -> None:
        self.page = page
        self.prepared = prepared
        self.files = {
            "/": JS / "tests" / "explorer" / "page" / "page.html",
            "/page.js": script,
            "/explorer.js": BUILT / "explorer.js",
            "/vega.js": BUILT / "vega.js",
            "/explorer.css": BUILT / "explorer.css",
            "/recording.webm": recording,
        }
        page.route(f"{ADDRESS}/**", self._serve)
        page.goto(ADDRESS)
        page.wait_for_function("() => document.body.dataset.ready")

    def _serve(self, route: Route) -> None:
        if route.request.method == "POST":
            asked = msgspec.json.decode(route.request.post_data_buffer or b"", type=Timeline)
            route.fulfill(body=answer(self.prepared, asked))
            return
        file = self.files[route.request.url.removeprefix(ADDRESS).split("?")[0]]
        content = file.read_bytes()
        headers = {"Content-Type": TYPES[file.suffix], "Accept-Ranges": "bytes"}
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", route.request.headers.get("range", ""))
        if asked is None:
            route.fulfill(body=content, headers=headers)
            return
        first, last = int(asked[1]), int(asked[2] or len(content) - 1)
        headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
        route.fulfill(status=206, body=content[first : last + 1], headers=headers)

    @property
    def root(self) -> Locator:
        """The explorer; the first, where there are several views."""
        return self.page.get_by_role("region", name="HyperStudy explorer").first

    @property
    def grid(self) -> Locator:
        return self.root.get_by_role("grid", name="Records")

    @property
    def status(self) -> Locator:
        return self.root.get_by_role("status", name="Explorer status")

    @property
    def alert(self) -> Locator:
        return self.root.get_by_role("alert")

    def begin(self, settings: dict[str, Any] | None = None, traits: dict[str, Any] | None = None) -> None:
        """Mount a view on a new kernel."""
        self.page.evaluate(
            "([settings, traits]) => { explorer.begin(settings, traits); explorer.mount(); }",
            [settings or {}, traits or {}],
        )

    def ready(self) -> None:
        """Wait until the explorer is idle and drawn."""
        expect(self.root).to_have_attribute("data-ready", "true")

    def kernel(self, expression: str) -> Any:
        """Ask the kernel something; it is ``k`` in the expression."""
        return self.page.evaluate(f"() => {{ const k = explorer.kernel; return ({expression}); }}")

    def asked(self, kind: str) -> list[dict[str, Any]]:
        """What the browser asked of a type, in order."""
        return self.kernel(f"k.sent.filter(one => one.type === '{kind}')")

    def open_room(self, name: str = "room_0001") -> None:
        """Open a room from the tree, as a person does."""
        study = self.root.get_by_role("treeitem").filter(has_text="Emotion study 1 ").first
        study.locator(".hs-Line-twist").click()
        self.root.get_by_role("treeitem").filter(has_text=name).last.click()
        expect(self.root.get_by_role("heading", name=f"room {name}")).to_be_visible()
        self.ready()

    def tab(self, name: str) -> None:
        self.root.get_by_role("tab", name=name).click()
        self.ready()

    def cell(self, row: int, column: str) -> Locator:
        """A cell by its row's number and its column's name."""
        at = self.grid.get_by_role("columnheader", name=column, exact=True).get_attribute("aria-colindex")
        return self.grid.locator(f'[role=row][aria-rowindex="{row + 1}"] [aria-colindex="{at}"]')

    def violations(self) -> list[str]:
        """What axe finds against the rules for accessible pages, with the elements at fault."""
        self.page.add_script_tag(path=JS / "node_modules" / "axe-core" / "axe.min.js")
        return self.root.evaluate(
            """root => axe.run(root, {resultTypes: ['violations']}).then(({violations}) => violations
                .map(({id, nodes}) => `${id}: ${nodes.map(node => node.html.slice(0, 120)).join(' | ')}`))"""
        )

    @contextmanager
    def theme(self, name: str) -> Iterator[None]:
        """Light or dark, as the operating system asks for it."""
        self.page.emulate_media(color_scheme=name)  # type: ignore[arg-type]
        ground = "#16181b" if name == "dark" else "#ffffff"
        self.page.evaluate("color => { document.body.style.background = color; }", ground)
        yield
        self.page.emulate_media(color_scheme="light")
        self.page.evaluate("() => { document.body.style.background = ''; }")


# Texts whose contrast with what is behind them is below 4.5:1 (3:1 for large or bold ones).
FAINT = """root => {
    const pen = Object.assign(document.createElement('canvas'), {width: 1, height: 1}).getContext('2d');
    const paint = (colors) => {
        pen.clearRect(0, 0, 1, 1);
        for (const color of colors) { pen.fillStyle = color; pen.fillRect(0, 0, 1, 1); }
        return [...pen.getImageData(0, 0, 1, 1).data];
    };
    const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = node => {
        const layers = [];
        for (let one = node; one; one = one.parentElement) layers.unshift(getComputedStyle(one).backgroundColor);
        return ['white', ...layers];
    };
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT), faint = [];
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
        const node = text.parentElement;
        if (!text.data.trim() || !node.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
        if (node.closest(':disabled, .hs-hidden')) continue;
        const ground = behind(node), style = getComputedStyle(node);
        const [one, other] = [light(paint([...ground, style.color])), light(paint(ground))].sort((a, b) => b - a);
        const contrast = (one + 0.05) / (other + 0.05);
        if (contrast < 4.5) faint.push(`${text.data.trim().slice(0, 40)}: ${contrast.toFixed(2)}`);
    }
    return faint;
}"""
