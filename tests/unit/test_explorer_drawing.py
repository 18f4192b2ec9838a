"""The explorer's timeline as the kernel draws it: any window, within its budget, and saying what is missing."""

from __future__ import annotations

import json
import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pytest
import vl_convert
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sample_tables import experiment_tables, room_tables
from test_charts_rows import every, spec_of
from test_charts_text import HOSTILE, code_of, poisoned

from hs_jupyter.charts import overlay_chart, timeline_chart
from hs_jupyter.errors import InputError
from hs_jupyter.explorer.drawing import Drawing, draw_timeline, prepare_timeline, still_chart
from hs_jupyter.explorer.state import Hidden

ZOOM_BYTES = 300_000
WIRE_TYPES = {pa.float64(), pa.int32(), pa.bool_()}


def long_ratings(series: int, each: int, seconds: float = 3600.0) -> dict[str, pa.Table]:
    """A room in which so many participants rate without a pause."""
    rng = np.random.default_rng(series)
    onset_sec = np.sort(rng.uniform(0, seconds, (series, each)), axis=1)
    return {
        "ratings": pa.table(
            {
                "onset_sec": onset_sec.T.ravel(),
                "value_norm": rng.uniform(0, 1, (each, series)).ravel(),
                "participantId": [f"p_{n}" for n in range(series)] * each,
                "componentId": ["valence"] * (series * each),
                "roomId": ["r"] * (series * each),
            }
        )
    }


def many_events(count: int) -> dict[str, pa.Table]:
    rng = np.random.default_rng(0)
    return {
        "events": pa.table(
            {
                "onset_sec": rng.uniform(0, 3600, count),
                "category": np.array(["state", "media"])[rng.integers(0, 2, count)],
                "participantId": [f"p_{n % 3}" for n in range(count)],
                "content": [f"what was said in event {n} " * 9 for n in range(count)],
            }
        )
    }


def lines(drawing: Drawing, row: str = "ratings_1") -> dict[str, pa.Table]:
    """The samples of each line of a row, by participant."""
    samples, first, found = drawing.datasets[row], 0, {}
    for one in drawing.datasets[f"{row}_lines"].to_pylist():
        found[one["participant"]] = samples.slice(first, one["count"])
        first += one["count"]
    assert first == samples.num_rows
    return found


def sizes(drawing: Drawing, known: set[str]) -> int:
    """The bytes of the tables that a view does not hold, as they are sent."""
    total = 0
    for table in drawing.unknown(known)[1].values():
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        total += sink.getvalue().size
    return total


LONG = prepare_timeline(long_ratings(8, 20_000))
ROOM = prepare_timeline(room_tables(2))
windows = st.tuples(st.floats(-100, 3700), st.floats(0.001, 3000)).map(lambda one: (one[0], one[0] + one[1]))


@pytest.mark.parametrize("people", [1, 2, 5, 13])
def test_the_chart_of_a_room_compiles_and_holds_no_record(people):
    drawing = draw_timeline(prepare_timeline(room_tables(people)))
    vega = vl_convert.vegalite_to_vega(drawing.spec, vl_version="6.4")
    assert {one["name"] for one in vega["data"]} >= {row["name"] for row in drawing.about["rows"]}
    # What is inside is ours: the start of the experiment and the bands of drift.
    assert {key for data in drawing.spec["datasets"].values() for one in data for key in one} <= {
        "onset_sec",
        "low",
        "high",
    }
    assert {row["name"] for row in drawing.about["rows"]} <= set(drawing.datasets)


def test_the_chart_of_an_experiment_compiles_and_names_its_medians():
    drawing = draw_timeline(prepare_timeline(experiment_tables(4, 2), overlay=True))
    vl_convert.vegalite_to_vega(drawing.spec, vl_version="6.4")
    assert drawing.about["overlay"]
    medians = [row["median"] for row in drawing.about["rows"] if row["kind"] == "lines"]
    assert medians == ["ratings_1_median", "ratings_2_median", "sync_drift_median"]
    assert set(medians) <= set(drawing.datasets)
    assert set(drawing.datasets["ratings_1_lines"]["room"].to_pylist()) == {
        f"room_pair_0{n}" for n in range(1, 5)
    }
    assert any("8 participants in 4 rooms" in one for one in drawing.notes)


