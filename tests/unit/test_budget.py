"""Never more requests than the limits in any window, whoever asks and whatever the clocks do."""

from __future__ import annotations

import itertools
import os
import stat
import subprocess
import sys
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hs_jupyter.api.budget import Budget, budget_of, endpoint_of
from hs_jupyter.api.connection import Connection
from hs_jupyter.api.keys import ApiKey
from hs_jupyter.api.ledger import Ledger, LedgerFile, Limits
from hs_jupyter.errors import InputError

KEY = "hst_live_ab12cd34ef56gh78"
SMALL = Limits(per_minute=3, per_hour=7)


class Clock:
    def __init__(self, now=1000.0):
        self.now = now

    def __call__(self):
        return self.now


def most_in_a_window(sent, seconds):
    """Count the fullest window that holds its beginning and not its end."""
    return max((sum(first <= at < first + seconds for at in sent) for first in sent), default=0)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 90)), max_size=60))
def test_no_window_ever_holds_more_than_its_limit(steps):
    clock, sent = Clock(), []
    budget = Budget(SMALL, clock=clock)
    for endpoint, pause in steps:
        clock.now += pause
        wait = budget.take(endpoint)
        if wait:
            clock.now += wait
            wait = budget.take(endpoint)
            assert wait == pytest.approx(0, abs=1e-6)  # who waited as told gets a turn
        if not wait:
            sent.append((endpoint, clock.now))
    for endpoint in "ab":
        assert most_in_a_window([at for one, at in sent if one == endpoint], 60 - 1e-6) <= 3
    assert most_in_a_window([at for _, at in sent], 3600 - 1e-6) <= 7


def test_threads_share_one_budget():
    budget, granted, lock = Budget(Limits(), clock=Clock()), [], threading.Lock()

    def ask():
        for _ in range(40):
            wait = budget.take("events")
            with lock:
                granted.append(wait == 0)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(granted) == 97


def test_a_block_holds_for_one_endpoint_and_everybody(tmp_path):
    clock = Clock()
    mine, other = (Budget(SMALL, LedgerFile(tmp_path / "b.json"), clock=clock, wall=clock) for _ in range(2))
    mine.block("events", 30)
    assert mine.take("events") == other.take("events") == 30
    assert mine.take("chat") == 0
    clock.now += 30
    assert other.take("events") == 0


def test_without_limits_only_the_service_s_own_pauses_hold():
    budget = Budget(clock=Clock())
    assert [budget.take("events") for _ in range(500)] == [0] * 500
    budget.block("events", 5)
    assert budget.take("events") == 5


@given(st.lists(st.floats(-1e6, 1e6) | st.floats(0, 30), min_size=1, max_size=30))
def test_a_wall_clock_that_jumps_neither_lets_too_many_through_nor_blocks_for_long(tmp_path_factory, jumps):
    path = tmp_path_factory.mktemp("jumps") / "b.json"
    clock, wall, sent = Clock(), Clock(1e9), []
    budget = Budget(SMALL, LedgerFile(path), clock=clock, wall=wall)
    for jump in jumps:
        wall.now += jump
        clock.now += 1
        wait = budget.take("events")
        assert wait <= 3600
        if not wait:
            sent.append(clock.now)
    assert most_in_a_window(sent, 60) <= 3


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"seen": 1, "blocked": {}}', b'{"seen": {"a": ["x"]}, "blocked": {}}', b"\xff" * 99,
     b'{"seen": {}, "blocked": {"events": null}}', b'{"seen": {"a": [true, null]}, "blocked": {}}', b"null"],
)  # fmt: skip
def test_a_damaged_file_begins_anew(content, tmp_path):
    path = tmp_path / "b.json"
    path.write_bytes(content)
    budget = Budget(SMALL, LedgerFile(path), clock=Clock(), wall=Clock())
    assert [budget.take("events") == 0 for _ in range(4)] == [True] * 3 + [False]
    assert LedgerFile(path).change(lambda one: len(one.seen["events"])) == 3


def test_a_folder_that_cannot_be_written_leaves_each_process_its_own_count(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    budget = Budget(SMALL, LedgerFile(tmp_path / "file" / "b.json"), clock=Clock())
    assert [budget.take("events") == 0 for _ in range(4)] == [True] * 3 + [False]


def test_the_file_is_private_and_does_not_tell_the_key(tmp_path):
    connection = Connection("https://api.hyperstudy.io/api/v3", ApiKey(KEY))
    budget = budget_of(connection, tmp_path / "budgets", {})
    assert budget.take("events") == 0
    files = list((tmp_path / "budgets").iterdir())
    assert [one.suffix for one in files].count(".json") == 1
    for one in files:
        assert KEY not in one.name + one.read_text()
        if os.name == "posix":
            assert stat.S_IMODE(one.stat().st_mode) == 0o600
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "budgets").stat().st_mode) == 0o700


def test_a_key_and_its_origin_have_one_budget(tmp_path):
    bases = (
        "https://api.hyperstudy.io/api/v3",
        "https://api.hyperstudy.io/api/v3/x",
        "https://other.example",
    )
    for base, key in itertools.product(bases, (KEY, KEY[::-1])):
        budget_of(Connection(base, ApiKey(key)), tmp_path, {}).take("events")
    assert len(list(tmp_path.glob("*.json"))) == 4


@pytest.mark.parametrize(
    ("limited", "text", "per_minute"),
    [(True, "", 97), (True, "30", 30), (True, "0", None), (False, "", None), (False, "50", 50)],
)
def test_the_rate_of_the_environment_comes_first(limited, text, per_minute, tmp_path):
    connection = Connection("http://127.0.0.1:1", ApiKey(KEY), limited=limited)
    budget = budget_of(connection, tmp_path, {"HS_JUPYTER_RATE": text})
    assert (budget.limits and budget.limits.per_minute) == per_minute


@pytest.mark.parametrize("text", ["fast", "-1", "9.5", "²"])
def test_a_rate_that_is_no_number_is_one_sentence(text, tmp_path):
    with pytest.raises(InputError, match="HS_JUPYTER_RATE"):
        budget_of(Connection("http://127.0.0.1:1"), tmp_path, {"HS_JUPYTER_RATE": text})


CHILD = """
import sys
from pathlib import Path
from hs_jupyter.api.budget import Budget
from hs_jupyter.api.ledger import LedgerFile, Limits
budget = Budget(Limits(), LedgerFile(Path(sys.argv[1])), wall=lambda: 1000.0)
print(sum(budget.take("events") == 0 for _ in range(80)))
"""


def test_two_processes_share_one_budget(tmp_path):
    command = [sys.executable, "-c", CHILD, str(tmp_path / "b.json")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    counts = [int(one.communicate()[0]) for one in running]
    assert sum(counts) == 97


def test_an_endpoint_is_a_data_type():
    paths = {
        "data/events/room/room": "data/events",
        "data/ratings/sparse/participant/p": "data/ratings/sparse",
        "data/check-access/experiment/e": "data/check-access",
        "experiments/e1": "experiments",
        "/deployments": "deployments",
    }
    assert {path: endpoint_of(path) for path in paths} == paths


def test_a_ledger_forgets_what_no_window_holds():
    ledger = Ledger()
    for now in range(0, 100_000, 100):
        ledger.take("events", float(now), Limits())
    assert len(ledger.seen["events"]) == 1
    assert len(ledger.seen[""]) <= 37
