"""The weighted mean with tile weights (METHODS 7), over any number of frames in groups that fit the memory."""

from __future__ import annotations

from dataclasses import dataclass, fields
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.compiled import by_rows, njit
from tilecore.resample.array_backend import FrameGroup, WindowArrays, add_to_mean, to_numpy
from tilecore.stack.grid import AxisWindows

__all__ = ["Combined", "TileMean", "combine"]

FloatCube = NDArray[np.float32]
FloatImage = NDArray[np.float32]

# A smaller sum of weights counts as none: its square would underflow in float64, itself in float32.
LEAST_WEIGHT = 1e-30
INFINITE = np.float32(np.inf)
# Pixels of a row whose sums are made at a time: they stay in the first-level cache.
PIECE = 256
# Rows of the block whose averages are made at a time, for the same reason.
ROWS_AT_ONCE = 8
# Least share of a half in the sum of the weights; with less, the difference of the halves is that of single frames.
LEAST_HALF = 0.02


@dataclass(frozen=True)
class Combined:
    """Per pixel (h, w) float32: mean, its variance, sum of weights, frames with data, frames rejected, plain mean, noise.

    All are 0 where no frame has data. The sum of weights is 0 also where the plain mean had to be taken. ``uniform`` is
    the plain mean of the same surviving values. ``noise`` is the difference of the weighted means of two halves of the frames,
    scaled so that its noise is that of ``mean``; it is NaN where one half has no weight.
    """

    mean: FloatImage
    variance: FloatImage
    weight: FloatImage
    count: FloatImage
    rejected: FloatImage
    uniform: FloatImage
    noise: FloatImage


class TileMean:
    """R = sum w m X / sum w m of normalised frames that come in groups; the memory is that of the result.

    ``windows`` are those of the rows and columns of the block (:mod:`tilecore.stack.grid`). The arrays are in the memory of the
    array module ``xp``, which also does the work (:mod:`tilecore.resample.array_backend`).
    Sums are in float64, frame after frame: the result depends neither on the number of threads nor on the block.
    """

    def __init__(self, windows: AxisWindows, xp: ModuleType = np) -> None:
        self._xp = xp
        self._windows = WindowArrays(
            np.ascontiguousarray(windows.index_y, np.int32), np.ascontiguousarray(windows.weight_y, np.float32),
            np.ascontiguousarray(windows.index_x, np.int32), np.ascontiguousarray(windows.weight_x.T, np.float64))
        self._runs = _runs(self._windows.index_x)
        h, w = len(windows.index_y), len(windows.index_x)
        # Sums of w, w X, w^2 sigma^2, X, sigma^2, of w and w X of the second half; frames with data, frames rejected.
        self._sums = xp.zeros((7, h, w))
        self._counts = xp.zeros((2, h, w), np.int32)

    def add(self, cube: FloatCube, valid: FloatCube, mask: NDArray[np.uint8], weights: NDArray[np.float64],
            noise: NDArray[np.float64], second: NDArray[np.bool_] | None = None, corner: tuple[int, int] = (0, 0)) -> None:
        """Add frames.

        Parameters
        ----------
        cube, valid, mask : (N, h, w), at least the block; ``valid`` 0..1 multiplies the weight, 0 or NaN data do not count;
            mask 1 = rejected. Where none of these frames survives rejection, rejection is undone. Other shapes raise ValueError.
        weights, noise : (N, ty, tx) weight and noise sigma/a of each tile; a weight that is not a positive number counts as 0.
        second : (N,) frames of the second half, whose mean is compared with that of the others; None: there are no halves.
        corner : row and column of ``cube`` at which the block begins.
        """
        n = len(cube)
        if (valid.shape != cube.shape or mask.shape != cube.shape or np.shape(weights)[:1] != (n,)
                or np.shape(weights) != np.shape(noise) or (second is not None and np.shape(second) != (n,))):
            raise ValueError(f"cube {cube.shape}, valid {valid.shape} and mask {mask.shape} are not (N, h, w), or weights "
                             f"{np.shape(weights)} and noise {np.shape(noise)} are not (N, ty, tx)")
        (top, left), (height, width) = corner, self._counts.shape[1:]
        if not (0 <= top <= cube.shape[1] - height and 0 <= left <= cube.shape[2] - width):
            raise ValueError(f"cube {cube.shape} does not hold the block ({height}, {width}) at {corner}")
        half = np.zeros(n, np.uint8) if second is None else np.asarray(second, np.uint8)
        w = np.asarray(weights, np.float64)
        sigma = np.asarray(noise, np.float64)
        w = np.ascontiguousarray(np.where(np.isfinite(w) & (w > 0), w, 0))
        variance = np.ascontiguousarray(np.where(np.isfinite(sigma), sigma, 0) ** 2)
        if self._xp is not np:
            part = np.s_[:, top: top + height, left: left + width]
            group = FrameGroup(cube[part], valid[part], mask[part], w, variance, half)
            add_to_mean(self._xp, group, self._windows, self._sums, self._counts)
            return
        group = FrameGroup(np.ascontiguousarray(cube, np.float32), np.ascontiguousarray(valid, np.float32),
                           np.ascontiguousarray(mask, np.uint8), w, variance, half)
        by_rows(_accumulate, height, group, (top, left), self._windows, self._runs, self._sums, self._counts)

    def result(self) -> Combined:
        """The stack so far. Variance is sum w^2 m sigma^2 / (sum w m)^2; where all weights vanish the plain mean is taken."""
        sums, counts = to_numpy(self._sums), to_numpy(self._counts)
        found = Combined(*(np.empty(counts.shape[1:], np.float32) for _ in fields(Combined)))

        def average(start: int, stop: int) -> None:
            for first in range(start, stop, ROWS_AT_ONCE):
                rows = slice(first, min(first + ROWS_AT_ONCE, stop))
                for name, values in _averages(sums[:, rows], counts[:, rows]).items():
                    getattr(found, name)[rows] = values

        by_rows(average, counts.shape[1])
        return found