def test_columns_are_what_javascript_reads_exactly():
    for prepared in (ROOM, prepare_timeline(experiment_tables(2, 2), overlay=True)):
        for table in draw_timeline(prepared).datasets.values():
            for column in table.schema:
                text = pa.types.is_dictionary(column.type) and column.type.value_type == pa.string()
                assert text or column.type in WIRE_TYPES, column


@settings(deadline=None, max_examples=60)
@example((1.0, 1.001), 60)  # a little less than 1 ms, as floats subtract
@given(windows, st.integers(60, 3000))
def test_any_window_is_drawn_from_its_own_samples_within_the_budget(window, width_px):
    drawing = draw_timeline(LONG, window, width_px=width_px)
    assert drawing.window == window
    assert sizes(drawing, set()) < ZOOM_BYTES
    source = long_ratings_by_person()
    for person, table in lines(drawing).items():
        onset_sec, value = source[person]
        drawn_sec, drawn = table["onset_sec"].to_numpy(), table["value"].to_numpy()
        inside = np.flatnonzero((onset_sec >= window[0]) & (onset_sec <= window[1]))
        reach = onset_sec[max(0, inside.min() - 1) : inside.max() + 2] if len(inside) else onset_sec
        assert (np.diff(drawn_sec) >= 0).all()
        assert len(drawn_sec) <= max(200, 2 * width_px)
        # Only real samples, each with its own value; of the window and its two neighbours.
        at = np.searchsorted(onset_sec, drawn_sec)
        assert (onset_sec[at] == drawn_sec).all()
        assert (value[at] == drawn).all()
        if len(inside):
            assert drawn_sec.min() >= reach[0]
            assert drawn_sec.max() <= reach[-1]
            assert value[inside].max() <= drawn.max()
            assert value[inside].min() >= drawn.min()


def long_ratings_by_person(kept: dict = {}) -> dict[str, tuple[np.ndarray, np.ndarray]]:  # noqa: B006 - made once
    if not kept:
        for one in LONG.sources.ratings:
            kept[one.participant] = (one.onset_sec, one.value)
    return kept


def test_the_source_of_that_test_is_the_table_itself():
    table = long_ratings(8, 20_000)["ratings"].to_pandas()
    for person, (onset_sec, value) in long_ratings_by_person().items():
        own = table[table["participantId"] == person].sort_values("onset_sec", kind="stable")
        assert np.array_equal(own["onset_sec"], onset_sec)
        assert np.array_equal(own["value_norm"], value)


@pytest.mark.parametrize("series", [9, 24, 60])
def test_beyond_eight_lines_share_the_budget_and_the_chart_says_so(series):
    drawing = draw_timeline(prepare_timeline(long_ratings(series, 3_000)), width_px=900)
    count = [one.num_rows for one in lines(drawing).values()]
    assert sum(count) <= max(12_000, 200 * series)
    assert min(count) > 150  # 200, in whole bins of four
    assert any(f"{series} lines share one drawing" in one for one in drawing.notes)
    assert any(f"of {3_000 * series:,} rating samples drawn" in one for one in drawing.notes)


def test_one_line_within_its_pixels_shares_nothing():
    notes = draw_timeline(prepare_timeline(long_ratings(1, 50_000)), width_px=700).notes
    assert notes[0].startswith("Thinned to 700 pixels: 1,")
    assert not any("share" in one for one in notes)


def test_zooming_in_ends_at_every_sample():
    drawing = draw_timeline(LONG, (100.0, 130.0), width_px=900)
    inside = sum(((s >= 100) & (s <= 130)).sum() for s, _ in long_ratings_by_person().values())
    assert inside <= drawing.datasets["ratings_1"].num_rows <= inside + 2 * 8
    assert drawing.notes == ()


def test_what_is_drawn_whole_is_sent_once():
    first = draw_timeline(ROOM)
    known = {first.spec_id, *first.ids.values()}
    assert all(row["whole"] for row in first.about["rows"])
    for window in [(0.0, 60.0), (-50.0, 900.0)]:
        assert draw_timeline(ROOM, window, width_px=333).unknown(known) == (None, {})


