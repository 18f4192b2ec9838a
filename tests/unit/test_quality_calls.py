"""`hs.quality` asks for what it needs, and says what it could not read."""

from __future__ import annotations

from typing import Any

import pytest
from fake_service import FakeService, connect, event

import hs_jupyter as hs
from hs_jupyter.errors import ForbiddenError, InputError, NotFoundError

FORBIDDEN = ForbiddenError("sync: the key lacks read:sync", status=403, code="FORBIDDEN")
RATED = [
    {
        "ratingId": f"c{number}", "roomId": "r1", "participantId": "p0", "componentId": "valence",
        "onset": 1000 + number * 500, "normalizedValue": number % 7 / 7,
        "timestamp": f"2026-03-02T15:{(number // 2 + 1) // 60:02}:{(number // 2 + 1) % 60:02}.{number % 2 * 5}00Z",
    }
    for number in range(120)
]  # fmt: skip
FILM = [event(1, eventType="media.play"), event(61, eventType="media.ended")]
PEOPLE = [
    {"id": name, "roomId": "r1", "completionCode": "SUCCESS", "email": f"{name}@x.org"}
    for name in ("p0", "p1")
]
METRICS = [
    {"metricId": "s1", "roomId": "r1", "participantId": "p0", "onset": 9000, "timeDrift": -20,
     "timestamp": "2026-03-02T15:00:09.000Z"}
]  # fmt: skip


def service(monkeypatch: pytest.MonkeyPatch, **other: Any) -> FakeService:
    answers = {"ratings/continuous": RATED, "events": FILM, "sync": METRICS, "participants": PEOPLE} | other
    return connect(
        monkeypatch, FakeService({f"data/{name}/room/r1": answer for name, answer in answers.items()})
    )


def test_four_questions_make_one_table_with_its_facts(monkeypatch, capsys):
    asked = service(monkeypatch)
    frame = hs.quality(room="r1")
    assert frame["status"].tolist() == ["no data", "ok"]
    assert frame["participantId"].tolist() == ["p1", "p0"]
    assert frame["expected"].tolist()[1] == 120
    assert frame["drift_median_ms"].tolist()[1] == -20
    facts = frame.attrs["hs"]
    assert (facts["type"], facts["scope"]["id"], facts["complete"]) == ("quality", "r1", True)
    assert facts["warnings"] == []
    assert dict(asked.asked)["data/events/room/r1"]["category"] == "media"
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("table", "missing", "sentence"),
    [
        ("sync", "drift_median_ms", "sync could not be read, so the drift columns are missing"),
        ("events", "coverage", "events could not be read, so when the film ran is not known"),
        ("participants", "", "participants could not be read, so who has no rating at all"),
    ],
)
def test_what_cannot_be_read_is_said_once(monkeypatch, capsys, table, missing, sentence):
    service(monkeypatch, **{table: FORBIDDEN})
    frame = hs.quality(room="r1")
    notes = [note for note in frame.attrs["hs"]["warnings"] if sentence in note]
    assert len(notes) == len(frame.attrs["hs"]["warnings"]) == 1
    assert "read:sync" in notes[0]
    assert notes[0] in capsys.readouterr().out
    mine = frame[frame["participantId"] == "p0"]
    assert len(mine) == 1
    assert not missing or mine[missing].isna().all()


def test_without_ratings_there_is_nothing_to_say(monkeypatch):
    service(monkeypatch, **{"ratings/continuous": FORBIDDEN})
    with pytest.raises(ForbiddenError, match="read:sync"):
        hs.quality(room="r1", progress=False)
    with pytest.raises(NotFoundError):
        hs.quality(room="r2", progress=False)


def test_a_room_without_media_events_is_named(monkeypatch):
    service(monkeypatch, events=[])
    frame = hs.quality(room="r1", progress=False)
    assert [note.partition(":")[0] for note in frame.attrs["hs"]["warnings"]] == ["room r1"]
    assert frame["coverage"].isna().all()


def test_a_participant_is_judged_beside_the_room(monkeypatch):
    service(monkeypatch)
    frame = hs.quality(participant="p0", room="r1", progress=False)
    rows, whole = (
        hs.quality(room="r1", as_="records", progress=False, **one) for one in ({"participant": "p0"}, {})
    )
    assert rows == [row for row in whole if row["participantId"] == "p0"]
    assert len(frame) == len(rows) == 1
    assert frame.attrs["hs"]["scope"] == {"kind": "participant", "id": "p0", "room": "r1"}
    with pytest.raises(InputError, match=r"'p10' is not in room 'r1'; did you mean 'p[01]'\?"):
        hs.quality(participant="p10", room="r1", progress=False)
    with pytest.raises(InputError, match="needs"):
        hs.quality(participant="p0", progress=False)


@pytest.mark.parametrize(
    ("start", "end"),
    [("11s", "31s"), ("2026-03-02T15:00:11Z", "2026-03-02T15:00:31Z"), ("11s", "2026-03-02T15:00:31Z")],
)
def test_a_window_cuts_ratings_and_film_alike(monkeypatch, start, end):
    service(monkeypatch)
    rows = hs.quality(room="r1", from_=start, to=end, as_="records", progress=False)
    mine = next(row for row in rows if row["participantId"] == "p0")
    assert (mine["samples"], mine["expected"], mine["coverage"]) == (41, 40, 1.0)
    assert mine["status"] == "ok"


def test_a_wrong_form_asks_nothing(monkeypatch):
    asked = service(monkeypatch)
    with pytest.raises(InputError, match="no form of a table"):
        hs.quality(room="r1", as_="exel")
    assert asked.asked == []
