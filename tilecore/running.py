"""A weighted mean and its variance that grow frame by frame, with rejection against what is known already.

Sum, mean and second moment are updated by the rule of West (1979, CACM 22:532), the weighted form of Welford's:

    W' = W + w      d = x - mean      mean' = mean + d w / W'      S' = S + w d (x - mean')

A weight is the inverse variance of a frame, in units of one frame's, so that S / (n - 1) is the variance of a frame of
weight 1 and S / ((n - 1) W) that of the mean. A value is rejected when it deviates from the mean by more than so many
times what it may: its frame's noise or, where values demonstrably scatter more, that scatter; the mean's own error; the
shot noise of the signal; a share of the local contrast (:mod:`tilecore.reject` says why).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from tilecore.reject import local_contrast

__all__ = ["RunningStack", "add"]

FloatImage = NDArray[np.float32]
Mask = NDArray[np.uint8]

# With fewer values at a pixel nothing is rejected there.
FEWEST = 3


@dataclass(frozen=True)
class RunningStack:
    """Channels C of a picture (h, w): ``mean``, ``moment`` (S), ``weight`` (W), float32, and how many values went into each
    pixel (``count``) or were ``rejected`` there, uint32. All (C, h, w); :func:`add` changes them in place."""

    mean: FloatImage
    moment: FloatImage
    weight: FloatImage
    count: NDArray[np.uint32]
    rejected: NDArray[np.uint32]

    @classmethod
    def empty(cls, shape: tuple[int, int, int]) -> RunningStack:
        mean, moment, weight = (np.zeros(shape, np.float32) for _ in range(3))
        return cls(mean, moment, weight, np.zeros(shape, np.uint32), np.zeros(shape, np.uint32))

    def variance(self) -> FloatImage:
        """Variance of the mean (C, h, w); NaN where fewer than two values are known."""
        with np.errstate(divide="ignore", invalid="ignore"):
            found = self.moment / ((self.count.astype(np.float32) - 1) * self.weight)
        return np.where(self.count > 1, found, np.float32(np.nan)).astype(np.float32)


def add(stack: RunningStack, channel: int, pixels: FloatImage, valid: FloatImage, *, weight: float, noise: float,
        rejected: Mask | None = None, low: float = 4.0, high: float = 3.5, contrast: float = 1.0, shot: float = 0.0,
        sky: float = 0.0) -> int:
    """Take a normalised frame into one channel; returns how many of its pixels were rejected.

    Parameters
    ----------
    pixels, valid : (h, w); a pixel with ``valid`` 0 or a value that is not finite is no data, one between counts so much.
    weight, noise : of the frame; the noise in the units of the pixels.
    rejected : (h, w) 1 = rejected, where that is known; the frame is then not compared with the mean.
    low, high, contrast, shot, sky : see :func:`tilecore.reject.reject`. ``high`` of infinity rejects nothing.
    """
    mean = stack.mean[channel]
    if rejected is None:
        known = stack.count[channel] >= FEWEST
        # The mean has noise of its own: the range of nine such values is about 3 sigma, and is no contrast.
        spread = 3 * noise * np.sqrt(weight / np.maximum(stack.weight[channel], weight))
        extra = (np.float32(contrast) * np.maximum(local_contrast(mean, known) - spread, 0)) ** 2
        extra += np.float32(shot) * np.maximum(mean - np.float32(sky), 0)
    else:
        extra = np.zeros((1, 1), np.float32)
    return int(_add(mean, stack.moment[channel], stack.weight[channel], stack.count[channel], stack.rejected[channel],
                    np.ascontiguousarray(pixels, np.float32), np.ascontiguousarray(valid, np.float32), float(weight),
                    float(noise) ** 2, np.ascontiguousarray(extra, np.float32), rejected is None,
                    np.zeros((1, 1), np.uint8) if rejected is None else rejected, float(low), float(high)))


@njit(cache=True, parallel=True)
def _add(mean: FloatImage, moment: FloatImage, weight: FloatImage, count: NDArray[np.uint32], rejected: NDArray[np.uint32],
         pixels: FloatImage, valid: FloatImage, w: float, noise2: float, extra: FloatImage, compare: bool, mask: Mask,
         low: float, high: float) -> int:
    h, columns = mean.shape
    total = np.zeros(h, np.int64)
    for y in prange(h):
        for x in range(columns):
            value, share = float(pixels[y, x]), w * float(valid[y, x])
            if share <= 0 or not np.isfinite(value):
                continue
            n, known = count[y, x], float(weight[y, x])
            deviation = value - float(mean[y, x])
            out = False
            if not compare:
                out = mask[y, x] > 0
            elif n >= FEWEST:
                unit = float(moment[y, x]) / (n - 1)
                variance = max(noise2, unit / w) + unit / known + float(extra[y, x])
                limit = high if deviation > 0 else low
                out = deviation * deviation > limit * limit * variance
            if out:
                rejected[y, x] += np.uint32(1)
                total[y] += 1
                continue
            after = known + share
            step = deviation * share / after
            moment[y, x] = np.float32(float(moment[y, x]) + share * deviation * (deviation - step))
            mean[y, x] = np.float32(float(mean[y, x]) + step)
            weight[y, x] = np.float32(after)
            count[y, x] = n + np.uint32(1)
    return int(total.sum())
