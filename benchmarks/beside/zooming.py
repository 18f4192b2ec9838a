"""One zoom of each side, from the end of the gesture until its detail is painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beside.notebook import OURS_READY
from beside.study import SECONDS

if TYPE_CHECKING:
    from beside.notebook import Bench

IN, OUT = -1, 1
REST_MS = 500
"""Between two gestures: what the last one leaves to be said is said."""


def ours_zoom(bench: Bench, at: float, sign: int) -> float:
    """Turn the wheel five times over a place of the chart; milliseconds from the last until all is painted."""
    script = f"""async ([at, sign]) => {{
        const stage = document.querySelector('.hs-Stage'), {{left, top, width}} = stage.getBoundingClientRect();
        let ended = 0;
        for (let turn = 0; turn < 5; turn++) {{
            await bench.painted();
            ended = performance.now();
            stage.dispatchEvent(new WheelEvent('wheel', {{bubbles: true, cancelable: true, ctrlKey: true,
                deltaY: 60 * sign, clientX: left + 104 + at * (width - 160), clientY: top + 60}}));
        }}
        return (await bench.until({OURS_READY})) - ended;
    }}"""
    return float(bench.page.evaluate(script, [at, sign]))


PLOTLY = "document.querySelector('.js-plotly-plot')"
PLOTLY_READY = f"() => {PLOTLY}?.querySelector('.scatterlayer path.js-line')?.getAttribute('d')?.length > 100"
# Its data are the window's own: they begin and end where the axis does.
PLOTLY_FINE = """plot => {
    const [from, to] = plot._fullLayout.xaxis.range, slack = (to - from) / 50;
    return plot._fullData.every(({x}) => Math.abs(x[0] - from) < slack && Math.abs(x.at(-1) - to) < slack);
}"""


def plotly_zoom(bench: Bench, at: float) -> float:
    """Drag a window; milliseconds from its end until its detail is painted. Then show everything again."""
    page = bench.page
    box = page.locator(".js-plotly-plot .nsewdrag").first.bounding_box()
    assert box
    page.evaluate(
        "() => addEventListener('mouseup', () => { bench.ended = performance.now(); }, {once: true, capture: true})"
    )
    bench.drag(box, at, at + 0.2, box["height"] / 2, 6)
    fine = f"async () => (await bench.until(() => ({PLOTLY_FINE})({PLOTLY}))) - bench.ended"
    took = float(page.evaluate(fine))
    whole = f"() => {{ const [from, to] = {PLOTLY}._fullLayout.xaxis.range; return to - from > {SECONDS * 0.9}; }}"
    page.evaluate(f"() => {PLOTLY}.querySelector('.modebar-btn[data-title=\"Reset axes\"]').click()")
    page.wait_for_function(whole)
    page.wait_for_function(f"() => ({PLOTLY_FINE})({PLOTLY})")
    page.wait_for_timeout(REST_MS)
    return took
