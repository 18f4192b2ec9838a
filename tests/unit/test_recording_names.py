"""Names of recordings' files: readable, each its own, and in the folder whatever the IDs are."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hs_jupyter.recording_files.names import MOST_BYTES, file_names, is_safe, part_name
from hs_jupyter.recording_files.wanted import Wanted, wanted_of
from hs_jupyter.tables.values import arrow_field


def wanted(recording="EG_1", participant="u_mia", room="room_1", **more):
    return Wanted(recording, room, "", recording, room, participant, **more)


def name_of(*args, **more):
    one = wanted(*args, **more)
    return file_names([one], {})[one.key]


def test_a_name_says_who_what_and_which():
    assert name_of() == "u_mia_video_EG_1.mp4"
    assert name_of(kind="audio") == "u_mia_audio_EG_1.webm"
    assert name_of(format="WEBM") == "u_mia_video_EG_1.webm"
    assert name_of(participant="") == "unknown_video_EG_1.mp4"
    assert name_of(participant="Zo\u00eb-1") == "Zo\u00eb-1_video_EG_1.mp4"


@pytest.mark.parametrize("format_", ["exe", "../mp4", "html", "mp4/..", "lnk", "mp4.exe", "\0", "m" * 300])
def test_no_format_starts_a_program_or_leaves_the_folder(format_):
    assert name_of(format=format_) == "u_mia_video_EG_1.bin"


RESERVED = {
    "CON",
    "PRN",
    "AUX",
    "NUL",
    *(f"{port}{number}" for port in ("COM", "LPT") for number in range(10)),
}
HOSTILE = ["../../etc/passwd", "..\\..\\x", "/abs", "C:\\x", "a\0b", "con", "NUL", "com1.txt", ".", "..", "-rf", "~",
           "a:b", 'a|b?*<>"', " x ", "x.", "x" * 500, "\u202egnp", "\n", "$(rm)", "`x`", "%2e%2e%2f"]  # fmt: skip


@pytest.mark.parametrize("id_", [*HOSTILE, "\u674e" * 300])
@pytest.mark.parametrize("place", ["recording", "participant"])
def test_hostile_ids_stay_in_the_folder(id_, place):
    check(name_of(**{place: id_}))


@given(st.text(min_size=1), st.text(), st.text(), st.text())
def test_any_ids_stay_in_the_folder(recording, participant, room, format_):
    check(name_of(recording, participant, room, format=format_))


def check(name):
    assert is_safe(name)
    assert PurePosixPath(name).parts == PureWindowsPath(name).parts == (name,)
    assert name.partition(".")[0].upper() not in RESERVED
    assert len(name.encode()) <= MOST_BYTES
    assert name == name.strip(" .")
    assert name[0] not in ".-"


IDS = st.text(st.sampled_from("aAbB_-/.\u00e9\u0065\u0301"), max_size=4)


@given(st.lists(st.tuples(IDS, IDS, IDS), max_size=12, unique_by=lambda one: (one[2], one[0])))
def test_no_two_recordings_share_a_name_on_any_file_system(ids):
    names = file_names([wanted(*one) for one in ids], {}).values()
    assert len({name.casefold() for name in names}) == len(ids)


def test_twins_in_another_case_and_in_another_room():
    names = file_names([wanted("EG_a"), wanted("EG_A"), wanted("EG_a", room="room_2")], {})
    assert len({name.casefold() for name in names.values()}) == 3
    assert names["room_1", "EG_a"] == "u_mia_video_EG_a.mp4"


def test_a_name_once_given_stays_whoever_comes_before():
    later = file_names([wanted("EG_A"), wanted("EG_a")], {("room_1", "EG_a"): "u_mia_video_EG_a.mp4"})
    assert later["room_1", "EG_a"] == "u_mia_video_EG_a.mp4"
    assert later["room_1", "EG_A"].startswith("u_mia_video_EG_A-")


@pytest.mark.parametrize(
    "held", ["../x_video_1.mp4", "a/b_video_.mp4", "nul.mp4", "", "index.json", "x_video_1.exe.mp4"]
)
def test_a_name_from_an_index_that_was_changed_is_not_taken(held):
    assert file_names([wanted()], {("room_1", "EG_1"): held})["room_1", "EG_1"] == "u_mia_video_EG_1.mp4"


def test_another_format_is_another_name():
    found = file_names([wanted(format="webm")], {("room_1", "EG_1"): "u_mia_video_EG_1.mp4"})
    assert found["room_1", "EG_1"] == "u_mia_video_EG_1.webm"


def test_parts_are_named_by_room_and_recording():
    assert part_name(("r", "EG_1")) == part_name(("r", "EG_1")) != part_name(("r2", "EG_1"))
    assert part_name(("r", "EG_1")) != part_name(("r\0EG_", "1"))
    assert part_name(("../x", "\ud800")).isalnum()


@pytest.mark.parametrize(
    ("status", "words"),
    [("complete", ""), ("completed", ""), ("EGRESS_COMPLETE", ""), ("", ""), ("interrupted", ""),
     ("active", "still running"), ("starting", "still running"), ("EGRESS_ENDING", "still running"),
     ("in_progress", "still running"), ("failed", "it failed"), ("EGRESS_ABORTED", "it failed")],
)  # fmt: skip
def test_what_has_no_file_is_said(status, words):
    reason = wanted(status=status).not_ready
    assert words in reason
    assert bool(words) == bool(reason)


def test_a_recording_without_an_id_is_said():
    assert wanted("").not_ready == "its record has no ID"


def test_old_and_new_records_are_read():
    rows = [
        {"recordingId": "rec_1", "roomId": "r", "participantId": "p", "fileSize": 5, "format": "webm", "status": "x"},
        {"recordingId": "EG_2", "roomId": None, "participantId": "p", "fileSize": None, "format": None, "status": None},
    ]  # fmt: skip
    nested = pa.array([None, '{"type":"audio","roomName":"r2"}'], pa.string())
    table = pa.Table.from_pylist(rows).append_column(arrow_field("metadata", "json"), nested)
    old, new = wanted_of(table)
    assert (old.id, old.room, old.kind, old.size, old.path) == ("rec_1", "r", "audio", 5, "")
    assert (new.id, new.room, new.kind, new.size, new.status) == ("EG_2", "r2", "audio", None, "")


@pytest.mark.parametrize("nested", ["[1]", '{"type":["video"]}', '{"type":{"a":1}}', '"x"', "null"])
def test_odd_metadata_do_no_harm(nested):
    table = pa.table({"recordingId": ["rec_1"], "fileSize": [1.5]})
    table = table.append_column(arrow_field("metadata", "json"), pa.array([nested]))
    (one,) = wanted_of(table)
    assert (one.kind, one.size) == ("video", None)
