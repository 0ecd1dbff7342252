"""Means over the area of a larger pixel, for frames that are put on coarser pixels.

Interpolation at the middle of a coarse pixel uses few of the fine pixels in it: most of the light does not count, the noise stays
that of single pixels, and what is finer than the coarse pixels appears as coarse patterns (aliasing).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["area_mean", "area_reach"]


def area_reach(width: float) -> int:
    """Pixels on both sides of one that its mean over ``width`` px uses."""
    return int(np.ceil((width - 1) / 2)) if width > 1 else 0


def area_mean(planes: NDArray[np.float32], width: float) -> NDArray[np.float32]:
    """The planes (C, h, w), each pixel replaced by the mean over a square of ``width`` px about it; pixels that are partly in it
    count by their share. Beyond the borders the last pixels are repeated."""
    reach = area_reach(width)
    if reach == 0:
        return planes
    share = np.clip(width / 2 + 0.5 - np.abs(np.arange(-reach, reach + 1)), 0, 1)
    kernel = share / share.sum()
    return np.stack([cv2.sepFilter2D(p, cv2.CV_32F, kernel, kernel, borderType=cv2.BORDER_REPLICATE) for p in planes])