def test_what_changes_with_the_window_is_sent_again_and_the_chart_is_not():
    tables = {**long_ratings(4, 9_000), **room_tables(4)}
    tables["ratings"] = long_ratings(4, 9_000)["ratings"]
    prepared = prepare_timeline(tables)
    first = draw_timeline(prepared)
    spec, datasets = draw_timeline(prepared, (10.0, 20.0)).unknown({first.spec_id, *first.ids.values()})
    assert spec is None
    assert "ratings_1" in datasets
    assert not {"events", "chat", "recordings"} & set(datasets)


def test_another_prepared_scope_has_other_data_and_perhaps_the_same_chart():
    one, other = draw_timeline(ROOM), draw_timeline(prepare_timeline(room_tables(2, seed=2)))
    assert not set(one.ids.values()) & set(other.ids.values())
    assert draw_timeline(prepare_timeline(room_tables(2))).spec_id == one.spec_id


def test_a_gap_begins_a_line_anew():
    onset_sec = [0, 0.25, 0.5, 0.75, 1.0, 20.0, 20.25]
    rating = pa.table({"onset_sec": onset_sec, "value_norm": [0.5] * 7, "participantId": ["p"] * 7})
    begins = draw_timeline(prepare_timeline({"ratings": rating})).datasets["ratings_1"]["begins"]
    assert begins.to_pylist() == [True, False, False, False, False, True, False]


@settings(deadline=None, max_examples=40)
@given(st.floats(0, 3500), st.floats(1, 900))
def test_a_gap_is_a_gap_however_thin_its_lines(start, length):
    series = long_ratings(1, 40_000)["ratings"]
    onset = series["onset_sec"].to_numpy()
    cut = series.filter(pa.array((onset < 1000) | (onset > 1003)))
    drawing = draw_timeline(prepare_timeline({"ratings": cut}), (start, start + length), width_px=80)
    (drawn,) = lines(drawing).values()
    onset_sec, begins = drawn["onset_sec"].to_numpy(), drawn["begins"].to_numpy(zero_copy_only=False)
    over = np.flatnonzero((onset_sec[:-1] < 1001) & (onset_sec[1:] > 1002)) + 1
    assert begins[over].all()
    assert begins.sum() == 1 + len(over)


def test_marks_beyond_the_budget_are_joined_and_counted_window_by_window():
    events = many_events(30_000)
    prepared = prepare_timeline(events)
    for window in [(0.0, 3600.0), (100.0, 400.0), (100.0, 101.0)]:
        drawing = draw_timeline(prepared, window)
        onset_sec = events["events"]["onset_sec"].to_numpy()
        inside = int(((onset_sec >= window[0]) & (onset_sec <= window[1])).sum())
        drawn = drawing.datasets["events"]
        assert sum(drawn["count"].to_pylist()) == inside
        assert sizes(drawing, set()) < ZOOM_BYTES / 2
        assert any("events drawn" in one for one in drawing.notes) == (drawn.num_rows < inside)


def test_long_texts_are_cut_where_many_are_drawn():
    few, many = (
        draw_timeline(prepare_timeline(many_events(n))).datasets["events"]["content"] for n in (40, 30_000)
    )
    assert max(map(len, few.to_pylist())) > 200
    assert max(map(len, many.to_pylist())) < 40


HIDDEN = [
    (Hidden(rows=("chat", "sync_drift")), {"chat", "sync_drift"}),
    (Hidden(scales=("valence",)), {"ratings_2"}),
    (Hidden(scales=("mood",)), {"ratings_sparse"}),
    (Hidden(participants=("p_01_b",)), {"sync_drift", "sync_quality"}),
    (Hidden(categories=("state", "media", "pre_experiment", "component", "communication", "sparse_rating", "system")),
     {"events"}),
]  # fmt: skip


@pytest.mark.parametrize(("hidden", "gone"), HIDDEN)
def test_what_is_hidden_is_not_drawn_and_can_be_shown_again(hidden, gone):
    all_of_it, some = draw_timeline(ROOM), draw_timeline(ROOM, hidden=hidden)
    names = [row["name"] for row in all_of_it.about["rows"]]
    assert [row["name"] for row in some.about["rows"]] == [one for one in names if one not in gone]
    assert some.choices == all_of_it.choices
    assert some.about["colors"] == all_of_it.about["colors"]
    assert some.domain == all_of_it.domain
    assert some.spec_id != all_of_it.spec_id
    assert draw_timeline(ROOM).spec_id == all_of_it.spec_id


