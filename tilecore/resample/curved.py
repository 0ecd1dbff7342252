"""Warping of a block by a :class:`tilecore.resample.pixel_map.PixelMap`, with the kernels of :mod:`tilecore.resample.warp`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.compiled import njit
from tilecore.resample.pixel_map import NodeGrid, along_row, crossings, on_row
from tilecore.resample.rows import (
    FAST,
    LANCZOS_MARGIN,
    FrameExtent,
    Kernel,
    Levels,
    Places,
    RowLevels,
    normalize,
    prepare_levels,
    sample_anywhere,
)
from tilecore.resample.separable_lanczos import (
    MARGIN,
    Span,
    Target,
    WorkingSpace,
    resample_columns_at,
    resample_row_at,
    working_space,
)

__all__ = ["Sampled", "is_inner", "warp_curved"]

FloatArray = NDArray[np.float64]
FloatImage = NDArray[np.float32]


@njit(cache=True, nogil=True, inline="always")
def is_inner(x: float, y: float, border: float, frame: FrameExtent) -> bool:
    """Whether all taps of Lanczos-4 at a place are inside the frame, ``border`` px from its left and right, and at hand."""
    return (border <= x < frame.columns - 1.0 - border and 3.0 <= y < frame.rows - 4.0
            and y >= frame.first + 3.0 and y < frame.first + frame.available - 4.0)


@njit(cache=True, nogil=True, fastmath=FAST, forceinline=True)
def _inner(source: FloatImage, first: int, table: FloatImage, places: Places, span: Span, target: Target) -> None:
    """Lanczos-4 samples of a row in the columns of ``span``, whose taps are all inside: the sums of the affine warp, which would
    round differently if the places were handed to it."""
    planes = len(source)
    out, at_frame = target.pixels, target.frame
    _, q0, q1 = span
    r, xs, ys = places
    phases = table.shape[0] - 1
    wx, wy = np.empty(8, np.float32), np.empty(8, np.float32)
    for q in range(q0, q1):
        x, y = xs[q], ys[q]
        ix, iy = int(x), int(y)
        fx, fy = (x - ix) * phases, (y - iy) * phases
        px, py = min(int(fx), phases - 1), min(int(fy), phases - 1)
        left, top = ix - 3, iy - 3 - first
        if px < 0 or py < 0 or left < 0 or top < 0:  # never: it lets the compiler leave out Python's negative indices
            continue
        tx, ty = np.float32(fx - px), np.float32(fy - py)
        for k in range(8):
            wx[k] = table[px, k] + tx * (table[px + 1, k] - table[px, k])
            wy[k] = table[py, k] + ty * (table[py + 1, k] - table[py, k])
        for c in range(planes):
            s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = np.float32(0)
            for k in range(8):
                w, line = wy[k], top + k
                s0 += w * source[c, line, left]
                s1 += w * source[c, line, left + 1]
                s2 += w * source[c, line, left + 2]
                s3 += w * source[c, line, left + 3]
                s4 += w * source[c, line, left + 4]
                s5 += w * source[c, line, left + 5]
                s6 += w * source[c, line, left + 6]
                s7 += w * source[c, line, left + 7]
            out[c, at_frame, r, q] = (((s0 * wx[0] + s4 * wx[4]) + (s2 * wx[2] + s6 * wx[6]))
                                      + ((s1 * wx[1] + s5 * wx[5]) + (s3 * wx[3] + s7 * wx[7])))


@njit(cache=True, nogil=True, fastmath=FAST, forceinline=True)
def _fade_in(frame: FrameExtent, feather: float, places: Places, span: Span, valid: FloatImage) -> None:
    """Write the validity of a row in the columns of ``span``, whose places are inside the frame."""
    _, q0, q1 = span
    r, xs, ys = places
    if feather <= 0:
        valid[r, q0:q1] = np.float32(1)
    else:
        ramp = 1.0 / (feather + 1.0)
        for q in range(q0, q1):
            edge = min(min(xs[q], frame.columns - 1 - xs[q]), min(ys[q], frame.rows - 1 - ys[q]))
            valid[r, q] = np.float32(min((edge + 1.0) * ramp, 1.0))


@njit(cache=True, nogil=True)
def _rows_at_once(nodes: NodeGrid, y0: int, height: int, frame: FrameExtent) -> int:
    """Rows of the frame that a row of the canvas takes, at most."""
    x, y = np.empty(nodes.x.shape[1]), np.empty(nodes.x.shape[1])
    most = 0.0
    for r in range(height):
        on_row(nodes.x, nodes.row, float(y0 + r), x)
        on_row(nodes.y, nodes.row, float(y0 + r), y)
        low, high = np.inf, -np.inf
        for i in range(len(x)):
            # With the nodes on either side of a place inside.
            if -128.0 < x[i] < frame.columns + 128.0:
                low, high = min(low, y[i]), max(high, y[i])
        most = max(most, min(high - low, float(frame.available)))
    return int(most) + 12


@njit(cache=True, nogil=True)
def _first_pass(source: FloatImage, row: int, frame: FrameExtent, nodes: NodeGrid, cells: NDArray[np.int64], room: FloatArray,
                x: FloatArray, x0: int, space: WorkingSpace) -> None:
    """Resample row ``row`` of ``source`` where the columns of the canvas cross it."""
    crossings(nodes, float(row + frame.first), cells, room)
    along_row(room, nodes.column, x0, x)
    q0, q1 = len(x), 0
    low, high = LANCZOS_MARGIN, frame.columns - 4.0
    for q in range(len(x)):
        if low <= x[q] < high:
            q0, q1 = min(q0, q), q + 1
        else:
            x[q] = low  # not used by any pixel
    if q1 > q0:
        resample_columns_at(source, row, x, Span(x0, q0, q1), space)


class Sampled(NamedTuple):
    """Rows of a frame (C, rows, columns), which they are, and the kernel by which they are sampled; ``in_two_passes`` with the
    ``polynomials`` of :data:`tilecore.resample.separable_lanczos.POLYNOMIALS`."""

    pixels: FloatImage
    frame: FrameExtent
    kernel: Kernel
    in_two_passes: bool
    polynomials: FloatImage


@njit(cache=True, nogil=True)
def warp_curved(sampled: Sampled, nodes: NodeGrid, corner: tuple[int, int], levels: Levels, target: Target) -> None:
    """All rows of a block whose first pixel is at the ``corner`` (row, column) of the canvas: the inside of the frame by the fast
    loops, borders and other kernels one by one."""
    source, frame, kernel, in_two_passes, polynomials = sampled
    y0, x0 = corner
    planes = source.shape[0]
    height, breadth = target.valid.shape
    row_levels = RowLevels(levels.scale, np.empty((planes, levels.surface.shape[1])), 1.0 / levels.canvas_columns,
                           np.empty(breadth))
    border = MARGIN if in_two_passes else LANCZOS_MARGIN
    lanczos = kernel.half_width == 4
    space = working_space(polynomials, planes, _rows_at_once(nodes, y0, height, frame) if in_two_passes else 0, breadth)
    xs, ys, crossed = np.empty(breadth), np.empty(breadth), np.empty(breadth)
    inner = np.empty(breadth, np.bool_)
    room = np.empty(nodes.x.shape[1])
    cells = np.ones(nodes.x.shape[1], np.int64)
    ready = -1
    for r in range(height):
        cy = float(y0 + r)
        prepare_levels(levels, cy, row_levels.along)
        on_row(nodes.x, nodes.row, cy, room)
        along_row(room, nodes.column, x0, xs)
        on_row(nodes.y, nodes.row, cy, room)
        along_row(room, nodes.column, x0, ys)
        places = Places(r, xs, ys)
        first, last = np.inf, -np.inf
        for q in range(breadth):
            inner[q] = lanczos and is_inner(xs[q], ys[q], border, frame)
            if inner[q]:
                first, last = min(first, ys[q]), max(last, ys[q])
        if in_two_passes and first <= last:
            stop = int(last) - frame.first + 5
            for i in range(max(ready + 1, int(first) - frame.first - 3), stop):
                _first_pass(source, i, frame, nodes, cells, room, crossed, x0, space)
            ready = max(ready, stop - 1)
        q = 0
        while q < breadth:
            end = q + 1
            while end < breadth and inner[end] == inner[q]:
                end += 1
            span = Span(x0, q, end)
            if not inner[q]:
                sample_anywhere(source, frame, kernel, places, span, row_levels, target)
            else:
                if in_two_passes:
                    resample_row_at(span, ys, frame.first, r, target, space)
                else:
                    _inner(source, frame.first, kernel.table, places, span, target)
                normalize(r, span, row_levels, target)
                _fade_in(frame, kernel.feather, places, span, target.valid)
            q = end
