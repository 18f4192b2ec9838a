"""Light and dark, and eyes that see fewer colours: contrast and difference, computed."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from sample_tables import room_tables

from hs_jupyter.charts import style, timeline_chart

GROUNDS = ("#ffffff", "#111111", "#1e1e1e")
"""JupyterLab light, JupyterLab dark, VS Code dark."""

DEFICIENCY = {
    "none": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
"""Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB."""


def linear(colour: str) -> np.ndarray:
    rgb = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    lights = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def oklab(rgb: np.ndarray) -> np.ndarray:
    cones = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    axes = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    return np.cbrt(np.clip(rgb, 0, 1) @ cones.T) @ axes.T


@pytest.mark.parametrize("ground", GROUNDS)
def test_every_colour_can_be_seen_on_light_and_dark(ground):
    assert all(contrast(colour, ground) >= 3 for colour in (*style.PALETTE, style.CROWD))
    assert contrast(style.INK, ground) >= 3.7


@pytest.mark.parametrize("kind", DEFICIENCY)
@pytest.mark.parametrize(("people", "apart"), [(2, 0.2), (4, 0.07), (12, 0.045)])
def test_participants_stay_apart_for_every_eye(kind, people, apart):
    seen = [oklab(linear(colour) @ DEFICIENCY[kind].T) for colour in style.PALETTE[:people]]
    assert min(np.linalg.norm(one - other) for one, other in itertools.combinations(seen, 2)) >= apart


def test_the_page_shines_through():
    spec = timeline_chart(room_tables(2)).to_dict()
    assert spec["background"] == "transparent"
    assert spec["config"]["view"]["stroke"] is None
