"""``%hs`` in an IPython: results, variables, summaries, errors, secrets, loading."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pandas as pd
import pytest
from IPython.core.error import UsageError

from hs_jupyter import magics
from hs_jupyter.errors import MagicError, NotFoundError

KEY = "hst_live_" + "Zz9" * 20


def test_the_main_verb_calls_its_twin(shell, twins):
    shell.run("%hs events room room_1 --from -5s --limit 3")
    assert twins.calls == [
        ("table", {"type": "events", "room": "room_1", "from_": "-5s", "limit": 3, "progress": True})
    ]


def test_an_assignment_gets_the_table_itself(shell, twins):
    table = pd.DataFrame({"onset_sec": [1.0]})
    twins.answers["events"] = table
    shell.run("x = %hs events room room_1")
    assert shell.user_ns["x"] is table


def test_a_summary_follows(shell, capsys):
    shell.run("x = %hs events room room_1")
    assert capsys.readouterr().out == "events · room room_1 · 2 rows · onset -1:02 to 11:40\n"


def test_the_demo_study_is_said(shell, twins, capsys):
    twins.link = replace(twins.link, demo=True)
    shell.run("x = %hs events room room_1")
    assert capsys.readouterr().out.startswith("DEMO STUDY · events · room room_1 · 2 rows")


def test_out_puts_a_variable_and_returns_nothing(shell, capsys):
    assert shell.run("%hs events room room_1 -o ev") is None
    assert shell.user_ns["ev"] == [{"onset_sec": -62.0}, {"onset_sec": 700.0}]
    assert capsys.readouterr().out == "events · room room_1 · 2 rows · onset -1:02 to 11:40 -> ev\n"


@pytest.mark.parametrize("name", ["class", "2x", "a-b", "None", "get_ipython", "__builtins__"])
def test_a_bad_variable_is_refused_before_anything_is_fetched(shell, twins, name):
    with pytest.raises(MagicError, match="-o ev"):
        shell.run(f"%hs events room room_1 -o {name}")
    assert twins.calls == []


def test_quiet_says_nothing_and_asks_for_no_progress(shell, twins, capsys):
    shell.run("x = %hs events room room_1 -q")
    assert capsys.readouterr().out == ""
    assert twins.calls[0][1]["progress"] is False


def test_ipython_does_not_expand_first(shell, twins):
    shell.user_ns["room"] = "a room --limit 1 'x'"
    shell.run("%hs events room {room}")
    shell.run("%hs events room $room")
    assert [call[1]["room"] for call in twins.calls] == ["a room --limit 1 'x'"] * 2
    assert all("limit" not in call[1] for call in twins.calls)


def test_values_of_a_function_are_found(shell, twins):
    shell.run("def look(where):\n    x = %hs events room {where}\n    return x\n\nlook('room_7')")
    assert twins.calls[0][1]["room"] == "room_7"


def test_an_undefined_name_is_named(shell):
    shell.user_ns["room_id"] = "r"
    with pytest.raises(MagicError) as caught:
        shell.run("%hs events room {room_ids}")
    assert str(caught.value) == (
        "'room_ids' is not defined in this notebook ({room_ids}); did you mean 'room_id'?"
    )


def test_an_error_is_one_line(shell, twins, capsys):
    twins.answers["events"] = NotFoundError("room 'room_abc12' not found; did you mean 'room_abc123'?")
    result = shell.run_cell("%hs events room room_abc12")
    assert isinstance(result.error_in_exec, MagicError)
    shown = capsys.readouterr()
    assert (shown.out + shown.err).strip() == "hs: room 'room_abc12' not found; did you mean 'room_abc123'?"


def test_a_fault_of_ours_is_one_line_and_can_be_reported(shell, twins, capsys):
    twins.answers["events"] = ZeroDivisionError(f"by {KEY}")
    with pytest.raises(MagicError) as caught:
        shell.run("%hs events room room_1")
    assert str(caught.value) == (
        "unexpected ZeroDivisionError: by hst_live_Zz9Z… (a fault of hs_jupyter, not yours): "
        "please report it with what %hs --debug shows"
    )
    assert caught.value.__context__ is None
    capsys.readouterr()
    shell.run("%hs --debug")
    report = capsys.readouterr().out
    assert "Traceback" in report
    assert "ipython " in report
    assert KEY not in report


def test_system_exit_never_escapes(shell, twins):
    twins.answers["events"] = SystemExit(3)
    with pytest.raises(MagicError, match="unexpected SystemExit"):
        shell.run("%hs events room room_1")


def test_an_exception_group_is_one_line_too(shell, twins, capsys):
    twins.answers["events"] = ExceptionGroup("several", [ValueError("a"), ValueError("b")])
    shell.run_cell("%hs events room room_1")
    shown = capsys.readouterr()
    assert len((shown.out + shown.err).strip().splitlines()) == 1


def test_a_message_of_the_server_draws_nothing(shell, twins):
    twins.answers["events"] = NotFoundError("no \x1b[31mroom\x07 <b>here</b>")
    with pytest.raises(MagicError) as caught:
        shell.run("%hs events room room_1")
    assert str(caught.value) == "no [31mroom <b>here</b>"


def test_a_line_may_go_on_in_the_next(shell, twins):
    shell.run("%hs events room room_1 \\\n    --limit 3")
    assert twins.calls[0][1]["limit"] == 3


def test_an_interrupt_is_one_line(shell, twins):
    twins.answers["events"] = KeyboardInterrupt()
    with pytest.raises(MagicError, match=r"^interrupted: "):
        shell.run("%hs events room room_1")


@pytest.mark.parametrize(
    "cell",
    [
        f"%hs events room {KEY}",
        f"%hs login {KEY}",
        f"%hs {KEY}",
        f"%hs events room r --limit {KEY}",
        f"%%hs room r\n{KEY}",
        f"%%hs sql room r\nSELECT '{KEY}'",
    ],
)
def test_a_typed_key_is_warned_of_and_never_shown(shell, twins, capsys, cell):
    twins.answers["events"] = NotFoundError(f"room '{KEY}' not found")
    twins.answers["sql"] = NotFoundError(f"near {KEY}")
    shell.run_cell(cell)
    shown = capsys.readouterr()
    assert "this cell holds an API key" in shown.err
    assert KEY not in shown.out + shown.err
    assert KEY[:20] not in shown.out + shown.err


def test_a_semicolon_hides_a_table_but_an_assignment_keeps_it(shell):
    assert shell.run("%hs events room room_1;") is None
    shell.run("x = %hs events room room_1;")
    assert len(shell.user_ns["x"]) == 2


def test_hs_alone_is_one_screen_with_the_key_masked(shell, capsys):
    assert shell.run("%hs") is None
    shown = capsys.readouterr().out
    assert "hst_live_abcd… from %hs login" in shown
    assert "hst_live_abcdefghijkl" not in shown
    assert "%hs experiments" in shown
    assert len(shown.splitlines()) < 24


def test_hs_alone_in_the_demo_study_names_real_ids(shell, twins, capsys):
    twins.link = replace(twins.link, demo=True)
    shell.run("%hs")
    shown = capsys.readouterr().out
    assert "DEMO STUDY" in shown
    assert "%hs plot room room_pair_01" in shown


def test_hs_alone_without_a_key_says_how_to_begin(shell, twins, capsys):
    twins.link = replace(twins.link, api_key=None, key_source="")
    shell.run("%hs")
    shown = capsys.readouterr().out
    assert "not connected" in shown
    assert "%hs demo" in shown


@pytest.mark.parametrize("line", ["help", "help events", "events --help", "events room r --help --nonsense"])
def test_help_always_answers(shell, twins, capsys, line):
    assert shell.run(f"%hs {line}") is None
    assert "Example:" in capsys.readouterr().out
    assert twins.calls == []


def test_unloading_restores_what_was_there(bare_shell, twins):
    def earlier(line, cell=None):
        return "earlier"

    bare_shell.register_magic_function(earlier, "line_cell", "hs")
    tables = {kind: dict(bare_shell.magics_manager.magics[kind]) for kind in ("line", "cell")}
    matchers = list(bare_shell.Completer.custom_matchers)
    magics.load(bare_shell, twins)
    magics.load(bare_shell, twins)
    assert bare_shell.run("%hs help") is None
    assert len(bare_shell.Completer.custom_matchers) == len(matchers) + 1
    magics.unload(bare_shell)
    magics.unload(bare_shell)
    assert bare_shell.run("%hs") == "earlier"
    assert {kind: dict(bare_shell.magics_manager.magics[kind]) for kind in ("line", "cell")} == tables
    assert bare_shell.Completer.custom_matchers == matchers


def test_unloaded_hs_is_unknown(shell):
    magics.unload(shell)
    with pytest.raises(UsageError):
        shell.find_line_magic("hs") or shell.run_line_magic("hs", "")


def test_loading_imports_nothing_heavy():
    code = (
        "import sys; from IPython.core.interactiveshell import InteractiveShell; "
        "shell = InteractiveShell(); shell.run_line_magic('load_ext', 'hs_jupyter'); "
        "shell.run_line_magic('hs', 'help'); "
        "heavy = {'pandas', 'pyarrow', 'altair', 'duckdb', 'requests', 'polars', 'numpy', 'keyring'}; "
        "found = heavy & set(sys.modules); assert not found, found"
    )
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