def test_a_hidden_participant_is_nowhere():
    drawing = draw_timeline(ROOM, hidden=Hidden(participants=("p_01_a",)))
    found = {
        one for table in drawing.datasets.values() if "participant" in table.column_names
        for one in table["participant"].to_pylist()
    }  # fmt: skip
    assert found == {"p_01_b"}


def test_some_categories_may_be_hidden():
    drawing = draw_timeline(ROOM, hidden=Hidden(categories=("state", "no such category")))
    lanes = next(row["lanes"] for row in drawing.about["rows"] if row["name"] == "events")
    assert "state" not in lanes
    assert set(drawing.datasets["events"]["lane"].to_pylist()) == set(lanes)


def test_all_of_it_may_be_hidden():
    drawing = draw_timeline(ROOM, hidden=Hidden(participants=("p_01_a", "p_01_b")))
    vl_convert.vegalite_to_vega(drawing.spec, vl_version="6.4")
    assert drawing.about["rows"] == []
    assert drawing.datasets == {}
    assert len(drawing.choices.participants) == 2


@pytest.mark.parametrize("window", [(1, 1), (2, 1), (0, math.inf), (math.nan, 1), (0, 1e-6)])
def test_a_window_that_shows_nothing_is_refused(window):
    with pytest.raises(InputError, match="1 ms or more"):
        draw_timeline(ROOM, window)


def test_a_window_beside_all_data_is_drawn_empty():
    drawing = draw_timeline(LONG, (5000.0, 5010.0))
    assert all(one.num_rows <= 1 for one in lines(drawing).values())


@pytest.mark.parametrize("overlay", [False, True])
def test_the_still_chart_is_the_chart_of_plot(overlay):
    tables = experiment_tables(3, 2) if overlay else room_tables(3)
    still = still_chart(prepare_timeline(tables, overlay=overlay), title="t")
    assert still.to_dict() == (overlay_chart if overlay else timeline_chart)(tables, title="t").to_dict()


def test_the_still_chart_of_a_window_holds_its_data_alone():
    spec = spec_of(still_chart(ROOM, (100.0, 200.0), hidden=Hidden(rows=("chat",)), title="t"))
    events = next(row for row in spec["vconcat"] if row.get("title", {}).get("text") == "Events")
    (held,) = events["data"]["values"]
    assert held["onset_sec"]
    assert all(100 <= one <= 200 for one in held["onset_sec"])
    assert not any(row.get("title", {}).get("text") == "Chat" for row in spec["vconcat"])
    domains = [one["domain"] for one in every(spec["vconcat"][1], "scale") if one and "domain" in one]
    assert [100, 200] in domains


@pytest.mark.parametrize("overlay", [False, True])
def test_hostile_text_stays_data(overlay):
    plain = code_of(draw_timeline(prepare_timeline(poisoned("p"), overlay=overlay)).spec)
    for text in HOSTILE:
        drawing = draw_timeline(prepare_timeline(poisoned(text), overlay=overlay))
        assert code_of(drawing.spec) == plain
        json.dumps(drawing.about, allow_nan=False)


def test_several_threads_draw_the_same():
    prepared = prepare_timeline(long_ratings(4, 9_000))
    asked = [(float(n), float(n + 50)) for n in range(0, 400, 10)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda one: draw_timeline(prepared, one), asked))
    for one, window in zip(together, asked, strict=True):
        assert one.datasets["ratings_1"].equals(draw_timeline(prepared, window).datasets["ratings_1"])
    assert len({one.spec_id for one in together}) == 1


def test_tables_of_other_kinds_and_none_at_all():
    for tables in (
        {},
        {"participants": pa.table({"onset_sec": [1.0]})},
        {"events": room_tables(2)["events"].slice(0, 0)},
    ):
        drawing = draw_timeline(prepare_timeline(tables))
        vl_convert.vegalite_to_vega(drawing.spec, vl_version="6.4")
        assert drawing.about["rows"] == []
        assert drawing.domain == (0.0, 1.0)
