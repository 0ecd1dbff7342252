"""Reads and writes FITS. Pixels are float32, 1.0 = 65535 ADU, row 0 is the first row of the file."""

from __future__ import annotations

import contextlib
import copy
import errno
import math
import os
import tempfile
import warnings
import zlib
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
import psutil
from astropy.io import fits
from astropy.utils.exceptions import AstropyWarning
from numpy.typing import DTypeLike, NDArray

from orchestrator.errors import InputError, OrchestrateError, RunError
from orchestrator.io.atomic import whole_file
from orchestrator.io.fits_checksum import data_sum, sign
from orchestrator.io.image_layout import FULL_SCALE, MOST_PIXELS, SAMPLE_TYPES, ImageLayout, stamp_of
from orchestrator.io.mapped import release
from orchestrator.io.packed import PackedFrame, check_gzip, is_complete, unpack_gzip
from orchestrator.message import Message

__all__ = ["FULL_SCALE", "SUFFIXES", "ImageLayout", "array_on_disk", "check_memory", "check_packed", "damage", "data_size",
           "decompress", "header_and_layout", "header_and_offset", "image_layout", "image_shape", "is_compressed", "is_fits",
           "layout_at", "overwrite", "quietly", "read_header", "write"]

SUFFIXES = (".fit", ".fits", ".fts", ".fit.fz", ".fits.fz", ".fts.fz", ".fz", ".fit.gz", ".fits.gz", ".fts.gz")
# Bytes of a block of a FITS file, and of a card.
BLOCK = 2880
CARD = 80
# Blocks after which a header without END is given up.
MOST_HEADER_BLOCKS = 2000
# Float frames with values above this hold ADU, not the range 0 to 1 of Siril.
FLOAT_ADU_ABOVE = 4.0
# Rows from the middle of a float frame that decide this.
UNIT_ROWS = 16
# A calibration frame is damaged if a larger share of its pixels is not finite.
DAMAGED_PIXELS = 0.01
# ... or if a larger share of its rows holds a single value.
DAMAGED_ROWS = 0.05
# Rows of a flat at its largest value are clipped, not damaged, if this is above a share of the full scale that 12 bits reach.
CLIPPED_ABOVE = 0.03
# Rows that are checked for damage.
SAMPLED_ROWS = 64
# Bytes copied at once.
CHUNK = 1 << 20
# Bytes written at once to allocate a file.
ALLOCATION_CHUNK = 1 << 24
# First bytes of a gzip file.
GZIP = b"\x1f\x8b"
# Extensions without pixels; a BINTABLE may hold a tile-compressed image.
TABLES = ("BINTABLE", "A3DTABLE", "TABLE")
# Cards of the primary header that do not apply to an image in an extension.
STRUCTURE = ("SIMPLE", "BITPIX", "NAXIS", "EXTEND", "BSCALE", "BZERO", "BLANK", "CHECKSUM", "DATASUM", "COMMENT", "HISTORY", "")
# Memory to unpack a tile-compressed image, as a factor of its pixels.
UNPACKING_MEMORY = 3


def is_fits(path: Path) -> bool:
    """Whether the name has a suffix of FITS files."""
    return path.name.lower().endswith(SUFFIXES)


def is_compressed(path: Path) -> bool:
    """Whether the pixels are packed (gzip, tiles), by the content of the file; by its name if it cannot be read."""
    try:
        status = path.stat()
        return _is_packed(path, stamp_of(status))
    except (OSError, ValueError, EOFError, zlib.error):
        return path.name.lower().endswith((".fz", ".gz"))


@lru_cache(maxsize=4096)
def _is_packed(path: Path, stamp: tuple[int, int]) -> bool:
    if _is_gzip(path):
        return True
    with path.open("rb") as stream:
        return _first_image(stream)[2]


def _is_gzip(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(GZIP)) == GZIP


def read_header(path: Path) -> fits.Header:
    """The header of the first image in the file. Cards that violate the standard are dropped.

    Raises
    ------
    InputError : the file is not FITS.
    """
    return header_and_offset(path)[0]


def header_and_offset(path: Path) -> tuple[fits.Header, int]:
    """The header of the first image, and the offset of its pixels in the decompressed file; -1 for tile-compressed images."""
    try:
        packed = _is_gzip(path)
        with PackedFrame(path) if packed else path.open("rb") as stream:
            header, offset, tiled = _first_image(cast(IO[bytes], stream))
        if packed and not is_complete(path, offset + data_size(header)):
            raise InputError(Message("{path} is truncated: it ends before its pixels do.", path=path), "Copy it again.")
        if not tiled:
            return header, offset
        if not packed and offset + data_size(header) > path.stat().st_size:
            raise InputError(Message("{path} is truncated.", path=path), "Copy it again.")
        return _tiled_header(path), -1
    except InputError:
        raise
    except Exception as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise InputError(Message("{path} cannot be read as FITS: {reason}.", path=path,
                                 reason=reason), "Remove it or copy it again.") from error


