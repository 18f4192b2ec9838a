"""The Altair renderer: what it emits, when it is on, and how it steps back."""

import base64
import json
import subprocess
import sys

import altair as alt
import nbformat
import pytest

from hs_jupyter import renderer
from hs_jupyter.chart_files import picture
from hs_jupyter.renderer import NAME, PICTURE_SCALE, disable, enable, render

CHART = "application/vnd.vegalite.v6+json"


@pytest.fixture(autouse=True)
def altair_as_it_was():
    before = alt.renderers._get_state()
    yield
    alt.renderers._set_state(before)


def chart(**properties):
    values = [{"x": x, "y": x * x} for x in range(5)]
    return alt.Chart(alt.Data(values=values)).mark_line().encode(x="x:Q", y="y:Q").properties(**properties)


def test_a_chart_comes_as_vega_lite_png_and_text_without_data():
    data, metadata = render(chart(width=200, height=100).to_dict())
    assert set(data) == {CHART, "image/png", "text/plain"}
    assert json.loads(data[CHART]["data"]["values"])[2] == {"x": 2, "y": 4}
    assert data["text/plain"] == "<Altair chart>"
    png = base64.b64decode(data["image/png"])
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    assert metadata["image/png"] == {"width": width / PICTURE_SCALE, "height": height / PICTURE_SCALE}
    assert metadata["image/png"]["width"] > 200


def test_a_notebook_file_can_hold_every_form():
    data, metadata = render(chart().to_dict())
    output = nbformat.v4.new_output("display_data", data=data, metadata=metadata)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=[output])])
    nbformat.validate(notebook)
    assert json.loads(nbformat.writes(notebook))["cells"][0]["outputs"][0]["data"][CHART] == data[CHART]


def test_data_stand_on_one_line_of_a_notebook_file_and_draw_the_same():
    layers = alt.layer(chart(), alt.Chart(alt.Data(values=[7, 9])).mark_rule().encode(x="data:Q"))
    spec = alt.vconcat(layers, chart().transform_filter("datum.x > 1")).to_dict()
    data, _ = render(spec)
    held = data[CHART]["vconcat"]
    assert [json.loads(one["data"]["values"]) for one in (*held[0]["layer"], held[1])] == [
        one["data"]["values"] for one in (*spec["vconcat"][0]["layer"], spec["vconcat"][1])
    ]
    assert picture(data[CHART], "svg") == picture(spec, "svg")
    assert (
        len(json.dumps(data[CHART], indent=1).splitlines())
        < len(json.dumps(spec, indent=1).splitlines()) - 30
    )


def test_data_in_another_format_stay_as_they_are():
    spec = {"data": {"values": [{"x": "1"}], "format": {"parse": {"x": "number"}}}, "mark": "point"}
    assert render(spec)[0][CHART] == spec


def test_without_its_png_a_chart_is_still_there():
    spec = alt.Chart("http://127.0.0.1:9/ratings.csv").mark_point().encode(x="x:Q").to_dict()
    with pytest.warns(RuntimeWarning, match=r"saved without its PNG: .*not allowed"):
        data, metadata = render(spec)
    assert data == {CHART: spec, "text/plain": "<Altair chart>"}
    assert metadata == {}


class Panic(BaseException):
    """As pyo3's PanicException, which is no Exception."""


def test_a_panic_of_the_converter_costs_the_png_only(monkeypatch):
    def panic(*_args, **_options):
        raise Panic("unreachable code")

    monkeypatch.setattr(renderer, "picture", panic)
    with pytest.warns(RuntimeWarning, match="unreachable code"):
        assert CHART in render(chart().to_dict())[0]


def test_an_interrupt_is_not_swallowed(monkeypatch):
    def interrupt(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(renderer, "picture", interrupt)
    with pytest.raises(KeyboardInterrupt):
        render(chart().to_dict())


def test_it_replaces_the_default_and_gives_it_back_with_the_users_options():
    alt.renderers.enable("default")
    enable()
    assert alt.renderers.active == NAME
    assert CHART in chart()._repr_mimebundle_()[0]
    alt.renderers.set_embed_options(actions=False)
    assert chart()._repr_mimebundle_()[1][CHART] == {"embed_options": {"actions": False}}
    disable()
    assert alt.renderers.active == "default"
    assert alt.renderers.options == {"embed_options": {"actions": False}}
    assert NAME not in alt.renderers.names()


def test_a_renderer_that_the_user_chose_stays():
    alt.renderers.enable("svg")
    enable()
    assert alt.renderers.active == "svg"
    disable()
    assert alt.renderers.active == "svg"


SESSION = """
import sys
from IPython.core.interactiveshell import InteractiveShell
from hs_jupyter.renderer import disable, enable
shell = InteractiveShell.instance()
{session}
"""
SHOW = (
    "import altair as alt; chart = alt.Chart(alt.Data(values=[{'x': 1}])).mark_point().encode(x='x:Q')\n"
    "print(*sorted(shell.display_formatter.format(chart)[0]), alt.renderers.active)"
)


def session(code):
    """Run a session in which Altair has not been imported, and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", SESSION.format(session=code)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_enabling_imports_no_altair_and_the_first_chart_finds_it_on():
    assert session(f"enable(); print('altair' in sys.modules, 'vl_convert' in sys.modules); {SHOW}") == (
        f"False False\n{CHART} image/png text/plain {NAME}"
    )


def test_a_choice_made_before_the_first_chart_counts():
    code = SHOW.replace("chart =", "alt.renderers.enable('mimetype'); chart =")
    assert session(f"enable(); {code}") == "application/vnd.vegalite.v6.json text/plain mimetype"


def test_the_default_chosen_after_the_first_chart_stays():
    again = SHOW.replace("chart =", "alt.renderers.enable('default'); chart =")
    assert session(f"enable(); {SHOW}\n{again}").splitlines()[1] == "text/html text/plain default"


@pytest.mark.parametrize("off", ["enable(); disable()", "enable(); enable(); disable(); disable()"])
def test_disabled_before_altair_came_leaves_nothing(off):
    assert session(f"{off}; {SHOW}") == "text/html text/plain default"
