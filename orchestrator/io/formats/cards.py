"""Headers of FITS cards for frames of other formats, from which the rest of the program takes its facts."""

from __future__ import annotations

import contextlib
import math
from datetime import datetime

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.io.image_layout import MOST_PIXELS
from orchestrator.message import Message

__all__ = ["add_card", "as_stored", "bitpix_of", "image_header", "time_card"]

# Largest value of an unsigned 32-bit sample.
FULL_SCALE_32 = 4294967295.0
# The longest text that a card of 80 characters holds.
LONGEST_TEXT = 66


def image_header(shape: tuple[int, ...], bitpix: int) -> fits.Header:
    """A header with the size, (rows, columns) or (3, rows, columns), and BITPIX of an image.

    Raises
    ------
    ValueError : no frame has this size.
    """
    if not 2 <= len(shape) <= 3 or min(shape) < 1 or math.prod(shape) > MOST_PIXELS:
        raise ValueError(Message("its header has {shape} pixels", shape=" x ".join(map(str, reversed(shape)))))
    header = fits.Header({"BITPIX": bitpix, "NAXIS": len(shape)})
    for number, size in enumerate(reversed(shape), 1):
        header[f"NAXIS{number}"] = int(size)
    return header


def add_card(header: fits.Header, keyword: str, value: object, comment: str = "") -> None:
    """Add a card, unless the header has it, or the value is None, empty, not finite, or nothing that a card can hold."""
    if value is None or value == "" or keyword in header or (isinstance(value, float) and not math.isfinite(value)):
        return
    if isinstance(value, str):
        value = " ".join(value.encode("ascii", "replace").decode().split())[:LONGEST_TEXT]
    with contextlib.suppress(Exception):  # one bad value must not make the frame unusable
        header[keyword] = (value, comment) if comment else value
        header.cards[keyword].image  # noqa: B018  (formats the card, which finds values that it cannot hold)


def time_card(header: fits.Header, time: datetime | None, comment: str) -> None:
    """Add DATE-OBS."""
    if time is not None:
        add_card(header, "DATE-OBS", time.isoformat(timespec="milliseconds"), comment)


def bitpix_of(dtype: np.dtype[np.generic]) -> int:
    """BITPIX of samples of a type; ValueError if no frame has such samples."""
    if dtype.kind not in "uif" or dtype.itemsize > 8 or (dtype.kind == "f" and dtype.itemsize < 4):
        raise ValueError(Message("its samples have the type {dtype}", dtype=dtype))
    return int((-8 if dtype.kind == "f" else 8) * dtype.itemsize)


def as_stored(pixels: NDArray[np.generic]) -> NDArray[np.generic]:
    """The pixels of a packed frame as they are written to FITS: 8 and 16 bits as they are, wider ones as float32, those of
    unsigned integers relative to their full scale."""
    if pixels.dtype.kind == "f" or (pixels.dtype.kind == "i" and pixels.dtype.itemsize > 2):
        return pixels.astype(np.float32)
    if pixels.dtype.kind == "u" and pixels.dtype.itemsize > 2:
        full: float = 2.0 ** (8 * pixels.dtype.itemsize) - 1
        return np.asarray(pixels.astype(np.float64) / full, np.float32)
    return pixels.astype(pixels.dtype.newbyteorder("="), copy=False)
