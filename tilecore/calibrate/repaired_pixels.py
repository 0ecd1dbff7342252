"""Values that took the place of bad pixels, where they are far from what the pixel would have seen.

On an even sky the median of its neighbours is as good as a pixel. On a star it is not: the peak comes out too faint by a
quarter. There the value is nearly left out, and the frames in which another pixel saw the star fill its place; where all
frames have a replaced value, as without dithering, these still make the mean.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.compiled import njit

__all__ = ["LEAST_TRUST", "doubt", "on_steep_light"]

FloatImage = NDArray[np.float32]
Places = NDArray[np.int64]

# Neighbours of an even sky differ by 2.8 sigma from the faintest to the brightest, and hardly ever by so many.
STEEP = 6.0
# So much counts what was made up.
LEAST_TRUST = 0.01


@njit(cache=True, nogil=True)
def on_steep_light(image: FloatImage, rows: Places, columns: Places, step: int, noise: float) -> NDArray[np.bool_]:
    """Which pixels (n,) of an image (h, w) have neighbours, ``step`` pixels off, that differ by more than their ``noise``."""
    h, w = image.shape
    out = np.zeros(rows.size, np.bool_)
    for k in range(rows.size):
        low, high = np.inf, -np.inf
        for dy in (-step, 0, step):
            for dx in (-step, 0, step):
                y, x = rows[k] + dy, columns[k] + dx
                if (dy or dx) and 0 <= y < h and 0 <= x < w:
                    low, high = min(low, image[y, x]), max(high, image[y, x])
        out[k] = high - low > STEEP * noise
    return out


def doubt(valid: FloatImage, x: NDArray[np.float64], y: NDArray[np.float64], reach: float) -> None:
    """Bring the validity (h, w) down to next to nothing within ``reach`` pixels of the places (n,), in place."""
    _doubt(valid, np.ascontiguousarray(x, np.float64), np.ascontiguousarray(y, np.float64), float(reach))


@njit(cache=True, nogil=True)
def _doubt(valid: FloatImage, x: NDArray[np.float64], y: NDArray[np.float64], reach: float) -> None:
    h, w = valid.shape
    least = np.float32(LEAST_TRUST)
    for k in range(x.size):
        for row in range(max(int(np.ceil(y[k] - reach)), 0), min(int(np.floor(y[k] + reach)) + 1, h)):
            for column in range(max(int(np.ceil(x[k] - reach)), 0), min(int(np.floor(x[k] + reach)) + 1, w)):
                if (row - y[k]) ** 2 + (column - x[k]) ** 2 <= reach * reach:
                    valid[row, column] = min(valid[row, column], least)
