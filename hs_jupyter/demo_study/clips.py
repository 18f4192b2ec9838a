"""The recordings' files: a clock burned into the picture and a beep every five seconds of onset.

So anyone can check by eye and ear whether a recording lines up with the data: the clock shows the
onset, minutes, seconds and tenths.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock

from hs_jupyter.demo_study.files import BYTES_PER_SEC, HEIGHT, WIDTH

if TYPE_CHECKING:
    from pathlib import Path

    from av.container import OutputContainer
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

FPS = 5
RATE_HZ = {"mp4": 16_000, "webm": 48_000}
BEEP_EVERY_SEC, BEEP_SEC, BEEP_HZ = 5.0, 0.12, 880.0
CHUNK = 1024

SEGMENTS = {
    "0": "abcdef", "1": "bc", "2": "abged", "3": "abgcd", "4": "fgbc", "5": "afgcd", "6": "afgedc", "7": "abc",
    "8": "abcdefg", "9": "abcdfg", "-": "g",
}  # fmt: skip
"""Which bars of a seven-segment digit are lit."""
DIGIT_WIDTH, DIGIT_HEIGHT, BAR = 18, 36, 4


def clip(record: dict[str, Any], place: Path) -> Path:
    """Return a recording's file, making it at first request; written aside, then renamed.

    Parameters
    ----------
    record
        The recording as its list has it; ``videoOffset`` and ``duration`` in ms, ``format``.
    place
        Folder that keeps the files.
    """
    place.mkdir(parents=True, exist_ok=True)
    file = place / f"{record['recordingId']}.{record['format']}"
    with FileLock(f"{file}.lock"):
        if not file.exists():
            half = file.with_name(f"half-{file.name}")
            make(half, record["format"], record["videoOffset"] / 1000, record["duration"] / 1000)
            half.replace(file)
    return file


def make(file: Path, extension: str, onset_sec: float, length_sec: float) -> None:
    """Write a clip that begins at this onset and lasts so long, padded to its announced size."""
    import av

    options = {"movflags": "faststart"} if extension == "mp4" else {}
    with av.open(str(file), "w", format=extension, options=options) as out:
        video = _video_stream(out) if extension == "mp4" else None
        audio = out.add_stream("aac" if video else "libopus", rate=RATE_HZ[extension])
        audio.layout = "mono"
        audio.bit_rate = 24_000
        if video:
            for number in range(int(length_sec * FPS)):
                frame = av.VideoFrame.from_ndarray(picture(onset_sec + number / FPS), format="gray")
                frame.pts = number
                out.mux(video.encode(frame.reformat(format="yuv420p")))
            out.mux(video.encode(None))
        sound = beeps(onset_sec, length_sec, RATE_HZ[extension])
        for begin in range(0, sound.size, CHUNK):
            piece = av.AudioFrame.from_ndarray(
                sound[None, begin : begin + CHUNK], format="s16", layout="mono"
            )
            piece.sample_rate, piece.pts = RATE_HZ[extension], begin
            out.mux(audio.encode(piece))
        out.mux(audio.encode(None))
    _pad(file, extension, round(BYTES_PER_SEC[extension] * length_sec))


def _video_stream(out: OutputContainer) -> VideoStream:
    stream = out.add_stream("libx264", rate=Fraction(FPS))
    stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    stream.options = {"crf": "30", "preset": "veryfast", "g": str(FPS * 2)}
    return stream


def picture(onset_sec: float) -> NDArray[np.uint8]:
    """Draw one frame: the onset as a clock, and a bar that runs through each second.

    Returns
    -------
    numpy.ndarray
        Grey levels, uint8, shape (HEIGHT, WIDTH).
    """
    frame = np.full((HEIGHT, WIDTH), 24, dtype=np.uint8)
    x = 12
    for sign in clock_text(onset_sec):
        if sign in SEGMENTS:
            _draw_digit(frame, sign, x, 24)
            x += DIGIT_WIDTH + 8
        else:
            for y in (36, 48) if sign == ":" else (56,):
                frame[y : y + BAR, x : x + BAR] = 235
            x += BAR + 8
    frame[HEIGHT - 12 : HEIGHT - 4, : int((onset_sec % 1.0) * WIDTH)] = 120
    if onset_sec % BEEP_EVERY_SEC < 1 / FPS:
        frame[4:14, 4:14] = 235
    return frame


def clock_text(onset_sec: float) -> str:
    """Spell an onset as the clock shows it.

    Examples
    --------
    >>> clock_text(83.45), clock_text(-2.0)
    ('1:23.4', '-0:02.0')
    """
    tenths = int(abs(onset_sec) * 10 + 1e-6)
    minutes, rest = divmod(tenths, 600)
    return f"{'-' if onset_sec < 0 and tenths else ''}{minutes}:{rest // 10:02d}.{rest % 10}"


def _draw_digit(frame: NDArray[np.uint8], sign: str, x: int, y: int) -> None:
    half, right, bottom = DIGIT_HEIGHT // 2, x + DIGIT_WIDTH, y + DIGIT_HEIGHT
    bars = {
        "a": (y, y + BAR, x, right),
        "g": (y + half - BAR // 2, y + half + BAR // 2, x, right),
        "d": (bottom - BAR, bottom, x, right),
        "f": (y, y + half, x, x + BAR),
        "b": (y, y + half, right - BAR, right),
        "e": (y + half, bottom, x, x + BAR),
        "c": (y + half, bottom, right - BAR, right),
    }
    for name in SEGMENTS[sign]:
        top, low, left, end = bars[name]
        frame[top:low, left:end] = 235


def beeps(onset_sec: float, length_sec: float, rate_hz: int) -> NDArray[np.int16]:
    """Sound a beep at every fifth second of onset.

    Returns
    -------
    numpy.ndarray
        Samples, int16, shape (length_sec * rate_hz,).
    """
    seconds = np.arange(int(length_sec * rate_hz)) / rate_hz
    sounding = (seconds + onset_sec) % BEEP_EVERY_SEC < BEEP_SEC
    return (sounding * np.sin(2 * np.pi * BEEP_HZ * seconds) * 9000).astype(np.int16)


def _pad(file: Path, extension: str, size: int) -> None:
    """Fill the file to its announced size with a box (mp4) or element (webm) that players skip."""
    missing = size - file.stat().st_size
    if extension == "mp4":
        header = missing.to_bytes(4, "big") + b"free"
    else:
        header = b"\xec" + ((1 << 56) | (missing - 9)).to_bytes(8, "big")
    if missing < len(header):
        raise ValueError(f"clip {file.name} is {-missing} bytes larger than announced")
    with file.open("ab") as out:
        out.write(header + bytes(missing - len(header)))
