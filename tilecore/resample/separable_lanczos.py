"""Lanczos-4 interpolation of frames that are barely rotated against the canvas, in two one-dimensional passes.

The first pass resamples each row of the frame at the places where the columns of the canvas cross it; the second resamples
the result along the columns of the canvas. That takes 16 taps a pixel instead of 64, and taps of neighbouring pixels are
side by side in memory. A frame that is rotated by half a turn is turned back first.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.compiled import njit
from tilecore.numerics.vectors import LANES, Vector, add, multiply, multiply_add, splat, store, subtract, vector

__all__ = ["MARGIN", "POLYNOMIALS", "Span", "Target", "TwoPasses", "WorkingSpace", "nearly_upright", "resample_columns",
           "resample_columns_at", "resample_row", "resample_row_at", "turn_back", "two_passes", "working_space"]

FloatArray = NDArray[np.float64]
FloatImage = NDArray[np.float32]
# Vectors of the 8 taps, of their weights or of their pixels.
Taps = tuple[Vector, Vector, Vector, Vector, Vector, Vector, Vector, Vector]

# Largest shear (px a px) for two passes: taps stay within 0.2 px of their exact places, and runs of pixels with the same
# taps are long enough to be faster than 64 taps.
MAX_SHEAR = 0.05
# Largest departure of the scale from 1 for two passes, for the same reason.
MAX_SCALE_CHANGE = 0.05
# Distance from the left and right border of the frame (px) from which all taps of both passes are inside.
MARGIN = 6.5
# Pixels whose weights are computed at a time: they stay in the first-level cache.
CHUNK = 256
# Degree, in the square of the distance from the middle between two pixels, of the polynomials that approximate the kernel.
DEGREE = 4
# Samples of half a pixel to which the polynomials are fitted.
FIT_SAMPLES = 401
# Weight in that fit of the ends, whole-pixel positions, so that whole-pixel shifts copy.
END_WEIGHT = 1e4

# Sums may be contracted, and the sign of zero ignored, but not reordered.
_FAST = {"contract", "nsz"}


class TwoPasses(NamedTuple):
    """Geometry of the first pass: column ``cx`` of the canvas crosses row i of the frame at
    ``x = along * cx + shear * i + start``."""

    along: float
    shear: float
    start: float


class Span(NamedTuple):
    """Columns ``first:stop`` of a block whose first column is column ``x0`` of the canvas."""

    x0: int
    first: int
    stop: int


class Target(NamedTuple):
    """Where a frame is written: ``pixels[:, frame]`` of a cube (C, N, h, w), and its validity ``valid`` (h, w), both float32."""

    pixels: FloatImage
    valid: FloatImage
    frame: int


class WorkingSpace(NamedTuple):
    """Memory and constants of both passes: the ``polynomials`` of the kernel (:data:`POLYNOMIALS`); the ``distance`` (CHUNK,) of
    a run of pixels from the middle between their taps 3 and 4; a ``line`` (LANES + 7,) for runs that fill no vector; the ``rows``
    (C, slots, w + LANES) of the frame after the first pass, row i in slot ``i % slots``."""

    polynomials: FloatImage
    distance: FloatImage
    line: FloatImage
    rows: FloatImage


def two_passes(matrix: FloatArray) -> TwoPasses | None:
    """Geometry for the 3x3 ``matrix`` canvas pixel -> frame pixel; None where two passes are not accurate enough."""
    if matrix[2, 0] != 0 or matrix[2, 1] != 0 or matrix[2, 2] != 1 or not nearly_upright(matrix[:2, :2]):
        return None
    shear = matrix[0, 1] / matrix[1, 1]
    along = matrix[0, 0] - shear * matrix[1, 0]
    return TwoPasses(float(along), float(shear), float(matrix[0, 2] - shear * matrix[1, 2]))


def nearly_upright(slopes: FloatArray) -> bool:
    """Whether two passes are accurate for 2x2 ``slopes`` of the place in the frame, [x or y, by canvas x or y]."""
    if not slopes[1, 1] > 0:
        return False
    shear = slopes[0, 1] / slopes[1, 1]
    along = slopes[0, 0] - shear * slopes[1, 0]
    return bool(max(abs(shear), abs(slopes[1, 0])) <= MAX_SHEAR
                and max(abs(along - 1), abs(slopes[1, 1] - 1)) <= MAX_SCALE_CHANGE)


def turn_back(matrix: FloatArray, shape: tuple[int, int]) -> FloatArray:
    """The 3x3 matrix to a frame of ``shape`` (rows, columns) after half a turn, if the frame is upside down; else ``matrix``."""
    if not (matrix[0, 0] < 0 and matrix[1, 1] < 0):
        return matrix
    return np.asarray([[-1, 0, shape[1] - 1], [0, -1, shape[0] - 1], [0, 0, 1]] @ matrix, np.float64)


def _polynomials() -> FloatImage:
    """(4, 2, DEGREE + 1) even and odd part of the taps 3, 2, 1, 0 as polynomials in u^2, u from -1/2 to 1/2.

    The taps on the other side mirror them. The weights have unit sum and are exact at whole pixels.
    """
    u = 0.5 * np.cos(np.linspace(0, np.pi, FIT_SAMPLES))  # both ends are included, and the samples are dense near them
    distance = np.abs(np.arange(-3, 5)[None, :] - (u[:, None] + 0.5))
    weights = np.where(distance < 4, np.sinc(distance) * np.sinc(distance / 4), 0)
    weights /= weights.sum(axis=1, keepdims=True)
    design = u[:, None] ** (2 * np.arange(DEGREE + 1)[None, :])
    importance = np.where(np.abs(u) > 0.4999, END_WEIGHT, 1.0)[:, None]
    result = np.zeros((4, 2, DEGREE + 1))
    for pair in range(4):
        left, right = weights[:, 3 - pair], weights[:, 4 + pair]
        even, odd = 0.5 * (left + right), 0.5 * (left - right)
        result[pair, 0] = np.linalg.lstsq(design * importance, even * importance[:, 0], rcond=None)[0]
        result[pair, 1] = np.linalg.lstsq(design * u[:, None] * importance, odd * importance[:, 0], rcond=None)[0]
    result[0, 0] = -result[1:, 0].sum(axis=0)
    result[0, 0, 0] += 0.5
    return result.astype(np.float32)


POLYNOMIALS = _polynomials()


@njit(cache=True, nogil=True, forceinline=True)
def _pair(u: Vector, square: Vector, polynomials: FloatImage, pair: int) -> tuple[Vector, Vector]:
    """Weights of the taps ``3 - pair`` and ``4 + pair`` at distances ``u`` from the middle between taps 3 and 4."""
    even, odd = splat(polynomials[pair, 0, DEGREE]), splat(polynomials[pair, 1, DEGREE])
    for k in range(DEGREE - 1, -1, -1):
        even = multiply_add(even, square, splat(polynomials[pair, 0, k]))
        odd = multiply_add(odd, square, splat(polynomials[pair, 1, k]))
    odd = multiply(odd, u)
    return add(even, odd), subtract(even, odd)


@njit(cache=True, nogil=True, forceinline=True)
def _weigh(u: Vector, polynomials: FloatImage) -> Taps:
    """Weights of the 8 taps at distances ``u`` from the middle between taps 3 and 4."""
    square = multiply(u, u)
    w3, w4 = _pair(u, square, polynomials, 0)
    w2, w5 = _pair(u, square, polynomials, 1)
    w1, w6 = _pair(u, square, polynomials, 2)
    w0, w7 = _pair(u, square, polynomials, 3)
    return w0, w1, w2, w3, w4, w5, w6, w7


@njit(cache=True, nogil=True, forceinline=True)
def _sum(w: Taps, v: Taps) -> Vector:
    """The sum of 8 taps, the small ones first."""
    total = multiply_add(w[7], v[7], multiply(w[0], v[0]))
    total = multiply_add(w[6], v[6], multiply_add(w[1], v[1], total))
    total = multiply_add(w[5], v[5], multiply_add(w[2], v[2], total))
    return multiply_add(w[4], v[4], multiply_add(w[3], v[3], total))


@njit(cache=True, nogil=True, fastmath=_FAST, forceinline=True)
def resample_columns(source: FloatImage, row: int, row_offset: int, geometry: TwoPasses, span: Span,
                     space: WorkingSpace) -> None:
    """First pass: a frame's row where the columns of the canvas in ``span`` cross it, into its slot of ``space.rows``.

    ``source`` (C, rows, columns) are rows of the frame from ``row_offset`` on; ``row`` counts in ``source``.
    """
    x0, q, stop = span
    along, start = geometry[0], geometry[1] * float(row + row_offset) + geometry[2]
    while q < stop:
        # A run of columns whose taps advance by one pixel each.
        first, count = int(along * float(x0 + q) + start), min(CHUNK, stop - q)
        while int(along * float(x0 + q + count - 1) + start) - first != count - 1:
            count = (count + 1) // 2
        for k in range(count):
            space.distance[k] = np.float32(along * float(x0 + q + k) + start - float(first + k) - 0.5)
        _cross(source, row, first, (q, count), space)
        q += count


@njit(cache=True, nogil=True, fastmath=_FAST, forceinline=True)
def resample_columns_at(source: FloatImage, row: int, x: FloatArray, span: Span, space: WorkingSpace) -> None:
    """:func:`resample_columns` where column q of the block crosses the row at ``x[q]``."""
    _, q, stop = span
    while q < stop:
        first, count = int(x[q]), 1
        while count < min(CHUNK, stop - q) and int(x[q + count]) == first + count:
            count += 1
        for k in range(count):
            space.distance[k] = np.float32(x[q + k] - float(first + k) - 0.5)
        _cross(source, row, first, (q, count), space)
        q += count


@njit(cache=True, nogil=True, forceinline=True)
def _cross(source: FloatImage, row: int, first: int, run: tuple[int, int], space: WorkingSpace) -> None:
    """Sum the taps of a ``run`` (first column, number) along a row of the frame; the first is between the pixels ``first`` and
    ``first + 1``."""
    polynomials, distance, line, crossed = space
    (q, count), slot, left = run, row % crossed.shape[1], first - 3
    if count < LANES:
        weights = _weigh(vector(distance, 0), polynomials)
        for c in range(len(source)):
            for i in range(count + 7):  # beyond these the frame may end
                line[i] = source[c, row, left + i]
            store(crossed, (c, slot, q), _sum(weights, _neighbours(line, 0)))
        return
    k = 0
    while k < count:
        k = min(k, count - LANES)  # the last vector begins earlier: some sums are computed twice
        weights = _weigh(vector(distance, k), polynomials)
        for c in range(len(source)):
            store(crossed, (c, slot, q + k), _sum(weights, _neighbours(source[c, row], left + k)))
        k += LANES


@njit(cache=True, nogil=True, forceinline=True)
def _neighbours(line: FloatImage, first: int) -> Taps:
    """The vectors from ``first`` on and from the seven places after it."""
    return (vector(line, first), vector(line, first + 1), vector(line, first + 2), vector(line, first + 3),
            vector(line, first + 4), vector(line, first + 5), vector(line, first + 6), vector(line, first + 7))


@njit(cache=True, nogil=True, fastmath=_FAST, forceinline=True)
def resample_row(span: Span, y: float, step: float, row_offset: int, r: int, target: Target,
                 space: WorkingSpace) -> None:
    """Second pass: row r of the block, column q of which is at ``y + step * (x0 + q)`` of the frame, into ``target``."""
    x0, q, stop = span
    while q < stop:
        # A run of columns that take the same rows.
        first, count = int(y + step * float(x0 + q)), min(CHUNK, stop - q)
        while int(y + step * float(x0 + q + count - 1)) != first:
            count = (count + 1) // 2
        for k in range(count):
            space.distance[k] = np.float32(y + step * float(x0 + q + k) - float(first) - 0.5)
        _stack(first - row_offset, (q, count), r, target, space)
        q += count


@njit(cache=True, nogil=True, fastmath=_FAST, forceinline=True)
def resample_row_at(span: Span, y: FloatArray, row_offset: int, r: int, target: Target, space: WorkingSpace) -> None:
    """:func:`resample_row` whose column q is at row ``y[q]`` of the frame."""
    _, q, stop = span
    while q < stop:
        first, count = int(y[q]), 1
        while count < min(CHUNK, stop - q) and int(y[q + count]) == first:
            count += 1
        for k in range(count):
            space.distance[k] = np.float32(y[q + k] - float(first) - 0.5)
        _stack(first - row_offset, (q, count), r, target, space)
        q += count


@njit(cache=True, nogil=True, forceinline=True)
def _stack(first: int, run: tuple[int, int], r: int, target: Target, space: WorkingSpace) -> None:
    """Sum the taps of a ``run`` (first column, number) over the rows after the first pass; its pixels are between the rows
    ``first`` and ``first + 1``."""
    polynomials, distance, line, crossed = space
    q, count = run
    n, frame, out = crossed.shape[1], target.frame, target.pixels
    s0, s1, s2, s3 = (first - 3) % n, (first - 2) % n, (first - 1) % n, first % n
    s4, s5, s6, s7 = (first + 1) % n, (first + 2) % n, (first + 3) % n, (first + 4) % n
    k = 0
    while k < count:
        if count >= LANES:
            k = min(k, count - LANES)
        weights, p = _weigh(vector(distance, k), polynomials), q + k
        for c in range(len(crossed)):
            taps = (vector(crossed, (c, s0, p)), vector(crossed, (c, s1, p)), vector(crossed, (c, s2, p)),
                    vector(crossed, (c, s3, p)), vector(crossed, (c, s4, p)), vector(crossed, (c, s5, p)),
                    vector(crossed, (c, s6, p)), vector(crossed, (c, s7, p)))
            total = _sum(weights, taps)
            if count >= LANES:
                store(out, (c, frame, r, p), total)
            else:
                store(line, 0, total)
                for i in range(count):
                    out[c, frame, r, p + i] = line[i]
        k += LANES


@njit(cache=True, nogil=True)
def working_space(polynomials: FloatImage, planes: int, slots: int, breadth: int) -> WorkingSpace:
    """For a block ``breadth`` pixels wide of ``planes`` channels; it holds ``slots`` rows of the frame."""
    return WorkingSpace(polynomials, np.zeros(CHUNK, np.float32), np.zeros(LANES + 7, np.float32),
                        np.zeros((planes, slots, breadth + LANES), np.float32))
