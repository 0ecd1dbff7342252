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

__all__ = ["MARGIN", "POLYNOMIALS", "Span", "Target", "TwoPasses", "WorkingSpace", "nearly_upright", "resample_columns",
           "resample_columns_at", "resample_row", "resample_row_at", "turn_back", "two_passes", "working_space"]

FloatArray = NDArray[np.float64]
FloatImage = NDArray[np.float32]

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
    """Memory and constants of both passes: the ``polynomials`` of the kernel (:data:`POLYNOMIALS`); the ``first`` taps and
    ``distance`` (CHUNK,) of a chunk of pixels and the ``weights`` (8, CHUNK) of their taps; the ``rows`` (C, slots, w) of the
    frame after the first pass, row i in slot ``i % slots``."""

    polynomials: FloatImage
    first: NDArray[np.int64]
    distance: FloatImage
    weights: FloatImage
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


@njit(cache=True, nogil=True, fastmath=_FAST, forceinline=True)
def _weigh(u: FloatImage, count: int, polynomials: FloatImage, weights: FloatImage) -> None:
    """Weights (8, CHUNK) at distances ``u`` (CHUNK,) from the middle between taps 3 and 4."""
    for pair in range(4):
        e, o = polynomials[pair, 0], polynomials[pair, 1]
        left, right = weights[3 - pair], weights[4 + pair]
        for q in range(count):
            s = u[q] * u[q]
            even = (((e[4] * s + e[3]) * s + e[2]) * s + e[1]) * s + e[0]
            odd = ((((o[4] * s + o[3]) * s + o[2]) * s + o[1]) * s + o[0]) * u[q]
            left[q] = even + odd
            right[q] = even - odd


@njit(cache=True, nogil=True, fastmath=_FAST, forceinline=True)
def resample_columns(source: FloatImage, row: int, row_offset: int, geometry: TwoPasses, span: Span,
                     space: WorkingSpace) -> None:
    """First pass: a frame's row where the columns of the canvas in ``span`` cross it, into its slot of ``space.rows``.

    ``source`` (C, rows, columns) are rows of the frame from ``row_offset`` on; ``row`` counts in ``source``.
    """
    polynomials, first, u, weights, _ = space
    x0, q0, q1 = span
    start = geometry[1] * float(row + row_offset) + geometry[2]
    for chunk in range(q0, q1, CHUNK):
        count = min(CHUNK, q1 - chunk)
        for k in range(count):
            x = geometry[0] * float(x0 + chunk + k) + start
            first[k] = int(x)
            u[k] = np.float32(x - float(first[k]) - 0.5)
        _weigh(u, count, polynomials, weights)
        _cross(source, row, chunk, count, space, True)


@njit(cache=True, nogil=True, fastmath=_FAST, forceinline=True)
def resample_columns_at(source: FloatImage, row: int, x: FloatArray, span: Span, space: WorkingSpace) -> None:
    """:func:`resample_columns` where column q of the block crosses the row at ``x[q]``."""
    polynomials, first, u, weights, _ = space
    _, q0, q1 = span
    for chunk in range(q0, q1, CHUNK):
        count = min(CHUNK, q1 - chunk)
        _split(x, chunk, count, first, u)
        _weigh(u, count, polynomials, weights)
        _cross(source, row, chunk, count, space, False)


@njit(cache=True, nogil=True, fastmath=_FAST, forceinline=True)
def _split(places: FloatArray, chunk: int, count: int, first: NDArray[np.int64], u: FloatImage) -> None:
    """The pixels before ``places``, and the distances of these from the middle between two pixels."""
    for k in range(count):
        first[k] = int(places[chunk + k])
        u[k] = np.float32(places[chunk + k] - float(first[k]) - 0.5)


