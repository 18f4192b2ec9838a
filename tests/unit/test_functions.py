"""The Python twins: names, signatures, and that each is one road to the same table."""

from __future__ import annotations

import builtins
import importlib
import inspect
import subprocess
import sys

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from fake_service import FakeService, connect, event

import hs_jupyter as hs
import hs_jupyter.functions
from hs_jupyter.catalog import DATA_TYPES
from hs_jupyter.errors import CredentialsError, InputError, NotFoundError
from hs_jupyter.functions import session

TWINS = {kind.table: kind for kind in DATA_TYPES.values() if not kind.name.startswith("ratings/")}


@pytest.fixture
def service(monkeypatch):
    return connect(monkeypatch, FakeService({"data/events/room/r1": [event(0), event(1)]}))


def test_public_names_are_the_functions(monkeypatch):
    monkeypatch.setattr("importlib.metadata.version", {"hs-jupyter": "1.2.3"}.get)
    own = {
        "Bundle",
        "Explorer",
        "Selection",
        "TimeWindow",
        "load_ipython_extension",
        "unload_ipython_extension",
    }
    assert set(hs.__all__) - own == set(hs_jupyter.functions.__all__)
    assert sorted(hs.__all__) == sorted(set(hs.__all__))
    assert set(TWINS) <= set(hs.__all__)
    assert set(hs.__all__) <= set(dir(hs))
    assert not set(hs.__all__) & set(vars(builtins))
    assert hs.__version__ == "1.2.3"
    with pytest.raises(AttributeError, match="no attribute 'evnts'"):
        _ = hs.evnts


def test_no_public_name_is_a_module():
    for module in ("scope", "study", "bundles", "downloads", "errors"):  # as in a session that used them
        importlib.import_module(f"hs_jupyter.{module}")
    for name in hs.__all__:
        assert not inspect.ismodule(getattr(hs, name)), name


@pytest.mark.parametrize("name", hs_jupyter.functions.__all__)
def test_every_function_says_what_it_does(name):
    function = getattr(hs, name)
    text = inspect.getdoc(function)
    assert text.splitlines()[0].endswith(".")
    for parameter in inspect.signature(function).parameters.values():
        assert name == "experiment" or parameter.kind != parameter.VAR_POSITIONAL


@pytest.mark.parametrize(("name", "kind"), TWINS.items())
def test_a_twin_has_its_scopes_and_filters_and_the_options_of_table(name, kind):
    given = inspect.signature(getattr(hs, name)).parameters
    words = {"experiment": {"experiment"}, "room": {"room"}, "participant": {"participant", "room"}}
    scopes = set().union(*(words[scope] for scope in kind.scopes))
    filters = {one.keyword for one in kind.parameters}
    shared = set(inspect.signature(hs.table).parameters) - {
        "type",
        "experiment",
        "room",
        "participant",
        "filters",
    }
    assert set(given) == scopes | filters | shared
    assert all(one.kind is one.KEYWORD_ONLY for one in given.values())


def test_a_twin_equals_table(service):
    options = {"room": "r1", "from_": 1, "columns": "id,onset_sec", "progress": False}
    one, other = hs.events(**options), hs.table("events", **options)
    pd.testing.assert_frame_equal(one, other)
    assert one["id"].tolist() == ["e01"]
    assert one.attrs["hs"]["filters"] == other.attrs["hs"]["filters"]


@pytest.mark.parametrize(
    ("as_", "form"),
    [("pandas", pd.DataFrame), ("polars", pl.DataFrame), ("arrow", pa.Table), ("records", list)],
)
def test_forms(as_, form, service):
    assert isinstance(hs.events(room="r1", as_=as_), form)


def test_an_unknown_option_is_helped_and_nothing_is_asked(service):
    for ask, words in (
        (lambda: hs.events(rom="r1"), "hs.events has no option 'rom'; did you mean 'room'"),
        (lambda: hs.rooms(room="r1"), "hs.rooms has no option 'room'"),
        (lambda: hs.events(room="r1", completed=True), "hs.events has no option 'completed'"),
        (lambda: hs.ratings(room="r1", kind="dense"), "continuous or sparse, not 'dense'"),
        (lambda: hs.ratings(room="r1", category="x"), "no --category"),
        (lambda: hs.events(room="r1", as_="excel"), "no form of a table"),
        (hs.events, "exactly one scope"),
        (lambda: hs.events(participant="p"), "needs the room"),
        (lambda: hs.plot(room="r1", types="components"), "cannot be drawn"),
    ):
        with pytest.raises(InputError, match=words):
            ask()
    assert service.asked == []


