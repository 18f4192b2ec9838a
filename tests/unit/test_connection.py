"""Which connection holds, and which key may go where."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import traceback

import pytest

from hs_jupyter.api import connection as module
from hs_jupyter.api.connection import Connection, Session
from hs_jupyter.api.keys import ApiKey
from hs_jupyter.api.origins import PRODUCTION_BASE_URL, is_loopback, is_service, normal_base_url, origin_of
from hs_jupyter.api.transport import Transport
from hs_jupyter.errors import CredentialsError, HsError, InputError
from hs_jupyter.study import Study

ENV, LOGIN, DEMO, GIVEN, RING = (
    f"hst_live_{name}ab12cd34ef56" for name in ("envi", "logi", "demo", "give", "ring")
)
DEMO_BASE = "http://127.0.0.1:8765/api/v3"
OTHER = "https://other.example/api/v3"


@pytest.fixture
def ring(monkeypatch):
    """A keyring of this test's own, by origin."""
    saved = {}
    monkeypatch.setattr(module, "saved_key", saved.get)
    return saved


@pytest.fixture
def session(ring):
    return Session({"HYPERSTUDY_API_KEY": ENV, "HYPERSTUDY_ORGANIZATION": "org_env"})


def shown(connection):
    return connection.api_key.reveal() if connection.api_key else None, connection.key_source


def test_nothing_is_the_production_service_without_a_key(ring):
    found = Session({}).connection()
    assert found == Connection(PRODUCTION_BASE_URL)
    assert "no key" in str(found)


def test_the_precedence_of_keys(session, ring):
    ring[origin_of(PRODUCTION_BASE_URL)] = RING
    assert shown(session.connection()) == (ENV, "HYPERSTUDY_API_KEY")
    session.login(LOGIN)
    assert shown(session.connection()) == (LOGIN, "%hs login")
    session.use_demo(DEMO_BASE, DEMO)
    assert shown(session.connection()) == (DEMO, "the demo study")
    session.connect(api_key=GIVEN)
    assert shown(session.connection()) == (GIVEN, "hs.connect")
    session.logout()
    assert shown(session.connection()) == (ENV, "HYPERSTUDY_API_KEY")
    del session._environ["HYPERSTUDY_API_KEY"]
    assert shown(session.connection()) == (RING, "the system keyring")


def test_the_precedence_of_base_urls(ring):
    environ = {}
    session = Session(environ)
    assert session.connection().base_url == PRODUCTION_BASE_URL
    environ["HYPERSTUDY_BASE_URL"] = "https://env.example/api/v3/"
    assert session.connection().base_url == "https://env.example/api/v3"
    session.login(LOGIN, base_url="https://login.example/api/v3")
    assert session.connection().base_url == "https://login.example/api/v3"
    session.use_demo(DEMO_BASE, DEMO)
    assert session.connection().base_url == DEMO_BASE
    session.connect(base_url=OTHER, api_key=GIVEN)
    assert session.connection().base_url == OTHER


def test_the_precedence_of_organizations(session):
    assert session.connection().organization == "org_env"
    session.login(LOGIN, organization="org_login")
    assert session.connection().organization == "org_login"
    assert session.connect(organization="org_given").organization == "org_given"


def test_the_demo_study_says_so_and_is_left_for_what_was_there_before(session):
    session.connect(base_url=OTHER, api_key=GIVEN)
    assert "DEMO STUDY" in str(session.use_demo(DEMO_BASE, DEMO))
    session.use_demo(DEMO_BASE, DEMO)
    session.leave_demo()
    found = session.connection()
    assert (found.base_url, found.demo, shown(found)) == (OTHER, False, (GIVEN, "hs.connect"))
    session.leave_demo()
    assert session.connection() == found


def test_connecting_or_logging_in_leaves_the_demo_study(session):
    for leave in (lambda: session.connect(base_url=OTHER, api_key=GIVEN), lambda: session.login(LOGIN)):
        session.use_demo(DEMO_BASE, DEMO)
        assert not leave().demo


@pytest.mark.parametrize(
    "base",
    ["https://api.hyperstudy.io/api/v3", "https://dev.hyperstudy.io/api/v3", "https://hyperstudy.io/api/v3",
     "https://API.HyperStudy.IO./v3", "http://127.0.0.1:9/api/v3", "http://localhost:1/", "http://[::1]:1/api/v3"],
)  # fmt: skip
def test_keys_of_the_environment_and_the_keyring_go_home(base, session, ring):
    assert shown(session.connect(base_url=base)) == (ENV, "HYPERSTUDY_API_KEY")
    ring[origin_of(base)] = RING
    assert shown(Session({}).connect(base_url=base)) == (RING, "the system keyring")


