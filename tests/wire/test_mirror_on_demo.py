"""A mirrored study answers every question as the service does, read-only, and is brought up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import hs_jupyter as hs
from hs_jupyter.api.transport import Transport
from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.errors import ApiError, InputError, NotStoredError, StoreError
from hs_jupyter.functions import session

if TYPE_CHECKING:
    from pathlib import Path

    from hs_jupyter.demo_study import DemoStudy

EXPERIMENT = "exp_film_pairs"
ROOM = "room_pair_05"
PERSON = {"participant": "p_pair_05_viewer", "room": ROOM}


def use(study: DemoStudy) -> None:
    session._SESSION.use_demo(study.base_url, study.api_key, study_key=study.parameters.study_key)


pytestmark = pytest.mark.usefixtures("on_demo")


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Paths asked of the service."""
    asked: list[str] = []
    send = Transport.get

    def get(self: Transport, path: str, *rest: Any, **options: Any) -> Any:
        asked.append(path)
        return send(self, path, *rest, **options)

    monkeypatch.setattr(Transport, "get", get)
    return asked


def everything(**scope: str) -> dict[str, Any]:
    """Ask for every type at a scope; the rows, or why there are none."""
    kind_of_scope = "participant" if "participant" in scope else next(iter(scope))
    answers: dict[str, Any] = {}
    for kind in DATA_TYPES.values():
        if kind_of_scope not in kind.scopes or kind.name in {"check-access", "counts"}:
            continue
        try:
            answers[kind.name] = hs.table(kind.name, **scope, as_="records", progress=False)
        except (ApiError, NotStoredError) as problem:
            answers[kind.name] = type(problem)
    return answers


@pytest.mark.parametrize(
    "scope", [{"experiment": EXPERIMENT}, {"room": ROOM}, PERSON], ids=["exp", "room", "one"]
)
def test_every_question_has_the_same_answer(scope, tmp_path, requests):
    live = everything(**scope)
    hs.mirror("Film in pairs", to=tmp_path / "m", progress=False)
    hs.connect(folder=tmp_path / "m")
    requests.clear()
    held = everything(**scope)
    assert requests == []
    assert held.keys() == live.keys()
    for name, rows in live.items():
        # an experiment's answer says whose it is where a room's records do not
        known = {"experimentId"} if rows and "experimentId" not in rows[0] else set()
        assert [{k: v for k, v in row.items() if k not in known} for row in held[name]] == rows, name
    assert hs.rooms(experiment="Film in pairs")["roomId"].tolist() == [
        row["roomId"] for row in hs.table("rooms", experiment=EXPERIMENT, as_="records")
    ]


def test_design_plot_sql_and_quality_work_without_network(tmp_path, demo, requests):
    states = hs.experiment(EXPERIMENT).states
    scored = hs.quality(room=ROOM)
    hs.mirror(EXPERIMENT, to=tmp_path / "m", progress=False)
    hs.connect(folder=tmp_path / "m")
    requests.clear()
    assert hs.experiment("Film in pairs").states.equals(states)
    assert hs.quality(room=ROOM).equals(scored)
    assert type(hs.plot(room=ROOM)).__name__ == "VConcatChart"
    assert hs.sql("SELECT count(*) AS n FROM sync", room=ROOM)["n"][0] > 100
    assert hs.experiments()["experimentId"].tolist() == [EXPERIMENT]
    assert requests == []
    assert hs.connection().demo
    assert "mirrored in" in str(hs.connection())


def test_run_again_only_what_is_new_is_asked_for(tmp_path, requests):
    hs.mirror(EXPERIMENT, to=tmp_path / "m", progress=False)
    first = len(requests)
    parts = {path: path.stat().st_mtime_ns for path in (tmp_path / "m").rglob("*.parquet")}
    requests.clear()
    hs.mirror(EXPERIMENT, to=tmp_path / "m", progress=False)
    assert len(requests) < first
    ratings = {path: at for path, at in parts.items() if "ratings" in path.parts}
    assert ratings
    assert {path: path.stat().st_mtime_ns for path in ratings} == ratings


def test_several_experiments_share_a_folder(tmp_path, demo):
    hs.mirror(EXPERIMENT, to=tmp_path / "m", progress=False)
    hs.mirror("exp_film_solo", to=tmp_path / "m", progress=False)
    hs.connect(folder=tmp_path / "m")
    assert set(hs.experiments()["experimentId"]) == {EXPERIMENT, "exp_film_solo"}
    assert len(hs.rooms(experiment="exp_film_solo")) == 24
    assert len(hs.events(room=ROOM)) > 0
    deployments = hs.deployments()["experimentId"]
    assert set(deployments) <= {EXPERIMENT, "exp_film_solo"}


