"""PNGs of charts, packed: the converter is quick and knows no palette, which makes them several times as large."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

OPAQUE = 255
PALETTE = 256

LIKE = 8
"""So far a colour may be off, of 255 in each of red, green and blue, without being seen."""

MOST_UNLIKE = 0.005
"""The share of pixels that may be further off: edges of letters and lines, between two colours."""

_TRUE_COLOR, _INDEXED, _WITH_ALPHA = 2, 3, 6


class _Form(NamedTuple):
    """A way to write the same picture."""

    header: bytes
    data: bytes
    palette: bytes = b""


def packed(png: bytes, *, few_colors: bool = False) -> bytes:
    """Return a PNG as the vl-convert converter writes it in fewer bytes.

    Parameters
    ----------
    png
        The picture.
    few_colors
        Whether colours that are hardly there may become the most similar ones of the 256 most frequent:
        only where at most five pixels of a thousand are then off by more than 8 of 255. Else every pixel stays
        as it is.
    """
    chunks: list[tuple[bytes, bytes]] = []
    at = 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        chunks.append((png[at + 4 : at + 8], png[at + 8 : at + 8 + length]))
        at += 12 + length
    (_, header), *rest, end = [chunk for chunk in chunks if chunk[0] != b"IDAT"]
    pixels = zlib.decompress(b"".join(data for kind, data in chunks if kind == b"IDAT"))
    forms = [_Form(header, zlib.compress(pixels))]
    if (colors := _opaque_colors(header, pixels)) is not None:
        forms.append(_flat(header, colors))
        forms += _indexed(header, colors) if few_colors else []
    best = min(forms, key=lambda form: len(form.data) + len(form.palette))
    palette = [(b"PLTE", best.palette)] if best.palette else []
    return png[:8] + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in [(b"IHDR", best.header), *rest, *palette, (b"IDAT", best.data), end]
    )


def _opaque_colors(header: bytes, pixels: bytes) -> NDArray[Any] | None:
    """Return red, green and blue, height by width by 3; None where pixels are transparent.

    The converter writes each pixel with its alpha, as the difference to the one on its left.
    """
    import numpy as np

    width, height, bits, kind, *_ways = struct.unpack(">IIBBBBB", header)
    rows = np.frombuffer(pixels, np.uint8).reshape(height, -1)
    if (bits, kind) != (8, _WITH_ALPHA) or (rows[:, 0] != 1).any():
        return None
    colors = rows[:, 1:].reshape(height, width, 4).cumsum(axis=1, dtype=np.uint8)
    return colors[..., :3] if (colors[..., 3] == OPAQUE).all() else None


def _flat(header: bytes, colors: NDArray[Any]) -> _Form:
    """Write it without alpha and without differences: flat colours are found again as they are."""
    return _Form(_with_kind(header, _TRUE_COLOR), _compressed(colors.reshape(len(colors), -1)))


def _indexed(header: bytes, colors: NDArray[Any]) -> list[_Form]:
    """Write it with a palette of its most frequent colours, where that is as good as the same."""
    import numpy as np

    height, width, _ = colors.shape
    codes = (colors.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)).ravel()
    starts = np.flatnonzero(np.append(True, codes[1:] != codes[:-1]))  # a chart is runs of one colour
    lengths = np.diff(np.append(starts, len(codes)))
    found, place = np.unique(codes[starts], return_inverse=True)
    if len(found) > PALETTE**2:  # a photograph
        return []
    counts = np.bincount(place, weights=lengths)
    shades = np.stack([found >> 16 & 255, found >> 8 & 255, found & 255], axis=1).astype(np.int16)
    frequent = shades[np.argsort(-counts, kind="stable")[:PALETTE]]
    near, off = np.zeros(len(shades), np.uint8), np.full(len(shades), OPAQUE, np.int16)
    for index, shade in enumerate(frequent):
        distance = np.abs(shades - shade).max(axis=1)
        closer = distance < off
        near[closer], off[closer] = index, distance[closer]
    if counts[off > LIKE].sum() > MOST_UNLIKE * counts.sum():
        return []
    rows = np.repeat(near[place], lengths).reshape(height, width)
    palette = frequent.astype(np.uint8).tobytes()
    return [_Form(_with_kind(header, _INDEXED), _compressed(rows), palette)]


def _with_kind(header: bytes, kind: int) -> bytes:
    width, height = struct.unpack_from(">II", header)
    return struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)


def _compressed(rows: NDArray[Any]) -> bytes:
    import numpy as np

    unfiltered = np.zeros((len(rows), 1), np.uint8)
    return zlib.compress(np.hstack([unfiltered, rows]).tobytes(), 9)