LOOKALIKES = [
    OTHER, "https://hyperstudy.io.evil.example/api/v3", "https://evilhyperstudy.io", "https://api-hyperstudy.io",
    "https://127.0.0.1.nip.example", "http://localhost.evil.example",
    "https://evil.example/api.hyperstudy.io", "https://evil.example:443/.hyperstudy.io", "http://api.hyperstudy.io/api/v3",
    "http://10.0.0.1/api/v3", "http://0.0.0.0:80/", "http://127.1/",
]  # fmt: skip


@pytest.mark.parametrize("base", LOOKALIKES)
def test_they_go_to_no_other_host(base, session, ring):
    before = session.connection()
    ring[origin_of(base)] = RING
    for one in (session, Session({})):
        with pytest.raises(CredentialsError) as refused:
            one.connect(base_url=base)
        assert "not sent to" in str(refused.value) or "no key is sent to" in str(refused.value)
    assert session.connection() == before


@pytest.mark.parametrize(
    "base",
    ["https://api.hyperstudy.io@evil.example/api/v3", "https://api.hyperstudy.io:pw@evil.example", "https://evil.example\\.hyperstudy.io",
     "https://evil.example\\@api.hyperstudy.io", "https://evil.example#.hyperstudy.io", "https://evil.example?.hyperstudy.io",
     "https://evil.example%2f.hyperstudy.io", "https://evil.example\u2044.hyperstudy.io", "https://evil.example\uff0f.hyperstudy.io",
     "https://api.hyperstudy.io:port/",
     "https://api.hyperstudy.io:99999/", "//api.hyperstudy.io", "api.hyperstudy.io", "ftp://x", "", "https://",
     "file:///etc/passwd", "https://a b.hyperstudy.io", "https://[::1", "javascript:alert(1)"],
)  # fmt: skip
def test_what_readers_of_urls_disagree_about_is_no_base(base):
    with pytest.raises(InputError) as refused:
        normal_base_url(base)
    assert "\n" not in str(refused.value)


def test_the_base_url_of_the_environment_may_have_its_key():
    environ = {"HYPERSTUDY_API_KEY": ENV, "HYPERSTUDY_BASE_URL": OTHER}
    assert shown(Session(environ).connection()) == (ENV, "HYPERSTUDY_API_KEY")
    with pytest.raises(CredentialsError):
        Session(environ).connect(base_url="https://another.example")
    with pytest.raises(CredentialsError, match="plain http"):
        Session({**environ, "HYPERSTUDY_BASE_URL": "http://plain.example"}).connection()


def test_a_key_of_a_login_stays_with_the_base_it_was_given_for(ring):
    environ = {}
    session = Session(environ)
    session.login(LOGIN)
    environ["HYPERSTUDY_BASE_URL"] = OTHER  # by a shared notebook, say
    assert session.connection().base_url == PRODUCTION_BASE_URL
    with pytest.raises(CredentialsError, match="%hs login is not sent to"):
        session.connect(base_url=OTHER)


def test_a_key_given_in_code_goes_where_the_code_says_but_never_by_plain_http(session):
    assert shown(session.connect(base_url=OTHER, api_key=GIVEN)) == (GIVEN, "hs.connect")
    with pytest.raises(CredentialsError, match="plain http"):
        session.connect(base_url="http://other.example", api_key=GIVEN)
    with pytest.raises(CredentialsError, match="plain http"):
        session.login(LOGIN, base_url="http://other.example")
    assert shown(session.connection()) == (GIVEN, "hs.connect")


def test_the_demo_study_s_key_goes_to_the_demo_study_alone(ring):
    session = Session({})
    session.use_demo(DEMO_BASE, DEMO)
    assert session.connect(base_url="http://127.0.0.1:9999/api/v3").api_key is None


@pytest.mark.parametrize(
    "key", ["hst_live_ab12cd34…", "hst_live_ab12****", "hst_live_ab12...", "hst live", "hst_ключ", "a\nb"]
)
def test_a_key_that_cannot_be_one_is_refused_in_words(key):
    with pytest.raises(CredentialsError, match=r"masked form|characters that no key has") as refused:
        Session({}).connect(api_key=key)
    assert key not in str(refused.value)


def test_blank_settings_are_none(ring):
    environ = {"HYPERSTUDY_API_KEY": " ", "HYPERSTUDY_BASE_URL": "", "HYPERSTUDY_ORGANIZATION": ""}
    assert Session(environ).connection() == Connection(PRODUCTION_BASE_URL)
    assert Session({"HYPERSTUDY_API_KEY": f" {ENV}\n"}).connection().api_key.reveal() == ENV


@pytest.mark.parametrize("organization", ["org\r\nX-API-Key: a", "Ω"])
def test_an_organization_that_is_no_header_is_refused(organization, session):
    with pytest.raises(InputError, match="organization"):
        session.connect(organization=organization)


