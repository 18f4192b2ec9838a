"""Participants whose IDs are e-mail addresses: nothing that leaves the kernel holds one, and everything still works."""

from __future__ import annotations

import json
import re
from typing import Any

import pyarrow as pa
import pytest
from explorer_kernel import ROOM, Kernel, Variables, rating, study_routes
from fake_service import FakeService
from hypothesis import given
from hypothesis import strategies as st

from hs_jupyter.api.connection import Connection
from hs_jupyter.explorer.addresses import Addresses
from hs_jupyter.explorer.drawing import prepare_timeline, still_chart
from hs_jupyter.explorer.host import Doors
from hs_jupyter.explorer.selection import Selection
from hs_jupyter.explorer.still import chart_picture
from hs_jupyter.explorer.widget import Explorer
from hs_jupyter.scope import Scope
from hs_jupyter.study import Study

ADA, BOB = "ada@example.org", "bob.b+1@mail.example.co.uk"


def routes() -> dict[str, Any]:
    people = [rating(n, participantId=(ADA, BOB)[n % 2]) for n in range(20)]
    chat = [
        {"messageId": "m1", "roomId": "r1", "senderId": ADA, "message": f"write to {BOB}!", "timestamp": None}
    ]
    return study_routes(**{"data/ratings/continuous/room/r1": people, "data/chat/room/r1": chat})


@pytest.fixture
def kernel() -> Kernel:
    return Kernel(routes())


def everything_sent(kernel: Kernel) -> bytes:
    return json.dumps(kernel.sent).encode() + b"".join(
        one for many in kernel.buffers.values() for one in many
    )


def test_no_message_holds_an_address_and_the_stand_in_selects(kernel: Kernel) -> None:
    kernel.ask("timeline", scope=ROOM, width_px=600)
    rows = kernel.table("page", "rows", scope=ROOM, table="ratings")
    kernel.ask("page", scope=ROOM, table="chat")
    names = {row["participantId"] for row in rows}
    assert len(names) == 2
    assert all(one.startswith("«e-mail ") for one in names)
    one = min(names)
    selection = {"participants": [one], "types": ["ratings"]}
    shown = kernel.table("page", "rows", scope=ROOM, table="ratings", selection=selection)
    assert {row["participantId"] for row in shown} == {one}
    assert kernel.ask("counts", scope=ROOM, selection=selection)["counts"]["ratings"] == 10
    kernel.ask("push", scope=ROOM, selection=selection, name="mine")
    assert set(kernel.variables["mine"].ratings.participantId) <= {ADA, BOB}
    assert len(kernel.variables["mine"].ratings) == 10
    refused = kernel.answer("code", scope=ROOM, selection=selection)
    assert (refused["type"], refused["reason"]) == ("error", "input")
    assert "explorer.code()" in refused["sentence"]
    sent = everything_sent(kernel)
    assert ADA.encode() not in sent
    assert BOB.encode() not in sent


def test_state_and_what_a_notebook_saves_hold_no_address() -> None:
    service = FakeService(routes())
    study = Study(service)
    doors = Doors(
        lambda: study,
        lambda: Connection("http://127.0.0.1:1/api/v3", demo=True),
        lambda *_: "",
        lambda _: None,
        Variables(),
    )
    explorer = Explorer(doors, Scope("participant", ADA, "r1"))
    explorer.selection = Selection(participants=[ADA])
    held = explorer.get_state()
    saved = json.dumps([held["_scope"], held["_selection"], held["_place"], explorer._repr_mimebundle_()])
    assert "example.org" not in saved
    explorer.set_state({"_selection": held["_selection"]})
    assert explorer.selection.participants == (ADA,)
    assert ADA in explorer.code()
    explorer.set_state({"_place": {"hidden": {"participants": [ADA]}}})
    assert "example.org" not in json.dumps(explorer.get_state()["_place"])
    explorer.close()


def test_the_picture_in_a_saved_notebook_names_stand_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    ratings = pa.table(
        {"participantId": [ADA, BOB] * 5, "componentId": ["valence"] * 10, "roomId": ["r1"] * 10,
         "onset_sec": [float(n) for n in range(10)], "value_norm": [0.5] * 10}
    )  # fmt: skip
    chat = pa.table({"senderId": [ADA], "content": [f"write to {BOB}!"], "onset_sec": [3.0]})
    chart = still_chart(prepare_timeline({"ratings": ratings, "chat": chat}), title=f"participant {ADA}")
    drawn: list[str] = []
    monkeypatch.setattr(
        "hs_jupyter.explorer.still.picture", lambda spec, *_, **__: drawn.append(json.dumps(spec)) or b"png"
    )
    assert chart_picture(chart) == b"png"
    assert ADA in json.dumps(chart.to_dict())  # what a person takes from the explorer is their own
    [spec] = drawn
    assert "@" not in spec
    assert len(set(re.findall(r"e-mail \d+", spec))) == 2


def test_a_link_for_the_player_is_sent_as_it_is() -> None:
    recording = {
        "recordingId": "v1", "roomId": "r1", "participantId": ADA, "videoOffset": 0.0, "duration": 1000.0,
        "status": "completed", "type": "video", "fileName": "a.mp4",
    }  # fmt: skip
    kernel = Kernel(study_routes(**{"data/recordings/room/r1": [recording]}))
    link = "https://store.example/v1?GoogleAccessId=svc@project.example.com&Signature=abc"
    kernel.link = lambda *_: link  # type: ignore[method-assign]
    kernel.host.doors = kernel.host.doors.__class__(**{**vars(kernel.host.doors), "link": kernel.link})
    assert kernel.ask("media", scope=ROOM, recording="v1")["url"] == link


@given(
    st.recursive(
        st.text() | st.integers() | st.none(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)
    )
)
def test_what_holds_no_address_travels_as_it_is(value: Any) -> None:
    known = Addresses()
    assert known.hide(value) == value or "@" in json.dumps(value, ensure_ascii=False)
    assert known.show(known.hide(value)) == value
