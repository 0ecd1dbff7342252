"""The weighted mean with tile weights (METHODS 7), exact over a cube, or streaming in two passes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

__all__ = ["Combined", "RunningStack", "combine"]

FloatCube = NDArray[np.float32]
FloatImage = NDArray[np.float32]


@dataclass(frozen=True)
class Combined:
    """Per pixel (h, w) float32: mean, its variance, sum of weights, frames with data, frames rejected."""

    mean: FloatImage
    variance: FloatImage
    weight: FloatImage
    count: FloatImage
    rejected: FloatImage


def combine(cube: FloatCube, valid: FloatCube, mask: NDArray[np.uint8], weights: NDArray[np.float64],
            noise: NDArray[np.float64], index_y: NDArray[np.int32], weight_y: FloatImage, index_x: NDArray[np.int32],
            weight_x: FloatImage) -> Combined:
    """R = sum w m X / sum w m of normalised frames.

    Parameters
    ----------
    cube, valid, mask : (N, h, w); ``valid`` 0..1 multiplies the weight, 0 or NaN data do not count; mask 1 = rejected.
    weights, noise : (N, ty, tx) weight and noise sigma/a of each tile.
    index_y, weight_y, index_x, weight_x : the windows of the block's rows and columns (:mod:`tilecore.grid`).

    Pixels where all surviving weights vanish take the plain mean of what is valid, then 0 with weight 0.
    Variance is sum w^2 m sigma^2 / (sum w m)^2.
    """
    shape = cube.shape[1:]
    out = [np.zeros(shape, np.float32) for _ in range(5)]
    _combine(cube, valid, mask, np.ascontiguousarray(weights, np.float64),
             np.ascontiguousarray(noise.astype(np.float64) ** 2), index_y, weight_y, index_x, weight_x, *out)
    return Combined(*out)


@njit(cache=True, parallel=True)
def _combine(cube: FloatCube, valid: FloatCube, mask: NDArray[np.uint8], weights: NDArray[np.float64],
             variance: NDArray[np.float64], index_y: NDArray[np.int32], weight_y: FloatImage,
             index_x: NDArray[np.int32], weight_x: FloatImage, mean: FloatImage, var: FloatImage, total: FloatImage,
             count: FloatImage, rejected: FloatImage) -> None:
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
        for x in range(w):
            sum_w = sum_wx = sum_wwv = 0.0
            plain, plain_v = 0.0, 0.0
            seen = lost = 0
            for f in range(n):
                value, good = cube[f, y, x], valid[f, y, x]
                if not good > 0 or not np.isfinite(value):
                    continue
                seen += 1
                if mask[f, y, x]:
                    lost += 1
                    continue
                weight = v = 0.0
                for k in range(kx):
                    weight += weight_x[x, k] * row_weight[f, index_x[x, k]]
                    v += weight_x[x, k] * row_variance[f, index_x[x, k]]
                weight *= good
                sum_w += weight
                sum_wx += weight * value
                sum_wwv += weight * weight * v
                plain += value
                plain_v += v
            count[y, x] = seen
            rejected[y, x] = lost
            left = seen - lost
            if sum_w > 0:
                mean[y, x] = sum_wx / sum_w
                var[y, x] = sum_wwv / (sum_w * sum_w)
                total[y, x] = sum_w
            elif left > 0:
                mean[y, x] = plain / left
                var[y, x] = plain_v / (left * left)


class RunningStack:
    """Weighted mean and variance of frames that come one by one; the memory is that of the result.

    First pass: :meth:`add` all frames. Second pass: :meth:`clip` each frame against the first pass's mean and spread,
    and add what survives to a new stack.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self._weight = np.zeros(shape)
        self._mean = np.zeros(shape)
        self._spread = np.zeros(shape)

    def add(self, frame: FloatImage, weight: FloatImage) -> None:
        """Add a normalised frame (h, w) with its weight (h, w), 0 where it has no data (West 1979, CACM 22:532)."""
        usable = (weight > 0) & np.isfinite(frame)
        w = np.where(usable, weight, 0).astype(np.float64)
        total = self._weight + w
        delta = np.where(usable, frame, 0) - self._mean
        step = np.where(total > 0, delta * w / np.maximum(total, 1e-300), 0)
        step[~usable] = 0
        self._spread += self._weight * delta * step * usable
        self._mean += step
        self._weight = total

    def result(self) -> tuple[FloatImage, FloatImage, FloatImage]:
        """Mean, weighted variance of the values, and sum of weights."""
        spread = np.where(self._weight > 0, self._spread / np.maximum(self._weight, 1e-300), 0)
        return self._mean.astype(np.float32), spread.astype(np.float32), self._weight.astype(np.float32)

    def clip(self, frame: FloatImage, sigma: float, low: float, high: float) -> NDArray[np.bool_]:
        """(h, w) True where the frame lies beyond the thresholds of the mean; the scale is the larger of ``sigma``, the
        frame's noise, and the spread of the values."""
        mean, spread, _ = self.result()
        scale = np.sqrt(np.maximum(spread, sigma**2))
        deviation = frame - mean
        return np.asarray((deviation > high * scale) | (deviation < -low * scale))
