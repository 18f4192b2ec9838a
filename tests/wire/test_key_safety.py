"""Over real HTTP: the key goes to its own origin alone, and every failure is one sentence without it."""

from __future__ import annotations

import json
import socket
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import pytest

from hs_jupyter import errors
from hs_jupyter.api.answers import retry_after_sec
from hs_jupyter.api.connection import Connection
from hs_jupyter.api.keys import ApiKey
from hs_jupyter.api.transport import Transport, data_path

KEY = "hst_live_ab12cd34ef56gh78"
BODY = {"status": "success", "data": [{"id": "a"}]}


class Server:
    """A service that answers as a test tells it to, and remembers what it was asked."""

    def __init__(self):
        self.asked = []
        self.answers = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                service.asked.append((self.path, dict(self.headers)))
                answer = service.answers.pop(0) if service.answers else {}
                if answer == "hang up":
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                body = answer.get("body", BODY)
                content = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(answer.get("status", 200))
                headers = {"Content-Length": str(len(content)), **answer.get("headers", {})}
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)
                self.close_connection = True

            do_CONNECT = do_GET  # noqa: N815 - the library's name

            def log_message(self, *_):
                """Keep the output quiet."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._http.server_port}"
        self.base_url = f"{self.origin}/api/v3"
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self):
        self._http.shutdown()
        self._http.server_close()


@pytest.fixture
def server():
    one = Server()
    yield one
    one.stop()


@pytest.fixture
def stranger():
    one = Server()
    yield one
    one.stop()


@pytest.fixture
def transport(server):
    one = Transport(Connection(server.base_url, ApiKey(KEY), "org_1", "hs.connect"))
    yield one
    one.close()


def failure(transport, kind, path="data/events/room/r"):
    with pytest.raises(kind) as caught:
        transport.get(path)
    assert type(caught.value) is kind
    shown = f"{caught.value}{caught.value!r}{vars(caught.value)}"
    assert KEY not in shown
    assert "\n" not in str(caught.value)
    return caught.value


def test_key_and_organization_go_to_their_own_origin(server, transport):
    assert transport.get("data/events/room/r", {"limit": "1"}) == BODY
    path, headers = server.asked[0]
    assert path == "/api/v3/data/events/room/r?limit=1"
    assert (headers["X-API-Key"], headers["X-Organization-Id"]) == (KEY, "org_1")
    assert "Authorization" not in headers


def test_no_organization_sends_no_header(server):
    Transport(Connection(server.base_url, ApiKey(KEY))).get("x")
    assert "X-Organization-Id" not in server.asked[0][1]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_origin_is_not_followed(status, server, stranger, transport):
    server.answers = [{"status": status, "headers": {"Location": f"{stranger.base_url}/x"}}]
    problem = failure(transport, errors.NetworkError)
    assert "redirected to another host" in str(problem)
    assert stranger.asked == []


def test_nor_one_after_a_redirect_at_home(server, stranger, transport):
    server.answers = [
        {"status": 302, "headers": {"Location": "/api/v3/moved"}},
        {"status": 302, "headers": {"Location": stranger.origin.replace("http:", "")}},
    ]
    failure(transport, errors.NetworkError)
    assert len(server.asked) == 2
    assert stranger.asked == []


def test_a_redirect_at_home_is_followed_with_the_key(server, transport):
    server.answers = [{"status": 307, "headers": {"Location": "/api/v3/moved?limit=1"}}]
    assert transport.get("data/events/room/r", {"limit": "1"}) == BODY
    path, headers = server.asked[1]
    assert (path, headers["X-API-Key"]) == ("/api/v3/moved?limit=1", KEY)


def test_redirects_in_a_circle_end(server, transport):
    server.answers = [{"status": 302, "headers": {"Location": "/api/v3/again"}}] * 9
    assert "too often" in str(failure(transport, errors.NetworkError))


def test_a_proxy_of_the_environment_never_carries_the_key_off_this_machine(server, stranger, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, stranger.origin)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert Transport(Connection(server.base_url, ApiKey(KEY))).get("x") == BODY
    assert stranger.asked == []


def test_a_netrc_file_is_not_used(server, transport, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    transport.get("x")
    assert "Authorization" not in server.asked[0][1]


ERRORS = [
    (400, errors.BadRequestError), (401, errors.AuthenticationError), (403, errors.ForbiddenError),
    (404, errors.NotFoundError), (500, errors.ServerError), (504, errors.ServerError),
]  # fmt: skip


@pytest.mark.parametrize(("status", "kind"), ERRORS)
def test_each_status_is_a_typed_error_with_the_server_s_message(status, kind, server, transport):
    error = {"code": "X", "message": f"we say why (key {KEY})", "details": {"echo": KEY}}
    server.answers = [{"status": status, "body": {"status": "error", "error": error}}]
    problem = failure(transport, kind)
    assert f"data/events/room/r: the service answered {status}: we say why (key hst_live_ab12…)" in str(
        problem
    )
    assert (problem.status, problem.code) == (status, "X")


def test_a_key_of_another_form_is_masked_too(server):
    odd = "0123456789.secret/of+mine"
    server.answers = [{"status": 401, "body": {"error": f"unknown key {odd}"}}]
    with pytest.raises(errors.AuthenticationError) as caught:
        Transport(Connection(server.base_url, ApiKey(odd))).get("x")
    assert "unknown key 0123…" in str(caught.value)
    assert odd not in str(caught.value)


def test_a_missing_scope_is_named(server, transport):
    details = {"required": ["read:ratings"], "provided": ["read:events"]}
    error = {"code": "FORBIDDEN", "message": "no", "details": details}
    server.answers = [{"status": 403, "body": {"status": "error", "error": error}}]
    problem = failure(transport, errors.ForbiddenError)
    assert "the key lacks the scope read:ratings" in str(problem)
    assert problem.details == details


@pytest.mark.parametrize(
    ("header", "seconds"),
    [({"Retry-After": "7"}, 7), ({}, 60), ({"Retry-After": "soon"}, 60), ({"Retry-After": "-5"}, 60)],
)
def test_429_says_how_long_to_wait(header, seconds, server, transport):
    server.answers = [{"status": 429, "headers": header, "body": {"error": {"message": "slow down"}}}]
    problem = failure(transport, errors.RateLimitError)
    assert problem.retry_after_sec == seconds
    assert f"slow down; try again in {seconds} s" in str(problem)


def test_retry_after_as_a_date():
    now = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
    assert retry_after_sec(format_datetime(now + timedelta(seconds=30), usegmt=True), now) == 30
    assert retry_after_sec(format_datetime(now - timedelta(seconds=30), usegmt=True), now) == 0
    assert retry_after_sec("Mon, 02 Mar 2026 15:00:30 -0000", now) == 30


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (
            {"status": 500, "body": b"<html>Bad gateway</html>"},
            errors.ServerError,
            "the service answered 500",
        ),
        ({"status": 404, "body": b""}, errors.NotFoundError, "no message came with it"),
        ({"status": 429, "body": b"<html>"}, errors.RateLimitError, "try again in 60 s"),
        ({"body": b'{"status": "success", "data": ['}, errors.ServerError, "not JSON"),
        ({"body": b"\xff\xfe"}, errors.ServerError, "not JSON"),
        ({"status": 204, "body": b""}, errors.ServerError, "not JSON"),
        ({"status": 304, "body": b""}, errors.ServerError, "answered 304"),
        ({"headers": {"Content-Length": "5000"}}, errors.NetworkError, "broke off"),
        ({"headers": {"Content-Encoding": "gzip"}}, errors.NetworkError, "broke off"),
        ("hang up", errors.NetworkError, "could not be reached"),
    ],
    ids=str,
)
def test_broken_answers_are_one_sentence(answer, kind, words, server, transport):
    server.answers = [answer]
    assert words in str(failure(transport, kind))


def test_no_server_is_one_sentence():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{free.getsockname()[1]}/api/v3"
    for demo, hint in ((False, "check the network"), (True, "%hs demo")):
        problem = failure(Transport(Connection(base, ApiKey(KEY), demo=demo)), errors.NetworkError)
        assert "could not be reached" in str(problem)
        assert hint in str(problem)


def test_without_a_key_nothing_is_asked(server):
    problem = failure(Transport(Connection(server.base_url)), errors.CredentialsError)
    assert "%hs login" in str(problem)
    assert server.asked == []


@pytest.mark.parametrize(
    "id_",
    ["a/b", "..", "../../users", ".", "a?b=c", "a#b", "a b", "ä/ö", "%2F", "a%20b", "房间", "a&b;c",
     "a\\b", "é\n", "{id}", "a:b@c"],
)  # fmt: skip
def test_an_id_is_one_segment_of_the_path_whatever_it_holds(id_, server, transport):
    transport.get(data_path("data/events/{scope}/{id}", scope="room", id=id_), {"limit": "1"})
    path = server.asked[0][0]
    front, _, rest = path.partition("/api/v3/data/events/room/")
    assert front == ""
    segment, _, query = rest.partition("?")
    assert query == "limit=1"
    assert "/" not in segment
    assert unquote(segment) == id_


def test_half_an_emoji_does_not_lose_a_page(server, transport):
    server.answers = [
        {
            "body": b'{"data": [{"id": "a", "content": "cut \\ud83d"}, {"id": "b", "content": "whole \\ud83d\\ude00"}]}'
        }
    ]
    first, second = transport.get("x")["data"]
    assert first["content"] == "cut ?"
    assert second["content"] == "whole \U0001f600"
