"""The linked charts: which rows, what they say, and that any table can be drawn."""

from __future__ import annotations

import json
import math
import warnings

import altair as alt
import numpy as np
import pyarrow as pa
import pytest
import vl_convert
from sample_tables import experiment_tables, room_tables

from hs_jupyter.charts import overlay_chart, timeline_chart
from hs_jupyter.renderer import render

EMPTY = {name: table.slice(0, 0) for name, table in room_tables(2).items()}


def spec_of(chart: alt.VConcatChart) -> dict:
    """The specification as it goes to a notebook: strict JSON, compiled without a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        spec = json.loads(json.dumps(chart.to_dict(), allow_nan=False))
        vl_convert.vegalite_to_vega(spec, vl_version="6.4")
    return spec


def titles(spec: dict) -> list[str]:
    return [row["title"]["text"] for row in spec["vconcat"] if "title" in row]


def subtitle(spec: dict) -> str:
    return " ".join(spec["title"].get("subtitle", []))


def every(value, key):
    """All values under a key, anywhere in a specification."""
    if isinstance(value, dict):
        for name, one in value.items():
            if name == key:
                yield one
            yield from every(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from every(one, key)


def records(data):
    """The rows that Vega flattens from a dataset."""
    return [
        dict(zip(one, row, strict=True)) for one in data["values"] for row in zip(*one.values(), strict=True)
    ]


def test_a_room_has_a_row_for_each_scale_and_data_type():
    spec = spec_of(timeline_chart(room_tables(2), title="room_pair_01"))
    assert titles(spec) == [
        "Rating · arousal", "Rating · valence", "Ratings at moments",
        "Drift from the host in ms, with its bands of 100 and 500", "Sync quality", "Events", "Chat", "Recordings",
    ]  # fmt: skip
    assert spec["title"]["text"] == "room_pair_01"
    assert "No data" not in subtitle(spec)


def test_all_rows_share_one_axis_and_one_width_and_only_the_last_is_labelled():
    spec = spec_of(timeline_chart(room_tables(4)))
    rows = spec["vconcat"][1:]
    assert len({json.dumps(row["encoding"]["x"]["scale"]) for row in rows}) == 1
    own = [layer["encoding"].get("x", {}) for row in rows for layer in row["layer"]]
    assert not any("scale" in one or "axis" in one for one in own)
    assert {row["width"] for row in spec["vconcat"]} == {680}
    labelled = [row["encoding"]["x"]["axis"].get("labels", True) for row in rows]
    assert labelled == [*[False] * (len(rows) - 1), True]


def test_the_axis_reaches_from_the_first_event_to_the_last_sample():
    tables = room_tables(2)
    onsets = np.concatenate([one.column("onset_sec").to_numpy() for one in tables.values()])
    low, high = spec_of(timeline_chart(tables))["vconcat"][1]["encoding"]["x"]["scale"]["domain"]
    assert onsets.min() - 0.001 <= low <= onsets.min()
    assert high >= onsets.max()


def test_selections_listen_in_every_row_by_names_that_exist():
    spec = spec_of(timeline_chart(room_tables(2)))
    named = [layer.get("name") for row in spec["vconcat"] for layer in row["layer"]]
    views = {one["name"]: one["views"] for one in spec["params"]}
    assert views["brush"] == views["hover"] == [f"cells_{n}" for n in range(1, 9)]
    assert views["who"] == ["legend_0"]
    assert all(named.count(view) == 1 for each in views.values() for view in each)
    vega = vl_convert.vegalite_to_vega(spec, vl_version="6.4")
    for group in vega["marks"]:
        signals = [one["name"] for one in group.get("signals", [])]
        assert len(signals) == len(set(signals))


def test_gaps_part_a_line():
    onset_sec = [0, 0.25, 0.5, 0.75, 1.0, 20.0, 20.25]
    rating = pa.table({"onset_sec": onset_sec, "value_norm": [0.5] * 7, "participantId": ["p"] * 7})
    lines = spec_of(timeline_chart({"ratings": rating}))["vconcat"][1]["data"]["values"]
    assert [one["onset_sec"] for one in lines] == [onset_sec[:5], onset_sec[5:]]


@pytest.mark.parametrize("draw", [timeline_chart, overlay_chart])
def test_a_hundred_thousand_samples_are_thinned_and_said(draw):
    rng = np.random.default_rng(0)
    count = 100_000
    tables = {
        "ratings": pa.table(
            {
                "onset_sec": np.sort(rng.uniform(0, 3600, count)),
                "value_norm": rng.uniform(0, 1, count),
                "participantId": np.array(["a", "b"])[rng.integers(0, 2, count)],
                "componentId": ["valence"] * count,
                "roomId": ["r"] * count,
            }
        ),
        "events": pa.table(
            {
                "onset_sec": rng.uniform(0, 3600, count),
                "category": np.array(["state", "media"])[rng.integers(0, 2, count)],
                "participantId": ["a"] * count,
            }
        ),
    }
    transformer, options = alt.data_transformers.active, alt.data_transformers.options
    chart = draw(tables)
    spec = spec_of(chart)
    assert (alt.data_transformers.active, alt.data_transformers.options) == (transformer, options)
    assert "Thinned to 680 pixels" in subtitle(spec)
    assert "of 100,000 rating samples" in subtitle(spec)
    drawn = sum(len(one["value"]) for one in spec["vconcat"][1]["data"]["values"])
    assert 1000 < drawn <= 2 * 680
    assert f"{drawn:,} of" in subtitle(spec)
    assert len(json.dumps(spec)) < 2_000_000


def test_a_notebook_gains_little_by_the_plot_of_a_room():
    saved, _ = render(spec_of(timeline_chart(room_tables(2))))
    assert set(saved) > {"image/png", "text/plain"}
    assert len(json.dumps(saved, indent=1)) < 200_000  # as a notebook file writes it


def test_many_rooms_stay_small_and_say_so():
    spec = spec_of(overlay_chart(experiment_tables(12, 2), title="exp_film_pairs"))
    assert titles(spec)[:3] == [
        "Rating · arousal",
        "Rating · valence",
        "Size of the drift from the host in ms",
    ]
    assert "24 participants in 12 rooms" in subtitle(spec)
    assert "Thinned" in subtitle(spec)
    assert len(json.dumps(spec)) < 1_200_000


def test_the_median_of_an_overlay_lies_between_its_quartiles():
    spec = spec_of(overlay_chart(experiment_tables(3, 2)))
    held = [one for one in every(spec, "data") if one.get("name") == "ratings_1_median"]
    assert len(held) > 1
    assert ["values" in one for one in held] == [True, *[False] * (len(held) - 1)]
    medians = records(held[0])
    assert len(medians) > 200
    assert all(one["low"] <= one["value"] <= one["high"] for one in medians)


def test_events_of_an_overlay_are_counted_whole():
    tables = experiment_tables(3, 2)
    spec = spec_of(overlay_chart({"events": tables["events"]}))
    totals, lanes = (records(row["data"]) for row in spec["vconcat"][1:])
    assert sum(one["count"] for one in totals) == tables["events"].num_rows
    assert sum(one["count"] for one in lanes) == tables["events"].num_rows


def test_tables_without_data_are_left_out_and_named():
    tables = {**room_tables(2), "chat": EMPTY["chat"], "recordings": EMPTY["recordings"]}
    spec = spec_of(timeline_chart(tables))
    assert "Chat" not in titles(spec)
    assert "No data: chat, recordings." in subtitle(spec)
    assert "No data" not in subtitle(spec_of(timeline_chart({"events": tables["events"]})))


@pytest.mark.parametrize("draw", [timeline_chart, overlay_chart])
def test_nothing_at_all_is_still_a_chart(draw):
    for tables in ({}, EMPTY):
        spec = spec_of(draw(tables, title="room"))
        assert "Nothing to draw" in json.dumps(spec)
        vl_convert.vegalite_to_png(spec, vl_version="6.4")


def test_rows_without_an_onset_or_a_value_are_counted():
    rating = pa.table(
        {
            "onset_sec": [0.0, None, 1.0, math.nan, math.inf, 2.0],
            "value_norm": [0.1, 0.2, None, 0.4, 0.5, math.nan],
            "participantId": ["p"] * 6,
        }
    )
    spec = spec_of(timeline_chart({"ratings": rating}))
    assert spec["vconcat"][1]["data"]["values"][0]["onset_sec"] == [0.0]
    assert "5 of continuous ratings" in subtitle(spec)


@pytest.mark.parametrize("name", list(EMPTY))
@pytest.mark.parametrize("draw", [timeline_chart, overlay_chart])
def test_columns_may_be_all_null_absent_or_of_another_type(name, draw):
    one = {"onset_sec": [1.5], "value_norm": [0.5], "timeDrift": [20.0], "syncQuality": [1.0]}
    shapes = [
        pa.table({key: pa.nulls(3) for key in EMPTY[name].column_names}),
        pa.table({key: pa.nulls(3, EMPTY[name].schema.field(key).type) for key in EMPTY[name].column_names}),
        pa.table(one),
        pa.table({key: [str(value[0])] for key, value in one.items()}),
        pa.table(
            {**one, "participantId": [7], "category": pa.nulls(1), "senderId": [None], "componentId": [None]}
        ),
        pa.table({"onset_sec": [1e300], "value_norm": [1e300], "timeDrift": [1e300], "duration": [1e300]}),
        pa.table(
            {
                "onset_sec": [0.0, 0.0],
                "value_norm": [9.0, -9.0],
                "timeDrift": [1e300, -1e300],
                "duration": [-1, 0],
            }
        ),
    ]
    for table in shapes:
        assert vl_convert.vegalite_to_svg(spec_of(draw({name: table})), vl_version="6.4").startswith("<svg")


def test_a_running_recording_reaches_to_the_end():
    tables = {
        "recordings": pa.table({"onset_sec": [2.0], "participantId": ["p"], "duration": [None]}),
        "events": pa.table({"onset_sec": [100.0], "participantId": ["p"], "category": ["state"]}),
    }
    row = spec_of(timeline_chart(tables))["vconcat"][-1]["data"]
    assert [(one["end_sec"], one["open"]) for one in records(row)] == [(100, True)]


def test_more_than_twelve_participants_are_chosen_from_a_list():
    few, many = (spec_of(timeline_chart({"ratings": room_tables(n)["ratings"]})) for n in (12, 13))
    assert "bind" not in few["params"][2]
    bind = many["params"][2]["bind"]
    assert len(bind["options"]) == len(bind["labels"]) == 14
    assert bind["labels"][0] == "everyone"
    assert "13 participants" in json.dumps(many["vconcat"][0])


def test_lanes_too_many_share_one():
    count = 200
    events = pa.table(
        {"onset_sec": np.arange(count, dtype=float), "category": [f"c{n}" for n in range(count)]}
    )
    spec = spec_of(timeline_chart({"events": events}))
    domain = next(one["domain"] for one in every(spec, "scale") if one and one.get("type") == "band")
    assert len(domain) == 14
    assert domain[-1] == "others"


@pytest.mark.parametrize("people", [1, 2, 4, 24])
def test_pictures_and_files(people, tmp_path):
    chart = timeline_chart(room_tables(people), title="room", width=420)
    chart.save(tmp_path / "room.png")
    chart.save(tmp_path / "room.svg")
    assert (tmp_path / "room.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "room.png").stat().st_size > 20_000
    drawn = (tmp_path / "room.svg").read_text(encoding="utf-8")
    assert drawn.count("mark-line") >= 4
    assert "10:00" in drawn
