"""``hs.download`` with recordings and pseudonyms, on the demo study over HTTP."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow.parquet as pq
import pytest

import hs_jupyter as hs
from hs_jupyter.demo_study import start, truths
from hs_jupyter.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from hs_jupyter.demo_study import DemoStudy

GROUP = "room_group_01"


@pytest.fixture(autouse=True)
def connected(on_demo: DemoStudy) -> None:
    """Every test talks to the demo study."""


def csv(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, encoding="utf-8-sig")


def texts(folder: Path) -> dict[str, str]:
    """Read every file that is text, and the names of all."""
    found = {str(path.relative_to(folder)): "" for path in folder.rglob("*") if path.is_file()}
    for name in found:
        if name.endswith((".csv", ".json")):
            found[name] = (folder / name).read_text("utf-8-sig")
    return found


def test_recordings_play_and_their_table_names_them(tmp_path: Path) -> None:
    import av

    written = hs.download(room=GROUP, to=tmp_path, types="chat", recordings=True, progress=False)
    table = csv(tmp_path / "recordings.csv")
    assert table["missing_because"].isna().all()
    assert sorted(table["metadata.type"].unique()) == ["audio", "video"]
    for row in table.to_dict("records"):
        path = tmp_path / row["file"]
        assert path.name.startswith(f"{row['participantId']}_{row['metadata.type']}_{row['recordingId']}.")
        assert path.stat().st_size == row["fileSize"]
        with av.open(str(path)) as container:
            assert container.streams.best(row["metadata.type"]).type == row["metadata.type"]
            assert next(container.decode(**{row["metadata.type"]: 0})) is not None
            assert container.duration / 1e6 == pytest.approx(row["duration"] / 1000, abs=1.0)
    files = written[written["type"] == "recording"]
    assert sorted(files["file"]) == sorted(table["file"])
    assert files["rows"].isna().all()
    for row in files.to_dict("records"):
        content = (tmp_path / row["file"]).read_bytes()
        assert (row["bytes"], row["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    everything = json.dumps(texts(tmp_path))
    assert "signature" not in everything.lower()
    assert "hst_test" not in everything


def test_a_second_download_writes_no_recording_again(tmp_path: Path) -> None:
    hs.download(room="room_pair_01", to=tmp_path, types="recordings", recordings=True, progress=False)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "recordings").glob("*.mp4")}
    again = hs.download(room="room_pair_01", to=tmp_path, types="recordings", recordings=True, progress=False)
    assert before
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "recordings").glob("*.mp4")} == before
    assert len(again) == 1 + len(before)


def test_recordings_whose_size_nobody_announces_come_too(tmp_path: Path) -> None:
    hs.download(room=truths.LIVE_ROOM, to=tmp_path, types="recordings", recordings=True, progress=False)
    table = csv(tmp_path / "recordings.csv")
    assert table["fileSize"].isna().all()
    assert [(tmp_path / name).stat().st_size > 0 for name in table["file"]] == [True] * len(table)


def test_an_experiment_by_its_name(tmp_path: Path) -> None:
    written = hs.download(
        experiment="Documentation example", to=tmp_path, types="chat", recordings=True, progress=False
    )
    assert (written["type"] == "recording").sum() == len(csv(tmp_path / "recordings.csv")) > 0


def test_from_a_mirrored_study_without_service_under_pseudonyms(tmp_path: Path) -> None:
    hs.mirror(truths.SEED, to=tmp_path / "mirror", recordings=True, progress=False)
    hs.connect(folder=tmp_path / "mirror")
    hs.download(
        room=truths.SEED_ROOM,
        to=tmp_path / "s",
        types="chat",
        recordings=True,
        pseudonyms=True,
        progress=False,
    )
    table = csv(tmp_path / "s" / "recordings.csv")
    assert table["missing_because"].isna().all()
    original = [path.read_bytes() for path in (tmp_path / "mirror").rglob("*.mp4")]
    for name in table["file"]:
        assert (tmp_path / "s" / name).read_bytes() in original
    damaged = next((tmp_path / "mirror").rglob("*.mp4"))
    damaged.write_bytes(b"x" * damaged.stat().st_size)
    hs.download(room=truths.SEED_ROOM, to=tmp_path / "t", types="chat", recordings=True, progress=False)
    told = csv(tmp_path / "t" / "recordings.csv")["missing_because"].dropna().tolist()
    assert told == ["its file in the mirrored study is damaged"]


def test_offline_tables_come_and_recordings_are_named(tmp_path: Path) -> None:
    options = {"room": "room_pair_01", "to": tmp_path, "types": "recordings", "progress": False}
    hs.recordings(room="room_pair_01", progress=False)
    hs.download(**options, recordings=True, offline=True)
    assert csv(tmp_path / "recordings.csv")["missing_because"].str.contains("--offline never asks it").all()


def test_links_that_never_work_are_named_and_tables_come(demo_folder: Path, tmp_path: Path) -> None:
    with start(rooms=2, hz=1, minutes=1, link_seconds=0) as study:
        hs.connect(base_url=study.base_url, api_key=study.api_key)
        written = hs.download(room=GROUP, to=tmp_path, types="chat", recordings=True, progress=False)
    assert written["file"].tolist() == ["chat.csv", "recordings.csv"]
    reasons = csv(tmp_path / "recordings.csv")["missing_because"]
    assert reasons.str.contains(r"refused the link \(403\), though it was new", regex=True).all()


def people(experiment: str) -> tuple[set[str], set[str]]:
    table = hs.participants(experiment=experiment, progress=False)
    return set(table["participantId"]), {
        one for one in table["name"].dropna() if sum(map(str.isalpha, one)) > 1
    }


@pytest.mark.parametrize("format_", ["csv", "json", "parquet"])
def test_under_pseudonyms_nobody_is_named_in_any_file(format_: str, tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    written = hs.download(experiment=truths.PAIRS, to=folder, format=format_, pseudonyms=True, progress=False)
    found = texts(folder)
    if format_ == "parquet":
        for name in written["file"]:
            table = pq.read_table(folder / name)
            found[name] = json.dumps(table.to_pylist(), default=str, ensure_ascii=False) + str(table.schema)
    ids, names = people(truths.PAIRS)
    everything = "\n".join([*found, *found.values()])
    for one in ids | names:
        if one in everything:  # much faster, and true of words that hold a name
            assert not re.search(rf"(?<![^\W_]){re.escape(one)}(?![^\W_])", everything), one
    assert "@example.org" not in everything
    assert "P000" not in everything
    assert not (folder / "shared-pseudonyms.csv").exists()
    key = csv(tmp_path / "shared-pseudonyms.csv")
    assert ids <= set(key["id"])


def test_under_pseudonyms_the_data_are_the_same(tmp_path: Path) -> None:
    hs.download(
        experiment=truths.PAIRS,
        to=tmp_path / "s",
        types="ratings,chat,events",
        pseudonyms=True,
        progress=False,
    )
    key = csv(tmp_path / "s-pseudonyms.csv").set_index("id")["pseudonym"]
    ratings = hs.ratings(experiment=truths.PAIRS, progress=False)
    hidden = csv(tmp_path / "s" / "ratings.csv")
    assert hidden["participantId"].tolist() == ratings["participantId"].map(key).tolist()
    assert hidden["roomId"].tolist() == ratings["roomId"].tolist()
    assert (hidden["value"] - ratings["value"]).abs().max() < 1e-9
    chat = hs.chat(experiment=truths.PAIRS, progress=False)
    told = csv(tmp_path / "s" / "chat.csv")
    assert told["senderName"].tolist() == told["senderId"].tolist() == chat["senderId"].map(key).tolist()
    assert [json.loads(one) for one in told["recipientIds"]] == [
        [key[id_] for id_ in ids] for ids in chat["recipientIds"]
    ]
    assert not (tmp_path / "s" / "participants.csv").exists()


def test_the_same_people_keep_their_pseudonyms_and_new_ones_get_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    hs.download(room="room_pair_01", to=folder, types="chat", pseudonyms=True, progress=False)
    first = csv(tmp_path / "s-pseudonyms.csv").set_index("id")["pseudonym"]
    hs.download(room="room_pair_02", to=folder, types="ratings", pseudonyms=True, progress=False)
    both = csv(tmp_path / "s-pseudonyms.csv").set_index("id")["pseudonym"]
    assert sorted(first) == ["P001", "P002"]
    assert both[first.index].tolist() == first.tolist()
    assert sorted(both) == ["P001", "P002", "P003", "P004"]


def test_of_one_participant_the_others_are_hidden_too(tmp_path: Path) -> None:
    room, person = truths.TRICKY
    hs.download(
        participant=person, room=room, to=tmp_path / "s", types="events", pseudonyms=True, progress=False
    )
    manifest = json.loads((tmp_path / "s" / "manifest.json").read_bytes())
    assert manifest["scope"] == {"kind": "participant", "id": "P001", "room": room}
    assert manifest["pseudonyms"] is True
    assert person not in json.dumps(texts(tmp_path / "s"), ensure_ascii=False)
    hs.download(participant="p_pair_01_host", room="room_pair_01", to=tmp_path / "t", types="chat", pseudonyms=True,
                progress=False)  # fmt: skip
    assert len(csv(tmp_path / "t-pseudonyms.csv")) == 2


def test_recordings_under_pseudonyms(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "s"
    hs.download(room="room_pair_01", to=folder, types="chat", recordings=True, pseudonyms=True)
    assert sorted(path.name for path in (folder / "recordings").glob("*.mp4")) == [
        "P001_video_rec_pair_01_1.mp4", "P002_video_rec_pair_01_0.mp4",
    ]  # fmt: skip
    assert "p_pair_01" not in json.dumps(texts(folder))
    said = capsys.readouterr()
    assert "recordings still show faces and voices" in said.err
    assert f"who is who stands in {tmp_path / 's-pseudonyms.csv'}" in said.out
    before = {path: path.stat().st_mtime_ns for path in (folder / "recordings").glob("*.mp4")}
    hs.download(
        room="room_pair_01", to=folder, types="chat", recordings=True, pseudonyms=True, progress=False
    )
    assert {path: path.stat().st_mtime_ns for path in (folder / "recordings").glob("*.mp4")} == before


def test_names_and_pseudonyms_do_not_mix(tmp_path: Path) -> None:
    hs.download(room="room_pair_01", to=tmp_path / "a", types="chat", progress=False)
    with pytest.raises(InputError, match="holds files with IDs and names, and they do not mix"):
        hs.download(room="room_pair_01", to=tmp_path / "a", types="sync", pseudonyms=True)
    assert not (tmp_path / "a-pseudonyms.csv").exists()
    hs.download(room="room_pair_01", to=tmp_path / "b", types="chat", pseudonyms=True, progress=False)
    with pytest.raises(InputError, match="holds files with pseudonyms, and they do not mix"):
        hs.download(room="room_pair_01", to=tmp_path / "b", types="sync")


def test_a_key_that_cannot_be_the_one_is_said_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "a-pseudonyms.csv").write_text("my own notes")
    with pytest.raises(InputError, match="is no key of pseudonyms"):
        hs.download(room="room_pair_01", to=tmp_path / "a", pseudonyms=True)
    hs.download(room="room_pair_01", to=tmp_path / "b", types="chat", pseudonyms=True, progress=False)
    (tmp_path / "b-pseudonyms.csv").unlink()
    with pytest.raises(InputError, match="is gone: put it back, or choose another folder"):
        hs.download(room="room_pair_01", to=tmp_path / "b", types="chat", pseudonyms=True)
    hs.download(room="room_pair_01", to=tmp_path / "c", types="chat", pseudonyms=True, progress=False)
    with pytest.raises(InputError, match="would be in a download"):
        hs.download(room="room_pair_01", to=tmp_path / "c" / "inner", types="chat", pseudonyms=True)
    with pytest.raises(InputError, match="--pii keeps e-mail addresses, and --pseudonyms tells nobody's"):
        hs.download(room="room_pair_01", to=tmp_path / "d", pseudonyms=True, pii=True)
    assert (tmp_path / "a-pseudonyms.csv").read_text() == "my own notes"
    assert not (tmp_path / "a").exists()


def test_a_folder_below_folders_that_are_not_there_yet(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "er"
    hs.download(room="room_pair_01", to=folder, types="chat", pseudonyms=True, progress=False)
    assert (tmp_path / "deep" / "er-pseudonyms.csv").exists()


def test_recordings_that_lost_their_manifest_do_not_mix_with_pseudonyms(tmp_path: Path) -> None:
    hs.download(room="room_pair_01", to=tmp_path / "a", types="recordings", recordings=True, progress=False)
    for name in ("manifest.json", "recordings.csv"):
        (tmp_path / "a" / name).unlink()
    with pytest.raises(InputError, match="holds recordings of earlier downloads"):
        hs.download(room="room_pair_01", to=tmp_path / "a", types="chat", pseudonyms=True)


def test_two_downloads_into_one_folder_do_not_meet(tmp_path: Path) -> None:
    from hs_jupyter.catalog import data_type
    from hs_jupyter.downloading import Download
    from hs_jupyter.scope import Scope

    one = Download(Scope("room", "room_pair_01"), tmp_path, "csv", [data_type("chat")])
    with one.alone(), pytest.raises(InputError, match=r"another download into .* is under way"):
        hs.download(room="room_pair_01", to=tmp_path, types="chat", progress=False)
    assert len(hs.download(room="room_pair_01", to=tmp_path, types="chat", progress=False)) == 1


def test_a_file_where_recordings_would_go_is_said_first(tmp_path: Path) -> None:
    (tmp_path / "recordings").write_text("")
    with pytest.raises(InputError, match="is a file, not a folder"):
        hs.download(room="room_pair_01", to=tmp_path, recordings=True)
    assert list(tmp_path.glob("*.csv")) == []
