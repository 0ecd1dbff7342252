"""Warping of frames onto the canvas by interpolation, Lanczos-4 by default.

OpenCV rounds sample positions to 1/32 pixel, and its result depends on how an image is cut into blocks. Here positions are
exact, and each pixel depends on the transform and on its own neighbourhood alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.compiled import njit
from tilecore.resample.curved import Sampled, warp_curved
from tilecore.resample.pixel_map import PixelMap
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
    POLYNOMIALS,
    Span,
    Target,
    TwoPasses,
    resample_columns,
    resample_row,
    turn_back,
    two_passes,
    working_space,
)

__all__ = ["KERNELS", "PHASES", "FrameRows", "Normalization", "Sampling", "Slot", "Window", "inner_columns", "source_rows",
           "tap_table", "warp_block", "warp_planes"]

FloatArray = NDArray[np.float64]
FloatImage = NDArray[np.float32]

# Name -> half-width of the kernel in pixels.
KERNELS = {"nearest": 0, "bilinear": 1, "bicubic": 2, "lanczos3": 3, "lanczos4": 4}
# Sub-pixel phases at which a kernel is tabulated; weights between them are interpolated linearly.
PHASES = 2048


@dataclass(frozen=True)
class FrameRows:
    """Rows of a frame: ``planes`` (C, rows, columns) float32 from row ``first`` on, of a frame of ``shape`` (rows, columns)."""

    planes: FloatImage
    shape: tuple[int, int]
    first: int = 0


@dataclass(frozen=True)
class Window:
    """A block of the canvas: ``height`` rows from row ``y0`` on, ``width`` columns from column ``x0`` on."""

    y0: int
    x0: int
    height: int
    width: int


@dataclass(frozen=True)
class Sampling:
    """How a frame is sampled: the ``kernel``, one of :data:`KERNELS`, and over how many pixels from the border of the frame the
    validity fades in (``feather``, px of the frame)."""

    kernel: str = "lanczos4"
    feather: float = 0.0


@dataclass(frozen=True)
class Normalization:
    """``scale[c] * pixel - sum_ij surface[c, j, i] y^j x^i``: ``scale`` (C,) float32, ``surface`` (C, m, m) float64; x and y are
    positions on the canvas divided by ``canvas_shape`` (rows, columns)."""

    scale: FloatImage
    surface: FloatArray
    canvas_shape: tuple[int, int]

    @classmethod
    def none(cls, planes: int) -> Normalization:
        """Pixels stay as they are."""
        return cls(np.ones(planes, np.float32), np.zeros((planes, 1, 1)), (1, 1))


@dataclass(frozen=True)
class Slot:
    """Place of one frame in a group: ``cube[:, index]`` of (C, N, height, width) and ``valid[index]`` of (N, height, width), both
    float32."""

    cube: FloatImage
    valid: FloatImage
    index: int


def _table(kernel: str) -> FloatImage:
    """(PHASES + 1, 2a) weights of the taps for each sub-pixel phase, each row of unit sum."""
    a = KERNELS[kernel]
    phase = np.linspace(0, 1, PHASES + 1)[:, None]
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


def tap_table(kernel: str) -> FloatImage:
    """(phases + 1, taps) weights of the taps of a kernel for each sub-pixel phase, each row of unit sum."""
    return _TABLES[kernel]


def source_rows(matrix: FloatArray, y0: int, y1: int, x0: int, x1: int, shape: tuple[int, ...],
                margin: int) -> tuple[int, int] | None:
    """Rows (first, stop) of a frame that the canvas block y0:y1, x0:x1 needs; None when the block is outside the frame.

    ``matrix`` is 3x3, canvas pixel -> frame pixel; ``shape`` that of the frame (..., rows, columns); ``margin`` rows are added
    on both sides.
    """
    corners = np.array([[x0, y0, 1], [x1 - 1, y0, 1], [x0, y1 - 1, 1], [x1 - 1, y1 - 1, 1]], np.float64) @ matrix.T
    x, y = corners[:, 0] / corners[:, 2], corners[:, 1] / corners[:, 2]
    height, width = shape[-2:]
    if y.max() < 0 or y.min() > height - 1 or x.max() < 0 or x.min() > width - 1:
        return None
    return max(int(np.floor(y.min())) - margin, 0), min(int(np.ceil(y.max())) + margin + 1, height)


def warp_block(source: FrameRows, matrix: FloatArray | PixelMap, window: Window,
               sampling: Sampling | None = None) -> tuple[FloatImage, FloatImage]:
    """A block of the canvas, sampled from one plane of a frame.

    Parameters
    ----------
    source : (1, rows, columns) float32, rows of the frame.
    matrix : 3x3 float64, canvas pixel -> frame pixel; or the map for the block.
    window : the block on the canvas.
    sampling : Lanczos-4 without feathering by default.

    Returns
    -------
    pixels, valid : (height, width) float32; ``valid`` is in 0..1, 0 outside the frame. A constant frame gives that
        constant; whole-pixel shifts copy.
    """
    out = np.empty((1, 1, window.height, window.width), np.float32)
    valid = np.empty((1, window.height, window.width), np.float32)
    warp_planes(source, matrix, (window.y0, window.x0), Slot(out, valid, 0), sampling)
    return out[0, 0], valid[0]


def warp_planes(source: FrameRows, matrix: FloatArray | PixelMap, corner: tuple[int, int], slot: Slot,
                sampling: Sampling | None = None, normalization: Normalization | None = None) -> None:
    """:func:`warp_block` for C planes that share their geometry, with normalisation, into a cube of frames.

    ``corner`` (row, column) is the place on the canvas of the first pixel of the cube. Pixels without data become 0; the
    validity in the ``slot`` is overwritten too.
    """
    sampling = sampling or Sampling()
    planes, first = np.ascontiguousarray(source.planes, np.float32), source.first
    normalization = normalization or Normalization.none(len(planes))
    table = np.ones((1, 1), np.float32) if sampling.kernel == "nearest" else _TABLES[sampling.kernel]
    geometry, turned = None, False
    if isinstance(matrix, PixelMap):
        turned = matrix.orientation.turned
    else:
        matrix = np.ascontiguousarray(matrix, np.float64)
        if sampling.kernel == "lanczos4":
            upright = turn_back(matrix, source.shape)
            geometry = two_passes(upright)
            turned = geometry is not None and upright is not matrix
            matrix = upright if turned else matrix
    if turned:
        first = source.shape[0] - first - planes.shape[1]
        planes = np.ascontiguousarray(planes[:, ::-1, ::-1])
    extent = FrameExtent(first, planes.shape[1], source.shape[0], source.shape[1])
    kernel = Kernel(KERNELS[sampling.kernel], table, float(sampling.feather))
    levels = Levels(np.ascontiguousarray(normalization.scale, np.float32),
                    np.ascontiguousarray(normalization.surface, np.float64), *normalization.canvas_shape)
    target = Target(slot.cube, slot.valid[slot.index], slot.index)
    if isinstance(matrix, PixelMap):
        two = matrix.orientation.two_passes and sampling.kernel == "lanczos4"
        warp_curved(Sampled(planes, extent, kernel, two, POLYNOMIALS), matrix.nodes, corner, levels, target)
    else:
        _warp(planes, extent, matrix, corner[0], corner[1], kernel, levels, target, geometry is not None,
              geometry or TwoPasses(1.0, 0.0, 0.0), POLYNOMIALS)


class _Row(NamedTuple):
    """Where row ``r`` of the block is in the frame under an affine transform: column cx of the canvas at
    ``(x + cx * step_x, y + cx * step_y)``."""

    r: int
    x: float
    step_x: float
    y: float
    step_y: float


@njit(cache=True, nogil=True)
def _span(start: float, step: float, low: float, high: float) -> tuple[float, float]:
    """Range of column numbers with low <= start + column * step < high, a little narrower."""
    if abs(step) < 1e-12:
        return (-1e9, 1e9) if low + 1e-6 <= start < high - 1e-6 else (0.0, 0.0)
    one, other = (low - start) / step, (high - start) / step
    return np.ceil(min(one, other)) + 1, np.floor(max(one, other)) - 1


@njit(cache=True, nogil=True)
def inner_columns(m: FloatArray, cy: float, x0: int, breadth: int, border: float,
                  frame: FrameExtent) -> tuple[int, int, int, int]:
    """Columns of a row of the canvas whose taps are all inside the frame and at hand.

    Parameters
    ----------
    m : 3x3, canvas pixel -> frame pixel, affine.
    cy, x0, breadth : the row of the canvas, and its ``breadth`` columns from column ``x0`` on.
    border : distance from the left and right border of the frame (px) from which taps are inside.

    Returns
    -------
    q0, q1, first, last : columns q0:q1, counted from ``x0``, and the first and last row at hand in which their middles are;
        all 0 where the taps of any of these columns are not at hand.
    """
    x, y = m[0, 1] * cy + m[0, 2], m[1, 1] * cy + m[1, 2]
    in_x, in_y = _span(x, m[0, 0], border, frame.columns - 1.0 - border), _span(y, m[1, 0], 3.0, frame.rows - 4.0)
    q0 = int(min(max(max(in_x[0], in_y[0]) - x0, 0.0), float(breadth)))
    q1 = int(min(max(min(in_x[1], in_y[1]) - x0, 0.0), float(breadth)))
    one, other = int(y + (x0 + q0) * m[1, 0]) - frame.first, int(y + (x0 + q1 - 1) * m[1, 0]) - frame.first
    first, last = min(one, other), max(one, other)
    return (q0, q1, first, last) if q1 > q0 and first >= 3 and last + 4 < frame.available else (0, 0, 0, 0)


@njit(cache=True, nogil=True, fastmath=FAST, forceinline=True)
def _inner(source: FloatImage, frame: FrameExtent, kernel: Kernel, row: _Row, span: Span, target: Target) -> None:
    """Lanczos-4 samples of a row in the columns of ``span``, whose taps are all inside."""
    planes = len(source)
    table, out, at_frame = kernel.table, target.pixels, target.frame
    x0, q0, q1 = span
    r = row.r
    phases = table.shape[0] - 1
    wx, wy = np.empty(8, np.float32), np.empty(8, np.float32)
    for q in range(q0, q1):
        cx = float(x0 + q)
        x, y = row.x + cx * row.step_x, row.y + cx * row.step_y
        ix, iy = int(x), int(y)
        fx, fy = (x - ix) * phases, (y - iy) * phases
        px, py = min(int(fx), phases - 1), min(int(fy), phases - 1)
        left, top = ix - 3, iy - 3 - frame.first
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
def _fade_in(frame: FrameExtent, feather: float, row: _Row, span: Span, valid: FloatImage) -> None:
    """Write the validity of a row in the columns of ``span``."""
    x0, q0, q1 = span
    r = row.r
    if feather <= 0:
        valid[r, q0:q1] = np.float32(1)
    else:
        ramp = 1.0 / (feather + 1.0)
        for q in range(q0, q1):
            x, y = row.x + (x0 + q) * row.step_x, row.y + (x0 + q) * row.step_y
            edge = min(min(x, frame.columns - 1 - x), min(y, frame.rows - 1 - y))
            valid[r, q] = np.float32(min((edge + 1.0) * ramp, 1.0))


@njit(cache=True, nogil=True)
def _places(m: FloatArray, cy: float, span: Span, places: Places) -> None:
    """Places of a row of the canvas in the frame under any transform, in the columns of ``span``."""
    x0, q0, q1 = span
    for q in range(q0, q1):
        cx = float(x0 + q)
        d = m[2, 0] * cx + m[2, 1] * cy + m[2, 2]
        places.x[q] = (m[0, 0] * cx + m[0, 1] * cy + m[0, 2]) / d
        places.y[q] = (m[1, 0] * cx + m[1, 1] * cy + m[1, 2]) / d


@njit(cache=True, nogil=True)
def _warp(source: FloatImage, frame: FrameExtent, m: FloatArray, y0: int, x0: int, kernel: Kernel, levels: Levels,
          target: Target, in_two_passes: bool, geometry: TwoPasses, polynomials: FloatImage) -> None:
    """All rows of a block: the inside of the frame by the fast loops, borders and other kernels by :func:`sample_anywhere`."""
    planes = source.shape[0]
    row_offset, columns = frame.first, frame.columns
    height, breadth = target.valid.shape
    row_levels = RowLevels(levels.scale, np.empty((planes, levels.surface.shape[1])), 1.0 / levels.canvas_columns,
                            np.empty(breadth))
    affine = m[2, 0] == 0 and m[2, 1] == 0 and m[2, 2] == 1
    border = MARGIN if in_two_passes else LANCZOS_MARGIN
    # Rows of the frame after the first pass: as many as one row of the canvas takes.
    slots = 9 + int(abs(m[1, 0]) * breadth) if in_two_passes else 0
    space = working_space(polynomials, planes, slots, breadth)
    xs, ys = np.empty(breadth), np.empty(breadth)
    ready = -1
    for r in range(height):
        cy = float(y0 + r)
        prepare_levels(levels, cy, row_levels.along)
        places = Places(r, xs, ys)
        q0, q1, first, last = (inner_columns(m, cy, x0, breadth, border, frame) if affine and kernel.half_width == 4
                               else (0, 0, 0, 0))
        if q1 > q0:
            span = Span(x0, q0, q1)
            row = _Row(r, m[0, 1] * cy + m[0, 2], m[0, 0], m[1, 1] * cy + m[1, 2], m[1, 0])
            if in_two_passes:
                for i in range(max(ready + 1, first - 3), last + 5):
                    over = _span(geometry[1] * (i + row_offset) + geometry[2], geometry[0], LANCZOS_MARGIN, columns - 4.0)
                    reached = Span(x0, int(min(max(over[0] - x0, 0.0), float(breadth))),
                                   int(min(max(over[1] - x0, 0.0), float(breadth))))
                    resample_columns(source, i, row_offset, geometry, reached, space)
                ready = max(ready, last + 4)
                resample_row(span, row.y, row.step_y, row_offset, r, target, space)
            else:
                _inner(source, frame, kernel, row, span, target)
            normalize(r, span, row_levels, target)
            _fade_in(frame, kernel.feather, row, span, target.valid)
        for start, end in ((0, q0), (q1, breadth)):
            span = Span(x0, start, end)
            _places(m, cy, span, places)
            sample_anywhere(source, frame, kernel, places, span, row_levels, target)


