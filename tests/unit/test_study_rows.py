"""Which rows a question gives, in which order, whatever the service does."""

from __future__ import annotations

import pytest
from fake_service import ROOM, FakeService, ask, event
from hypothesis import given
from hypothesis import strategies as st

from hs_jupyter.errors import InputError
from hs_jupyter.query import make_query
from hs_jupyter.scope import Scope
from hs_jupyter.study import Study
from hs_jupyter.tables.facts import facts_of

EVENTS = "data/events/room/r1"
PLAIN = [event(number) for number in range(30)]


def ids(table):
    return table["id"].to_pylist()


def events(rows, *, cap=1000, sorts=True, **options):
    service = FakeService({EVENTS: rows}, cap=cap, sorts=sorts)
    return ids(ask(service, "events", **options)), [int(params["offset"]) for _, params in service.asked]


def test_every_row_in_order_over_pages():
    assert events(PLAIN[::-1], cap=7)[0] == ids_of(PLAIN)


def ids_of(rows):
    return [row["id"] for row in rows]


def test_limit_and_offset_count_after_everything_else():
    assert events(PLAIN, limit=3, offset=2)[0] == ["e02", "e03", "e04"]
    assert events(PLAIN, limit=0)[0] == []
    assert events(PLAIN, offset=28)[0] == ["e28", "e29"]
    assert events(PLAIN, offset=99)[0] == []
    assert events(PLAIN, limit=3, from_="10s")[0] == ["e10", "e11", "e12"]


def test_a_limit_stops_early_where_the_service_sorts():
    service = FakeService({EVENTS: PLAIN})
    assert ids(ask(service, "events", limit=3)) == ["e00", "e01", "e02"]
    assert service.asked == [(EVENTS, {"limit": "4", "offset": "0", "sort": "timestamp", "order": "asc"})]
    service = FakeService({EVENTS: PLAIN})
    assert ids(ask(service, "events", limit=2, sort="onset", order="desc")) == ["e29", "e28"]
    assert len(service.asked) == 1


def test_a_limit_with_a_filter_reads_on_until_enough_are_kept():
    rows = [event(number, category="media" if number > 8 else "state") for number in range(30)]
    found, offsets = events(rows, cap=5, limit=2, category="media")
    assert found == ["e09", "e10"]
    assert offsets == [0, 5, 10]


def test_a_limit_reads_everything_where_the_service_sorts_otherwise():
    found, offsets = events(PLAIN, cap=10, limit=2, sort="participantId")
    assert found == ["e00", "e02"]
    assert offsets == [0, 10, 20]


def test_a_service_that_does_not_sort_as_asked_is_not_believed():
    assert events(PLAIN[::-1], cap=10, sorts=False, limit=2)[0] == ["e00", "e01"]


times = st.one_of(st.none(), st.integers(0, 5))


limits = st.fixed_dictionaries({"limit": st.integers(0, 6), "offset": st.integers(0, 4)})
orders = st.fixed_dictionaries(
    {
        "order": st.sampled_from(["asc", "desc"]),
        "sort": st.sampled_from([None, "onset", "timestamp", "category"]),
    },
    optional={"category": st.just("a")},
)
servers = st.fixed_dictionaries({"cap": st.integers(1, 6)})


@given(st.lists(times, max_size=14), limits, orders, servers, st.randoms())
def test_a_limit_gives_the_first_rows_of_the_whole(seconds, limit, order, server, random):
    rows = [
        event(
            number,
            timestamp=None if sec is None else f"2026-03-02T15:00:0{sec}Z",
            onset=sec,
            category="abc"[number % 3],
        )
        for number, sec in enumerate(seconds)
    ]
    random.shuffle(rows)
    first, last = limit["offset"], limit["offset"] + limit["limit"]
    whole = events(rows, **server, **order)[0]
    assert events(rows, **server, **order, **limit)[0] == whole[first:last]


def test_sorting_is_stable_and_missing_values_come_last():
    rows = [event(0, duration=5), event(1), event(2, duration=1), event(3, duration=5)]
    assert events(rows, sort="duration")[0] == ["e02", "e00", "e03", "e01"]
    assert events(rows, sort="duration", order="desc")[0] == ["e00", "e03", "e02", "e01"]


@pytest.mark.parametrize("field", ["mixed", "nested", "nothing", "flag", "response", "timestamp"])
def test_any_column_can_be_sorted_by(field):
    rows = [event(n, mixed=[1, "a", None][n], nested={"n": n}, nothing=None, flag=n > 1) for n in range(3)]
    assert sorted(events(rows, sort=field)[0]) == ["e00", "e01", "e02"]


def test_filters_are_applied_again_where_the_service_ignores_them():
    rows = [event(0, category="state"), event(1), event(2, category=None)]
    assert events(rows, category="state")[0] == ["e00", "e02"]  # a row that does not say is believed
    kinds = ["ShowVideo", "show_video", "SHOW-VIDEO", "TextInput", None]
    shown = [{"componentType": kind, "componentId": str(number)} for number, kind in enumerate(kinds)]
    service = FakeService({"data/components/room/r1": shown})
    found = ask(service, "components", component_type="showvideo")
    assert found["componentId"].to_pylist() == ["0", "1", "2"]
    assert "componentType" not in service.asked[0][1]  # the service would know one spelling alone
    people = [{"id": "a", "completionCode": "NO_CONSENT"}, {"id": "b", "completionCode": "SUCCESS"}]
    found = ask(
        FakeService({"data/participants/room/r1": people}), "participants", completion_code="NOCONSENT"
    )
    assert ids(found) == ["a"]


