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
    base.mark_point(filled=True).encode(y="rating:Q").add_params(brush, legend),
    base.mark_point(filled=True).encode(y="drift:Q"),
    title="Two rows",
)
chart
"""

# Everything that a chart from elsewhere could try; the page's title would tell that something ran.
RUN = "document.title = 'run'"
HOSTILE = f"""
from IPython.display import display
outside = "http://outside.example/"
pointer = "url(http://outside.example/pointer.cur), auto"
text = "<img src=http://outside.example/tip.png onerror=\\"{RUN}\\"><script>{RUN}</script>"
chart = {{
    "title": text,
    "usermeta": {{"embedOptions": {{"config": outside + "config.json", "actions": True}}}},
    "width": 300, "height": 100,
    "params": [
        {{"name": "stolen", "value": "", "bind": {{"element": "body", "event": "input"}}}},
        {{"name": "pick", "value": "a", "bind": {{"input": "select", "options": [text], "name": text}}}},
    ],
    "layer": [
        {{
            "data": {{"values": [{{"t": text, "u": "javascript:{RUN}"}}]}},
            "mark": {{"type": "point", "size": 9000, "filled": True, "cursor": pointer}},
            "encoding": {{"x": {{"value": 150}}, "y": {{"value": 50}},
                "tooltip": {{"field": "t"}}, "href": {{"field": "u"}}}},
        }},
        {{
            "data": {{"values": [{{"i": outside + "picture.png"}}]}},
            "mark": {{"type": "image", "width": 20, "height": 20}},
            "encoding": {{"x": {{"value": 10}}, "y": {{"value": 10}}, "url": {{"field": "i"}}}},
        }},
        {{
            "data": {{"url": outside + "data.csv"}}, "mark": "point",
            "encoding": {{"x": {{"field": "x", "type": "quantitative"}}}},
        }},
    ],
}}
code = {{"data": {{"values": []}}, "mark": "point", "params": [
    {{"name": "code", "expr": "[].constructor.constructor(\\"{RUN}\\")()"}}
]}}
for one in (chart, code):
    display({{"application/vnd.vegalite.v6+json": one, "text/plain": "chart"}}, raw=True)
"""
