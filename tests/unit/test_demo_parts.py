"""The demo server's small parts, each alone: parameters, clocks, limits, links, replay, clips."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from hs_jupyter.demo_study import clips, files
from hs_jupyter.demo_study.aggregate import over_windows
from hs_jupyter.demo_study.envelope import csv_text, pagination
from hs_jupyter.demo_study.film import FilmClock, Stop
from hs_jupyter.demo_study.limits import Limits
from hs_jupyter.demo_study.live import Live, relive
from hs_jupyter.demo_study.parameters import Parameters
from hs_jupyter.demo_study.refusals import Refusal
from hs_jupyter.demo_study.signing import Signer
from hs_jupyter.demo_study.stamps import epoch_ms, iso
from hs_jupyter.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"sede": 1}, "did you mean 'seed'"),
        ({"rooms": 0}, "1 to 5000"),
        ({"rooms": 2.5}, "rooms 2.5"),
        ({"hz": "fast"}, "hz 'fast'"),
        ({"minutes": float("nan")}, "minutes nan"),
        ({"port": 70_000}, "0 to 65535"),
    ],
)
def test_wrong_parameters_are_named(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        Parameters.of(**given)


def test_what_shapes_the_records_names_the_study() -> None:
    assert Parameters(delay_ms=5).study_key == Parameters().study_key
    assert Parameters(delay_ms=5).server_key != Parameters().server_key
    keys = {Parameters(**{name: 3}).study_key for name in ("seed", "rooms", "hz", "minutes")}
    assert len(keys) == 4


def test_the_film_stands_still_while_it_stops() -> None:
    clock = FilmClock(60.0, 100.0, (Stop("pause", 20.0, 10.0), Stop("buffering", 50.0, 2.0)), 100.0)
    np.testing.assert_allclose(
        clock.onset(np.array([0.0, 20.0, 20.001, 50.0, 50.5, 100.0])), [60, 80, 90.001, 120, 122.5, 172]
    )
    assert clock.end_onset == 172.0


def test_limits_count_per_endpoint_and_per_key() -> None:
    now = [0.0]
    limits = Limits(lambda: now[0])
    for _ in range(100):
        limits.count("a", "events")
    limits.count("a", "sync")
    limits.count("b", "events")
    now[0] = 12.5
    with pytest.raises(Refusal) as refused:
        limits.count("a", "events")
    assert (refused.value.status, refused.value.headers) == (429, {"Retry-After": "48"})
    now[0] = 60.0
    limits.count("a", "events")


def test_limits_count_the_hour() -> None:
    now = [0.0]
    limits = Limits(lambda: now[0])
    for number in range(1000):
        limits.count("a", f"endpoint {number}")
    with pytest.raises(Refusal) as refused:
        limits.count("a", "another")
    assert refused.value.headers == {"Retry-After": "3600"}


def test_links_expire_and_cannot_be_forged() -> None:
    now = [1000.0]
    signer = Signer(lambda: now[0])
    query = dict(part.split("=") for part in signer.query("room/rec", 60).split("&"))
    expires, signature = int(query["expires"]), query["signature"]
    signer.check("room/rec", expires, signature)
    for name, until, sign in (
        ("room/other", expires, signature),
        ("room/rec", expires + 60, signature),
        ("room/rec", expires, "é"),
    ):
        with pytest.raises(Refusal) as refused:
            signer.check(name, until, sign)
        assert refused.value.body["error"]["code"] == "SIGNATURE_MISMATCH"
    now[0] = 1060.0
    with pytest.raises(Refusal) as refused:
        signer.check("room/rec", expires, signature)
    assert refused.value.body["error"]["code"] == "EXPIRED"


def test_the_replay_goes_with_the_clock_and_begins_again() -> None:
    live = Live(start_ms=0.0, film_ms=35_000.0, length_ms=900_000.0, began_ms=10_000_000.0)
    first = live.moment(10_000_000.0)
    assert (first.round, first.horizon_ms) == (0, 180_000)
    later = live.moment(10_005_000.0)
    assert later.horizon_ms == first.horizon_ms + 5000
    assert later.shift_ms == first.shift_ms
    again = live.moment(10_000_000.0 + 720_000 + 10_000)
    assert (again.round, again.horizon_ms) == (1, 180_000)


def test_a_replayed_record_knows_nothing_of_the_future() -> None:
    moment = Live(0.0, 35_000.0, 900_000.0, 10_000_000.0).moment(10_000_000.0)
    recording = {
        "recordingId": "r",
        "startTime": iso(170_000),
        "endTime": iso(230_000),
        "duration": 60_000,
        "status": "complete",
    }
    fresh = relive("recordings", recording, moment)
    assert fresh["endTime"] is None
    assert fresh["duration"] is None
    assert fresh["status"] == "active"
    assert epoch_ms(fresh["startTime"]) == 10_000_000.0 - 10_000
    assert relive("ratings", {"ratingId": "x", "timestamp": iso(0)}, moment)["ratingId"] == "x_r0"


def test_pages_name_the_next_offset_only_when_there_is_one() -> None:
    assert pagination(25, 10, 10, 10) == {
        "total": 25, "returned": 10, "hasMore": True, "limit": 10, "offset": 10, "nextOffset": 20,
    }  # fmt: skip
    assert "nextOffset" not in pagination(25, 5, 10, 20)
    assert pagination(25, 0, 10, 90)["hasMore"] is False


def test_csv_has_every_column_and_nests_as_json() -> None:
    body = csv_text(['{"a":1,"b":{"c":[true]}}', '{"a":"x,\\n\\"y\\"","d":false}']).body.decode()
    assert body == 'a,b,d\r\n1,"{""c"":[true]}",\r\n"x,\n""y""",,false\r\n'