def test_no_address_no_link_and_no_key_is_in_the_folder(tmp_path, demo):
    hs.mirror(EXPERIMENT, to=tmp_path / "m", progress=False)
    hs.connect(folder=tmp_path / "m")
    assert "email" not in hs.participants(experiment=EXPERIMENT, pii=True)
    for path in (one for one in (tmp_path / "m").rglob("*") if one.is_file()):
        content = path.read_bytes()
        assert demo.api_key.encode() not in content
        assert b"@example" not in content
    use(demo)
    hs.mirror(EXPERIMENT, to=tmp_path / "m", pii=True, progress=False)
    hs.connect(folder=tmp_path / "m")
    assert hs.participants(experiment=EXPERIMENT, pii=True)["email"].notna().any()
    assert "email" not in hs.participants(experiment=EXPERIMENT)


def test_a_mirror_is_read_only_and_says_what_it_lacks(tmp_path):
    hs.mirror(EXPERIMENT, to=tmp_path / "m", progress=False)
    hs.connect(folder=tmp_path / "m")
    with pytest.raises(StoreError):
        hs.store(clear=True, yes=True)
    with pytest.raises(NotStoredError, match="not in this mirrored study"):
        hs.ratings(room="room_solo_01", progress=False)
    assert len(hs.ratings(room=ROOM, refresh=True, progress=False)) > 0  # there is nothing to refresh from


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work")
    with pytest.raises(InputError):
        hs.mirror(EXPERIMENT, to=tmp_path / "thesis", progress=False)
    with pytest.raises(InputError):
        hs.connect(folder=tmp_path / "thesis")
    with pytest.raises(InputError):
        hs.connect(folder=tmp_path / "nowhere")
    assert [path.name for path in (tmp_path / "thesis").iterdir()] == ["chapter.txt"]
    assert hs.connection().base_url


def test_the_store_lists_and_forgets(tmp_path, requests):
    hs.events(room=ROOM, progress=False)
    hs.ratings(experiment=EXPERIMENT, progress=False)
    kept = hs.store()
    assert {("events", f"room {ROOM}"), ("ratings", f"experiment {EXPERIMENT}")} <= set(
        zip(kept["type"], kept["scope"], strict=True)
    )
    with pytest.raises(InputError, match="add --yes"):
        hs.store(clear=True)
    cleared = hs.store(clear=True, participant="p_pair_05_viewer")
    assert f"room {ROOM}" in set(cleared["scope"])
    with pytest.raises(NotStoredError):
        hs.events(room=ROOM, offline=True, progress=False)
    hs.store(clear=True, yes=True)
    assert len(hs.store()) == 0
    requests.clear()
    assert len(hs.ratings(room=ROOM, progress=False)) > 0
    assert requests


def test_offline_and_refresh_in_a_line(tmp_path, requests):
    first = hs.chat(room="room_pair_01", progress=False)
    requests.clear()
    assert hs.chat(room="room_pair_01", offline=True, progress=False).equals(first)
    assert requests == []
    assert hs.chat(room="room_pair_01", refresh=True, progress=False).equals(first)
    assert "data/chat/room/room_pair_01" in requests
    with pytest.raises(InputError, match="give one of them"):
        hs.chat(room="room_pair_01", refresh=True, offline=True)


def recordings_in(folder: Path) -> dict[str, int]:
    """Files that play, with the time they were written."""
    files = (folder / "recordings" / "experiment=exp_research_001" / "recordings").iterdir()
    return {path.name: path.stat().st_mtime_ns for path in files if path.suffix in {".mp4", ".webm"}}


def test_recordings_come_along_and_are_fetched_once(tmp_path):
    hs.mirror("exp_research_001", to=tmp_path / "m", recordings=True, progress=False)
    first = recordings_in(tmp_path / "m")
    hs.mirror("exp_research_001", to=tmp_path / "m", recordings=True, progress=False)
    assert recordings_in(tmp_path / "m") == first
    hs.connect(folder=tmp_path / "m")
    assert len(first) == len(hs.recordings(experiment="exp_research_001", progress=False)) > 0
