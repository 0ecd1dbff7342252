"""What all warps of a row of the canvas share: the kernel, the normalisation, and samples at the border of the frame."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.compiled import njit
from tilecore.resample.separable_lanczos import Span, Target

__all__ = ["FAST", "LANCZOS_MARGIN", "LEAST_WEIGHT", "FrameExtent", "Kernel", "Levels", "Places", "RowLevels", "normalize",
           "prepare_levels", "sample_anywhere"]

FloatArray = NDArray[np.float64]
FloatImage = NDArray[np.float32]

# Distance from the left and right border of the frame (px) from which all taps of Lanczos-4 are inside.
LANCZOS_MARGIN = 3.0
# Where the taps inside the frame carry less than this share of the kernel's weight, a pixel has no data.
LEAST_WEIGHT = 0.5
# Sums may be contracted and reordered: a pixel still depends on its own neighbourhood alone, not on the block. Such functions
# are inlined by force: else a process that has just compiled them runs another copy than one that loads its caller from the
# cache, and the two copies round differently.
FAST = {"contract", "reassoc", "nsz"}


class FrameExtent(NamedTuple):
    """``available`` rows from row ``first`` on of a frame of ``rows`` x ``columns``."""

    first: int
    available: int
    rows: int
    columns: int


class Kernel(NamedTuple):
    """Half-width of the kernel (px), weights of its taps (:func:`tap_table`), and pixels over which validity fades in."""

    half_width: int
    table: FloatImage
    feather: float


class Levels(NamedTuple):
    """A :class:`Normalization`, as the loops take it."""

    scale: FloatImage
    surface: FloatArray
    canvas_rows: int
    canvas_columns: int


class Places(NamedTuple):
    """Where row ``r`` of the block is in the frame: ``x`` and ``y`` (w,) of its columns, px."""

    r: int
    x: FloatArray
    y: FloatArray


class RowLevels(NamedTuple):
    """Normalisation of one row: ``scale`` (C,); the surface as polynomials ``along`` (C, m) in the column times ``per_column``;
    ``line`` (w,) to work in."""

    scale: FloatImage
    along: FloatArray
    per_column: float
    line: FloatArray


@njit(cache=True, nogil=True)
def prepare_levels(levels: Levels, cy: float, along: FloatArray) -> None:
    """The surface of each plane on row ``cy`` of the canvas: a polynomial (C, m) in the column."""
    planes, terms = along.shape
    for c in range(planes):
        for i in range(terms):
            value = 0.0
            for j in range(terms - 1, -1, -1):
                value = value * (cy / levels.canvas_rows) + levels.surface[c, j, i]
            along[c, i] = value


@njit(cache=True, nogil=True, fastmath=FAST, forceinline=True)
def normalize(r: int, span: Span, levels: RowLevels, target: Target) -> None:
    """Normalise the samples of row r in the columns of ``span``."""
    scale, along, per_column, line = levels
    out, _, at_frame = target
    x0, q0, q1 = span
    planes, terms = along.shape
    sky, count = line[q0:q1], q1 - q0
    for c in range(planes):
        row, factor, last = out[c, at_frame, r, q0:q1], scale[c], along[c, terms - 1]
        for k in range(count):
            sky[k] = last
        for i in range(terms - 2, -1, -1):
            term = along[c, i]
            for k in range(count):
                sky[k] = sky[k] * (float(x0 + q0 + k) * per_column) + term
        for k in range(count):
            row[k] = np.float32(row[k] * factor - sky[k])


@njit(cache=True, nogil=True)
def sample_anywhere(source: FloatImage, frame: FrameExtent, kernel: Kernel, places: Places, span: Span, levels: RowLevels,
           target: Target) -> None:
    """Samples of a row in the columns of ``span`` by any kernel, at borders too."""
    planes, have, width = source.shape
    a, table, feather = kernel
    scale, along, per_column, _ = levels
    out, valid, at_frame = target
    row_offset, _, rows, columns = frame
    x0, q0, q1 = span
    r, xs, ys = places
    terms = along.shape[1]
    phases = table.shape[0] - 1
    taps = 2 * a
    wx, wy = np.ones(max(taps, 1), np.float32), np.ones(max(taps, 1), np.float32)
    for q in range(q0, q1):
        x, y = xs[q], ys[q]
        edge = min(min(x, columns - 1 - x), min(y, rows - 1 - y))
        good = edge >= -1e-6
        left = top = 0
        if good:
            x, y = min(max(x, 0.0), columns - 1.0), min(max(y, 0.0), rows - 1.0)
            if a == 0:
                left, top = round(x), round(y) - row_offset
                good = 0 <= top < have
            else:
                ix, iy = int(np.floor(x)), int(np.floor(y))
                fx, fy = (x - ix) * phases, (y - iy) * phases
                px, py = min(int(fx), phases - 1), min(int(fy), phases - 1)
                tx, ty = np.float32(fx - px), np.float32(fy - py)
                for k in range(taps):
                    wx[k] = table[px, k] + tx * (table[px + 1, k] - table[px, k])
                    wy[k] = table[py, k] + ty * (table[py + 1, k] - table[py, k])
                left, top = ix - a + 1, iy - a + 1 - row_offset
        place = float(x0 + q) * per_column
        for c in range(planes):
            total = norm = np.float32(0)
            if good and a == 0:
                total, norm = source[c, top, left], np.float32(1)
            elif good:
                # At the border taps outside are left out and the others scaled to unit sum.
                for k in range(taps):
                    i = top + k
                    if i < 0 or i >= have or i + row_offset >= rows:
                        continue
                    for n in range(taps):
                        j = left + n
                        if 0 <= j < width:
                            weight = wy[k] * wx[n]
                            total += weight * source[c, i, j]
                            norm += weight
            good = norm >= np.float32(LEAST_WEIGHT)
            if good:
                background = along[c, terms - 1]
                for i in range(terms - 2, -1, -1):
                    background = background * place + along[c, i]
                out[c, at_frame, r, q] = np.float32(total / norm * scale[c] - background)
            else:
                out[c, at_frame, r, q] = np.float32(0)
        if not good:
            valid[r, q] = np.float32(0)
        else:
            valid[r, q] = np.float32(1) if feather <= 0 else np.float32(min((max(edge, 0.0) + 1) / (feather + 1), 1.0))
