"""Files on disk: safe for spreadsheets, whole or not at all, with a manifest."""

from __future__ import annotations

import hashlib
import json

import pandas as pd
import pyarrow.parquet as pq
import pytest
from fake_service import FakeService, connect, event

import hs_jupyter as hs
from hs_jupyter import downloads
from hs_jupyter.errors import ForbiddenError, InputError

EVENTS = [
    event(0, content='=HYPERLINK("http://x")', response={"value": "+1", "responseTime": 5}, duration=-3.5),
    event(1, content="calm, ja\nö", response={"value": ["a", 1]}, context=["@x"]),
    event(2, content=None, **{"=cmd": "-2", "@odd": -2}),
]


@pytest.fixture
def service(monkeypatch):
    routes = {
        "data/events/room/r1": EVENTS,
        "data/chat/room/r1": [],
        "data/sync/room/r1": ForbiddenError("no right"),
    }
    return connect(monkeypatch, FakeService(routes))


def download(folder, **options):
    return hs.download(room="r1", to=folder, progress=False, **{"types": "events,chat", **options})


def test_csv_opens_in_a_spreadsheet(service, tmp_path):
    download(tmp_path)
    content = (tmp_path / "events.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    frame = pd.read_csv(tmp_path / "events.csv", encoding="utf-8-sig")
    assert frame["id"].tolist() == ["e00", "e01", "e02"]
    assert frame["content"].tolist()[1] == "calm, ja\nö"
    assert frame["timestamp"][0] == "2026-03-02 15:00:00+00:00"


def test_objects_are_flat_one_level_and_deeper_ones_are_json_text(service, tmp_path):
    download(tmp_path)
    frame = pd.read_csv(tmp_path / "events.csv", encoding="utf-8-sig")
    assert "response" not in frame.columns
    assert frame["response.value"][1] == '["a",1]'
    assert frame["response.responseTime"][0] == 5
    assert frame["context"][1] == '["@x"]'


def test_no_text_is_a_formula(service, tmp_path):
    download(tmp_path)
    frame = pd.read_csv(tmp_path / "events.csv", encoding="utf-8-sig")
    assert frame["content"][0] == '\'=HYPERLINK("http://x")'
    assert frame["response.value"][0] == "'+1"
    assert {"'=cmd", "'@odd"} <= set(frame.columns)
    assert frame["'=cmd"][2] == "'-2"
    assert frame["duration"][0] == -3.5
    assert frame["'@odd"][2] == -2


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_every_start_of_a_formula_is_made_text(start):
    assert downloads.safe_cell(f"{start}1") == f"'{start}1"
    assert downloads.safe_cell(f"1{start}") == f"1{start}"


def test_no_e_mail_in_files(service, tmp_path):
    service.routes["data/participants/room/r1"] = [{"id": "p", "email": "a@b.example"}]
    download(tmp_path, types="participants")
    assert "a@b" not in (tmp_path / "participants.csv").read_text(encoding="utf-8")
    download(tmp_path, types="participants", pii=True)
    assert "a@b" in (tmp_path / "participants.csv").read_text(encoding="utf-8")


def test_parquet_keeps_types(service, tmp_path):
    download(tmp_path, format="parquet")
    table = pq.read_table(tmp_path / "events.parquet")
    assert table["onset_sec"].to_pylist() == [0.0, 1.0, 2.0]
    assert str(table.schema.field("timestamp").type) == "timestamp[us, tz=UTC]"
    assert "__nulls__" not in table.column_names
    assert table.schema.field("response").metadata == {b"hs": b"json"}


def test_json_holds_the_records(service, tmp_path):
    download(tmp_path, format="json")
    rows = json.loads((tmp_path / "events.json").read_bytes())
    assert rows[0]["response"] == {"value": "+1", "responseTime": 5}
    assert rows[0]["timestamp"].endswith("Z")
    assert rows[2]["content"] is None
    assert "response" not in rows[2]


def test_an_empty_table_is_a_file_with_its_columns(service, tmp_path):
    download(tmp_path)
    frame = pd.read_csv(tmp_path / "chat.csv", encoding="utf-8-sig")
    assert len(frame) == 0
    assert {"messageId", "onset_sec"} <= set(frame.columns)


@pytest.mark.parametrize("format_", ["csv", "parquet", "json"])
def test_the_manifest_has_counts_and_checksums(format_, service, tmp_path):
    shown = download(tmp_path / "deep" / "er", format=format_, types="events,chat,sync")
    manifest = json.loads((tmp_path / "deep" / "er" / "manifest.json").read_bytes())
    assert manifest["scope"] == {"kind": "room", "id": "r1", "room": None}
    assert manifest["failed"] == {"sync": "no right"}
    assert (
        shown["file"].tolist()
        == [entry["file"] for entry in manifest["files"]]
        == [f"events.{format_}", f"chat.{format_}"]
    )
    assert shown["rows"].tolist() == [3, 0]
    for entry in manifest["files"]:
        content = (tmp_path / "deep" / "er" / entry["file"]).read_bytes()
        assert (entry["bytes"], entry["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
        assert entry["complete"] is True


def test_the_same_download_again_replaces_its_own_files(service, tmp_path):
    download(tmp_path)
    service.routes["data/events/room/r1"] = EVENTS[:1]
    assert download(tmp_path)["rows"].tolist() == [1, 0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["chat.csv", "events.csv", "manifest.json"]
    (tmp_path / "events.csv").unlink()
    (tmp_path / "chat.csv").unlink()
    assert download(tmp_path, types="chat")["rows"].tolist() == [0]


def test_a_second_download_of_other_types_keeps_what_the_first_wrote(service, tmp_path):
    download(tmp_path, types="events")
    download(tmp_path, types="chat")
    download(tmp_path, types="events")
    manifest = json.loads((tmp_path / "manifest.json").read_bytes())
    assert sorted(entry["file"] for entry in manifest["files"]) == ["chat.csv", "events.csv"]
    assert manifest["files"][0]["scope"]["id"] == "r1"


@pytest.mark.parametrize(
    "manifest", [None, b"", b"[]", b'{"files": [{"file": 3}]}', b'{"files": 3}', b"\xff"]
)
def test_files_of_somebody_else_are_left_alone(manifest, service, tmp_path):
    (tmp_path / "events.csv").write_text("mine")
    if manifest is not None:
        (tmp_path / "manifest.json").write_bytes(manifest)
    with pytest.raises(InputError, match="is there already, and no download wrote it: choose another folder"):
        download(tmp_path)
    assert (tmp_path / "events.csv").read_text() == "mine"
    assert service.asked == []


def test_a_manifest_of_somebody_else_is_left_alone(service, tmp_path):
    (tmp_path / "manifest.json").write_text('{"name": "my web app"}')
    with pytest.raises(InputError, match=r"manifest\.json is there already"):
        download(tmp_path)
    assert "my web app" in (tmp_path / "manifest.json").read_text()


def test_a_bad_target_is_said_before_anything_is_fetched(service, tmp_path):
    (tmp_path / "file").write_text("")
    for folder, options, words in (
        (tmp_path / "file", {}, "is a file, not a folder"),
        (tmp_path, {"format": "cvs"}, "did you mean 'csv'"),
        (tmp_path, {"format": "xlsx"}, "--format is csv, parquet, json"),
    ):
        with pytest.raises(InputError, match=words):
            download(folder, **options)
    assert service.asked == []


def test_a_folder_that_cannot_be_made_is_one_line(service, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        download(tmp_path / "file" / "below")


def test_a_file_appears_whole_or_not_at_all(service, tmp_path, monkeypatch):
    download(tmp_path)
    before = (tmp_path / "events.csv").read_bytes()

    def broken(table, path):
        path.write_text("half a")
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(downloads._WRITERS, "csv", broken)
    with pytest.raises(InputError, match="cannot be written: No space left"):
        download(tmp_path)
    assert (tmp_path / "events.csv").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["chat.csv", "events.csv", "manifest.json"]


def test_a_home_folder_is_understood(service, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    download("~/data")
    assert (tmp_path / "data" / "events.csv").exists()


def test_columns_that_would_collide_when_flattened_all_stay(service, tmp_path):
    service.routes["data/events/room/r1"] = [event(0, response={"value": 1}, **{"response.value": "own"})]
    download(tmp_path, types="events")
    text = (tmp_path / "events.csv").read_text(encoding="utf-8-sig")
    row = text.splitlines()[1].split(",")
    assert "own" in row
    assert "1" in row


def test_pseudonyms_where_nobody_is(service, tmp_path):
    service.routes |= {
        "data/participants/room/r1": [],
        "data/variables/room/r1": {"status": "success", "data": []},
    }
    for _ in range(2):
        download(tmp_path / "s", types="variables", pseudonyms=True)
    assert (tmp_path / "s-pseudonyms.csv").read_text("utf-8-sig").splitlines() == ['"pseudonym","id","name"']


def test_names_of_those_the_list_knows_are_found_in_texts(service, tmp_path, capsys):
    service.routes["data/participants/room/r1"] = [{"id": "p0", "name": "Mia"}, {"id": "q", "name": "Quinn"}]
    service.routes["data/events/room/r1"] = [event(0, content="Quinn, it is mia"), event(1, content="p1!")]
    download(tmp_path / "s", types="events", pseudonyms=True)
    frame = pd.read_csv(tmp_path / "s" / "events.csv", encoding="utf-8-sig")
    assert frame["content"].tolist() == ["P002, it is P001", "P003!"]
    assert capsys.readouterr().err == ""


def test_a_list_of_participants_that_cannot_be_read_is_said(service, tmp_path, capsys):
    service.routes["data/participants/room/r1"] = ForbiddenError("no right")
    download(tmp_path / "s", types="events", pseudonyms=True)
    assert "the list of participants could not be read" in capsys.readouterr().err
    frame = pd.read_csv(tmp_path / "s" / "events.csv", encoding="utf-8-sig")
    assert frame["participantId"].tolist() == ["P001", "P002", "P001"]


def test_a_key_that_cannot_be_written_is_one_line_and_nothing_is_written(service, tmp_path, monkeypatch):
    service.routes["data/participants/room/r1"] = []

    def denied(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("hs_jupyter.pseudonyms.key_file.tempfile.mkstemp", denied)
    with pytest.raises(InputError, match=r"s-pseudonyms\.csv cannot be written: Permission denied"):
        download(tmp_path / "s", types="events", pseudonyms=True)
    assert not (tmp_path / "s").exists()
