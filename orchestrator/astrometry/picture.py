"""The image to solve: its stars, and the copy that solvers get."""

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

# Noise of the private copy in ADU. Deep stacks have a noise far below 1 ADU, which 16 bits would lose.
COPY_NOISE = 8.0
# Sky of the private copy in ADU. A sky above its detection level makes ASTAP measure every pixel (minutes instead of a second).
COPY_SKY = 4 * COPY_NOISE
# Cell of the sky model in pixels.
SKY_CELL = 64
MAX_STARS = 1000
# Smoothing of a mosaic along each axis.
MOSAIC_KERNEL = (0.25, 0.5, 0.25)
# Shares of exact zeros between which they are taken as pixels without data.
LEAST_EMPTY = 0.001
MOST_EMPTY = 0.9


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
    """Read an image of any kind; ``folder`` is scratch for compressed ones.

    Colours are averaged. A mosaic is smoothed by (1 2 1)/4 along both axes, which gives each pixel the same mixture of the
    four CFA samples around it and moves no star.

    Raises
    ------
    InputError : the image cannot be read.
    """
    header = fits_io.read_header(path)
    plain = fits_io.decompress(path, folder) if fits_io.is_compressed(path) else path
    data = fits_io.image_layout(plain).read()
    if data.ndim == 3:
        data = data.mean(axis=0, dtype=np.float32)
    elif "BAYERPAT" in header:
        for axis in (0, 1):
            data = convolve1d(data, np.array(MOSAIC_KERNEL, np.float32), axis=axis, mode="mirror")
    image = np.ascontiguousarray(data, np.float32)
    return Picture(path, header, image, detect(image, DetectionSettings(max_stars=MAX_STARS), mask=_uncovered(image)))


def _uncovered(image: NDArray[np.float32]) -> NDArray[np.uint8] | None:
    """1 where a stack has no data (exact zeros); None if there are too few or too many zeros for that."""
    empty = image == 0
    return empty.astype(np.uint8) if LEAST_EMPTY < empty.mean() < MOST_EMPTY else None


def write_private_copy(picture: Picture, path: Path) -> None:
    """Write a 16-bit FITS of the image without its sky, for a solver that writes files beside it."""
    mask = _uncovered(picture.image)
    sky = sep.Background(picture.image, mask=mask, bw=SKY_CELL, bh=SKY_CELL)
    noise = float(sky.globalrms)
    scaled = (picture.image - sky.back()) * (COPY_NOISE / noise if noise > 0 else fits_io.FULL_SCALE) + COPY_SKY
    if mask is not None:
        scaled[mask > 0] = COPY_SKY
    header = fits.Header()
    # Siril divides by the binning, and reads a missing one as a huge number.
    header["XBINNING"], header["YBINNING"] = 1, 1
    fits_io.write(path, np.clip(np.rint(scaled), 0, fits_io.FULL_SCALE).astype(np.uint16), header)
