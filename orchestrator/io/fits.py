"""The one reader and writer of FITS. Pixels are float32, 1.0 = 65535 ADU, row 0 the first row of the file."""

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

__all__ = ["SUFFIXES", "ImageLayout", "damage", "decompress", "header_and_layout", "image_layout", "image_shape",
           "is_compressed", "is_fits", "overwrite", "picture_on_disk", "read_header", "write"]

SUFFIXES = (".fit", ".fits", ".fts", ".fit.fz", ".fits.fz", ".fts.fz", ".fz", ".fit.gz", ".fits.gz", ".fts.gz")
BLOCK = 2880
CARD = 80
# Full scale of unsigned 16-bit samples (ADU); pixels in memory are in units of it.
FULL_SCALE = 65535.0
# Float frames whose values reach beyond this hold ADU, not Siril's 0..1.
FLOAT_ADU_ABOVE = 4.0
# A calibration frame is damaged when so many of its pixels are no numbers, or so many of its rows hold a single value.
DAMAGED_PIXELS, DAMAGED_ROWS = 0.01, 0.05
SAMPLED_ROWS = 64
# More pixels than any camera has: a header that promises them is damaged, or meant to fill disk and memory.
MOST_PIXELS = 2**33
_TYPES = {8: ">u1", 16: ">i2", 32: ">i4", 64: ">i8", -32: ">f4", -64: ">f8"}


def is_fits(path: Path) -> bool:
    """Whether the name ends as FITS files do."""
    return path.name.lower().endswith(SUFFIXES)


def is_compressed(path: Path) -> bool:
    return path.name.lower().endswith((".fz", ".gz"))


