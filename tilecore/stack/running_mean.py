"""A weighted mean and its variance that grow frame by frame, with rejection against the mean so far.

A frame has a weight w and a noise sigma in every tile, interpolated between tiles by their windows
(:mod:`tilecore.stack.grid`). Mean, sum of weights W, variance sum V and scatter S are updated by

    d = x - mean      W' = W + w      mean' = mean + d w / W'      V' = V + w^2 sigma^2      S' = S + d^2 / (sigma^2 + V / W^2)

V / W^2 is the variance of the mean, equal to that of a mean of all frames at once; S / (n - 1) is the ratio of the scatter of the
values to that expected from their noise, whatever the weights are: with inverse variances as weights S is the weighted second
moment of West (1979, CACM 22:532).

A value is rejected when its deviation from the mean exceeds a multiple of the expected one: the noise of its frame and of the
mean, more where values demonstrably scatter more; the shot noise of the signal; a share of the local contrast (see
:mod:`tilecore.stack.reject`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.compiled import njit, prange
from tilecore.stack.grid import AxisWindows
from tilecore.stack.reject import RejectionRule, ShotNoise, local_contrast

__all__ = ["FEWEST", "RunningStack", "TileValues", "add", "forget", "outliers"]

FloatImage = NDArray[np.float32]
FloatArray = NDArray[np.float64]
Mask = NDArray[np.uint8]

# With fewer values at a pixel nothing is rejected there.
FEWEST = 3


class _TileArrays(NamedTuple):
    """Weights and variances (ty, tx) of the tiles of a frame, and the windows of the tiles."""

    weights: FloatArray
    variances: FloatArray
    index_y: NDArray[np.int32]
    weight_y: FloatImage
    index_x: NDArray[np.int32]
    weight_x: FloatImage


class _Sums(NamedTuple):
    """One channel of a :class:`RunningStack`, each (h, w); ``seen`` are its counts."""

    mean: FloatImage
    weight: FloatImage
    spread: FloatImage
    scatter: FloatImage
    seen: NDArray[np.uint32]


@dataclass(frozen=True)
class TileValues:
    """Tiles of a frame in one channel: ``weight``, and ``noise`` in the unit of its pixels, (ty, tx) each; their ``windows``
    (:func:`tilecore.stack.grid.axis_windows`)."""

    weight: FloatArray
    noise: FloatArray
    windows: AxisWindows

    def arrays(self) -> _TileArrays:
        """Weight and variance of the tiles, and the windows, as the loops take them."""
        w = self.windows
        return _TileArrays(np.ascontiguousarray(self.weight, np.float64), np.ascontiguousarray(self.noise, np.float64) ** 2,
                           w.index_y, w.weight_y, w.index_x, w.weight_x)


@dataclass(frozen=True)
class RunningStack:
    """An image of C channels, each array (C, h, w): ``mean``, ``weight`` (W), ``spread`` (V), ``scatter`` (S), float32, and the
    numbers of values added (``count``) and ``rejected`` at each pixel, uint32. ``clipped`` (C, h, w) is 1 where values near the
    level at which their frame clips were added, which the caller records. :func:`add` and :func:`forget` change them in place."""

    mean: FloatImage
    weight: FloatImage
    spread: FloatImage
    scatter: FloatImage
    count: NDArray[np.uint32]
    rejected: NDArray[np.uint32]
    clipped: Mask

    @classmethod
    def empty(cls, shape: tuple[int, int, int]) -> RunningStack:
        """A stack of ``shape`` (C, h, w) without frames."""
        mean, weight, spread, scatter = (np.zeros(shape, np.float32) for _ in range(4))
        return cls(mean, weight, spread, scatter, np.zeros(shape, np.uint32), np.zeros(shape, np.uint32),
                   np.zeros(shape, np.uint8))

    def channel(self, channel: int) -> _Sums:
        """Views of one channel, as the loops take them."""
        return _Sums(self.mean[channel], self.weight[channel], self.spread[channel], self.scatter[channel], self.count[channel])

    def variance(self) -> FloatImage:
        """Variance of the mean (C, h, w) by the noise of the frames; NaN where there is no data."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.count > 0, self.spread / self.weight**2, np.float32(np.nan)).astype(np.float32)


def outliers(stack: RunningStack, channel: int, pixels: FloatImage, valid: FloatImage, tiles: TileValues,
             rule: RejectionRule | None = None, shot: ShotNoise | None = None) -> Mask:
    """Pixels of a normalised frame that deviate from the stack so far: (h, w), 1 = outlier.

    Parameters
    ----------
    pixels, valid : (h, w); a pixel with ``valid`` 0 or a value that is not finite has no data and is not an outlier.
    rule, shot : see :func:`tilecore.stack.reject.reject`; of the rule ``low``, ``high`` and ``contrast_tolerance`` count.
    """
    rule, shot = rule or RejectionRule(), shot or ShotNoise()
    sums = stack.channel(channel)
    known = sums.seen >= FEWEST
    # The mean is noisy too: the range of nine such values is about 3 sigma, and is not contrast.
    own = 3 * np.sqrt(sums.spread) / np.maximum(sums.weight, np.float32(1e-30))
    extra = (np.float32(rule.contrast_tolerance) * np.maximum(local_contrast(sums.mean, known) - own, 0)) ** 2
    extra += np.float32(shot.variance) * np.maximum(sums.mean - np.float32(shot.sky or 0.0), 0)
    mask = np.zeros(sums.mean.shape, np.uint8)
    _outliers(sums, np.ascontiguousarray(pixels, np.float32), np.ascontiguousarray(valid, np.float32), tiles.arrays(),
              np.ascontiguousarray(extra, np.float32), float(rule.low), float(rule.high), mask)
    return mask


