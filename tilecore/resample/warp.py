"""Warping onto the canvas by Lanczos interpolation.

OpenCV rounds sample positions to 1/32 pixel and its result depends on how an image is cut into blocks; here positions
are exact and each pixel depends on the transform alone.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tilecore.resample.separable_lanczos import (
    MARGIN,
    POLYNOMIALS,
    Straight,
    cross_row,
    go_along,
    straighten,
    turned_back,
    working_space,
)

__all__ = ["KERNELS", "inner_columns", "source_rows", "tap_table", "warp_block", "warp_planes"]

# Name -> half-width of the kernel in pixels.
KERNELS = {"nearest": 0, "bilinear": 1, "bicubic": 2, "lanczos3": 3, "lanczos4": 4}
_PHASES = 2048


def _table(kernel: str) -> NDArray[np.float32]:
    """(phases + 1, 2a) weights of the taps for each sub-pixel phase, each row of unit sum."""
    a = KERNELS[kernel]
    phase = np.linspace(0, 1, _PHASES + 1)[:, None]
    distance = np.abs(np.arange(1 - a, a + 1)[None, :] - phase)
    if kernel == "bilinear":
        weights = np.clip(1 - distance, 0, None)
    elif kernel == "bicubic":  # Keys 1981, a = -0.5
        near = 1.5 * distance**3 - 2.5 * distance**2 + 1
        far = -0.5 * distance**3 + 2.5 * distance**2 - 4 * distance + 2
        weights = np.where(distance < 1, near, np.where(distance < 2, far, 0))
    else:
        weights = np.where(distance < a, np.sinc(distance) * np.sinc(distance / a), 0)
    return np.ascontiguousarray(weights / weights.sum(axis=1, keepdims=True), np.float32)


_TABLES = {name: _table(name) for name in KERNELS if name != "nearest"}


def tap_table(kernel: str) -> NDArray[np.float32]:
    """(phases + 1, taps) weights of a kernel's taps for each sub-pixel phase."""
    return _TABLES[kernel]


def source_rows(matrix: NDArray[np.float64], y0: int, y1: int, x0: int, x1: int, shape: tuple[int, ...],
                margin: int) -> tuple[int, int] | None:
    """Rows of the frame that the canvas block y0:y1, x0:x1 needs; None when it lies outside.

    ``matrix`` is 3x3, canvas pixel -> frame pixel; ``shape`` the frame's; ``margin`` rows are added on both sides.
    """
    corners = np.array([[x0, y0, 1], [x1 - 1, y0, 1], [x0, y1 - 1, 1], [x1 - 1, y1 - 1, 1]], np.float64) @ matrix.T
    x, y = corners[:, 0] / corners[:, 2], corners[:, 1] / corners[:, 2]
    height, width = shape[-2:]
    if y.max() < 0 or y.min() > height - 1 or x.max() < 0 or x.min() > width - 1:
        return None
    return max(int(np.floor(y.min())) - margin, 0), min(int(np.ceil(y.max())) + margin + 1, height)


def warp_block(source: NDArray[np.float32], matrix: NDArray[np.float64], y0: int, x0: int, height: int, width: int,
               frame_shape: tuple[int, int], *, row_offset: int = 0, kernel: str = "lanczos4",
               feather: float = 0.0) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """A block of the canvas, sampled from a frame.

    Parameters
    ----------
    source : (rows, columns) float32, the frame's rows from ``row_offset`` on.
    matrix : 3x3 float64, canvas pixel -> frame pixel.
    y0, x0, height, width : the block on the canvas.
    frame_shape : (rows, columns) of the whole frame.
    feather : validity fades in over so many pixels from the frame's border.

    Returns
    -------
    pixels, valid : (height, width) float32; ``valid`` is in 0..1, 0 outside the frame. A constant frame comes out as
    that constant; whole-pixel shifts copy.
    """
    out = np.empty((1, 1, height, width), np.float32)
    valid = np.empty((1, height, width), np.float32)
    warp_planes(source[None], matrix, y0, x0, frame_shape, out, valid, 0, row_offset=row_offset, kernel=kernel, feather=feather)
    return out[0, 0], valid[0]