@dataclass(frozen=True)
class ImageLayout:
    """Where the pixels of a plain FITS image lie. Picklable; reads by rows without parsing the header again.

    ``shape`` is (rows, columns) or (3, rows, columns); a stored value v means (bzero + bscale * v) * unit.
    ``stamp`` is size and time of change (ns) of the file: one that changes afterwards is refused, not read as nonsense.
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
        """Rows ``row_start:row_stop`` of every plane, float32; what is not finite becomes 0, unless ``keep_nan``."""
        rows, columns = self.shape[-2:]
        stop = rows if row_stop is None else min(row_stop, rows)
        start = max(row_start, 0)
        dtype = np.dtype(_TYPES[self.bitpix])
        planes = self.shape[0] if len(self.shape) == 3 else 1
        out = np.empty((planes, max(stop - start, 0), columns), np.float32)
        try:
            with self.path.open("rb") as stream:
                if self.stamp not in (None, _stamp(os.fstat(stream.fileno()))):
                    raise InputError(f"{self.path} has changed since it was looked at.", "Run again when it is whole.")
                for plane in range(planes):
                    stream.seek(self.data_offset + ((plane * rows) + start) * columns * dtype.itemsize)
                    raw = np.fromfile(stream, dtype, out[plane].size)
                    if raw.size != out[plane].size:
                        raise InputError(f"{self.path} ends before its pixels do.", "The file is truncated; copy it again.")
                    out[plane] = self._scaled(raw, keep_nan).reshape(out[plane].shape)
        except OSError as error:
            remedy = "Put it back, or run again without it." if isinstance(error, FileNotFoundError) else "Check the disk."
            raise InputError(f"{self.path} cannot be read: {error.strerror or error}.", remedy) from error
        return out if len(self.shape) == 3 else out[0]

    def _scaled(self, raw: NDArray[np.generic], keep_nan: bool) -> NDArray[np.float32]:
        if self.bitpix == 16 and self.bscale == 1:
            values = raw.astype(np.float32)  # 16 bit and their offset are exact in float32
            if self.bzero:
                values += np.float32(self.bzero)
            return values * np.float32(self.unit)
        with np.errstate(over="ignore", invalid="ignore"):  # a scale may lead beyond float32
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
    """The header of the first image in the file. Cards that break the standard are dropped, not fatal.

    Raises InputError when it is no FITS file.
    """
    return _parse(path)[0]


def _parse(path: Path) -> tuple[fits.Header, int]:
    """Header and offset of the pixels (in the decompressed file; -1 for tile-compressed images)."""
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
        if name.endswith(".gz") and not _gzip_is_whole(path, offset + _data_size(header)):
            raise InputError(f"{path} is truncated: its pixels do not end.", "Copy it again.")
        return header, offset
    except InputError:
        raise
    except Exception as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise InputError(f"{path} cannot be read as FITS: {reason}.", "Remove it or copy it again.") from error


def _gzip_is_whole(path: Path, needed: int) -> bool:
    """Whether a .gz file holds ``needed`` bytes. Its last four bytes tell, unless they are none that FITS would give."""
    with path.open("rb") as raw:
        raw.seek(-4, os.SEEK_END)
        told = int.from_bytes(raw.read(4), "little")
    if told in (needed, -(-needed // BLOCK) * BLOCK):
        return True
    with gzip.open(path, "rb") as stream:
        try:
            while needed > 0 and (chunk := stream.read(1 << 20)):
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
                    raise ValueError("it holds no image" if offset else "it is empty")
                raise ValueError("its header has no end")
            if offset == 0 and not text and not block.startswith(b"SIMPLE"):
                raise ValueError("it does not begin with SIMPLE")
            text += block
            if any(block[i: i + 8] == b"END     " for i in range(0, BLOCK, CARD)):
                break
            if len(text) > 2000 * BLOCK:
                raise ValueError("its header has no end")
        header = _clean(text)
        offset += len(text)
        size = _data_size(header)
        if len(_axes(header)) >= 2:
            return header, offset
        if not size and header.get("EXTEND") is None:
            raise ValueError("it holds no image")
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
            with contextlib.suppress(Exception):  # one bad card must not cost the frame
                if (parsed := _card(card)) is not None:
                    header.append(parsed, end=True)
    return header


@lru_cache(maxsize=4096)  # nearly all cards of a session's frames are the same
def _card(raw: bytes) -> tuple[str, object, str] | None:
    """Keyword, value and comment; None for a card without a value. Raises what astropy does for one that cannot be mended."""
    card = fits.Card.fromstring(raw)
    card.verify("fix")
    value = card.value
    return (card.keyword, value, card.comment) if card.keyword and not isinstance(value, fits.card.Undefined) else None


def _axes(header: fits.Header) -> list[int]:
    """NAXIS1 ... of a header; ValueError for what no picture has."""
    count = header.get("NAXIS", 0)
    if not isinstance(count, int) or not 0 <= count <= 999:
        raise ValueError(f"its NAXIS is {count!r}")
    axes = [header.get(f"NAXIS{i + 1}") for i in range(count)]
    if not all(isinstance(n, int) and n >= 0 for n in axes):
        raise ValueError(f"its axes are {axes!r}"[:200])
    if math.prod(axes) > MOST_PIXELS:
        raise ValueError(f"its header promises {' x '.join(map(str, axes))} pixels"[:200])
    return axes


def _data_size(header: fits.Header) -> int:
    axes, bitpix = _axes(header), header.get("BITPIX", 8)
    if not isinstance(bitpix, int):
        raise ValueError(f"its BITPIX is {bitpix!r}")
    return abs(bitpix) // 8 * math.prod(axes) if axes else 0


def image_shape(path: Path, header: fits.Header) -> tuple[int, ...]:
    """(rows, columns) or (3, rows, columns) as a header tells; InputError for anything else."""
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
    """Layout of a plain (not compressed) FITS image; InputError names what is wrong with the file.

    ``scratch``: the file is the run's own, and may be made anew in another attempt.
    """
    header, offset = _parse(path)
    if offset < 0 or is_compressed(path):
        raise InputError(f"{path} is compressed.", "Decompress it first (orchestrator.io.fits.decompress).")
    return _layout(path, header, offset, scratch=scratch)


def header_and_layout(path: Path) -> tuple[fits.Header, ImageLayout | None]:
    """What :func:`read_header` and :func:`image_layout` give, for one reading of the header; no layout of a compressed file."""
    header, offset = _parse(path)
    return header, None if is_compressed(path) else _layout(path, header, offset, scratch=False)


def _layout(path: Path, header: fits.Header, offset: int, *, scratch: bool) -> ImageLayout:
    shape = image_shape(path, header)
    bitpix = header.get("BITPIX")
    if bitpix not in _TYPES:
        raise InputError(f"{path} has BITPIX {bitpix}.", "FITS knows 8, 16, 32, 64, -32, -64.")
    bscale, bzero = _scaling(path, header)
    status = path.stat()
    have, need = status.st_size - offset, _data_size(header)
    if have < need:
        raise InputError(f"{path} is truncated: {have} of {need} bytes of pixels are there.", "Copy it again.")
    layout = ImageLayout(path, shape, bitpix, bscale, bzero, offset, 1.0, None if scratch else _stamp(status))
    return replace(layout, unit=_unit(layout))


def _scaling(path: Path, header: fits.Header) -> tuple[float, float]:
    """BSCALE and BZERO; InputError when they turn pixels into nonsense."""
    found = []
    for key, default in (("BSCALE", 1), ("BZERO", 0)):
        value = header.get(key, default)
        number = float(value) if isinstance(value, int | float) else float("nan")
        if not np.isfinite(number) or (key == "BSCALE" and number == 0):
            raise InputError(f"{path} has {key} {value!r}.", "Its pixels have no meaning so; write the frame again.")
        found.append(number)
    return found[0], found[1]


def _unit(layout: ImageLayout) -> float:
    """Factor to 1.0 = 65535 ADU. Float frames are in that unit already, unless their values show that they hold ADU."""
    if layout.bitpix == 8:
        return 1 / 255
    if layout.bitpix > 0:
        return 1 / FULL_SCALE
    rows = layout.shape[-2]
    sample = layout.read(rows // 2, rows // 2 + 16)
    top = float(np.max(sample, initial=0))
    return 1 / FULL_SCALE if top > FLOAT_ADU_ABOVE else 1.0


def damage(layout: ImageLayout, *, master: bool = False) -> str:
    """What is wrong with the pixels of a calibration frame, "" for nothing: looked for in some rows all over it.

    No sensor gives rows of one value each, or pixels that are no numbers; interrupted copies and full disks do. A ``master``
    may be a constant that someone has made.
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
    """A plain copy of a compressed frame in ``folder``; its name stays, less the compression's ending."""
    target = folder / Path(path.name).stem
    if not target.name.lower().endswith((".fit", ".fits", ".fts")):
        target = target.with_name(target.name + ".fits")
    header, offset = _parse(path)
    shape = image_shape(path, header)  # a file that is no picture is refused before anything of it is unpacked
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.name.lower().endswith(".gz"):
            _gunzip(path, target, offset + _data_size(header))
        else:
            _check_memory(path, 3 * _data_size(header))
            _unpack(path, target, shape)
    except OrchestrateError:
        raise
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _full(target, error) from error
        raise InputError(f"{path} cannot be decompressed: {error}.", "Copy it again.") from error
    except Exception as error:
        raise InputError(f"{path} cannot be decompressed: {error}.", "Copy it again.") from error
    return target


