"""A notebook in a JupyterLab, its cells, and what is measured in its page."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from jupyter import JupyterServer, NotebookPage

from beside.study import EXPERIMENT, SHORT

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

PATIENCE_MS = 180_000
DETAIL = re.compile(rb'"to": ?"timeline", ?"result"')

# In the page: when something is painted, and how long a pointer's move takes until it is.
PAGE = """
window.bench = {
  moves: [],
  painted: () => new Promise(done => requestAnimationFrame(() => {
    const after = new MessageChannel();
    after.port1.onmessage = () => done(performance.now());
    after.port2.postMessage(0);
  })),
  until: async test => {
    for (const began = performance.now(); performance.now() - began < 120_000; ) {
      const at = await bench.painted();
      if (test()) return at;
    }
    throw new Error(`never came: ${test}`);
  },
};
addEventListener('pointermove', event => {
  if (event.buttons) bench.painted().then(at => bench.moves.push(at - event.timeStamp));
}, true);
"""
OURS_READY = """() => {
    const stage = document.querySelector('.hs-Stage[data-empty="false"] canvas');
    return stage && document.querySelector('.hs-Explorer')?.dataset.ready === 'true';
}"""


class Bench:
    """A JupyterLab with one notebook at a time."""

    def __init__(self, page: Page, server: JupyterServer, *, others: bool) -> None:
        self.page = page
        self.server = server
        self.others = others
        self.received = self.details = 0
        """Bytes that came, and the timeline's answers among them."""
        page.set_default_timeout(PATIENCE_MS)
        page.add_init_script(PAGE)
        page.on("websocket", lambda socket: socket.on("framereceived", self._count))

    def _count(self, payload: str | bytes) -> None:
        self.received += len(payload)
        text = payload if isinstance(payload, bytes) else payload.encode()
        self.details += DETAIL.search(text) is not None

    def open(self, *cells: str, kernel: str = "python3") -> NotebookPage:
        """Open a notebook of these cells and run all but the last."""
        self.page.goto("about:blank")
        self.server.end_kernels()
        notebook = NotebookPage(self.page, self.server)
        notebook.open(self.server.notebook("bench.ipynb", *map(textwrap.dedent, cells), kernel=kernel))
        for _ in cells[:-1]:
            self.run_next()
            self.page.wait_for_function(
                """() => window.jupyterapp.shell.currentWidget.content.widgets
                    .every(({model}) => model.executionState !== 'running')"""
            )
        return notebook

    def run_next(self) -> None:
        self.page.evaluate(
            "() => { window.jupyterapp.commands.execute('notebook:run-cell-and-select-next'); }"
        )

    def shown(self, test: str) -> float:
        """Run the next cell; return milliseconds until a test holds in a painted page."""
        script = f"""async () => {{
            const began = performance.now();
            window.jupyterapp.commands.execute('notebook:run-cell-and-select-next');
            return (await bench.until({test})) - began;
        }}"""
        return float(self.page.evaluate(script))

    def explorer(self, folder: Path) -> None:
        """Show an explorer of the study on disk, its experiment's rooms in sight."""
        self.open(f"import hs_jupyter as hs\nhs.connect(folder={str(folder)!r})", "hs.explore()")
        self.run_next()
        tree = self.page.get_by_role("tree", name="Scopes")
        study = tree.get_by_role("treeitem").filter(has_text=EXPERIMENT)
        study.locator(".hs-Line-twist").click()
        tree.get_by_role("treeitem").filter(has_text=SHORT).wait_for()
        self.page.locator('.hs-Explorer[data-ready="true"]').wait_for()

    def choose(self, room: str) -> float:
        """Click on a room; return milliseconds until its chart is painted."""
        script = f"""async room => {{
            const rows = [...document.querySelectorAll('[role=treeitem]')];
            const began = performance.now();
            rows.find(one => one.textContent.includes(room)).click();
            await bench.painted();
            return (await bench.until({OURS_READY})) - began;
        }}"""
        return float(self.page.evaluate(script, room))

    def drag(self, box: dict[str, float], start: float, end: float, down: float, steps: int) -> None:
        """Drag the pointer across a part of a box, slowly enough for every move to be painted."""
        mouse, y = self.page.mouse, box["y"] + down
        mouse.move(box["x"] + start * box["width"], y)
        mouse.down()
        for one in range(1, steps + 1):
            mouse.move(box["x"] + (start + (end - start) * one / steps) * box["width"], y + one % 3)
        mouse.up()
