"""``%hs`` against the demo study over HTTP: every example of the help runs, and says what it did."""

from __future__ import annotations

import hyperstudy
import pandas as pd
import pytest

from hs_jupyter.errors import MagicError
from hs_jupyter.magics.language import DATA, PLAN, SQL, VERBS
from hs_jupyter.magics.suggest import column_names

SILENT = {"help", "login", "logout", "demo", "open"}
BEFORE = {"store": ["%hs chat room room_pair_01 -q"]}


@pytest.mark.parametrize(
    "verb", [verb for verb in (*VERBS, PLAN, SQL) if verb.name not in SILENT], ids=lambda verb: verb.name
)
def test_the_example_of_every_verb_runs(demo_shell, capsys, verb):
    for line in BEFORE.get(verb.name, ()):
        demo_shell.run(line)
    result = demo_shell.run(verb.example)
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith("DEMO STUDY · ")]
    assert said
    assert not [line for line in said if " 0 rows" in line]
    if verb in DATA and " -o " not in verb.example:
        assert isinstance(result, pd.DataFrame)
        assert len(result) > 0


@pytest.mark.parametrize("verb", DATA, ids=lambda verb: verb.name)
def test_completion_and_help_know_the_columns(demo_shell, verb):
    line = verb.example.partition(" --columns")[0].partition(" -o ")[0]
    table = demo_shell.run(f"x = {line} -q\nx")
    documented = [name for name in column_names(verb) if name in table.columns]
    assert documented
    demo_shell.run(f"y = {line} -q --columns {','.join(documented)}")
    assert list(demo_shell.user_ns["y"].columns) == documented


def test_the_example_of_login_runs(demo, demo_shell, capsys, monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda _: demo.api_key)
    demo_shell.run(f"%hs login --url {demo.base_url}")
    shown = capsys.readouterr()
    assert demo.api_key not in shown.out + shown.err
    assert str(demo_shell.run("hs_link = %hs logout\nhs_link"))


def test_the_example_of_open_runs(demo_shell):
    demo_shell.run("%hs mirror exp_film_pairs --to film_pairs -q -o written")
    shown = demo_shell.run("%hs open film_pairs")
    assert str(shown).startswith("DEMO STUDY, mirrored in")
    assert len(demo_shell.run("%hs rooms exp_film_pairs -q")) == 13


def test_a_wrong_key_is_one_line(demo, demo_shell, monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda _: "hst_live_wrongwrongwrong")
    with pytest.raises(MagicError) as caught:
        demo_shell.run(f"%hs login --url {demo.base_url}")
    assert "wrongwrong" not in str(caught.value)
    assert demo_shell.run("%hs rooms exp_film_pairs -q").shape[0] > 0


def test_the_summary_says_type_scope_rows_and_onsets(demo_shell, capsys):
    table = demo_shell.run("x = %hs events room room_pair_01\nx")
    first, last = table.onset_sec.min(), table.onset_sec.max()
    said = capsys.readouterr().out
    assert said.startswith(f"DEMO STUDY · events · room room_pair_01 · {len(table)} rows · onset -")
    assert first < 0 < last


@pytest.mark.parametrize("form", ["pandas", "polars", "arrow", "records"])
def test_every_form_has_the_same_summary(demo_shell, capsys, form):
    if form == "polars":
        pytest.importorskip("polars")
    demo_shell.run("%hs sync room room_pair_01 -o x")
    demo_shell.run(f"%hs sync room room_pair_01 -o x --as {form}")
    first, second = capsys.readouterr().out.splitlines()
    assert first == second


def test_the_table_is_the_official_clients(demo, demo_shell):
    client = hyperstudy.HyperStudy(api_key=demo.api_key, base_url=demo.base_url)
    theirs = client.get_chat("room_group_01", scope="room")
    ours = demo_shell.run("x = %hs chat room room_group_01\nx")
    assert set(theirs["messageId"]) == set(ours["messageId"])


def test_quality_names_the_late_viewer_and_says_how_many_rows(demo_shell, capsys):
    table = demo_shell.run("x = %hs quality room room_pair_03\nx")
    assert capsys.readouterr().out.startswith("DEMO STUDY · quality · room room_pair_03 · 4 rows\n")
    assert set(table[table.status == "late"].participantId) == {"p_pair_03_viewer"}
    demo_shell.run("%hs quality participant p_pair_03_viewer --room room_pair_03 --to 2m --as arrow -o q -q")
    assert demo_shell.user_ns["q"]["status"].to_pylist() == ["ok", "ok"]
    assert capsys.readouterr().out == ""


