"""Flipped bytes, lost ends, foreign files: the exact rows or a sentence, and only what is damaged is lost."""

from __future__ import annotations

import random
import shutil

import pytest
from storage_samples import (
    EXPERIMENT,
    RATINGS,
    age,
    facts_of,
    files_in,
    keep,
    rating,
    ratings,
    space_in,
    table_of,
)

from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.errors import DamagedError, HsError
from hs_jupyter.scope import Scope
from hs_jupyter.storage import Space, blocks, manifest, open_mirror, parts, shelf

ROOMS = ("room_a", "room_b", "room_c")
PARTICIPANTS, OF_ROOM = DATA_TYPES["participants"], Scope("room", "room_a")
SEEDS = [*range(5), *(pytest.param(seed, marks=pytest.mark.thorough) for seed in range(5, 60))]


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A store with some of everything, in small blocks and row groups, and what it must answer."""
    monkeypatch.setattr(parts, "ROW_GROUP_ROWS", 50)
    for module in (blocks, manifest):
        monkeypatch.setattr(module, "BLOCK_BYTES", 512)
    space = space_in(tmp_path / "store")
    records = [rating(room, number, note=f"{room} says {number}") for room in ROOMS for number in range(120)]
    keep(space, table_of(records))
    people = [{"participantId": "p_1", "roomId": "room_a", "joinedAt": "2026-03-02T15:00:00Z"}]
    keep(space, table_of(people, kind=PARTICIPANTS, scope=OF_ROOM), PARTICIPANTS, OF_ROOM)
    keep(space, table_of(people, kind=DATA_TYPES["rooms"]), DATA_TYPES["rooms"])
    space.put_record("experiment=exp_film", {"name": "Film", "rows": 360})
    with space.journal(RATINGS, EXPERIMENT, {}) as journal:
        for at in range(0, 120, 40):
            journal.append(table_of(records[at : at + 40]), next_offset=at + 40, announced=360)
    return space


def answers(space: Space) -> dict[str, object]:
    """Everything the store can be asked; None for what it does not hold, or found damaged."""
    shelf._seen.clear()  # as another process would read it
    asked = {
        "whole": (RATINGS, EXPERIMENT, {}),
        "window": (RATINGS, EXPERIMENT, {"onset": (3.0, 4.0), "columns": ["note"]}),
        **{room: (RATINGS, Scope("room", room), {}) for room in ROOMS},
        "people": (PARTICIPANTS, OF_ROOM, {}),
        "rooms": (DATA_TYPES["rooms"], EXPERIMENT, {}),
    }
    found: dict[str, object] = {}
    for name, (kind, scope, narrow) in asked.items():
        try:
            held = space.find(kind, scope)
            found[name] = None if held is None else (held.facts, held.read(**narrow).to_pylist())
        except DamagedError:
            found[name] = None
    found["record"] = space.get_record("experiment=exp_film")
    with space.journal(RATINGS, EXPERIMENT, {}) as journal:
        found["journal"] = [table.to_pylist() for table in journal.segments()]
        assert (journal.state.rows if journal.state else 0) == sum(map(len, found["journal"]))
        assert (journal.state.next_offset if journal.state else 0) == sum(map(len, found["journal"]))
    return found


def check(before: dict[str, object], after: dict[str, object]) -> int:
    """Every answer is as it was, or none; of the journal, a beginning. Return how many are lost."""
    kept = before["journal"][: len(after["journal"])]
    assert after["journal"] == kept
    lost = [name for name in before if name != "journal" and after[name] != before[name]]
    assert all(after[name] is None for name in lost)
    return len(lost) + len(before["journal"]) - len(kept)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_flipped_byte_anywhere_never_gives_other_rows(kept, tmp_path, seed, monkeypatch):
    if seed % 2:
        monkeypatch.setattr(parts, "SMALL_BYTES", 0)  # read block by block, as far as it is needed
    before = answers(kept)
    assert None not in before.values()
    assert len(before["journal"]) == 3
    chance = random.Random(seed)
    copy, lost = tmp_path / "copy", 0
    for _ in range(40):
        shutil.copytree(kept.folder, copy)
        path = chance.choice(files_in(copy))
        data = bytearray(path.read_bytes())
        if not data:  # a lock
            shutil.rmtree(copy)
            continue
        for _ in range(chance.choice([1, 1, 2, 30])):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        lost += check(before, answers(Space(copy)))
        assert check(before, answers(Space(copy))) <= 6  # damage does not spread by being looked at
        shutil.rmtree(copy)
    assert lost > 10


@pytest.mark.parametrize("seed", SEEDS)
def test_lost_ends_and_swapped_files_never_give_other_rows(kept, tmp_path, seed, monkeypatch):
    if seed % 2:
        monkeypatch.setattr(parts, "SMALL_BYTES", 0)
    before, chance, copy = answers(kept), random.Random(seed), tmp_path / "copy"
    for _ in range(15):
        shutil.copytree(kept.folder, copy)
        path, other = chance.sample([one for one in files_in(copy) if one.stat().st_size], 2)
        data = path.read_bytes()
        match chance.randrange(4):
            case 0:
                path.write_bytes(data[: chance.randrange(len(data))])
            case 1:
                path.write_bytes(data + bytes(chance.randrange(1, 2000)))
            case 2:
                start = chance.randrange(len(data))
                path.write_bytes(data[:start] + bytes(len(data) - start))
            case 3:
                path.write_bytes(other.read_bytes())
        check(before, answers(Space(copy)))
        shutil.rmtree(copy)


def test_every_byte_of_a_small_manifest_counts(tmp_path):
    space, scope = space_in(tmp_path), Scope("room", "room_a")
    table = table_of(ratings(["room_a"], 3), scope=scope)
    keep(space, table, scope=scope)
    (path,) = files_in(tmp_path, "_manifest")
    data = path.read_bytes()
    lost = 0
    for place in range(len(data)):
        path.write_bytes(bytes([*data[:place], data[place] ^ 1, *data[place + 1 :]]))
        held = space.find(RATINGS, scope)
        lost += held is None
        assert held is None or held.read().equals(table)
    path.write_bytes(data)
    assert space.find(RATINGS, scope).read().equals(table)
    assert lost > 0.7 * len(data)  # what is left is the white space between


def test_only_what_is_damaged_is_set_aside_and_fetched_again(tmp_path):
    space = space_in(tmp_path)
    keep(space, table_of(ratings(ROOMS)))
    (part,) = files_in(tmp_path / space.folder.name / "data/ratings/experiment=exp_film/room=room_b", "part")
    data = part.read_bytes()
    part.write_bytes(data[:100] + b"?" + data[101:])
    with pytest.raises(DamagedError, match="ratings of room room_b in the store are damaged"):
        space.find(RATINGS, EXPERIMENT).read()
    assert space.find(RATINGS, EXPERIMENT) is None
    assert set(space.rooms(RATINGS, EXPERIMENT.id)) == {"room_a", "room_c"}
    assert space.notes == [f"{part.relative_to(space.folder)} is damaged"]
    assert [path.name[:9] for path in files_in(part.parent)] == ["_damaged-", "_manifest"]

    scope = Scope("room", "room_b")
    keep(space, table_of(ratings(["room_b"]), scope=scope), scope=scope)
    assert space.find(RATINGS, EXPERIMENT).read().equals(table_of(ratings(ROOMS)))

    (aside,) = files_in(part.parent, "_damaged")
    age(aside, shelf.LEFTOVER_SEC + 1)
    keep(space, table_of(ratings(["room_b"]), scope=scope), scope=scope)
    assert files_in(tmp_path, "_damaged") == []


def test_foreign_files_are_nobodys_business(tmp_path):
    space = space_in(tmp_path)
    table = table_of(ratings(["room_a"]))
    keep(space, table)
    room = space.find(RATINGS, OF_ROOM).sources[0].folder
    foreign = [
        room / "notes.txt",
        room / "part-mine.parquet",
        room / ".DS_Store",
        room.parent / "room=room_z" / "readme",
        room.parent / "Thumbs.db",
        space.folder / "data" / "x",
        space.folder / "lists" / "y" / "z" / "_manifest.json",
        space.folder / "partial" / "w" / "000000-00000000.arrow",
        tmp_path / "elsewhere" / "space.json",
    ]
    for path in foreign:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine")
        age(path, 10 * 24 * 3600)
    keep(space, table)
    assert space_in(tmp_path).find(RATINGS, EXPERIMENT).read().equals(table)
    assert [held.rows for held in space.holdings()] == [40, 40]
    space.clear()
    left = {path for path in foreign if path.exists()}
    ours = {foreign[6], foreign[7]}  # a manifest and a journal in our places are ours, and no good
    assert left == set(foreign) - ours
    assert files_in(tmp_path, "part-") == [foreign[1]]


def test_a_part_that_is_gone_is_missed(tmp_path):
    space = space_in(tmp_path)
    held = keep(space, table_of(ratings(ROOMS)))
    files_in(tmp_path, "part")[1].unlink()
    with pytest.raises(DamagedError, match="room_b in the store are gone"):
        held.read()
    assert space.find(RATINGS, EXPERIMENT) is None
    assert space.find(RATINGS, Scope("room", "room_c")).rows == 40


def test_a_damaged_mirror_is_left_as_it_is(tmp_path):
    space = open_mirror(tmp_path, create=True)
    keep(space, table_of(ratings(ROOMS)))
    part = files_in(tmp_path, "part")[0]
    part.write_bytes(part.read_bytes()[:-1] + b"?")
    reader = open_mirror(tmp_path)
    with pytest.raises(DamagedError):
        reader.find(RATINGS, EXPERIMENT).read()
    assert part.exists()
    assert reader.find(RATINGS, Scope("room", "room_b")).rows == 40


def test_a_mirrors_manifest_cannot_name_a_file_elsewhere(tmp_path):
    space = open_mirror(tmp_path / "mirror", create=True)
    keep(space, table_of(ratings(["room_a"])))
    folder = space.find(RATINGS, OF_ROOM).sources[0].folder
    held = manifest.unseal((folder / manifest.NAME).read_bytes())
    outside = shutil.copy(folder / held["parts"][0]["name"], tmp_path / "outside.parquet")
    assert outside.exists()
    for change in (
        {"parts": [{**held["parts"][0], "name": "../../../../../outside.parquet"}]},
        {"parts": [{**held["parts"][0], "blocks": []}]},
        {"columns": [["value", "text"]]},
        {"columns": [["value", "no type"]]},
        {"rows": 41},
        {"type": "no such type"},
        {"scope": {"kind": "room", "id": ""}},
        {"fetched_at": "yesterday"},
        {"facts": {"surprise": 1}},
    ):
        (folder / manifest.NAME).write_bytes(manifest.seal({**held, **change}))
        assert open_mirror(tmp_path / "mirror").find(RATINGS, OF_ROOM) is None
    for change in ({"columns": [["value", "float"]]}, {"columns": [*held["columns"], ["more", "text"]]}):
        (folder / manifest.NAME).write_bytes(manifest.seal({**held, **change}))
        space = open_mirror(tmp_path / "mirror")
        try:
            names = space.find(RATINGS, OF_ROOM).read().column_names
        except HsError:
            continue
        assert names == ["value"]


def test_a_manifest_of_another_format_is_not_read(tmp_path):
    space = space_in(tmp_path)
    keep(space, table_of(ratings(["room_a"])))
    folder = space.find(RATINGS, OF_ROOM).sources[0].folder
    held = manifest.unseal((folder / manifest.NAME).read_bytes())
    (folder / manifest.NAME).write_bytes(manifest.seal({**held, "format": manifest.FORMAT + 1, "new": 1}))
    assert space.find(RATINGS, OF_ROOM) is None
    assert space.notes == []
    assert files_in(folder, "_damaged") == []
    assert facts_of().type == held["type"]
