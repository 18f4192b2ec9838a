"""What JupyterLab's settings say holds in the panel and in its kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sidebar import Sidebar

if TYPE_CHECKING:
    from jupyter import NotebookPage
    from playwright.sync_api import Page

pytestmark = [pytest.mark.thorough, pytest.mark.parametrize("server", ["lab"], indirect=True)]
CONNECTION = "__import__('hs_jupyter').connection()"


def fill(page: Page, **fields: str) -> None:
    """Fill the form of JupyterLab's settings editor, as a person does."""
    for name, text in fields.items():
        field = page.locator(f"input[id$='hs-jupyter:panel_{name}']")
        field.fill(text)
        field.press("Tab")


def test_settings_reach_the_kernel(notebook: NotebookPage, demo):
    page = notebook.page
    notebook.open(notebook.server.notebook("settings.ipynb", "x = 1"))
    sidebar = Sidebar(notebook)
    sidebar.open()
    sidebar.says("No API key yet")
    notebook.command("settingeditor:open", {"query": "HyperStudy"}, wait=False)
    fill(page, baseUrl="lab.example")
    expect(page.locator(".hs-Panel-problem")).to_contain_text("In the settings, ")
    fill(page, baseUrl=demo.base_url, organization="org_workshop", pageSize="50")
    expect(page.locator(".hs-Panel-detail")).to_have_text(
        f"{demo.base_url} · organization org_workshop · no key"
    )
    expect(page.locator(".hs-Panel-problem")).to_have_count(0)

    sidebar.press("Log in")
    page.locator(".jp-Stdin-input").fill(demo.api_key)
    page.locator(".jp-Stdin-input").press("Enter")
    sidebar.shown()
    login = sidebar.cells()[1]
    assert login["source"] == (f"%load_ext hs_jupyter\n%hs login --url {demo.base_url} --org org_workshop")
    assert demo.api_key not in notebook.save().cells[1].outputs[-1].get("text", "")
    assert sidebar.python(f"[{CONNECTION}.base_url, {CONNECTION}.organization, {CONNECTION}.page_size]") == [
        demo.base_url,
        "org_workshop",
        50,
    ]
    assert sidebar.python("len(__import__('hs_jupyter').events(room='room_pair_01', progress=False))") == 114
