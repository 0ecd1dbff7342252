"""Position and format of the pixels in an image file that can be read by rows, whatever the format of the file."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.errors import InputError
from orchestrator.message import Message

__all__ = ["FULL_SCALE", "MOST_PIXELS", "SAMPLE_TYPES", "ImageLayout", "stamp_of"]

# Full scale of unsigned 16-bit samples (ADU); pixels in memory are in units of it.
FULL_SCALE = 65535.0
# More pixels than any camera has: a header with a larger number is damaged, or made to fill disk and memory.
MOST_PIXELS = 2**33
# Pixels that are scaled at once: their copies stay in the cache of a core, and the allocator keeps their memory by itself.
PIXELS_SCALED = 1 << 17
# Values of 16 bits: a sample above half of them is negative where a program forgot BZERO.
SIXTEEN_BITS = 65536
# NumPy types of the samples of FITS, by BITPIX.
SAMPLE_TYPES = {8: ">u1", 16: ">i2", 32: ">i4", 64: ">i8", -32: ">f4", -64: ">f8"}


@dataclass(frozen=True)
class ImageLayout:
    """The position and format of the pixels in an uncompressed image.

    Can be pickled, and reads rows without parsing the header again. A stored value v is (bzero + bscale * v) * unit.

    Parameters
    ----------
    shape : (rows, columns) or (3, rows, columns).
    data_offset : byte at which the pixels start.
    stamp : size and modification time (ns) of the file; a file that has changed since then is refused.
    blank : stored integer of pixels without data (BLANK).
    flipped : the rows are read from the last of the file to the first.
    wrapped : negative samples are those above half of 16 bits, which a program wrote without BZERO.
    sample : NumPy type of the stored samples if it is not that of FITS for ``bitpix``, as "<u2".
    channels : "RGB" or "BGR" if the three values of a pixel follow one another; "" for one plane after the other.
    trimmed : (rows, columns) that are left out at each border; ``shape`` is without them.
    """

    path: Path
    shape: tuple[int, ...]
    bitpix: int
    bscale: float
    bzero: float
    data_offset: int
    unit: float
    stamp: tuple[int, int] | None = None
    blank: int | None = None
    flipped: bool = False
    wrapped: bool = False
    sample: str = ""
    channels: str = ""
    trimmed: tuple[int, int] = (0, 0)

    @property
    def stored_bytes(self) -> int:
        """Bytes of the pixels in the file."""
        *planes, rows, columns = self.shape
        return math.prod((*planes, rows + 2 * self.trimmed[0], columns + 2 * self.trimmed[1])) * self.dtype.itemsize

    @property
    def dtype(self) -> np.dtype[np.generic]:
        """Type of the stored samples."""
        return np.dtype(self.sample or SAMPLE_TYPES[self.bitpix])

    def read(self, row_start: int = 0, row_stop: int | None = None, *, keep_nan: bool = False) -> NDArray[np.float32]:
        """Rows ``row_start:row_stop`` of every plane, float32; values that are not finite become 0, unless ``keep_nan`` is set.

        Raises
        ------
        InputError : the file cannot be read, is truncated, or has changed.
        """
        rows, columns = self.shape[-2:]
        stop = rows if row_stop is None else min(row_stop, rows)
        start = max(row_start, 0)
        if self.flipped:
            start, stop = rows - stop, rows - start
        above, beside = self.trimmed
        rows, columns, start, stop = rows + 2 * above, columns + 2 * beside, start + above, stop + above
        dtype = self.dtype
        planes = self.shape[0] if len(self.shape) == 3 else 1
        out = np.empty((planes, max(stop - start, 0), columns), np.float32)
        each = out.reshape(planes, 1, -1)
        if self.channels:  # the samples of a pixel follow one another: one part with all planes
            each = each.transpose(1, 0, 2)[:, ::-1 if self.channels == "BGR" else 1]
        try:
            with self.path.open("rb") as stream:
                if self.stamp not in (None, stamp_of(os.fstat(stream.fileno()))):
                    raise InputError(Message("{value} has changed during the run.",
                                             value=self.path), "Run again when the file is complete.")
                for place, pixels in enumerate(each):
                    width, count = pixels.shape
                    stream.seek(self.data_offset + (place * rows + start) * columns * width * dtype.itemsize)
                    # A part after the other: the copies that scaling makes stay small.
                    for first in range(0, count, PIXELS_SCALED):
                        part = pixels[:, first: first + PIXELS_SCALED]
                        raw = np.fromfile(stream, dtype, part.size)
                        if raw.size != part.size:
                            raise InputError(Message("{value} is truncated: it ends before its pixels do.",
                                                     value=self.path), "Copy it again.")
                        part[:] = self._scaled(raw, keep_nan).reshape(-1, width).T
        except OSError as error:
            remedy = "Put it back, or run again without it." if isinstance(error, FileNotFoundError) else "Check the disk."
            raise InputError(Message("{value} cannot be read: {strerror}.", value=self.path,
                                     strerror=error.strerror or error), remedy) from error
        if beside:
            out = np.ascontiguousarray(out[:, :, beside:-beside])
        if self.flipped:
            out = np.ascontiguousarray(out[:, ::-1])
        return out if len(self.shape) == 3 else out[0]

    def _scaled(self, raw: NDArray[np.generic], keep_nan: bool) -> NDArray[np.float32]:
        if self.bitpix == 16 and self.bscale == 1:
            values = raw.astype(np.float32)  # 16 bits and their offset are exact in float32
            if self.wrapped:
                values[values < 0] += np.float32(SIXTEEN_BITS)
            if self.bzero:
                values += np.float32(self.bzero)
            values *= np.float32(self.unit)
            if self.blank is not None:
                values[raw == self.blank] = np.nan if keep_nan else 0
            return values
        if self.bitpix == -32 and (self.bscale, self.bzero, self.unit) == (1, 0, 1):
            values = raw.astype(np.float32)  # as it is, without the copies in double precision
            if not keep_nan and not np.isfinite(values).all():
                np.nan_to_num(values, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
            return values
        with np.errstate(over="ignore", invalid="ignore"):  # a scale may exceed float32
            scaled = raw.astype(np.float64)
            if self.bscale != 1 or self.bzero != 0:
                scaled = scaled * self.bscale + self.bzero
            values = (scaled * self.unit).astype(np.float32)
        if self.blank is not None and self.bitpix > 0:
            values[raw == self.blank] = np.nan
        if not keep_nan:
            np.nan_to_num(values, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
        return values


def stamp_of(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns
