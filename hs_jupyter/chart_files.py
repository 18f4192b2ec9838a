"""A chart as a file: a page that needs no network, a picture, or its Vega-Lite source.

Nothing is loaded from anywhere while a picture is made or a page is open, and text in the data stays
text: the page's script is known by its hash, so no other runs, and data cannot end it.
"""

from __future__ import annotations

import html
import json
from base64 import b64encode
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

from hs_jupyter.drawable import drawable_values
from hs_jupyter.errors import InputError, did_you_mean
from hs_jupyter.packed_png import packed

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

PRINT_SCALE = 3.0
"""Pixels of a saved PNG per pixel of the chart: about 216 to the inch on paper."""

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src {hashes}; \
style-src 'unsafe-inline'; img-src data: blob:">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>body {{ margin: 24px; font-family: system-ui, sans-serif }}</style>
</head>
<body>
<main id="chart"></main>
<script>{library}</script>
<script>{start}</script>
</body>
</html>
"""

# Expressions are interpreted (ast), as in the notebook; no action opens a page elsewhere. Charts that
# ask for open brushes let the pointer through them (js/src/plot/brush.ts says why).
_START = """\
const spec = {spec};
const opened = mark => mark.marks ? {{...mark, marks: mark.marks.map(opened)}}
  : mark.name?.endsWith("_brush") ? {{...mark, interactive: false}} : mark;
vegaEmbed("#chart", spec, {{
  ast: true, renderer: "canvas", patch: vega => spec.usermeta?.hs_jupyter?.brush === "open" ? opened(vega) : vega,
  actions: {{export: true, source: false, compiled: false, editor: false}}
}}).then(drawn => {{
  document.getElementById("chart").__view__ = drawn.view;
}}).catch(error => {{
  document.getElementById("chart").textContent = "This chart could not be drawn: " + error.message;
}});
"""


def save(chart: Any, path: str | os.PathLike[str]) -> Path:
    """Save a chart as a file; the suffix says as what.

    Parameters
    ----------
    chart
        An Altair chart.
    path
        Where to: ``.html`` (an interactive page that needs no network), ``.png`` and ``.svg`` (pictures), or
        ``.json`` (Vega-Lite source). The folder must exist; a file there is replaced, whole or not at all.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    InputError
        For another suffix, a folder that is not there, something that is no Altair chart, or a
        chart whose data lie outside it.

    Examples
    --------
    >>> import altair as alt, tempfile
    >>> chart = alt.Chart(alt.Data(values=[{"x": 1}])).mark_point().encode(x="x:Q")
    >>> save(chart, Path(tempfile.mkdtemp()) / "ratings.svg").name
    'ratings.svg'
    """
    target = Path(path).expanduser()
    suffix = target.suffix.lower()
    if suffix not in _WRITERS:
        raise InputError(
            f"cannot save a chart as '{target.name}': its name must end in {', '.join(_WRITERS)}"
            + did_you_mean(suffix, _WRITERS)
        )
    spec = _spec(chart)
    try:
        content = _WRITERS[suffix](spec)
    except ValueError as error:
        raise InputError(f"the chart could not be saved as '{target.name}': {error}") from error
    _write(target, content)
    return target


def picture(
    spec: dict[str, Any], form: Literal["png", "svg"], scale: float = 1.0, *, few_colors: bool = False
) -> bytes:
    """Draw a Vega-Lite specification as a picture on white, loading nothing.

    With ``few_colors`` a PNG has a palette where nobody sees that: half the bytes.

    Raises
    ------
    ValueError
        When the chart cannot be drawn, for example because its data lie elsewhere.
    """
    import vl_convert

    paper = {"background": "white"} if spec.get("background") in {None, "transparent"} else {}
    chart = drawable_values({**spec, **paper})
    nowhere: dict[str, Any] = {"vl_version": _vega_lite_version(), "allowed_base_urls": []}
    if form == "svg":
        return str(vl_convert.vegalite_to_svg(chart, **nowhere)).encode()
    return packed(vl_convert.vegalite_to_png(chart, scale=scale, **nowhere), few_colors=few_colors)


def _page(spec: dict[str, Any]) -> bytes:
    import vl_convert

    library = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=_vega_lite_version())
    # Data must not end the script that holds it.
    start = _START.format(spec=json.dumps(spec).replace("<", "\\u003c"))
    hashes = " ".join(
        f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in (library, start)
    )
    title = html.escape(_title(spec))
    return _PAGE.format(hashes=hashes, title=title, library=library, start=start).encode()


def _title(spec: dict[str, Any]) -> str:
    title = spec.get("title", "")
    text = title.get("text", "") if isinstance(title, dict) else title
    return " ".join(text) if isinstance(text, list) else str(text) or "Chart"


def _vega_lite_version() -> str:
    from altair import SCHEMA_VERSION

    return ".".join(SCHEMA_VERSION.lstrip("v").split(".")[:2])


_WRITERS: dict[str, Callable[[dict[str, Any]], bytes]] = {
    ".html": _page,
    ".png": lambda spec: picture(spec, "png", PRINT_SCALE),
    ".svg": lambda spec: picture(spec, "svg"),
    ".json": lambda spec: json.dumps(spec, indent=1, ensure_ascii=False).encode(),
}


def _spec(chart: Any) -> dict[str, Any]:
    """Return the chart's Vega-Lite with all its data inside, however many rows."""
    import altair as alt

    if not isinstance(chart, alt.TopLevelMixin):
        raise InputError(f"only an Altair chart can be saved here, not a {type(chart).__name__}")
    with alt.data_transformers.enable("default", max_rows=None):
        spec: dict[str, Any] = chart.to_dict(context={"pre_transform": False})
    return spec


def _write(target: Path, content: bytes) -> None:
    """Write a file under another name first, so that no half file is ever seen."""
    part = target.with_name(f".{target.name}.{uuid4().hex[:8]}.part")
    try:
        part.write_bytes(content)
        part.replace(target)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise InputError(f"cannot write '{target}': {error.strerror or error}") from error