def test_ratings_of_both_kinds(service):
    service.routes |= {
        "data/ratings/continuous/room/r1": [{"ratingId": "c"}],
        "data/ratings/sparse/room/r1": [{"ratingId": "s"}],
    }
    assert hs.ratings(room="r1")["ratingId"].tolist() == ["c"]
    assert hs.ratings(room="r1", kind="sparse")["ratingId"].tolist() == ["s"]


def test_lists_and_one_experiment(service):
    service.routes |= {
        "experiments": [{"id": "e1", "name": "Film", "ownerEmail": "a@b.example"}], "deployments": [],
        "experiments/e1": {"data": [{"id": "e1", "ownerEmail": "a@b.example", "states": [{"id": "s"}], "roles": {}}]},
    }  # fmt: skip
    assert hs.experiments()["name"].tolist() == ["Film"]
    assert "ownerEmail" not in hs.experiments()
    assert hs.experiments(pii=True)["ownerEmail"].tolist() == ["a@b.example"]
    assert len(hs.deployments()) == len(hs.deployments("e1")) == 0
    design = hs.experiment("e1")
    assert list(design) == ["experiment", "states", "roles", "global_components"]
    assert "ownerEmail" not in design.experiment
    assert design.states["stateId"].tolist() == ["s"]
    with pytest.raises(NotFoundError, match="did you mean 'e1'"):
        hs.experiment("e11")


def test_plot_without_rows_says_so(service):
    service.routes |= {f"data/{name}/room/r1": [] for name in ("sync", "chat")}
    with pytest.raises(InputError, match="room r1 has no sync, chat to draw in this window"):
        hs.plot(room="r1", types="sync,chat", from_=1, progress=False)


def test_a_session_connects_logs_in_and_out(monkeypatch, service):
    forgotten, saved = [], []
    monkeypatch.setattr(session, "forget_key", forgotten.append)
    monkeypatch.setattr(session, "save_key", lambda origin, key: saved.append((origin, key)))
    monkeypatch.setattr("getpass.getpass", lambda _: " hst_test_abcdefghijkl ")
    monkeypatch.setattr("hs_jupyter.readable.readable", lambda _: "reads all")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    assert hs.login(url="http://127.0.0.1:1/api/v3", org="org_1", save=True) == "reads all"
    assert saved == [(("http", "127.0.0.1", 1), "hst_test_abcdefghijkl")]
    found = hs.connection()
    assert (found.base_url, found.organization, found.key_source) == (
        "http://127.0.0.1:1/api/v3",
        "org_1",
        "%hs login",
    )
    assert hs.logout().api_key is None
    assert forgotten == [("http", "127.0.0.1", 1)]


def test_logging_out_works_where_no_key_may_go(monkeypatch, service):
    monkeypatch.setattr(session, "forget_key", lambda _: False)
    session._SESSION._environ.update(
        HYPERSTUDY_API_KEY="hst_live_abcdefghijkl", HYPERSTUDY_BASE_URL="http://plain.example"
    )
    with pytest.raises(CredentialsError):
        hs.connection()
    with pytest.raises(CredentialsError, match="plain http"):
        hs.logout()


def test_the_study_is_made_anew_when_the_connection_changes(service):
    before = session.current_study()
    assert session.current_study() is before
    hs.connect(base_url="http://127.0.0.1:1", api_key="hst_test_abcdefghijkl")
    assert session.current_study() is not before


def test_importing_costs_little():
    code = "import sys, hs_jupyter; dir(hs_jupyter); print([m for m in sys.modules if m.split('.')[0] in {names}])"
    heavy = {
        "pandas",
        "pyarrow",
        "altair",
        "duckdb",
        "requests",
        "numpy",
        "keyring",
        "IPython",
        "polars",
        "tqdm",
    }
    shown = subprocess.run(
        [sys.executable, "-c", code.replace("{names}", repr(heavy))],
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.strip() == "[]"
