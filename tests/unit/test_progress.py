"""One display: records as they come, and why none come."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from hs_jupyter import progress

UNTIL = datetime(2026, 3, 2, 15, 42, 10, tzinfo=UTC)


def drawn(monkeypatch, *, shown=True):
    """Draw a fetch that waits once; return everything written."""
    written = io.StringIO()
    monkeypatch.setattr(progress, "_SHOW_AFTER_SEC", 0)
    monkeypatch.setattr("sys.stderr", written)
    with progress.Progress(shown=shown) as bar:
        bar("events", 1000, 2000)
        for _ in range(3):
            bar.waiting("the service answered 503", UNTIL)
        waited = written.getvalue()
        bar("events", 2000, 2000)
    return waited, written.getvalue()


def test_a_wait_says_why_and_until_when_once(monkeypatch):
    waited, _ = drawn(monkeypatch)
    assert waited.count("waits until 15:42:10: the service answered 503") == 1


def test_records_of_an_earlier_fetch_are_no_part_of_the_rate(monkeypatch):
    monkeypatch.setattr("sys.stderr", io.StringIO())
    with progress.Progress(shown=True) as bar:
        bar.resumed("events", 900_000, 1_000_000)
        bar("events", 900_010, 1_000_000)
        seen = bar._bar.format_dict
    assert (seen["n"], seen["initial"], seen["total"]) == (900_010, 900_000, 1_000_000)


def test_records_that_come_again_end_the_wait(monkeypatch):
    _, everything = drawn(monkeypatch)
    assert "events" in everything.rpartition("waits until")[2]


def test_a_wait_before_the_first_record_is_shown_too(monkeypatch):
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    with progress.Progress(shown=True) as bar:
        bar.waiting("the service asks for a pause", UNTIL)
        assert "waits until 15:42:10" in written.getvalue()


def test_who_wants_no_progress_sees_none(monkeypatch):
    assert drawn(monkeypatch, shown=False) == ("", "")


def test_in_a_notebook_the_last_line_says_what_came(monkeypatch):
    lines = []
    monkeypatch.setattr(progress, "_SHOW_AFTER_SEC", 0)
    monkeypatch.setattr(progress, "_in_notebook", lambda: True)
    monkeypatch.setattr(progress._NotebookLine, "write", lambda _, text: lines.append(text))
    with progress.Progress(shown=True) as bar:
        bar("events", 100, 100)
        bar("sync", 50, 50)
    (last,) = [line for line in lines if line.strip()][-1:]
    assert last.strip().startswith("2 tables: 100%")
    assert "150/150" in last


def test_files_are_counted_and_their_bytes_without_those_that_were_there(monkeypatch):
    monkeypatch.setattr("sys.stderr", written := io.StringIO())
    monkeypatch.setattr(progress, "_SHOW_AFTER_SEC", 0)
    with progress.FileProgress(shown=True, what="recordings") as bar:
        bar.files(0, 3, 4_000_000, 10_000_000, 4_000_000)
        bar.waiting("storage.example answered 503", UNTIL)
        bar.files(1, 3, 9_000_000, 10_000_000, 4_000_000)
        seen = bar._bar.format_dict
    assert (seen["n"], seen["initial"], seen["total"], seen["unit"]) == (
        9_000_000,
        4_000_000,
        10_000_000,
        "B",
    )
    assert "waits until 15:42:10: storage.example answered 503" in written.getvalue()
    assert "1 of 3 recordings" in written.getvalue()
    with progress.FileProgress(shown=False, what="recordings") as silent:
        silent.files(1, 1, 1, 1, 0)
    assert silent._bar is None


def test_records_that_nobody_announced_are_named_as_the_others(monkeypatch):
    monkeypatch.setattr("sys.stderr", io.StringIO())
    with progress.Progress(shown=True) as bar:
        bar("events", 1000, None)
        assert str(bar._bar).startswith("events: 1000 records")