def quietly() -> warnings.catch_warnings[None]:
    """A context without astropy's warnings about headers, which opening a file already gives."""
    return warnings.catch_warnings(action="ignore", category=AstropyWarning)


def _tiled_header(path: Path) -> fits.Header:
    """The header of the image in the tiles of a table."""
    with quietly(), fits.open(path, ignore_missing_simple=False) as file:
        image = next(h for h in file if isinstance(h, fits.CompImageHDU))
        header = _clean(image.header.tostring(sep="").encode("ascii", "replace"))
        return _with_primary(header, _clean(file[0].header.tostring(sep="").encode("ascii", "replace")))


def _with_primary(header: fits.Header, primary: fits.Header) -> fits.Header:
    """The header of an image in an extension, with the cards of the primary header that it lacks."""
    for card in primary.cards:
        if card.keyword not in header and card.keyword not in STRUCTURE and not card.keyword.startswith("NAXIS"):
            header.append(card, end=True)
    return header


def _first_image(stream: IO[bytes]) -> tuple[fits.Header, int, bool]:
    """Header and offset of the first image, and whether it is a table of compressed tiles. Tables without an image are passed
    over."""
    offset, primary = 0, None
    while True:
        text = _header_text(stream, offset)
        header = _clean(text)
        offset += len(text)
        kind = str(header.get("XTENSION", "")).strip().upper()
        tiled = kind in TABLES and header.get("ZIMAGE") is True
        if tiled or (len(_axes(header)) >= 2 and kind not in TABLES):
            return (header if primary is None or tiled else _with_primary(header, primary)), offset, tiled
        primary = header if primary is None else primary
        offset += -(-data_size(header) // BLOCK) * BLOCK
        stream.seek(offset)


def _header_text(stream: IO[bytes], offset: int) -> bytes:
    """The blocks of the header that begins at ``offset``. ValueError if there is none."""
    text = b""
    while True:
        block = stream.read(BLOCK)
        if offset and not text and not block.startswith(b"XTENSION"):
            raise ValueError("it contains no image")
        if len(block) < BLOCK:
            raise ValueError("its header has no end" if text or block else "it is empty")
        if not offset and not text and not block.startswith(b"SIMPLE"):
            raise ValueError("it does not start with SIMPLE")
        text += block
        if any(block[i: i + 8] == b"END     " for i in range(0, BLOCK, CARD)):
            return text
        if len(text) > MOST_HEADER_BLOCKS * BLOCK:
            raise ValueError("its header has no end")


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
                    # A copy of a parsed card takes a tenth of the time of a new one, and the header may change it.
                    header.append(copy.copy(parsed), end=True)
    return header


@lru_cache(maxsize=4096)  # the frames of a session share nearly all cards
def _card(raw: bytes) -> fits.Card | None:
    """A card with its value; None if it has none. Raises what astropy raises for a card that it cannot fix."""
    card = fits.Card.fromstring(raw)
    try:
        card.verify("fix")
        value = card.value
    except fits.VerifyError:
        text = _text_without_quotes(raw)
        return None if text is None else fits.Card(*text)
    known = card.keyword and not isinstance(value, fits.card.Undefined)
    return fits.Card(card.keyword, value, card.comment) if known else None


def _text_without_quotes(raw: bytes) -> tuple[str, object, str] | None:
    """A card whose value is neither a number nor in quotes, such as ``DATE-OBS= 2026-10-01T20:00:00``, as text."""
    line = raw.decode("ascii")
    keyword, text = line[:8].strip(), line[10:].split("/")[0].strip().strip("'")
    return (keyword, text, line[10:].partition("/")[2].strip()) if keyword and line[8] == "=" and text else None


def _axes(header: fits.Header) -> list[int]:
    """NAXIS1 ... of a header; ValueError for values that no image has."""
    count = header.get("NAXIS", 0)
    if not isinstance(count, int) or not 0 <= count <= 999:
        raise ValueError(Message("its NAXIS is {count!r}", count=count))
    axes = [header.get(f"NAXIS{i + 1}") for i in range(count)]
    if not all(isinstance(n, int) and n >= 0 for n in axes):
        raise ValueError(Message("its axes are {axes!r}", axes=axes)[:200])
    if math.prod(axes) > MOST_PIXELS:
        raise ValueError(Message("its header has {axes} pixels, more than any camera", axes=" x ".join(map(str, axes)))[:200])
    return axes


def data_size(header: fits.Header) -> int:
    """Bytes of the pixels that a header describes. ValueError if no image has them."""
    axes, bitpix = _axes(header), header.get("BITPIX", 8)
    if not isinstance(bitpix, int):
        raise ValueError(Message("its BITPIX is {bitpix!r}", bitpix=bitpix))
    heap = header.get("PCOUNT", 0) if "XTENSION" in header else 0
    return abs(bitpix) // 8 * (math.prod(axes) + (heap if isinstance(heap, int) and heap > 0 else 0)) if axes else 0


def image_shape(path: Path, header: fits.Header) -> tuple[int, ...]:
    """(rows, columns) or (3, rows, columns) according to a header; InputError for any other shape."""
    try:
        axes = _axes(header)
    except ValueError as error:
        raise InputError(Message("{name}: {error}.", name=path, error=error), "Copy it again.") from error
    while len(axes) > 2 and axes[-1] == 1:
        axes.pop()
    if len(axes) not in (2, 3) or (len(axes) == 3 and axes[2] != 3):
        raise InputError(Message("{path} has {count} axes {axes}.", path=path, count=len(axes),
                                 axes=axes), "A frame is (columns, rows) or (columns, rows, 3); a cube of "
                         "frames must not be packed with gzip.")
    if min(axes) < 1:
        raise InputError(Message("{path} has axes {axes}.", path=path, axes=axes), "Copy it again.")
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
    header, offset = header_and_offset(path)
    if offset < 0 or _is_gzip(path):
        raise InputError(Message("{path} is compressed.", path=path), "Decompress it first (orchestrator.io.fits.decompress).")
    return layout_at(path, header, offset, scratch=scratch)


def header_and_layout(path: Path) -> tuple[fits.Header, ImageLayout | None]:
    """The header, and the layout of an uncompressed image (None for compressed ones), with one reading of the header."""
    header, offset = header_and_offset(path)
    return header, None if offset < 0 or _is_gzip(path) else layout_at(path, header, offset, scratch=False)


def layout_at(path: Path, header: fits.Header, offset: int, *, scratch: bool) -> ImageLayout:
    """The layout of an image whose pixels begin at ``offset``; errors and ``scratch`` as for :func:`image_layout`."""
    shape = image_shape(path, header)
    bitpix = header.get("BITPIX")
    if bitpix not in SAMPLE_TYPES:
        raise InputError(Message("{path} has BITPIX {bitpix}.", path=path,
                                 bitpix=bitpix), "FITS allows 8, 16, 32, 64, -32, -64.")
    bscale, bzero = _scaling(path, header)
    status = path.stat()
    available, needed = status.st_size - offset, data_size(header)
    if available < needed:
        raise InputError(Message("{path} is truncated: it has {available} of {needed} bytes of pixels.", path=path,
                                 available=available, needed=needed), "Copy it again.")
    blank = header.get("BLANK") if bitpix > 0 else None
    layout = ImageLayout(path, shape, bitpix, bscale, bzero, offset, 1.0, None if scratch else stamp_of(status),
                         blank if isinstance(blank, int) and not isinstance(blank, bool) else None)
    return replace(layout, unit=_unit(layout))


def _scaling(path: Path, header: fits.Header) -> tuple[float, float]:
    """BSCALE and BZERO; InputError if the pixels have no value with them."""
    found = []
    for key, default in (("BSCALE", 1), ("BZERO", 0)):
        value = header.get(key, default)
        number = float(value) if isinstance(value, int | float) else float("nan")
        if not np.isfinite(number) or (key == "BSCALE" and number == 0):
            raise InputError(Message("{path} has {key} {value!r}.", path=path, key=key,
                                     value=value), "Its pixels have no value with it; write the frame again.")
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


def damage(layout: ImageLayout, *, master: bool = False, bright: bool = False) -> str:
    """The damage to the pixels of a calibration frame, "" if there is none; checked in rows spread over the frame.

    No sensor gives rows of a single value, or pixels that are not finite; interrupted copies and full disks do.

    Parameters
    ----------
    master : a master may be a constant image.
    bright : a flat, which may be clipped: rows at its largest value are not damage.
    """
    rows = layout.shape[-2]
    chosen = np.unique(np.linspace(0, rows - 1, SAMPLED_ROWS).astype(int))
    sample = np.stack([layout.read(int(row), int(row) + 1, keep_nan=True) for row in chosen])
    bad = ~np.isfinite(sample)
    if bad.mean() > DAMAGED_PIXELS:
        return Message("{bad:.0f} % of its pixels are not numbers", bad=100 * bad.mean())
    flat = np.ptp(np.where(bad, 0, sample), axis=-1).reshape(len(chosen), -1).max(axis=-1) == 0
    top = float(np.max(sample, where=~bad, initial=0))
    if bright and top > CLIPPED_ABOVE:
        flat &= np.where(bad, 0, sample).reshape(len(chosen), -1).max(axis=-1) < top
    if flat.mean() > DAMAGED_ROWS and not (master and flat.all()):
        return Message("{flat:.0f} % of its rows are empty or hold one value only", flat=100 * flat.mean())
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
    header, offset = header_and_offset(path)
    shape = image_shape(path, header)  # refuse other files before anything is unpacked
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if offset >= 0:
            unpack_gzip(path, target, offset + data_size(header))
        else:
            check_memory(path, UNPACKING_MEMORY * data_size(header))
            _unpack(path, target, shape)
    except OrchestrateError:
        raise
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _write_error(target, error) from error
        raise InputError(Message("{path} cannot be decompressed: {error}.", path=path,
                                 error=error), "Copy it again.") from error
    except Exception as error:
        raise InputError(Message("{path} cannot be decompressed: {error}.", path=path,
                                 error=error), "Copy it again.") from error
    return target


def check_packed(path: Path) -> None:
    """Raise InputError if the pixels of a compressed frame are damaged; nothing is written."""
    header, offset = header_and_offset(path)
    if offset >= 0:
        check_gzip(path, offset + data_size(header))
        return
    shape = image_shape(path, header)
    check_memory(path, UNPACKING_MEMORY * data_size(header))
    try:
        with quietly(), fits.open(path, do_not_scale_image_data=True) as file:
            image = next(h for h in file if h.data is not None)
            if math.prod(image.shape) != math.prod(shape):
                raise ValueError(Message("it contains {shape} pixels, its header has {shape2}", shape=image.shape,
                                         shape2=shape))
    except Exception as error:
        raise InputError(Message("{path} cannot be decompressed: {error}.", path=path,
                                 error=error), "Copy it again.") from error


def check_memory(path: Path, needed: int) -> None:
    """Raise InputError if ``needed`` bytes of memory are not free."""
    if needed > psutil.virtual_memory().available:
        raise InputError(Message("{path} needs {needed:.1f} GiB of memory to be decompressed.", path=path,
                                 needed=needed / 2 ** 30),
                         "Decompress it with funpack first, or remove it.")


def _unpack(path: Path, target: Path, shape: tuple[int, ...]) -> None:
    with quietly(), fits.open(path, do_not_scale_image_data=True) as file:
        image = next(h for h in file if isinstance(h, fits.CompImageHDU))
        if math.prod(image.shape) != math.prod(shape):
            raise ValueError(Message("it contains {shape} pixels, its header has {shape2}", shape=image.shape, shape2=shape))
        header = read_header(path)
        plain = fits.PrimaryHDU(image.data)
        for key in header:
            if key not in plain.header and key not in ("XTENSION", "PCOUNT", "GCOUNT", "COMMENT", "HISTORY", ""):
                plain.header[key] = header[key]
        plain.writeto(target, overwrite=True, output_verify="silentfix")


def write(path: Path, data: NDArray[np.generic], header: fits.Header | None = None, *, guarded: bool = True) -> None:
    """Write an image, (h, w) or (3, h, w), float32 or uint16; the file appears under its name only when it is complete.

    ``guarded`` as for :func:`orchestrator.io.atomic.whole_file`; without it the file is a copy that the run removes again, and
    gets no checksums.

    Raises
    ------
    RunError : the file cannot be written.
    """
    try:
        with quietly(), whole_file(path, guarded=guarded) as stream:
            image = fits.PrimaryHDU(data, header)
            image.verify("silentfix")
            if guarded:
                sign(image.header, data_sum(data))
            image.writeto(stream, output_verify="silentfix")
    except OSError as error:
        raise _write_error(path, error) from error
    release(data)


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


def array_on_disk(folder: Path, shape: tuple[int, ...], dtype: DTypeLike = np.float32) -> NDArray[Any]:
    """An array of zeros in an unnamed file in ``folder`` instead of in memory; the file disappears with the array.

    Its space is allocated at once: a disk that fills up later would kill the process.

    Raises
    ------
    RunError : the disk is full.
    """
    size = np.dtype(dtype).itemsize * math.prod(shape)
    try:
        with tempfile.TemporaryFile(dir=folder) as stream:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(stream.fileno(), 0, size)
            else:
                for first in range(0, size, ALLOCATION_CHUNK):
                    stream.write(bytes(min(ALLOCATION_CHUNK, size - first)))
            stream.flush()
            return np.asarray(np.memmap(stream, dtype, "r+", shape=shape))
    except OSError as error:
        raise _write_error(folder, error) from error


def _write_error(path: Path, error: OSError) -> RunError:
    if error.errno == errno.ENOSPC:
        return RunError(Message("The disk is full: {path} could not be written.",
                                path=path), "Free some space, or choose another --runs-dir.")
    return RunError(Message("{path} could not be written: {strerror}.", path=path,
                            strerror=error.strerror or error), "Check the folder and its permissions.")
