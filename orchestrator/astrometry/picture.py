"""The picture to be solved: its stars, and the copy that solvers are given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sep
from astropy.io import fits
from numpy.typing import NDArray
from scipy.ndimage import convolve1d

from orchestrator.io import fits as fits_io
from tilecore.detect.stars import DetectionSettings, detect

__all__ = ["Picture", "load_picture", "write_private_copy"]

# The private copy: its noise and what is left of the sky, in ADU. Deep stacks have a noise far below 1 ADU, which 16 bits
# would lose; a sky above its detection level makes ASTAP measure every pixel (minutes for a second's work).
COPY_NOISE = 8.0
COPY_SKY = 4 * COPY_NOISE


@dataclass(frozen=True, eq=False)
class Picture:
    """``image`` (rows, columns), float32, in the file's row order; ``stars`` as of :func:`tilecore.detect.stars.detect`."""

    path: Path
    header: fits.Header
    image: NDArray[np.float32]
    stars: NDArray[np.void]

    @property
    def shape(self) -> tuple[int, int]:
        rows, columns = self.image.shape
        return rows, columns


def load_picture(path: Path, folder: Path) -> Picture:
    """Read an image of any kind; ``folder`` takes a plain copy of a compressed one.

    Colours are averaged. A mosaic is smoothed by (1 2 1)/4 in both directions, which gives each pixel the same mixture of
    the four colours around it and moves no star.

    Raises
    ------
    InputError : it is no image that can be read.
    """
    header = fits_io.read_header(path)
    plain = fits_io.decompress(path, folder) if fits_io.is_compressed(path) else path
    data = fits_io.image_layout(plain).read()
    if data.ndim == 3:
        data = data.mean(axis=0, dtype=np.float32)
    elif "BAYERPAT" in header:
        for axis in (0, 1):
            data = convolve1d(data, np.array([0.25, 0.5, 0.25], np.float32), axis=axis, mode="mirror")
    image = np.ascontiguousarray(data, np.float32)
    return Picture(path, header, image, detect(image, DetectionSettings(max_stars=1000), mask=_uncovered(image)))


def _uncovered(image: NDArray[np.float32]) -> NDArray[np.uint8] | None:
    """1 where a stack has no data: exact zeros, when there are many."""
    empty = image == 0
    return empty.astype(np.uint8) if 0.001 < empty.mean() < 0.9 else None


def write_private_copy(picture: Picture, path: Path) -> None:
    """A 16-bit FITS of the picture without its sky, for solvers to read and to write beside."""
    mask = _uncovered(picture.image)
    sky = sep.Background(picture.image, mask=mask, bw=64, bh=64)
    noise = float(sky.globalrms)
    scaled = (picture.image - sky.back()) * (COPY_NOISE / noise if noise > 0 else fits_io.FULL_SCALE) + COPY_SKY
    if mask is not None:
        scaled[mask > 0] = COPY_SKY
    header = fits.Header()
    # Siril divides by the binning and takes a missing one for a huge number.
    header["XBINNING"], header["YBINNING"] = 1, 1
    fits_io.write(path, np.clip(np.rint(scaled), 0, fits_io.FULL_SCALE).astype(np.uint16), header)
