"""The selection: frozen, checked, snapped to the millisecond, the same here and in the browser."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hs_jupyter.errors import InputError
from hs_jupyter.explorer.code import spelled
from hs_jupyter.explorer.selection import Selection, TimeWindow
from hs_jupyter.explorer.state import SelectionState
from hs_jupyter.times import Onset, parse_bound

ONSETS = st.floats(-1e6, 1e6, allow_nan=False)


@given(ONSETS)
def test_an_onset_snaps_to_the_nearest_millisecond_and_its_code_says_exactly_it(onset_sec: float) -> None:
    snapped = TimeWindow(onset_sec, onset_sec).start_sec
    assert abs(snapped - onset_sec) <= 0.000501
    assert snapped == round(snapped * 1000) / 1000
    assert parse_bound(spelled(snapped)) == Onset(snapped)
    assert TimeWindow(snapped, snapped).start_sec == snapped


@given(st.tuples(ONSETS, ONSETS).map(sorted), st.lists(st.text(min_size=1, max_size=9)) | st.none())
def test_a_selection_survives_the_wire(window, participants) -> None:
    chosen = Selection(window, participants, ["ratings/sparse", "sync"])
    travelled = msgspec.convert(msgspec.json.decode(msgspec.json.encode(chosen.to_wire())), SelectionState)
    assert Selection.from_wire(travelled) == chosen


def test_a_window_takes_what_the_language_takes() -> None:
    assert TimeWindow("1:30", "2m") == TimeWindow(90, 120)
    assert TimeWindow(90, 120).duration_sec == 30


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((2, 1), "ends after it starts"),
        ((0, float("nan")), "is no time"),
        ((0, 1e12), "too far away"),
        (("2026-03-02T15:00:00Z", 5), "not an instant"),
        ((0, "90"), "has no unit"),
    ],
)
def test_what_is_no_window_is_refused(ends, said) -> None:
    with pytest.raises(InputError, match=said):
        TimeWindow(*ends)


@pytest.mark.parametrize(
    "wrong",
    [
        {"window": "1:30"},
        {"window": (1, 2, 3)},
        {"window": 5},
        {"participants": 7},
        {"participants": [""]},
        {"participants": [["p"]]},
        {"participants": b"p"},
        {"types": ["no such type"]},
    ],
)
def test_what_is_no_selection_is_refused(wrong) -> None:
    with pytest.raises(InputError):
        Selection(**wrong)


def test_names_count_once_and_types_go_by_their_table() -> None:
    chosen = Selection(
        participants=["b", "a", "b"], types=["ratings/continuous", "ratings", "ratings_sparse"]
    )
    assert chosen.participants == ("b", "a")
    assert chosen.types == ("ratings", "ratings_sparse")
    assert Selection(participants="one").participants == ("one",)


def test_a_selection_is_frozen_and_hashable() -> None:
    chosen = Selection(window=(0, 1))
    with pytest.raises(FrozenInstanceError):
        chosen.window = None  # type: ignore[misc]
    assert len({chosen, Selection(window=TimeWindow(0, 1))}) == 1
