"""Reads and writes FITS. Pixels are float32, 1.0 = 65535 ADU, row 0 is the first row of the file."""

from __future__ import annotations

import contextlib
import errno
import gzip
import math
import os
import tempfile
import warnings
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import psutil
from astropy.io import fits
from astropy.utils.exceptions import AstropyWarning
from numpy.typing import NDArray

from orchestrator.errors import InputError, OrchestrateError, RunError
from orchestrator.io.atomic import whole_file

__all__ = ["SUFFIXES", "ImageLayout", "array_on_disk", "damage", "decompress", "header_and_layout", "image_layout",
           "image_shape", "is_compressed", "is_fits", "overwrite", "read_header", "write"]

SUFFIXES = (".fit", ".fits", ".fts", ".fit.fz", ".fits.fz", ".fts.fz", ".fz", ".fit.gz", ".fits.gz", ".fts.gz")
# Bytes of a block of a FITS file, and of a card.
BLOCK = 2880
CARD = 80
# Blocks after which a header without END is given up.
MOST_HEADER_BLOCKS = 2000
# Full scale of unsigned 16-bit samples (ADU); pixels in memory are in units of it.
FULL_SCALE = 65535.0
# Float frames with values above this hold ADU, not the range 0 to 1 of Siril.
FLOAT_ADU_ABOVE = 4.0
# Rows from the middle of a float frame that decide this.
UNIT_ROWS = 16
# A calibration frame is damaged if a larger share of its pixels is not finite.
DAMAGED_PIXELS = 0.01
# ... or if a larger share of its rows holds a single value.
DAMAGED_ROWS = 0.05
# Rows that are checked for damage.
SAMPLED_ROWS = 64
# More pixels than any camera has: a header with a larger number is damaged, or made to fill disk and memory.
MOST_PIXELS = 2**33
# Bytes copied at once.
CHUNK = 1 << 20
# Bytes written at once to allocate a file.
ALLOCATION_CHUNK = 1 << 24
# Memory to unpack a tile-compressed image, as a factor of its pixels.
UNPACKING_MEMORY = 3
_TYPES = {8: ">u1", 16: ">i2", 32: ">i4", 64: ">i8", -32: ">f4", -64: ">f8"}


def is_fits(path: Path) -> bool:
    """Whether the name has a suffix of FITS files."""
    return path.name.lower().endswith(SUFFIXES)


def is_compressed(path: Path) -> bool:
    """Whether the name has a suffix of compressed FITS files."""
    return path.name.lower().endswith((".fz", ".gz"))


