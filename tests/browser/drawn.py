"""Look into a drawn plot: where its rows are on the page, and what its view knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

# Walks the scene graph; calls `meet(mark, item, left, top)` with places on the page.
WALK = """(host, meet) => {
    const view = host.__view__, {x, y} = host.querySelector('canvas').getBoundingClientRect();
    const pad = view.padding(), [left, top] = view.origin();
    const walk = (mark, left, top) => (mark.items ?? []).forEach(item => {
        const place = [left + (item.x ?? 0), top + (item.y ?? 0)];
        meet(mark, item, ...place);
        (item.items ?? []).forEach(inner => walk(inner, ...place));
    });
    walk(view.scenegraph().root, x + left + (pad.left ?? pad), y + top + (pad.top ?? pad));
}"""


@dataclass(frozen=True)
class Cell:
    """A row's plotting area, in pixels of the page."""

    x: float
    y: float
    width: float
    height: float

    def at(self, across: float, down: float = 0.5) -> tuple[float, float]:
        """Return the point at these fractions of width and height."""
        return self.x + across * self.width, self.y + down * self.height

    def look(self, page: Page) -> bytes:
        """Return what is seen of the cell."""
        clip = {"x": self.x, "y": self.y, "width": self.width, "height": self.height}
        return page.screenshot(clip=clip, animations="disabled")  # type: ignore[arg-type]


def cells(plot: Locator) -> list[Cell]:
    """Return the cells of a plot, from top to bottom; the plot is scrolled into view first."""
    plot.scroll_into_view_if_needed()
    # Scopes named '..._group' are the cells of a concatenation; a single chart is one cell, the root.
    found = plot.evaluate(
        f"""host => {{
            const cells = [], frames = [];
            ({WALK})(host, (mark, item, x, y) => {{
                const cell = mark.role === 'scope' && mark.name?.endsWith('_group');
                if (cell) cells.push([x, y, item.width, item.height]);
                if (mark.role === 'frame') frames.push([x, y, item.width, item.height]);
            }});
            return cells.length ? cells : frames;
        }}"""
    )
    return [Cell(*one) for one in found]


def drag(page: Page, cell: Cell, start: float, end: float) -> None:
    """Drag the pointer across a cell, then take it away."""
    page.mouse.move(*cell.at(start))
    page.mouse.down()
    page.mouse.move(*cell.at((start + end) / 2), steps=4)
    page.mouse.move(*cell.at(end), steps=4)
    page.mouse.up()
    page.mouse.move(1, 1)


def signal(plot: Locator, name: str) -> Any:
    """Return the value of a signal, once the view has settled."""
    return plot.evaluate("(host, name) => host.__view__.runAsync().then(view => view.signal(name))", name)


def items(plot: Locator, kind: str, role: str = "mark") -> list[tuple[float, float]]:
    """Return where on the page the items of a kind and role of marks stand, in drawing order."""
    return plot.evaluate(
        f"""(host, [kind, role]) => {{
            const found = [];
            ({WALK})(host, (mark, _item, x, y) => {{
                if (mark.marktype === kind && mark.role === role) found.push([x, y]);
            }});
            return found;
        }}""",
        [kind, role],
    )
