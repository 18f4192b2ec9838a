"""The pictures of the documentation's tour: taken of JupyterLab, by the clicks that the tour describes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sidebar import Sidebar

if TYPE_CHECKING:
    from jupyter import NotebookPage
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.parametrize("server", ["lab"], indirect=True),
]

SETUP = "%load_ext hs_jupyter\n%hs demo"
RATINGS = (
    "ratings = %hs ratings room room_pair_01\n"
    'ratings.groupby(["componentId", "participantId"])["value_norm"].describe().round(2)'
)
FILM = """\
import hs_jupyter as hs

ratings = hs.ratings(experiment="exp_film_pairs", progress=False)
media = hs.events(experiment="exp_film_pairs", category="media", progress=False)
on_film = hs.align(hs.stimulus_time(ratings, events=media), hz=2)
hs.synchrony(on_film, method="leave-one-out", null=1000).sort_values("r").round(3).head()"""


def widen(page: Page, width: int) -> None:
    """Drag the edge between panel and notebook."""
    edge = page.locator("#jp-main-split-panel > .lm-SplitPanel-handle:not(.lm-mod-hidden)").first
    box = edge.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 1, 500)
    page.mouse.down()
    page.mouse.move(width, 500, steps=5)
    page.mouse.up()


def test_pictures_of_the_tour(notebook: NotebookPage, demo, screenshots) -> None:
    page = notebook.page
    page.set_viewport_size({"width": 1500, "height": 1000})
    notebook.open(
        notebook.server.notebook("tour.ipynb", SETUP, RATINGS, FILM, "%hs quality room room_pair_04")
    )
    notebook.run_all()
    expect(page.locator(".jp-OutputArea-output table")).to_have_count(3)
    page.screenshot(path=screenshots / "tables.png")

    page.set_viewport_size({"width": 1500, "height": 1250})
    notebook.open(notebook.server.notebook("tour_panel.ipynb", SETUP, RATINGS))
    notebook.run_all()
    sidebar = Sidebar(notebook)
    sidebar.open()
    sidebar.shown()
    widen(page, 520)
    sidebar.open_room("room_pair_07")
    sidebar.brush(0.55, 0.75)
    sidebar.push("moment")
    sidebar.root.get_by_role("button", name="Insert code").click()
    expect(sidebar.root.get_by_role("status", name="Explorer status")).to_contain_text("in the notebook")
    page.mouse.move(900, 600)
    sidebar.root.evaluate("node => { for (let at = node; at; at = at.parentElement) at.scrollTop = 0; }")
    page.screenshot(path=screenshots / "panel.png")

    notebook.theme("JupyterLab Dark")
    sidebar.root.get_by_role("button", name="Open beside").or_(
        page.get_by_role("button", name="Open beside")
    ).first.click()
    sidebar.shown()
    page.screenshot(path=screenshots / "beside_dark.png")
    notebook.theme("JupyterLab Light")  # other tests share this JupyterLab