def _gunzip(path: Path, target: Path, needed: int) -> None:
    """The first ``needed`` bytes and their padding: a file may go on for ever after its picture."""
    left = -(-needed // BLOCK) * BLOCK
    with gzip.open(path, "rb") as source, target.open("wb") as out:
        while left and (chunk := source.read(min(left, 1 << 20))):
            out.write(chunk)
            left -= len(chunk)


def _check_memory(path: Path, needed: int) -> None:
    if needed > psutil.virtual_memory().available:
        raise InputError(f"{path} needs {needed / 2**30:.1f} GiB of memory to be decompressed.",
                         "Decompress it with funpack first, or leave it out.")


def _unpack(path: Path, target: Path, shape: tuple[int, ...]) -> None:
    with warnings.catch_warnings(), fits.open(path, do_not_scale_image_data=True) as file:
        warnings.simplefilter("ignore", AstropyWarning)
        image = next(h for h in file if h.data is not None)
        if math.prod(image.shape) != math.prod(shape):
            raise ValueError(f"it holds {image.shape} pixels, its header says {shape}")
        header = read_header(path)
        plain = fits.PrimaryHDU(image.data)
        for key in header:
            if key not in plain.header and key not in ("XTENSION", "PCOUNT", "GCOUNT", "COMMENT", "HISTORY", ""):
                plain.header[key] = header[key]
        plain.writeto(target, overwrite=True, output_verify="silentfix")


def write(path: Path, data: NDArray[np.generic], header: fits.Header | None = None) -> None:
    """Write (h, w) or (3, h, w), float32 or uint16; the file appears under its name only when it is whole."""
    try:
        with warnings.catch_warnings(), whole_file(path) as stream:
            warnings.simplefilter("ignore", AstropyWarning)
            fits.PrimaryHDU(data, header).writeto(stream, output_verify="silentfix")
    except OSError as error:
        raise _full(path, error) from error


def overwrite(layout: ImageLayout, data: NDArray[np.float32]) -> None:
    """Put other pixels of the same shape into a float32 file of the run's own, in their place; its header stays."""
    assert layout.bitpix == -32 and (layout.bscale, layout.bzero) == (1, 0) and data.shape == layout.shape
    try:
        with layout.path.open("r+b") as stream:
            stream.seek(layout.data_offset)
            stream.write((data / np.float32(layout.unit)).astype(">f4").tobytes())
    except OSError as error:
        raise _full(layout.path, error) from error


def picture_on_disk(folder: Path, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Zeros that lie in a nameless file of ``folder`` instead of in memory; the file goes with them.

    Its space is taken at once: a disk that fills later would kill the process.
    """
    size = 4 * math.prod(shape)
    try:
        with tempfile.TemporaryFile(dir=folder) as stream:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(stream.fileno(), 0, size)
            else:
                for first in range(0, size, 1 << 24):
                    stream.write(bytes(min(1 << 24, size - first)))
            stream.flush()
            return np.asarray(np.memmap(stream, np.float32, "r+", shape=shape))  # type: ignore[call-overload, no-any-return]
    except OSError as error:
        raise _full(folder, error) from error


def _full(path: Path, error: OSError) -> RunError:
    if error.errno == errno.ENOSPC:
        return RunError(f"The disk is full: {path} could not be written.", "Free some space, or choose another --runs-dir.")
    return RunError(f"{path} could not be written: {error.strerror or error}.", "Check the folder and its permissions.")
