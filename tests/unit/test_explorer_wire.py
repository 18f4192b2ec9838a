"""Arrow as it travels: only what JavaScript reads exactly; the bytes that both languages are tested with."""

from __future__ import annotations

import json

import explorer_samples as samples
import msgspec
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hs_jupyter.explorer.messages import Answer, Failure, News, Progress
from hs_jupyter.explorer.wire import TEXT_MOST, cell_kind, fixed_table, stream, wire_table
from hs_jupyter.tables.values import arrow_field

TRAVELS = {pa.float64(), pa.int32(), pa.bool_(), pa.dictionary(pa.int32(), pa.string())}


def test_the_fixtures_are_what_is_sent() -> None:
    made = samples.samples()
    files = {file.name for file in samples.FOLDER.iterdir()}
    wanted = {f"{name}.json" for name in made}
    for name, (message, tables) in made.items():
        held = json.loads((samples.FOLDER / f"{name}.json").read_text("utf-8"))
        assert held == message, f"{name}: run python tests/unit/explorer_samples.py"
        for table_name, table in tables.items():
            bytes_held = (samples.FOLDER / f"{name}.{table_name}.arrow").read_bytes()
            assert samples.read(bytes_held).equals(samples.read(stream(table)))
            values = json.loads((samples.FOLDER / f"{name}.{table_name}.values.json").read_text("utf-8"))
            assert values == samples.values_of(table)
            wanted |= {f"{name}.{table_name}.arrow", f"{name}.{table_name}.values.json"}
    assert files == wanted


def test_the_fixtures_hold_every_kind_of_message_and_type() -> None:
    made = samples.samples()
    assert {message["type"] for message, _ in made.values()} == {
        one.__struct_config__.tag for one in (Answer, Failure, Progress, News)
    }
    assert {field.type for field in made["types"][1]["rows"].schema} == TRAVELS


def test_every_type_of_a_table_becomes_one_that_travels() -> None:
    table = samples.every_type()
    assert {field.type for field in table.schema} <= TRAVELS
    rows = table.to_pydict()
    assert rows["instant"][:2] == [1772463845250.0, 0.0]
    assert rows["whole"][1] == 2.0**53
    assert rows["huge"][0] == "9007199254740993"
    assert rows["long"][0] == "x" * TEXT_MOST + "…"
    assert rows["long"][1] == "x" * TEXT_MOST
    assert rows["nothing"] == [None] * 5


COLUMNS = {
    "text": st.text(max_size=8),
    "number": st.floats(allow_nan=False),
    "whole": st.integers(-(2**53), 2**53),
    "truth": st.booleans(),
}
PLAIN = {"text": pa.string(), "number": pa.float64(), "whole": pa.int64(), "truth": pa.bool_()}


@given(
    st.lists(st.fixed_dictionaries({name: one | st.none() for name, one in COLUMNS.items()}), max_size=9),
    st.integers(1, 4),
)
def test_what_travels_arrives(rows, piece) -> None:
    whole = pa.Table.from_pylist(rows, pa.schema(list(PLAIN.items())))
    pieces = [whole.slice(at, piece) for at in range(0, len(rows), piece)] or [whole]
    assert samples.read(stream(wire_table(pa.concat_tables(pieces), text_most=None))).to_pylist() == rows


@pytest.mark.parametrize(
    "values", [pa.array([1], pa.int64()), pa.array(["x"]), pa.array([[1]]), pa.array([b"x"])]
)
def test_what_javascript_would_read_wrongly_is_never_sent(values) -> None:
    with pytest.raises(TypeError, match="does not travel"):
        stream(pa.table({"x": values}))


def test_nested_and_odd_values_become_text() -> None:
    odd = pa.table(
        {
            "list": pa.array([[1], None]),
            "bytes": pa.array([b"\xff", None]),
            "date": pa.array([1, None], pa.date32()),
        }
    )
    assert wire_table(odd).to_pylist()[0] == {"list": "[1]", "bytes": "b'\\xff'", "date": "1970-01-02"}


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        (pa.field("a", pa.string()), "text"), (pa.field("a", pa.float64()), "number"),
        (pa.field("a", pa.int64()), "whole"),
        (pa.field("a", pa.bool_()), "truth"), (pa.field("a", pa.timestamp("us", "UTC")), "instant"),
        (arrow_field("a", "json"), "nested"), (pa.field("a", pa.null()), "text"),
        (pa.field("a", pa.dictionary(pa.int32(), pa.string())), "text"),
    ],
)  # fmt: skip
def test_the_browser_is_told_what_cells_are(field, kind) -> None:
    assert cell_kind(field) == kind


def test_a_fixed_table_has_its_columns_whatever_is_missing() -> None:
    table = fixed_table(
        {"id": "text", "rooms": "int32", "at_ms": "float64", "stored": "bool"}, {"id": ["a", None]}
    )
    assert table.to_pylist() == [
        {"id": "a", "rooms": None, "at_ms": None, "stored": None},
        {"id": None, "rooms": None, "at_ms": None, "stored": None},
    ]
    assert {field.type for field in table.schema} == TRAVELS


def test_messages_of_the_samples_are_messages_of_the_contract() -> None:
    for name, (message, _) in samples.samples().items():
        if message["type"] != "answer":
            msgspec.convert(message, Failure | Progress | News)
        elif name != "types":
            assert {"id", "to", "result", "tables"} <= message.keys()
