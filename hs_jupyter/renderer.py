"""Altair's charts in a notebook: the standard Vega-Lite MIME type, and a PNG for where nothing draws it.

Loading the extension must not load Altair, and a chart may be made and shown in the very cell that
imports it, before any event of IPython comes. So, while Altair is not there yet, `enable` leaves a
note with IPython's display formatter, which knows types by name: the first chart shown switches the
renderer on and the note is gone. What a user chose is never overruled: only Altair's 'default' is replaced.
"""

from __future__ import annotations

import base64
import json
import struct
import sys
import warnings
from typing import Any

from hs_jupyter.chart_files import picture, save

__all__ = ["NAME", "disable", "enable", "render", "save"]

NAME = "hs_jupyter"
"""The renderer's name in ``altair.renderers``."""

PICTURE_SCALE = 1
"""Pixels of the PNG per pixel of the chart, as matplotlib's have in a notebook: what is kept is small."""

CHART_TYPES = tuple((f"altair.vegalite.{version}.api", "TopLevelMixin") for version in ("v6", "v5"))
"""Module and name of the class below all Altair charts."""

Bundle = tuple[dict[str, Any], dict[str, Any]]


def render(spec: dict[str, Any], **options: Any) -> Bundle:
    """Return a chart's forms for a notebook: Vega-Lite, PNG, and a text without data.

    Parameters
    ----------
    spec
        A Vega-Lite specification with its data inside, as Altair hands it to a renderer.
    **options
        Altair's renderer options; they travel as metadata, as Altair's own renderers send them.

    Returns
    -------
    tuple of dict
        The MIME bundle and its metadata. When the PNG cannot be made the chart comes without it, and a
        warning says why.

    Examples
    --------
    >>> data, metadata = render({"mark": "point", "data": {"values": []}})
    >>> sorted(data)
    ['application/vnd.vegalite.v6+json', 'image/png', 'text/plain']
    """
    from altair import SCHEMA_VERSION

    # Altair's 'mimetype' renderer says `.v6.json`, under which a notebook file may hold text only.
    chart = f"application/vnd.vegalite.{SCHEMA_VERSION.partition('.')[0]}+json"
    data: dict[str, Any] = {chart: _on_one_line(spec), "text/plain": "<Altair chart>"}
    metadata: dict[str, Any] = {chart: options} if options else {}
    try:
        png = picture(spec, "png", PICTURE_SCALE, few_colors=True)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic inside the converter is no Exception
        cause = " ".join(str(error).split())
        warnings.warn(f"this chart is saved without its PNG: {cause}", RuntimeWarning, stacklevel=2)
    else:
        data["image/png"] = base64.b64encode(png).decode("ascii")
        width, height = struct.unpack(">II", png[16:24])  # PNG: two numbers after the first chunk's name
        metadata["image/png"] = {"width": width / PICTURE_SCALE, "height": height / PICTURE_SCALE}
    return data, metadata


def _on_one_line(spec: Any) -> Any:
    """Write every view's own data as one text of JSON, which Vega-Lite reads as well.

    A notebook file gives every number of a list a line of its own: three times the size.
    """
    if isinstance(spec, list):
        return [_on_one_line(one) for one in spec]
    if not isinstance(spec, dict):
        return spec
    lighter = {name: _on_one_line(one) for name, one in spec.items() if name != "data"}
    data = spec.get("data")
    if isinstance(data, dict) and isinstance(data.get("values"), list) and "format" not in data:
        text = json.dumps(data["values"], ensure_ascii=False, separators=(",", ":"))
        data = {**data, "values": text, "format": {"type": "json"}}
    return lighter | ({} if data is None else {"data": data})


def enable() -> None:
    """Show Altair's charts through this renderer, now or as soon as Altair is there.

    Nothing happens when Altair's active renderer is not ``'default'``.
    """
    if "altair" in sys.modules:
        _switch_on()
    elif (formatter := _formatter()) is not None:
        for module, name in CHART_TYPES:
            formatter.for_type_by_name(module, name, _first_chart)


def disable() -> None:
    """Restore Altair's default renderer, with the options set meanwhile; undo what `enable` left."""
    _forget()
    if "altair" in sys.modules:
        from altair import renderers

        if renderers.active == NAME:
            renderers.enable("default", **renderers.options)
        renderers.register(NAME, None)


def _switch_on() -> None:
    from altair import renderers

    renderers.register(NAME, render)
    if renderers.active == "default":
        renderers.enable(NAME, **renderers.options)


def _first_chart(chart: Any) -> Any:
    _forget()
    _switch_on()
    return chart._repr_mimebundle_()


def _forget() -> None:
    if (formatter := _formatter()) is not None:
        for module, name in CHART_TYPES:
            if formatter.for_type_by_name(module, name) is _first_chart:
                formatter.pop(f"{module}.{name}")


def _formatter() -> Any:
    """Return the running IPython's ``MimeBundleFormatter``, or None without an IPython."""
    if "IPython" not in sys.modules:
        return None
    from IPython import get_ipython

    shell = get_ipython()
    return shell.display_formatter.mimebundle_formatter if shell else None
