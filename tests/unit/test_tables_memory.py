"""Arrow's memory: taken elsewhere while rows come and go, and as ever afterwards."""

from __future__ import annotations

import threading

import pyarrow as pa
import pytest

from hs_jupyter.tables.memory import give_back, lean


def test_arrow_allocates_as_ever_after_the_last_block():
    usual = pa.default_memory_pool().backend_name
    within = threading.Barrier(2)

    def other():
        with lean():
            within.wait()
            within.wait()

    thread = threading.Thread(target=other)
    thread.start()
    within.wait()
    with lean(), lean():
        kept = pa.array(range(1000))
        give_back()
        assert pa.default_memory_pool().backend_name == "system"
    assert pa.default_memory_pool().backend_name == "system"  # the other thread's block
    within.wait()
    thread.join()
    assert pa.default_memory_pool().backend_name == usual
    assert kept.to_pylist() == list(range(1000))


def test_a_block_that_fails_leaves_arrow_as_ever():
    usual = pa.default_memory_pool().backend_name
    with pytest.raises(pa.ArrowInvalid), lean():
        pa.array(["a"], pa.int64())
    give_back()
    assert pa.default_memory_pool().backend_name == usual
