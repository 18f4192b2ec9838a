"""What the sidebar's panel asks of a kernel: one explorer, whatever happens; no secret, no trace."""

from __future__ import annotations

import json
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from hs_jupyter import magics, panel
from hs_jupyter.api.connection import PRODUCTION_BASE_URL, Session, Settings
from hs_jupyter.errors import InputError
from hs_jupyter.explorer import module
from hs_jupyter.functions import session

ENV_KEY = "hst_live_environment01234"
GIVEN_KEY = "hst_live_given0123456789"
LAB = "https://lab.example/api/v3"


@pytest.fixture
def environ(monkeypatch, tmp_path) -> dict[str, str]:
    """The environment of a kernel that has just started, with an empty keyring."""
    held: dict[str, str] = {}
    monkeypatch.setattr("hs_jupyter.api.connection.saved_key", lambda _origin: None)
    monkeypatch.setattr(session, "_SESSION", Session(held))
    monkeypatch.setattr(session, "_CURRENT", session._Current())
    monkeypatch.setattr(panel, "_SHOWN", panel._Shown())
    monkeypatch.setattr(module, "STATIC", tmp_path)
    (tmp_path / "explorer.js").write_text("export default {}", "utf-8")
    (tmp_path / "explorer.css").write_text("", "utf-8")
    return held


@pytest.fixture
def shell(environ, monkeypatch) -> InteractiveShell:
    InteractiveShell.clear_instance()
    made = InteractiveShell.instance()
    yield made
    InteractiveShell.clear_instance()


def settings(**given: Any) -> str:
    return json.dumps(given)


def test_without_a_key_there_is_nothing_to_explore(environ) -> None:
    seen = panel.look()
    assert (seen.model_id, seen.problem, seen.demo) == (None, None, False)
    assert seen.connection == f"{PRODUCTION_BASE_URL} · no key"
    assert panel._SHOWN.explorer is None


def test_a_kernel_has_one_explorer_for_its_panel(environ) -> None:
    environ["HYPERSTUDY_API_KEY"] = ENV_KEY
    first = panel.look()
    assert first.model_id == panel._SHOWN.explorer.model_id
    assert panel.look() == panel.look(settings(page_size=100)) == first


def test_another_connection_gets_an_explorer_without_the_old_scope(environ) -> None:
    environ["HYPERSTUDY_API_KEY"] = ENV_KEY
    first = panel.look()
    old = panel._SHOWN.explorer
    session.connect(base_url=LAB, api_key=GIVEN_KEY)
    second = panel.look()
    assert second.model_id not in (first.model_id, None)
    assert (old.comm, old.layout.comm) == (None, None)
    assert panel.look() == second


def test_what_user_code_closed_or_the_browser_cannot_show_is_made_again(environ) -> None:
    environ["HYPERSTUDY_API_KEY"] = ENV_KEY
    seen = [panel.look()]
    panel._SHOWN.explorer.close()
    seen += [panel.look(), panel.look(afresh=True), panel.look()]
    ids = [one.model_id for one in seen]
    assert None not in ids
    assert len(set(ids)) == 3
    assert ids[2] == ids[3]


def test_settings_are_defaults_and_no_key_goes_where_they_say(environ) -> None:
    seen = panel.look(settings(base_url=LAB, organization="org 1"))
    assert seen.connection == f"{LAB} · organization org 1 · no key"
    assert seen.login.endswith(f'%hs login --url {LAB} --org "org 1"')
    environ["HYPERSTUDY_API_KEY"] = ENV_KEY
    refused = panel.look(settings(base_url=LAB))
    assert refused.model_id is None
    assert f"is not sent to {LAB}" in refused.problem
    environ["HYPERSTUDY_BASE_URL"] = PRODUCTION_BASE_URL
    held = panel.look(settings(base_url=LAB))
    assert held.connection.startswith(PRODUCTION_BASE_URL)
    assert held.login.endswith("%hs login")
    assert held.model_id is not None


@pytest.mark.parametrize("given", [{"base_url": "lab.example"}, {"page_size": 3}, {"organization": "a\nb"}])
def test_settings_that_are_none_are_said_and_the_rest_works(environ, given) -> None:
    environ["HYPERSTUDY_API_KEY"] = ENV_KEY
    seen = panel.look(settings(**given))
    assert seen.problem.startswith("In the settings, ")
    assert seen.model_id is not None
    assert panel.look().problem is None


def test_the_login_cell_loads_the_magic_only_where_it_is_not(shell) -> None:
    assert panel.look().login == "%load_ext hs_jupyter\n%hs login"
    magics.load(shell)
    assert panel.look().login == "%hs login"
    magics.unload(shell)


@pytest.mark.parametrize(
    "text", ["https://lab.example/a b", "https://lab.example/{x}/$y", "https://lab.example/it's"]
)
def test_the_login_line_is_read_back_as_it_was_meant(shell, text) -> None:
    asked: list[dict[str, Any]] = []

    class Twins:
        def login(self, **given: Any) -> str:
            asked.append(given)
            return ""

    magics.load(shell, Twins())
    shell.run_cell(panel.login_line(Settings(base_url=text, organization='o"1')))
    magics.unload(shell)
    assert (asked[0]["url"], asked[0]["org"]) == (text, 'o"1')


def test_the_demo_study_is_connected_or_why_not_is_said(environ, monkeypatch, demo) -> None:
    seen = panel.use_demo()
    assert seen.demo
    assert seen.connection.startswith("DEMO STUDY at ")
    assert demo.api_key not in seen.connection
    assert seen.model_id == panel._SHOWN.explorer.model_id
    session.demo(stop=True)

    def missing() -> None:
        raise InputError("the extra is missing")

    monkeypatch.setattr(panel, "demo", missing)
    assert panel.use_demo().problem == "the extra is missing"


def test_a_copy_without_the_browser_s_part_says_so(environ, monkeypatch, tmp_path) -> None:
    environ["HYPERSTUDY_API_KEY"] = ENV_KEY
    monkeypatch.setattr(module, "STATIC", tmp_path / "nowhere")
    seen = panel.look()
    assert seen.model_id is None
    assert "explorer.js" in seen.problem


def test_what_was_seen_travels_as_json_and_holds_no_key(shell, environ) -> None:
    environ["HYPERSTUDY_API_KEY"] = ENV_KEY
    before, count = set(shell.user_ns), shell.execution_count
    asked = "__import__('hs_jupyter.panel', fromlist=['']).look('{}')"
    answer = shell.user_expressions({"seen": asked})["seen"]
    assert answer["status"] == "ok"
    assert answer["data"]["application/json"]["connection"].startswith(PRODUCTION_BASE_URL)
    assert ENV_KEY not in json.dumps(answer)
    assert set(shell.user_ns) == before
    assert shell.execution_count == count


def test_a_fault_is_no_sentence_of_ours(environ, monkeypatch) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(panel, "connection", broken)
    with pytest.raises(ZeroDivisionError):
        panel.look()
