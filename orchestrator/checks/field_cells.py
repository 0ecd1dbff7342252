"""Cells of the field in which stars are grouped."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["cell_of"]

FloatArray = NDArray[np.float64]


def cell_of(x: FloatArray, y: FloatArray, shape: tuple[float, ...], cells: int) -> NDArray[np.int64]:
    """(n,) number of the cell of ``cells`` x ``cells`` over an image of ``shape`` (rows, columns), row after row; positions
    outside belong to the nearest cell at the border."""
    row, column = (np.clip(p * cells // size, 0, cells - 1).astype(np.int64) for p, size in zip((y, x), shape, strict=True))
    return row * cells + column
