"""The mean light of a frame at each distance from a line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.compiled import njit

__all__ = ["profile_across"]

# Range (sigma of a pixel) of the light of a pixel: a star that is not masked, or a defect, does not make a line.
LOWEST = -8.0
HIGHEST = 40.0


@njit(cache=True, nogil=True)
def profile_across(image: NDArray[np.float32], free: NDArray[np.float32], level: np.float32, noise: float,
                   line: tuple[float, float, float, float], steps: tuple[int, int],
                   half: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean light above ``level`` of the free pixels at each distance -half..half (px) from a line, and their number.

    Parameters
    ----------
    image, free : (h, w); pixels with ``free`` 0 do not count.
    noise : of a pixel.
    line : x, y of a point of the line, and the step (about 1 px) along it in x and y.
    steps : the first step, and the one after the last.
    """
    h, w = image.shape
    values, count = np.zeros(2 * half + 1), np.zeros(2 * half + 1)
    x, y, step_x, step_y = line
    length = np.hypot(step_x, step_y)
    nx, ny = -step_y / length, step_x / length
    for t in range(steps[0], steps[1]):
        cx, cy = x + t * step_x, y + t * step_y
        for d in range(-half, half + 1):
            i, j = int(np.rint(cx + d * nx)), int(np.rint(cy + d * ny))
            if 0 <= i < w and 0 <= j < h and free[j, i] > 0:
                values[d + half] += min(max(image[j, i] - level, LOWEST * noise), HIGHEST * noise)
                count[d + half] += 1
    for d in range(2 * half + 1):
        if count[d] > 0:
            values[d] /= count[d]
    return values, count
