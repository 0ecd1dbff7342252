"""Small pictures of frames, for looking through a session."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.statistics import mad_sigma

__all__ = ["thumbnail"]

# Side of the cells whose brightest value is kept: stars and trails survive the shrinking.
CELL = 4
# Lines of the frame that are looked at for one line of cells, at least.
LINES = 3
# Where black and white lie, in deviations from the sky.
BLACK, WHITE = -3.0, 25.0


def thumbnail(data: NDArray[np.float32], width: int = 96) -> NDArray[np.uint8]:
    """A frame, (h, w) mono or mosaic or (3, h, w), as (rows, ``width``) grey values, stretched about its own sky."""
    plane = data[1] if data.ndim == 3 else data
    h, w = plane.shape
    width = min(width, max(w // 2, 1))
    rows = max(round(h * width / w), 1)
    # Some lines of a large frame tell enough; an odd step takes those of all colours.
    step = max(h // (rows * CELL * LINES), 1) // 2 * 2 + 1 if h > rows * CELL * LINES * 2 else 1
    fine = cv2.resize(np.ascontiguousarray(plane[::step]), (width * CELL, rows * CELL), interpolation=cv2.INTER_AREA)
    cells = fine.reshape(rows, CELL, width, CELL)
    small = 0.5 * (cells.mean(axis=(1, 3)) + cells.max(axis=(1, 3)))
    sky = float(np.median(small))
    spread = max(mad_sigma(small, sky), 1e-9)
    light = np.clip((small - sky - BLACK * spread) / ((WHITE - BLACK) * spread), 0, 1)
    return np.asarray(np.rint(255 * np.sqrt(light)), np.uint8)
