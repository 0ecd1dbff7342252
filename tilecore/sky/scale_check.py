"""Error of the scale of groups of frames, measured on stars that were not used to determine it (METHODS 1).

The scale comes from fits that assume a width of the stars, or from apertures that are corrected for it. The check uses
apertures so wide that the width does not matter, and only stars that the scale was determined without.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tilecore.numerics.robust_surface import robust_weights
from tilecore.numerics.statistics import mad_sigma

__all__ = ["FOLDS", "WIDE_FWHM", "HeldOut", "WideFluxes", "held_out", "with_check"]

FloatArray = NDArray[np.float64]

# Radius of the aperture in units of the FWHM of the widest frames: a width that is 15 % wrong changes its flux by 0.5 %.
WIDE_FWHM = 2.5
# Parts of the stars that are left out in turn.
FOLDS = 3
# Signal-to-noise of the mean flux of a star in a group.
LEAST_SNR = 10.0
# Relative error of a flux without noise: pixel phase on a plane of a mosaic, flat field, neighbours in the aperture.
FLUX_ERROR = 0.03
# Stars needed in two groups for a result.
LEAST_STARS = 5
# Deviation (standard errors) from which the residual counts as an error of the scale.
CLEAR_SIGMA = 4.0


@dataclass(frozen=True)
class WideFluxes:
    """``flux`` (N, S) of S stars in N frames, NaN where not measured, and the ``noise`` (N,) of one flux."""

    flux: FloatArray
    noise: FloatArray


@dataclass(frozen=True)
class HeldOut:
    """For K groups of frames: ``residual`` (K,), the logarithm of the brightness of stars in a group relative to the others after
    scaling, its standard ``error`` (K,), and the number of ``stars`` (K,). NaN with fewer than 5 stars."""

    residual: FloatArray
    error: FloatArray
    stars: NDArray[np.int64]


def held_out(wide: WideFluxes, group: NDArray[np.int64], scale_without: Callable[[NDArray[np.bool_]], FloatArray]) -> HeldOut:
    """Compare groups of frames, ``group`` (N,), by stars that the scale was determined without.

    ``scale_without`` returns the scale (N,) of the frames from the stars that are False in its argument (S,).
    """
    stars, groups = wide.flux.shape[1], int(group.max()) + 1
    means, weights = np.full((groups, stars), np.nan), np.zeros((groups, stars))
    for fold in range(FOLDS):
        out = np.arange(stars) % FOLDS == fold
        scale = scale_without(out)
        for k in range(groups):
            members = np.flatnonzero((group == k) & (scale > 0))
            means[k, out], weights[k, out] = _mean(wide.flux[members][:, out], wide.noise[members], scale[members])
    found = [_against_others(means, weights, k) for k in range(groups)]
    residual, error, count = (np.array([f[j] for f in found]) for j in range(3))
    return HeldOut(residual, error, count.astype(np.int64))


def _mean(flux: FloatArray, noise: FloatArray, scale: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Weighted means (S,) of the scaled fluxes of frames, and their weights; NaN and 0 where they are not clear of the noise."""
    known = np.isfinite(flux)
    precision = np.where(known, (scale / np.maximum(noise, 1e-30))[:, None] ** 2, 0.0)
    total = precision.sum(axis=0)
    mean = np.where(known, flux / scale[:, None], 0.0)
    mean = (precision * mean).sum(axis=0) / np.maximum(total, 1e-300)
    clear = (total > 0) & (mean > LEAST_SNR / np.sqrt(np.maximum(total, 1e-300)))
    return np.where(clear, mean, np.nan), np.where(clear, total, 0.0)


def _against_others(means: FloatArray, weights: FloatArray, k: int) -> tuple[float, float, int]:
    """Mean difference of the logarithms of the fluxes in group ``k`` and the others, its error, and the number of stars."""
    others = np.delete(weights, k, axis=0)
    total = others.sum(axis=0)
    both = (weights[k] > 0) & (total > 0)
    count = int(both.sum())
    if count < LEAST_STARS:
        return np.nan, np.nan, count
    rest = np.nansum(np.delete(np.nan_to_num(means), k, axis=0) * others, axis=0)[both] / total[both]
    own = means[k, both]
    difference = np.log(own / rest)
    prior = 1 / (FLUX_ERROR**2 + 1 / (weights[k, both] * own**2) + 1 / (total[both] * rest**2))
    weight, centre = prior, 0.0
    for _ in range(10):
        centre = float(np.average(difference, weights=weight))
        scaled = (difference - centre) * np.sqrt(prior)
        weight = prior * np.maximum(robust_weights(scaled / max(mad_sigma(scaled, 0.0), 1.0), "tukey"), 1e-6)
    spread = max(float(np.average((difference - centre) ** 2 * prior, weights=weight)), 1.0)
    # Few stars determine their own spread badly.
    return centre, float(np.sqrt(spread / weight.sum() * (count - 1) / (count - 3))), count


def with_check(error: FloatArray, check: HeldOut) -> FloatArray:
    """Errors (K,) of the scale by its own account, raised to the residuals (K,) where these clearly differ from 0."""
    clear = np.abs(np.nan_to_num(check.residual)) > CLEAR_SIGMA * np.nan_to_num(check.error, nan=np.inf)
    return np.where(clear, np.fmax(error, np.abs(check.residual)), error)
