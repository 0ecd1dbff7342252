"""Replaced values of bad pixels, and where they are wrong.

On an even sky the median of its neighbours is as good as a pixel. On a star it is not: the peak becomes too faint by a
quarter. There the value gets next to no weight, and the frames in which another pixel recorded the star determine the mean;
where all frames have a replaced value, as without dithering, their mean is still used.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.compiled import njit

__all__ = ["REPAIRED_VALIDITY", "on_steep_gradient", "reduce_validity"]

FloatImage = NDArray[np.float32]
Places = NDArray[np.int64]

# Range of the eight neighbours (sigma) that an even sky almost never reaches; on average it is 2.8.
STEEP = 6.0
# Validity of a replaced value on a star.
REPAIRED_VALIDITY = 0.01


@njit(cache=True, nogil=True)
def on_steep_gradient(image: FloatImage, rows: Places, columns: Places, step: int, noise: float) -> NDArray[np.bool_]:
    """Which pixels (n,) of an image (h, w) have neighbours, ``step`` pixels off, that differ by much
    more than the ``noise`` of a pixel."""
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


def reduce_validity(valid: FloatImage, x: NDArray[np.float64], y: NDArray[np.float64], reach: float) -> None:
    """Lower the validity (h, w) to :data:`REPAIRED_VALIDITY` within ``reach`` pixels of the places x, y (n,), in place."""
    _reduce_validity(valid, np.ascontiguousarray(x, np.float64), np.ascontiguousarray(y, np.float64), float(reach))


@njit(cache=True, nogil=True)
def _reduce_validity(valid: FloatImage, x: NDArray[np.float64], y: NDArray[np.float64], reach: float) -> None:
    h, w = valid.shape
    least = np.float32(REPAIRED_VALIDITY)
    for k in range(x.size):
        for row in range(max(int(np.ceil(y[k] - reach)), 0), min(int(np.floor(y[k] + reach)) + 1, h)):
            for column in range(max(int(np.ceil(x[k] - reach)), 0), min(int(np.floor(x[k] + reach)) + 1, w)):
                if (row - y[k]) ** 2 + (column - x[k]) ** 2 <= reach * reach:
                    valid[row, column] = min(valid[row, column], least)
