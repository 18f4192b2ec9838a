"""SQL over tables: one SELECT, bound parameters, nothing outside."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from fake_service import FakeService, connect, event

import hs_jupyter as hs
from hs_jupyter.duck import Sql
from hs_jupyter.errors import ForbiddenError, InputError

NUMBERS = pa.table({"n": [1, 2, 3], "__nulls__": pa.array([None, None, ["n"]], pa.list_(pa.string()))})


def run(query, params=None, **tables):
    return Sql(query).run(tables.get, params).to_pylist()


def refused(query, params=None, **tables):
    with pytest.raises(InputError) as caught:
        run(query, params, **tables)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("query", "tables", "parameters"),
    [
        ("SELECT * FROM events", {"events"}, set()),
        ("SELECT * FROM events e JOIN sync USING (roomId) WHERE x > $least", {"events", "sync"}, {"least"}),
        (
            "WITH a AS (SELECT * FROM events) SELECT * FROM a, (SELECT 1 FROM chat)",
            {"events", "chat", "a"},
            set(),
        ),
        ("FROM events", {"events"}, set()),
        ("SELECT 'FROM sync', \"from\" FROM t -- FROM chat", {"t"}, set()),
        ("SELECT (SELECT max(n) FROM a) UNION SELECT n FROM b", {"a", "b"}, set()),
        ("SELECT 1", set(), set()),
    ],
)
def test_the_names_of_a_query(query, tables, parameters):
    statement = Sql(query)
    assert statement.tables == tables
    assert statement.parameters == parameters


@pytest.mark.parametrize(
    "table",
    [NUMBERS, pd.DataFrame({"n": [1, 2, 3]}), pl.DataFrame({"n": [1, 2, 3]})],
    ids=["arrow", "pandas", "polars"],
)
def test_tables_in_any_form(table):
    assert run("SELECT sum(n) AS s FROM t WHERE n >= $least", {"least": 2}, t=table) == [{"s": 5.0}]
    assert [set(row) for row in run("SELECT * FROM t LIMIT 1", t=table)] == [{"n"}]


@pytest.mark.parametrize("value", [2, 2.0, np.int64(2), np.float32(2), True])
def test_parameters_are_bound(value):
    assert run("SELECT count(*) AS c FROM t WHERE n >= $v", {"v": value, "unused": object()}, t=NUMBERS)[0][
        "c"
    ] in {2, 3}


def test_a_parameter_is_never_text_of_the_query():
    hostile = "x' OR 1=1 --"
    assert run("SELECT $v AS v", {"v": hostile}) == [{"v": hostile}]


def test_a_parameter_without_a_value_is_named():
    assert "$least, which is not defined in the notebook" in refused("SELECT $least")


@pytest.mark.parametrize(
    "query",
    [
        "",
        ";",
        "-- only a remark",
        "DROP TABLE t",
        "CREATE TABLE x AS SELECT 1",
        "INSERT INTO t VALUES (1)",
        "SELECT 1; SELECT 2",
        "COPY t TO 'x.csv'",
        "ATTACH 'x.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "PRAGMA version",
        "UPDATE t SET n = 1",
        "DELETE FROM t",
        "EXPORT DATABASE 'x'",
        "CALL pragma_version()",
        "SELEC 1",
        "SELECT FROM WHERE",
    ],
)
def test_what_is_not_one_select_is_refused(query):
    refused(query, t=NUMBERS)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM '{file}'",
        "SELECT * FROM read_text('{file}')",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM read_blob('{file}')",
        "SELECT * FROM sniff_csv('{file}')",
        "SELECT * FROM read_json('http://127.0.0.1:1/x')",
        "SELECT getenv('HYPERSTUDY_API_KEY')",
        "SELECT * FROM sqlite_scan('{file}', 'x')",
    ],
)
def test_nothing_outside_is_read(query, tmp_path, monkeypatch):
    file = tmp_path / "secret.csv"
    file.write_text("secret\n42\n")
    monkeypatch.setenv("HYPERSTUDY_API_KEY", "secret")
    refused(query.format(file=file.as_posix(), folder=tmp_path.as_posix()))


def test_variables_of_python_are_not_tables():
    secret = pd.DataFrame({"a": [1]})
    assert len(secret) == 1
    assert "secret" in refused("SELECT * FROM secret")


def test_settings_are_locked():
    for query in (
        "SELECT set_config('enable_external_access', 'true', false)",
        "SELECT 1 FROM duckdb_settings() WHERE error('x')",
    ):
        refused(query)


def test_sums_of_whole_numbers_are_numbers():
    table = Sql("SELECT sum(n) AS s, avg(n) AS a, count(*) AS c FROM t").run({"t": NUMBERS}.get)
    assert table.schema.field("s").type == pa.float64()
    assert table.to_pylist() == [{"s": 6.0, "a": 2.0, "c": 3}]


def test_times_are_utc():
    table = pa.table({"seen": pa.array([0], pa.timestamp("us", "UTC"))})
    assert run("SELECT hour(seen) AS h, CAST(seen AS VARCHAR) AS t FROM x", x=table) == [
        {"h": 0, "t": "1970-01-01 00:00:00+00"}
    ]


def test_a_mistake_is_one_line_with_duckdb_s_hint():
    said = refused("SELECT m FROM t", t=NUMBERS)
    assert said.startswith("SQL: ")
    assert "m" in said


EVENTS = [event(number, response={"value": number}) for number in range(3)]


@pytest.fixture
def service(monkeypatch):
    return connect(
        monkeypatch,
        FakeService({"data/events/room/r1": EVENTS, "data/sync/room/r1": ForbiddenError("no right")}),
    )


def test_sql_fetches_only_what_it_names(service):
    found = hs.sql("SELECT count(*) AS n FROM Events", room="r1")
    assert found["n"].tolist() == [3]
    assert service.paths() == ["data/events/room/r1"]


def test_nested_values_are_json_text(service):
    assert hs.sql(
        "SELECT max(CAST(response->>'value' AS INT)) AS m FROM events", room="r1", as_="records"
    ) == [{"m": 2}]


def test_frames_of_the_notebook_are_there_and_tables_of_the_scope_win(service):
    frames = {"mine": pd.DataFrame({"id": ["e01"]}), "events": pd.DataFrame({"id": ["x"]})}
    found = hs.sql("SELECT id FROM events JOIN mine USING (id)", room="r1", frames=frames)
    assert found["id"].tolist() == ["e01"]


def test_windows_hold_for_sql(service):
    assert hs.sql("SELECT count(*) AS n FROM events", room="r1", from_="1s", to=1)["n"].tolist() == [1]


def test_an_unknown_table_is_said_before_anything_is_fetched(service):
    with pytest.raises(InputError, match="no table 'rooms' at room scope"):
        hs.sql("SELECT * FROM rooms, events", room="r1")
    assert service.asked == []


def test_a_table_that_cannot_be_read_says_why(service):
    with pytest.raises((InputError, ForbiddenError), match="no right"):
        hs.sql("SELECT * FROM sync", room="r1")
    with pytest.raises(InputError, match="SQL: sync: no right"):
        hs.sql("SELECT * FROM sync, events", room="r1")