def test_windows_are_cut_here_again():
    assert events(PLAIN, from_="10s", to="12s")[0] == ["e10", "e11", "e12"]
    assert events(PLAIN, from_="2026-03-02T15:00:10Z", to="2026-03-02T15:00:11Z")[0] == ["e10", "e11"]


def test_views_show_their_part_of_events():
    rows = [
        event(0, eventType="consent.agreed", category="pre_experiment"),
        event(1, eventType="instructions.completed", category="pre_experiment"),
        event(2, eventType="questionnaire.response", category="post_experiment"),
        event(3, category="questionnaire"),
        event(4, eventType="component.complete"),
        event(5, eventType=None, category=None),
    ]
    service = FakeService({EVENTS: rows})
    for name, expected in (
        ("consent", ["e00"]),
        ("instructions", ["e01"]),
        ("questionnaire", ["e02", "e03"]),
    ):
        found = ask(service, name)
        assert ids(found) == expected
        assert facts_of(found).type == name
    assert ids(ask(service, "questionnaire", limit=1, order="desc")) == ["e03"]


def test_questions_asked_together_fetch_events_once():
    service = FakeService({EVENTS: PLAIN})
    study, memo = Study(service), {}
    tables = [
        study.table(make_query(name, ROOM), memo=memo) for name in ("events", "consent", "questionnaire")
    ]
    assert [table.num_rows for table in tables] == [30, 0, 0]
    assert service.paths() == [EVENTS]
    limited = study.table(make_query("events", ROOM, limit=2), memo=memo)
    assert limited.num_rows == 2
    assert study.table(make_query("events", ROOM, category="media"), memo=memo).num_rows == 30


def test_columns_are_kept_in_the_order_asked_for():
    found = ask(FakeService({EVENTS: PLAIN}), "events", columns="onset_sec,id")
    assert found.drop_columns(["__nulls__"]).column_names == ["onset_sec", "id"]


def test_an_unknown_column_is_refused_and_those_there_are_named():
    for options in ({"columns": "zzz"}, {"sort": "zzz"}):
        with pytest.raises(InputError, match=r"no column 'zzz'.*there are: id, "):
            ask(FakeService({EVENTS: PLAIN}), "events", **options)


def test_e_mail_is_left_out_and_said_unless_asked_for():
    people = [{"id": "p", "email": "a@b.example", "contactEmail": "c@d.example", "role": "viewer"}]
    service = FakeService({"data/participants/room/r1": people})
    found = ask(service, "participants")
    assert not {"email", "contactEmail"} & set(found.column_names)
    assert "left out: email, contactEmail (--pii keeps" in facts_of(found).warnings[0]
    kept = ask(service, "participants", pii=True)
    assert kept["email"].to_pylist() == ["a@b.example"]
    assert facts_of(kept).warnings == ()
    with pytest.raises(InputError, match="email holds e-mail addresses: add --pii"):
        ask(service, "participants", columns="id,email")
    assert (
        facts_of(ask(FakeService({"data/participants/room/r1": [{"id": "p"}]}), "participants")).warnings
        == ()
    )


def test_the_facts_of_a_result():
    rows = [event(0), event(0), event(1, onset="late")]
    facts = facts_of(
        ask(FakeService({EVENTS: rows}), "events", from_="2026-03-02T15:00", category="media", limit=5)
    )
    assert (facts.type, facts.scope) == ("events", {"kind": "room", "id": "r1", "room": None})
    assert facts.filters == {"category": "media", "from": "2026-03-02T15:00:00+00:00", "limit": 5}
    assert (facts.complete, facts.rows_expected, facts.duplicates_dropped) == (True, 3, 1)
    assert any("of the values of onset could not be read" in one for one in facts.warnings)
    assert any("--from names no time zone: read as UTC" in one for one in facts.warnings)


def test_a_type_without_such_a_time_comes_whole_and_says_so():
    service = FakeService({"data/participants/room/r1": [{"id": "p", "joinedAt": "2026-03-02T15:00:00Z"}]})
    found = ask(service, "participants", from_="90s")
    assert found.num_rows == 1
    assert "comes whole" in facts_of(found).warnings[0]


def test_an_empty_answer_has_the_columns_of_its_type():
    found = ask(FakeService({"data/sync/room/r1": []}), "sync")
    assert {"metricId", "timeDrift", "onset_sec"} <= set(found.column_names)
    assert facts_of(found).complete


def test_ids_are_encoded_and_the_room_travels():
    service = FakeService({"data/sync/participant/p%2F1": []})
    ask(service, "sync", Scope("participant", "p/1", "r 1"))
    assert service.asked[0][1]["roomId"] == "r 1"


def test_progress_is_told_after_every_page():
    told = []
    study = Study(FakeService({EVENTS: PLAIN}, cap=20))
    study.table(make_query("events", ROOM), lambda *what: told.append(what))
    assert told == [("events", 20, 30), ("events", 30, 30)]


def test_a_field_that_no_page_documents_can_be_asked_for():
    rows = [event(0, sessionId="r1", value=3)]
    found = ask(FakeService({EVENTS: rows}), "events", columns="sessionId,value")
    assert found["value"].to_pylist() == [3]


def test_the_list_of_recordings_may_take_its_time():
    service = FakeService({"data/recordings/room/r1": [], EVENTS: []})
    ask(service, "recordings")
    ask(service, "events")
    assert service.patient == ["data/recordings/room/r1"]
