"""`hs.stimulus_time` and `hs.align` on the tables that people hold."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import hs_jupyter as hs
from hs_jupyter.errors import InputError

EVENTS = pd.DataFrame(
    {
        "roomId": ["r1", "r1", "r2", "r2"],
        "participantId": ["a", "a", "b", "b"],
        "onset_sec": [10.0, 40.0, 100.0, 130.0],
        "eventType": ["media.play", "media.ended"] * 2,
        "data": [{"currentTime": 0.0, "mediaId": "vid"}, {"currentTime": 30.0}] * 2,
    }
)


def ratings() -> pd.DataFrame:
    """Two viewers of one film, a sample a second; the second sees it 90 s later."""
    sec = np.arange(30.0)
    one = pd.DataFrame({"roomId": "r1", "participantId": "a", "onset_sec": 10 + sec, "value_norm": sec / 30})
    other = pd.DataFrame(
        {"roomId": "r2", "participantId": "b", "onset_sec": 100 + sec, "value_norm": 1 - sec / 30}
    )
    return pd.concat([one, other]).assign(componentId="valence")


def test_rows_keep_their_form_order_index_and_facts():
    rows = ratings().sample(frac=1, random_state=1)
    rows.attrs["hs"] = {"type": "ratings"}
    found = hs.stimulus_time(rows, events=EVENTS)
    assert list(found.columns) == [*rows.columns, "stimulus_sec", "stimulusId"]
    assert "stimulus_sec" not in rows
    pd.testing.assert_index_equal(found.index, rows.index)
    assert found.attrs == rows.attrs
    start = rows["roomId"].map({"r1": 10, "r2": 100})
    assert found["stimulus_sec"].tolist() == pytest.approx((rows["onset_sec"] - start).tolist())
    assert found["stimulus_sec"].dtype == float
    assert set(found["stimulusId"]) == {"vid"}


def test_every_form_of_table_gives_the_same():
    plain = hs.stimulus_time(ratings(), events=EVENTS)
    as_arrow = pa.Table.from_pandas(ratings(), preserve_index=False)
    events_arrow = pa.Table.from_pandas(
        EVENTS.assign(data=EVENTS["data"].map(lambda one: str(one).replace("'", '"')))
    )
    for rows, events in (
        (as_arrow, events_arrow),
        (pl.from_arrow(as_arrow), pl.from_arrow(events_arrow)),
        (as_arrow, EVENTS),
        (pl.from_arrow(as_arrow), EVENTS),
    ):
        found = hs.stimulus_time(rows, events=events)
        assert type(found) is type(rows)
        again = hs.stimulus_time(found, events=events)
        for one in (found, again):
            frame = one.to_pandas() if isinstance(one, pa.Table) else one.to_arrow().to_pandas()
            assert list(frame.columns) == list(plain.columns)
            assert frame["stimulus_sec"].tolist() == plain["stimulus_sec"].tolist()
            assert frame["stimulusId"].tolist() == plain["stimulusId"].tolist()


def test_what_is_missing_is_null_in_arrow():
    rows = pa.table({"roomId": ["r1", "r1"], "onset_sec": [0.0, 20.0]})
    found = hs.stimulus_time(rows, events=EVENTS)
    assert found["stimulus_sec"].to_pylist() == [None, 10.0]
    assert found["stimulusId"].to_pylist() == [None, "vid"]


def test_messages_are_placed_by_who_sent_them():
    chat = pd.DataFrame({"roomId": ["r1"], "senderId": ["a"], "onset_sec": [15.0], "content": ["oh"]})
    assert hs.stimulus_time(chat, events=EVENTS)["stimulus_sec"].tolist() == [5]


def test_a_film_that_nothing_tells_of_is_said():
    events = EVENTS.drop(columns="data")
    with pytest.warns(UserWarning, match="play_from_sec=0"):
        found = hs.stimulus_time(ratings(), events=events)
    assert found["stimulus_sec"].isna().all()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        told = hs.stimulus_time(ratings(), events=events, play_from_sec=0)
        hs.stimulus_time(ratings().iloc[:0], events=events)
    assert (
        told["stimulus_sec"].tolist() == hs.stimulus_time(ratings(), events=EVENTS)["stimulus_sec"].tolist()
    )


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: hs.stimulus_time(ratings()), "film time is read from events or sparse ratings"),
        (lambda: hs.stimulus_time([], events=EVENTS), "rows are to be a pandas, polars or Arrow table, not list"),
        (lambda: hs.stimulus_time(ratings(), events={}), "events are to be a pandas"),
        (
            lambda: hs.stimulus_time(ratings().rename(columns={"roomId": "roomID"}), events=EVENTS),
            "rows have no column 'roomId'; did you mean 'roomID'?",
        ),
        (
            lambda: hs.stimulus_time(ratings().assign(onset_sec="soon"), events=EVENTS),
            "column 'onset_sec' holds no numbers",
        ),
        (
            lambda: hs.stimulus_time(ratings().assign(roomId=[{}] * 60), events=EVENTS),
            "column 'roomId' holds no plain text",
        ),
        (lambda: hs.stimulus_time(ratings(), events=EVENTS[["roomId"]]), "events have no column 'participantId'"),
        (lambda: hs.align(ratings()), "ratings have no stimulus_sec"),
        (lambda: hs.align(ratings(), clock="onsets"), "did you mean 'onset'?"),
        (lambda: hs.align(ratings(), clock="onset", method="cubic"), "method='cubic' is not one of linear, hold"),
        (lambda: hs.align(ratings(), clock="onset", hz=0), "hz is to be a number above zero, not 0"),
        (lambda: hs.align(ratings(), clock="onset", hz="4"), "hz is to be a number above zero, not '4'"),
        (lambda: hs.align(ratings(), clock="onset", max_gap_sec=-1), "max_gap_sec is to be a number above zero"),
        (lambda: hs.align(ratings(), clock="onset", value="rating"), "ratings have no column 'rating'"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_in_a_sentence(call, said):
    with pytest.raises(InputError) as told:
        call()
    assert said in str(told.value)


def test_viewers_stand_side_by_side():
    timed = hs.stimulus_time(ratings(), events=EVENTS)
    aligned = hs.align(timed, hz=2)
    assert aligned.columns.tolist() == [("valence", "r1", "a"), ("valence", "r2", "b")]
    assert aligned.columns.names == ["componentId", "roomId", "participantId"]
    assert aligned.index.name == "stimulus_sec"
    assert aligned.index.tolist() == [step / 2 for step in range(59)]
    assert aligned.sum(axis=1).tolist() == pytest.approx([1.0] * 59)
    on_onset = hs.align(timed, clock="onset", hz=2)
    assert on_onset.index.name == "onset_sec"
    assert (on_onset.index[0], on_onset.index[-1]) == (10, 129)
    assert on_onset.notna().sum().tolist() == [59, 59]
    assert not on_onset.notna().all(axis=1).any()


def test_who_has_no_film_time_stays_as_a_column():
    timed = hs.stimulus_time(ratings(), events=EVENTS[EVENTS["roomId"] == "r1"])
    aligned = hs.align(timed, hz=1)
    assert aligned.notna().sum().tolist() == [30, 0]
    nothing = hs.align(timed.iloc[:0])
    assert nothing.shape == (0, 0)
    assert nothing.columns.names == ["componentId", "roomId", "participantId"]


def test_any_column_of_numbers_can_be_aligned():
    drift = ratings().drop(columns=["componentId", "value_norm"]).assign(timeDrift=-20)
    aligned = hs.align(drift, clock="onset", hz=1, value="timeDrift")
    assert aligned.columns.get_level_values("componentId").unique().tolist() == ["timeDrift"]
    assert aligned.max().tolist() == [-20, -20]


def test_one_film_at_a_time():
    timed = hs.stimulus_time(ratings(), events=EVENTS)
    timed.loc[timed["roomId"] == "r2", "stimulusId"] = "trailer"
    with pytest.raises(InputError, match="2 films: choose one with stimulus='trailer'"):
        hs.align(timed)
    with pytest.raises(InputError, match="did you mean 'trailer'"):
        hs.align(timed, stimulus="trailers")
    assert hs.align(timed, hz=1, stimulus="vid").notna().sum().tolist() == [30]