def test_a_broken_base_url_of_the_environment_is_one_sentence():
    for base in ("http://x:port", "nonsense"):
        with pytest.raises(InputError, match="no base URL"):
            Session({"HYPERSTUDY_BASE_URL": base}).connection()


def texts(thing):
    return f"{thing!r} {thing!s} {thing:}"


def test_nothing_that_shows_a_connection_shows_its_key(session):
    session.login(LOGIN)
    session.use_demo(DEMO_BASE, DEMO)
    found = session.connect(base_url=OTHER, api_key=GIVEN)
    transport = Transport(found)
    things = [
        found,
        vars(found),
        dataclasses.asdict(found),
        session,
        vars(session),
        transport,
        vars(transport),
        Study(transport),
    ]
    for thing in things:
        for key in (GIVEN, LOGIN, DEMO):
            assert key not in texts(thing)
    assert found.masked_key == "hst_live_give…"
    assert "hst_live_give…" in str(found)


def test_a_key_is_not_pickled_and_copies_stay_closed(session):
    found = session.connect(api_key=GIVEN)
    for thing in (found, found.api_key, session):
        with pytest.raises(TypeError, match="not pickled"):
            pickle.dumps(thing)
    assert copy.deepcopy(found) == found
    assert found.api_key == ApiKey(GIVEN)
    assert found.api_key != GIVEN
    assert hash(found.api_key) == hash(ApiKey(GIVEN))


def test_no_traceback_shows_a_key(session):
    try:
        session.connect(base_url=OTHER)
    except HsError as problem:
        frames = traceback.TracebackException.from_exception(problem, capture_locals=True)
        for frame in frames.stack:
            assert frame.filename == __file__ or ENV not in str(dict(frame.locals or {}).values())


def test_origins():
    assert origin_of("https://Api.HyperStudy.io/api") == origin_of("https://api.hyperstudy.io:443")
    assert origin_of("http://a.example") != origin_of("https://a.example")
    assert origin_of("https://a.example:8443") != origin_of("https://a.example")
    assert is_service("https://hyperstudy.io") and not is_service("http://hyperstudy.io")  # noqa: PT018
    assert is_loopback("http://127.0.0.53") and not is_loopback("http://8.8.8.8")  # noqa: PT018


def test_the_demo_study_has_limits_only_if_it_was_started_with_them(session):
    assert not session.use_demo(DEMO_BASE, DEMO).limited
    assert session.use_demo(DEMO_BASE, DEMO, limited=True).limited
    assert not session.use_demo(DEMO_BASE, DEMO).limited
    assert session.connect(base_url=OTHER, api_key=GIVEN).limited


def test_settings_hold_where_nobody_says_otherwise(ring):
    environ: dict[str, str] = {}
    session = Session(environ)
    session.use_settings(base_url=f" {OTHER}/ ", organization="org_a", page_size=200)
    found = session.connection()
    assert (found.base_url, found.organization, found.page_size) == (OTHER, "org_a", 200)
    environ["HYPERSTUDY_ORGANIZATION"] = "org_b"
    assert session.connection().organization == "org_b"
    environ["HYPERSTUDY_BASE_URL"] = PRODUCTION_BASE_URL
    assert session.connection().base_url == PRODUCTION_BASE_URL
    environ.clear()
    assert session.connect(base_url=DEMO_BASE).base_url == DEMO_BASE
    session.connect()
    session.use_settings()
    assert session.connection() == Session({}).connection()


def test_an_organization_of_the_settings_belongs_to_their_base(ring):
    session = Session({})
    session.use_settings(organization="org_a")
    assert session.use_demo(DEMO_BASE, DEMO).organization is None
    assert session.connect(base_url=DEMO_BASE).organization is None
    assert session.connect().organization == "org_a"


@pytest.mark.parametrize("source", ["environment", "keyring"])
def test_settings_take_no_key_anywhere(source, ring):
    session = Session({"HYPERSTUDY_API_KEY": ENV} if source == "environment" else {})
    ring.update({origin_of(OTHER): RING} if source == "keyring" else {})
    session.use_settings(base_url=OTHER)
    with pytest.raises(CredentialsError, match=f"not sent to {OTHER}"):
        session.connection()


def test_a_login_without_a_base_is_one_to_the_base_that_holds(ring):
    session = Session({})
    session.use_settings(base_url=OTHER)
    assert session.login(LOGIN).base_url == OTHER
    session.use_settings()
    assert shown(session.connection()) == (LOGIN, "%hs login")
    assert session.connection().base_url == OTHER


@pytest.mark.parametrize(
    "given", [{"base_url": "lab.example"}, {"organization": "a\nb"}, {"page_size": 5}, {"page_size": 5000}]
)
def test_settings_that_are_none_change_nothing(given, ring):
    session = Session({})
    session.use_settings(base_url=OTHER, page_size=100)
    before = session.connection()
    with pytest.raises(InputError):
        session.use_settings(**given)
    assert session.connection() == before
