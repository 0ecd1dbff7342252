"""Copies of a linear image for other programs: 16 or 32 bits, colours on the first or the last axis."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from astropy.io import fits

from orchestrator.errors import ConfigError
from orchestrator.io import fits as fits_io
from orchestrator.io.fits import FULL_SCALE
from orchestrator.io.wcs_header import WCS_CARDS
from orchestrator.message import Message

__all__ = ["Axes", "Exported", "Sample", "export_fits"]

Sample = Literal["float32", "uint16"]
Axes = Literal["first", "last"]

# Cards of the structure of a file, and of the scale of its samples; those of the copy are its own.
STRUCTURE = re.compile(r"SIMPLE|BITPIX|NAXIS\d?|EXTEND|BSCALE|BZERO|CHECKSUM|DATASUM|DATAMIN|DATAMAX|BUNIT")
# A WCS card with the number of an axis, or two.
AXIS = re.compile(r"(CTYPE|CRPIX|CRVAL|CUNIT|CDELT|CROTA)([12])")
MATRIX = re.compile(r"(CD|PC)([12])_([12])")
DISTORTION = re.compile(r"(A|B|AP|BP)_(ORDER|DMAX|\d_\d)")


@dataclass(frozen=True)
class Exported:
    """What was written: ``shape`` as in numpy; ``below`` and ``above``, shares of pixels with data that 16 bits clip."""

    path: Path
    shape: tuple[int, ...]
    below: float = 0.0
    above: float = 0.0
    lost_distortion: bool = False

    @property
    def warnings(self) -> list[str]:
        """What the copy lacks."""
        found: list[str] = [Message("{share:.2g} % of the pixels are {where} and are clipped in 16 bits.",
                                    share=100 * share, where=where)
                 for share, where in ((self.below, "below 0"), (self.above, "above 65535 ADU")) if share > 0]
        if self.lost_distortion:
            found.append("The SIP distortion of the WCS is left out: it cannot be written for axes 2 and 3.")
        return found


def export_fits(source: Path, target: Path, sample: Sample, axes: Axes) -> Exported:
    """Write a copy of an image, (h, w) or (3, h, w).

    ``uint16``: integers in ADU (BZERO 32768), rounded; ``float32``: 1.0 = 65535 ADU. With ``axes`` last a colour image is
    (h, w, 3), NAXIS1 being the colours, and its WCS is that of axes 2 and 3.

    Raises
    ------
    ConfigError : the target is the source. InputError : the source cannot be read. RunError : the copy cannot be written.
    """
    if target.resolve() == source.resolve():
        raise ConfigError(Message("{target} is the image itself.", target=target), "Give another file for the copy.")
    layout = fits_io.image_layout(source)
    data, header = layout.read(), fits_io.read_header(source)
    for key in [k for k in header if STRUCTURE.fullmatch(k)]:
        header.remove(key, remove_all=True)
    below = above = 0.0
    if sample == "uint16":
        adu = np.rint(data * FULL_SCALE)
        seen = max(np.count_nonzero(data), 1)
        below, above = float((adu < 0).sum() / seen), float((adu > FULL_SCALE).sum() / seen)
        data = np.clip(adu, 0, FULL_SCALE).astype(np.uint16)
        header["BUNIT"] = "adu"
    lost = False
    if axes == "last" and data.ndim == 3:
        data = np.ascontiguousarray(np.moveaxis(data, 0, -1))
        header, lost = _colours_first_in_file(header)
    fits_io.write(target, data, header)
    return Exported(target, data.shape, below, above, lost)


def _colours_first_in_file(header: fits.Header) -> tuple[fits.Header, bool]:
    """The header with the WCS of axes 1 and 2 on axes 2 and 3, and whether it loses a distortion."""
    found, lost = fits.Header(), False
    solved = "CTYPE1" in header
    for card in header.cards:
        key = card.keyword
        if (one := AXIS.fullmatch(key)) is not None:
            key = f"{one[1]}{int(one[2]) + 1}"
        elif (two := MATRIX.fullmatch(key)) is not None:
            key = f"{two[1]}{int(two[2]) + 1}_{int(two[3]) + 1}"
        elif DISTORTION.fullmatch(key):
            lost = True
            continue
        elif key == "WCSAXES" or (WCS_CARDS.fullmatch(key) and key.startswith("PV")):
            continue
        value = str(card.value).removesuffix("-SIP") if key in ("CTYPE2", "CTYPE3") else card.value
        found.append((key, value, card.comment), end=True)
    if solved:
        found["WCSAXES"] = 3
        found["CTYPE1"], found["CRPIX1"], found["CRVAL1"] = ("RGB", "red, green, blue"), 1.0, 1.0
        found["CD1_1" if "CD2_2" in found else "CDELT1"] = 1.0
    return found, lost
