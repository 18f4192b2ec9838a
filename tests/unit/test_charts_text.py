"""Text from a study is data in a chart: never an expression, a field, a format, a link, markup."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest
import vl_convert
from sample_tables import room_tables
from test_charts_rows import every, spec_of

from hs_jupyter.charts import overlay_chart, timeline_chart

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "datum['x']; alert(1)",
    "'); alert(1); ('",
    "a.b[0]",
    "\\'\"`${1}",
    "{{constructor.constructor('alert(1)')()}}",
    "javascript:alert(1)",
    "https://evil.example/x.png",
    "count()",
    "name:Q",
    "mean(value)",
    "=HYPERLINK(1)",
    "line\nbreak\u2028\u202e\x00\x07\x1b\ufffe",
    "__proto__",
    "constructor",
    "toString",
    "",
    " ",
)
CODE = (
    "calculate", "filter", "labelExpr", "expr", "signal", "test", "format", "formatType", "href", "url", "as",
    "groupby", "flatten", "field", "param", "events", "on", "clear", "name", "type", "update",
)  # fmt: skip
"""Where a specification is run or resolved rather than shown; ``name`` of a list's label is ours."""


def poisoned(text: str, people: int = 2) -> dict[str, pa.Table]:
    """The tables of a room with the text in every column of text."""
    found = {}
    for name, whole in room_tables(people).items():
        table = whole.take(list(range(0, whole.num_rows, max(1, whole.num_rows // 60))))
        columns = {
            key: [f"{text}{one[-1:]}" if one else text for one in table.column(key).to_pylist()]
            if pa.types.is_string(table.schema.field(key).type)
            else table.column(key)
            for key in table.column_names
        }
        found[name] = pa.table(columns)
    return found


@pytest.mark.parametrize("draw", [timeline_chart, overlay_chart])
def test_hostile_text_stays_data(draw):
    plain = code_of(draw(poisoned("p"), title="p").to_dict(validate=False))
    for text in HOSTILE:
        assert code_of(draw(poisoned(text), title=text).to_dict(validate=False)) == plain


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_drawn_as_text(text):
    spec = spec_of(
        timeline_chart({**poisoned(text), "ratings": poisoned(text)["ratings"].slice(0, 50)}, title=text)
    )
    svg = vl_convert.vegalite_to_svg(spec, vl_version="6.4")
    assert "<img" not in svg
    assert "href" not in svg
    assert vl_convert.vegalite_to_png(spec, vl_version="6.4").startswith(b"\x89PNG")


def test_hostile_text_in_the_list_of_participants_stays_data():
    spec = spec_of(timeline_chart(poisoned("<b>'+alert(1)+'", 24)))
    assert code_of(spec) == code_of(spec_of(timeline_chart(poisoned("p", 24))))


def test_a_long_text_is_cut():
    assert max(len(one) for one in every(spec_of(timeline_chart(poisoned("x" * 5000))), "participant")) == 300


def code_of(spec: dict) -> list[str]:
    """Everything in a specification that is run, without its data."""
    bare = without_data(spec)
    return [f"{key} {json.dumps(one)}" for key in CODE for one in every(bare, key)]


def without_data(value):
    if isinstance(value, dict):
        return {
            key: without_data(one)
            for key, one in value.items()
            if key not in ("values", "title", "domain", "options", "labels")
        }
    return [without_data(one) for one in value] if isinstance(value, list) else value
