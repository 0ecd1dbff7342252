"""Frames packed with gzip: unpacked with their checksums verified, and refused if they unpack without end."""

from __future__ import annotations

import gzip
import io
import os
import zlib
from pathlib import Path
from typing import BinaryIO

from orchestrator.errors import InputError
from orchestrator.message import Message

__all__ = ["PackedFrame", "check_gzip", "is_complete", "unpack_gzip"]

# Bytes of a block of a FITS file.
BLOCK = 2880
# Bytes read at once.
CHUNK = 1 << 20
# A packed file may unpack to as much without a check of the ratio (bytes).
ALWAYS_UNPACKED = 1 << 28
# ... and a larger one to this multiple of its size. Frames have noise: they pack to a half or a third.
MOST_TIMES = 100
# The most that gzip packs: 1032 to 1 (RFC 1951, matches of 258 bytes in 2 bits).
LIMIT_OF_GZIP = 1032
# Bytes after the image that are read to verify the checksum of the file.
MOST_AFTER_IMAGE = 1 << 28


class PackedFrame(gzip.GzipFile):
    """A gzip file that refuses to seek beyond what a frame of its size can hold."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "rb")
        self._most = _most_unpacked(path)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_SET and offset > self._most:
            raise ValueError(Message("its headers describe {offset:.1f} GiB, which no frame in a file of this size has",
                                     offset=offset / 2 ** 30))
        return super().seek(offset, whence)


def _most_unpacked(path: Path) -> int:
    return max(ALWAYS_UNPACKED, MOST_TIMES * path.stat().st_size)


def is_complete(path: Path, needed: int) -> bool:
    """Whether a gzip file holds ``needed`` bytes, by its last four bytes, or by reading it if these are not a size that fits.

    Raises
    ------
    ValueError : no frame packs as well as this file would.
    """
    packed = path.stat().st_size
    if needed > LIMIT_OF_GZIP * packed:
        return False
    if needed > _most_unpacked(path):
        raise ValueError(Message("its {packed:.1f} MiB would unpack to {needed:.1f} GiB, which no frame does",
                                 packed=packed / 2 ** 20, needed=needed / 2 ** 30))
    with path.open("rb") as raw:
        raw.seek(-4, os.SEEK_END)
        size = int.from_bytes(raw.read(4), "little")
    if size in (needed, -(-needed // BLOCK) * BLOCK):
        return True
    with gzip.open(path, "rb") as stream:
        try:
            while needed > 0 and (chunk := stream.read(CHUNK)):
                needed -= len(chunk)
        except EOFError:
            return False
    return needed <= 0


def unpack_gzip(path: Path, target: Path, needed: int) -> None:
    """Unpack the first ``needed`` bytes and their padding, and verify the checksum of the file.

    Raises
    ------
    InputError : the checksum is wrong, the file is truncated, or data without end follows the image.
    """
    try:
        with target.open("wb") as out:
            _unpack(path, out, needed)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def check_gzip(path: Path, needed: int) -> None:
    """As :func:`unpack_gzip`, without writing anything."""
    _unpack(path, None, needed)


def _unpack(path: Path, out: BinaryIO | None, needed: int) -> None:
    left, after = -(-needed // BLOCK) * BLOCK, 0
    try:
        with gzip.open(path, "rb") as source:
            while chunk := source.read(min(left, CHUNK) or CHUNK):
                if left and out is not None:
                    out.write(chunk)
                after += 0 if left else len(chunk)
                left -= min(left, len(chunk))
                if after > MOST_AFTER_IMAGE:
                    raise InputError(Message("{path} has more than {most_after_image} MiB of data after its image.", path=path,
                                             most_after_image=MOST_AFTER_IMAGE >> 20),
                                     "It is damaged or not a frame; copy it again.")
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        problem = "it is truncated" if isinstance(error, EOFError) else "its checksum (CRC) does not match its content"
        raise InputError(Message("{path} is damaged: {problem}.", path=path, problem=problem), "Copy it again.") from error