def warp_planes(source: NDArray[np.float32], matrix: NDArray[np.float64], y0: int, x0: int,
                frame_shape: tuple[int, int], out: NDArray[np.float32], valid: NDArray[np.float32], index: int, *,
                row_offset: int = 0, kernel: str = "lanczos4", feather: float = 0.0,
                scale: NDArray[np.float32] | None = None, surface: NDArray[np.float64] | None = None,
                canvas_shape: tuple[int, int] = (1, 1)) -> None:
    """:func:`warp_block` for planes (C, rows, columns) that share their geometry, normalised on the way.

    Writes ``scale[c] * pixel - sum_ij surface[c, j, i] y^j x^i`` into ``out[:, index]`` of a cube (C, N, height, width),
    x and y being canvas positions divided by ``canvas_shape`` (rows, columns), and 0 where the frame has no data;
    ``valid[index]`` of (N, height, width) too is overwritten. ``surface`` is (C, m, m), ``scale`` (C,).
    """
    planes = len(source)
    source = np.ascontiguousarray(source, np.float32)
    table = np.ones((1, 1), np.float32) if kernel == "nearest" else _TABLES[kernel]
    factors = np.ones(planes, np.float32) if scale is None else np.ascontiguousarray(scale, np.float32)
    terms = np.zeros((planes, 1, 1)) if surface is None else np.ascontiguousarray(surface, np.float64)
    matrix = np.ascontiguousarray(matrix, np.float64)
    way = None
    if kernel == "lanczos4":
        turned = turned_back(matrix, frame_shape)
        way = straighten(turned)
        if way is not None and turned is not matrix:
            matrix, row_offset = turned, frame_shape[0] - row_offset - source.shape[1]
            source = np.ascontiguousarray(source[:, ::-1, ::-1])
    _warp(source, matrix, y0, x0, row_offset, frame_shape[0], frame_shape[1], float(feather), KERNELS[kernel], table, factors,
          terms, canvas_shape[0], canvas_shape[1], index, out, valid[index], way is not None, way or Straight(1.0, 0.0, 0.0),
          POLYNOMIALS)


# Sums may be contracted and reordered: a pixel still depends on its own neighbourhood alone, not on the block. Such functions
# are inlined by force: else a process that has just compiled them runs another copy than one that loads its caller from the
# cache, and the two copies round differently.
_FAST = {"contract", "reassoc", "nsz"}


@njit(cache=True, nogil=True)
def _span(start: float, step: float, low: float, high: float) -> tuple[float, float]:
    """Range of column numbers with low <= start + column * step < high, a little narrower."""
    if abs(step) < 1e-12:
        return (-1e9, 1e9) if low + 1e-6 <= start < high - 1e-6 else (0.0, 0.0)
    one, other = (low - start) / step, (high - start) / step
    return np.ceil(min(one, other)) + 1, np.floor(max(one, other)) - 1


@njit(cache=True, nogil=True)
def inner_columns(m: NDArray[np.float64], cy: float, x0: int, breadth: int, border: float, row_offset: int, have: int,
                  rows: int, columns: int) -> tuple[int, int, int, int]:
    """Columns q0:q1 of canvas row ``cy`` from ``x0`` on whose taps all lie inside the frame, ``border`` px off its left and
    right, and the first and last of the ``have`` rows at hand that their middles lie in; 0:0 where not all taps are at hand."""
    x, y = m[0, 1] * cy + m[0, 2], m[1, 1] * cy + m[1, 2]
    in_x, in_y = _span(x, m[0, 0], border, columns - 1.0 - border), _span(y, m[1, 0], 3.0, rows - 4.0)
    q0 = int(min(max(max(in_x[0], in_y[0]) - x0, 0.0), float(breadth)))
    q1 = int(min(max(min(in_x[1], in_y[1]) - x0, 0.0), float(breadth)))
    one, other = int(y + (x0 + q0) * m[1, 0]) - row_offset, int(y + (x0 + q1 - 1) * m[1, 0]) - row_offset
    first, last = min(one, other), max(one, other)
    return (q0, q1, first, last) if q1 > q0 and first >= 3 and last + 4 < have else (0, 0, 0, 0)