@dataclass(frozen=True)
class ImageLayout:
    """The position and format of the pixels in an uncompressed FITS image.

    Can be pickled, and reads rows without parsing the header again. A stored value v is (bzero + bscale * v) * unit.

    Parameters
    ----------
    shape : (rows, columns) or (3, rows, columns).
    data_offset : byte at which the pixels start.
    stamp : size and modification time (ns) of the file; a file that has changed since then is refused.
    """

    path: Path
    shape: tuple[int, ...]
    bitpix: int
    bscale: float
    bzero: float
    data_offset: int
    unit: float
    stamp: tuple[int, int] | None = None

    def read(self, row_start: int = 0, row_stop: int | None = None, *, keep_nan: bool = False) -> NDArray[np.float32]:
        """Rows ``row_start:row_stop`` of every plane, float32; values that are not finite become 0, unless ``keep_nan`` is set.

        Raises
        ------
        InputError : the file cannot be read, is truncated, or has changed.
        """
        rows, columns = self.shape[-2:]
        stop = rows if row_stop is None else min(row_stop, rows)
        start = max(row_start, 0)
        dtype = np.dtype(_TYPES[self.bitpix])
        planes = self.shape[0] if len(self.shape) == 3 else 1
        out = np.empty((planes, max(stop - start, 0), columns), np.float32)
        try:
            with self.path.open("rb") as stream:
                if self.stamp not in (None, _stamp(os.fstat(stream.fileno()))):
                    raise InputError(f"{self.path} has changed during the run.", "Run again when the file is complete.")
                for plane in range(planes):
                    stream.seek(self.data_offset + ((plane * rows) + start) * columns * dtype.itemsize)
                    raw = np.fromfile(stream, dtype, out[plane].size)
                    if raw.size != out[plane].size:
                        raise InputError(f"{self.path} is truncated: it ends before its pixels do.", "Copy it again.")
                    out[plane] = self._scaled(raw, keep_nan).reshape(out[plane].shape)
        except OSError as error:
            remedy = "Put it back, or run again without it." if isinstance(error, FileNotFoundError) else "Check the disk."
            raise InputError(f"{self.path} cannot be read: {error.strerror or error}.", remedy) from error
        return out if len(self.shape) == 3 else out[0]

    def _scaled(self, raw: NDArray[np.generic], keep_nan: bool) -> NDArray[np.float32]:
        if self.bitpix == 16 and self.bscale == 1:
            values = raw.astype(np.float32)  # 16 bits and their offset are exact in float32
            if self.bzero:
                values += np.float32(self.bzero)
            return values * np.float32(self.unit)
        with np.errstate(over="ignore", invalid="ignore"):  # a scale may exceed float32
            scaled = raw.astype(np.float64)
            if self.bscale != 1 or self.bzero != 0:
                scaled = scaled * self.bscale + self.bzero
            values = (scaled * self.unit).astype(np.float32)
        if not keep_nan:
            np.nan_to_num(values, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
        return values


def _stamp(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns


def read_header(path: Path) -> fits.Header:
    """The header of the first image in the file. Cards that violate the standard are dropped.

    Raises
    ------
    InputError : the file is not FITS.
    """
    return _parse(path)[0]


def _parse(path: Path) -> tuple[fits.Header, int]:
    """The header, and the offset of the pixels in the decompressed file; -1 for tile-compressed images."""
    try:
        name = path.name.lower()
        if name.endswith(".fz"):
            with warnings.catch_warnings(), fits.open(path, ignore_missing_simple=False) as file:
                warnings.simplefilter("ignore", AstropyWarning)
                image = next((h for h in file if h.header.get("NAXIS", 0) >= 2 or isinstance(h, fits.CompImageHDU)), file[0])
                info = image.fileinfo()
                if info["datLoc"] + info["datSpan"] - BLOCK >= path.stat().st_size:
                    raise InputError(f"{path} is truncated.", "Copy it again.")
                return _clean(image.header.tostring(sep="").encode("ascii", "replace")), -1
        opener = gzip.open if name.endswith(".gz") else open
        with opener(path, "rb") as stream:
            header, offset = _first_image(stream)
        if name.endswith(".gz") and not _gzip_is_complete(path, offset + _data_size(header)):
            raise InputError(f"{path} is truncated: it ends before its pixels do.", "Copy it again.")
        return header, offset
    except InputError:
        raise
    except Exception as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise InputError(f"{path} cannot be read as FITS: {reason}.", "Remove it or copy it again.") from error


def _gzip_is_complete(path: Path, needed: int) -> bool:
    """Whether a .gz file holds ``needed`` bytes, by its last four bytes, or by reading it if these are not a size that fits."""
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


def _first_image(stream: object) -> tuple[fits.Header, int]:
    offset = 0
    while True:
        text = b""
        while True:
            block = stream.read(BLOCK)  # type: ignore[attr-defined]
            if len(block) < BLOCK:
                if not text and not block:
                    raise ValueError("it contains no image" if offset else "it is empty")
                raise ValueError("its header has no end")
            if offset == 0 and not text and not block.startswith(b"SIMPLE"):
                raise ValueError("it does not start with SIMPLE")
            text += block
            if any(block[i: i + 8] == b"END     " for i in range(0, BLOCK, CARD)):
                break
            if len(text) > MOST_HEADER_BLOCKS * BLOCK:
                raise ValueError("its header has no end")
        header = _clean(text)
        offset += len(text)
        size = _data_size(header)
        if len(_axes(header)) >= 2:
            return header, offset
        if not size and header.get("EXTEND") is None:
            raise ValueError("it contains no image")
        padded = -(-size // BLOCK) * BLOCK
        offset += padded
        stream.seek(offset)  # type: ignore[attr-defined]


def _clean(raw: bytes) -> fits.Header:
    header = fits.Header()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for i in range(0, len(raw), CARD):
            card = raw[i: i + CARD]
            if card[:8] == b"END     ":
                break
            with contextlib.suppress(Exception):  # one bad card must not make the frame unusable
                if (parsed := _card(card)) is not None:
                    header.append(parsed, end=True)
    return header


@lru_cache(maxsize=4096)  # the frames of a session share nearly all cards
def _card(raw: bytes) -> tuple[str, object, str] | None:
    """Keyword, value and comment; None for a card without a value. Raises what astropy raises for a card that it cannot fix."""
    card = fits.Card.fromstring(raw)
    card.verify("fix")
    value = card.value
    return (card.keyword, value, card.comment) if card.keyword and not isinstance(value, fits.card.Undefined) else None


def _axes(header: fits.Header) -> list[int]:
    """NAXIS1 ... of a header; ValueError for values that no image has."""
    count = header.get("NAXIS", 0)
    if not isinstance(count, int) or not 0 <= count <= 999:
        raise ValueError(f"its NAXIS is {count!r}")
    axes = [header.get(f"NAXIS{i + 1}") for i in range(count)]
    if not all(isinstance(n, int) and n >= 0 for n in axes):
        raise ValueError(f"its axes are {axes!r}"[:200])
    if math.prod(axes) > MOST_PIXELS:
        raise ValueError(f"its header has {' x '.join(map(str, axes))} pixels, more than any camera"[:200])
    return axes


def _data_size(header: fits.Header) -> int:
    axes, bitpix = _axes(header), header.get("BITPIX", 8)
    if not isinstance(bitpix, int):
        raise ValueError(f"its BITPIX is {bitpix!r}")
    return abs(bitpix) // 8 * math.prod(axes) if axes else 0


def image_shape(path: Path, header: fits.Header) -> tuple[int, ...]:
    """(rows, columns) or (3, rows, columns) according to a header; InputError for any other shape."""
    try:
        axes = _axes(header)
    except ValueError as error:
        raise InputError(f"{path}: {error}.", "Copy it again.") from error
    while len(axes) > 2 and axes[-1] == 1:
        axes.pop()
    if len(axes) not in (2, 3) or (len(axes) == 3 and axes[2] != 3):
        raise InputError(f"{path} has {len(axes)} axes {axes}.", "A frame is (columns, rows) or (columns, rows, 3).")
    if min(axes) < 1:
        raise InputError(f"{path} has axes {axes}.", "Copy it again.")
    return tuple(reversed(axes))


def image_layout(path: Path, *, scratch: bool = False) -> ImageLayout:
    """The layout of an uncompressed FITS image.

    Parameters
    ----------
    scratch : the file belongs to the run, and may be written again in another attempt.

    Raises
    ------
    InputError : the file is compressed, damaged or not an image.
    """
    header, offset = _parse(path)
    if offset < 0 or is_compressed(path):
        raise InputError(f"{path} is compressed.", "Decompress it first (orchestrator.io.fits.decompress).")
    return _layout(path, header, offset, scratch=scratch)


def header_and_layout(path: Path) -> tuple[fits.Header, ImageLayout | None]:
    """The header, and the layout of an uncompressed image (None for compressed ones), with one reading of the header."""
    header, offset = _parse(path)
    return header, None if is_compressed(path) else _layout(path, header, offset, scratch=False)


def _layout(path: Path, header: fits.Header, offset: int, *, scratch: bool) -> ImageLayout:
    shape = image_shape(path, header)
    bitpix = header.get("BITPIX")
    if bitpix not in _TYPES:
        raise InputError(f"{path} has BITPIX {bitpix}.", "FITS allows 8, 16, 32, 64, -32, -64.")
    bscale, bzero = _scaling(path, header)
    status = path.stat()
    available, needed = status.st_size - offset, _data_size(header)
    if available < needed:
        raise InputError(f"{path} is truncated: it has {available} of {needed} bytes of pixels.", "Copy it again.")
    layout = ImageLayout(path, shape, bitpix, bscale, bzero, offset, 1.0, None if scratch else _stamp(status))
    return replace(layout, unit=_unit(layout))


def _scaling(path: Path, header: fits.Header) -> tuple[float, float]:
    """BSCALE and BZERO; InputError if the pixels have no value with them."""
    found = []
    for key, default in (("BSCALE", 1), ("BZERO", 0)):
        value = header.get(key, default)
        number = float(value) if isinstance(value, int | float) else float("nan")
        if not np.isfinite(number) or (key == "BSCALE" and number == 0):
            raise InputError(f"{path} has {key} {value!r}.", "Its pixels have no value with it; write the frame again.")
        found.append(number)
    return found[0], found[1]


def _unit(layout: ImageLayout) -> float:
    """The factor to 1.0 = 65535 ADU. Float frames have this unit already, unless their values show that they hold ADU."""
    if layout.bitpix == 8:
        return 1 / 255
    if layout.bitpix > 0:
        return 1 / FULL_SCALE
    rows = layout.shape[-2]
    sample = layout.read(rows // 2, rows // 2 + UNIT_ROWS)
    top = float(np.max(sample, initial=0))
    return 1 / FULL_SCALE if top > FLOAT_ADU_ABOVE else 1.0


def damage(layout: ImageLayout, *, master: bool = False) -> str:
    """The damage to the pixels of a calibration frame, "" if there is none; checked in rows spread over the frame.

    No sensor gives rows of a single value, or pixels that are not finite; interrupted copies and full disks do.

    Parameters
    ----------
    master : a master may be a constant image.
    """
    rows = layout.shape[-2]
    chosen = np.unique(np.linspace(0, rows - 1, SAMPLED_ROWS).astype(int))
    sample = np.stack([layout.read(int(row), int(row) + 1, keep_nan=True) for row in chosen])
    bad = ~np.isfinite(sample)
    if bad.mean() > DAMAGED_PIXELS:
        return f"{100 * bad.mean():.0f} % of its pixels are not numbers"
    flat = np.ptp(np.where(bad, 0, sample), axis=-1).reshape(len(chosen), -1).max(axis=-1) == 0
    if flat.mean() > DAMAGED_ROWS and not (master and flat.all()):
        return f"{100 * flat.mean():.0f} % of its rows are empty or hold one value only"
    return ""


def decompress(path: Path, folder: Path) -> Path:
    """Write an uncompressed copy of a compressed frame to ``folder``, under its name without the suffix of the compression.

    Raises
    ------
    InputError : the file is damaged or not an image, or memory is too small for it.
    RunError : the disk is full.
    """
    target = folder / Path(path.name).stem
    if not target.name.lower().endswith((".fit", ".fits", ".fts")):
        target = target.with_name(target.name + ".fits")
    header, offset = _parse(path)
    shape = image_shape(path, header)  # refuse other files before anything is unpacked
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.name.lower().endswith(".gz"):
            _gunzip(path, target, offset + _data_size(header))
        else:
            _check_memory(path, UNPACKING_MEMORY * _data_size(header))
            _unpack(path, target, shape)
    except OrchestrateError:
        raise
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _write_error(target, error) from error
        raise InputError(f"{path} cannot be decompressed: {error}.", "Copy it again.") from error
    except Exception as error:
        raise InputError(f"{path} cannot be decompressed: {error}.", "Copy it again.") from error
    return target


def _gunzip(path: Path, target: Path, needed: int) -> None:
    """Unpack the first ``needed`` bytes and their padding: a file may have endless data after its image."""
    left = -(-needed // BLOCK) * BLOCK
    with gzip.open(path, "rb") as source, target.open("wb") as out:
        while left and (chunk := source.read(min(left, CHUNK))):
            out.write(chunk)
            left -= len(chunk)


def _check_memory(path: Path, needed: int) -> None:
    if needed > psutil.virtual_memory().available:
        raise InputError(f"{path} needs {needed / 2**30:.1f} GiB of memory to be decompressed.",
                         "Decompress it with funpack first, or remove it.")


def _unpack(path: Path, target: Path, shape: tuple[int, ...]) -> None:
    with warnings.catch_warnings(), fits.open(path, do_not_scale_image_data=True) as file:
        warnings.simplefilter("ignore", AstropyWarning)
        image = next(h for h in file if h.data is not None)
        if math.prod(image.shape) != math.prod(shape):
            raise ValueError(f"it contains {image.shape} pixels, its header has {shape}")
        header = read_header(path)
        plain = fits.PrimaryHDU(image.data)
        for key in header:
            if key not in plain.header and key not in ("XTENSION", "PCOUNT", "GCOUNT", "COMMENT", "HISTORY", ""):
                plain.header[key] = header[key]
        plain.writeto(target, overwrite=True, output_verify="silentfix")


def write(path: Path, data: NDArray[np.generic], header: fits.Header | None = None) -> None:
    """Write an image, (h, w) or (3, h, w), float32 or uint16; the file appears under its name only when it is complete.

    Raises
    ------
    RunError : the file cannot be written.
    """
    try:
        with warnings.catch_warnings(), whole_file(path) as stream:
            warnings.simplefilter("ignore", AstropyWarning)
            fits.PrimaryHDU(data, header).writeto(stream, output_verify="silentfix")
    except OSError as error:
        raise _write_error(path, error) from error


def overwrite(layout: ImageLayout, data: NDArray[np.float32]) -> None:
    """Replace the pixels of a float32 file of the run with others of the same shape; the header stays.

    Raises
    ------
    RunError : the file cannot be written.
    """
    assert layout.bitpix == -32 and (layout.bscale, layout.bzero) == (1, 0) and data.shape == layout.shape
    try:
        with layout.path.open("r+b") as stream:
            stream.seek(layout.data_offset)
            stream.write((data / np.float32(layout.unit)).astype(">f4").tobytes())
    except OSError as error:
        raise _write_error(layout.path, error) from error


def array_on_disk(folder: Path, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """An array of zeros, float32, in an unnamed file in ``folder`` instead of in memory; the file disappears with the array.

    Its space is allocated at once: a disk that fills up later would kill the process.

    Raises
    ------
    RunError : the disk is full.
    """
    size = 4 * math.prod(shape)
    try:
        with tempfile.TemporaryFile(dir=folder) as stream:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(stream.fileno(), 0, size)
            else:
                for first in range(0, size, ALLOCATION_CHUNK):
                    stream.write(bytes(min(ALLOCATION_CHUNK, size - first)))
            stream.flush()
            return np.asarray(np.memmap(stream, np.float32, "r+", shape=shape))
    except OSError as error:
        raise _write_error(folder, error) from error


def _write_error(path: Path, error: OSError) -> RunError:
    if error.errno == errno.ENOSPC:
        return RunError(f"The disk is full: {path} could not be written.", "Free some space, or choose another --runs-dir.")
    return RunError(f"{path} could not be written: {error.strerror or error}.", "Check the folder and its permissions.")
