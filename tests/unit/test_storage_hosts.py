"""Which links are followed, and what a storage host's answer means. No network."""

from __future__ import annotations

import pytest

from hs_jupyter.api.file_heads import ChangedError, Head, PassingError, StaleLinkError, Version, read_head
from hs_jupyter.api.files import checked_host
from hs_jupyter.errors import NetworkError
from hs_jupyter.recording_files.links import mint_path

HERE = "http://127.0.0.1:8765/api/v3"
BASE = "https://api.hyperstudy.io/api/v3"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://storage.googleapis.com/b/a.mp4?X-Goog-Signature=1", "storage.googleapis.com"),
        ("HTTPS://Store.Example:8443/x", "store.example"),
        ("https://[2001:db8::1]/x", "2001:db8::1"),
    ],
)
def test_https_is_followed_anywhere(url, host):
    assert checked_host(url, at_home=False) == checked_host(url, at_home=True) == host


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://x/y", "javascript:1", "data:text/plain,x", "", "/relative", "//host/x", "https://",
     "https://user:password@store.example/x", "https://store.example\\@evil.example/", "https://a b/x",
     "https://ho\tst/x?", "https://[::1/x", "https://store.example:port/x", "gopher://x", "\\\\host\\share", "https:///x"],
)  # fmt: skip
def test_what_is_no_plain_url_is_not(url):
    for at_home in (True, False):
        with pytest.raises(NetworkError, match="is no plain http"):
            checked_host(url, at_home=at_home)


def test_without_encryption_only_on_this_machine_and_only_from_it():
    assert checked_host("http://127.0.0.1:1/x", at_home=True) == "127.0.0.1"
    with pytest.raises(NetworkError, match="without encryption"):
        checked_host("http://store.example/x", at_home=True)
    for url in ("http://127.0.0.1:8888/x", "https://localhost/x", "http://[::1]/x"):
        with pytest.raises(NetworkError, match="leads to this machine"):
            checked_host(url, at_home=False)


def test_a_refusal_says_nothing_of_the_link():
    with pytest.raises(NetworkError) as caught:
        checked_host("http://store.example/path?sig=secret", at_home=False)
    assert "secret" not in str(caught.value)
    assert "path" not in str(caught.value)


@pytest.mark.parametrize(
    ("path", "below"),
    [
        ("/data/recordings/download/r/EG", "data/recordings/download/r/EG"),
        ("data/recordings/download/r/EG", "data/recordings/download/r/EG"),
        ("/api/v3/data/recordings/download/r/EG?x=1", "data/recordings/download/r/EG?x=1"),
        (f"{BASE}/data/recordings/download/r/EG", "data/recordings/download/r/EG"),
        ("/data/r/a%20b", "data/r/a%20b"),
        ("https://evil.example/data/r/EG", ""),
        ("//evil.example/data/r/EG", ""),
        ("http://api.hyperstudy.io/api/v3/data/r/EG", ""),
        ("https://api.hyperstudy.io:444/api/v3/x", ""),
        ("/data/../../admin", ""),
        ("/data/%2e%2e/%2E%2E/admin", ""),
        ("/data/..\\admin", ""),
        ("/data/%2e%2e%2fadmin", ""),
        ("data//x", ""),
        ("", ""),
        ("/", ""),
        ("https://[x/", ""),
    ],
)
def test_a_path_for_links_is_below_the_base_or_not_asked_with_the_key(path, below):
    assert mint_path(path, BASE) == below


def head(status, held=0, **headers):
    return read_head(status, {name.replace("_", "-"): value for name, value in headers.items()}, "h", held)


def test_a_whole_file():
    assert head(200, Content_Length="9", ETag='"a"') == Head(0, Version('"a"', "", 9))
    assert head(200) == Head(0, Version(), bounded=False)
    assert head(200, **{"Transfer-Encoding": "chunked"}).bounded
    assert head(200, held=5, Content_Length="9") == Head(0, Version(size=9))


@pytest.mark.parametrize("tag", ['W/"a"', "a", '"', '"a"b"', f'"{"x" * 300}"', '"\n"', ""])
def test_a_tag_that_cannot_be_trusted_is_none(tag):
    assert head(200, Content_Length="1", ETag=tag).version.condition == ""


def test_the_rest_of_a_file():
    found = head(206, held=5, Content_Range="bytes 5-8/9", Content_Length="4", ETag='"a"')
    assert found == Head(5, Version('"a"', "", 9))
    assert head(206, held=5, Content_Range="bytes 5-6/9").version.size == 9


@pytest.mark.parametrize(
    "span", ["", "bytes 4-8/9", "bytes 6-8/9", "bytes 5-9/9", "bytes 5-8/*", "5-8/9", "bytes 5-4/9"]
)
def test_another_part_than_asked_for_is_begun_anew(span):
    with pytest.raises(ChangedError):
        head(206, held=5, Content_Range=span)


@pytest.mark.parametrize(
    ("status", "held", "kind"),
    [(400, 0, StaleLinkError), (401, 0, StaleLinkError), (403, 5, StaleLinkError), (410, 0, StaleLinkError),
     (416, 5, ChangedError), (412, 5, ChangedError), (416, 0, NetworkError), (404, 0, NetworkError),
     (206, 0, NetworkError), (204, 0, NetworkError), (304, 0, NetworkError), (302, 0, NetworkError),
     (429, 0, PassingError), (408, 0, PassingError), (500, 5, PassingError), (503, 0, PassingError)],
)  # fmt: skip
def test_what_a_status_means(status, held, kind):
    with pytest.raises(NetworkError) as caught:
        head(status, held)
    assert type(caught.value) is kind


def test_how_long_a_host_wants_to_be_left_alone():
    with pytest.raises(PassingError) as caught:
        head(503, Retry_After="7")
    assert caught.value.retry_after_sec == 7
    with pytest.raises(PassingError) as caught:
        head(500)
    assert caught.value.retry_after_sec == 0


def test_a_compressed_file_is_not_taken_for_the_file():
    with pytest.raises(NetworkError, match="compressed"):
        head(200, Content_Length="9", Content_Encoding="gzip")
