"""What a notebook shows of an explorer where no kernel runs: a picture, and the line that opens it again."""

from __future__ import annotations

import base64
import struct
from threading import Lock, Timer
from typing import TYPE_CHECKING, Any

from hs_jupyter.chart_files import picture
from hs_jupyter.explorer.addresses import ADDRESSES

if TYPE_CHECKING:
    from collections.abc import Callable

    import altair as alt

VIEW = "application/vnd.jupyter.widget-view+json"

MIME = "application/vnd.hyperstudy.explorer+json"
"""The form that our own extension shows: the live view where its model is, else picture and line. Notebooks
prefer the widget's own form over a picture, and show only an error where the model is gone."""

PICTURE_SCALES = (1.0, 0.75, 0.5)
PICTURE_MOST_BYTES = 40_000
"""A picture is made smaller until it fits, or left out: the notebook's size counts more."""

RENEWED_AFTER_SEC = 3.0
"""The picture in an output is renewed so long after the timeline was drawn last."""

Bundle = tuple[dict[str, Any], dict[str, Any]]


def still_bundle(model_id: str, line: str, png: bytes | None = None) -> Bundle:
    """Return the forms of an explorer for a notebook, and their metadata.

    Parameters
    ----------
    model_id
        The widget's.
    line
        What opens it again, as `hs_jupyter.explorer.code.reopening_line` writes it.
    png
        A picture of its timeline.

    Examples
    --------
    >>> data, _ = still_bundle("abc", "%hs explore room r1")
    >>> data["text/plain"]
    'HyperStudy explorer; run this cell to open it: %hs explore room r1'
    """
    data: dict[str, Any] = {
        "text/plain": f"HyperStudy explorer; run this cell to open it: {line}",
        VIEW: {"version_major": 2, "version_minor": 0, "model_id": model_id},
        MIME: {"model_id": model_id, "line": line},
    }
    metadata: dict[str, Any] = {}
    if png is not None:
        data["image/png"] = base64.b64encode(png).decode("ascii")
        width, height = struct.unpack(">II", png[16:24])  # PNG: two numbers after the first chunk's name
        metadata["image/png"] = {"width": width, "height": height}
    return data, metadata


def chart_picture(chart: alt.VConcatChart) -> bytes | None:
    """Draw a chart as PNG, small enough for a notebook, without e-mails; None where that cannot be."""
    spec = ADDRESSES.hide(chart.to_dict())
    try:
        pictures = (picture(spec, "png", scale, few_colors=True) for scale in PICTURE_SCALES)
        return next((one for one in pictures if len(one) <= PICTURE_MOST_BYTES), None)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001 - a panic inside the converter is no Exception
        return None


class Outputs:
    """The outputs in which an explorer is shown, each with its picture.

    Parameters
    ----------
    forms
        Returns what an output shows; its argument says whether a picture is wanted, too.
    """

    def __init__(self, forms: Callable[[bool], Bundle]) -> None:
        self._forms = forms
        self._shown: list[tuple[Any, Bundle]] = []
        self._timer: Timer | None = None
        self._lock = Lock()

    def show(self) -> None:
        """Show the explorer in the output of the cell that runs."""
        from IPython.display import DisplayHandle

        forms = data, metadata = self._forms(False)  # noqa: FBT003 - said above
        handle = DisplayHandle()  # type: ignore[no-untyped-call]
        handle.display(data, metadata=metadata, raw=True)  # type: ignore[no-untyped-call]
        self._shown.append((handle, forms))

    def renew_soon(self) -> None:
        """Renew what the outputs hold, once nothing has changed for a while."""
        with self._lock:
            self._stop()
            self._timer = Timer(RENEWED_AFTER_SEC, self.renew)
            self._timer.daemon = True
            self._timer.start()

    def renew(self) -> None:
        """Renew what the outputs hold, now, with a picture; a notebook is as it was saved while that is the same."""
        forms = data, metadata = self._forms(True)  # noqa: FBT003 - said above
        for place, (handle, before) in enumerate(self._shown):
            if forms != before:
                handle.update(data, metadata=metadata, raw=True)
                self._shown[place] = handle, forms

    def end(self) -> None:
        """Renew nothing any more."""
        with self._lock:
            self._stop()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
