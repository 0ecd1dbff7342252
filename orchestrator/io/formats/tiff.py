"""TIFF with 16 or 32 bits per sample and linear values.

Source: TIFF 6.0; read by tifffile. A TIFF that is not linear is known by its ICC profile only; pixels that look stretched are
found by session/linearity.py, as those of FITS.
"""

from __future__ import annotations

import logging
import math
import struct
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.errors import InputError
from orchestrator.io.formats.cards import FULL_SCALE_32, add_card, bitpix_of, image_header
from orchestrator.io.formats.exif import add_exif, read_tags
from orchestrator.io.image_layout import FULL_SCALE, ImageLayout, stamp_of
from orchestrator.message import Message
from orchestrator.version import install_command

__all__ = ["NAME", "SUFFIXES", "header_and_layout", "pixels"]

NAME = "TIFF"
SUFFIXES = (".tif", ".tiff")
SCALES = {2: FULL_SCALE, 4: FULL_SCALE_32}
# Values of PhotometricInterpretation whose samples are light: black is zero, RGB, a colour mosaic.
MONO, RGB, MOSAIC = 1, 2, 32803
ICC_PROFILE = 34675
# The tags of TIFF/EP that hold the colour mosaic of a sensor.
MOSAIC_SIZE, MOSAIC_COLOURS = 33421, 33422
# Decimals to which the exponent of a linear profile is 1.
LINEAR = 0.01


def header_and_layout(path: Path) -> tuple[fits.Header, ImageLayout | None]:
    """Header and layout of the first page; no layout if it is compressed or tiled."""
    status = path.stat()
    with _opened(path) as file:
        page: Any = file.pages.first
        shape, interleaved = _shape(path, page)
        dtype = np.dtype(file.byteorder + page.dtype.char)
        bitpix = bitpix_of(dtype)
        needed = math.prod(shape) * dtype.itemsize
        rows_follow = page.is_contiguous and page.compression == 1
        offset = int(page.dataoffsets[0])
        ends = [offset + needed] if rows_follow else list(map(sum, zip(page.dataoffsets, page.databytecounts, strict=True)))
        # tifffile fills parts that are missing with zeros.
        if max(ends) > status.st_size or (not rows_follow and (
                len(ends) < math.prod(page.chunked) or min(page.databytecounts) < 1)):
            raise ValueError("it is truncated: it ends before its pixels do")
        header = image_header(shape, bitpix if rows_follow or bitpix == 16 else -32)
        _add_description(header, page.description)
        _add_pattern(header, page)
    add_exif(header, read_tags(path))
    if not rows_follow:
        return header, None
    unit = 1 / SCALES[dtype.itemsize] if bitpix > 0 else 1.0
    return header, ImageLayout(path, shape, bitpix, 1.0, 0.0, offset, unit, stamp_of(status), sample=dtype.str,
                               channels="RGB" if interleaved else "")


def pixels(path: Path) -> NDArray[np.generic]:
    """The samples of the first page, (rows, columns) or (3, rows, columns)."""
    with _opened(path) as file:
        page: Any = file.pages.first
        shape, interleaved = _shape(path, page)
        try:
            found = np.asarray(page.asarray(maxworkers=1)).reshape(*shape[1:], 3) if interleaved else \
                np.asarray(page.asarray(maxworkers=1)).reshape(shape)
        except ValueError as error:
            if "imagecodecs" in str(error):
                raise InputError(Message("{path} is compressed with {compression}.", path=path,
                                         compression=page.compression.name),
                                 Message("Save it without compression, or: {value}",
                                         value=install_command("imagecodecs"))) from error
            raise
    return np.ascontiguousarray(found.transpose(2, 0, 1)) if interleaved else found


def _opened(path: Path) -> Any:
    import tifffile

    # What it finds odd is decided here, and reported with the name of the file.
    logging.getLogger("tifffile").setLevel(logging.CRITICAL)
    return tifffile.TiffFile(path)


