"""How far the fields of registered frames are apart, and what they share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tilecore.register import align

__all__ = ["MIN_SHARED", "MOSAIC_SPREAD", "Found", "pointing_spread", "shares_enough"]

# The transform of each frame, or the reason why there is none.
Found = list[align.Alignment | str]
Shapes = Sequence[tuple[int, int]]

# Spread of the frame centres, as a fraction of the frame size along either axis, above which the frames form a mosaic.
MOSAIC_SPREAD = 1 / 3
# Fraction of the field that a frame must share with the frame it is matched to.
MIN_SHARED = 0.05
# Percentiles of the frame centres between which the spread is measured, so that a few strays do not count.
SPREAD_PERCENTILES = (5, 95)


def _centre(matrix: NDArray[np.float64], shape: tuple[int, int]) -> NDArray[np.float64]:
    """(x, y) of the centre of a frame of ``shape`` (rows, columns), mapped by ``matrix``."""
    centre: NDArray[np.float64] = align.apply(matrix, np.array([[(shape[1] - 1) / 2, (shape[0] - 1) / 2]]))[0]
    return centre


def pointing_spread(matrices: Sequence[NDArray[np.float64]], shapes: Shapes, shape: tuple[int, int]) -> tuple[float, float]:
    """Spread of the frame centres in x and y, as fractions of a frame of ``shape`` (rows, columns); a few strays are ignored."""
    centres = np.array([_centre(m, s) for m, s in zip(matrices, shapes, strict=True)])
    low, high = np.percentile(centres, SPREAD_PERCENTILES, axis=0)
    return float((high - low)[0] / shape[1]), float((high - low)[1] / shape[0])


def shares_enough(matrix: NDArray[np.float64], shape: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether a frame of ``shape``, mapped by ``matrix`` onto a frame of shape ``other``, covers at least MIN_SHARED of it."""
    (h, w), (rows, columns) = other, shape
    mapped = align.apply(matrix, np.array([[0, 0], [columns - 1, 0], [columns - 1, rows - 1], [0, rows - 1]], np.float64))
    shared = np.clip(np.minimum(mapped.max(axis=0), [w, h]) - np.maximum(mapped.min(axis=0), 0), 0, None)
    return bool(shared.prod() >= MIN_SHARED * w * h)
