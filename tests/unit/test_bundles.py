"""Bundles: every table of a scope by name, and what did not come."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest
from fake_service import FakeService, connect, event

import hs_jupyter as hs
from hs_jupyter.bundles import Bundle
from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.errors import AuthenticationError, ForbiddenError, InputError, NetworkError, NotFoundError

AT_ROOM = [kind for kind in DATA_TYPES.values() if "room" in kind.scopes]


def routes(**changed):
    empty = {kind.path.format(scope="room", id="r1"): [] for kind in AT_ROOM}
    events = [event(0), event(1, eventType="consent.agreed")]
    return {
        **empty,
        "data/events/room/r1": events,
        **{f"data/{name}/room/r1": value for name, value in changed.items()},
    }


@pytest.fixture
def service(monkeypatch):
    return connect(monkeypatch, FakeService(routes()))


def test_every_type_of_the_scope_is_there(service):
    bundle = hs.bundle(room="r1")
    assert set(bundle) == {kind.table for kind in AT_ROOM}
    assert len(bundle) == len(AT_ROOM)
    assert bundle.failed == {}
    assert len(bundle["events"]) == len(bundle.events) == 2
    assert len(bundle.consent) == 1
    assert list(bundle["sync"].columns)[:2] == ["metricId", "experimentId"]
    assert "metricId" in bundle.sync


def test_events_and_their_views_are_one_request(service):
    hs.bundle(room="r1")
    assert service.paths().count("data/events/room/r1") == 1


def test_only_the_types_asked_for(service):
    assert list(hs.bundle(room="r1", types="ratings/sparse, events")) == ["ratings_sparse", "events"]
    assert list(hs.bundle(room="r1", types=["events", "events"])) == ["events"]
    for wrong, words in (
        (" , ", "no data type is named"),
        ("evnts", "did you mean 'events'"),
        ("rooms", "does not exist for a room"),
    ):
        with pytest.raises(InputError, match=words):
            hs.bundle(room="r1", types=wrong)


def test_aliases_and_attributes(service):
    bundle = hs.bundle(room="r1", types="ratings,ratings/sparse")
    assert bundle["ratings"] is bundle.ratings is bundle["ratings/continuous"] is bundle.ratings_continuous
    assert bundle["ratings/sparse"] is bundle.ratings_sparse
    assert {"ratings", "failed", "sql"} <= set(dir(bundle))
    with pytest.raises(KeyError, match="did you mean 'ratings_sparse'"):
        bundle["ratings_spare"]
    with pytest.raises(AttributeError, match="no table 'sync'"):
        _ = bundle.sync
    assert "sync" not in bundle
    assert not hasattr(bundle, "__array__")


def test_a_bundle_cannot_be_written_to(service):
    bundle = hs.bundle(room="r1", types="events")
    with pytest.raises(TypeError):
        bundle["events"] = None
    with pytest.raises(TypeError):
        del bundle["events"]


def test_what_the_key_may_not_read_is_named(monkeypatch):
    connect(
        monkeypatch, FakeService(routes(sync=ForbiddenError("the key lacks the scope read:sync", status=403)))
    )
    bundle = hs.bundle(room="r1")
    assert "sync" not in bundle
    assert bundle.failed == {"sync": "the key lacks the scope read:sync"}
    assert "not there: the key lacks the scope read:sync" in repr(bundle)
    with pytest.raises(KeyError, match="the key lacks the scope"):
        bundle["sync"]


def test_a_scope_that_does_not_exist(monkeypatch):
    service = connect(monkeypatch, FakeService({}))
    with pytest.raises(NotFoundError, match="room 'r1' not found"):
        hs.bundle(room="r1")
    assert service.paths().count("data/recordings/room/r1") == 0


def test_a_type_that_the_service_does_not_have_is_one_failure(monkeypatch):
    every = routes()
    del every["data/eyetracking/room/r1"]
    connect(monkeypatch, FakeService(every))
    assert list(hs.bundle(room="r1").failed) == ["eyetracking"]


@pytest.mark.parametrize("problem", [NetworkError("gone"), AuthenticationError("revoked", status=401)])
def test_when_the_network_or_the_key_goes_what_came_stays(problem, monkeypatch):
    service = connect(monkeypatch, FakeService(routes(recordings=problem)))
    bundle = hs.bundle(room="r1")
    assert "events" in bundle
    assert set(bundle.failed) == {kind.table for kind in AT_ROOM} - set(bundle)
    assert set(bundle.failed.values()) == {str(problem)}
    assert service.paths()[-1] == "data/recordings/room/r1"
    connect(monkeypatch, FakeService(routes(events=problem)))
    with pytest.raises(type(problem)):
        hs.bundle(room="r1")


def test_nothing_at_all_is_the_first_reason(monkeypatch):
    refused = {path: ForbiddenError("no right", status=403) for path in routes()}
    connect(monkeypatch, FakeService(refused))
    with pytest.raises(ForbiddenError, match="no right"):
        hs.bundle(room="r1")


def test_forms(service):
    assert isinstance(hs.bundle(room="r1", types="events")["events"], pd.DataFrame)
    assert isinstance(hs.bundle(room="r1", types="events", as_="arrow")["events"], pa.Table)
    assert isinstance(hs.bundle(room="r1", types="events", as_="records")["events"], list)
    assert isinstance(hs.bundle(room="r1", types="events").arrow()["events"], pa.Table)
    with pytest.raises(InputError, match="no form of a table"):
        hs.bundle(room="r1", as_="excel")
    assert len(service.asked) == 4


def test_windows_and_types_without_time(service, capsys):
    service.routes["data/participants/room/r1"] = [{"id": "p"}]
    bundle = hs.bundle(room="r1", from_=1, types="events,participants")
    assert bundle.events["id"].tolist() == ["e01"]
    assert len(bundle.participants) == 1


def test_sql_over_a_bundle(service):
    bundle = hs.bundle(room="r1", types="events,ratings")
    found = bundle.sql("SELECT id FROM events WHERE onset_sec >= $least", {"least": 1})
    assert found["id"].tolist() == ["e01"]
    assert bundle.sql("SELECT count(*) AS n FROM ratings_continuous")["n"][0] == 0
    with pytest.raises(InputError, match=r"SQL: .*sync"):
        bundle.sql("SELECT * FROM sync")


def test_an_empty_bundle_shows():
    assert repr(Bundle({})) == "Bundle"
