"""Thumbnails of frames, for browsing a session."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.statistics import mad_sigma

__all__ = ["thumbnail"]

# Side (px of the reduced image) of the cells whose brightest value is mixed in: stars and trails survive the reduction.
CELL = 4
# Lines of the frame that are read for one line of cells, at least.
LINES = 3
# Levels shown as black and as white, in sigma from the sky.
BLACK = -3.0
WHITE = 25.0


def thumbnail(data: NDArray[np.float32], width: int = 96) -> NDArray[np.uint8]:
    """A frame, (h, w) mono or mosaic or (3, h, w), as (rows, ``width``) grey values, stretched about its sky level."""
    plane = data[1] if data.ndim == 3 else data
    h, w = plane.shape
    width = min(width, max(w // 2, 1))
    rows = max(round(h * width / w), 1)
    # Some lines of a large frame are enough; an odd step takes lines of all colours.
    step = max(h // (rows * CELL * LINES), 1) // 2 * 2 + 1 if h > rows * CELL * LINES * 2 else 1
    fine = cv2.resize(np.ascontiguousarray(plane[::step]), (width * CELL, rows * CELL), interpolation=cv2.INTER_AREA)
    cells = fine.reshape(rows, CELL, width, CELL)
    small = 0.5 * (cells.mean(axis=(1, 3)) + cells.max(axis=(1, 3)))
    sky = float(np.median(small))
    spread = max(mad_sigma(small, sky), 1e-9)
    light = np.clip((small - sky - BLACK * spread) / ((WHITE - BLACK) * spread), 0, 1)
    return np.asarray(np.rint(255 * np.sqrt(light)), np.uint8)
