"""The demo study over HTTP: pages, filters, errors, keys, formats, as the API documents them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pandas as pd
import pytest
import requests

from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.demo_study import keys, start, truths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hs_jupyter.demo_study import DemoStudy

ROOM = "room_pair_07"


def get(study: DemoStudy, path: str, key: str | None = keys.FULL.text, **query: Any) -> requests.Response:
    headers = {"X-API-Key": key} if key else {}
    return requests.get(f"{study.base_url}/{path}", params=query, headers=headers, timeout=30)


def data(study: DemoStudy, path: str, **query: Any) -> list[dict[str, Any]]:
    answer = get(study, path, **query)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["status"] == "success"
    return body["data"]


@pytest.fixture(scope="module")
def capped(demo_folder: object) -> Iterator[DemoStudy]:
    """A small study whose pages hold 7 records, whatever is asked for."""
    with start(rooms=2, hz=1, minutes=1, page_cap=7) as study:
        yield study


def test_a_page_describes_itself(demo: DemoStudy) -> None:
    body = get(demo, f"data/ratings/sparse/room/{ROOM}", limit=4, offset=2).json()
    about = body["metadata"]
    assert about["dataType"] == "ratings"
    assert about["ratingType"] == "sparse"
    assert (about["scope"], about["scopeId"]) == ("room", ROOM)
    assert about["pagination"] == {
        "total": 10, "returned": 4, "hasMore": True, "limit": 4, "offset": 2, "nextOffset": 6,
    }  # fmt: skip
    assert about["query"]["category"] is None
    assert about["processing"]["version"] == "3.0.0"
    last = get(demo, f"data/ratings/sparse/room/{ROOM}", limit=4, offset=8).json()["metadata"]["pagination"]
    assert last["hasMore"] is False
    assert "nextOffset" not in last


def test_older_rooms_name_their_start(demo: DemoStudy) -> None:
    body = get(demo, "data/events/room/room_pair_01", sort="onset", limit=1000).json()
    start_at = pd.Timestamp(body["metadata"]["processing"]["experimentStartedAt"])
    for one in body["data"]:
        assert (pd.Timestamp(one["timestamp"]) - start_at).total_seconds() * 1000 == pytest.approx(
            one["onset"]
        )
    assert "experimentStartedAt" not in get(demo, f"data/events/room/{ROOM}").json()["metadata"]["processing"]


def test_capped_pages_lead_on(capped: DemoStudy) -> None:
    whole, offset = [], 0
    while True:
        body = get(capped, "data/events/experiment/exp_film_pairs", limit=1000, offset=offset).json()
        page = body["metadata"]["pagination"]
        assert page["limit"] == 7
        assert page["returned"] == len(body["data"]) <= 7
        whole += body["data"]
        if not page["hasMore"]:
            break
        offset = page["nextOffset"]
    assert len({one["id"] for one in whole}) == len(whole) == page["total"]
    instants = [one["timestamp"] for one in whole]
    assert instants == sorted(instants)


@pytest.mark.parametrize(
    "kind", [kind for kind in DATA_TYPES.values() if not kind.view], ids=lambda kind: kind.name
)
def test_every_type_answers_at_its_scopes_only(demo: DemoStudy, kind: Any) -> None:
    ids = {"experiment": truths.PAIRS, "room": ROOM, "participant": "p_pair_07_viewer"}
    for scope, one in ids.items():
        answer = get(demo, kind.path.format(scope=scope, id=one), roomId=ROOM)
        assert answer.status_code == (200 if scope in kind.scopes else 404), (scope, answer.text)
        assert isinstance(answer.json().get("data", []), list)
        assert answer.json().get("metadata", {}) is not None


@pytest.mark.parametrize(
    "kind", [kind for kind in DATA_TYPES.values() if not kind.view], ids=lambda kind: kind.name
)
def test_every_known_column_of_the_catalogue_occurs(demo: DemoStudy, kind: Any) -> None:
    """The catalogue and the study speak of the same fields, in one age or the other."""
    ids = {
        "experiment": [truths.PAIRS, truths.SOLO, truths.SEED],
        "room": [ROOM],
        "participant": ["p_pair_07_viewer"],
    }
    scope = kind.scopes[0]
    seen: set[str] = set()
    for one in ids[scope]:
        # Pages reach the end of an experiment, where newer rooms are.
        for order in ("asc", "desc"):
            rows = data(
                demo,
                kind.path.format(scope=scope, id=one),
                roomId=ROOM if scope == "participant" else None,
                order=order,
            )
            seen |= {name for row in rows for name in row}
    absent = {
        name for name, column in kind.column.items() if name not in seen and not set(column.fallback) & seen
    }
    known = {"kind", "count", "roomId", "deploymentId", "fileName", "confidence"}
    assert absent <= known, absent


@pytest.mark.parametrize("spelled", ["2026-03-02T{}.000Z", "2026-03-02T{}", "2026-03-02T{}+00:00"])
def test_time_bounds_are_inclusive_however_spelled(demo: DemoStudy, spelled: str) -> None:
    every = data(demo, f"data/sync/room/{ROOM}")
    instants = [pd.Timestamp(one["timestamp"]) for one in every]
    low, high = instants[100].ceil("s"), instants[160].floor("s")
    found = data(
        demo,
        f"data/sync/room/{ROOM}",
        startTime=f"{low:%Y-%m-%dT%H:%M:%S}" + spelled.removeprefix("2026-03-02T{}"),
        endTime=f"{high:%Y-%m-%dT%H:%M:%S}" + spelled.removeprefix("2026-03-02T{}"),
    )
    assert [one["metricId"] for one in found] == [
        one["metricId"] for one, at in zip(every, instants, strict=True) if low <= at <= high
    ]
    exact = every[100]["timestamp"]
    assert [
        one["metricId"] for one in data(demo, f"data/sync/room/{ROOM}", startTime=exact, endTime=exact)
    ] == [every[100]["metricId"]]


def test_filters_of_components_and_participants(demo: DemoStudy) -> None:
    path = f"data/components/room/{ROOM}"
    assert {one["componentType"] for one in data(demo, path, componentType="continuous_rating")} == {
        "ContinuousRating"
    }
    assert {one["stateId"] for one in data(demo, path, stateId="st_mood")} == {"st_mood"}
    left = data(demo, f"data/components/room/{truths.ABANDONED.room}", completed="false")
    assert {one["componentId"] for one in left} == {"film", "valence", "arousal"}
    people = f"data/participants/experiment/{truths.PAIRS}"
    gone = data(demo, people, completionCode="ABANDONED")
    assert [one["id"] for one in gone] == [truths.ABANDONED.participant]
    by_mail = [one.get("email") for one in data(demo, people, sort="email", order="desc")]
    known = [mail for mail in by_mail if mail]
    assert by_mail[: len(known)] == sorted(known, reverse=True), "who has no address comes last"


def test_ids_with_any_character_are_found(demo: DemoStudy) -> None:
    room, person = truths.TRICKY
    path = f"data/ratings/sparse/participant/{quote(person, safe='')}"
    assert {one["participantId"] for one in data(demo, path, roomId=room)} == {person}


def test_text_arrives_as_it_was_written(demo: DemoStudy) -> None:
    said = {one["content"] for one in data(demo, f"data/chat/experiment/{truths.PAIRS}")}
    assert "=1+1" in said
    assert 'she said "no", then\nleft' in said


def test_csv_is_bare_and_cut_at_the_limit(demo: DemoStudy) -> None:
    answer = get(demo, f"data/chat/experiment/{truths.PAIRS}", format="csv", limit=50)
    assert answer.headers["Content-Type"].startswith("text/csv")
    frame = pd.read_csv(io.StringIO(answer.text), keep_default_na=False)
    records = data(demo, f"data/chat/experiment/{truths.PAIRS}", limit=50)
    assert frame.content.tolist() == [one["content"] for one in records]
    assert frame.columns[0] == "messageId"
    refused = get(demo, "data/chat/room/nowhere", format="csv")
    assert refused.json()["error"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("path", "query", "parameter"),
    [
        (f"data/events/room/{ROOM}", {"limit": "many"}, "limit"),
        (f"data/events/room/{ROOM}", {"limit": 0}, "limit"),
        (f"data/events/room/{ROOM}", {"offset": -1}, "offset"),
        (f"data/events/room/{ROOM}", {"order": "up"}, "order"),
        (f"data/events/room/{ROOM}", {"sort": "colour"}, "sort"),
        (f"data/events/room/{ROOM}", {"startTime": "yesterday"}, "startTime"),
        (f"data/events/room/{ROOM}", {"format": "xml"}, "format"),
        (f"data/components/room/{ROOM}", {"completed": "perhaps"}, "completed"),
        (f"data/sync/room/{ROOM}", {"aggregationWindow": 0}, "aggregationWindow"),
        ("data/events/participant/p_pair_07_viewer", {}, "roomId"),
        ("data/counts/participant/p_pair_07_viewer", {}, "roomId"),
        ("experiments", {"limit": "x"}, "limit"),
    ],
)
def test_bad_parameters_are_400(demo: DemoStudy, path: str, query: dict[str, Any], parameter: str) -> None:
    answer = get(demo, path, **query)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["code"] == "INVALID_PARAMETER"
    assert error["details"]["parameter"] == parameter
    assert error["details"]["expected"]


@pytest.mark.parametrize(
    "path",
    [
        "data/events/experiment/nowhere",
        "data/events/room/nowhere",
        f"data/events/participant/nobody?roomId={ROOM}",
        f"data/events/participant/p_pair_08_viewer?roomId={ROOM}",
        "data/events/room/a%2Fb",
        "data/event/room/x",
        "experiments/nowhere",
        "deployments/nowhere",
        "personas/nobody",
        f"data/agent-decisions/room/{ROOM}/decision/none",
        f"data/recordings/download/{ROOM}/none",
        "nothing",
    ],
)
def test_unknown_things_are_404(demo: DemoStudy, path: str) -> None:
    answer = get(demo, path)
    assert answer.status_code == 404
    assert answer.json()["status"] == "error"
    assert answer.json()["error"]["code"] == "NOT_FOUND"


def test_keys(demo: DemoStudy) -> None:
    for key in (None, "", "YOUR_API_KEY", keys.EXPIRED.text):
        answer = get(demo, f"data/events/room/{ROOM}", key=key)
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "UNAUTHORIZED"
    events_only = keys.EVENTS_ONLY.text
    assert get(demo, f"data/events/room/{ROOM}", key=events_only).status_code == 200
    for path in (
        f"data/chat/room/{ROOM}",
        "experiments",
        "personas",
        f"data/recordings/download/{ROOM}/EG_pair_07_0",
    ):
        answer = get(demo, path, key=events_only)
        assert answer.status_code == 403, path
        details = answer.json()["error"]["details"]
        assert details["provided"] == ["read:events"]
        assert len(details["required"]) == 1
    assert get(demo, f"data/check-access/experiment/{truths.PAIRS}", key=events_only).status_code == 200
    assert get(demo, "health", key=None).json()["status"] == "healthy"


def test_nothing_can_be_written(demo: DemoStudy) -> None:
    headers = {"X-API-Key": demo.api_key}
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = requests.request(
            method, f"{demo.base_url}/experiments", headers=headers, json={}, timeout=30
        )
        assert answer.status_code == 403


def test_only_loopback_names_are_answered(demo: DemoStudy) -> None:
    """A page of the internet that points its own name at 127.0.0.1 learns nothing."""
    for host, status in (("attacker.example", 400), ("127.0.0.1.attacker.example", 400), ("localhost", 200)):
        answer = requests.get(f"{demo.base_url}/health", headers={"Host": host}, timeout=30)
        assert answer.status_code == status, host
    assert "Access-Control-Allow-Origin" not in get(demo, "experiments").headers


@pytest.mark.parametrize("name", ["openapi.json", "openapi.yaml"])
def test_openapi_describes_every_endpoint(demo: DemoStudy, name: str) -> None:
    described = get(demo, name, key=None).json()
    assert described["openapi"].startswith("3.1")
    for kind in DATA_TYPES.values():
        for scope in () if kind.view else kind.scopes:
            operation = described["paths"]["/api/v3/" + kind.path.replace("{scope}", scope)]["get"]
            assert "limit" in {one["name"] for one in operation["parameters"]}
            assert {"400", "401", "403", "404", "429"} < set(operation["responses"])
            answer = operation["responses"]["200"]["content"]["application/json"]["schema"]["properties"]
            assert set(answer["data"]["items"]["properties"]) == set(kind.column)
    assert described["components"]["securitySchemes"]["ApiKey"]["name"] == "X-API-Key"


def test_the_documentations_requests(demo: DemoStudy) -> None:
    """What a reader pastes from the API documentation works here."""
    room, person = truths.SEED_ROOM, truths.SEED_PARTICIPANT
    assert len(data(demo, f"data/events/room/{room}", limit=10)) == 10
    onsets = [
        one["onset"] for one in data(demo, f"data/events/room/{room}", limit=100, sort="onset", order="asc")
    ]
    assert onsets == sorted(onsets)
    for kind in ("events", "recordings", "chat", "ratings/continuous", "sync"):
        rows = data(demo, f"data/{kind}/participant/{person}", roomId=room)
        assert rows or kind == "sync", "the host has no sync"
        assert get(demo, f"data/{kind}/room/{room}", format="csv").text.count("\n") > 1
    assert data(demo, f"data/recordings/room/{room}")[0]["downloadUrl"].startswith(
        demo.base_url.removesuffix("/api/v3")
    )
    day = {"startTime": "2024-10-20T00:00:00Z", "endTime": "2024-10-21T00:00:00Z"}
    assert len(data(demo, f"data/events/experiment/{truths.SEED}", **day)) == 1000
    assert data(demo, f"data/events/experiment/{truths.SEED}", startTime="2026-11-01T10:00:00") == []
    count = get(demo, f"data/events/room/{room}", limit=1).json()["metadata"]["pagination"]["total"]
    pages = [data(demo, f"data/events/room/{room}", limit=1000, offset=k) for k in range(0, count, 1000)]
    assert count > 2000
    assert sum(map(len, pages)) == count
    assert any(one["eventType"] == "component.update" for one in pages[1])
    assert data(demo, f"data/ratings/room/{room}", ratingType="sparse") == data(
        demo, f"data/ratings/sparse/room/{room}"
    )
