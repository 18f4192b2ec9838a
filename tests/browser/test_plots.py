"""A plot in JupyterLab 4 and Notebook 7: marks, links, themes, and what the notebook file keeps."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from drawn import cells, drag, items, signal
from playwright.sync_api import expect
from sources import HOSTILE, LINKED

if TYPE_CHECKING:
    from jupyter import NotebookPage
    from playwright.sync_api import Page

CHART = "application/vnd.vegalite.v6+json"


@pytest.fixture
def linked(notebook: NotebookPage) -> NotebookPage:
    """A notebook with one linked chart, drawn."""
    notebook.open(notebook.server.notebook("linked.ipynb", LINKED))
    notebook.run_all()
    expect(notebook.plots).to_have_count(1)
    return notebook


def test_a_brush_in_one_row_marks_the_other(linked: NotebookPage):
    page, plot = linked.page, linked.plots.first
    assert len(items(plot, "symbol")) == 480
    first, second = cells(plot)
    untouched = second.look(page)
    drag(page, first, 0.2, 0.6)
    start, end = signal(plot, "brush")["second"]
    assert start == pytest.approx(0.2 * 120, abs=2)
    assert end == pytest.approx(0.6 * 120, abs=2)
    assert second.look(page) != untouched


def test_the_legend_selects_in_every_row(linked: NotebookPage):
    page, plot = linked.page, linked.plots.first
    before = [cell.look(page) for cell in cells(plot)]
    page.mouse.click(*items(plot, "symbol", "legend-symbol")[0])
    page.mouse.move(1, 1)
    assert signal(plot, "who")["who"] == ["p_1"]
    assert all(cell.look(page) != old for cell, old in zip(cells(plot), before, strict=True))


def test_a_tooltip_is_text_and_goes_with_the_pointer(linked: NotebookPage):
    page, plot = linked.page, linked.plots.first
    page.mouse.move(*items(plot, "symbol")[0])
    expect(page.get_by_role("tooltip")).to_contain_text("p_1")
    expect(page.get_by_role("tooltip")).to_contain_text("rating81")
    page.mouse.move(1, 1)
    expect(page.get_by_role("tooltip")).to_have_count(0)


def test_it_follows_the_theme_and_keeps_the_brush(linked: NotebookPage):
    page, plot = linked.page, linked.plots.first
    drag(page, cells(plot)[0], 0.2, 0.6)
    brushed = signal(plot, "brush")
    look = cells(plot)[1].look(page)
    title = "host => host.__view__.scenegraph().root.items[0].items.find(m => m.role === 'title')"
    ink = f"host => ({title})(host).items[0].items[0].items[0].fill"
    light = plot.evaluate(ink)
    linked.theme("JupyterLab Dark")
    assert plot.evaluate(ink) != light
    assert plot.evaluate(ink) == page.evaluate(
        "() => getComputedStyle(document.body).getPropertyValue('--jp-content-font-color1').trim()"
    )
    assert signal(plot, "brush") == brushed
    linked.theme("JupyterLab Light")
    assert plot.evaluate(ink) == light
    assert cells(plot)[1].look(page) == look


def test_saved_and_opened_without_a_kernel_the_plot_is_there(linked: NotebookPage, context):
    saved = linked.save()
    [output] = saved.cells[0].outputs
    assert base64.b64decode(output.data["image/png"]).startswith(b"\x89PNG")
    assert output.data[CHART]["title"] == "Two rows"
    # As it comes to a colleague: not trusted there, and without the kernel that made it.
    path = linked.server.notebook("received.ipynb", saved.cells[0], kernel="nowhere")
    linked.page.goto("about:blank")
    linked.open(path, kernel=False)
    expect(linked.plots).to_have_count(1)
    assert len(items(linked.plots.first, "symbol")) == 480
    kernel = "() => window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel ?? null"
    assert linked.page.evaluate(kernel) is None


def test_vega_is_loaded_with_the_first_plot_and_once(notebook: NotebookPage):
    asked: list[str] = []
    notebook.page.on("request", lambda request: asked.append(request.url))
    notebook.open(notebook.server.notebook("two.ipynb", LINKED, "chart", "chart.properties(title='Third')"))
    assert _ours(asked)
    before = set(_ours(asked))
    notebook.run_all()
    expect(notebook.plots).to_have_count(3)
    later = [one for one in _ours(asked) if one not in before]
    sizes = [notebook.page.request.get(one).headers["content-length"] for one in later]
    assert len(later) == len(set(later))
    assert sum(int(size) > 500_000 for size in sizes) == 1


def _ours(addresses: list[str]) -> list[str]:
    return [one for one in addresses if "/hs-jupyter/static/" in one]


@pytest.mark.parametrize("server", ["lab"], indirect=True)  # Notebook 7 shows one document a page
def test_an_output_can_be_seen_twice(linked: NotebookPage):
    linked.page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 0; }")
    linked.command("notebook:create-output-view", wait=False)
    expect(linked.plots).to_have_count(2)


def test_a_chart_that_is_wrong_is_one_sentence(notebook: NotebookPage):
    cell = LINKED.replace("\nchart\n", "") + (
        "\nfrom IPython.display import display"
        f"\ndisplay({{'{CHART}': {{'mark': 'nothing'}}, 'text/plain': 'chart'}}, raw=True)"
    )
    notebook.open(notebook.server.notebook("wrong.ipynb", cell))
    notebook.run_all()
    expect(
        notebook.page.get_by_role("alert").filter(has_text="This chart could not be drawn: ")
    ).to_be_visible()


def test_a_hostile_chart_does_nothing(notebook: NotebookPage):
    page = notebook.page
    notebook.open(notebook.server.notebook("hostile.ipynb", HOSTILE))
    title = page.title()
    notebook.run_all()
    expect(page.locator(".hs-Plot-note")).to_contain_text("outside this notebook (outside.example)")
    expect(page.get_by_role("alert").filter(has_text="could not be drawn: ")).to_be_visible()
    plot = notebook.plots.first
    [x, y] = items(plot, "symbol")[0]
    page.mouse.move(x - 5, y)
    page.mouse.move(x, y)
    tooltip = page.get_by_role("tooltip")
    expect(tooltip).to_contain_text("<script>")
    assert tooltip.locator("img, script").count() == 0
    assert "outside.example" in plot.evaluate("host => host.style.cursor")  # wanted, and not taken:
    assert plot.evaluate("host => getComputedStyle(host).cursor") == "default"
    page.mouse.click(x, y)
    plot.locator("select").select_option(index=0)
    assert plot.locator("img, script").count() == 0
    assert page.locator("img[src*='outside.example']").count() == 0
    assert page.title() == title


def test_pictures_are_saved_on_white(linked: NotebookPage, tmp_path):
    linked.theme("JupyterLab Dark")
    linked.plots.first.hover()
    for form, start in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
        with linked.page.expect_download() as download:
            linked.page.get_by_role("button", name=f"Save this chart as {form}").click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        assert path.read_bytes().startswith(start)
    assert 'fill="#ffffff"' in path.read_text("utf-8")
    linked.theme("JupyterLab Light")


def test_a_saved_page_draws_without_network(watched: Page, tmp_path):
    import altair as alt

    from hs_jupyter.renderer import save

    hostile = "</script><script>document.title = 'run'</script><img src=http://outside.example/a.png>"
    chart = alt.Chart(alt.Data(values=[{"x": 1, "t": hostile}]), title=hostile)
    path = save(chart.mark_point(size=900).encode(x="x:Q", tooltip="t:N"), tmp_path / "page.html")
    watched.context.set_offline(True)
    watched.goto(path.as_uri())
    expect(watched.locator("canvas")).to_be_visible()
    expect(watched).to_have_title(" ".join(hostile.split()))
    box = watched.locator("canvas").bounding_box()
    for across in range(0, int(box["width"]), 8):  # the point lies somewhere on the chart's middle line
        watched.mouse.move(box["x"] + across, box["y"] + 45)
    expect(watched).to_have_title(" ".join(hostile.split()))
