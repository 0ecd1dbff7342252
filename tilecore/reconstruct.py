"""The weighted mean with tile weights (METHODS 7), exact over a cube, or streaming in two passes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from tilecore.reject import local_contrast

__all__ = ["Combined", "RunningStack", "combine"]

FloatCube = NDArray[np.float32]
FloatImage = NDArray[np.float32]

# A smaller sum of weights counts as none: its square would be lost in float64, itself in float32.
LEAST_WEIGHT = 1e-30


@dataclass(frozen=True)
class Combined:
    """Per pixel (h, w) float32: mean, its variance, sum of weights, frames with data, frames rejected.

    All are 0 where no frame has data. The sum of weights is 0 also where the plain mean had to be taken.
    """

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
    weights, noise : (N, ty, tx) weight and noise sigma/a of each tile; a weight that is no positive number counts as 0.
    index_y, weight_y, index_x, weight_x : the windows of the block's rows and columns (:mod:`tilecore.grid`).

    Where no frame survives rejection, rejection is undone; where all weights vanish the plain mean is taken.
    Variance is sum w^2 m sigma^2 / (sum w m)^2. Sums are in float64, frame after frame: the result does not depend on the
    number of threads.
    """
    out = [np.zeros(cube.shape[1:], np.float32) for _ in range(5)]
    w = np.asarray(weights, np.float64)
    sigma = np.asarray(noise, np.float64)
    _combine(np.ascontiguousarray(cube, np.float32), np.ascontiguousarray(valid, np.float32),
             np.ascontiguousarray(mask, np.uint8),
             np.ascontiguousarray(np.where(np.isfinite(w) & (w > 0), w, 0)),
             np.ascontiguousarray(np.where(np.isfinite(sigma), sigma, 0) ** 2),
             np.ascontiguousarray(index_y, np.int32), np.ascontiguousarray(weight_y, np.float32),
             np.ascontiguousarray(index_x, np.int32), np.ascontiguousarray(weight_x, np.float32), *out)
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
            seen = lost = 0
            for f in range(n):
                if valid[f, y, x] > 0 and np.isfinite(cube[f, y, x]):
                    seen += 1
                    lost += 1 if mask[f, y, x] else 0
            if seen == 0:
                continue
            if lost == seen:
                lost = 0
            sum_w = sum_wx = sum_wwv = plain = plain_v = 0.0
            for f in range(n):
                value, good = cube[f, y, x], valid[f, y, x]
                if not (good > 0 and np.isfinite(value)) or (lost > 0 and mask[f, y, x]):
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
            if sum_w > LEAST_WEIGHT:
                mean[y, x] = sum_wx / sum_w
                var[y, x] = sum_wwv / (sum_w * sum_w)
                total[y, x] = sum_w
            else:
                left = seen - lost
                mean[y, x] = plain / left
                var[y, x] = plain_v / (left * left)


class RunningStack:
    """Weighted mean and variance of frames that come one by one; the memory is that of the result.

    First pass: :meth:`add` all frames. Second pass: :meth:`clip` each frame against the first pass's mean and spread,
    and add what survives to a new stack. Meant for hundreds of frames: an outlier among few inflates the spread.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self._weight = np.zeros(shape)
        self._mean = np.zeros(shape)
        self._spread = np.zeros(shape)

    def add(self, frame: FloatImage, valid: FloatImage, weight: FloatImage | float = 1.0) -> None:
        """Add a normalised frame (h, w) with its validity 0..1 and weight, (h, w) or a number (West 1979, CACM 22:532)."""
        w = np.asarray(valid, np.float64) * weight
        usable = (w > 0) & np.isfinite(frame) & np.isfinite(w)
        w = np.where(usable, w, 0)
        total = self._weight + w
        delta = np.where(usable, frame, 0) - self._mean
        step = np.divide(delta * w, total, out=np.zeros_like(total), where=usable)
        self._spread += self._weight * delta * step
        self._mean += step
        self._weight = total

    def result(self) -> tuple[FloatImage, FloatImage, FloatImage]:
        """Mean, weighted variance of the values, and sum of weights; 0 without data."""
        spread = np.divide(self._spread, self._weight, out=np.zeros_like(self._spread), where=self._weight > 0)
        return self._mean.astype(np.float32), spread.astype(np.float32), self._weight.astype(np.float32)

    def clip(self, frame: FloatImage, sigma: float, *, low: float, high: float, contrast: float = 1.0) -> NDArray[np.uint8]:
        """(h, w) 1 where the frame lies beyond the thresholds of the mean.

        As in :func:`tilecore.reject.reject`: the scale is the larger of ``sigma``, the frame's noise, and the spread of
        the values, and a share ``contrast`` of the mean's local contrast.
        """
        mean, spread, weight = self.result()
        extra = contrast * local_contrast(mean, weight > 0)
        scale = np.sqrt(np.maximum(spread, sigma**2) + extra**2)
        deviation = frame - mean
        return ((deviation > high * scale) | (deviation < -low * scale)).astype(np.uint8)