@njit(cache=True, nogil=True, fastmath=_FAST, forceinline=True)
def _inner(source: NDArray[np.float32], r: int, q0: int, q1: int, x0: int, at: tuple[float, float, float, float],
           row_offset: int, rows: int, columns: int, feather: float, table: NDArray[np.float32],
           scale: NDArray[np.float32], along: NDArray[np.float64], per_column: float, at_frame: int, out: NDArray[np.float32],
           valid: NDArray[np.float32], line: NDArray[np.float64]) -> None:
    """Lanczos-4 samples q0:q1 of row r, whose taps all lie inside; ``at`` is x, y in canvas column 0 and their steps."""
    planes = len(source)
    phases = table.shape[0] - 1
    wx, wy = np.empty(8, np.float32), np.empty(8, np.float32)
    for q in range(q0, q1):
        cx = float(x0 + q)
        x, y = at[0] + cx * at[1], at[2] + cx * at[3]
        ix, iy = int(x), int(y)
        fx, fy = (x - ix) * phases, (y - iy) * phases
        px, py = min(int(fx), phases - 1), min(int(fy), phases - 1)
        left, top = ix - 3, iy - 3 - row_offset
        if px < 0 or py < 0 or left < 0 or top < 0:  # never: it lets the compiler leave out Python's negative indices
            continue
        tx, ty = np.float32(fx - px), np.float32(fy - py)
        for k in range(8):
            wx[k] = table[px, k] + tx * (table[px + 1, k] - table[px, k])
            wy[k] = table[py, k] + ty * (table[py + 1, k] - table[py, k])
        for c in range(planes):
            # Eight columns side by side: one vector of the machine.
            s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = np.float32(0)
            for k in range(8):
                w, row = wy[k], top + k
                s0 += w * source[c, row, left]
                s1 += w * source[c, row, left + 1]
                s2 += w * source[c, row, left + 2]
                s3 += w * source[c, row, left + 3]
                s4 += w * source[c, row, left + 4]
                s5 += w * source[c, row, left + 5]
                s6 += w * source[c, row, left + 6]
                s7 += w * source[c, row, left + 7]
            out[c, at_frame, r, q] = (((s0 * wx[0] + s4 * wx[4]) + (s2 * wx[2] + s6 * wx[6]))
                            + ((s1 * wx[1] + s5 * wx[5]) + (s3 * wx[3] + s7 * wx[7])))
    _finish(r, q0, q1, x0, at, rows, columns, feather, scale, along, per_column, at_frame, out, valid, line)


@njit(cache=True, nogil=True, fastmath=_FAST, forceinline=True)
def _finish(r: int, q0: int, q1: int, x0: int, at: tuple[float, float, float, float], rows: int, columns: int, feather: float,
            scale: NDArray[np.float32], along: NDArray[np.float64], per_column: float, at_frame: int, out: NDArray[np.float32],
            valid: NDArray[np.float32], line: NDArray[np.float64]) -> None:
    """Normalise samples q0:q1 of row r, and fill in their validity."""
    planes, terms = along.shape
    for c in range(planes):
        line[q0:q1] = along[c, terms - 1]
        for i in range(terms - 2, -1, -1):
            for q in range(q0, q1):
                line[q] = line[q] * (float(x0 + q) * per_column) + along[c, i]
        for q in range(q0, q1):
            out[c, at_frame, r, q] = np.float32(out[c, at_frame, r, q] * scale[c] - line[q])
    if feather <= 0:
        valid[r, q0:q1] = np.float32(1)
    else:
        ramp = 1.0 / (feather + 1.0)
        for q in range(q0, q1):
            x, y = at[0] + (x0 + q) * at[1], at[2] + (x0 + q) * at[3]
            edge = min(min(x, columns - 1 - x), min(y, rows - 1 - y))
            valid[r, q] = np.float32(min((edge + 1.0) * ramp, 1.0))


