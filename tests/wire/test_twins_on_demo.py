"""The Python twins over real HTTP against the demo study: every data type, every scope, every verb."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import requests

import hs_jupyter as hs
from hs_jupyter.api.connection import Session
from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.demo_study import keys, truths
from hs_jupyter.errors import AuthenticationError, ForbiddenError, InputError, NotFoundError
from hs_jupyter.functions import session

if TYPE_CHECKING:
    from hs_jupyter.demo_study import DemoStudy

OLD, NEW = "room_pair_02", "room_pair_07"
SCOPES: dict[str, dict[str, str]] = {
    "experiment": {"experiment": truths.PAIRS},
    "room": {"room": NEW},
    "participant": {"participant": "p_pair_07_viewer", "room": NEW},
}
EVERY = [(kind.name, scope) for kind in DATA_TYPES.values() for scope in kind.scopes]


@pytest.fixture(autouse=True)
def connected(demo: DemoStudy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "_SESSION", Session({}))
    hs.connect(base_url=demo.base_url, api_key=demo.api_key)


def raw(demo: DemoStudy, path: str, **params: Any) -> list[dict[str, Any]]:
    """Read records as plainly as can be."""
    records: list[dict[str, Any]] = []
    while True:
        asked = {"limit": 1000, "offset": len(records), **params}
        answer = requests.get(
            f"{demo.base_url}/{path}", asked, headers={"X-API-Key": demo.api_key}, timeout=60
        )
        body = answer.json()
        records += body["data"]
        if not body["metadata"].get("pagination", {}).get("hasMore"):
            return records


def raw_rows(demo: DemoStudy, name: str, scope: dict[str, str]) -> list[dict[str, Any]]:
    kind = next(one for one in ("participant", "room", "experiment") if one in scope)
    path = DATA_TYPES[name].path.format(scope=kind, id=scope[kind])
    return raw(demo, path, **({"roomId": scope["room"]} if kind == "participant" else {}))


@pytest.mark.parametrize(("name", "scope"), EVERY)
def test_every_type_at_every_scope_is_whole(name: str, scope: str, demo: DemoStudy) -> None:
    kind = DATA_TYPES[name]
    frame = hs.table(name, **SCOPES[scope], progress=False)
    facts = frame.attrs["hs"]
    assert facts["complete"]
    assert facts["duplicates_dropped"] == 0
    assert not [one for one in facts["warnings"] if "could not be read" in one]
    assert {column.name for column in kind.columns} - set(frame.columns) <= {"email"}
    if kind.view is not None:
        whole = hs.table("events", **SCOPES[scope], progress=False)
        assert 0 < len(frame) < len(whole)
        assert set(frame["id"]) < set(whole["id"])
    elif name not in {"counts", "check-access"}:  # one object, made into rows here
        records = raw_rows(demo, name, SCOPES[scope])
        assert len(frame) == len(records)
        assert facts["rows_expected"] in {len(records), None}
        if kind.key:
            spelled = (kind.key[0], *kind.column[kind.key[0]].fallback)
            ids = {next(record[one] for one in spelled if record.get(one) is not None) for record in records}
            assert set(frame[kind.key[0]]) == ids


@pytest.mark.parametrize(
    "name", ["events", "chat", "ratings/continuous", "ratings/sparse", "sync", "recordings", "components"]
)
def test_onsets_are_the_records_own_and_rows_come_by_time(name: str, demo: DemoStudy) -> None:
    source = "videoOffset" if name == "recordings" else "onset"
    for room in (OLD, NEW):
        frame = hs.table(name, room=room, progress=False)
        expected = sorted(record[source] / 1000 for record in raw_rows(demo, name, {"room": room}))
        np.testing.assert_allclose(np.sort(frame["onset_sec"]), expected, atol=1e-9)
        assert frame[DATA_TYPES[name].time].is_monotonic_increasing
        assert set(frame["roomId"]) == {room}


@pytest.mark.parametrize("kind", ["continuous", "sparse"])
def test_value_norm_on_old_and_new_shapes(kind: str, demo: DemoStudy) -> None:
    for room, old in ((OLD, True), (NEW, False)):
        records = {one["ratingId"]: one for one in raw_rows(demo, f"ratings/{kind}", {"room": room})}
        assert ("scaleMin" in next(iter(records.values()))) == old
        frame = hs.ratings(room=room, kind=kind, progress=False)
        for row in frame.itertuples():
            record = records[row.ratingId]
            low, high = (record["scaleMin"], record["scaleMax"]) if old else record["scale"].values()
            given = record.get("rawValue", record.get("value"))
            if given is None:
                assert np.isnan(row.value_norm)
            else:
                assert row.value_norm == pytest.approx((given - low) / (high - low), abs=1e-9)
                assert 0 <= row.value_norm <= 1


def test_a_room_s_start_is_where_its_onsets_begin() -> None:
    events = hs.events(room=NEW, category="media", progress=False)
    start = (events["timestamp"] - pd.to_timedelta(events["onset_sec"], unit="s")).median()
    rooms = hs.rooms(experiment=truths.PAIRS, progress=False).set_index("roomId")
    assert abs((rooms.loc[NEW, "startedAt"] - start).total_seconds()) < 0.2


def test_agents_decisions_get_their_onset_from_the_room() -> None:
    made = hs.agent_decisions(room=truths.AGENT_ROOM, progress=False)
    decided = made[made["_type"] == "decision"]
    start = (
        hs.rooms(experiment=truths.PAIRS, progress=False)
        .set_index("roomId")
        .loc[truths.AGENT_ROOM, "startedAt"]
    )
    expected = (decided["timestamp"] - start).dt.total_seconds()
    np.testing.assert_allclose(decided["onset_sec"], expected, atol=1e-6)


def test_windows_by_onset_and_by_instant_agree() -> None:
    whole = hs.sync(room=NEW, progress=False)
    part = hs.sync(room=NEW, from_="2:00", to="180s", progress=False)
    assert part["metricId"].tolist() == whole[whole["onset_sec"].between(120, 180)]["metricId"].tolist()
    first, last = part["timestamp"].iloc[[0, -1]]
    again = hs.sync(room=NEW, from_=first, to=last.isoformat(), progress=False)
    pd.testing.assert_frame_equal(again, part)


@pytest.mark.parametrize(
    "options",
    [
        {"limit": 7}, {"limit": 5, "offset": 3}, {"limit": 4, "order": "desc"}, {"limit": 2, "sort": "participantId"},
        {"limit": 6, "sort": "onset", "order": "desc"}, {"limit": 3, "category": "media"}, {"limit": 4, "from_": 60},
    ],
)  # fmt: skip
def test_a_limit_is_the_head_of_the_whole(options: dict[str, Any]) -> None:
    limit, offset = options["limit"], options.get("offset", 0)
    rest = {name: value for name, value in options.items() if name not in {"limit", "offset"}}
    whole = hs.events(room=NEW, progress=False, **rest)
    part = hs.events(room=NEW, progress=False, **options)
    assert part["id"].tolist() == whole["id"].tolist()[offset : offset + limit]


def test_filters_views_and_columns() -> None:
    media = hs.events(room=OLD, category="media", columns="onset_sec,category", progress=False)
    assert list(media.columns) == ["onset_sec", "category"]
    assert set(media["category"]) == {"media"}
    assert hs.consent(room=NEW, progress=False)["eventType"].str.startswith("consent.").all()
    assert len(hs.components(room=NEW, component_type="SHOW VIDEO", progress=False)) > 0
    codes = hs.participants(experiment=truths.PAIRS, completion_code="success", progress=False)[
        "completionCode"
    ]
    assert set(codes) == {"SUCCESS"}


def test_an_experiment_by_name_and_what_it_is() -> None:
    listed = hs.experiments(progress=False).set_index("experimentId")
    name = listed.loc[truths.PAIRS, "name"]
    assert len(hs.rooms(experiment=name, progress=False)) == listed.loc[truths.PAIRS, "roomCount"]
    assert truths.PAIRS in set(hs.experiments(search="pairs", progress=False)["experimentId"])
    design = hs.experiment(name)
    assert design.experiment["experimentId"].tolist() == [truths.PAIRS]
    assert design.states["order"].is_monotonic_increasing
    assert len(design.roles) == 2
    assert set(hs.deployments(truths.PAIRS, progress=False)["experimentId"]) == {truths.PAIRS}
    assert len(hs.deployments(progress=False)) > len(hs.deployments(truths.PAIRS, progress=False))


def test_ids_with_any_character() -> None:
    room, participant = truths.TRICKY
    frame = hs.events(participant=participant, room=room, progress=False)
    assert len(frame) > 0
    assert set(frame["participantId"]) == {participant}


def test_what_is_not_there_says_the_nearest() -> None:
    with pytest.raises(NotFoundError, match="room 'room_pair_77' not found; did you mean 'room_pair_"):
        hs.events(room="room_pair_77", progress=False)
    with pytest.raises(NotFoundError, match="did you mean 'exp_film_pairs'"):
        hs.rooms(experiment="exp_film_pair", progress=False)


def test_a_key_without_the_scope(demo: DemoStudy) -> None:
    hs.connect(base_url=demo.base_url, api_key=keys.NO_RATINGS.text)
    with pytest.raises(ForbiddenError, match="read:ratings") as refused:
        hs.ratings(room=NEW, progress=False)
    assert keys.NO_RATINGS.text not in str(refused.value)
    bundle = hs.bundle(room=NEW, progress=False)
    assert set(bundle.failed) == {"ratings", "ratings_sparse"}
    assert "read:ratings" in bundle.failed["ratings"]
    assert len(bundle.events) > 0
    with pytest.raises(InputError, match="read:ratings"):
        hs.sql("SELECT count(*) FROM ratings r, events e", room=NEW, progress=False)


@pytest.mark.parametrize("key", [keys.EXPIRED.text, "hst_test_nobody0knows0me"])
def test_a_key_that_is_refused(key: str, demo: DemoStudy) -> None:
    hs.connect(base_url=demo.base_url, api_key=key)
    for ask in (lambda: hs.events(room=NEW), lambda: hs.bundle(room=NEW), hs.experiments):
        with pytest.raises(AuthenticationError) as refused:
            ask()
        assert key not in str(refused.value)


def test_a_bundle_of_a_room_and_sql_over_it() -> None:
    bundle = hs.bundle(room=NEW, progress=False)
    assert bundle.failed == {}
    assert {kind.table for kind in DATA_TYPES.values() if "room" in kind.scopes} == set(bundle)
    found = bundle.sql("SELECT participantId, count(*) AS n FROM ratings GROUP BY 1 ORDER BY 1")
    assert found["n"].sum() == len(bundle.ratings)
    asked = hs.sql(
        "SELECT avg(abs(timeDrift)) AS drift FROM sync WHERE onset_sec > $after",
        room=NEW,
        params={"after": 60},
    )
    sync = bundle.sync
    assert asked["drift"][0] == pytest.approx(sync[sync["onset_sec"] > 60]["timeDrift"].abs().mean())


def test_files_of_a_room(tmp_path: Any) -> None:
    written = hs.download(room=NEW, to=tmp_path, progress=False)
    manifest = json.loads((tmp_path / "manifest.json").read_bytes())
    assert manifest["failed"] == {}
    assert len(written) == len(manifest["files"]) == len([one for one in EVERY if one[1] == "room"])
    events = pd.read_csv(tmp_path / "events.csv", encoding="utf-8-sig")
    assert len(events) == written.set_index("file").loc["events.csv", "rows"]
    everything = "".join(path.read_text(encoding="utf-8-sig") for path in tmp_path.iterdir())
    assert "hst_test" not in everything
    assert "@example" not in everything
    assert "signature" not in everything.lower()


def test_variables_counts_and_access() -> None:
    variables = hs.variables(room=NEW, progress=False)
    assert variables.attrs["hs"]["beside"]["variableNames"]
    counts = hs.counts(**SCOPES["participant"], progress=False).set_index("kind")["count"]
    assert counts["sync"] == len(hs.sync(**SCOPES["participant"], progress=False))
    assert hs.check_access(experiment=truths.PAIRS, progress=False)["canView"].tolist() == [True]


def test_forms_hold_the_same_rows() -> None:
    forms = {
        as_: hs.sync(room=NEW, as_=as_, progress=False) for as_ in ("pandas", "polars", "arrow", "records")
    }
    drifts = [one["timeDrift"] for one in forms.pop("records")]
    assert all(list(map(float, one["timeDrift"].to_numpy())) == drifts for one in forms.values())
