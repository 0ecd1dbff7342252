"""Quality scores and weights of frames and tiles (METHODS 2, 5, 6). N frames, (ty, tx) tiles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "TileWeights", "effective_frames", "global_quality", "global_weight", "information_kept", "local_quality_star",
    "local_quality_structure", "robust_z", "shrink", "tile_weights",
]

FloatArray = NDArray[np.float64]
FWHM_TO_SIGMA = 1 / np.sqrt(8 * np.log(2))
# Range of the shares in adaptive mode, and of scores in exponents.
ADAPTIVE_RANGE = (0.1, 0.7)
CLIP = 3.0


@dataclass(frozen=True)
class TileWeights:
    """``weights`` (N, ty, tx); ``fallback`` (ty, tx) True where all vanished and the plain mean is taken;
    ``exponent`` is what min_information left of the quality weights (1 = all)."""

    weights: FloatArray
    fallback: NDArray[np.bool_]
    exponent: float = 1.0


def robust_z(values: FloatArray) -> FloatArray:
    """(x - median) / max(1.4826 MAD, 1e-6) along the first axis (frames)."""
    center = np.median(values, axis=0)
    spread = 1.4826 * np.median(np.abs(values - center), axis=0)
    return np.asarray((values - center) / np.maximum(spread, 1e-6))


def _relative_z(values: FloatArray) -> FloatArray:
    """Scores of values whose scale is arbitrary: brought to unit median first, so that 1e-6 is a relative floor."""
    scale = np.median(np.abs(values), axis=0)
    return robust_z(values / np.where(scale > 0, scale, 1))


def global_quality(background: FloatArray, noise: FloatArray, energy: FloatArray, alpha: float, beta: float,
                   gamma: float, adaptive: bool = False) -> FloatArray:
    """Q (N,) = alpha(-z(B)) + beta(-z(sigma)) + gamma z(E)."""
    scores = np.stack([-_relative_z(background), -_relative_z(noise), _relative_z(energy)])
    shares = np.array([alpha, beta, gamma])
    if adaptive:
        variance = np.var(np.clip(scores, -CLIP, CLIP), axis=1)
        if variance.sum() > 0:
            shares = np.clip(variance / variance.sum(), *ADAPTIVE_RANGE)
    shares = shares / shares.sum()
    return np.asarray(shares @ scores)


def global_weight(quality: FloatArray, exponent: float = 1.0) -> FloatArray:
    """G = exp(k clip(Q, -3, 3))."""
    return np.exp(exponent * np.clip(quality, -CLIP, CLIP))


def local_quality_star(fwhm: FloatArray, roundness: FloatArray, contrast: FloatArray) -> FloatArray:
    """Q (N, ty, tx) = 0.6(-z(FWHM)) + 0.2 z(roundness) + 0.2 z(contrast), z over the frames."""
    return 0.6 * -_relative_z(fwhm) + 0.2 * _relative_z(roundness) + 0.2 * _relative_z(contrast)


def local_quality_structure(energy: FloatArray, background: FloatArray) -> FloatArray:
    """Q (N, ty, tx) = 0.7 z(E / sigma) - 0.3 z(B)."""
    return 0.7 * _relative_z(energy) - 0.3 * _relative_z(background)


def shrink(values: FloatArray, error: FloatArray) -> FloatArray:
    """Empirical-Bayes shrinkage of tile values (N, ty, tx) towards each frame's mean.

    What varies over the field by no more than its measurement ``error`` (N, ty, tx) carries no information: each value
    keeps the share ``s^2 / (s^2 + error^2)`` of its deviation, s^2 being the variance beyond the errors.
    """
    mean = values.mean(axis=(1, 2), keepdims=True)
    squared = error**2
    excess = ((values - mean) ** 2 - squared).mean(axis=(1, 2), keepdims=True)
    signal = np.maximum(excess, 0)
    return np.asarray(mean + (values - mean) * signal / np.maximum(signal + squared, 1e-30))


def tile_weights(mode: str, *, transparency: FloatArray, noise: FloatArray, area: FloatArray, global_weight: FloatArray,
                 local_quality: FloatArray, min_information: float, valid: NDArray[np.bool_]) -> TileWeights:
    """Weights (N, ty, tx) for normalised frames (X - b) / a.

    Parameters
    ----------
    mode : quality, snr, psf_snr, best or uniform.
    transparency : (N,) a.
    noise : (N, ty, tx) sigma of the frame before it is divided by a.
    area : (N, ty, tx) effective PSF area 1 / sum P^2, px^2.
    global_weight, local_quality : (N,) and (N, ty, tx), for ``quality``.
    min_information : ``quality``: the exponent is lowered until the median tile keeps so much.
    valid : (N, ty, tx) False where a frame has no data.
    """
    squared = transparency[:, None, None] ** 2 / np.maximum(noise, 1e-12) ** 2
    exponent = 1.0
    if mode == "uniform":
        weights = np.ones_like(squared)
    elif mode == "snr":
        weights = squared
    elif mode == "psf_snr":
        weights = squared / area
    elif mode == "best":
        weights = _best(squared, area)
    elif mode == "quality":
        weights, exponent = _quality(squared, area, global_weight, local_quality, min_information)
    else:
        raise ValueError(f"unknown weight mode {mode!r}")
    weights = np.where(valid & np.isfinite(weights), weights, 0)
    top = weights.max(axis=0, keepdims=True)
    fallback = ~(top[0] > 0)
    weights = np.where(fallback, 1.0, weights / np.where(top > 0, top, 1) * _smooth_top(top))
    return TileWeights(weights, fallback, exponent)


def _smooth_top(top: FloatArray) -> FloatArray:
    """Scale of the weights: one number for all tiles, so that their mean over the field is about 1."""
    return top / max(float(np.median(top)), 1e-30)


def _gram(area: FloatArray) -> FloatArray:
    """sum P_i P_j (..., N, N) of unit Gaussians with effective areas ``area`` (N, ...): 2 / (A_i + A_j)."""
    a = np.moveaxis(area, 0, -1)
    return np.asarray(2 / (a[..., :, None] + a[..., None, :]))


def _best(squared: FloatArray, area: FloatArray) -> FloatArray:
    """Leading eigenvector of G_ij / sqrt(D_i D_j), as weights of normalised frames: w_i = v_i sqrt(a^2/sigma^2)."""
    root = np.sqrt(np.moveaxis(squared, 0, -1))
    matrix = _gram(area) * root[..., :, None] * root[..., None, :]
    _, vectors = np.linalg.eigh(matrix)
    return np.moveaxis(np.abs(vectors[..., -1]) * root, -1, 0)


def _quality(squared: FloatArray, area: FloatArray, global_weight: FloatArray, local_quality: FloatArray,
             least: float) -> tuple[FloatArray, float]:
    logarithm = np.log(np.maximum(global_weight, 1e-12))[:, None, None] + np.clip(local_quality, -CLIP, CLIP)

    def kept(exponent: float) -> float:
        return float(np.median(_information(np.exp(exponent * logarithm), squared, area)))

    if kept(1.0) >= least:
        return np.exp(logarithm), 1.0
    low, high = 0.0, 1.0
    if kept(0.0) < least:  # even equal weights keep less: the cap cannot be met
        return np.exp(0.0 * logarithm), 0.0
    for _ in range(30):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if kept(middle) >= least else (low, middle)
    return np.exp(low * logarithm), low


def _information(weights: FloatArray, squared: FloatArray, area: FloatArray) -> FloatArray:
    """Share (ty, tx) of the available SNR^2 of point sources that a weighted mean of Gaussian PSFs keeps.

    eta = [sum_k |P_R|^2 / N_R] / sum_f (a^2/sigma^2) sum P_f^2 with P_R = sum w P / sum w, N_R = sum w^2 sigma^2/a^2 /
    (sum w)^2 (METHODS 13).
    """
    w = np.moveaxis(weights, 0, -1)
    signal = np.einsum("...i,...ij,...j->...", w, _gram(area), w)
    noise = (weights**2 / np.maximum(squared, 1e-30)).sum(axis=0)
    available = (squared / area).sum(axis=0)
    return np.asarray(signal / np.maximum(noise, 1e-30) / np.maximum(available, 1e-30))


def information_kept(weights: FloatArray, transparency: FloatArray, noise: FloatArray, fwhm: FloatArray) -> FloatArray:
    """:func:`_information` from transparency (N,), noise and FWHM (N, ty, tx)."""
    squared = transparency[:, None, None] ** 2 / np.maximum(noise, 1e-12) ** 2
    return _information(weights, squared, 4 * np.pi * (fwhm * FWHM_TO_SIGMA) ** 2)


def effective_frames(weights: FloatArray) -> FloatArray:
    """(sum w)^2 / sum w^2 over the frames, the third axis from the end: (..., N, ty, tx) to (..., ty, tx)."""
    return np.asarray(weights.sum(axis=-3) ** 2 / np.maximum((weights**2).sum(axis=-3), 1e-30))
