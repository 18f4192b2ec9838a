"""Experiments by exact name, and the nearest ID where one is not found."""

from __future__ import annotations

import pytest
from fake_service import FakeService, ask

from hs_jupyter.errors import AuthenticationError, ForbiddenError, InputError, NotFoundError
from hs_jupyter.query import make_query
from hs_jupyter.scope import Scope
from hs_jupyter.study import Study
from hs_jupyter.tables.facts import facts_of

LIST = [{"id": "exp_pairs", "name": "Film in pairs"}, {"id": "exp_solo", "name": "Alone"}]
ROOMS = [{"id": "room_abc123"}, {"id": "room_def456"}]
BY_ID = "data/rooms/experiment/exp_pairs"


def service(**routes):
    return FakeService({"experiments": LIST, BY_ID: ROOMS, "data/rooms/experiment/exp_solo": [], **routes})


def rooms(fake, name):
    return ask(fake, "rooms", Scope("experiment", name))


def message(fake, type_, scope):
    with pytest.raises(NotFoundError) as caught:
        ask(fake, type_, scope)
    assert caught.value.status == 404
    return str(caught.value)


def test_an_id_is_asked_for_as_it_is():
    fake = service()
    assert rooms(fake, "exp_pairs").num_rows == 2
    assert fake.paths() == [BY_ID]


def test_an_exact_name_stands_for_its_id():
    fake = service()
    found = rooms(fake, "Film in pairs")
    assert found["roomId"].to_pylist() == ["room_abc123", "room_def456"]
    assert facts_of(found).scope["id"] == "exp_pairs"
    assert fake.paths() == ["experiments", BY_ID]


def test_a_name_of_one_word_is_found_after_the_id_was_not():
    assert rooms(service(), "Alone").num_rows == 0


def test_a_name_is_looked_up_once():
    fake = service()
    study = Study(fake)
    for _ in range(2):
        study.table(make_query("rooms", Scope("experiment", "Film in pairs")))
    assert fake.paths().count("experiments") == 1


def test_several_of_one_name_need_an_id():
    fake = service(experiments=[*LIST, {"id": "exp_2", "name": "Film in pairs"}])
    with pytest.raises(
        InputError, match="2 experiments are named 'Film in pairs': use an ID, exp_2, exp_pairs"
    ):
        rooms(fake, "Film in pairs")


def test_names_are_exact():
    assert "not found" in message(service(), "rooms", Scope("experiment", "film in pairs"))


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        (Scope("room", "room_abc12"), "room 'room_abc12' not found; did you mean 'room_abc123'?"),
        (Scope("experiment", "exp_pair"), "experiment 'exp_pair' not found; did you mean 'exp_pairs'?"),
        (Scope("experiment", "zzz"), "experiment 'zzz' not found"),
        (
            Scope("participant", "p_mia", "room_abc123"),
            "participant 'p_mia' in room 'room_abc123' not found; did you mean 'p_mira'?",
        ),
        (
            Scope("participant", "p", "room_abc12"),
            "participant 'p' in room 'room_abc12' not found; did you mean 'room_abc123'?",
        ),
    ],
)
def test_what_is_not_found_says_the_nearest(scope, words):
    fake = service(**{"data/participants/room/room_abc123": [{"id": "p_mira"}]})
    assert message(fake, "events", scope) == words
    assert len(fake.asked) < 12


@pytest.mark.parametrize(
    "refusal", [ForbiddenError("no", status=403), AuthenticationError("no", status=401), None]
)
def test_a_key_that_may_not_list_still_gets_the_plain_sentence(refusal):
    fake = FakeService({"experiments": refusal} if refusal else {})
    assert message(fake, "events", Scope("room", "room_abc12")) == "room 'room_abc12' not found"


def test_an_experiment_s_record_by_id_and_by_name():
    fake = service(**{"experiments/exp_pairs": {"data": [{"id": "exp_pairs", "states": []}]}})
    study = Study(fake)
    for name in ("exp_pairs", "Film in pairs"):
        assert study.experiment(name) == {"id": "exp_pairs", "states": []}
    with pytest.raises(NotFoundError, match="did you mean 'exp_pairs'"):
        study.experiment("exp_pars")


def test_experiment_lists_and_deployments():
    fake = service(deployments=[{"id": "dep_1", "experimentId": "exp_pairs"}])
    assert ask(fake, "experiments", Scope("user"), search="film")["experimentId"].to_pylist() == [
        "exp_pairs",
        "exp_solo",
    ]
    assert fake.asked[-1][1]["search"] == "film"
    assert ask(fake, "deployments", Scope("experiment", "exp_pairs"))["deploymentId"].to_pylist() == ["dep_1"]
    assert fake.asked[-1][1] == {"experimentId": "exp_pairs"}
    assert ask(fake, "deployments", Scope("user")).num_rows == 1
    assert fake.asked[-1][1] == {}
