"""Cells that draw charts of Altair's own, for tests that need no study."""

LINKED = """
import altair as alt
import hs_jupyter.renderer
hs_jupyter.renderer.enable()
values = [
    {"second": n, "rating": 50 + (n * 7 + 31 * who) % 40, "drift": (n * 13 + who) % 90, "who": f"p_{who}"}
    for n in range(120) for who in (1, 2)
]
brush = alt.selection_interval(name="brush", encodings=["x"])
legend = alt.selection_point(name="who", fields=["who"], bind="legend")
strength = alt.when(brush, legend).then(alt.value(1)).otherwise(alt.value(0.15))
base = alt.Chart(alt.Data(values=values)).encode(
    x="second:Q", color="who:N", opacity=strength, tooltip=["who:N", "rating:Q"]
).properties(width=500, height=120)
chart = alt.vconcat(
    base.mark_point(filled=True).encode(y="rating:Q"),
    base.mark_point(filled=True).encode(y="drift:Q"),
    title="Two rows",
).add_params(brush, legend)
chart
"""

HOSTILE = """
import hs_jupyter.renderer
from IPython.display import display
hs_jupyter.renderer.enable()
outside = "http://outside.example/"
display({{"application/vnd.vegalite.v6+json": {spec}, "text/plain": "chart"}}, raw=True)
"""