def add(stack: RunningStack, channel: int, pixels: FloatImage, valid: FloatImage, tiles: TileValues,
        rejected: Mask | None = None) -> int:
    """Add a normalised frame to one channel; returns how many of its pixels were rejected.

    Parameters
    ----------
    pixels, valid : (h, w); a pixel with ``valid`` 0 or a value that is not finite has no data; validity multiplies the weight.
    rejected : (h, w) 1 = left out.
    """
    mask = np.zeros((1, 1), np.uint8) if rejected is None else np.ascontiguousarray(rejected, np.uint8)
    return int(_add(stack.channel(channel), stack.rejected[channel], np.ascontiguousarray(pixels, np.float32),
                    np.ascontiguousarray(valid, np.float32), tiles.arrays(), rejected is not None, mask))


def forget(stack: RunningStack, places: NDArray[np.bool_]) -> None:
    """Leave out all values added so far at ``places`` (h, w), which count as rejected."""
    stack.rejected[:, places] += stack.count[:, places]
    for array in (stack.mean, stack.weight, stack.spread, stack.scatter, stack.count, stack.clipped):
        array[:, places] = 0


@njit(cache=True)
def _row(values: FloatArray, y: int, index_y: NDArray[np.int32], weight_y: FloatImage, index_x: NDArray[np.int32],
         weight_x: FloatImage, tiles: FloatArray, out: FloatArray) -> None:
    """Tile values (ty, tx) at the pixels of row y; ``tiles`` (tx,) is scratch."""
    tiles[:] = 0
    for k in range(index_y.shape[1]):
        for t in range(tiles.size):
            tiles[t] += weight_y[y, k] * values[index_y[y, k], t]
    for x in range(out.size):
        total = 0.0
        for k in range(index_x.shape[1]):
            total += weight_x[x, k] * tiles[index_x[x, k]]
        out[x] = total


@njit(cache=True, parallel=True)
def _outliers(sums: _Sums, pixels: FloatImage, valid: FloatImage, of_tiles: _TileArrays, extra: FloatImage, low: float,
              high: float, mask: Mask) -> None:
    """Set the outliers in ``mask`` (h, w); ``extra`` (h, w) is the variance by contrast and shot noise."""
    mean, weight, spread, scatter, count = sums
    shares, variances, index_y, weight_y, index_x, weight_x = of_tiles
    h, columns = mean.shape
    for y in prange(h):
        noise2, tiles = np.empty(columns), np.empty(shares.shape[1])
        _row(variances, y, index_y, weight_y, index_x, weight_x, tiles, noise2)
        for x in range(columns):
            value, n = float(pixels[y, x]), count[y, x]
            if n < FEWEST or valid[y, x] <= 0 or not np.isfinite(value):
                continue
            expected = noise2[x] + float(spread[y, x]) / float(weight[y, x]) ** 2
            variance = max(1.0, float(scatter[y, x]) / (n - 1)) * expected + float(extra[y, x])
            deviation = value - float(mean[y, x])
            limit = high if deviation > 0 else low
            if deviation * deviation > limit * limit * variance:
                mask[y, x] = 1


@njit(cache=True, parallel=True)
def _add(sums: _Sums, rejected: NDArray[np.uint32], pixels: FloatImage, valid: FloatImage, of_tiles: _TileArrays, masked: bool,
         mask: Mask) -> int:
    """Update the sums by a frame without the pixels of ``mask``; returns how many were rejected."""
    mean, weight, spread, scatter, count = sums
    shares, variances, index_y, weight_y, index_x, weight_x = of_tiles
    h, columns = mean.shape
    total = np.zeros(h, np.int64)
    for y in prange(h):
        own, noise2, tiles = np.empty(columns), np.empty(columns), np.empty(shares.shape[1])
        _row(shares, y, index_y, weight_y, index_x, weight_x, tiles, own)
        _row(variances, y, index_y, weight_y, index_x, weight_x, tiles, noise2)
        for x in range(columns):
            value, share = float(pixels[y, x]), own[x] * float(valid[y, x])
            if share <= 0 or not np.isfinite(value):
                continue
            if masked and mask[y, x] > 0:
                rejected[y, x] += np.uint32(1)
                total[y] += 1
                continue
            known, before = float(weight[y, x]), float(mean[y, x])
            after = known + share
            if known > 0:
                expected = noise2[x] + float(spread[y, x]) / (known * known)
                scatter[y, x] = np.float32(float(scatter[y, x]) + (value - before) ** 2 / max(expected, 1e-30))
            mean[y, x] = np.float32(before + (value - before) * share / after)
            spread[y, x] = np.float32(float(spread[y, x]) + share * share * noise2[x])
            weight[y, x] = np.float32(after)
            count[y, x] += np.uint32(1)
    return int(total.sum())
