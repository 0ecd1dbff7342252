"""Lanczos-4 interpolation of frames that hardly turn against the canvas, in two passes along lines: first along the rows of
the frame, to where a column of the canvas crosses each of them, then along the columns of the canvas.

16 taps a pixel instead of 64, all of them side by side in memory. A frame turned by half a circle is turned back first.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["MARGIN", "POLYNOMIALS", "Straight", "cross_row", "go_along", "straighten", "turned_back",
           "working_space"]

FloatArray = NDArray[np.float64]
FloatImage = NDArray[np.float32]

# Shear and departure of the scale from 1 up to which two passes serve: taps stay within 0.2 px of where they should be, and
# runs of pixels are long enough to be faster.
MOST_SHEAR, MOST_SCALE = 0.05, 0.05
# Distance from the frame's left and right border, in px, at which all taps of both passes lie inside.
MARGIN = 6.5
# Weights are made for so many pixels at a time: they stay in the fastest cache.
CHUNK = 256
# Degrees, in the square of the distance from the middle between two pixels, of the polynomials that stand for the kernel.
DEGREE = 4

_FAST = {"contract", "nsz"}


class Straight(NamedTuple):
    """Where column ``cx`` of the canvas crosses row i of the frame: ``x = along * cx + shear * i + start``."""

    along: float
    shear: float
    start: float


def straighten(m: FloatArray) -> Straight | None:
    """For the 3x3 matrix canvas pixel -> frame pixel; None where two passes do not serve."""
    if m[2, 0] != 0 or m[2, 1] != 0 or m[2, 2] != 1 or not m[1, 1] > 0:
        return None
    shear = m[0, 1] / m[1, 1]
    along = m[0, 0] - shear * m[1, 0]
    if max(abs(shear), abs(m[1, 0])) > MOST_SHEAR or max(abs(along - 1), abs(m[1, 1] - 1)) > MOST_SCALE:
        return None
    return Straight(float(along), float(shear), float(m[0, 2] - shear * m[1, 2]))


def turned_back(m: FloatArray, shape: tuple[int, int]) -> FloatArray:
    """The matrix to a frame (rows, columns) turned by half a circle, where it is turned so; else the matrix itself."""
    if not (m[0, 0] < 0 and m[1, 1] < 0):
        return m
    return np.asarray([[-1, 0, shape[1] - 1], [0, -1, shape[0] - 1], [0, 0, 1]] @ m, np.float64)


def _polynomials() -> FloatImage:
    """(4, 2, DEGREE + 1) even and odd part of the taps 3, 2, 1, 0 as polynomials in u^2, u from -1/2 to 1/2; the taps on the
    other side mirror them. Normalised to unit sum, exact at whole pixels."""
    u = 0.5 * np.cos(np.linspace(0, np.pi, 401))  # both ends are in it, and near them the points are dense
    distance = np.abs(np.arange(-3, 5)[None, :] - (u[:, None] + 0.5))
    weights = np.where(distance < 4, np.sinc(distance) * np.sinc(distance / 4), 0)
    weights /= weights.sum(axis=1, keepdims=True)
    design = u[:, None] ** (2 * np.arange(DEGREE + 1)[None, :])
    importance = np.where(np.abs(u) > 0.4999, 1e4, 1.0)[:, None]
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
def cross_row(source: FloatImage, row: int, i: float, way: Straight, x0: int, q0: int, q1: int, polynomials: FloatImage,
              crossed: FloatImage, slot: int, space: tuple[NDArray[np.int64], FloatImage, FloatImage]) -> None:
    """First pass: ``row`` of ``source`` (C, rows, columns), row i of the frame, where columns x0 + q0 : x0 + q1 of the canvas
    cross it, into ``crossed[:, slot, q0:q1]``. ``space`` is :func:`working_space`."""
    first, u, weights = space
    start = way[1] * i + way[2]
    for chunk in range(q0, q1, CHUNK):
        count = min(CHUNK, q1 - chunk)
        for k in range(count):
            x = way[0] * float(x0 + chunk + k) + start
            first[k] = int(x)
            u[k] = np.float32(x - float(first[k]) - 0.5)
        _weigh(u, count, polynomials, weights)
        done = 0
        while done < count:
            # A run of columns whose taps move on by one pixel each.
            end = count
            while first[end - 1] - first[done] != end - 1 - done:
                end = done + (end - done + 1) // 2
            for c in range(len(source)):
                line, out = source[c, row, first[done] - 3: first[end - 1] + 5], crossed[c, slot, chunk + done: chunk + end]
                for t in range(4):
                    _add(out, weights[t, done:end], line[t:], weights[7 - t, done:end], line[7 - t:], t == 0)
            done = end


@njit(cache=True, nogil=True, fastmath=_FAST, forceinline=True)
def go_along(crossed: FloatImage, x0: int, q0: int, q1: int, y: float, step: float, row_offset: int, polynomials: FloatImage,
             at_frame: int, r: int, out: FloatImage, space: tuple[NDArray[np.int64], FloatImage, FloatImage]) -> None:
    """Second pass: row r of the canvas, which lies at ``y + step * (x0 + q)`` of the frame, into ``out[:, at_frame, r, q0:q1]``.

    Row i + row_offset of the frame is in slot ``i % slots`` of ``crossed``.
    """
    first, u, weights = space
    slots = crossed.shape[1]
    for chunk in range(q0, q1, CHUNK):
        count = min(CHUNK, q1 - chunk)
        for k in range(count):
            at = y + step * float(x0 + chunk + k)
            first[k] = int(at)
            u[k] = np.float32(at - float(first[k]) - 0.5)
        _weigh(u, count, polynomials, weights)
        done = 0
        while done < count:
            # A run of columns that take the same rows.
            end = count
            while first[end - 1] != first[done]:
                end = done + (end - done + 1) // 2
            top = first[done] - row_offset - 3
            for c in range(len(crossed)):
                line = out[c, at_frame, r, chunk + done: chunk + end]
                for t in range(4):
                    one, other = crossed[c, (top + t) % slots, chunk + done:], crossed[c, (top + 7 - t) % slots, chunk + done:]
                    _add(line, weights[t, done:end], one, weights[7 - t, done:end], other, t == 0)
            done = end


@njit(cache=True, nogil=True, fastmath=_FAST, inline="always")
def _add(total: FloatImage, w: FloatImage, values: FloatImage, v: FloatImage, others: FloatImage, fresh: bool) -> None:
    """Add two taps; few arrays at a time, or the compiler does not work on many values at once."""
    if fresh:
        for k in range(len(total)):
            total[k] = w[k] * values[k] + v[k] * others[k]
    else:
        for k in range(len(total)):
            total[k] += w[k] * values[k] + v[k] * others[k]


@njit(cache=True, nogil=True)
def working_space() -> tuple[NDArray[np.int64], FloatImage, FloatImage]:
    """First taps, distances and weights of a chunk of pixels."""
    return np.empty(CHUNK, np.int64), np.empty(CHUNK, np.float32), np.empty((8, CHUNK), np.float32)
