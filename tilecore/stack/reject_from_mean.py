"""Rejection of outliers in a few frames by comparison with the mean of many others that is known already (METHODS 7)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tilecore.stack.reject import RejectionRule, ShotNoise, local_contrast

__all__ = ["KnownMean", "outliers_from_mean"]

FloatCube = NDArray[np.float32]
FloatImage = NDArray[np.float32]

# With fewer frames in the known mean nothing is rejected at a pixel.
FEWEST = 3


@dataclass(frozen=True)
class KnownMean:
    """``mean`` (h, w) of other frames, its ``variance`` and the number of these frames, ``count``."""

    mean: FloatImage
    variance: FloatImage
    count: FloatImage


def outliers_from_mean(cube: FloatCube, valid: FloatCube, sigma: NDArray[np.float32], known: KnownMean,
                       rule: RejectionRule | None = None, shot: ShotNoise | None = None) -> NDArray[np.uint8]:
    """(N, h, w) 1 where a frame deviates from the ``known`` mean by more than ``rule.low`` or ``rule.high`` times what is
    expected: its noise and that of the mean, the shot noise, and a share of the local contrast
    (:func:`tilecore.stack.reject.reject`).

    Parameters
    ----------
    cube, valid : (N, h, w) normalised frames, and their validity; where that is 0 or a value is not finite nothing is rejected.
    sigma : (N,) noise of the frames.
    rule, shot : see :func:`tilecore.stack.reject.reject`; with the method ``none`` nothing is rejected.

    Raises
    ------
    ValueError : the shapes do not fit.
    """
    rule, shot = rule or RejectionRule(), shot or ShotNoise()
    if cube.ndim != 3 or valid.shape != cube.shape or np.shape(sigma) != (len(cube),) or known.mean.shape != cube.shape[1:]:
        raise ValueError(f"cube {cube.shape}, valid {valid.shape}, sigma {np.shape(sigma)} and mean {known.mean.shape} are not "
                         "(N, h, w), (N, h, w), (N,) and (h, w)")
    mask = np.zeros(cube.shape, np.uint8)
    enough = known.count >= FEWEST
    if rule.method == "none" or not enough.any():
        return mask
    # The mean is noisy too: the range of nine such values is about 3 sigma, and is not contrast.
    own = 3 * np.sqrt(np.maximum(known.variance, 0))
    extra = (np.float32(rule.contrast_tolerance) * np.maximum(local_contrast(known.mean, enough) - own, 0)) ** 2
    extra += known.variance
    if shot.variance > 0:
        level = float(np.median(known.mean[enough])) if shot.sky is None else shot.sky
        extra += np.float32(shot.variance) * np.maximum(known.mean - np.float32(level), 0)
    for frame, good, noise, out in zip(cube, valid, sigma, mask, strict=True):
        deviation = frame - known.mean
        limit = np.where(deviation > 0, np.float32(rule.high), np.float32(rule.low))
        out[:] = enough & (good > 0) & np.isfinite(frame) & (deviation**2 > limit**2 * (np.float32(noise) ** 2 + extra))
    return mask
