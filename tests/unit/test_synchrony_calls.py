"""`hs.synchrony` on aligned tables: columns, units, defaults, mistakes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import hs_jupyter as hs
from hs_jupyter.errors import InputError

LEVELS = ["componentId", "roomId", "participantId"]


def aligned(rooms: str = "aabbc", hz: float = 2.0, seconds: float = 120, seed: int = 0) -> pd.DataFrame:
    """Viewers of one film on two scales; p0 and p1 sit in room a, and so on."""
    rng = np.random.default_rng(seed)
    samples = int(seconds * hz)
    viewers = [
        (scale, room, f"p{number}") for scale in ("arousal", "valence") for number, room in enumerate(rooms)
    ]
    values = np.cumsum(rng.normal(size=(samples, 1)), axis=0) + rng.normal(size=(samples, len(viewers)))
    index = pd.Index(5 + np.arange(samples) / hz, name="stimulus_sec")
    return pd.DataFrame(values, index=index, columns=pd.MultiIndex.from_tuples(viewers, names=LEVELS))


def test_pairs():
    table = aligned()
    found = hs.synchrony(table)
    assert found.columns.tolist() == [
        "componentId", "roomId_first", "participantId_first", "roomId_second", "participantId_second",
        "same_room", "window_start_sec", "window_end_sec", "lag_sec", "r", "overlap_sec",
    ]  # fmt: skip
    assert len(found) == 20
    one = found[(found["componentId"] == "valence") & (found["participantId_second"] == "p3")].iloc[1]
    assert (one["roomId_first"], one["participantId_first"], one["roomId_second"]) == ("a", "p1", "b")
    assert one["r"] == pytest.approx(table["valence"]["a"]["p1"].corr(table["valence"]["b"]["p3"]))
    assert one[["window_start_sec", "window_end_sec", "lag_sec", "overlap_sec"]].tolist() == [5, 125, 0, 120]
    assert found["same_room"].dtype == bool
    assert found.loc[found["same_room"], "roomId_first"].tolist() == ["a", "b"] * 2


def test_pairs_of_a_room_and_of_other_rooms():
    whole = hs.synchrony(aligned())
    parts = [hs.synchrony(aligned(), pairs=one) for one in ("same room", "other room")]
    assert [len(part) for part in parts] == [4, 16]
    keys = ["componentId", "participantId_first", "participantId_second"]
    together = pd.concat(parts).sort_values(keys, ignore_index=True)
    pd.testing.assert_frame_equal(together, whole.sort_values(keys, ignore_index=True))


def test_leave_one_out():
    found = hs.synchrony(aligned()["valence"], method="leave-one-out", null=20)
    assert found.columns.tolist() == [
        "componentId", "roomId", "participantId", "window_start_sec", "window_end_sec", "lag_sec", "r",
        "overlap_sec", "p", "null_r_mean", "null_r_p95",
    ]  # fmt: skip
    assert found["participantId"].tolist() == ["p0", "p1", "p2", "p3", "p4"]
    assert found["componentId"].isna().all()
    assert (found["null_r_mean"] < found["null_r_p95"]).all()
    assert found["p"].between(1 / 21, 1).all()


@pytest.mark.parametrize("method", ["pairwise", "leave-one-out"])
def test_the_group_is_the_fisher_mean(method):
    each = hs.synchrony(aligned(), method=method)
    group = hs.synchrony(aligned(), method=method, level="group", null=50)
    count = "pairs" if method == "pairwise" else "viewers"
    assert group.columns.tolist() == [
        "componentId", "window_start_sec", "window_end_sec", "lag_sec", count, "r", "p", "null_r_mean", "null_r_p95",
    ]  # fmt: skip
    expected = np.tanh(np.arctanh(each["r"]).groupby(each["componentId"]).mean())
    assert group.set_index("componentId")["r"].to_dict() == pytest.approx(expected.to_dict())
    assert group[count].tolist() == [10, 10] if method == "pairwise" else [5, 5]
    assert (group["p"] == 1 / 51).all()


def test_windows_and_lags():
    found = hs.synchrony(aligned()["valence"], window_sec=30, step_sec=20, max_lag_sec=1.2)
    windows = found[["window_start_sec", "window_end_sec"]].drop_duplicates().to_numpy().tolist()
    assert windows == [[5, 35], [25, 55], [45, 75], [65, 95], [85, 115]]
    assert sorted(found["lag_sec"].unique()) == [-1, -0.5, 0, 0.5, 1]
    assert len(found) == 10 * 5 * 5
    inside = aligned()["valence"].loc[25:54.9]
    one = found.query("window_start_sec == 25 and lag_sec == 0").iloc[0]
    assert one["r"] == pytest.approx(inside["a"]["p0"].corr(inside["a"]["p1"]))
    half = hs.synchrony(aligned()["valence"], window_sec=30)
    assert np.diff(sorted(half["window_start_sec"].unique())).tolist() == [15] * 6


def test_the_follower_has_a_positive_lag():
    walk = np.cumsum(np.random.default_rng(4).normal(size=300))
    index = pd.Index(np.arange(280) / 4, name="stimulus_sec")
    table = pd.DataFrame({"leads": walk[10:290], "follows": walk[4:284]}, index=index)
    found = hs.synchrony(table, max_lag_sec=5, null=200)
    best = found.loc[found["r"].idxmax()]
    assert (best["participantId_first"], best["participantId_second"], best["lag_sec"]) == (
        "leads",
        "follows",
        1.5,
    )
    assert best["roomId_first"] is None or pd.isna(best["roomId_first"])
    assert not best["same_room"], "nobody knows"
    assert best["p"] < 0.05


@pytest.mark.parametrize(("window_sec", "least_sec"), [(None, 30), (20, 10), (100, 30)])
def test_how_much_must_be_common(window_sec, least_sec):
    table = aligned()["valence"][["a"]].copy()
    hz = 2
    common = np.arange(len(table)) < least_sec * hz
    for there, kept in ((True, common), (False, np.roll(common, -1) & common)):
        table.iloc[:, 0] = aligned()["valence"].iloc[:, 0].where(kept)
        found = hs.synchrony(table, window_sec=window_sec).iloc[0]
        assert found["overlap_sec"] == (least_sec if there else least_sec - 1 / hz)
        assert np.isfinite(found["r"]) == there
    assert np.isfinite(hs.synchrony(table, window_sec=window_sec, min_overlap_sec=5).iloc[0]["r"])


def test_the_same_seed_gives_the_same_p():
    p = [
        hs.synchrony(aligned()["valence"], null=99, seed=seed)["null_r_p95"].tolist()
        for seed in (0, 0, 1, None)
    ]
    assert p[0] == p[1] != p[2]
    assert p[3] != p[0]


def test_near_shifts_do_not_count_as_chance():
    """A slow series is much the same after a second: with such shifts no p could be small."""
    sec = np.arange(1200) / 2
    rng = np.random.default_rng(3)
    slow = np.convolve(rng.normal(size=1300), np.hanning(60), "same")[:1200]
    table = pd.DataFrame({"a": slow, "b": np.roll(slow, 2)}, index=pd.Index(sec))
    assert hs.synchrony(table, null=999)["p"].item() == pytest.approx(0.001, abs=1e-4)
    assert hs.synchrony(table, null=999, min_shift_sec=0)["p"].item() > 0.002


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"method": "triples"}, "method='triples' is not one of pairwise, leave-one-out"),
        ({"level": "all"}, "level='all' is not one of each, group"),
        ({"pairs": "same_room"}, "did you mean 'same room'?"),
        ({"method": "leave-one-out", "pairs": "same room"}, "leave-one-out has no pairs"),
        ({"window_sec": 0}, "window_sec is to be a number above zero"),
        ({"window_sec": 500}, "no window of 3 samples or more within 120 s"),
        ({"window_sec": 0.5}, "no window of 3 samples or more"),
        ({"max_lag_sec": 120}, "longer than the 120 s there are"),
        ({"max_lag_sec": -1}, "max_lag_sec is to be a number of zero or more"),
        ({"null": 0.5}, "null is to be a whole number"),
        ({"null": -1}, "null is to be a number of zero or more"),
        ({"window_sec": 2, "step_sec": 0.01, "max_lag_sec": 100}, None),
    ],
)
def test_a_mistake_is_said_in_a_sentence(change, said):
    if said is None:
        assert len(hs.synchrony(aligned("aa")["valence"], **change)) == 237 * 401
        return
    with pytest.raises(InputError) as told:
        hs.synchrony(aligned(), **change)
    assert said in str(told.value)


def test_a_result_that_no_memory_holds_is_refused(monkeypatch):
    monkeypatch.setattr("hs_jupyter.functions.viewers.MOST_ROWS", 39)
    table = aligned()["valence"]
    assert len(hs.synchrony(table, window_sec=40, step_sec=40)) == 30
    with pytest.raises(InputError, match="40 correlations: take fewer windows"):
        hs.synchrony(table, window_sec=30, step_sec=30)


def test_too_few_viewers():
    table = aligned("ab")["valence"]
    assert len(hs.synchrony(table)) == 1
    with pytest.raises(InputError, match="leave-one-out needs 3 viewers or more, and there are 2"):
        hs.synchrony(table, method="leave-one-out")
    three = aligned("abc")
    three[("valence", "b", "p1")] = np.nan
    with pytest.raises(InputError, match="on scale 'valence' there are 2"):
        hs.synchrony(three, method="leave-one-out")
    with pytest.raises(InputError, match="pairwise needs 2 viewers or more, and there is 1"):
        hs.synchrony(table[["a"]])
    with pytest.raises(InputError, match="no two viewers are of the same room"):
        hs.synchrony(table, pairs="same room")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (np.zeros((9, 2)), "aligned is to be a DataFrame from hs.align, not ndarray"),
        (pd.DataFrame({"a": [1, 2, 3]}, index=[0, 1, 5]), "even steps"),
        (pd.DataFrame({"a": [1, 2, 3]}, index=[2, 1, 0]), "even steps"),
        (pd.DataFrame({"a": [1, 2]}), "at least 3 seconds in even steps"),
        (pd.DataFrame({"a": [1, 2, 3]}, index=list("abc")), "the index is to be seconds"),
        (pd.DataFrame({"a": list("xyz"), "b": [1, 2, 3]}), "holds no numbers"),
        (pd.concat({1: pd.concat({2: aligned()}, axis=1)}, axis=1), "5 levels"),
    ],
)
def test_a_table_of_another_kind_is_told(table, said):
    with pytest.raises(InputError) as told:
        hs.synchrony(table)
    assert said in str(told.value)
