"""The official SDK, unchanged, against the demo study: every read method, every scope."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import hyperstudy
import pandas as pd
import pytest
from hyperstudy.exceptions import (
    AuthenticationError,
    ForbiddenError,
    HyperStudyError,
    NotFoundError,
    ValidationError,
)

from hs_jupyter.demo_study import keys, truths

if TYPE_CHECKING:
    from pathlib import Path

    from hs_jupyter.demo_study import DemoStudy

PAIRS, ROOM, VIEWER = truths.PAIRS, "room_pair_07", "p_pair_07_viewer"
SCOPES: dict[str, dict[str, Any]] = {
    "experiment": {"scope_id": PAIRS},
    "room": {"scope_id": ROOM, "scope": "room"},
    "participant": {"scope_id": VIEWER, "scope": "participant", "room_id": ROOM},
}


@pytest.fixture(scope="module")
def sdk(demo: DemoStudy) -> hyperstudy.HyperStudy:
    return hyperstudy.HyperStudy(api_key=demo.api_key, base_url=demo.base_url)


@pytest.fixture(autouse=True)
def _no_warnings() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # the SDK hands on the server's doubts
        yield


def read(sdk: hyperstudy.HyperStudy, method: str, scope: str, **more: Any) -> pd.DataFrame:
    frame = getattr(sdk, method)(**SCOPES[scope], progress=False, **more)
    assert isinstance(frame, pd.DataFrame)
    return frame


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize(
    ("method", "record_id"),
    [
        ("get_events", "id"),
        ("get_recordings", "recordingId"),
        ("get_chat", "messageId"),
        ("get_videochat", "id"),
        ("get_sync", "metricId"),
        ("get_ratings", "ratingId"),
        ("get_questionnaire", "id"),
        ("get_consent", "id"),
        ("get_instructions", "id"),
    ],
)
def test_every_type_at_every_scope(
    sdk: hyperstudy.HyperStudy, method: str, record_id: str, scope: str
) -> None:
    frame = read(sdk, method, scope)
    assert len(frame) > 0
    assert frame[record_id].is_unique
    if "onset" in frame:
        assert frame["onset_sec"].notna().all()
    if "timestamp" in frame:
        assert frame["timestamp"].notna().all(), "the SDK loses times that are spelled in two ways"


def test_scopes_nest(sdk: hyperstudy.HyperStudy) -> None:
    """A room is the experiment's rows of that room, a participant the room's rows of that person."""
    for kind in ("continuous", "sparse"):
        whole, room, person = (read(sdk, "get_ratings", scope, kind=kind) for scope in SCOPES)
        pd.testing.assert_series_equal(
            whole.loc[whole.roomId == ROOM, "ratingId"].reset_index(drop=True), room.ratingId
        )
        pd.testing.assert_series_equal(
            room.loc[room.participantId == VIEWER, "ratingId"].reset_index(drop=True), person.ratingId
        )


def test_ratings_of_both_ages(sdk: hyperstudy.HyperStudy) -> None:
    old = sdk.get_ratings("room_pair_01", scope="room", progress=False)
    new = sdk.get_ratings(ROOM, scope="room", progress=False)
    assert {"scaleMin", "scaleMax", "normalizedValue"} <= set(old)
    assert old.value.between(0, 1).all()
    assert "scale" in new
    assert "scaleMin" not in new
    assert new.value.between(0, 100).all()
    assert new.value.max() > 1


def test_sparse_ratings_are_flattened(sdk: hyperstudy.HyperStudy) -> None:
    frame = read(sdk, "get_ratings", "room", kind="sparse")
    assert len(frame) == 10
    assert set(frame.metadata_sampleIndex) == set(range(5))
    paused, shown, answered, resumed = (
        frame[name]
        for name in (
            "sparseRatingData_mediaPauseOnset",
            "onset",
            "ratingEndOnset",
            "sparseRatingData_mediaResumeOnset",
        )
    )
    assert ((paused < shown) & (shown < answered) & (answered <= resumed)).all()
    assert (frame.rawOnset - frame.clockOffsetApplied == frame.onset).all()


def test_components_participants_rooms_eyetracking(sdk: hyperstudy.HyperStudy) -> None:
    for scope in SCOPES:
        shown = read(sdk, "get_components", scope)
        assert {"ShowVideo", "ContinuousRating"} <= set(shown.componentType)
    assert len(read(sdk, "get_participants", "experiment")) == 28
    assert len(read(sdk, "get_participants", "room")) == 2
    assert len(sdk.get_rooms(PAIRS, progress=False)) == 13
    assert len(sdk.get_rooms(truths.SOLO, progress=False)) == 24
    assert len(sdk.get_eyetracking(truths.SOLO, progress=False)) == 1200
    gaze = sdk.get_eyetracking("p_solo_01", scope="participant", room_id="room_solo_01", progress=False)
    assert len(gaze) == 600
    assert sdk.get_eyetracking(ROOM, scope="room", progress=False).empty


def test_pages_add_up(sdk: hyperstudy.HyperStudy) -> None:
    whole = read(sdk, "get_ratings", "room")
    assert len(whole) > 8000
    pages = [
        read(sdk, "get_ratings", "room", limit=1000, offset=1000 * k) for k in range(len(whole) // 1000 + 1)
    ]
    assert pd.concat(pages).ratingId.tolist() == whole.ratingId.tolist()


def test_filters_and_order(sdk: hyperstudy.HyperStudy) -> None:
    media = read(sdk, "get_events", "room", category="media")
    assert set(media.category) == {"media"}
    backwards = read(sdk, "get_events", "room", sort="onset", order="desc")
    assert backwards.onset.is_monotonic_decreasing
    every = read(sdk, "get_sync", "room")
    start, end = every.timestamp.iloc[10], every.timestamp.iloc[20]
    some = read(sdk, "get_sync", "room", start_time=start.isoformat(), end_time=end.isoformat())
    assert some.metricId.tolist() == every.metricId.iloc[10:21].tolist(), "both bounds are inclusive"
    means = read(sdk, "get_sync", "room", aggregation_window=60_000)
    assert means.sampleCount.sum() == len(every)
    summer = read(sdk, "get_events", "experiment", deployment_id="dep_film_pairs_summer")
    assert set(summer.deploymentId) == {"dep_film_pairs_summer"}


def test_variables_and_counts(sdk: hyperstudy.HyperStudy) -> None:
    found = sdk.get_variables(ROOM)
    assert found["mode"] == "replay"
    assert found["matrix_columns"][0] == "stateId"
    assert list(found["timeline"].columns)[:1] == ["stateId"]
    assert set(found["writes"].source) == {"seed", "human"}
    counts = sdk.get_counts(VIEWER, ROOM)
    assert counts["counts"]["sync"] == len(read(sdk, "get_sync", "participant"))
    assert counts["hasData"]["eyetracking"] is False


def test_agents(sdk: hyperstudy.HyperStudy) -> None:
    decisions = sdk.get_agent_decisions(truths.AGENT_ROOM, scope="room", detail=True)
    assert set(decisions["_type"]) == {"decision", "run"}
    assert decisions.prompt.notna().any()
    assert "prompt" not in sdk.get_agent_decisions(PAIRS)
    one = sdk.get_agent_decision(truths.AGENT_ROOM, f"{truths.AGENT}_1")
    assert one["reasoning"]
    runs = sdk.get_agent_runs(PAIRS).set_index("id")
    assert runs.loc[truths.ORPHAN_AGENT[1], "orphaned"]
    assert not runs.loc[truths.AGENT, "orphaned"]
    mine = sdk.get_agent_decisions(truths.AGENT_ROOM, scope="room", participant_id=truths.AGENT)
    assert len(mine) == len(decisions)
    with pytest.warns(UserWarning, match="truncated"):
        assert len(sdk.get_agent_decisions(truths.AGENT_ROOM, scope="room", limit=1)) == 2


def test_all_data(sdk: hyperstudy.HyperStudy) -> None:
    found = sdk.get_all_data(VIEWER, room_id=ROOM)
    assert set(found) == {
        "events", "recordings", "chat", "videochat", "sync", "ratings_continuous", "ratings_sparse", "components",
        "eyetracking", "questionnaire", "instructions", "consent", "agent_decisions",
    }  # fmt: skip
    assert {name for name, frame in found.items() if frame.empty} == {"eyetracking", "agent_decisions"}
    assert not sdk.get_all_data(truths.AGENT, room_id=truths.AGENT_ROOM)["agent_decisions"].empty


def test_experiments(sdk: hyperstudy.HyperStudy) -> None:
    listed = sdk.list_experiments(progress=False)
    assert {truths.PAIRS, truths.SOLO, truths.SEED, truths.LIVE} == set(listed.id)
    assert sdk.list_experiments(search="PAIRS", progress=False).id.tolist() == [truths.PAIRS]
    assert len(sdk.list_experiments(limit=1, offset=1)) == 1
    one = sdk.get_experiment(PAIRS)
    assert one["name"] == "Film in pairs"
    assert [state["id"] for state in one["states"]][:2] == ["st_welcome", "st_film"]
    assert set(sdk.get_experiment_config(PAIRS)["roles"]) == {"host", "viewer"}
    assert sdk.export_experiment(PAIRS)["mediaAssets"]


def test_deployments(sdk: hyperstudy.HyperStudy) -> None:
    every = sdk.list_deployments()
    ours = sdk.list_deployments(experiment_id=PAIRS, status="active")
    assert set(ours.id) < set(every.id)
    one = sdk.get_deployment(ours.id.iloc[0])
    sessions = sdk.get_deployment_sessions(one["id"])
    assert one["participantCount"] == sessions.participantCount.sum()
    spent = [sdk.get_agent_spend(name) for name in every.id]
    assert sum(one["total"] > 0 for one in spent) >= 1
    assert sdk.health()["status"] == "healthy"


def test_personas(sdk: hyperstudy.HyperStudy) -> None:
    listed = sdk.list_personas()
    assert sdk.get_persona(listed.id.iloc[0])["name"].startswith("Robin")
    assert set(sdk.get_cognition_catalog()) == {"abilities", "recipes", "offlineRecipes"}


@pytest.mark.parametrize("room", ["room_pair_01", "room_pair_04"], ids=["link in the list", "mint"])
def test_download_recordings(sdk: hyperstudy.HyperStudy, tmp_path: Path, room: str) -> None:
    frame = sdk.download_recordings(room, scope="room", output_dir=str(tmp_path), progress=False)
    assert set(frame.download_status) == {"downloaded"}
    sizes = [pd.io.common.os.stat(path).st_size for path in frame.local_path]
    assert sizes == frame.fileSize.tolist()
    again = sdk.download_recordings(room, scope="room", output_dir=str(tmp_path), progress=False)
    assert set(again.download_status) == {"skipped"}


def test_download_audio(sdk: hyperstudy.HyperStudy, tmp_path: Path) -> None:
    listed = sdk.get_recordings("room_group_01", scope="room", output="dict", progress=False)
    voices = [one for one in listed if one["metadata"]["type"] == "audio"]
    assert len(voices) == 4
    path = sdk.download_recording(voices[0], output_dir=str(tmp_path))
    assert path.suffix == ".webm"
    assert path.stat().st_size == voices[0]["fileSize"]


def test_errors_are_typed(sdk: hyperstudy.HyperStudy, demo: DemoStudy) -> None:
    with pytest.raises(NotFoundError, match="room_nowhere"):
        sdk.get_events("room_nowhere", scope="room", progress=False)
    with pytest.raises(ValidationError) as wrong:
        sdk.get_events(ROOM, scope="room", sort="colour", progress=False)
    assert wrong.value.details["parameter"] == "sort"
    with pytest.raises(ValidationError):
        sdk.get_events(VIEWER, scope="participant", progress=False)
    no_ratings = hyperstudy.HyperStudy(api_key=keys.NO_RATINGS.text, base_url=demo.base_url)
    with pytest.raises(ForbiddenError) as refused:
        no_ratings.get_ratings(ROOM, scope="room", progress=False)
    assert refused.value.details["required"] == ["read:ratings"]
    assert "read:events" in refused.value.details["provided"]
    for text in (keys.EXPIRED.text, "hst_live_your_key_here"):
        with pytest.raises(AuthenticationError):
            hyperstudy.HyperStudy(api_key=text, base_url=demo.base_url).list_experiments(progress=False)
    with pytest.raises(HyperStudyError):
        sdk.delete_experiment(PAIRS)


def test_live_room(sdk: hyperstudy.HyperStudy) -> None:
    frame = sdk.get_ratings(truths.LIVE_ROOM, scope="room", progress=False)
    age = pd.Timestamp.now("UTC") - frame.timestamp.max()
    assert pd.Timedelta(0) <= age < pd.Timedelta("5min"), (
        "the newest sample is from just now, or before a pause"
    )
    assert sdk.get_rooms(truths.LIVE, progress=False).status.tolist() == ["active"]
