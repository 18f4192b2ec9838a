"""Every variant of the envelope that the service is known to send."""

from __future__ import annotations

import pytest

from hs_jupyter.api.envelope import raise_error_body, read_object, read_page
from hs_jupyter.errors import (
    ApiError,
    AuthenticationError,
    BadRequestError,
    ForbiddenError,
    NotFoundError,
    RateLimitError,
    ServerError,
)

A, B = {"id": "a"}, {"id": "b"}


def envelope(data, **metadata):
    return {"status": "success", "data": data, "metadata": metadata}


@pytest.mark.parametrize(
    ("body", "records"),
    [
        (envelope([A, B]), [A, B]),
        ({"status": "success", "data": [A]}, [A]),
        ({"status": "success", "data": [A], "metadata": None}, [A]),
        ({"status": "success", "data": [A], "metadata": []}, [A]),
        (envelope(A), [A]),
        (envelope([]), []),
        (envelope(None), []),
        ({"status": "success", "metadata": {}}, []),
        ([A, B], [A, B]),
        ([], []),
        (A, [A]),
        ({"status": "success", "canView": True}, [{"canView": True}]),
        (envelope([A], pagination=None, _warnings=None), [A]),
    ],
)
def test_records_are_found_in_any_envelope(body, records):
    page = read_page(body)
    assert page.records == records
    assert (page.has_more, page.next_offset, page.total, page.warnings, page.malformed) == (
        False,
        None,
        None,
        (),
        0,
    )


def test_the_seed_s_metadata():
    pagination = {"total": 2500, "returned": 1000, "hasMore": True, "nextOffset": 1000}
    processing = {
        "experimentStartedAt": "2024-10-20T14:30:00.000Z",
        "processingTimeMs": 145,
        "enriched": True,
    }
    page = read_page(envelope([A], dataType="events", pagination=pagination, processing=processing))
    assert (page.total, page.has_more, page.next_offset) == (2500, True, 1000)
    assert page.metadata["processing"] == processing


@pytest.mark.parametrize("more", [None, False, "true", 1])
def test_no_more_unless_the_service_says_so(more):
    assert not read_page(envelope([A], pagination={"total": 9, "hasMore": more})).has_more
    assert not read_page(envelope([A], pagination={"total": 9})).has_more


@pytest.mark.parametrize("said", [None, 0, 5, 4, -1, "6", True, 5.5, [6], {}])
def test_a_next_offset_counts_only_when_it_goes_on(said):
    page = read_page(envelope([A], pagination={"hasMore": True, "nextOffset": said}), offset=5)
    assert page.has_more
    assert page.next_offset is None
    assert (
        read_page(envelope([A], pagination={"hasMore": True, "nextOffset": 6.0}), offset=5).next_offset == 6
    )


@pytest.mark.parametrize(
    ("offset", "data", "more"), [(0, [A, B], True), (2, [A], False), (1, [A, B], False), (0, [], False)]
)
def test_flat_metadata(offset, data, more):
    page = read_page(envelope(data, total=3, limit=2, offset=offset), offset)
    assert (page.total, page.has_more) == (3, more)


@pytest.mark.parametrize("total", [None, "many", -3, True, 1.5, float("inf"), float("nan")])
def test_a_total_that_is_no_count(total):
    assert read_page(envelope([A], pagination={"total": total})).total is None


@pytest.mark.parametrize(
    ("said", "warnings"),
    [(["MISSING_INDEX: may miss", 7], ("MISSING_INDEX: may miss", "7")), ("one", ("one",)), ({}, ()), ([], ())],
)  # fmt: skip
def test_warnings(said, warnings):
    assert read_page(envelope([], _warnings=said)).warnings == warnings


def test_entries_that_are_no_records_are_counted():
    page = read_page(envelope([A, None, "text", 3, [B], B]))
    assert page.records == [A, B]
    assert page.malformed == 4


@pytest.mark.parametrize("body", ["text", 3, True])
def test_a_body_that_is_no_answer_holds_no_record(body):
    assert read_page(body).records == []
    assert read_page(body).malformed == 1


@pytest.mark.parametrize("body", [envelope([A]), envelope(A), A, [A], {"status": "success", "id": "a"}])
def test_a_single_object_in_any_wrapping(body):
    assert read_object(body) == A


@pytest.mark.parametrize("body", [envelope([]), envelope([A, B]), envelope(None), envelope("a"), [], "a"])
def test_no_object_is_a_server_s_fault(body):
    with pytest.raises(ServerError, match="no record"):
        read_object(body)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"status": "error", "error": {"code": "X", "message": "it broke"}}, "it broke"),
        ({"status": "error", "error": "it broke", "data": []}, "it broke"),
        ({"status": "error", "message": "it broke"}, "it broke"),
        ({"error": "it broke"}, "it broke"),
        ({"status": "error"}, "no message came with it"),
        ({"status": "error", "error": {"message": None}}, "no message"),
        ({"status": "error", "error": {"message": ["it broke"]}}, "it broke"),
    ],
)
@pytest.mark.parametrize("read", [read_page, read_object])
def test_an_error_under_http_200(read, body, message):
    with pytest.raises(ApiError, match=message) as caught:
        read(body)
    assert caught.value.status == 200


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequestError), (401, AuthenticationError), (403, ForbiddenError), (404, NotFoundError),
        (409, ApiError), (429, RateLimitError), (500, ServerError), (504, ServerError),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "body", [None, "<html>", [], {"error": "why"}, {"error": {"code": "FORBIDDEN", "message": "why"}}]
)
def test_the_status_decides_whatever_the_body_says(status, kind, body):
    with pytest.raises(ApiError) as caught:
        raise_error_body(body, status, asked="data/events/room/r")
    assert type(caught.value) is kind
    assert caught.value.status == status
    assert str(caught.value).startswith(f"data/events/room/r: the service answered {status}: ")
    assert ("why" in str(caught.value)) == isinstance(body, dict)


@pytest.mark.parametrize("required", ["read:ratings", ["read:ratings"]])
def test_a_missing_key_scope_is_named(required):
    error = {
        "code": "FORBIDDEN",
        "message": "no",
        "details": {"required": required, "provided": ["read:events"]},
    }
    with pytest.raises(ForbiddenError, match="the key lacks the scope read:ratings") as caught:
        raise_error_body({"status": "error", "error": error}, 403)
    assert (caught.value.code, caught.value.details["provided"]) == ("FORBIDDEN", ["read:events"])


def test_a_long_or_broken_message_stays_one_line():
    with pytest.raises(ServerError) as caught:
        raise_error_body({"error": {"message": "a\nb " * 999}}, 500)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600