def test_windows_average_each_participant() -> None:
    steady = {"roomId": "r", "playbackRate": 1.0, "syncQuality": 1.0, "latency": 40, "bufferHealth": 1.0}
    seen = (("a", 0, 10), ("b", 500, 0), ("a", 900, 20), ("a", 1000, 50))
    rows = [steady | {"participantId": who, "onset": onset, "timeDrift": drift} for who, onset, drift in seen]
    means = over_windows(rows, 1000)
    assert [(one["participantId"], one["timeDrift"], one["sampleCount"]) for one in means] == [
        ("a", 15, 2),
        ("b", 0, 1),
        ("a", 50, 1),
    ]


@pytest.mark.parametrize(
    ("onset", "text"),
    [(0, "0:00.0"), (83.45, "1:23.4"), (-2, "-0:02.0"), (605.999, "10:05.9"), (-0.04, "0:00.0")],
)
def test_the_clock_shows_the_onset(onset: float, text: str) -> None:
    assert clips.clock_text(onset) == text


def test_every_digit_looks_different() -> None:
    pictures = {clips.picture(float(second)).tobytes() for second in range(60)}
    assert len(pictures) == 60


@pytest.mark.parametrize(("extension", "kinds"), [("mp4", {"video", "audio"}), ("webm", {"audio"})])
def test_clips_play_and_are_as_large_as_announced(tmp_path: Path, extension: str, kinds: set[str]) -> None:
    av = pytest.importorskip("av")
    record = {"recordingId": "r", "format": extension, "videoOffset": 12_300, "duration": 60_000}
    file = clips.clip(record, tmp_path)
    assert file.stat().st_size == 60 * files.BYTES_PER_SEC[extension]
    made = file.stat().st_mtime_ns
    assert clips.clip(record, tmp_path).stat().st_mtime_ns == made
    with av.open(str(file)) as media:
        assert {stream.type for stream in media.streams} == kinds
        assert media.duration / 1e6 == pytest.approx(60, abs=0.3)
        if "video" in kinds:
            frames = [frame.to_ndarray(format="gray") for frame in media.decode(video=0)]
            assert len(frames) == 300
            shown = clips.picture(12.3 + 100 / clips.FPS).astype(float)
            assert np.abs(frames[100].astype(float) - shown).mean() < 8, "the clock can be read"


def test_beeps_sound_at_every_fifth_second_of_onset() -> None:
    sound = clips.beeps(12.0, 10.0, 1000)
    loud = np.flatnonzero(np.abs(sound) > 1000) / 1000 + 12.0
    assert set(np.floor(loud)) == {15.0, 20.0}
    assert loud.min() == pytest.approx(15.0, abs=0.01)