def test_a_variable_of_the_notebook_is_the_room(demo_shell):
    demo_shell.run("rooms = %hs rooms exp_film_pairs -q")
    demo_shell.run("first = rooms.roomId.sort_values().tolist()")
    table = demo_shell.run("x = %hs sync room {first[1]} -q --columns roomId\nx")
    assert set(table.roomId) == {demo_shell.user_ns["first"][1]}


def test_a_bound_may_begin_with_a_dash(demo_shell):
    table = demo_shell.run("x = %hs events room room_pair_01 --from -30s --to=0s -q\nx")
    assert len(table) > 0
    assert table.onset_sec.between(-30, 0).all()


def test_a_plan_arrives_in_variables(demo_shell, capsys):
    demo_shell.run(
        "%%hs room room_pair_01 --from 0s\nevents --limit 5 -> ev\n"
        "ratings --columns participantId,value_norm -> cont\nratings/sparse -> sparse\n"
    )
    assert len(capsys.readouterr().out.splitlines()) == 3
    assert demo_shell.run("ev.shape[0], list(cont.columns)") == (5, ["participantId", "value_norm"])
    assert demo_shell.run("sparse.onset_sec.min()") >= 0


def test_a_plan_says_that_a_time_was_read_as_utc(demo_shell, capsys):
    demo_shell.run("%%hs room room_pair_01 --from 2020-01-01T00:00\nsync\n")
    shown = capsys.readouterr()
    assert "read as UTC" in shown.out + shown.err


def test_sql_joins_a_frame_of_the_notebook(demo_shell):
    late = pd.DataFrame({"participantId": ["p_pair_01_viewer"], "mark": ["x"]})
    demo_shell.user_ns.update(late=late, limit=0.5)
    table = demo_shell.run(
        "%%hs sql room room_pair_01\n"
        "SELECT mark, count(*) AS n FROM sync JOIN late USING (participantId) "
        "WHERE abs(timeDrift) > $limit GROUP BY 1\n"
    )
    assert table["mark"].tolist() == ["x"]
    assert table["n"][0] > 0


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("%hs events room room_pair_0", "room 'room_pair_0' not found; did you mean 'room_pair_"),
        ("%hs rooms 'Film in pair'", "experiment 'Film in pair' not found"),
        ("%hs events room room_pair_01 --from 90", "--from 90 has no unit: write --from 90s"),
        (
            "%hs events room room_pair_01 --columns onsetsec",
            "--columns: events has no column 'onsetsec'; did you mean 'onset_sec'?",
        ),
        ("%hs plot room room_pair_01 --types consent", "consent cannot be drawn"),
        ("%hs quality room room_pair_3", "room 'room_pair_3' not found; did you mean 'room_pair_"),
        (
            "%hs quality participant p_pair_03_view --room room_pair_03",
            "participant 'p_pair_03_view' is not in room 'room_pair_03'; did you mean 'p_pair_03_viewer'?",
        ),
        ("%hs quality room room_pair_03 --types sync", "quality has no option --types"),
        ("%hs quality participant p_pair_03_viewer", "a participant needs a room"),
        ("%hs bundle room room_pair_01 --types evnts", "unknown data type 'evnts'; did you mean 'events'?"),
        ("%%hs sql room room_pair_01\nSELECT nonsense FROM sync", "SQL: "),
        ("%%hs sql room room_pair_01\nSELECT 1 FROM nowhere", "SQL: no table 'nowhere' at room scope"),
        ("%%hs sql room room_pair_01\nDROP TABLE sync", "write one SELECT"),
        ("%%hs sql room room_pair_01\nSELECT * FROM read_csv('/etc/passwd')", "SQL: "),
    ],
)
def test_mistakes_are_one_line_that_helps(demo_shell, cell, sentence):
    with pytest.raises(MagicError) as caught:
        demo_shell.run(cell + "\n" if cell.startswith("%%") else cell)
    assert str(caught.value).startswith(sentence)
    assert caught.value.__context__ is None


def test_tab_offers_the_studys_ids(demo_shell):
    from IPython.core.completer import provisionalcompleter

    def tab(text):
        with provisionalcompleter():
            return [one.text for one in demo_shell.Completer.completions(text, len(text))]

    demo_shell.run(
        "%hs experiments -q"
    )  # the twins are imported: what is measured here is not Python's import
    assert "exp_film_pairs" in tab("%hs rooms exp_")
    assert {"room_pair_01", "room_solo_24"} <= set(tab("%hs events room room_"))
    assert set(tab("%hs events --room room_pair_01 participant p_")) == {"p_pair_01_host", "p_pair_01_viewer"}
