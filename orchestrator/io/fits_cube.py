"""FITS cubes: every plane of the cube is a frame. A cube of three planes is a colour picture."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

from orchestrator.errors import InputError
from orchestrator.io import fits as fits_io
from orchestrator.io.image_layout import ImageLayout
from orchestrator.message import Message

__all__ = ["header_and_layout", "pixels", "plane_count"]

# Bytes at the start of a file in which the third axis of its image is searched: most files are not cubes.
SEARCHED = 1 << 14
# Planes of pictures: grey and colour.
PICTURES = (0, 1, 3)
_THIRD_AXIS = re.compile(rb"Z?NAXIS3 ? ?= +(\d+)")


def plane_count(path: Path) -> int | None:
    """The number of frames in a cube; None for a picture, and for files that cannot be read.

    Cubes packed with gzip are not searched: each frame would be unpacked with all frames before it.
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(SEARCHED)
    except OSError:  # reported when the file is read
        return None
    if b"NAXIS3" not in start or all(int(n) in PICTURES for n in _THIRD_AXIS.findall(start)):
        return None
    try:
        return _planes(fits_io.header_and_offset(path)[0])
    except InputError:
        return None


def _planes(header: fits.Header) -> int | None:
    axes = [header.get(f"NAXIS{n}") for n in range(1, int(header.get("NAXIS", 0)) + 1)]
    while len(axes) > 2 and axes[-1] == 1:
        axes.pop()
    return axes[2] if len(axes) == 3 and isinstance(axes[2], int) and axes[2] not in PICTURES else None


def header_and_layout(path: Path, index: int) -> tuple[fits.Header, ImageLayout | None]:
    """Header and layout of a plane; no layout if the cube is compressed."""
    header, offset = _plane(path, index)
    if offset < 0:
        return header, None
    return header, fits_io.layout_at(path, header, offset + index * fits_io.data_size(header), scratch=False)


def pixels(path: Path, index: int) -> NDArray[np.generic]:
    """The values of a plane."""
    header, offset = _plane(path, index)
    fits_io.check_memory(path, fits_io.UNPACKING_MEMORY * fits_io.data_size(header))
    try:
        with fits_io.quietly(), fits.open(path, ignore_missing_simple=False) as file:
            image = next(h for h in file if isinstance(h, fits.CompImageHDU if offset < 0 else fits.PrimaryHDU | fits.ImageHDU)
                         and len(h.shape) >= 3)
            return np.asarray(image.section[index]).reshape(fits_io.image_shape(path, header))
    except Exception as error:
        raise InputError(Message("{path} cannot be decompressed: {error}.", path=path,
                                 error=error), "Copy it again.") from error


def _plane(path: Path, index: int) -> tuple[fits.Header, int]:
    """The header of a plane, and the offset of the pixels of the cube."""
    header, offset = fits_io.header_and_offset(path)
    count = _planes(header)
    if count is None or not 0 <= index < count:
        raise InputError(Message("{path} has no plane {index}.", path=path, index=index + 1), "Copy it again.")
    plain = header.copy()
    for number in range(3, int(header["NAXIS"]) + 1):
        plain.remove(f"NAXIS{number}")
    plain["NAXIS"] = 2
    return plain, offset