def combine(cube: FloatCube, valid: FloatCube, mask: NDArray[np.uint8], weights: NDArray[np.float64],
            noise: NDArray[np.float64], windows: AxisWindows) -> Combined:
    """:class:`TileMean` of one group of frames."""
    mean = TileMean(windows)
    mean.add(cube, valid, mask, weights, noise)
    return mean.result()


def _averages(sums: NDArray[np.float64], counts: NDArray[np.int32]) -> dict[str, NDArray[np.generic]]:
    """The fields of :class:`Combined` from the sums (7, h, w) and counts (2, h, w) of :class:`TileMean`."""
    total, weighted, squared, plain, plain_variance, half, half_weighted = sums
    seen, lost = counts
    left = np.maximum(seen - lost, 1)
    uniform = plain / left
    known = total > LEAST_WEIGHT
    safe = np.where(known, total, 1)
    return {"mean": np.where(known, weighted / safe, uniform),
            "variance": np.where(known, squared / safe**2, plain_variance / left**2), "weight": np.where(known, total, 0),
            "count": seen, "rejected": lost, "uniform": uniform,
            "noise": _noise(total - half, weighted - half_weighted, half, half_weighted)}


def _noise(one: NDArray[np.float64], one_weighted: NDArray[np.float64], other: NDArray[np.float64],
           other_weighted: NDArray[np.float64]) -> NDArray[np.float64]:
    """sqrt(s (1 - s)) times the difference of two weighted means, s being the share of one in the sum of the weights.

    With weights in proportion to the inverse variances the halves have the variances V / s and V / (1 - s), where V is that of
    the mean of all; so this image has the variance V, and no light that both halves share.
    """
    total = one + other
    # A half that was computed as a difference of sums has rounding errors.
    known = np.minimum(one, other) > LEAST_HALF * np.maximum(total, LEAST_WEIGHT)
    a, b = np.where(known, one, 1), np.where(known, other, 1)
    difference = np.sqrt(a * b) / (a + b) * (one_weighted / a - other_weighted / b)
    return np.where(known, difference, np.where(total > LEAST_WEIGHT, np.nan, 0))


def _runs(index: NDArray[np.int32]) -> NDArray[np.int64]:
    """Where the tiles that count change: the starts of runs of columns, and the end."""
    changes = np.flatnonzero((index[1:] != index[:-1]).any(axis=1)) + 1
    return np.concatenate([[0], changes, [len(index)]]).astype(np.int64)


@njit(cache=True, nogil=True)
def _accumulate(first_row: int, stop: int, group: FrameGroup, corner: tuple[int, int], windows: WindowArrays,
                runs: NDArray[np.int64], sums: NDArray[np.float64], counts: NDArray[np.int32]) -> None:
    for y in range(first_row, stop):
        _accumulate_row(y, group, corner, windows, runs, sums, counts)


