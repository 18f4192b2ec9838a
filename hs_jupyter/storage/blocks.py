"""A part's bytes are checked as they are read: what is parsed is what was written."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, cast
from zlib import crc32

from hs_jupyter.storage.manifest import BLOCK_BYTES

if TYPE_CHECKING:
    from pathlib import Path

    from hs_jupyter.storage.manifest import Part


class FlippedError(ValueError):
    """A file's bytes are not those that were written."""


def block_sums(data: memoryview) -> tuple[int, ...]:
    """Return the CRC-32 of every block.

    Examples
    --------
    >>> block_sums(memoryview(b"abc"))
    (891568578,)
    """
    return tuple(crc32(data[start : start + BLOCK_BYTES]) for start in range(0, len(data), BLOCK_BYTES))


class CheckedFile(io.RawIOBase):
    """A part, open for reading; only blocks that are asked for are read, each is checked first.

    It is read, not mapped: a mapped file that vanishes (a network drive, another machine's kernel)
    ends the process, and a mapped page may be read from the disk again after it was checked.

    Parameters
    ----------
    path, part
        Where it is, and what its manifest says of it.

    Raises
    ------
    FlippedError
        On opening if its size differs, on reading if a byte does.
    """

    def __init__(self, path: Path, part: Part) -> None:
        super().__init__()
        self._file = path.open("rb", buffering=0)
        self._sums = part.blocks
        self._size = part.bytes
        self._blocks: dict[int, memoryview] = {}
        self._at = 0
        if self._file.seek(0, io.SEEK_END) != part.bytes:
            self.close()
            raise FlippedError(part.name)

    def readable(self) -> bool:
        """Whether it can be read."""
        return True

    def seekable(self) -> bool:
        """Whether it can be read from any place."""
        return True

    def tell(self) -> int:
        """Return the place."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to another place."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = start + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Read so many bytes, or up to the end."""
        end = self._size if size < 0 else min(self._at + size, self._size)
        if end <= self._at:
            return b""
        first, last = self._at // BLOCK_BYTES, (end - 1) // BLOCK_BYTES
        self._fill(first, last)
        parts = []
        for number in range(first, last + 1):
            begin = number * BLOCK_BYTES
            parts.append(self._blocks[number][max(self._at - begin, 0) : end - begin])
        self._at = end
        return bytes(parts[0]) if len(parts) == 1 else b"".join(parts)

    def readinto(self, buffer: object) -> int:
        """Read into a buffer; return how much."""
        view = memoryview(cast("bytearray", buffer)).cast("B")
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close it, and forget its blocks."""
        self._file.close()
        self._blocks.clear()
        super().close()

    def _fill(self, first: int, last: int) -> None:
        """Read and check the blocks that are not there yet, neighbours at once."""
        wanted = [number for number in range(first, last + 1) if number not in self._blocks]
        if not wanted:
            return
        begin, end = wanted[0] * BLOCK_BYTES, min((wanted[-1] + 1) * BLOCK_BYTES, self._size)
        self._file.seek(begin)
        data = bytearray(end - begin)
        view, got = memoryview(data), 0
        while got < len(data):
            count = self._file.readinto(view[got:])
            if not count:
                raise FlippedError("cut off")
            got += count
        for number in wanted:
            block = view[number * BLOCK_BYTES - begin :][:BLOCK_BYTES]
            if crc32(block) != self._sums[number]:
                raise FlippedError(f"block {number}")
            self._blocks[number] = block
