"""The sidebar's panel in JupyterLab and Notebook, as a person finds it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect
from test_explorer_lab import LabExplorer

if TYPE_CHECKING:
    from playwright.sync_api import Locator

LONG_MS = 90_000  # the demo study may have to be made first
SECONDS = 30


class Sidebar(LabExplorer):
    """The panel, the explorer in it, and the kernel that it belongs to."""

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("region", name="HyperStudy panel")

    @property
    def root(self) -> Locator:
        return self.page.locator(".hs-Panel").get_by_role("region", name="HyperStudy explorer")

    def open(self) -> None:
        """Open the panel as a person does."""
        if self.notebook.server.app == "lab":
            self.page.get_by_role("tab", name="HyperStudy Explorer").click()
        else:
            self.menu("View", "Left Sidebar", "Show HyperStudy Explorer")
        expect(self.page.locator(".hs-Panel")).to_be_visible()

    def menu(self, first: str, *below: str) -> None:
        """Go through a menu by its words."""
        self.page.get_by_role("menuitem", name=first, exact=True).click()
        for words in below[:-1]:
            self.page.locator(".lm-Menu-itemLabel").get_by_text(words, exact=True).hover()
        self.page.locator(".lm-Menu-itemLabel").get_by_text(below[-1], exact=True).click()

    def says(self, title: str | re.Pattern[str]) -> None:
        """Wait until the panel says something in the place of an explorer."""
        expect(self.page.locator(".hs-Panel-title")).to_have_text(title, timeout=LONG_MS)

    def belongs_to(self, name: str) -> None:
        """Wait until the panel names a notebook or console."""
        expect(self.page.locator(".hs-Panel-place")).to_have_accessible_name(
            re.compile(f"^{re.escape(name)}")
        )

    def press(self, name: str) -> None:
        self.page.locator(".hs-Panel, .hs-Drawer").get_by_role("button", name=name, exact=True).first.click()

    def use_demo(self) -> None:
        """Connect the kernel to the demo study, and wait for the explorer."""
        self.says("No API key yet")
        self.press("Use the demo study")
        self.shown()

    def shown(self) -> None:
        """Wait until the explorer is there, idle and drawn."""
        expect(self.root).to_have_attribute("data-ready", "true", timeout=LONG_MS)

    def brush(self, start: float, end: float) -> None:
        """Drag across these fractions of the timeline, which is narrow here."""
        self.timeline.scroll_into_view_if_needed()
        box = self.timeline.get_by_role("application").bounding_box()
        assert box is not None
        left, width = box["x"] + 62, box["width"] - 100
        y = max(box["y"] + 70, self.bar_ends() + 20)
        self.page.mouse.move(left + start * width, y)
        self.page.mouse.down()
        self.page.mouse.move(left + end * width, y, steps=6)
        self.page.mouse.up()
        self.shown()

    def bar_ends(self) -> float:
        """Pixels from the top below which nothing that stays in sight covers the timeline."""
        box = self.root.get_by_role("region", name="Push").bounding_box()
        assert box is not None
        return box["y"] + box["height"]

    def push(self, name: str) -> None:
        """Put the selection in a variable."""
        self.root.get_by_role("textbox", name="Variable name").fill(name)
        self.root.get_by_role("button", name="Push to notebook").click()
        expect(self.root.get_by_role("status", name="Explorer status")).to_contain_text(name)

    def cells(self) -> list[dict[str, Any]]:
        """The cells of the notebook at hand: their source, number and text output."""
        found: list[dict[str, Any]] = self.page.evaluate(
            """() => window.jupyterapp.shell.currentWidget.content.widgets.map(({model}) => ({
                source: model.sharedModel.getSource(),
                number: model.executionCount ?? null,
                outputs: model.outputs?.length ?? 0,
            }))"""
        )
        return found

    def kernel(self, code: str) -> Any:
        """Do something with the kernel connection ``k`` of the notebook at hand."""
        return self.page.evaluate(
            f"async () => {{ const k = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel; {code} }}"
        )

    def begin_long_cell(self) -> None:
        """Let the kernel work at something, until `end_long_cell`."""
        wait = f"import threading\n_go = threading.Event()\n_go.wait({SECONDS * 4})"
        self.page.evaluate(
            """code => {
                const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
                const asked = kernel.requestExecute({code, store_history: false});
                window.longCell = 'asked';
                asked.onIOPub = ({header}) => {
                    if (header.msg_type === 'execute_input') window.longCell = 'running';
                };
                asked.done.then(() => { window.longCell = 'done'; });
            }""",
            wait,
        )
        self.page.wait_for_function("() => window.longCell === 'running'")

    def interrupt(self) -> None:
        """End what the kernel works at."""
        self.kernel("await k.interrupt();")
        self.page.wait_for_function("() => window.longCell === 'done'")

    def restart(self) -> None:
        """Restart the kernel, as the toolbar's button does after its question."""
        self.page.evaluate("() => { window.jupyterapp.shell.currentWidget.sessionContext.restartKernel(); }")
