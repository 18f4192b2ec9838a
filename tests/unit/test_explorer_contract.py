"""The contract with the browser is written once, in Python; TypeScript has exactly that."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from hs_jupyter.explorer import answers, document, messages, state


def test_the_browser_has_the_contract_as_it_is() -> None:
    assert document.FILE.read_text("utf-8") == document.contract_text()
    assert document.main(["--check"]) == 0


def test_a_change_of_the_messages_is_found(monkeypatch, tmp_path, capsys) -> None:
    stale = tmp_path / "contract.ts"
    stale.write_text(document.contract_text().replace("readonly width_px: number", "readonly width: number"))
    monkeypatch.setattr(document, "FILE", stale)
    assert document.main(["--check"]) == 1
    assert "python -m hs_jupyter.explorer.document" in capsys.readouterr().err
    assert document.main([]) == 0
    assert document.main(["--check"]) == 0


@pytest.mark.parametrize("request_type", get_args(messages.AnyRequest))
def test_every_request_has_an_id_and_an_answer(request_type) -> None:
    assert {one.name for one in msgspec.structs.fields(request_type)} >= {"id"}
    assert issubclass(getattr(answers, f"{request_type.__name__}Answer"), answers.Result)


def test_state_takes_no_field_that_is_not_in_the_contract() -> None:
    for struct in (state.ScopeState, state.SelectionState, state.PlaceState, state.Hidden, state.Sort):
        assert struct.__struct_config__.forbid_unknown_fields
    for request_type in get_args(messages.AnyRequest):
        assert request_type.__struct_config__.forbid_unknown_fields
