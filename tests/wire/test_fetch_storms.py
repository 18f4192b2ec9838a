"""Everything at once, drawn by a seed: exactly the rows, however often it fails, lies, grows or is interrupted."""

from __future__ import annotations

from random import Random

import pytest
from fault_server import FAULTS, Clock, FaultServer, Instantly, rows_of

from hs_jupyter.api.asking import Policy
from hs_jupyter.api.budget import Budget
from hs_jupyter.fetching import Fetcher, trail, watched
from hs_jupyter.manner import Manner, in_manner
from hs_jupyter.query import make_query
from hs_jupyter.scope import Scope
from hs_jupyter.storage import open_space

QUERY = make_query("events", Scope("room", "r"))
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.thorough) for seed in range(1, 60))]


@pytest.fixture
def slept(monkeypatch):
    waits = []
    monkeypatch.setattr("hs_jupyter.fetching.fetcher.Halt", lambda: Instantly(waits))
    return waits


class Interrupts:
    """Interrupts by chance, as a user would."""

    def __init__(self, chance, often):
        self.chance, self.often = chance, often

    def __call__(self, *_):
        if self.chance.random() < self.often:
            raise KeyboardInterrupt

    def waiting(self, *_):
        """See a wait."""


def fetch(server, slept, chance, folder=None, often=0.0):
    """Fetch as a process of its own: with what an earlier one kept, if there is a folder; None if interrupted."""
    clock = Clock(slept)
    fetcher = Fetcher(server.transport, Policy(Budget(clock=clock), 120.0, chance, clock))
    if folder is None:
        return fetcher.fetch(QUERY, QUERY)
    space = open_space(folder, server=server.base_url, organization=None)
    with (
        space.journal(QUERY.data_type, QUERY.scope, QUERY.wire()) as journal,
        watched(Interrupts(chance, often)),
    ):
        try:
            return fetcher.fetch(QUERY, QUERY, journal=journal)
        except KeyboardInterrupt:
            return None


def faulty(chance, often):
    kinds = list(FAULTS.values())
    return lambda _: chance.choice(kinds) if chance.random() < often else None


def lying(chance):
    """Let an answer say wrong things of itself: its total, and where the next page begins."""
    totals, steps = chance.random() < 0.3, chance.random() < 0.5

    def about(said, offset):
        told = dict(said)
        if totals:
            told["total"] = chance.choice([None, 0, 7, 10**6])
        if steps and said["hasMore"]:
            told["nextOffset"] = chance.choice([None, "1", -1, offset, offset + chance.randint(1, 400)])
        return told

    return about


@pytest.mark.parametrize("seed", SEEDS)
def test_a_storm_ends_in_exactly_the_rows(seed, slept):
    chance = Random(seed)
    rows = rows_of(chance.randint(0, 9000))
    server = FaultServer(
        faulty(chance, 0.4), rows=rows, cap=chance.choice([400, 1000, 5000]), about=lying(chance)
    )
    with server, in_manner(Manner(yes=True)):  # a wrong total may announce very many requests
        fetched = fetch(server, slept, chance)
    assert fetched.table["id"].to_pylist() == [row["id"] for row in rows]
    assert fetched.facts.complete


@pytest.mark.parametrize("seed", SEEDS)
def test_a_storm_with_interrupts_ends_in_exactly_the_rows(seed, slept, tmp_path, monkeypatch):
    monkeypatch.setattr(trail, "KEEP_EVERY_SEC", 0.0)
    chance = Random(seed)
    rows = rows_of(chance.randint(0, 9000))
    server = FaultServer(faulty(chance, 0.2), rows=rows, cap=chance.choice([400, 1000, 5000]))
    with server:
        while (fetched := fetch(server, slept, chance, tmp_path, often=0.3)) is None:
            pass
    assert fetched.table["id"].to_pylist() == [row["id"] for row in rows]
    assert fetched.facts.rows_expected == len(rows)
    assert fetched.facts.duplicates_dropped == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_a_room_that_grows_while_it_is_fetched_loses_nothing(seed, slept, tmp_path, monkeypatch):
    """Rows are written at its end, as in a session, or anywhere; interrupts come, too."""
    monkeypatch.setattr(trail, "KEEP_EVERY_SEC", 0.0)
    chance = Random(seed)
    rows = rows_of(chance.randint(1, 6000))
    more = [{**row, "id": f"new {row['id']}"} for row in rows_of(chance.randint(0, 40))]
    anywhere = chance.random() < 0.5

    def grow(held):
        if more and chance.random() < 0.5:
            held.insert(chance.randint(0, len(held)) if anywhere else len(held), more.pop())

    server = FaultServer(faulty(chance, 0.2), rows=rows, cap=chance.choice([400, 1000]), grow=grow)
    with server:
        while (fetched := fetch(server, slept, chance, tmp_path, often=0.1)) is None:
            pass
        found = fetched.table["id"].to_pylist()
        assert len(found) == len(set(found))
        assert {row["id"] for row in rows} <= set(found) <= {row["id"] for row in server.rows}
