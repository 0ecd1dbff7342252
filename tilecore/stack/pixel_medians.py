"""Medians of the frames at each pixel, and which pixels can have outliers, for many neighbouring pixels at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.compiled import njit
from tilecore.numerics.median_network import STRIP, exchange
from tilecore.numerics.vectors import LANES, Vector, add, choose, divide, multiply, splat, store, subtract, vector, whole

__all__ = ["MANY", "ROUNDING", "Middle", "PixelStacks", "find_medians", "gather_values", "pixel_stacks", "sort_values"]

FloatCube = NDArray[np.float32]
FloatImage = NDArray[np.float32]

# With fewer values their centre is within their mean deviation from the median.
MANY = 16
# Share of a sigma, and of that deviation, for rounding errors.
ROUNDING = 1e-3
# Ratio of the largest noise of a frame to the least from which values are weighted by it. With equal weights frames behind clouds
# move the centre by more than the noise of the good ones, which are rejected then.
UNEVEN = 2.0


class PixelStacks(NamedTuple):
    """``cube`` and validity ``valid`` (N, h, w), and noise ``sigma`` (N,), float32; ``uneven``: the noise differs by UNEVEN.
    ``weight`` (N,) is that of each frame in the centre, 1 if they are even."""

    cube: FloatCube
    valid: FloatCube
    sigma: NDArray[np.float32]
    weight: NDArray[np.float64]
    uneven: bool


def pixel_stacks(cube: FloatCube, valid: FloatCube, sigma: NDArray[np.float32]) -> PixelStacks:
    """:class:`PixelStacks` of frames (N, h, w), their validity and noise (N,)."""
    sigma = np.ascontiguousarray(sigma, np.float32)
    known = sigma[np.isfinite(sigma) & (sigma > 0)].astype(np.float64)
    uneven = len(known) == len(sigma) and float(known.max()) > UNEVEN * float(known.min())
    weight = (known.min() / known) ** 2 if uneven else np.ones(len(sigma))
    return PixelStacks(np.ascontiguousarray(cube, np.float32), np.ascontiguousarray(valid, np.float32), sigma, weight, uneven)


@njit(cache=True, nogil=True)
def sort_values(values: NDArray[np.float64], order: NDArray[np.int64], n: int) -> None:
    """Sort the first n values, and ``order`` along with them (Shell's method: short to compile, quick for few values)."""
    gap = 1
    while gap < n // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(gap, n):
            value, which = values[i], order[i]
            j = i
            while j >= gap and values[j - gap] > value:
                values[j], order[j] = values[j - gap], order[j - gap]
                j -= gap
            values[j], order[j] = value, which
        gap //= 3


@njit(cache=True, nogil=True)
def gather_values(cube: FloatCube, valid: FloatCube, y: int, x: int, values: NDArray[np.float64],
                  which: NDArray[np.int64]) -> int:
    """Fill in the values with data at a pixel, and their frames; returns their number."""
    n = 0
    for i in range(cube.shape[0]):
        if valid[i, y, x] > 0 and np.isfinite(cube[i, y, x]):
            values[n] = cube[i, y, x]
            which[n] = i
            n += 1
    return n


@njit(cache=True, nogil=True)
def _weighted_median(values: NDArray[np.float64], which: NDArray[np.int64], n: int, sigma: NDArray[np.float32]) -> float:
    """Median of n sorted values of the frames ``which``, weighted by 1 / sigma, with which its error is the least."""
    total, below = 0.0, 0.0
    for i in range(n):
        total += 1 / np.float64(sigma[which[i]])
    for i in range(n):
        below += 1 / np.float64(sigma[which[i]])
        if below > 0.5 * total:
            return float(values[i])
        if below == 0.5 * total:
            return 0.5 * float(values[i] + values[i + 1])
    return float(values[n - 1])


class Middle(NamedTuple):
    """Of each pixel, (h, w) float32: the ``median``, the number of values with data (``covered``), and whether any value is far
    from their centre (``suspect``, 1.0)."""

    median: FloatImage
    covered: FloatImage
    suspect: FloatImage


@njit(cache=True, nogil=True)
def find_medians(first: int, stop: int, frames: PixelStacks, network: NDArray[np.int32], low: float, high: float,
                 found: Middle) -> None:
    """Median of each pixel, number of its values, and whether any is further than low, high sigma from their centre. That of
    many values may be off the median by what ``low`` and ``high`` are less for; that of few, or of frames of uneven noise, by
    their mean deviation.

    Neighbouring pixels go through the exchanges of the ``network``, that for an even number of values, together.
    """
    cube, valid, sigma, weight, uneven = frames
    n, _, w = cube.shape
    above, below = np.empty(n, np.float32), np.empty(n, np.float32)
    for f in range(n):
        above[f], below[f] = np.float32(high) * sigma[f], -np.float32(low) * sigma[f]
    work = np.empty((n + n % 2, STRIP), np.float32)
    if w >= STRIP:
        for y in range(first, stop):
            for x0 in range(0, w, STRIP):  # the last strip overlaps the one before
                _medians_of_strip(frames, (y, min(x0, w - STRIP)), (above, below), network, work, found)
        return
    values, good = np.zeros((n, 1, STRIP), np.float32), np.zeros((n, 1, STRIP), np.float32)
    wide = Middle(np.empty((1, STRIP), np.float32), np.empty((1, STRIP), np.float32), np.empty((1, STRIP), np.float32))
    for y in range(first, stop):
        values[:, 0, :w], good[:, 0, :w] = cube[:, y], valid[:, y]
        _medians_of_strip(PixelStacks(values, good, sigma, weight, uneven), (0, 0), (above, below), network, work, wide)
        found.median[y], found.covered[y], found.suspect[y] = wide.median[0, :w], wide.covered[0, :w], wide.suspect[0, :w]


@njit(cache=True, nogil=True)
def _medians_of_strip(frames: PixelStacks, corner: tuple[int, int], bounds: tuple[FloatImage, FloatImage],
                      network: NDArray[np.int32], work: FloatImage, found: Middle) -> None:
    """The STRIP pixels from the ``corner`` (row, column) on."""
    cube, valid, sigma, weight, uneven = frames
    n, (y, x0), (above, below) = len(cube), corner, bounds
    _sort_known(cube, valid, corner, network, work, found)
    if uneven:
        values, which = np.empty(n, np.float64), np.empty(n, np.int64)
        for x in range(x0, x0 + STRIP):
            count = gather_values(cube, valid, y, x, values, which)
            if count > 0:
                sort_values(values, which, count)
                found.median[y, x] = _weighted_median(values, which, count, sigma)
    zero, one, most = splat(np.float32(0)), splat(np.float32(1)), splat(np.float32(np.inf))
    for x in range(x0, x0 + STRIP, LANES):
        middle, off = vector(found.median, (y, x)), zero
        if n < MANY or uneven:
            total = zero
            for f in range(n):
                own, deviation = splat(np.float32(weight[f])), _magnitude(subtract(vector(cube, (f, y, x)), middle))
                counts = choose(zero, vector(valid, (f, y, x)), choose(deviation, most, own, zero), zero)
                off = choose(zero, counts, add(off, multiply(counts, deviation)), off)
                total = add(total, counts)
            off = divide(multiply(off, splat(np.float32(1 + ROUNDING))), choose(zero, total, total, one))
        worst = subtract(zero, most)
        for f in range(n):
            deviation = subtract(vector(cube, (f, y, x)), middle)
            high, low = subtract(deviation, splat(above[f])), subtract(splat(below[f]), deviation)
            beyond = choose(zero, vector(valid, (f, y, x)), choose(low, high, high, low), worst)
            worst = choose(worst, beyond, beyond, worst)
        store(found.suspect, (y, x), choose(subtract(zero, off), worst, one, zero))


@njit(cache=True, nogil=True)
def _sort_known(cube: FloatCube, valid: FloatCube, corner: tuple[int, int], network: NDArray[np.int32], work: FloatImage,
                found: Middle) -> None:
    """Median and number of the values of the STRIP pixels from the ``corner`` on, which go through the exchanges together.

    Missing values are replaced by +Inf and -Inf in turn, so that the median of the others stays in the middle: if their number is
    odd it is the lower one of the two middle values, of an even number.
    """
    n, last, (y, x0) = len(cube), len(work), corner
    zero, one, most, half = splat(np.float32(0)), splat(np.float32(1)), splat(np.float32(np.inf)), splat(np.float32(0.5))
    for x in range(0, STRIP, LANES):
        known, filling = zero, most
        for f in range(n):
            value = vector(cube, (f, y, x0 + x))
            data = choose(zero, vector(valid, (f, y, x0 + x)), choose(_magnitude(value), most, one, zero), zero)
            store(work, (f, x), choose(zero, data, value, filling))
            filling = choose(zero, data, filling, subtract(zero, filling))
            known = add(known, data)
        if n < last:
            store(work, (n, x), filling)
        store(found.covered, (y, x0 + x), known)
    exchange(work, network)
    for x in range(0, STRIP, LANES):
        known = vector(found.covered, (y, x0 + x))
        lower, upper = vector(work, (last // 2 - 1, x)), vector(work, (last // 2, x))
        pairs = multiply(subtract(splat(np.float32(last)), known), half)
        middle = choose(whole(pairs), pairs, lower, multiply(add(lower, upper), half))
        store(found.median, (y, x0 + x), choose(zero, known, middle, zero))


@njit(cache=True, nogil=True, forceinline=True)
def _magnitude(value: Vector) -> Vector:
    zero = splat(np.float32(0))
    return choose(value, zero, subtract(zero, value), value)
