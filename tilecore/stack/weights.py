"""Quality scores and weights of frames and tiles (METHODS 2, 5, 6). N frames, (ty, tx) tiles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.statistics import MAD_TO_SIGMA, median_of_known
from tilecore.stack.psf_overlap import overlap_products

__all__ = [
    "TileMeasurements", "TileWeights", "credible_noise", "effective_frames", "global_quality", "global_weight",
    "information_kept", "local_quality_star", "local_quality_structure", "robust_z", "shrink", "tile_weights",
]

FloatArray = NDArray[np.floating]
# Sigma of a Gaussian over its FWHM.
FWHM_TO_SIGMA = 1 / np.sqrt(8 * np.log(2))
# Range of the shares of the scores in adaptive mode.
ADAPTIVE_RANGE = (0.1, 0.7)
# Range of scores in exponents and variances.
CLIP = 3.0
# Tiles on which the information is measured: the median of more would hardly differ.
CAP_TILES = 128
# Exponents between 0 and 1 that are tried first.
EXPONENT_STEPS = 16
# Bisections of the interval between two of them.
EXPONENT_BISECTIONS = 20
# Change of the unit eigenvector that ends the power iteration.
EIGEN_TOLERANCE = 1e-10
# Most rounds of the power iteration.
EIGEN_ROUNDS = 500
# Shares of FWHM, roundness and contrast in the local quality of tiles with stars (METHODS 5).
STAR_SHARES = (0.6, 0.2, 0.2)
# Shares of structure and background in the local quality of tiles without stars (METHODS 5).
STRUCTURE_SHARES = (0.7, 0.3)
# Least noise of a tile of a frame, relative to the noise of the frame and to that of the tile in the other frames. A sky of half
# the brightness has this; where less is measured, noise is missing (a roof, empty or repeated values), not better.
CREDIBLE_NOISE = 0.7
# Least spread of values, for z scores.
LEAST_SPREAD = 1e-6


@dataclass(frozen=True)
class TileWeights:
    """``weights`` (N, ty, tx); ``fallback`` (ty, tx) True where all vanish and the plain mean is used;
    ``exponent`` is that of the quality weights, lowered for min_information (1 = unchanged)."""

    weights: FloatArray
    fallback: NDArray[np.bool_]
    exponent: float = 1.0


def robust_z(values: FloatArray) -> FloatArray:
    """(x - median) / max(1.4826 MAD, 1e-6) along the first axis (frames); unknown values (NaN, Inf) score 0."""
    known = np.isfinite(values)
    deviation = np.where(known, values, 0) - median_of_known(values, known)
    spread = MAD_TO_SIGMA * median_of_known(np.abs(deviation), known)
    return np.asarray(np.where(known, deviation, 0) / np.maximum(spread, LEAST_SPREAD))


def _relative_z(values: FloatArray) -> FloatArray:
    """Scores of values of arbitrary scale: divided by their median first, so that 1e-6 is a relative floor."""
    scale = median_of_known(np.abs(values), np.isfinite(values))
    return robust_z(values / np.where(scale > 0, scale, 1))


def global_quality(background: FloatArray, noise: FloatArray, energy: FloatArray, background_weight: float, noise_weight: float,
                   gradient_weight: float, adaptive: bool = False) -> FloatArray:
    """Q (N,) = alpha(-z(B)) + beta(-z(sigma)) + gamma z(E), alpha, beta and gamma being the three weights, scaled to unit sum.

    ``adaptive`` takes shares proportional to the variance of each score (clipped to -3..3, so that a single outlier
    does not determine them), each 0.1 to 0.7.
    """
    scores = np.stack([-_relative_z(background), -_relative_z(noise), _relative_z(energy)])
    shares = np.array([background_weight, noise_weight, gradient_weight])
    if adaptive:
        variance = np.var(np.clip(scores, -CLIP, CLIP), axis=1)
        if variance.sum() > 0:
            shares = np.clip(variance / variance.sum(), *ADAPTIVE_RANGE)
    shares = shares / shares.sum()
    return np.asarray(shares @ scores)


def global_weight(quality: FloatArray, exponent: float = 1.0) -> FloatArray:
    """G = exp(k clip(Q, -3, 3))."""
    weight: FloatArray = np.exp(exponent * np.clip(quality, -CLIP, CLIP))
    return weight


def local_quality_star(fwhm: FloatArray, roundness: FloatArray, contrast: FloatArray) -> FloatArray:
    """Q (N, ty, tx) = 0.6(-z(FWHM)) + 0.2 z(roundness) + 0.2 z(contrast), z over the frames."""
    widths, shapes, contrasts = STAR_SHARES
    quality: FloatArray = widths * -_relative_z(fwhm) + shapes * _relative_z(roundness) + contrasts * _relative_z(contrast)
    return quality


def local_quality_structure(energy: FloatArray, background: FloatArray) -> FloatArray:
    """Q (N, ty, tx) = 0.7 z(E / sigma) - 0.3 z(B)."""
    structure, sky = STRUCTURE_SHARES
    return structure * _relative_z(energy) - sky * _relative_z(background)


def shrink(values: FloatArray, error: FloatArray) -> FloatArray:
    """Empirical-Bayes shrinkage of tile values (N, ty, tx) towards each frame's mean.

    A variation over the field that does not exceed its measurement ``error`` (N, ty, tx) carries no information: each value
    keeps the share ``s^2 / (s^2 + error^2)`` of its deviation, s^2 being the variance beyond the errors. A value or an
    error that is not finite gives the frame's mean.
    """
    squared = np.where(np.isfinite(error), error, 0) ** 2
    known = np.isfinite(error) & np.isfinite(values)
    count = np.maximum(known.sum(axis=(1, 2), keepdims=True), 1)
    mean = np.where(known, values, 0).sum(axis=(1, 2), keepdims=True) / count
    deviation = np.where(known, values - mean, 0)
    excess = ((deviation**2 - squared) * known).sum(axis=(1, 2), keepdims=True) / count
    signal = np.maximum(excess, 0)
    return np.asarray(mean + deviation * signal / np.maximum(signal + squared, 1e-30))


@dataclass(frozen=True)
class TileMeasurements:
    """Measurements of N frames from which their weights are computed.

    Parameters
    ----------
    transparency : (N,) a, or (N, ty, tx) where a place along the first axis is not that of one frame in all tiles.
    noise : (N, ty, tx) sigma of the frame before it is divided by a; NaN where there is none.
    area : (N, ty, tx) effective PSF area 1 / sum P^2, px^2.
    global_weight, local_quality : (N,), or as ``transparency``, and (N, ty, tx), for mode ``quality``.
    valid : (N, ty, tx) False where a frame has no data.
    """

    transparency: FloatArray
    noise: FloatArray
    area: FloatArray
    global_weight: FloatArray
    local_quality: FloatArray
    valid: NDArray[np.bool_]


def tile_weights(mode: str, measured: TileMeasurements, min_information: float) -> TileWeights:
    """Weights (N, ty, tx) for normalised frames (X - b) / a.

    Parameters
    ----------
    mode : quality, snr, psf_snr, best or uniform.
    min_information : ``quality``: the exponent is lowered until the median tile keeps this share of the information, 0..1.

    Scaled by one number, so that the largest weight of the median tile is 1. Raises ValueError for an unknown mode.
    """
    squared = _signal_to_noise(measured.transparency, measured.noise)
    usable = measured.valid & np.isfinite(measured.area) & (measured.area > 0)
    squared, area = np.where(usable, squared, 0), np.where(usable, measured.area, 1)
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
        weights, exponent = _quality(squared, area, measured.global_weight, measured.local_quality, min_information)
    else:
        raise ValueError(f"unknown weight mode {mode!r}")
    weights = np.where(usable & np.isfinite(weights), weights, 0)
    top = weights.max(axis=0)
    fallback = ~(top > 0)
    scale = float(np.median(top[~fallback])) if not fallback.all() else 1.0
    return TileWeights(np.where(fallback, 1.0, weights / scale), fallback, exponent)


def credible_noise(noise: NDArray[np.floating], valid: NDArray[np.bool_],
                   own: NDArray[np.floating] | None = None) -> NDArray[np.floating]:
    """Noise (C, N, ty, tx), in no tile of a frame much below what the other tiles of the frame and the other frames there have.

    A low noise may not raise a weight where it is that of missing light. ``valid`` (N, ty, tx) is False where a frame has no
    data; ``own`` (C, N, ty or 1, tx or 1) is the median of the frame, by default that of each place along the axis of the frames.
    """
    if own is None:
        own = np.stack([_median_of_frames(c, valid) for c in noise])[..., None, None]
    relative = noise / np.where(own > 0, own, 1)
    usual = np.stack([median_of_known(c, valid) for c in relative])[:, None]
    return np.asarray(np.maximum(noise, (CREDIBLE_NOISE * usual * own).astype(noise.dtype)))


def _median_of_frames(noise: NDArray[np.floating], valid: NDArray[np.bool_]) -> NDArray[np.floating]:
    """(N,) median over the tiles of each frame with data."""
    return median_of_known(noise.reshape(len(noise), -1).T, valid.reshape(len(valid), -1).T)


def _signal_to_noise(transparency: FloatArray, noise: FloatArray) -> FloatArray:
    """a^2 / sigma^2 (N, ty, tx), 0 where unknown."""
    squared = _over_tiles(transparency) ** 2 / np.maximum(noise, 1e-12) ** 2
    return np.where(np.isfinite(squared), squared, 0)


def _over_tiles(values: FloatArray) -> FloatArray:
    """Values (N,) of frames as (N, 1, 1); those (N, ty, tx) as they are."""
    return values[:, None, None] if values.ndim == 1 else values


def _by_tile(values: FloatArray) -> NDArray[np.float64]:
    """(N, ty, tx) as (tiles, N)."""
    return np.ascontiguousarray(values.reshape(len(values), -1).T, np.float64)


def _best(squared: FloatArray, area: FloatArray) -> FloatArray:
    """Leading eigenvector v of G_ij / sqrt(D_i D_j), G the overlaps of the PSFs and D = sigma^2/a^2, as weights of normalised
    frames w = v / sqrt(D).

    By power iteration: the matrix is positive, so its leading vector is positive too, and its eigenvalue is far above the next.
    """
    root, areas = np.sqrt(_by_tile(squared)), _by_tile(area)
    vectors = root / np.maximum(np.linalg.norm(root, axis=1, keepdims=True), 1e-300)
    for _ in range(EIGEN_ROUNDS):
        updated = overlap_products(vectors * root, areas) * root
        updated /= np.maximum(np.linalg.norm(updated, axis=1, keepdims=True), 1e-300)
        done = np.max(np.abs(updated - vectors), initial=0.0) < EIGEN_TOLERANCE
        vectors = updated
        if done:
            break
    return np.asarray((vectors * root).T.reshape(squared.shape))


def _quality(squared: FloatArray, area: FloatArray, global_weight: FloatArray, local_quality: FloatArray,
             least: float) -> tuple[FloatArray, float]:
    """(G L)^exponent, the exponent being the largest up to 1 that keeps the share ``least`` in the median tile.

    Where none does, the one that keeps most: that need not be equal weights, for the scores depend on noise and PSF.
    """
    local = np.where(np.isfinite(local_quality), local_quality, 0)
    logarithm = np.log(np.maximum(_over_tiles(global_weight), 1e-12)) + np.clip(local, -CLIP, CLIP)
    tiles = np.flatnonzero((squared > 0).any(axis=0))
    tiles = tiles[:: max(len(tiles) // CAP_TILES, 1)]
    sample = [a.reshape(len(a), -1)[:, tiles, None] for a in (logarithm, squared, area)]

    def kept(exponent: float) -> float:
        weights = np.where(sample[1] > 0, np.exp(exponent * sample[0]), 0)
        return float(np.median(_information(weights, sample[1], sample[2])))

    exponent = _softest(kept, least) if len(tiles) else 1.0
    return np.exp(exponent * logarithm), exponent


def _softest(kept: Callable[[float], float], least: float) -> float:
    """The largest exponent in 0..1 with ``kept(exponent) >= least``, else the one that keeps most."""
    found: list[tuple[float, float]] = []
    exponents: list[float] = np.linspace(1, 0, EXPONENT_STEPS + 1).tolist()
    for exponent in exponents:
        share = kept(exponent)
        if share >= least:
            break
        found.append((share, exponent))
    else:
        return max(found)[1]
    low, high = exponent, found[-1][1] if found else exponent
    for _ in range(EXPONENT_BISECTIONS if high > low else 0):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if kept(middle) >= least else (low, middle)
    return low


def _information(weights: FloatArray, squared: FloatArray, area: FloatArray) -> FloatArray:
    """Share (ty, tx) of the available SNR^2 of point sources that a weighted mean of Gaussian PSFs keeps.

    eta = [sum_k |P_R|^2 / N_R] / sum_f (a^2/sigma^2) sum P_f^2 with P_R = sum w P / sum w, N_R = sum w^2 sigma^2/a^2 /
    (sum w)^2 (METHODS 13).
    """
    w = _by_tile(weights)
    signal = (w * overlap_products(w, _by_tile(area))).sum(axis=1).reshape(weights.shape[1:])
    noise = np.divide(weights**2, squared, out=np.zeros_like(weights), where=squared > 0).sum(axis=0)
    available = (squared / area).sum(axis=0)
    return np.asarray(signal / np.maximum(noise, 1e-30) / np.maximum(available, 1e-30))


def information_kept(weights: FloatArray, transparency: FloatArray, noise: FloatArray, fwhm: FloatArray) -> FloatArray:
    """Share (ty, tx) of the available SNR^2 of point sources that a weighted mean of Gaussian PSFs keeps (METHODS 13).

    From weights, noise, FWHM in px (N, ty, tx) and transparency, (N,) or (N, ty, tx). Frames without FWHM, and those with
    infinite noise because they do not cover the tile, do not count.
    """
    squared, area = _signal_to_noise(transparency, noise), 4 * np.pi * (fwhm * FWHM_TO_SIGMA) ** 2
    usable = np.isfinite(area) & (area > 0) & (squared > 0)
    return _information(np.where(usable, weights, 0), np.where(usable, squared, 0), np.where(usable, area, 1))


def effective_frames(weights: FloatArray) -> FloatArray:
    """(sum w)^2 / sum w^2 over the frames, the third axis from the end: (..., N, ty, tx) to (..., ty, tx)."""
    return np.asarray(weights.sum(axis=-3) ** 2 / np.maximum((weights**2).sum(axis=-3), 1e-30))
