"""What a user has today: cells of it, and a kernel that has plotly-resampler."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from typing import TYPE_CHECKING

from beside.study import cell_data

if TYPE_CHECKING:
    from jupyter import JupyterServer

ROOT = Path(__file__).parents[2]
OTHERS = "others"
"""The kernel that has plotly-resampler."""


def add_others(place: Path, server: JupyterServer) -> bool:
    """Make an environment that has plotly-resampler beside all that is here, and a kernel of it."""
    folder = place / "others"
    venv.create(folder, with_pip=False)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    here = sysconfig.get_path("purelib")
    paths = sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)})
    Path(paths, "here.pth").write_text(f"{here}\n{ROOT}\n", "utf-8")
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "plotly-resampler"]
    if subprocess.run(install, check=False).returncode:
        print("plotly-resampler cannot be installed: it is not measured.")
        return False
    spec = {
        "argv": [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "language": "python",
    }
    kernel = server.folder / "data_dir" / "kernels" / OTHERS / "kernel.json"
    kernel.parent.mkdir(parents=True)
    kernel.write_text(json.dumps({**spec, "display_name": OTHERS}), "utf-8")
    return True


RESAMPLED = """
    import plotly.graph_objects as go
    from plotly_resampler import FigureWidgetResampler

    figure = FigureWidgetResampler(go.Figure())
    for one in y:
        figure.add_trace(go.Scatter(mode="lines"), hf_x=x, hf_y=one)
    figure
"""
"""The samples are in memory already."""


CHART_READY = "() => document.querySelector('.jp-OutputArea .marks')?.getBoundingClientRect().width > 100"


def jupyter_chart(count: int) -> list[str]:
    """Write cells that show the ratings of a room in Altair's own widget, linked by a brush."""
    show = """
        import altair as alt
        import pandas as pd

        alt.data_transformers.disable_max_rows()
        alt.JupyterChart.enable_offline()
        frame = pd.DataFrame({"onset_sec": np.tile(x, 4), "value": y.ravel()})
        frame["series"] = np.repeat(np.arange(4), len(x))
        frame["who"], frame["scale"] = "p_" + (frame.series // 2).astype(str), frame.series % 2
        brush = alt.selection_interval(encodings=["x"])
        strength = alt.when(brush).then(alt.value(1)).otherwise(alt.value(0.2))
        rows = [
            alt.Chart(frame[frame.scale == scale])
            .mark_point(size=4)
            .encode(x="onset_sec", y="value", color="who:N", opacity=strength)
            .properties(width=680, height=92)
            .add_params(brush)
            for scale in (0, 1)
        ]
        chart = alt.JupyterChart(alt.vconcat(*rows))
    """
    return [cell_data(4, count // 4), show, "chart"]
