"""Where the store is, whose part of it is whose, versions, private files, and no secrets in any."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from storage_samples import (
    EVENTS,
    EXPERIMENT,
    RATINGS,
    age,
    facts_of,
    files_in,
    keep,
    ratings,
    space_in,
    table_of,
)

from hs_jupyter.errors import InputError, StoreError
from hs_jupyter.scope import Scope
from hs_jupyter.storage import open_mirror, open_space, opening, store_folder
from hs_jupyter.storage.manifest import FORMAT
from hs_jupyter.storage.sealed import seal

URL = "https://s.example/a.mp4?X-Goog-Signature=SECRET"
KEY = "hst_live_abcdefghijklmnopqrstuvwx"


def test_the_folder_is_the_users_unless_they_name_one(tmp_path, monkeypatch):
    assert store_folder({"HS_JUPYTER_STORE": str(tmp_path)}) == tmp_path
    assert store_folder({"HS_JUPYTER_STORE": " "}) == store_folder({})
    assert store_folder({}).parts[-2:] == ("hs-jupyter", "store")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HS_JUPYTER_STORE", "kept")
    assert store_folder() == tmp_path / "kept"


def test_servers_and_organizations_do_not_see_each_other(tmp_path):
    places = [
        ("https://api.hyperstudy.io/api/v3", None),
        ("https://api.hyperstudy.io/api/v3", "lab"),
        ("https://api.hyperstudy.io/api/v3", "la-b"),
        ("https://api.hyperstudy.io/api/v4", "lab"),
        ("demo 0a1b2c", None),
    ]
    spaces = [open_space(tmp_path, server=server, organization=org) for server, org in places]
    for number, space in enumerate(spaces, 1):
        keep(space, table_of(ratings(["r"], number)))
    assert [space.find(RATINGS, EXPERIMENT).rows for space in spaces] == [1, 2, 3, 4, 5]
    assert len({space.folder for space in spaces}) == 5
    assert spaces[1].folder.name.startswith("api-hyperstudy-io-lab-")
    assert spaces[4].folder.name.startswith("demo-0a1b2c-")
    again = open_space(tmp_path, server=places[1][0], organization="lab")
    assert again.find(RATINGS, EXPERIMENT).rows == 2


def test_a_store_that_is_not_there_is_read_as_empty(tmp_path):
    space = space_in(tmp_path / "none", read_only=True)
    assert space.find(RATINGS, EXPERIMENT) is None
    assert list(space.holdings()) == []
    assert space.rooms(RATINGS, "x") == {}
    assert not (tmp_path / "none").exists()


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_nobody_else_may_look_into_the_store(tmp_path):
    previous = os.umask(0o000)
    try:
        space = space_in(tmp_path / "a" / "store")
        keep(space, table_of(ratings()))
        keep(
            space,
            table_of([], kind=EVENTS, scope=Scope("participant", "p", room="r")),
            EVENTS,
            Scope("participant", "p", room="r"),
        )
        space.put_record("experiment=e", {})
        with space.journal(RATINGS, EXPERIMENT, {}) as journal:
            journal.append(table_of(ratings()), next_offset=1, announced=1)
            paths = [tmp_path / "a", *(tmp_path / "a").rglob("*")]
            modes = {(path.is_dir(), path.stat().st_mode & 0o777) for path in paths}
        assert modes == {(True, 0o700), (False, 0o600)}
        mirror = open_mirror(tmp_path / "mirror", create=True)  # it is made to be shared
        keep(mirror, table_of(ratings()))
        assert all(
            path.stat().st_mode & 0o077 for path in (tmp_path / "mirror").rglob("*") if path.name != "_lock"
        )
    finally:
        os.umask(previous)


def test_no_key_and_no_signature_is_ever_in_a_file(tmp_path):
    """Values are clean when they come (tables/values.py); nothing else may bring a secret in."""
    space = open_space(tmp_path, server=f"https://me:{KEY}@api.hyperstudy.io/v3?key={KEY}", organization=KEY)
    records = ratings(["r"], 3, note=f"see {URL}", link=URL, nested={"url": URL})
    told = {"warnings": (f"{URL} {KEY}",), "beside": {"media": [URL, {KEY: URL}]}}
    keep(space, table_of(records), facts=facts_of(**told))
    space.put_record(f"experiment={KEY[:8]}", {"url": URL, "keys": {"a": [KEY]}})
    with space.journal(RATINGS, EXPERIMENT, {}) as journal:
        journal.append(table_of(records), next_offset=3, announced=3, extra=told)
    written = b"".join(path.read_bytes() + str(path).encode() for path in files_in(tmp_path))
    text = written + repr(space.find(RATINGS, EXPERIMENT).read().to_pylist()).encode()
    assert b"SECRET" not in text
    assert KEY.encode() not in text
    assert b"s.example/a.mp4" in text


@pytest.mark.parametrize("marker", ["hs-store.json", "*/space.json"])
def test_a_newer_store_is_left_alone_with_a_sentence(tmp_path, marker):
    keep(space_in(tmp_path), table_of(ratings()))
    (path,) = tmp_path.glob(marker)
    path.write_bytes(seal({"format": FORMAT + 1, "what": "?"}))
    before = {one: one.read_bytes() for one in files_in(tmp_path)}
    for read_only in (False, True):
        with pytest.raises(
            StoreError, match=f"newer hs_jupyter .format {FORMAT + 1}, this one knows {FORMAT}"
        ):
            space_in(tmp_path, read_only=read_only)
    assert {one: one.read_bytes() for one in files_in(tmp_path)} == before


def test_an_older_store_is_brought_up_to_date_or_set_aside(tmp_path, monkeypatch):
    keep(space_in(tmp_path), table_of(ratings()))
    for module in ("opening", "manifest", "journal"):
        monkeypatch.setattr(f"hs_jupyter.storage.{module}.FORMAT", FORMAT + 1)
    seen = []

    def upgrade(space):
        seen.append(space)
        for path in files_in(space, "_manifest"):
            path.write_bytes(seal({**opening.unseal(path.read_bytes()), "format": FORMAT + 1}))

    monkeypatch.setitem(opening.UPGRADES, FORMAT, upgrade)
    space = space_in(tmp_path)
    assert seen == [space.folder]
    assert space.find(RATINGS, EXPERIMENT).rows == 80
    assert space_in(tmp_path).find(RATINGS, EXPERIMENT).rows == 80
    assert len(seen) == 1

    for module in ("opening", "manifest", "journal"):
        monkeypatch.setattr(f"hs_jupyter.storage.{module}.FORMAT", FORMAT + 3)
    space = space_in(tmp_path)  # no way from there to here
    assert list(space.holdings()) == []
    assert keep(space, table_of(ratings())).rows == 80
    assert len(list(space.folder.glob(f"outdated-{FORMAT + 1}/data/ratings/*"))) == 1
    age(space.folder / f"outdated-{FORMAT + 1}", opening._OUTDATED_SEC + 1)
    (tmp_path / "hs-store.json").unlink()
    assert space_in(tmp_path).find(RATINGS, EXPERIMENT).rows == 80
    assert list(space.folder.glob("outdated-*")) == []


def test_a_damaged_marker_is_written_again(tmp_path):
    keep(space_in(tmp_path), table_of(ratings()))
    for path in (tmp_path / "hs-store.json", *tmp_path.glob("*/space.json")):
        path.write_bytes(b"\x00")
    assert space_in(tmp_path).find(RATINGS, EXPERIMENT).rows == 80
    assert opening._format_of(tmp_path / "hs-store.json") == FORMAT


def test_a_mirror_is_begun_read_and_gone_on_with(tmp_path):
    folder = tmp_path / "some" / "mirror"
    with pytest.raises(InputError, match="no mirrored study"):
        open_mirror(folder)
    keep(open_mirror(folder, create=True), table_of(ratings(["room_a"])))
    keep(open_mirror(folder, create=True), table_of(ratings()))
    reader = open_mirror(folder)
    assert (reader.read_only, reader.find(RATINGS, EXPERIMENT).rows) == (True, 80)
    with pytest.raises(StoreError, match="open for reading only"):
        keep(reader, table_of(ratings()))
    with pytest.raises(StoreError, match="open for reading only"):
        reader.clear()
    with pytest.raises(StoreError, match="open for reading only"):
        reader.put_record("a", {})
    held = reader.find(RATINGS, EXPERIMENT)
    assert reader.touch(held, checked_at=held.checked_at, announced=5).announced == 5
    assert reader.find(RATINGS, EXPERIMENT).announced == 80


def test_a_mirror_is_not_made_among_other_files(tmp_path):
    (tmp_path / "thesis.docx").write_text("")
    with pytest.raises(InputError, match="holds other files"):
        open_mirror(tmp_path, create=True)
    (tmp_path / "thesis.docx").unlink()
    (tmp_path / ".DS_Store").write_text("")
    assert not open_mirror(tmp_path, create=True).read_only


def test_mirrors_of_other_versions_say_so(tmp_path, monkeypatch):
    keep(open_mirror(tmp_path, create=True), table_of(ratings()))
    marker = tmp_path / "hs-mirror.json"
    marker.write_bytes(seal({"format": FORMAT + 1}))
    for create in (False, True):
        with pytest.raises(InputError, match="made by a newer hs_jupyter"):
            open_mirror(tmp_path, create=create)
    marker.write_bytes(seal({"format": FORMAT - 1}))
    with pytest.raises(InputError, match="of an older hs_jupyter: %hs mirror brings it up to date"):
        open_mirror(tmp_path)
    assert list(open_mirror(tmp_path, create=True).holdings()) == []
    assert open_mirror(tmp_path).read_only


def test_records_are_found_by_their_name(tmp_path):
    space = space_in(tmp_path)
    for name in ("experiment=a/../b", "experiment=..", "mirror", "experiment=" + "x" * 300):
        assert space.get_record(name) is None
        space.put_record(name, {"name": name, "nested": [{"a": None}]})
    assert space.get_record("experiment=a/../b") == {"name": "experiment=a/../b", "nested": [{"a": None}]}
    assert space.get_record("mirror")["name"] == "mirror"
    assert {path.parent for path in files_in(tmp_path, "experiment=")} == {space.folder / "records"}
    assert replace(facts_of(), type="x").type == "x"