@njit(cache=True, nogil=True)
def _warp(source: NDArray[np.float32], m: NDArray[np.float64], y0: int, x0: int, row_offset: int, rows: int,
          columns: int, feather: float, a: int, table: NDArray[np.float32], scale: NDArray[np.float32],
          surface: NDArray[np.float64], canvas_rows: int, canvas_columns: int, at_frame: int, out: NDArray[np.float32],
          valid: NDArray[np.float32], two_passes: bool, way: Straight, polynomials: NDArray[np.float32]) -> None:
    planes, have, _ = source.shape
    height, breadth = valid.shape
    terms = surface.shape[1]
    along, line = np.empty((planes, terms)), np.empty(breadth)
    affine = m[2, 0] == 0 and m[2, 1] == 0 and m[2, 2] == 1
    per_column = 1.0 / canvas_columns
    border = MARGIN if two_passes else 3.0
    # Rows of the frame after the first pass: as many as one row of the canvas takes, row i in slot i % slots.
    slots = 9 + int(abs(m[1, 0]) * breadth) if two_passes else 0
    crossed, space = np.empty((planes, slots, breadth), np.float32), working_space()
    ready = -1
    for r in range(height):
        cy = float(y0 + r)
        for c in range(planes):
            for i in range(terms):
                value = 0.0
                for j in range(terms - 1, -1, -1):
                    value = value * (cy / canvas_rows) + surface[c, j, i]
                along[c, i] = value
        q0, q1, first, last = (inner_columns(m, cy, x0, breadth, border, row_offset, have, rows, columns) if affine and a == 4
                               else (0, 0, 0, 0))
        x, y = m[0, 1] * cy + m[0, 2], m[1, 1] * cy + m[1, 2]
        if q1 > q0:
            if two_passes:
                for row in range(max(ready + 1, first - 3), last + 5):
                    over = _span(way[1] * (row + row_offset) + way[2], way[0], 3.0, columns - 4.0)
                    cross_row(source, row, float(row + row_offset), way, x0, int(min(max(over[0] - x0, 0.0), float(breadth))),
                              int(min(max(over[1] - x0, 0.0), float(breadth))), polynomials, crossed, row % slots, space)
                ready = max(ready, last + 4)
                go_along(crossed, x0, q0, q1, y, m[1, 0], row_offset, polynomials, at_frame, r, out, space)
                _finish(r, q0, q1, x0, (x, m[0, 0], y, m[1, 0]), rows, columns, feather, scale, along, per_column, at_frame, out,
                        valid, line)
            else:
                _inner(source, r, q0, q1, x0, (x, m[0, 0], y, m[1, 0]), row_offset, rows, columns, feather, table, scale,
                       along, per_column, at_frame, out, valid, line)
        for start, end in ((0, q0), (q1, breadth)):
            _outer(source, r, start, end, m, x0, cy, row_offset, rows, columns, feather, a, table, scale, along, per_column,
                   at_frame, out, valid)


@njit(cache=True, nogil=True)
def _outer(source: NDArray[np.float32], r: int, q0: int, q1: int, m: NDArray[np.float64], x0: int, cy: float,
           row_offset: int, rows: int, columns: int, feather: float, a: int, table: NDArray[np.float32],
           scale: NDArray[np.float32], along: NDArray[np.float64], per_column: float, at_frame: int, out: NDArray[np.float32],
           valid: NDArray[np.float32]) -> None:
    """Samples q0:q1 of row r by any kernel, under any transform, at borders too."""
    planes, have, width = source.shape
    terms = along.shape[1]
    phases = table.shape[0] - 1
    taps = 2 * a
    wx, wy = np.ones(max(taps, 1), np.float32), np.ones(max(taps, 1), np.float32)
    for q in range(q0, q1):
        cx = float(x0 + q)
        d = m[2, 0] * cx + m[2, 1] * cy + m[2, 2]
        x = (m[0, 0] * cx + m[0, 1] * cy + m[0, 2]) / d
        y = (m[1, 0] * cx + m[1, 1] * cy + m[1, 2]) / d
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
        place = cx * per_column
        for c in range(planes):
            total = norm = np.float32(0)
            if good and a == 0:
                total, norm = source[c, top, left], np.float32(1)
            elif good:
                # At the border taps outside are dropped and the rest is brought back to unit sum.
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
            good = norm >= np.float32(0.5)
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