@njit(cache=True, nogil=True, fastmath=_FAST, forceinline=True)
def _cross(source: FloatImage, row: int, chunk: int, count: int, space: WorkingSpace, straight: bool) -> None:
    """Sum the taps of a chunk of columns along a row of the frame; ``straight``: their places are equally spaced."""
    _, first, _, weights, crossed = space
    slot = row % crossed.shape[1]
    done = 0
    while done < count:
        # A run of columns whose taps advance by one pixel each.
        end = count
        if straight:
            while first[end - 1] - first[done] != end - 1 - done:
                end = done + (end - done + 1) // 2
        else:
            end = done + 1
            while end < count and first[end] - first[end - 1] == 1:
                end += 1
        for c in range(len(source)):
            line, out = source[c, row, first[done] - 3: first[end - 1] + 5], crossed[c, slot, chunk + done: chunk + end]
            for t in range(4):
                _add(out, weights[t, done:end], line[t:], weights[7 - t, done:end], line[7 - t:], t == 0)
        done = end


@njit(cache=True, nogil=True, fastmath=_FAST, forceinline=True)
def resample_row(span: Span, y: float, step: float, row_offset: int, r: int, target: Target,
                 space: WorkingSpace) -> None:
    """Second pass: row r of the block, column q of which is at ``y + step * (x0 + q)`` of the frame, into ``target``."""
    polynomials, first, u, weights, _ = space
    x0, q0, q1 = span
    for chunk in range(q0, q1, CHUNK):
        count = min(CHUNK, q1 - chunk)
        for k in range(count):
            at = y + step * float(x0 + chunk + k)
            first[k] = int(at)
            u[k] = np.float32(at - float(first[k]) - 0.5)
        _weigh(u, count, polynomials, weights)
        _stack(chunk, count, row_offset, r, target, space, True)


@njit(cache=True, nogil=True, fastmath=_FAST, forceinline=True)
def resample_row_at(span: Span, y: FloatArray, row_offset: int, r: int, target: Target, space: WorkingSpace) -> None:
    """:func:`resample_row` whose column q is at row ``y[q]`` of the frame."""
    polynomials, first, u, weights, _ = space
    _, q0, q1 = span
    for chunk in range(q0, q1, CHUNK):
        count = min(CHUNK, q1 - chunk)
        _split(y, chunk, count, first, u)
        _weigh(u, count, polynomials, weights)
        _stack(chunk, count, row_offset, r, target, space, False)


@njit(cache=True, nogil=True, fastmath=_FAST, forceinline=True)
def _stack(chunk: int, count: int, row_offset: int, r: int, target: Target, space: WorkingSpace, straight: bool) -> None:
    """Sum the taps of a chunk of columns over the rows after the first pass; ``straight`` as for :func:`_cross`."""
    _, first, _, weights, crossed = space
    out, at_frame = target.pixels, target.frame
    slots = crossed.shape[1]
    done = 0
    while done < count:
        # A run of columns that take the same rows.
        end = count
        if straight:
            while first[end - 1] != first[done]:
                end = done + (end - done + 1) // 2
        else:
            end = done + 1
            while end < count and first[end] == first[done]:
                end += 1
        top = first[done] - row_offset - 3
        for c in range(len(crossed)):
            line = out[c, at_frame, r, chunk + done: chunk + end]
            for t in range(4):
                one, other = crossed[c, (top + t) % slots, chunk + done:], crossed[c, (top + 7 - t) % slots, chunk + done:]
                _add(line, weights[t, done:end], one, weights[7 - t, done:end], other, t == 0)
        done = end


@njit(cache=True, nogil=True, fastmath=_FAST, inline="always")
def _add(total: FloatImage, w: FloatImage, values: FloatImage, v: FloatImage, others: FloatImage, fresh: bool) -> None:
    """Add two taps; with more arrays at a time the compiler does not vectorise the loop."""
    if fresh:
        for k in range(len(total)):
            total[k] = w[k] * values[k] + v[k] * others[k]
    else:
        for k in range(len(total)):
            total[k] += w[k] * values[k] + v[k] * others[k]


@njit(cache=True, nogil=True)
def working_space(polynomials: FloatImage, planes: int, slots: int, breadth: int) -> WorkingSpace:
    """For a block ``breadth`` pixels wide of ``planes`` channels; it holds ``slots`` rows of the frame."""
    return WorkingSpace(polynomials, np.empty(CHUNK, np.int64), np.empty(CHUNK, np.float32),
                        np.empty((8, CHUNK), np.float32), np.empty((planes, slots, breadth), np.float32))
