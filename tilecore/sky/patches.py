"""Levels of the sky in squares of a frame that other frames see too (METHODS 1)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.clipped_median import clipped_median_with, histogram_space
from tilecore.numerics.compiled import njit

__all__ = ["patch_levels"]


@njit(cache=True, nogil=True)
def patch_levels(plane: NDArray[np.float32], x: NDArray[np.float64], y: NDArray[np.float64], side: int) -> NDArray[np.float64]:
    """(n,) clipped medians of squares of ``side`` px about positions ``x``, ``y`` (n,) of a plane (h, w); NaN for squares that
    reach beyond it."""
    height, width = plane.shape
    levels = np.full(x.size, np.nan)
    values, below = np.empty(side * side, np.float32), histogram_space()
    for k in range(x.size):
        if not (abs(x[k]) < 1e9 and abs(y[k]) < 1e9):
            continue
        left, top = int(np.floor(x[k] - 0.5 * side + 1)), int(np.floor(y[k] - 0.5 * side + 1))
        if left < 0 or top < 0 or left + side > width or top + side > height:
            continue
        for j in range(side):
            for i in range(side):
                values[j * side + i] = plane[top + j, left + i]
        levels[k] = clipped_median_with(values, below)
    return levels
