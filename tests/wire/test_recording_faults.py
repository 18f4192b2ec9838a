"""Recordings' files over real HTTP, from hosts that go wrong as told: exactly the bytes, or one sentence."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import random
import signal
import subprocess
import sys
import threading

import pyarrow as pa
import pytest
from recording_servers import KEY, ROOM, Service, Storage, record

from hs_jupyter.api.asking import Policy
from hs_jupyter.api.budget import Budget
from hs_jupyter.api.connection import Connection
from hs_jupyter.api.halt import THREAD_NAME, Halt
from hs_jupyter.api.keys import ApiKey
from hs_jupyter.api.transport import Transport
from hs_jupyter.errors import InputError
from hs_jupyter.recording_files import Road, fetch_files, read_index
from hs_jupyter.recording_files.names import part_name
from hs_jupyter.recording_files.parts import Part
from hs_jupyter.recording_files.wanted import wanted_of
from hs_jupyter.scope import Scope

SIZE = 400_000
SCOPE = Scope("room", ROOM)


def content(seed, size=SIZE):
    return random.Random(seed).randbytes(size)


FILES = {"EG_1": content(1), "EG_2": content(2, 70_000), "EG_3": content(3, 1)}


class Instantly(Halt):
    """Waits pass at once; each is taken down."""

    def __init__(self, slept):
        super().__init__()
        self._slept = slept

    def sleep(self, seconds):
        self._slept.append(seconds)
        self.check()


@pytest.fixture
def slept(monkeypatch):
    waits = []
    monkeypatch.setattr("hs_jupyter.recording_files.fetch.Halt", lambda: Instantly(waits))
    return waits


@pytest.fixture
def servers():
    with contextlib.ExitStack() as stack:

        def start(files=None, fault=lambda _id, _nth: None, records=None, **options):
            files = FILES if files is None else files
            storage = Storage(files, fault)
            stack.callback(storage.stop)
            rows = [record(id_, held) for id_, held in files.items()] if records is None else records
            service = Service(storage, rows, **options)
            stack.callback(service.stop)
            return service, storage

        yield start


def fetch(service, folder, slept=(), records=None, **options):
    connection = Connection(service.base_url, ApiKey(KEY), "org_1")
    policy = Policy(Budget(), 120.0, random.Random(1), lambda: float(sum(slept)))
    rows = service.records if records is None else records
    table = pa.Table.from_pylist(
        [{key: value for key, value in one.items() if key != "metadata"} for one in rows]
    )
    transport = Transport(connection)
    try:
        return fetch_files(
            wanted_of(table), folder, Road(transport, policy, service.base_url, SCOPE), **options
        )
    finally:
        transport.close()


def contents(folder, outcome):
    return {key[1]: (folder / stored.name).read_bytes() for key, stored in outcome.stored.items()}


def reasons(outcome):
    return {key[1]: why for key, why in outcome.missing.items()}


def everything_in(folder):
    return b"".join(path.read_bytes() + str(path).encode() for path in folder.rglob("*") if path.is_file())


def test_files_come_whole_and_the_storage_host_sees_no_key(servers, tmp_path):
    service, storage = servers()
    outcome = fetch(service, tmp_path)
    assert contents(tmp_path, outcome) == FILES
    assert reasons(outcome) == {}
    assert len(service.minted) == len(storage.asked) == len(FILES)
    for path, headers in service.asked:
        assert headers["X-API-Key"] == KEY, path
    for _, headers in storage.asked:
        told = {name.lower() for name in headers}
        assert not told & {"x-api-key", "x-organization-id", "authorization", "cookie", "referer"}
        assert KEY not in str(headers)
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "index.json", "p_EG_1_video_EG_1.mp4", "p_EG_2_video_EG_2.mp4", "p_EG_3_video_EG_3.mp4",
    ]  # fmt: skip


def test_links_stand_nowhere(servers, tmp_path, capfd, caplog):
    service, _ = servers(fault=lambda id_, _: "cut" if id_ == "EG_1" else 404 if id_ == "EG_2" else None)
    with pytest.MonkeyPatch.context() as patch, caplog.at_level("DEBUG"):
        patch.setattr("hs_jupyter.recording_files.fetch.Halt", lambda: Instantly([]))
        outcome = fetch(service, tmp_path, [1000.0])
    assert "EG_2" in reasons(outcome)
    assert "/bucket/" in caplog.text
    told = f"{outcome}{capfd.readouterr()}{caplog.text}".encode() + everything_in(tmp_path)
    assert b"secret" not in told
    assert b"Signature" not in told
    assert KEY.encode() not in told


def test_a_second_time_nothing_is_asked(servers, tmp_path):
    service, storage = servers()
    first = fetch(service, tmp_path)
    service.asked.clear()
    storage.asked.clear()
    assert fetch(service, tmp_path) == first
    assert service.asked == storage.asked == []


def test_only_what_is_missing_or_changed_is_fetched_again(servers, tmp_path):
    service, storage = servers()
    fetch(service, tmp_path)
    paths = {id_: tmp_path / f"p_{id_}_video_{id_}.mp4" for id_ in FILES}
    paths["EG_1"].unlink()
    paths["EG_2"].write_bytes(b"x" * len(FILES["EG_2"]))  # as long, but not the same
    os.utime(paths["EG_3"], (1, 1))  # the same, but copied
    storage.asked.clear()
    assert contents(tmp_path, fetch(service, tmp_path)) == FILES
    assert sorted(storage.counts.values()) == [1, 2, 2]
    storage.files["EG_3"] = content(9, 500)
    service.records[2] = record("EG_3", storage.files["EG_3"])
    assert contents(tmp_path, fetch(service, tmp_path)) == storage.files


@pytest.mark.parametrize("fault", ["cut", "reset", "cut ignores range", "cut no tag"])
def test_a_file_that_breaks_off_is_whole_in_the_end(fault, servers, tmp_path, slept):
    service, storage = servers(fault=lambda id_, nth: fault if id_ == "EG_1" and nth < 3 else None)
    outcome = fetch(service, tmp_path, slept)
    assert contents(tmp_path, outcome) == FILES
    assert len(service.minted) == len(FILES), "a link that works is not asked for again"
    asked = [held for id_, held, _ in storage.ranges if id_ == "EG_1"]
    assert asked[0] is None
    if fault in {"cut", "reset"}:
        assert all(one and int(one[6:-1]) > 0 for one in asked[1:])
    if fault == "cut no tag":
        assert asked == [None] * 3


def test_the_rest_is_asked_for_on_condition_of_the_version(servers, tmp_path, slept):
    service, storage = servers(fault=lambda id_, nth: "cut" if id_ == "EG_1" and nth == 1 else None)
    fetch(service, tmp_path, slept)
    (_, first, none), (_, rest, condition) = [one for one in storage.ranges if one[0] == "EG_1"]
    assert (first, none) == (None, None)
    assert SIZE // 2 - 40_000 <= int(rest[6:-1]) <= SIZE // 2
    assert condition.startswith('"')


@pytest.mark.parametrize("host", ["", "ignores condition"])
def test_a_file_that_changes_under_way_is_never_spliced(host, servers, tmp_path, slept):
    changed = content(7)

    def fault(id_, nth):
        if id_ != "EG_1":
            return None
        if nth == 2:
            storage.files["EG_1"] = changed
        return f"cut {host}" if nth == 1 else host

    service, storage = servers(fault=fault)
    assert contents(tmp_path, fetch(service, tmp_path, slept))["EG_1"] == changed


def test_a_file_that_became_shorter_is_begun_anew(servers, tmp_path, slept):
    short = content(8, 5000)

    def fault(id_, nth):
        if id_ == "EG_1" and nth == 2:
            storage.files["EG_1"] = short
        return {1: "cut", 2: "ignores condition"}.get(nth) if id_ == "EG_1" else None

    service, storage = servers(fault=fault, records=[record("EG_1", b"", fileSize=None)])
    assert contents(tmp_path, fetch(service, tmp_path, slept)) == {"EG_1": short}


def test_a_link_that_ends_under_way_is_made_again_and_only_then(servers, tmp_path, slept):
    service, storage = servers(
        files={"EG_1": FILES["EG_1"]}, fault=lambda _, nth: "expires" if nth in {1, 3} else None
    )
    assert contents(tmp_path, fetch(service, tmp_path, slept)) == {"EG_1": FILES["EG_1"]}
    assert len(service.minted) == 3
    assert [bool(one[1]) for one in storage.ranges] == [False, True, True, True, True]


def test_a_new_link_that_is_refused_is_not_asked_for_forever(servers, tmp_path, slept):
    service, storage = servers(fault=lambda id_, _: 403 if id_ == "EG_1" else None)
    outcome = fetch(service, tmp_path, slept)
    assert "127.0.0.1 refused the link (403), though it was new" in reasons(outcome)["EG_1"]
    assert storage.counts["EG_1"] == 1
    assert set(contents(tmp_path, outcome)) == {"EG_2", "EG_3"}


def test_links_of_older_services_stand_in_the_list(servers, tmp_path, slept):
    old = [record(id_, held, downloadPath=None) for id_, held in FILES.items()]
    service, _ = servers(
        records=old, listed=True, fault=lambda id_, nth: "expires" if id_ == "EG_1" and nth == 1 else None
    )
    assert contents(tmp_path, fetch(service, tmp_path, slept)) == FILES
    assert service.minted == []
    lists = [path for path, _ in service.asked]
    assert lists[0].startswith(f"/api/v3/data/recordings/room/{ROOM}")
    assert 2 <= len(lists) <= 1 + len(FILES)


@pytest.mark.parametrize(("refusals", "came"), [(1, True), (9, False)])
def test_a_listed_link_that_ran_out_before_its_turn_is_asked_for_once_more(
    refusals, came, servers, tmp_path, slept
):
    one = record("EG_1", FILES["EG_1"], downloadPath=None)
    service, storage = servers(
        records=[one], listed=True, fault=lambda _, nth: 403 if nth <= refusals else None
    )
    outcome = fetch(service, tmp_path, slept)
    assert contents(tmp_path, outcome) == ({"EG_1": FILES["EG_1"]} if came else {})
    assert ["refused the link (403), though it was new" in why for why in reasons(outcome).values()] == (
        [] if came else [True]
    )
    assert len(service.asked) == storage.counts["EG_1"] == 2


def test_a_record_with_neither_path_nor_link_is_asked_for_where_newer_ones_are(servers, tmp_path):
    service, _ = servers(records=[record("EG_1", FILES["EG_1"], downloadPath=None)])
    assert contents(tmp_path, fetch(service, tmp_path)) == {"EG_1": FILES["EG_1"]}
    assert service.minted == [f"/api/v3/data/recordings/download/{ROOM}/EG_1"]


def test_a_length_that_is_never_reached_is_said_and_nothing_wrong_kept(servers, tmp_path, slept):
    service, storage = servers(fault=lambda id_, _: "too long" if id_ == "EG_1" else None)
    service.records[0]["fileSize"] = None
    outcome = fetch(service, tmp_path, slept)
    assert "no bytes after those held" in reasons(outcome)["EG_1"]
    assert not (tmp_path / "p_EG_1_video_EG_1.mp4").exists()
    assert 2 < storage.counts["EG_1"] < 20


def test_a_host_that_sends_less_than_it_says_is_given_up(servers, tmp_path, slept):
    service, storage = servers(fault=lambda id_, _: "cut ignores range" if id_ == "EG_1" else None)
    outcome = fetch(service, tmp_path, slept)
    assert "broke off" in reasons(outcome)["EG_1"]
    assert not (tmp_path / "p_EG_1_video_EG_1.mp4").exists()
    assert 2 < storage.counts["EG_1"] < 60
    assert len(service.minted) == len(FILES)


def test_another_length_than_announced_is_said_and_not_kept(servers, tmp_path):
    service, _ = servers()
    service.records[0]["fileSize"] = 5
    outcome = fetch(service, tmp_path)
    assert f"the storage host has {SIZE} bytes, and the record announces 5" in reasons(outcome)["EG_1"]
    assert not (tmp_path / "p_EG_1_video_EG_1.mp4").exists()


def test_without_any_length_an_end_is_no_proof(servers, tmp_path):
    service, _ = servers(fault=lambda *_: "no length")
    service.records[0]["fileSize"] = None
    outcome = fetch(service, tmp_path)
    assert "nobody says how long the file is" in reasons(outcome)["EG_1"]
    assert set(contents(tmp_path, outcome)) == {"EG_2", "EG_3"}, "the record's own length is one"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_host_that_is_busy_is_asked_again(status, servers, tmp_path, slept):
    service, _ = servers(fault=lambda _, nth: (status, {"Retry-After": "7"}) if nth < 3 else None)
    assert contents(tmp_path, fetch(service, tmp_path, slept)) == FILES
    assert max(slept) >= 7
    assert len(service.minted) == len(FILES)


def test_a_host_that_stays_away_is_given_up_for_all(servers, tmp_path, slept):
    many = {f"EG_{number}": b"x" for number in range(20)}
    service, storage = servers(files=many, fault=lambda *_: 503)
    outcome = fetch(service, tmp_path, slept)
    assert set(reasons(outcome)) == set(many)
    assert any(why.startswith("not tried: 127.0.0.1 answered 503") for why in reasons(outcome).values())
    assert len(storage.counts) < len(many)


def test_a_redirect_is_followed_without_any_key(servers, tmp_path):
    service, storage = servers(fault=lambda *_: "redirect")
    _, other = servers()
    storage.redirect_to = other.link("EG_1", "other")
    outcome = fetch(service, tmp_path, records=service.records[:1])
    assert contents(tmp_path, outcome) == {"EG_1": FILES["EG_1"]}
    (_, headers), *_ = other.asked
    assert not {name.lower() for name in headers} & {"x-api-key", "x-organization-id", "cookie", "referer"}


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("file:///etc/passwd", "no plain http"),
        ("http://store.example/x?sig=secret9", "store.example without encryption"),
        ("", "redirected too often"),
        ("https://user:pw@store.example/", "no plain http"),
    ],
)
def test_a_redirect_elsewhere_is_one_sentence(target, words, servers, tmp_path):
    service, storage = servers(files={"EG_1": b"x"}, fault=lambda *_: "redirect")
    storage.redirect_to = target or f"{storage.origin}/bucket/1"
    outcome = fetch(service, tmp_path)
    assert words in reasons(outcome)["EG_1"]
    assert "secret9" not in reasons(outcome)["EG_1"]


@pytest.mark.parametrize(
    "link",
    ["file:///etc/passwd", "http://store.example/x?sig=secret9", "ftp://x/y", "javascript:1", "https://"],
)
def test_a_link_that_leads_astray_is_not_followed(link, servers, tmp_path):
    service, _ = servers(files={"EG_1": b"x"})
    service.fault = lambda path: link if "download" in path else None
    outcome = fetch(service, tmp_path)
    assert "the link to the file" in reasons(outcome)["EG_1"]
    assert "secret9" not in reasons(outcome)["EG_1"]
    assert list(tmp_path.glob("*.mp4")) == []


def test_neither_proxy_nor_netrc_of_the_environment_is_used_on_this_machine(servers, tmp_path, monkeypatch):
    service, storage = servers()
    _, stranger = servers()
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, stranger.origin)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    assert contents(tmp_path / "f", fetch(service, tmp_path / "f")) == FILES
    assert stranger.asked == []
    assert all("Authorization" not in headers for _, headers in storage.asked)


def test_what_the_service_refuses_is_a_reason_and_others_come(servers, tmp_path):
    service, _ = servers()
    service.fault = lambda path: 404 if path.endswith("EG_1") else None
    outcome = fetch(service, tmp_path)
    assert "because" in reasons(outcome)["EG_1"]
    assert set(contents(tmp_path, outcome)) == {"EG_2", "EG_3"}


def test_a_key_that_is_refused_ends_it(servers, tmp_path):
    many = {f"EG_{number}": b"x" for number in range(30)}
    service, storage = servers(files=many)
    service.fault = lambda _: 401
    outcome = fetch(service, tmp_path)
    assert set(reasons(outcome)) == set(many)
    assert len(service.asked) < 10
    assert storage.asked == []


def test_what_runs_or_failed_is_named(servers, tmp_path):
    service, _ = servers()
    service.records[0]["status"], service.records[1]["status"] = "active", "failed"
    outcome = fetch(service, tmp_path)
    assert reasons(outcome) == {
        "EG_1": "it is still running (status active): download again later",
        "EG_2": "it failed (status failed): there is no file",
    }
    assert len(service.minted) == 1


HOSTILE = ["../../EG", "..", "/etc/x", "a\\b", "CON", "x" * 300, "eg_1", "EG_1"]


def test_hostile_ids_stay_in_the_folder(servers, tmp_path):
    files = {id_: content(id_, 100) for id_ in HOSTILE}
    rows = [record(id_, held, participantId="../../p", format="../exe") for id_, held in files.items()]
    service, _ = servers(files=files, records=rows)
    folder = tmp_path / "deep" / "er" / "recordings"
    outcome = fetch(service, folder)
    assert contents(folder, outcome) == files
    assert [one.name for one in tmp_path.rglob("*") if one.is_file() and one.parent != folder] == []
    assert len({stored.name.casefold() for stored in outcome.stored.values()}) == len(files)


def test_a_file_of_somebody_else_is_left_alone(servers, tmp_path):
    service, _ = servers()
    (tmp_path / "p_EG_1_video_EG_1.mp4").write_text("mine")
    outcome = fetch(service, tmp_path)
    assert "is there already, and no download wrote it" in reasons(outcome)["EG_1"]
    assert (tmp_path / "p_EG_1_video_EG_1.mp4").read_text() == "mine"


def test_a_full_disk_ends_it_and_keeps_what_came(servers, tmp_path, monkeypatch):
    service, _ = servers()
    add = Part.add

    def full(part, piece):
        if part.version.size == SIZE:
            raise OSError(errno.ENOSPC, "No space left on device")
        add(part, piece)

    monkeypatch.setattr(Part, "add", full)
    outcome = fetch(service, tmp_path)
    assert reasons(outcome)["EG_1"] == "the file cannot be written: No space left on device"
    monkeypatch.undo()
    assert contents(tmp_path, fetch(service, tmp_path)) == FILES


def test_a_disk_without_room_is_said_before_anything_is_fetched(servers, tmp_path):
    service, storage = servers()
    service.records[0]["fileSize"] = 10**18
    with pytest.raises(InputError, match=r"the recordings need 1000000000\.0 GB"):
        fetch(service, tmp_path)
    assert storage.asked == []


def test_a_file_in_its_place_that_nobody_reported_is_taken(servers, tmp_path):
    service, storage = servers()
    fetch(service, tmp_path)
    (wanted,) = wanted_of(pa.Table.from_pylist(service.records[:1]))
    with Part(tmp_path, part_name(wanted.key), wanted.mark) as part:  # as a download that was killed then
        part.begin(part.version)
        part.add(FILES["EG_1"])
        part.finish("p_EG_1_video_EG_1.mp4")
    (tmp_path / "index.json").unlink()
    for id_ in ("EG_2", "EG_3"):
        (tmp_path / f"p_{id_}_video_{id_}.mp4").unlink()
    storage.counts.clear()
    assert contents(tmp_path, fetch(service, tmp_path)) == FILES
    assert set(storage.counts) == {"EG_2", "EG_3"}
    assert not (tmp_path / ".parts").exists()


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"version": 3, "mark": {}}', b"\xff" * 10])
def test_a_damaged_note_begins_anew(damage, servers, tmp_path, slept):
    files = {"EG_1": FILES["EG_1"]}
    service, storage = servers(files=files, fault=lambda _, nth: {1: "cut", 2: 404}.get(nth))
    assert "no such file" in reasons(fetch(service, tmp_path, slept))["EG_1"]
    (note,) = (tmp_path / ".parts").glob("*.json")
    note.write_bytes(damage)
    storage.ranges.clear()
    assert contents(tmp_path, fetch(service, tmp_path, slept)) == files
    assert [asked for _, asked, _ in storage.ranges] == [None]


def test_a_part_of_another_state_of_the_record_begins_anew(servers, tmp_path, slept):
    service, storage = servers(
        files={"EG_1": FILES["EG_1"]}, fault=lambda _, nth: {1: "cut", 2: 404}.get(nth)
    )
    fetch(service, tmp_path, slept)
    storage.files["EG_1"] = content(5)
    service.records[0]["endTime"] = "2026-03-02T15:02:00.000Z"
    storage.ranges.clear()
    assert contents(tmp_path, fetch(service, tmp_path, slept)) == storage.files
    assert [asked for _, asked, _ in storage.ranges] == [None]


class Shown:
    """Sees files come; interrupts when told."""

    def __init__(self, interrupt=lambda: False):
        self.seen, self.waits, self._interrupt = [], [], interrupt

    def files(self, done, all_, came, whole, before):
        self.seen.append((done, all_, came, whole, before))
        if self._interrupt():
            raise KeyboardInterrupt

    def waiting(self, reason, until):
        self.waits.append((reason, until))


def test_progress_tells_files_and_bytes(servers, tmp_path):
    service, _ = servers()
    shown = Shown()
    fetch(service, tmp_path, on_files=shown)
    total = sum(map(len, FILES.values()))
    assert shown.seen[-1] == (3, 3, total, total, 0)


def test_progress_knows_what_came_before(servers, tmp_path, slept):
    service, _ = servers(files={"EG_1": FILES["EG_1"]}, fault=lambda _, nth: {1: "cut", 2: 404}.get(nth))
    fetch(service, tmp_path, slept)
    shown = Shown()
    fetch(service, tmp_path, slept, on_files=shown)
    assert shown.seen[-1] == (1, 1, SIZE, SIZE, SIZE // 2)


def test_a_wait_is_shown_with_its_reason(servers, tmp_path, monkeypatch):
    service, _ = servers(fault=lambda *_: (503, {"Retry-After": "200"}))

    class Seen(Shown):
        def waiting(self, reason, until):
            super().waiting(reason, until)
            raise KeyboardInterrupt

    shown = Seen()
    with pytest.raises(KeyboardInterrupt):
        fetch(service, tmp_path, on_files=shown)
    assert shown.waits[0][0] == "127.0.0.1 answered 503"


def test_an_interrupt_keeps_what_came_and_the_next_run_goes_on(servers, tmp_path):
    service, storage = servers(fault=lambda id_, nth: "hold" if id_ == "EG_1" and nth == 1 else None)
    with pytest.raises(KeyboardInterrupt):
        fetch(service, tmp_path, on_files=Shown(lambda: storage.held.acquire(blocking=False)))
    for one in threading.enumerate():
        if one.name.startswith(THREAD_NAME):
            one.join()
    assert not storage.open.is_set(), "though the host still holds its answer"
    assert not (tmp_path / "p_EG_1_video_EG_1.mp4").exists()
    (part,) = (tmp_path / ".parts").glob("*.part")
    assert 0 < part.stat().st_size <= SIZE // 2
    assert FILES["EG_1"].startswith(part.read_bytes())
    came = {key[1] for key in read_index(tmp_path)}
    storage.fault = lambda _id, _nth: None
    storage.counts.clear()
    storage.ranges.clear()
    assert contents(tmp_path, fetch(service, tmp_path)) == FILES
    assert not came & set(storage.counts)
    ((_, asked, condition),) = [one for one in storage.ranges if one[0] == "EG_1"]
    assert asked == f"bytes={part_size(asked)}-"
    assert part_size(asked) > 0
    assert condition


def part_size(asked):
    return int(asked.removeprefix("bytes=").removesuffix("-"))


CHILD = """
import sys
import hs_jupyter as hs
hs.connect(base_url=sys.argv[1], api_key=sys.argv[2])
hs.download(room="room_1", to=sys.argv[3], types="recordings", recordings=True, progress=False)
"""


@pytest.mark.skipif(os.name != "posix", reason="a process is killed as on POSIX")
@pytest.mark.parametrize("how", ["SIGKILL", "SIGINT"])
def test_a_process_that_is_killed_is_gone_on_with_by_another(how, servers, tmp_path, monkeypatch):
    monkeypatch.setenv("HS_JUPYTER_STORE", str(tmp_path / "store"))
    service, storage = servers(fault=lambda id_, nth: "hold" if id_ == "EG_1" and nth == 1 else None)
    folder = tmp_path / "data"
    part = folder / "recordings" / ".parts" / f"{part_name((ROOM, 'EG_1'))}.part"
    command = [sys.executable, "-c", CHILD, service.base_url, KEY, str(folder)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as child:
        storage.held.acquire()
        wait_for(lambda: part.exists() and part.stat().st_size, child)
        child.send_signal(getattr(signal, how))
    assert child.returncode != 0
    assert b"secret" not in everything_in(tmp_path)
    if how == "SIGINT":
        manifest = json.loads((folder / "manifest.json").read_bytes())
        assert {"EG_1"} <= {one["recordingId"] for one in manifest["recordings_missing"]}
    storage.ranges.clear()
    subprocess.run(command, check=True)
    (asked,) = [held for id_, held, _ in storage.ranges if id_ == "EG_1"]
    assert part_size(asked) > 0
    for id_, held in FILES.items():
        assert (folder / "recordings" / f"p_{id_}_video_{id_}.mp4").read_bytes() == held
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert manifest["recordings_missing"] == []
    assert sum(one["type"] == "recording" for one in manifest["files"]) == 3
    assert b"secret" not in everything_in(tmp_path)
    assert not (folder / "recordings" / ".parts").exists()


def wait_for(seen, child):
    while not seen():
        assert child.poll() is None
