"""The weighted mean with tile weights (METHODS 7), over any number of frames in groups that fit the memory."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.compiled import njit, prange
from tilecore.resample.array_backend import FrameGroup, WindowArrays, add_to_mean, to_numpy
from tilecore.stack.grid import AxisWindows

__all__ = ["Combined", "TileMean", "combine"]

FloatCube = NDArray[np.float32]
FloatImage = NDArray[np.float32]

# A smaller sum of weights counts as none: its square would underflow in float64, itself in float32.
LEAST_WEIGHT = 1e-30


@dataclass(frozen=True)
class Combined:
    """Per pixel (h, w) float32: mean, its variance, sum of weights, frames with data, frames rejected, plain mean.

    All are 0 where no frame has data. The sum of weights is 0 also where the plain mean had to be taken. ``uniform`` is
    the plain mean of the same surviving values.
    """

    mean: FloatImage
    variance: FloatImage
    weight: FloatImage
    count: FloatImage
    rejected: FloatImage
    uniform: FloatImage


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
        # Sums of w, w X, w^2 sigma^2, X, sigma^2; frames with data, frames rejected.
        self._sums = xp.zeros((5, h, w))
        self._counts = xp.zeros((2, h, w), np.int32)

    def add(self, cube: FloatCube, valid: FloatCube, mask: NDArray[np.uint8], weights: NDArray[np.float64],
            noise: NDArray[np.float64]) -> None:
        """Add frames.

        Parameters
        ----------
        cube, valid, mask : (N, h, w); ``valid`` 0..1 multiplies the weight, 0 or NaN data do not count; mask 1 =
            rejected. Where none of these frames survives rejection, rejection is undone.
        weights, noise : (N, ty, tx) weight and noise sigma/a of each tile; a weight that is not a positive number counts as 0.
        """
        w = np.asarray(weights, np.float64)
        sigma = np.asarray(noise, np.float64)
        w = np.ascontiguousarray(np.where(np.isfinite(w) & (w > 0), w, 0))
        variance = np.ascontiguousarray(np.where(np.isfinite(sigma), sigma, 0) ** 2)
        if self._xp is not np:
            add_to_mean(self._xp, FrameGroup(cube, valid, mask, w, variance), self._windows, self._sums, self._counts)
            return
        group = FrameGroup(np.ascontiguousarray(cube, np.float32), np.ascontiguousarray(valid, np.float32),
                           np.ascontiguousarray(mask, np.uint8), w, variance)
        _accumulate(group, self._windows, self._runs, self._sums, self._counts)

    def result(self) -> Combined:
        """The stack so far. Variance is sum w^2 m sigma^2 / (sum w m)^2; where all weights vanish the plain mean is taken."""
        total, weighted, squared, plain, plain_variance = to_numpy(self._sums)
        seen, lost = to_numpy(self._counts)
        left = np.maximum(seen - lost, 1)
        uniform = plain / left
        known = total > LEAST_WEIGHT
        safe = np.where(known, total, 1)
        return Combined(*(a.astype(np.float32) for a in (
            np.where(known, weighted / safe, uniform), np.where(known, squared / safe**2, plain_variance / left**2),
            np.where(known, total, 0), seen, lost, uniform)))


def combine(cube: FloatCube, valid: FloatCube, mask: NDArray[np.uint8], weights: NDArray[np.float64],
            noise: NDArray[np.float64], windows: AxisWindows) -> Combined:
    """:class:`TileMean` of one group of frames."""
    mean = TileMean(windows)
    mean.add(cube, valid, mask, weights, noise)
    return mean.result()


def _runs(index: NDArray[np.int32]) -> NDArray[np.int64]:
    """Where the tiles that count change: the starts of runs of columns, and the end."""
    changes = np.flatnonzero((index[1:] != index[:-1]).any(axis=1)) + 1
    return np.concatenate([[0], changes, [len(index)]]).astype(np.int64)


@njit(cache=True, parallel=True)
def _accumulate(group: FrameGroup, windows: WindowArrays, runs: NDArray[np.int64], sums: NDArray[np.float64],
                counts: NDArray[np.int32]) -> None:
    cube, valid, mask, weights, variance = group
    index_y, weight_y, index_x, weight_x = windows
    n, h, w = cube.shape
    ky, kx = index_y.shape[1], index_x.shape[1]
    tx = weights.shape[2]
    for y in prange(h):
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
        seen, lost = np.zeros(w, np.int32), np.zeros(w, np.int32)
        for f in range(n):
            values, good, out = cube[f, y], valid[f, y], mask[f, y]
            for x in range(w):
                data = 1 if good[x] > 0 and abs(values[x]) < np.inf else 0
                seen[x] += data
                lost[x] += data if out[x] else 0
        undone = np.zeros(w, np.uint8)
        for x in range(w):
            if lost[x] == seen[x]:
                lost[x] = 0
                undone[x] = 1
            counts[0, y, x] += seen[x]
            counts[1, y, x] += lost[x]
        weight, spread = np.empty(w), np.empty(w)
        s_w, s_wx, s_wwv, s_x, s_v = sums[0, y], sums[1, y], sums[2, y], sums[3, y], sums[4, y]
        for f in range(n):
            values, good, out = cube[f, y], valid[f, y], mask[f, y]
            for r in range(runs.size - 1):
                x0, x1 = runs[r], runs[r + 1]
                weight[x0:x1] = 0.0
                spread[x0:x1] = 0.0
                for k in range(kx):
                    a, b = row_weight[f, index_x[x0, k]], row_variance[f, index_x[x0, k]]
                    for x in range(x0, x1):
                        weight[x] += weight_x[k, x] * a
                        spread[x] += weight_x[k, x] * b
            for x in range(w):
                keep = good[x] > 0 and abs(values[x]) < np.inf and (out[x] == 0 or undone[x] == 1)
                value = np.float64(values[x]) if keep else 0.0
                v = spread[x] if keep else 0.0
                wgt = weight[x] * good[x] if keep else 0.0
                s_w[x] += wgt
                s_wx[x] += wgt * value
                s_wwv[x] += wgt * wgt * v
                s_x[x] += value
                s_v[x] += v
