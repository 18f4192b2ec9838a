"""The tree is what others read, too: hive partitions that bring IDs back, and nothing that is no data."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from storage_samples import EXPERIMENT, RATINGS, keep, rating, ratings, space_in, table_of

from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.scope import Scope
from hs_jupyter.storage import open_mirror, parts
from hs_jupyter.storage.manifest import NAME
from hs_jupyter.storage.names import digest, hive_names, list_names, slug
from hs_jupyter.tables.build import NULLS

ODD = ["a/b", "..", "a b", "é", "%2F", "x=y", "room?", "__HIVE_DEFAULT_PARTITION__", "A", "a", "😀"]
ANY = st.text(max_size=200)


@given(ANY.filter(bool), ANY.filter(bool))
def test_a_folders_name_is_one_ids_and_no_path(one, other):
    names = hive_names("room", one)
    for name in names:
        assert name.isascii()
        assert not set(name) & set('/\\:*?"<>|\0 ')
        assert not name.endswith(".")
        assert name.startswith("room=")
        assert len(name) <= 100
    if one != other:
        assert set(names).isdisjoint(hive_names("room", other))
        assert names[-1].lower() != hive_names("room", other)[-1].lower()
    assert set(names).isdisjoint(hive_names("room", None))


@given(ANY.filter(str.strip), ANY.filter(str.strip), ANY.filter(str.strip))
def test_a_participants_folder_is_one_pairs(id_, room, other):
    names = list_names(Scope("participant", id_, room=room))
    if room != other:
        assert set(names).isdisjoint(list_names(Scope("participant", id_, room=other)))
    assert set(names).isdisjoint(list_names(Scope("participant", f"{id_}~{room}")))
    assert all(len(name) <= 110 for name in names)


def test_a_slug_says_what_it_is_of():
    assert slug("https://api.hyperstudy.io:443/api") == "api-hyperstudy-io-443-api"
    assert slug("../../etc") == "etc"
    assert digest("a", None) != digest("a", "") != digest("a")


@pytest.fixture(scope="module")
def mirror(tmp_path_factory):
    """A mirrored experiment with odd rooms, and with rows that name none."""
    folder = tmp_path_factory.mktemp("mirror")
    space = open_mirror(folder, create=True)
    records = ratings([*ODD, None], 30)
    for one in records[::7]:
        one["note"] = "seen"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "ROW_GROUP_ROWS", 8)
        keep(space, table_of(records), rooms=["without rows"])
    return folder, table_of(records)


def test_pyarrow_reads_it_as_a_dataset(mirror):
    folder, table = mirror
    read = ds.dataset(folder / "data" / "ratings", partitioning="hive").to_table()
    assert sorted(read["ratingId"].to_pylist()) == sorted(table["ratingId"].to_pylist())
    rooms = {(one["room"], one["roomId"]) for one in read.to_pylist()}
    null = "__HIVE_DEFAULT_PARTITION__"  # pyarrow takes this ID for a missing one, however it is spelled
    assert rooms == {(None if room == null else room, room) for room in [*ODD, None]}
    assert set(read["experiment"].to_pylist()) == {EXPERIMENT.id}
    assert set(read.column_names) == {*table.column_names, "experiment", "room"}


def test_duckdb_reads_it(mirror):
    folder, table = mirror
    options = "hive_partitioning = true, hive_types_autocast = false"
    read = duckdb.sql(f"FROM read_parquet('{folder}/data/ratings/*/*/*.parquet', {options})").to_arrow_table()
    assert sorted(read["ratingId"].to_pylist()) == sorted(table["ratingId"].to_pylist())
    rooms = {(one["room"], one["roomId"]) for one in read.to_pylist()}
    assert rooms == {(room, room) for room in [*ODD, None]}


def test_pandas_reads_it(mirror):
    folder, table = mirror
    frame = pd.read_parquet(folder / "data" / "ratings", partitioning=None)
    assert sorted(frame["ratingId"]) == sorted(table["ratingId"].to_pylist())
    assert frame["timestamp"].dt.tz is not None


def test_polars_reads_it(mirror):
    pl = pytest.importorskip("polars")
    folder, table = mirror
    frame = pl.scan_parquet(
        folder / "data" / "ratings" / "**" / "*.parquet", hive_partitioning=False
    ).collect()
    assert sorted(frame["ratingId"].to_list()) == sorted(table["ratingId"].to_pylist())
    assert frame.drop(NULLS).shape == (table.num_rows, table.num_columns - 1)


def test_parts_are_sorted_in_row_groups_with_statistics(mirror):
    folder, _ = mirror
    for path in folder.glob("data/ratings/*/*/part-*.parquet"):
        meta = pq.read_metadata(path)
        seen = [
            {
                meta.row_group(group).column(at).path_in_schema: meta.row_group(group).column(at)
                for at in range(meta.num_columns)
            }
            for group in range(meta.num_row_groups)
        ]
        assert len(seen) == 4
        assert {column.compression for group in seen for column in group.values()} == {"ZSTD"}
        for name in ("timestamp", "onset_sec", "participantId"):
            assert all(group[name].statistics.has_min_max for group in seen)
        ends = [(group["timestamp"].statistics.min, group["timestamp"].statistics.max) for group in seen]
        assert ends == sorted(ends)


def test_the_tree_is_as_it_is_described(tmp_path):
    space = space_in(tmp_path)
    keep(space, table_of([*ratings(["r 1"]), rating(None, 1)]))
    keep(space, table_of([], kind=DATA_TYPES["rooms"]), DATA_TYPES["rooms"])
    person = Scope("participant", "p", room="r")
    keep(space, table_of([], scope=person), scope=person)
    lost = Scope("room", "r2")
    keep(space, table_of([], scope=lost), scope=lost)
    space.put_record("experiment=exp_film", {})
    shown = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    base = space.folder.name
    data = f"{base}/data/ratings/experiment="
    plain = {one if "part-" not in one else one[: one.index("part-")] + "part" for one in shown}
    assert plain == {
        "hs-store.json",
        f"{base}/space.json",
        f"{base}/_lock",
        f"{data}exp_film/{NAME}",
        f"{data}exp_film/room=r%201/{NAME}",
        f"{data}exp_film/room=r%201/part",
        f"{data}exp_film/room=__HIVE_DEFAULT_PARTITION__/{NAME}",
        f"{data}exp_film/room=__HIVE_DEFAULT_PARTITION__/part",
        f"{data}__HIVE_DEFAULT_PARTITION__/room=r2/{NAME}",
        f"{base}/lists/rooms/experiment=exp_film/{NAME}",
        f"{base}/lists/ratings/participant=p~r/{NAME}",
        f"{base}/records/experiment=exp_film.json",
    }


def test_a_disk_that_takes_letters_for_the_same_keeps_twins_apart(tmp_path, monkeypatch):
    """As on macOS and Windows, where ``room=A`` and ``room=a`` are one folder."""
    monkeypatch.setattr("hs_jupyter.storage.names._escaped", lambda id_: id_.lower())
    space = space_in(tmp_path)
    for room, count in (("A", 3), ("a", 5)):
        scope = Scope("room", room)
        keep(space, table_of(ratings([room], count), scope=scope), scope=scope)
    keep(space, table_of(ratings(["B", "b"], 7)))
    assert [space.find(RATINGS, Scope("room", room)).rows for room in "Bb"] == [7, 7]
    assert space.find(RATINGS, EXPERIMENT).read().equals(table_of(ratings(["B", "b"], 7)))
    for number, experiment in enumerate(("Exp", "exp"), 1):
        scope = Scope("experiment", experiment)
        keep(space, table_of([rating("r", 0, experimentId=experiment)] * number, scope=scope), scope=scope)
        keep(space, table_of([], kind=DATA_TYPES["rooms"], scope=scope), DATA_TYPES["rooms"], scope)
    assert [space.find(RATINGS, Scope("experiment", one)).rows for one in ("Exp", "exp")] == [1, 1]
    assert space.find(DATA_TYPES["rooms"], Scope("experiment", "EXP")) is None


def test_the_examples_of_the_page_run(tmp_path, monkeypatch):
    pytest.importorskip("polars")
    page = (Path(__file__).parents[2] / "docs" / "store-format.md").read_text("utf-8")
    examples = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    space = open_mirror(tmp_path / "study", create=True)
    for room, fields in (("room_pair_07", {}), ("room_pair_08", {"more": 1})):
        scope = Scope("room", room)
        records = [rating(room, number, onset=299_000 + number * 100, **fields) for number in range(700)]
        keep(space, table_of(records, scope=scope), scope=scope, experiment="exp_film_pairs")
    answers = []
    for example in examples:
        *statements, last = ast.parse(example).body
        names: dict = {}
        exec(compile(ast.Module(statements, []), "example", "exec"), names)
        answers.append(eval(compile(ast.Expression(last.value), "example", "eval"), names))
    by_duckdb, by_pandas, by_polars = answers
    assert sum(row[2] for row in by_duckdb.fetchall()) == len(by_pandas) == 1202
    assert sorted(by_polars["roomId"]) == ["room_pair_07", "room_pair_08"]