@njit(cache=True, nogil=True)
def _accumulate_row(y: int, group: FrameGroup, corner: tuple[int, int], windows: WindowArrays, runs: NDArray[np.int64],
                    sums: NDArray[np.float64], counts: NDArray[np.int32]) -> None:
    cube, valid, mask, weights, variance, half = group
    index_y, weight_y, index_x, weight_x = windows
    n, w = len(cube), counts.shape[2]
    row, left = y + corner[0], corner[1]
    ky, kx = index_y.shape[1], index_x.shape[1]
    tx = weights.shape[2]
    # Weight and variance of this row for every frame and tile column.
    row_weight, row_variance = np.zeros((n, tx)), np.zeros((n, tx))
    for f in range(n):
        for k in range(ky):
            share = weight_y[y, k]
            if share == 0:
                continue
            for t in range(tx):
                row_weight[f, t] += share * weights[f, index_y[y, k], t]
                row_variance[f, t] += share * variance[f, index_y[y, k], t]
    weight, spread, own, own_spread, value = (np.empty(PIECE), np.empty(PIECE), np.empty(PIECE), np.empty(PIECE),
                                              np.empty(PIECE))
    seen, lost, undone, keep = (np.empty(PIECE, np.int32), np.empty(PIECE, np.int32), np.empty(PIECE, np.uint8),
                                np.empty(PIECE, np.uint8))
    first = 0
    for x0 in range(0, w, PIECE):
        x1 = min(x0 + PIECE, w)
        m = x1 - x0
        a0, a1 = x0 + left, x1 + left
        while runs[first + 1] <= x0:
            first += 1
        seen[:] = 0
        lost[:] = 0
        for f in range(n):
            values, good, out = cube[f, row, a0:a1], valid[f, row, a0:a1], mask[f, row, a0:a1]
            for x in range(m):
                data = np.int32((good[x] > 0) & (abs(values[x]) < INFINITE))
                seen[x] += data
                lost[x] += data & np.int32(out[x] != 0)
        for x in range(m):
            undone[x] = np.uint8(lost[x] == seen[x])
            counts[0, y, x0 + x] += seen[x]
            counts[1, y, x0 + x] += 0 if lost[x] == seen[x] else lost[x]
        s_w, s_wx, s_wwv, s_x = sums[0, y, x0:x1], sums[1, y, x0:x1], sums[2, y, x0:x1], sums[3, y, x0:x1]
        s_v, s_h, s_hx = sums[4, y, x0:x1], sums[5, y, x0:x1], sums[6, y, x0:x1]
        for f in range(n):
            values, good, out = cube[f, row, a0:a1], valid[f, row, a0:a1], mask[f, row, a0:a1]
            r = first
            while r < runs.size - 1 and runs[r] < x1:
                start, stop = max(runs[r], x0), min(runs[r + 1], x1)
                part, part_spread = weight[start - x0: stop - x0], spread[start - x0: stop - x0]
                part[:] = 0.0
                part_spread[:] = 0.0
                for k in range(kx):
                    a, b, along = row_weight[f, index_x[start, k]], row_variance[f, index_x[start, k]], weight_x[k, start:stop]
                    for x in range(len(along)):
                        part[x] += along[x] * a
                        part_spread[x] += along[x] * b
                r += 1
            # Loops over few arrays each: the compiler makes vectors of them.
            for x in range(m):
                keep[x] = np.uint8((good[x] > 0) & (abs(values[x]) < INFINITE) & ((out[x] == 0) | (undone[x] == 1)))
            for x in range(m):
                value[x] = np.float64(values[x]) if keep[x] else 0.0
            for x in range(m):
                own[x] = weight[x] * good[x] if keep[x] else 0.0
            for x in range(m):
                own_spread[x] = spread[x] if keep[x] else 0.0
            for x in range(m):
                s_w[x] += own[x]
                s_wx[x] += own[x] * value[x]
            for x in range(m):
                s_wwv[x] += own[x] * own[x] * own_spread[x]
            for x in range(m):
                s_x[x] += value[x]
                s_v[x] += own_spread[x]
            if half[f]:
                for x in range(m):
                    s_h[x] += own[x]
                    s_hx[x] += own[x] * value[x]
