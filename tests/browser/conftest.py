"""Browser tests: real JupyterLab and Notebook, Chromium, and nothing that leaves loopback."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from jupyter import JupyterServer, NotebookPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

WAIT_MS = 30_000
STOCK_ERRORS = (
    "reading 'schema'",  # Notebook 7's own, without any extension
    "Canceled future for create_subshell_request",  # JupyterLab's for widgets, when a kernel goes at once
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--screenshots", type=Path, help="folder for the screenshots of the browser tests")


@pytest.fixture(scope="session")
def screenshots(request, tmp_path_factory) -> Path:
    """The folder that was asked for, or one that goes with the other temporary ones."""
    folder = request.config.getoption("--screenshots", default=None) or tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args) -> dict[str, Any]:
    tool = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "browser.py"))
    path = tool["find"]()
    if path is None:
        pytest.fail(tool["ADVICE"])
    return {**browser_type_launch_args, "executable_path": path}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args) -> dict[str, Any]:
    return {**browser_context_args, "viewport": {"width": 1280, "height": 1000}}


@pytest.fixture(scope="session", params=["lab", "notebook"])
def server(request, tmp_path_factory, demo_folder) -> Iterator[JupyterServer]:
    """JupyterLab 4, then Notebook 7."""
    with JupyterServer(request.param, tmp_path_factory.mktemp(request.param) / "jupyter") as running:
        yield running


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    """A page in which a request that leaves loopback, or an error, fails the test."""
    outside: list[str] = []
    errors: list[str] = []

    def look_at(address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname != "127.0.0.1":
            outside.append(address)

    page.set_default_timeout(WAIT_MS)
    page.context.on("request", lambda request: look_at(request.url))
    page.on("websocket", lambda socket: look_at(socket.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert outside == []
    assert [error for error in errors if not any(known in error for known in STOCK_ERRORS)] == []


@pytest.fixture
def notebook(watched: Page, server: JupyterServer) -> Iterator[NotebookPage]:
    """A page for one notebook."""
    yield NotebookPage(watched, server)
    watched.goto("about:blank")
    server.end_kernels()