def _shape(path: Path, page: Any) -> tuple[tuple[int, ...], bool]:
    """The shape of a page, and whether the three values of a pixel follow one another. InputError if it holds no linear light."""
    rows, columns, samples = int(page.imagelength), int(page.imagewidth), int(page.samplesperpixel)
    if page.dtype is None or page.dtype.kind not in "uf" or page.dtype.itemsize < 2 or page.bitspersample % 8:
        raise InputError(Message("{path} has {bitspersample} bits per sample, as pictures have that were developed.",
                                 path=path, bitspersample=page.bitspersample),
                         "Export 16-bit or 32-bit linear TIFF, or give the raw frames.")
    kind = int(page.photometric)
    if (kind, samples) not in ((MONO, 1), (MOSAIC, 1), (RGB, 3)) or page.imagedepth != 1:
        raise InputError(Message("{path} has PhotometricInterpretation {kind} and {samples} samples for each pixel.",
                                 path=path, kind=kind, samples=samples),
                         "Save it as grey or RGB without alpha channel.")
    if page.dtype.itemsize == 8 and page.dtype.kind == "u":
        raise InputError(Message("{path} has 64 bits per sample.", path=path), "Save it with 16 or 32 bits.")
    profile = page.tags.valueof(ICC_PROFILE)
    if isinstance(profile, bytes) and (exponent := tone_exponent(profile)) is not None and abs(exponent - 1) > LINEAR:
        raise InputError(Message("{path} has a colour profile with the tone curve of a screen: its values are not linear light.",
                                 path=path),
                         "Export it with a linear profile (gamma 1.0), or give the raw frames.")
    shape = (rows, columns) if samples == 1 else (3, rows, columns)
    return shape, samples == 3 and int(page.planarconfig) == 1


def tone_exponent(profile: bytes) -> float | None:
    """The exponent of the tone curve of an ICC profile (ICC.1:2022, 10.6 and 10.18): 1 for linear, about 2.2 for a curve; None if
    the profile has no curve."""
    try:
        count = struct.unpack(">I", profile[128:132])[0]
        for k in range(min(count, 100)):
            name, at, _ = struct.unpack(">4sII", profile[132 + 12 * k: 144 + 12 * k])
            if name not in (b"rTRC", b"gTRC", b"kTRC"):
                continue
            kind, length = struct.unpack(">4s4xI", profile[at: at + 12])
            if kind == b"para":
                return float(struct.unpack(">i", profile[at + 12: at + 16])[0]) / 65536
            if kind == b"curv" and length == 0:
                return 1.0
            if kind == b"curv" and length == 1:
                return float(struct.unpack(">H", profile[at + 12: at + 14])[0]) / 256
            if kind == b"curv":
                values = np.frombuffer(profile, ">u2", length, at + 12) / FULL_SCALE
                middle = float(values[length // 2])
                return math.log(middle) / math.log((length // 2) / (length - 1)) if 0 < middle < 1 else None
    except (struct.error, ValueError):
        return None
    return None


def _add_description(header: fits.Header, text: str) -> None:
    """The cards of a FITS header that astronomical programs write into the description of a TIFF."""
    for line in text.splitlines():
        keyword = line[:8].strip()
        if line[8:9] != "=" or not keyword.replace("-", "").replace("_", "").isalnum() or not keyword.isupper():
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                card = fits.Card.fromstring(line[:80].encode("ascii", "replace"))
                card.verify("fix")
                value = card.value
        except (fits.VerifyError, ValueError):
            continue
        if keyword not in ("SIMPLE", "EXTEND", "BSCALE", "BZERO", "BLANK") and not isinstance(value, fits.card.Undefined):
            add_card(header, keyword, value)


def _add_pattern(header: fits.Header, page: Any) -> None:
    """The colour mosaic according to the tags of TIFF/EP, which name the colours by numbers."""
    size, colours = page.tags.valueof(MOSAIC_SIZE), page.tags.valueof(MOSAIC_COLOURS)
    if size is not None and tuple(size) == (2, 2) and colours is not None:
        add_card(header, "BAYERPAT", "".join("RGB"[c] if c < 3 else "?" for c in bytes(colours)))
